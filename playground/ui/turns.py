"""Who goes first: parts of the window take turns, and training stands aside while the window paints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot

from playground.trace.snapshot import RunState, TrainingSnapshot

TURNS = 3
"""Frames in which every part of the window has been painted once; see `has_turn`."""

TURNS_OF_A_PAGE = 2 * TURNS
"""The same for a whole page on which somebody presses keys: a key that comes in its frame has to wait for it."""

NEWS_IN_EVERY_FRAME = 25.0
"""Updates a second from which on every frame brings news."""


def has_turn(turn: int, frame: int, snapshot: TrainingSnapshot, live: bool, turns: int = TURNS) -> bool:
    """Whether a part of the window that is slow to read paints itself for this snapshot, the `frame`-th there was.

    While every frame brings news, such parts take turns (0, 1, ... `turns` - 1): a curve that grows by a pixel, or a
    number that nobody can read 30 times a second, is painted ten times a second, and no frame pays for all. Always
    True when the run stands still, is slow, or a past moment is looked at (not `live`), so nothing stays behind.
    """
    news = live and snapshot.state is RunState.TRAINING
    return not (news and snapshot.updates_per_second >= NEWS_IN_EVERY_FRAME) or frame % turns == turn


TURNS_TO_PAINT = 3
"""So many turns of the event loop belong to a key: strip and diagram are painted in the first, sums and answers in the
second."""


class Trains(Protocol):
    """Who trains beside the window and can let it go first."""

    def stand_aside(self, still: bool = False) -> None:
        """Let the window work; `still`: somebody waits for it."""

    def go_on(self) -> None:
        """The window rests."""


class WindowFirst(QObject):
    """Whoever trains stands aside as soon as the window has something to do, and goes on when it is painted.

    GUI thread. `trainers()` says who trains now.
    """

    def __init__(self, trainers: Callable[[], Iterable[Trains]], parent: QObject) -> None:
        super().__init__(parent)
        self._trainers = trainers
        self._timer = QTimer(self)  # of zero: it comes when everything is painted
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn_over)
        self._turns_left = 0
        self.waited_for = False
        """Whether somebody waits for what the window does now."""

    def work(self, waited_for: bool = False) -> None:
        """The window has something to do: for a frame, or (`waited_for`) for a key, a click or a question."""
        self.waited_for = self.waited_for or waited_for
        for trainer in self._trainers():
            trainer.stand_aside(waited_for)
        self._turns_left = TURNS_TO_PAINT if self.waited_for else 1
        self._timer.start()

    @Slot()
    def _turn_over(self) -> None:
        self._turns_left -= 1
        if self._turns_left > 0:
            self._timer.start()
        else:
            self.rest()

    @Slot()
    def rest(self) -> None:
        """It has nothing to do any more."""
        self._timer.stop()
        self.waited_for = False
        for trainer in self._trainers():
            trainer.go_on()
