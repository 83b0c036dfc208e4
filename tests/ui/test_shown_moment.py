"""Another sequence in the probe's place: what is shown is never of two sequences at once."""

from __future__ import annotations

import pytest

from playground.contract.cell_description import Words
from playground.contract.runner import TraceRequest
from playground.tasks.nature_show import NatureShow
from playground.ui.monitor import RunMonitor
from playground.ui.shown_sequence import ShownSequence
from tests.ui.fake_runner import FakeRunner

pytestmark = pytest.mark.usefixtures("qapp")


def train(monitor: RunMonitor, updates: int) -> None:
    monitor.start()
    for _ in range(updates):
        monitor.poll_once()
    monitor.pause()
    monitor.poll_once()


def another(update: int | None = None) -> ShownSequence:
    return ShownSequence(NatureShow().probe(), Words("Another one", "Another one"), 2, update)


def test_a_snapshot_of_the_sequence_before_is_not_the_moment(monitor: RunMonitor, runner: FakeRunner) -> None:
    shown, before = another(), monitor.state.moment
    runner.mailbox = runner.snapshot()  # it was on its way already
    monitor.show_sequence(shown)
    monitor.poll_once()
    assert monitor.state.moment is before
    assert (monitor.wanted, monitor.shown) == (shown, None)
    monitor.poll_once()
    assert monitor.shown is shown
    assert monitor.sequence is shown.sequence
    assert monitor.events == shown.sequence.events
    assert monitor.state.timestep == shown.begin
    runner.mailbox = runner.snapshot()
    monitor.show_sequence(None)
    monitor.poll_once()
    assert monitor.shown is shown
    monitor.poll_once()
    assert monitor.shown is None


def test_a_question_without_a_sequence_is_about_the_one_shown(
    monitor: RunMonitor, runner: FakeRunner
) -> None:
    shown = another()
    monitor.show_sequence(shown)
    monitor.poll_once()
    asked = runner.requests[monitor.request(TraceRequest(), lambda answer: None)]
    assert isinstance(asked, TraceRequest)
    assert asked.sequence is shown.sequence


def test_who_gives_up_the_way_there_stays_where_he_is(monitor: RunMonitor, runner: FakeRunner) -> None:
    train(monitor, 30)
    runner.answer_at_once = False
    before = monitor.state.moment.update
    monitor.show_sequence(another(update=10))
    monitor.poll_once()
    assert monitor.travel_target == 10
    monitor.give_up_travel()
    assert monitor.wanted is None
    assert runner.calls[-1] == ("show_sequence", None)
    monitor.poll_once()
    assert (monitor.state.moment.update, monitor.shown) == (before, None)


def test_where_its_update_is_gone_it_is_shown_as_it_is_now(monitor: RunMonitor, runner: FakeRunner) -> None:
    train(monitor, 30)
    runner.answer_at_once = False
    shown, now = another(update=10), monitor.snapshot.update
    monitor.show_sequence(shown)
    monitor.poll_once()  # its traces of now must not flash up before those of update 10
    assert monitor.shown is None
    runner.answer_failure(max(runner.requests), "It is gone.")
    monitor.poll_once()
    moment = monitor.state.moment
    assert (moment.shown, moment.update, moment.live) == (shown, now, True)
    assert monitor.state.status == "It is gone."


def test_from_the_past_one_goes_back_to_the_past(monitor: RunMonitor, runner: FakeRunner) -> None:
    train(monitor, 30)
    monitor.go_to(20)
    monitor.poll_once()
    monitor.show_sequence(another())
    monitor.poll_once()
    moment = monitor.state.moment
    assert (moment.update, moment.live, moment.shown is not None) == (20, False, True)
    monitor.show_sequence(None)
    monitor.poll_once()
    moment = monitor.state.moment
    assert (moment.update, moment.live, moment.shown) == (20, False, None)
    monitor.show_sequence(another())
    monitor.poll_once()
    monitor.back_to_now()
    monitor.poll_once()
    assert (monitor.state.moment.live, monitor.shown is not None) == (True, True)
    monitor.show_sequence(None)
    monitor.poll_once()
    assert (monitor.state.moment.live, monitor.shown) == (True, None)
