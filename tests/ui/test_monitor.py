"""The monitor: commands in, news out, thirty times a second, and never from a run that was superseded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.experiment import Experiment, ExperimentError, TrainingSettings
from playground.trace.snapshot import (
    RequestFailure,
    RunState,
    TraceAnswer,
    TrainingSnapshot,
)
from playground.ui.monitor import POLL_INTERVAL_MS, RunMonitor
from playground.ui.run_words import ONE_AT_A_TIME
from playground.ui.state import UiState
from tests.ui.fake_runner import FakeRunner
from tests.ui.shell import canned_traces

pytestmark = pytest.mark.usefixtures("qapp")

Answers = list[TraceAnswer | RequestFailure]


def with_seed(seed: int) -> Experiment:
    return dataclasses.replace(Experiment(), training=TrainingSettings(seed=seed))


def test_before_the_engine(state: UiState) -> None:
    monitor = RunMonitor(None, state)
    assert monitor.loading
    assert monitor.task.title == "Nature show"
    monitor.poll_once()
    for command in (monitor.pause, monitor.one_update, monitor.rewind, monitor.restore):
        command()
    assert monitor.stop()
    with pytest.raises(ValueError, match="needs one to begin"):
        monitor.begin()


def test_begins_with_speed_and_experiment(runner: FakeRunner, state: UiState) -> None:
    monitor = RunMonitor(runner, state, with_seed(7), speed=5.0)
    monitor.begin()
    monitor.begin()
    assert runner.calls == [("set_speed", 5.0), ("load", with_seed(7))]


def test_train_while_loading_is_remembered(runner: FakeRunner, state: UiState, qtbot: QtBot) -> None:
    monitor = RunMonitor(runner, state)
    with qtbot.waitSignal(monitor.state_changed):
        monitor.toggle()
    assert monitor.training
    assert "start" not in runner.calls
    monitor.begin()
    assert runner.calls[-1] == "start"
    monitor.poll_once()
    assert monitor.run_state is RunState.TRAINING
    monitor.toggle()
    monitor.poll_once()
    assert monitor.run_state is RunState.PAUSED
    assert not monitor.training


def test_pause_while_loading_forgets_train(runner: FakeRunner, state: UiState) -> None:
    monitor = RunMonitor(runner, state)
    monitor.toggle()
    monitor.toggle()
    monitor.begin()
    assert "start" not in runner.calls
    assert not monitor.training


def test_every_snapshot_is_told_once(monitor: RunMonitor, runner: FakeRunner, qtbot: QtBot) -> None:
    told: list[int] = []
    monitor.snapshot_changed.connect(lambda: told.append(monitor.snapshot.update))
    monitor.start()
    for _ in range(3):
        monitor.poll_once()
    monitor.pause()
    for _ in range(3):
        monitor.poll_once()
    assert told == [1, 2, 3, 3]
    assert monitor.record.curve("lstm").updates.tolist() == [1, 2, 3]


def test_moment_follows_the_newest_snapshot(monitor: RunMonitor, state: UiState) -> None:
    assert (state.moment.update, state.moment.live) == (0, True)
    monitor.one_update()
    monitor.poll_once()
    assert (state.moment.update, state.moment.live) == (1, True)
    assert state.trace is not None
    assert state.trace.update == 1


def test_one_at_a_time(monitor: RunMonitor, runner: FakeRunner) -> None:
    monitor.set_speed(ONE_AT_A_TIME)
    assert runner.speed is None, "the runner knows no such speed"
    for _ in range(3):
        monitor.toggle()
        monitor.poll_once()
    assert monitor.snapshot.update == 3
    assert "start" not in runner.calls


def test_speed_is_told_and_passed_on(monitor: RunMonitor, runner: FakeRunner, qtbot: QtBot) -> None:
    with qtbot.waitSignal(monitor.state_changed):
        monitor.set_speed(50.0)
    assert (monitor.speed, runner.speed) == (50.0, 50.0)
    with qtbot.assertNotEmitted(monitor.state_changed):
        monitor.set_speed(50.0)


def test_choosing_one_at_a_time_pauses(monitor: RunMonitor) -> None:
    monitor.start()
    monitor.poll_once()
    monitor.set_speed(ONE_AT_A_TIME)
    monitor.poll_once()
    assert not monitor.training


# -- runs that were superseded


def test_snapshot_of_an_older_run_is_dropped(monitor: RunMonitor, runner: FakeRunner, state: UiState) -> None:
    monitor.start()
    for _ in range(5):
        monitor.poll_once()
    runner._update += 1
    old = runner.snapshot()
    monitor.apply(with_seed(2))
    runner.mailbox = old
    monitor.poll_once()
    assert monitor.record.last_update == 0
    monitor.poll_once()
    assert (monitor.snapshot.run_id, monitor.snapshot.update) == (2, 0)
    assert (state.moment.run_id, state.moment.update) == (2, 0)


def test_snapshot_from_before_a_rewind_is_dropped(monitor: RunMonitor, runner: FakeRunner) -> None:
    monitor.start()
    for _ in range(5):
        monitor.poll_once()
    runner._update += 3
    old = runner.snapshot()
    monitor.rewind()
    assert monitor.record.last_update == 0
    runner.mailbox = old
    monitor.poll_once()
    assert monitor.record.last_update == 0
    monitor.poll_once()
    assert monitor.snapshot.update == 0
    monitor.start()
    monitor.poll_once()
    assert monitor.record.curve("rnn").updates.tolist() == [1]


def test_rewind_and_apply_tell_that_the_run_changed(monitor: RunMonitor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(monitor.run_changed):
        monitor.rewind()
    with qtbot.waitSignals([monitor.run_changed, monitor.experiment_changed]):
        monitor.apply(with_seed(3))
    assert monitor.experiment.training.seed == 3


def test_an_impossible_experiment_is_refused(monitor: RunMonitor, runner: FakeRunner) -> None:
    calls = list(runner.calls)
    with pytest.raises(ExperimentError, match="Batch"):
        monitor.apply(dataclasses.replace(Experiment(), training=TrainingSettings(batch_size=0)))
    assert runner.calls == calls
    assert monitor.experiment == Experiment()


def test_a_run_that_went_back_by_itself_is_told(
    monitor: RunMonitor, runner: FakeRunner, qtbot: QtBot
) -> None:
    monitor.start()
    for _ in range(9):
        monitor.poll_once()
    runner.mailbox = TrainingSnapshot(1, 4, RunState.PAUSED, canned_traces(1, 4), {}, np.array([0]), 0.0, 128)
    with qtbot.waitSignal(monitor.run_changed):
        monitor.poll_once()
    assert monitor.record.last_update == 4


# -- failure


@pytest.mark.expects_log("Training stopped")
def test_failure_is_told_and_restored(monitor: RunMonitor, runner: FakeRunner, qtbot: QtBot) -> None:
    runner.fail()
    with qtbot.waitSignal(monitor.state_changed):
        monitor.poll_once()
    assert monitor.failure is not None
    assert monitor.run_state is RunState.FAILED
    with qtbot.waitSignal(monitor.state_changed):
        monitor.restore()
        monitor.poll_once()
    assert monitor.failure is None
    assert monitor.run_state is RunState.PAUSED


# -- the timer


def test_polls_thirty_times_a_second_at_most(monitor: RunMonitor, qtbot: QtBot) -> None:
    assert pytest.approx(30, abs=0.5) == 1000 / POLL_INTERVAL_MS
    monitor.start()
    monitor.start_polling()
    qtbot.waitUntil(lambda: monitor.snapshot.update >= 3)
    assert monitor.polling
    monitor.stop_polling()
    assert not monitor.polling


def test_stop_ends_everything(monitor: RunMonitor, runner: FakeRunner) -> None:
    monitor.start_polling()
    assert monitor.stop()
    assert monitor.stop()
    assert runner.stopped
