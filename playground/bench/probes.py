"""Probes in the window's event loop: when it painted, how late it is, and how long a poll's work takes.

All run on the GUI thread and only take times: what they add to the work is a few microseconds an event.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from playground.runner.thread_runner import ThreadRunner
from playground.trace.snapshot import TrainingSnapshot

LATENESS_INTERVAL_MS = 5


class TimedRunner(ThreadRunner):
    """The real runner; it notes when the window began to poll, and what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.polled_at = 0.0
        """time.perf_counter() at the beginning of the last poll: the first thing that the monitor's timer does."""
        self.polled_at_work = 0.0
        """time.thread_time() at that moment: the processor time of the window's thread."""
        self.polls = 0
        self.on_poll: Callable[[], None] | None = None
        self.last_told: TrainingSnapshot | None = None

    def poll(self) -> TrainingSnapshot | None:
        """The newest snapshot if there is one that was not taken yet."""
        self.polled_at = time.perf_counter()
        self.polled_at_work = time.thread_time()
        self.polls += 1
        if self.on_poll is not None:
            self.on_poll()
        snapshot = super().poll()
        if snapshot is not None:
            self.last_told = snapshot
        return snapshot


@dataclass(frozen=True)
class Painting:
    """When the window was painted: by the clock (time.perf_counter()), and in processor time of the window's thread.

    The difference is what it had to wait, for the interpreter or for a core.
    """

    began: float
    ended: float
    work_began: float
    work_ended: float


class PaintProbe(QObject):
    """Tells after every painting of the window, and which of some widgets took part in it."""

    def __init__(self, window: QWidget, watched: tuple[QWidget, ...] = ()) -> None:
        super().__init__(window)
        self.painted: Callable[[Painting], None] | None = None
        """Called after each painting of the window."""
        self.seen: set[QWidget] = set()
        """Those of the watched widgets that were painted since this was last cleared."""
        self._window = window
        self._watched = watched
        window.installEventFilter(self)
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Lets the painting of the whole window happen here, so that its end is known."""
        if event.type() is QEvent.Type.Paint and watched in self._watched:
            self.seen.add(watched)
        if watched is not self._window or event.type() is not QEvent.Type.UpdateRequest:
            return False
        began, work_began = time.perf_counter(), time.thread_time()
        self._window.event(event)
        painting = Painting(began, time.perf_counter(), work_began, time.thread_time())
        if self.painted is not None:
            self.painted(painting)
        return True

    def remove(self) -> None:
        """Watch no more."""
        self._window.removeEventFilter(self)
        for widget in self._watched:
            widget.removeEventFilter(self)
        self.painted = None
        self.deleteLater()


@dataclass(eq=False)
class Lateness:
    """How much later than due a timer's slot was called, in ms: what any other event would have waited too."""

    milliseconds: list[float] = field(default_factory=list)


class LatenessProbe(QObject):
    """Asks to be called every 5 ms, and notes how late that happens."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lateness = Lateness()
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._called)

    def start(self) -> None:
        """Begin."""
        self._arm()

    def stop(self) -> Lateness:
        """End; what was found."""
        self._timer.stop()
        self.deleteLater()
        return self.lateness

    @Slot()
    def _called(self) -> None:
        self.lateness.milliseconds.append(max(0.0, 1000.0 * (time.perf_counter() - self._due)))
        self._arm()

    def _arm(self) -> None:
        self._due = time.perf_counter() + LATENESS_INTERVAL_MS / 1000.0
        self._timer.start(LATENESS_INTERVAL_MS)


@dataclass
class Frame:
    """What one poll of the window cost, in ms: altogether, painting alone, and processor time altogether."""

    total: float = 0.0
    painting: float = 0.0
    work: float = 0.0


class FrameProbe:
    """What every poll of the window costs: from its beginning to the end of the painting that it caused.

    `frames` has one entry for each poll that brought a newer trace to the screen; further paintings until the next
    poll (plots that are painted a little later) are added to it. `up_to_date` counts the polls after which the
    page showed the newest trace that there was.
    """

    def __init__(self, runner: TimedRunner, shown_update: Callable[[], int], paints: PaintProbe) -> None:
        """`shown_update`: the update of the moment that the page shows."""
        self.frames: list[Frame] = []
        self.ages: list[float] = []
        """Seconds between the making of a trace and the end of its painting."""
        self.polls = 0
        self.up_to_date = 0
        self._runner = runner
        self._shown_update = shown_update
        self._painted_update = shown_update()
        self._frame = Frame()
        self._painted_since = True
        self._fresh = False
        paints.painted = self._painted
        runner.on_poll = self._polled
        self._paints = paints

    def stop(self) -> None:
        """Note no more."""
        self._paints.painted = None
        self._runner.on_poll = None

    def _polled(self) -> None:
        if self.polls:
            told = self._runner.last_told
            self.up_to_date += told is not None and self._painted_update == told.update
        if self._fresh:
            self.frames.append(self._frame)
        self.polls += 1
        self._frame = Frame()
        self._fresh = self._painted_since = False

    def _painted(self, painting: Painting) -> None:
        shown = self._shown_update()
        if shown != self._painted_update and self._runner.last_told is not None:
            self._fresh = True
            self._painted_update = shown
            self.ages.append(time.monotonic() - self._runner.last_told.taken_at)
        began, work_began = painting.began, painting.work_began
        self._frame.painting += 1000.0 * (painting.ended - began)
        if not self._painted_since:  # the first painting: all since the poll belongs to it
            began, work_began = self._runner.polled_at, self._runner.polled_at_work
            self._painted_since = True
        self._frame.total += 1000.0 * (painting.ended - began)
        self._frame.work += 1000.0 * (painting.work_ended - work_began)
