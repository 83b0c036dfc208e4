"""From the key that shuts or opens a gate to the painted answer: 60 timesteps, 64 units, training and paused."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from playground.bench.probes import Painting, PaintProbe
from playground.bench.progress import Done
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession
from playground.bench.window_stand import WindowStand
from playground.experiment import Experiment
from playground.tasks import nature_show
from playground.tasks.pictures import AMBIGUOUS

ANSWERED_MS = Target(below=50.0)
TIMESTEPS, UNITS = 60, 64
PLACES = (2, 20, 31, 57)
"""The timesteps (0-based) from which on a gate is held: four lines in the list."""
PATIENCE_SECONDS = 5.0


def measure(session: BenchSession) -> Iterator[Record]:
    """Milliseconds, in the event loop as it is. Each key asks anew: 0 and 1 in turn, at one of four timesteps."""
    story = ("bear", "fox", *("flower", "tree") * ((TIMESTEPS - 3) // 2), "flower", AMBIGUOUS)
    with patch.object(nature_show, "PROBE", story[:2] + story[-TIMESTEPS + 2 :]):
        stand = WindowStand(experiment())
        try:
            yield from measure_window(session, stand)
        finally:
            stand.close()


def experiment() -> Experiment:
    """The default networks with 64 units each."""
    default = Experiment()
    networks = tuple(dataclasses.replace(network, units=UNITS) for network in default.networks)
    return dataclasses.replace(default, networks=networks).validated()


def measure_window(session: BenchSession, stand: WindowStand) -> Iterator[Record]:
    """Both, paused and training at full speed."""
    stand.show_page("step")
    if stand.window.state.length != TIMESTEPS:
        raise RuntimeError(f"The sequence has {stand.window.state.length} timesteps, not {TIMESTEPS}.")
    stand.activate()
    count = session.repetitions(100, 30)
    for training in (False, True):
        words = "while training" if training else "while paused"
        with session.progress.stage(f"Asking what if {words}", count) as done:
            if training:
                stand.train()
                stand.spin(1.0)
            keys = KeysOfWhatIf(stand, count)
            found = keys.run(done)
            if training:
                stand.pause()
        yield Record(f"what-if: key to painted answer {words}, p50 of {count}", percentile(found, 50), "ms")
        yield Record(
            f"what-if: key to painted answer {words}, p95 of {count}",
            percentile(found, 95),
            "ms",
            ANSWERED_MS,
        )
        yield Record(f"what-if: key to painted answer {words}, longest", max(found), "ms")
        if not training:  # what it takes on a machine that does nothing else
            yield Record(
                "what-if: processor time of all threads for it, p50", percentile(keys.work, 50), "ms"
            )


class KeysOfWhatIf:
    """Presses 0 and 1 in turn in the What-if panel, and notes when strip, diagram and answers were painted."""

    def __init__(self, stand: WindowStand, count: int) -> None:
        self._stand, self._count = stand, count
        self.work: list[float] = []
        """Milliseconds of processor time, of all threads, from each key to its painted answer."""
        self._state = stand.window.state
        stand.window.do_id("step_tab_what_if")
        stand.spin(0.3)
        page = stand.window.current_page
        assert page is not None
        self._parts = (page.diagram.view.viewport(), page.prediction.bars)  # type: ignore[attr-defined]
        self._paints = PaintProbe(stand.window, self._parts)
        self._paints.painted = self._painted
        self._asked_of: object = None
        self._answered = False
        self._done_at = self._worked = 0.0
        self._state.what_if_changed.connect(self._has_answer)

    def run(self, done: Done) -> list[float]:
        """Milliseconds from each key to its painted answer."""
        found = []
        for number in range(self._count):
            self._state.set_timestep(PLACES[number // 2 % len(PLACES)])
            self._stand.spin(0.06)
            self._asked_of = self._state.what_if
            self._answered, self._done_at = False, 0.0
            began, worked = time.perf_counter(), time.process_time()
            QTest.keyClick(self._stand.window.windowHandle(), Qt.Key.Key_0 if number % 2 else Qt.Key.Key_1)
            self._stand.wait_for(lambda: self._done_at > 0.0, "the answer was painted", PATIENCE_SECONDS)
            found.append(1000.0 * (self._done_at - began))
            self.work.append(1000.0 * (self._worked - worked))
            done(number + 1)
        self._state.what_if_changed.disconnect(self._has_answer)
        self._paints.remove()
        return found

    def _has_answer(self) -> None:
        view = self._state.what_if
        wanted = self._stand.window.current_page.what_if.fitting(self._state.network)  # type: ignore[union-attr]
        if view is not None and view is not self._asked_of and view.interventions == wanted:
            self._answered = self._state.network in view.changed
            self._paints.seen.clear()

    def _painted(self, painting: Painting) -> None:
        if self._answered and not self._done_at and set(self._parts) <= self._paints.seen:
            self._done_at, self._worked = painting.ended, time.process_time()
