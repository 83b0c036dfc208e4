"""Questions to the run: each callback once at most, and never from a run that was superseded."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from playground.contract.runner import TraceRequest
from playground.experiment import Experiment, TrainingSettings
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from tests.ui.fake_runner import FakeRunner

pytestmark = pytest.mark.usefixtures("qapp")

Answers = list[TraceAnswer | RequestFailure]


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


def test_callback_of_a_superseded_run_never_comes(monitor: RunMonitor, runner: FakeRunner) -> None:
    runner.answer_at_once = False
    got: Answers = []
    old = monitor.request(TraceRequest(), got.append)
    runner.answer(old)  # lies in the answers already, under the old run's id
    monitor.apply(Experiment(training=TrainingSettings(seed=9)))
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
