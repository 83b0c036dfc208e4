"""Travel through training time: one wish under way, and no past that outlives its run."""

from __future__ import annotations

import pytest

from playground.experiment import Experiment, TrainingSettings
from playground.trace.snapshot import ReplayProgress
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from tests.ui.fake_runner import FakeRunner

pytestmark = pytest.mark.usefixtures("qapp")


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
    monitor.rewind() if command == "rewind" else monitor.apply(Experiment(training=TrainingSettings(seed=4)))
    assert state.moment.live
    monitor.poll_once()
    assert state.moment.update == 0
