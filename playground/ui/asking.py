"""Asks the runner the same kind of question again and again, while there is something new to be told."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.trace.snapshot import RequestFailure
from playground.ui.monitor import RunMonitor


class Asking(QObject):
    """One question at a time, and a rest after each. GUI thread.

    `ask(callback)` sends the question and returns its id; `told(answer)` gets every answer that is none of a failure.
    What a question is `about` (the run, the update, ...) decides whether it is worth asking again.
    """

    rested = Signal()
    """It may ask again."""
    problem_changed = Signal()

    def __init__(
        self,
        monitor: RunMonitor,
        rest_ms: int,
        ask: Callable[[Callable[[Any], None]], int],
        told: Callable[[Any], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._monitor, self._ask, self._told = monitor, ask, told
        self._request_id: int | None = None
        self.about: Hashable = None
        """What the last question was about; None: nothing was asked yet."""
        self.problem = ""
        """Why the last question could not be answered, as a sentence; empty when it was."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(rest_ms)
        self._rest.timeout.connect(self._wake)

    @property
    def resting(self) -> bool:
        """Whether it has asked just now."""
        return self._rest.isActive()

    def look(self, about: Hashable) -> None:
        """Ask, if this was not asked about before, nothing is under way and it is time again."""
        if self._request_id is None and not self.resting and about != self.about:
            self.ask(about)

    def ask(self, about: Hashable) -> None:
        """Ask now; what is under way is given up."""
        self._give_up()
        self.about = about
        self._rest.start()
        self._request_id = self._ask(self._answered)

    def wake(self) -> None:
        """Rest no longer."""
        self._rest.stop()
        self._wake()

    def forget(self) -> None:
        """Another run: nothing was asked."""
        self._give_up()
        self.about = None
        self._rest.stop()
        self._say("")

    def _give_up(self) -> None:
        if self._request_id is not None:
            self._monitor.cancel(self._request_id)
            self._request_id = None

    def _answered(self, answer: Any) -> None:
        self._request_id = None
        if isinstance(answer, RequestFailure):
            self._say(answer.sentence)
            return
        self._say("")
        self._told(answer)

    def _say(self, sentence: str) -> None:
        if sentence != self.problem:
            self.problem = sentence
            self.problem_changed.emit()

    @Slot()
    def _wake(self) -> None:
        self.rested.emit()
