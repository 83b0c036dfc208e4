"""From a key press on the Step page to the painted timestep, with the real keyboard's way through the window."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView

from playground.bench.long_run import LongRun
from playground.bench.probes import Painting, PaintProbe
from playground.bench.progress import Done
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession

PAINTED_MS = Target(below=16.0)
BETWEEN_KEYS_MS = (40, 90)
"""Drawn at random, so that keys fall anywhere between two frames."""

PATIENCE_SECONDS = 2.0


def measure(session: BenchSession) -> Iterator[Record]:
    """Milliseconds, in the event loop as it is: what the key has to wait for is part of it."""
    run = session.long_run()
    run.show_page("step")
    run.activate()
    count = session.repetitions(200, 60)
    for training in (False, True):
        words = "while training" if training else "while paused"
        with session.progress.stage(f"Pressing keys {words}", count) as done:
            if training:
                run.train()
                run.spin(1.0)
            presses = KeyPresses(run, count)
            presses.run(done)
            if training:
                run.pause()
        found = presses.milliseconds
        yield Record(f"keys: key to painted timestep {words}, p50 of {count}", percentile(found, 50), "ms")
        yield Record(
            f"keys: key to painted timestep {words}, p95 of {count}", percentile(found, 95), "ms", PAINTED_MS
        )
        yield Record(f"keys: key to painted timestep {words}, longest", max(found), "ms")


class KeyPresses:
    """Presses Right (and Left at the ends) at random times, and notes when strip and diagram were painted.

    A key is due at some time whatever the window is doing then: the time counts from there, so a key that must wait
    until the window is free has waited.
    """

    def __init__(self, run: LongRun, count: int) -> None:
        self.milliseconds: list[float] = []
        self._run = run
        self._count = count
        self._forwards = True
        self._draw = random.Random(count)
        page = run.window.current_page
        assert page is not None
        strips = run.window.watched_parts()[1:]
        views = [view.viewport() for view in page.findChildren(QGraphicsView) if view.isVisible()]
        if not strips or not views:
            raise RuntimeError("There is no event strip or no diagram on the Step page.")
        self._parts = {strips[0], max(views, key=lambda view: view.width() * view.height())}
        self._paints = PaintProbe(run.window, tuple(self._parts))
        self._paints.painted = self._painted
        self._due: float | None = None
        self._planned = 0.0
        self._timer = QTimer(run.window)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._press)

    def run(self, done: Done) -> None:
        """Press all keys; `done` is told how many."""
        for number in range(1, self._count + 1):
            self._press_later()
            self._wait_for(number)
            done(number)
        self._timer.deleteLater()
        self._paints.remove()

    def _wait_for(self, number: int) -> None:
        """Until so many key presses were painted."""
        self._run.wait_for(
            lambda: len(self.milliseconds) >= number, f"key press {number} was painted", PATIENCE_SECONDS
        )

    def _press_later(self) -> None:
        wait = self._draw.randint(*BETWEEN_KEYS_MS)
        self._planned = time.perf_counter() + wait / 1000.0
        self._timer.start(wait)

    def _press(self) -> None:
        state = self._run.window.state
        if state.timestep >= state.length - 1:
            self._forwards = False
        elif state.timestep <= 0:
            self._forwards = True
        before = state.timestep
        self._paints.seen.clear()
        self._due = min(self._planned, time.perf_counter())
        key = Qt.Key.Key_Right if self._forwards else Qt.Key.Key_Left
        QTest.keyClick(self._run.window.windowHandle(), key)  # where the system's own keys come in
        if state.timestep == before:
            self._due = None
            raise RuntimeError("The key did not move the playhead.")

    def _painted(self, painting: Painting) -> None:
        if self._due is not None and self._parts <= self._paints.seen:
            self.milliseconds.append(1000.0 * (painting.ended - self._due))
            self._due = None
