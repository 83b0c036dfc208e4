"""The monitor: commands in, news out, thirty times a second, and never from a run that was superseded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from playground.contract.runner import TraceRequest
from playground.experiment import Experiment, ExperimentError, TrainingSettings
from playground.trace.snapshot import (
    ReplayProgress,
    RequestFailure,
    RunState,
    TraceAnswer,
    TrainingSnapshot,
)
from playground.ui.monitor import POLL_INTERVAL_MS, RunMonitor
from playground.ui.run_words import ONE_AT_A_TIME
from playground.ui.state import UiState
from playground.ui.turns import NEWS_IN_EVERY_FRAME, TURNS
from tests.ui.fake_runner import FakeRunner
from tests.ui.shell import canned_traces

pytestmark = pytest.mark.usefixtures("qapp")

Answers = list[TraceAnswer | RequestFailure]


@pytest.fixture
def state() -> UiState:
    return UiState()


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(canned_traces)


@pytest.fixture
def monitor(runner: FakeRunner, state: UiState) -> RunMonitor:
    monitor = RunMonitor(runner, state)
    monitor.begin()
    monitor.poll_once()
    return monitor


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


def test_a_question_before_the_engine_is_answered_with_a_failure(runner: FakeRunner, state: UiState) -> None:
    monitor = RunMonitor(None, state)
    got: Answers = []
    monitor.request(TraceRequest(), got.append)
    given_up = monitor.request(TraceRequest(), got.append)
    monitor.cancel(given_up)
    assert got == []
    monitor.poll_once()
    assert [type(answer) for answer in got] == [RequestFailure]
    monitor.begin(runner)
    monitor.poll_once()
    assert len(got) == 1


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


def test_callback_of_a_superseded_run_never_comes(monitor: RunMonitor, runner: FakeRunner) -> None:
    runner.answer_at_once = False
    got: Answers = []
    old = monitor.request(TraceRequest(), got.append)
    runner.answer(old)  # lies in the answers already, under the old run's id
    monitor.apply(with_seed(9))
    for _ in range(3):
        monitor.poll_once()
    assert got == []
    assert ("cancel", old) in runner.calls
    new = monitor.request(TraceRequest(), got.append)
    runner.answer(new)
    monitor.poll_once()
    assert [answer.run_id for answer in got] == [2]


@pytest.mark.parametrize("go_back", ["rewind", "restore"])
def test_callback_never_comes_after_going_back(go_back: str, monitor: RunMonitor, runner: FakeRunner) -> None:
    runner.answer_at_once = False
    got: Answers = []
    asked = monitor.request(TraceRequest(), got.append)
    getattr(monitor, go_back)()
    runner.answer(asked)
    monitor.poll_once()
    assert got == []
    assert monitor.waiting == 0


def test_cancelled_callback_never_comes(monitor: RunMonitor, runner: FakeRunner) -> None:
    got: Answers = []
    asked = monitor.request(TraceRequest(), got.append)
    monitor.cancel(asked)
    monitor.poll_once()
    assert got == []


def test_callback_may_ask_again(monitor: RunMonitor) -> None:
    got: Answers = []

    def ask_once_more(answer: TraceAnswer | RequestFailure) -> None:
        got.append(answer)
        if len(got) == 1:
            monitor.request(TraceRequest(), ask_once_more)

    monitor.request(TraceRequest(), ask_once_more)
    monitor.poll_once()
    monitor.poll_once()
    assert len(got) == 2


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


# -- training time


def test_travel_keeps_the_past_until_back_to_now(monitor: RunMonitor, state: UiState) -> None:
    monitor.start()
    for _ in range(30):
        monitor.poll_once()
    monitor.go_to(20)
    assert monitor.travelling
    assert monitor.travel_target == 20
    monitor.poll_once()
    assert not monitor.travelling
    assert (state.moment.update, state.moment.live) == (20, False)
    monitor.poll_once()
    assert (state.moment.update, state.moment.live) == (20, False), "the past stays while the run goes on"
    monitor.back_to_now()
    assert (state.moment.update, state.moment.live) == (monitor.snapshot.update, True)
    monitor.poll_once()
    assert state.moment.update == monitor.snapshot.update


def test_dragging_asks_one_at_a_time_and_ends_at_the_last_wish(
    monitor: RunMonitor, runner: FakeRunner, state: UiState
) -> None:
    runner.answer_at_once = False
    for update in (5, 9, 7, 3):
        monitor.go_to(update)
    assert [request.update for request in runner.requests.values()] == [5]  # type: ignore[union-attr]
    assert monitor.travel_target == 3
    runner.answer(1)
    monitor.poll_once()
    assert state.moment.update == 5
    assert [request.update for request in runner.requests.values()] == [5, 3]  # type: ignore[union-attr]
    runner.answer(2)
    monitor.poll_once()
    assert state.moment.update == 3
    assert not monitor.travelling


def test_a_replay_shows_progress_and_can_be_given_up(
    monitor: RunMonitor, runner: FakeRunner, state: UiState
) -> None:
    runner.answer_at_once = False
    monitor.go_to(17, exact=True)
    runner.answer_progress(1, 12, 17)
    monitor.poll_once()
    assert monitor.travel == ReplayProgress(1, 1, 12, 17)
    monitor.give_up_travel()
    assert monitor.travel is None
    runner.answer(1)
    monitor.poll_once()
    assert state.moment.live
    assert ("cancel", 1) in runner.calls


def test_a_new_wish_gives_up_a_replay(monitor: RunMonitor, runner: FakeRunner, state: UiState) -> None:
    runner.answer_at_once = False
    monitor.go_to(17, exact=True)
    monitor.go_to(4)
    assert ("cancel", 1) in runner.calls
    runner.answer(1)
    runner.answer(2)
    monitor.poll_once()
    assert state.moment.update == 4


def test_a_travel_that_fails_is_said(monitor: RunMonitor, runner: FakeRunner, state: UiState) -> None:
    runner.answer_at_once = False
    monitor.go_to(17)
    runner.answer_failure(1, "Update 17 is not kept any more.")
    monitor.poll_once()
    assert state.status == "Update 17 is not kept any more."
    assert not monitor.travelling
    assert state.moment.live


@pytest.mark.parametrize("command", ["rewind", "apply"])
def test_a_new_beginning_ends_the_past(command: str, monitor: RunMonitor, state: UiState) -> None:
    monitor.start()
    for _ in range(12):
        monitor.poll_once()
    monitor.go_to(10)
    monitor.poll_once()
    assert not state.moment.live
    monitor.rewind() if command == "rewind" else monitor.apply(with_seed(4))
    assert state.moment.live
    monitor.poll_once()
    assert state.moment.update == 0


# -- the timer


def test_polls_thirty_times_a_second_at_most(monitor: RunMonitor, qtbot: QtBot) -> None:
    assert pytest.approx(30, abs=0.5) == 1000 / POLL_INTERVAL_MS
    monitor.start()
    monitor.start_polling()
    qtbot.waitUntil(lambda: monitor.snapshot.update >= 3)
    assert monitor.polling
    monitor.stop_polling()
    assert not monitor.polling


def test_an_answer_that_is_waited_for_does_not_wait_for_the_next_poll(
    monitor: RunMonitor, runner: FakeRunner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor.poll_once()
    monitor.start_polling()
    polls: list[int] = []
    monkeypatch.setattr(runner, "poll", lambda: polls.append(1))
    monitor._timer.setInterval(60_000)  # the next poll is far away
    answers: list[object] = []
    monitor.request(TraceRequest(), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert not polls
    qtbot.waitUntil(lambda: not monitor._questions.looking)  # nobody waits any more
    runner.answer_at_once = False
    monitor.request(TraceRequest(), answers.append)
    qtbot.waitUntil(lambda: not monitor._questions.looking)  # what takes long waits for the polls
    assert len(answers) == 1
    monitor.request(TraceRequest(), answers.append)
    monitor.stop_polling()
    assert not monitor._questions.looking


def test_stop_ends_everything(monitor: RunMonitor, runner: FakeRunner) -> None:
    monitor.start_polling()
    assert monitor.stop()
    assert monitor.stop()
    assert runner.stopped


def test_parts_that_are_slow_to_read_take_turns_while_training_is_fast(
    runner: FakeRunner, monitor: RunMonitor
) -> None:
    def turns() -> list[bool]:
        return [monitor.has_turn(turn) for turn in range(TURNS)]

    assert turns() == [True] * TURNS  # it stands still
    runner.updates_per_second = 2 * NEWS_IN_EVERY_FRAME
    monitor.start()
    seen = []
    for _ in range(2 * TURNS):
        monitor.poll_once()
        assert monitor.snapshot.state is RunState.TRAINING
        seen.append(turns())
    assert all(sum(frame) == 1 for frame in seen)  # one part a frame,
    assert all(sum(frame[turn] for frame in seen) == 2 for turn in range(TURNS))  # and every part as often
    monitor.go_to(0)
    monitor.poll_once()
    assert turns() == [True] * TURNS  # a past moment is looked at
    monitor.back_to_now()
    runner.updates_per_second = NEWS_IN_EVERY_FRAME / 2
    monitor.poll_once()
    assert turns() == [True] * TURNS  # slow
    runner.updates_per_second = 2 * NEWS_IN_EVERY_FRAME
    monitor.pause()
    monitor.poll_once()
    assert turns() == [True] * TURNS  # the last snapshot of a run: nothing stays behind


def test_only_the_train_page_shows_every_snapshot_while_training_is_fast(
    runner: FakeRunner, monitor: RunMonitor
) -> None:
    def shown(polls: int) -> int:
        """How many of these many snapshots are shown as the moment."""
        moments = []
        for _ in range(polls):
            monitor.poll_once()
            moments.append(monitor.state.moment.update == monitor.snapshot.update)
        return sum(moments)

    runner.updates_per_second = 2 * NEWS_IN_EVERY_FRAME
    monitor.start()
    monitor.state.set_page("train")
    assert shown(2 * TURNS) == 2 * TURNS
    monitor.state.set_page("step")
    assert shown(2 * TURNS) == 2
    runner.updates_per_second = NEWS_IN_EVERY_FRAME / 2
    assert shown(2 * TURNS) == 2 * TURNS
    runner.updates_per_second = 2 * NEWS_IN_EVERY_FRAME
    shown(1)
    monitor.pause()
    assert shown(1) == 1  # the last one always
