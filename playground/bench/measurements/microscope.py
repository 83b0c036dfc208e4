"""The Step page at 60 timesteps and 64 units: timestep, sub-step and hover, from the hand to the painted page."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from unittest.mock import patch

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from playground.bench.measurements.what_if import TIMESTEPS, experiment
from playground.bench.probes import Painting, PaintProbe
from playground.bench.progress import Done
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession
from playground.bench.window_stand import WindowStand
from playground.tasks import nature_show
from playground.tasks.pictures import AMBIGUOUS
from playground.ui.pages.step import StepPage

PAINTED_MS = Target(below=16.0)
BETWEEN_MS = (40, 90)
PATIENCE_SECONDS = 2.0


def measure(session: BenchSession) -> Iterator[Record]:
    """Milliseconds, in the event loop as it is. With motion on, as it is usually."""
    story = ("bear", "fox", *("flower", "tree") * (TIMESTEPS // 2), AMBIGUOUS)
    with patch.object(nature_show, "PROBE", story[: TIMESTEPS - 1] + story[-1:]):
        stand = WindowStand(experiment())
        try:
            yield from _measure_window(session, stand)
        finally:
            stand.close()


def _measure_window(session: BenchSession, stand: WindowStand) -> Iterator[Record]:
    page = stand.show_page("step")
    assert isinstance(page, StepPage)
    if stand.window.state.length != TIMESTEPS:
        raise RuntimeError(f"The sequence has {stand.window.state.length} timesteps, not {TIMESTEPS}.")
    stand.activate()
    count = session.repetitions(200, 60)
    for training in (False, True):
        words = "while training" if training else "while paused"
        for name, hand in _hands(stand, page):
            with session.progress.stage(f"Measuring a change of {name} {words}", count) as done:
                if training:
                    stand.train()
                    stand.spin(0.5)
                hands = Hand(stand, page, hand, count)
                hands.run(done)
                if training:
                    stand.pause()
                page.open_stage(-1)
            for part, found in (("diagram", hands.diagram), ("all", hands.everything)):
                title = f"microscope: {name}, {part} painted {words}"
                waited = [change.milliseconds for change in found]
                yield Record(f"{title}, p50 of {count}", percentile(waited, 50), "ms")
                yield Record(f"{title}, p95 of {count}", percentile(waited, 95), "ms", PAINTED_MS)
            work = [change.work for change in hands.everything]
            title = f"microscope: {name}, processor time {words}"
            yield Record(f"{title}, p50", percentile(work, 50), "ms")
            yield Record(f"{title}, p95", percentile(work, 95), "ms")


def _hands(stand: WindowStand, page: StepPage) -> Iterator[tuple[str, Callable[[int], None]]]:
    """What is done, by its number: a key or a move of the mouse. Each of them changes what is painted."""
    state = stand.window.state

    def press(key: Qt.Key) -> None:
        QTest.keyClick(stand.window.windowHandle(), key)  # where the system's own keys come in

    def timestep(number: int) -> None:
        press(Qt.Key.Key_Right if ((number - 1) // (TIMESTEPS - 2)) % 2 == 0 else Qt.Key.Key_Left)

    def sub_step(number: int) -> None:
        press(
            Qt.Key.Key_Down
            if state.timestep < TIMESTEPS - 2
            else Qt.Key.Key_1
            if number % 2
            else Qt.Key.Key_2
        )

    def hover(number: int) -> None:
        items = page.diagram.scene.vectors
        item = items[number % len(items)]
        unit = (7 * number) % item.units
        view = page.diagram.view
        at = view.viewport().mapTo(stand.window, view.mapFromScene(item.cell_rect(unit).center()))
        # To the window itself: moved by the cursor, the pointer would meet the tooltip of the value before.
        QTest.mouseMove(stand.window.windowHandle(), QPoint(at))
        if item.hovered != unit:
            raise RuntimeError(f"The pointer did not reach unit {unit + 1} of {item.spot.quantity}.")

    state.set_timestep(0)
    yield "timestep", timestep
    state.set_timestep(0)
    yield "sub-step", sub_step
    state.set_timestep(10)
    yield "hover", hover


@dataclass(frozen=True)
class Change:
    """What one change took until it was painted, in ms: by the clock, and of processor time of the window's thread
    (what it would take on a machine that does nothing else)."""

    milliseconds: float
    work: float


class Hand:
    """Does something at random times, and notes when the diagram was painted after it, and when everything was.

    The sum and the answers of another timestep are written one turn of the event loop after strip and diagram; all is
    painted when nothing of the page waits for its turn any more.
    """

    def __init__(self, stand: WindowStand, page: StepPage, act: Callable[[int], None], count: int) -> None:
        self.diagram: list[Change] = []
        self.everything: list[Change] = []
        self._stand, self._page, self._act, self._count = stand, page, act, count
        self._draw = random.Random(count)
        self._view = page.diagram.view.viewport()
        self._paints = PaintProbe(stand.window, (self._view,))
        self._paints.painted = self._painted
        self._due: float | None = None
        self._work_began = 0.0
        self._last: Change | None = None
        self._is_dirty = True
        self._planned = 0.0
        self._number = 0
        self._timer = QTimer(stand.window)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._do)

    def run(self, done: Done) -> None:
        """All of them; `done` is told how many."""
        for number in range(1, self._count + 1):
            wait = self._draw.randint(*BETWEEN_MS)
            self._planned = time.perf_counter() + wait / 1000.0
            self._timer.start(wait)
            self._stand.wait_for(
                lambda wanted=number: self._is_through(wanted),  # type: ignore[misc]
                f"change {number} was painted",
                PATIENCE_SECONDS,
            )
            done(number)
        self._timer.deleteLater()
        self._paints.remove()

    def _is_through(self, wanted: int) -> bool:
        """Whether so many changes are painted. What was written last may look as before: then nothing more is painted
        than was already."""
        quiet = len(self.diagram) == wanted and self._page.up_to_date
        if quiet and len(self.everything) < wanted and self._last is not None and not self._is_dirty:
            self.everything.append(self._last)
            self._due = None
        self._is_dirty = not quiet
        return len(self.everything) >= wanted

    def _do(self) -> None:
        self._paints.seen.clear()
        self._last = None
        self._is_dirty = True
        self._work_began = time.thread_time()
        self._due = min(self._planned, time.perf_counter())
        self._number += 1
        self._act(self._number)

    def _painted(self, painting: Painting) -> None:
        if self._due is None or self._view not in self._paints.seen:
            return
        self._last = Change(
            1000.0 * (painting.ended - self._due), 1000.0 * (painting.work_ended - self._work_began)
        )
        if len(self.diagram) < self._number:
            self.diagram.append(self._last)
        if self._page.up_to_date:
            self.everything.append(self._last)
            self._due = None
