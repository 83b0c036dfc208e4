"""Whether an update costs in proportion to what it does: twice the timesteps, or twice the sequences, twice the time.

The LSTM with 32 units on the fast path. A straight line a + b n is put through the milliseconds by least squares of
the relative errors, so that short sequences weigh as much as long ones; and the exponent is the slope between the
logarithms over the upper half, where the constant a no longer counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.bench.peers.ours import make
from playground.bench.race import on_one_core
from playground.bench.records import Record, Target
from playground.bench.same_start import same_start
from playground.bench.session import BenchSession
from playground.bench.sizes import Size

UNITS, SYMBOLS = 32, 30
LENGTHS = (10, 20, 50, 100, 200, 500, 1000)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
OF_LENGTHS, OF_BATCHES = 16, 100
"""The batch while the length changes, and the length while the batch changes."""

EXPLAINED = Target(at_least=0.98)
EXPONENT = Target(at_least=0.85, at_most=1.15)


def measure(session: BenchSession) -> Iterator[Record]:
    """The milliseconds at every size, and what a straight line says of them."""
    rows: list[dict[str, Any]] = []
    with on_one_core(), session.progress.stage("Longer and wider", len(LENGTHS) + len(BATCHES)) as done:
        for by, sizes in sizes_by().items():
            for size in sizes:
                rows.append(
                    {"by": by, "length": size.timesteps, "batch": size.batch, "ms": ms_of(size, session)}
                )
                done(len(rows))
    for by in sizes_by():
        n = np.array([row[by] for row in rows if row["by"] == by], np.float64)
        ms = np.array([row["ms"] for row in rows if row["by"] == by])
        yield Record(f"linearity: {by} {n[0]:g}", float(ms[0]), "ms")
        yield Record(f"linearity: {by} {n[-1]:g}", float(ms[-1]), "ms")
        yield Record(f"linearity: {by}, share explained by a straight line", explained(n, ms), "", EXPLAINED)
        yield Record(f"linearity: {by}, exponent over the upper half", upper_exponent(n, ms), "", EXPONENT)
    session.keep_rows("linearity", rows)


def sizes_by() -> dict[str, list[Size]]:
    """What is measured, by what changes."""
    return {
        "length": [Size(UNITS, OF_LENGTHS, length, SYMBOLS) for length in LENGTHS],
        "batch": [Size(UNITS, batch, OF_BATCHES, SYMBOLS) for batch in BATCHES],
    }


def ms_of(size: Size, session: BenchSession) -> float:
    """Milliseconds of one update: the median of several turns of at least 20 ms."""
    updates = make(same_start("lstm", size))
    updates(8)
    begun = time.perf_counter()
    updates(2)
    once = (time.perf_counter() - begun) / 2
    count = max(1, round(0.02 / once))
    turns = []
    for _ in range(session.repetitions(15, 5)):
        begun = time.perf_counter()
        updates(count)
        turns.append(1e3 * (time.perf_counter() - begun) / count)
    return statistics.median(turns)


def line(n: NDArray[np.float64], ms: NDArray[np.float64]) -> tuple[float, float]:
    """a and b of a + b n with the least squares of the relative errors."""
    design = np.stack([1.0 / ms, n / ms], axis=1)
    a, b = np.linalg.lstsq(design, np.ones_like(ms), rcond=None)[0]
    return float(a), float(b)


def explained(n: NDArray[np.float64], ms: NDArray[np.float64]) -> float:
    """R squared of the line, on a logarithmic scale: 1 when it goes through every point."""
    a, b = line(n, ms)
    said = np.log(np.maximum(a + b * n, 1e-12))
    found = np.log(ms)
    return float(1.0 - np.sum((found - said) ** 2) / np.sum((found - found.mean()) ** 2))


def upper_exponent(n: Sequence[float] | NDArray[np.float64], ms: NDArray[np.float64]) -> float:
    """The slope of log ms over log n for the upper half of the sizes: 1 when the cost is in proportion."""
    half = len(ms) // 2
    return float(np.polyfit(np.log(np.asarray(n)[half:]), np.log(ms[half:]), 1)[0])
