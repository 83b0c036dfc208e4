"""The Step page at 60 timesteps and 64 units: timestep, sub-step and hover, from the hand to the painted diagram."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
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
                found = hands.run(done)
                if training:
                    stand.pause()
                page.open_stage(-1)
            title = f"microscope: {name}, painted {words}"
            yield Record(f"{title}, p50 of {count}", percentile(found, 50), "ms")
            yield Record(f"{title}, p95 of {count}", percentile(found, 95), "ms", PAINTED_MS)
            yield Record(f"{title}, processor time p95", percentile(hands.work, 95), "ms")


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
        at = page.diagram.view.mapFromScene(item.cell_rect((7 * number) % item.units).center())
        QTest.mouseMove(page.diagram.view.viewport(), QPoint(at))

    state.set_timestep(0)
    yield "timestep", timestep
    state.set_timestep(0)
    yield "sub-step", sub_step
    state.set_timestep(10)
    yield "hover", hover


class Hand:
    """Does something at random times, and notes when the diagram was painted after it."""

    def __init__(self, stand: WindowStand, page: StepPage, act: Callable[[int], None], count: int) -> None:
        self.milliseconds: list[float] = []
        self.work: list[float] = []
        """Processor time of the window's thread, in ms: what it would take on a machine that does nothing else."""
        self._work_began = 0.0
        self._stand, self._act, self._count = stand, act, count
        self._draw = random.Random(count)
        self._view = page.diagram.view.viewport()
        self._paints = PaintProbe(stand.window, (self._view,))
        self._paints.painted = self._painted
        self._due: float | None = None
        self._planned = 0.0
        self._number = 0
        self._timer = QTimer(stand.window)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._do)

    def run(self, done: Done) -> list[float]:
        """All of them, in milliseconds; `done` is told how many."""
        for number in range(1, self._count + 1):
            wait = self._draw.randint(*BETWEEN_MS)
            self._planned = time.perf_counter() + wait / 1000.0
            self._timer.start(wait)
            self._stand.wait_for(
                lambda wanted=number: len(self.milliseconds) >= wanted,  # type: ignore[misc]
                f"change {number} was painted",
                PATIENCE_SECONDS,
            )
            done(number)
        self._timer.deleteLater()
        self._paints.remove()
        return self.milliseconds

    def _do(self) -> None:
        self._paints.seen.clear()
        self._work_began = time.thread_time()
        self._due = min(self._planned, time.perf_counter())
        self._number += 1
        self._act(self._number)

    def _painted(self, painting: Painting) -> None:
        if self._due is not None and self._view in self._paints.seen:
            self.milliseconds.append(1000.0 * (painting.ended - self._due))
            self.work.append(1000.0 * (painting.work_ended - self._work_began))
            self._due = None
