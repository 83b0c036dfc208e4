"""The questions the window has asked its run, and who gets the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from playground.contract.runner import Question, Runner
from playground.trace.snapshot import Answer, ReplayProgress, RequestFailure

ANSWER_INTERVAL_MS = 4
MOST_LOOKS = 50
"""An answer that is waited for is looked for every 4 ms, up to 50 times: a dragged slider must not wait for the next
poll. What takes longer than that (a replay) can wait for it."""


class RunQuestions(QObject):
    """Asks, cancels and delivers. GUI thread.

    A callback comes at most once, and never once its request was cancelled or another run is `run_id`. `news()` is
    called before answers are delivered, `replaying(progress)` for each word about a replay that is under way.
    """

    def __init__(
        self, news: Callable[[], None], replaying: Callable[[ReplayProgress], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.runner: Runner | None = None
        """Who answers; None before the engine is there."""
        self.run_id = 0
        """Answers to questions about any other run are dropped."""
        self._news = news
        self._replaying = replaying
        self._callbacks: dict[int, Callable[[Any], None]] = {}
        self._early: dict[int, Callable[[Any], None]] = {}
        self._early_id = 0
        self._looks_left = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(ANSWER_INTERVAL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def waiting(self) -> int:
        """How many wait for their answer."""
        return len(self._callbacks)

    @property
    def looking(self) -> bool:
        """Whether answers are looked for between the polls."""
        return self._timer.isActive()

    def ask(self, request: Question, callback: Callable[[Any], None], *, look: bool) -> int:
        """Ask; returns the id for `cancel`. `look`: look for the answer between the polls."""
        if self.runner is None:
            self._early_id -= 1
            self._early[self._early_id] = callback
            return self._early_id
        request_id = self.runner.request(request)
        self._callbacks[request_id] = callback
        if look:
            self._looks_left = MOST_LOOKS
            self._timer.start()
        return request_id

    def cancel(self, request_id: int) -> None:
        """Give up a request: its callback never comes."""
        self._early.pop(request_id, None)
        if self._callbacks.pop(request_id, None) is not None and self.runner is not None:
            self.runner.cancel(request_id)

    def cancel_all(self) -> None:
        """Give up every request that the runner knows of."""
        for request_id in list(self._callbacks):
            self.cancel(request_id)

    def refuse_early(self) -> None:
        """Who asked before there was any network is told so, and not from within its own question."""
        early, self._early = self._early, {}
        for request_id, callback in early.items():
            callback(RequestFailure(request_id, 0, "There is no network yet to ask."))

    def take_answers(self) -> None:
        """Deliver what was answered since the last call."""
        answers = self.runner.answers() if self.runner is not None else []
        if answers:
            self._news()
        for answer in answers:
            self._deliver(answer)

    def stop_looking(self) -> None:
        """Look for answers only at the polls."""
        self._timer.stop()

    def end(self) -> None:
        """Nobody is told anything any more."""
        self.stop_looking()
        self._callbacks.clear()
        self._early.clear()

    def _deliver(self, answer: Answer) -> None:
        if answer.run_id != self.run_id or answer.request_id not in self._callbacks:
            return
        if isinstance(answer, ReplayProgress):
            self._replaying(answer)
            return
        self._callbacks.pop(answer.request_id)(answer)

    @Slot()
    def _look(self) -> None:
        self._looks_left -= 1
        if not self._callbacks or self._looks_left <= 0:
            self._timer.stop()
        self.take_answers()
