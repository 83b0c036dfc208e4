"""One call of `playground bench`: what was asked for, and what several measurements share."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.bench.machine import MACHINE, OtherPrograms, facts, load_average
from playground.bench.measurement_table import Measurement
from playground.bench.progress import BenchProgress
from playground.bench.records import Record, Target

if TYPE_CHECKING:
    from playground.bench.long_run import LongRun

DEBUG_VARIABLE = "PLAYGROUND_DEBUG"
"""Set to anything, a measurement that fails shows its traceback: for developers."""

UPDATES = 10_000
QUICK_UPDATES = 500


class BenchSession:
    """Runs measurements one after the other. The window and its long run are made once, when the first asks for it."""

    def __init__(
        self, *, quick: bool = False, progress: BenchProgress | None = None, pictures: Path | None = None
    ) -> None:
        """`quick`: fewer repetitions and a shorter run; every record says so by its numbers. `pictures`: the folder for
        pictures of what was measured, and the rows that they are drawn from."""
        self.quick = quick
        self.pictures = pictures
        self.path = ""
        """The name of the path that trains, once `run` has begun."""
        self.progress = progress if progress is not None else BenchProgress()
        self.updates = QUICK_UPDATES if quick else UPDATES
        self._long_run: LongRun | None = None

    def repetitions(self, usual: int, quick: int) -> int:
        """How often something is done."""
        return quick if self.quick else usual

    def long_run(self) -> LongRun:
        """The window with all five networks, really trained for `updates` updates with the Train page open."""
        if self._long_run is None:
            from playground.bench.long_run import LongRun

            self._long_run = LongRun(self.updates, self.progress)
        return self._long_run

    def run(self, measurements: list[Measurement]) -> Iterator[Record]:
        """All records of these measurements, and those about the machine. Closes what was opened."""
        yield from facts()
        self.path = self._compile_first()
        yield Record(f"{MACHINE}: training path", self.path)
        try:
            for measurement in measurements:
                yield from self._run_one(measurement)
        finally:
            if self._long_run is not None:
                self._long_run.close()

    def keep_rows(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Write the rows into the folder of the pictures and draw them, if pictures are wanted."""
        if self.pictures is None or not rows:
            return
        from playground.bench.pictures import draw

        self.pictures.mkdir(parents=True, exist_ok=True)
        (self.pictures / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        for path in draw(name, rows, self.pictures):
            self.progress.say(f"{path} is drawn.")

    def _compile_first(self) -> str:
        """The kernels, once for each machine, before anything is measured; then the name of the path that trains."""
        from playground.engine.kernels.readiness import Readiness, compile_and_load
        from playground.engine.paths import FAST, REFERENCE, path_from_environment

        if path_from_environment() == REFERENCE:
            return REFERENCE
        with self.progress.stage("Compiling the fast path, once for this machine", 100.0) as done:

            def report(now: Readiness) -> None:
                done(100.0 * now.fraction)

            found = compile_and_load(report)
        if not found.ready:
            self.progress.say(found.sentence)
        return FAST if found.ready else REFERENCE

    def _run_one(self, measurement: Measurement) -> Iterator[Record]:
        self.progress.say(f"{measurement.name}: {measurement.what}")
        load, others = load_average(), OtherPrograms()
        try:
            yield from measurement.function()(self)
        except Exception as error:
            if os.environ.get(DEBUG_VARIABLE):
                raise
            self.progress.say(f"{measurement.name} could not be measured: {type(error).__name__}: {error}")
            yield Record(f"{measurement.name}: measured", None, "", Target(at_least=1.0))
        yield Record(f"{measurement.name}: load average when it began", load)
        yield Record(f"{measurement.name}: cores taken by other programs", others.cores(), "cores")
