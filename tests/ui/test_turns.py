"""Parts of the window that are slow to read take turns while training is fast."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from playground.trace.snapshot import RunState
from playground.ui.monitor import RunMonitor
from playground.ui.turns import NEWS_IN_EVERY_FRAME, TURNS, TURNS_OF_A_PAGE, TURNS_TO_PAINT, WindowFirst
from tests.ui.fake_runner import FakeRunner

pytestmark = pytest.mark.usefixtures("qapp")


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
    monitor.start_polling()

    def shown_after_a_key() -> int:
        monitor.window_works(waited_for=True)
        monitor._first.rest()  # it is painted
        return shown(1)

    assert sum(shown_after_a_key() for _ in range(2 * TURNS_OF_A_PAGE)) == 2
    monitor.stop_polling()
    runner.updates_per_second = NEWS_IN_EVERY_FRAME / 2
    assert shown(2 * TURNS) == 2 * TURNS
    runner.updates_per_second = 2 * NEWS_IN_EVERY_FRAME
    shown(1)
    monitor.pause()
    assert shown(1) == 1  # the last one always


class Trainer:
    def __init__(self) -> None:
        self.told: list[str] = []

    def stand_aside(self, still: bool = False) -> None:
        self.told.append("still" if still else "aside")

    def go_on(self) -> None:
        self.told.append("go on")


def test_training_waits_until_a_key_is_painted_in_all_its_turns_and_for_a_frame_just_once(
    qtbot: QtBot,
) -> None:
    parent, trainer = QObject(), Trainer()
    first = WindowFirst(lambda: [trainer], parent)
    first.work()
    first._turn_over()
    assert trainer.told == ["aside", "go on"]
    trainer.told.clear()
    first.work(waited_for=True)
    for _ in range(TURNS_TO_PAINT - 1):
        first._turn_over()
        assert trainer.told == ["still"]
    qtbot.waitUntil(lambda: trainer.told == ["still", "go on"])  # the timer does the last
    assert not first.waited_for
