"""How long compiling takes that happens once for each machine: the very process that the window starts, in an empty
folder; and what a process pays afterwards, which only loads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playground.bench.measurements.engine_import import one_import
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.places import CACHE_VARIABLE

COMPILE = Target(below=20.0)


def measure(session: BenchSession) -> Iterator[Record]:
    """Wall clock and processor time of one compilation, and the size of what it leaves."""
    with tempfile.TemporaryDirectory() as folder, session.progress.stage("Compiling all kernels", 1) as done:
        wall, processor = compile_into(Path(folder))
        megabytes = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
        done(1)
    yield Record("compile: all cells, from an empty folder", wall, "s", COMPILE)
    yield Record("compile: processor time of it", processor, "s")
    yield Record("compile: what is kept", megabytes, "MB")
    yield Record("compile: loaded afterwards in", one_import()["kernels"], "s")


def compile_into(folder: Path) -> tuple[float, float | None]:
    """Seconds on the clock, and of processor time where the system tells. Raises RuntimeError when it failed."""
    before = _processor_seconds()
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "playground.engine.kernels.compile_all"],
        env={**os.environ, CACHE_VARIABLE: str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - begun
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    after = _processor_seconds()
    return wall, after - before if before is not None and after is not None else None


def _processor_seconds() -> float | None:
    times = os.times()
    return times.children_user + times.children_system if sys.platform != "win32" else None
