"""One piece of work at a time beside the window: reading a file, counting a text. It has progress and can be given up.

The work runs on a thread of its own that knows nothing of Qt: what it has to say lies in a plain object, and a timer on
the GUI thread looks there, as the window looks at the runner. So no signal crosses a thread, and nothing that Qt could
delete is ever held by the thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

LOOK_INTERVAL_MS = 20

Work = Callable[[Callable[[float], None], Callable[[], bool]], Any]
"""What is done: told a function that takes the part done (0..1), and one that asks whether it is given up."""


class _Job:
    """One piece of work and what has come of it. Written by its thread, read by the GUI thread once `over` is set."""

    def __init__(self, work: Work) -> None:
        self.part = 0.0
        self.found: Any = None
        self.error: Exception | None = None
        self.over = threading.Event()
        self.given_up = threading.Event()
        self._work = work

    def run(self) -> None:
        """On the job's own thread."""
        try:
            self.found = self._work(self._progress, self.given_up.is_set)
        except Exception as error:  # told, or raised again, on the GUI thread
            self.error = error
        self.over.set()

    def _progress(self, part: float) -> None:
        self.part = part


class Background(QObject):
    """Does one piece of work; a new one gives up the one before. GUI thread.

    Where the work raises one of `refusals` the error is what was found. Anything else it raises is raised again on the
    GUI thread, where whoever watches for mistakes sees it.
    """

    progressed = Signal(float)
    """The part (0..1) that is done of the present work."""

    def __init__(
        self, name: str, refusals: tuple[type[Exception], ...] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._refusals = name, refusals
        self._job: _Job | None = None
        self._then: Callable[[Any], None] | None = None
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_INTERVAL_MS)
        self._timer.timeout.connect(self.look)

    @property
    def busy(self) -> bool:
        """Whether something is under way that was not given up."""
        return self._job is not None

    def begin(self, work: Work, then: Callable[[Any], None]) -> None:
        """Do this; `then` is told what was found, on this thread, at most once and never after `give_up`."""
        self.give_up()
        self._job, self._then = _Job(work), then
        thread = threading.Thread(target=self._job.run, name=self._name, daemon=False)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()
        self._timer.start()

    def give_up(self) -> None:
        """What is under way ends as soon as it asks, and nothing more is heard of it."""
        if self._job is not None:
            self._job.given_up.set()
        self._job = self._then = None
        self._timer.stop()

    def finish(self) -> None:
        """Wait until what is under way is done, and tell: for a picture, which may not hang on a clock."""
        if self._job is not None:
            self._job.over.wait()
            self.look()

    def stop(self) -> None:
        """Give up, and wait until no thread works any more: the window closes."""
        self.give_up()
        for thread in self._threads:
            thread.join()
        self._threads = []

    @Slot()
    def look(self) -> None:
        """See how far it is. The timer calls it."""
        job, then = self._job, self._then
        if job is None or then is None:
            return
        if not job.over.is_set():
            self.progressed.emit(job.part)
            return
        self.give_up()
        if job.error is not None and not isinstance(job.error, self._refusals):
            raise job.error
        then(job.found if job.error is None else job.error)
