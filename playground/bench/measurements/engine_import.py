"""How long the engine takes to be there: its own imports, beyond torch's, and the compiled kernels from the cache.

Each in a fresh process, warm; numba is not imported before the kernels are loaded, so it counts there.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

from playground.bench.records import Record, Target
from playground.bench.session import BenchSession

IMPORT = Target(below=0.3)

PROBE = """
import json, sys, time
began = time.perf_counter()
import torch
torch_there = time.perf_counter()
import playground.engine.trainer
engine_there = time.perf_counter()
numba_came = "numba" in sys.modules
from playground.engine.kernels import readiness
kernel = readiness.load()
loaded = time.perf_counter()
print(json.dumps({
    "torch": torch_there - began,
    "engine": engine_there - torch_there,
    "kernels": loaded - engine_there if kernel is not None else None,
    "numba_came": numba_came,
}))
"""


def measure(session: BenchSession) -> Iterator[Record]:
    """Medians of several processes."""
    count = session.repetitions(9, 3)
    found = []
    with session.progress.stage("Importing the engine", count) as done:
        one_import()  # warms the disk's cache
        for number in range(count):
            found.append(one_import())
            done(number + 1)
    yield Record("engine-import: torch alone", statistics.median(each["torch"] for each in found), "s")
    yield Record(
        f"engine-import: the engine beyond torch, median of {count}",
        statistics.median(each["engine"] for each in found),
        "s",
        IMPORT,
    )
    yield Record(
        "engine-import: processes in which numba came along", float(sum(each["numba_came"] for each in found))
    )
    kernels = [each["kernels"] for each in found if each["kernels"] is not None]
    yield Record(
        "engine-import: kernels loaded from the cache, numba's import and all",
        statistics.median(kernels) if kernels else None,
        "s",
    )


def one_import() -> dict[str, float]:
    """The seconds that one fresh process took. Raises RuntimeError with its last words when it failed."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    times: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return times
