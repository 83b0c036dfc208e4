"""Several ways of doing the same update, in one process, taking turns.

Each turn gives every way about the same time, in an order that goes round, and one ratio to the first way of the table;
of these the median is told. What else the machine does weighs on neighbours alike, and the median forgets single blows.
Everything runs on one core where the system lets a process choose (Linux), so no library can take a second one.
"""

from __future__ import annotations

import gc
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from playground.bench.peers import TORCH, WAYS, Updates, Way
from playground.bench.records import Record, Target
from playground.bench.same_start import same_start
from playground.bench.sizes import SIZES

WARM_UP_UPDATES = 16
SLOW_MS = 10.0
"""An update that takes longer than this needs no more warming up than two of them."""


@dataclass(frozen=True)
class RatioRecord(Record):
    """Milliseconds of one update, and the rate as a multiple of torch's, which is `value`: medians over the turns."""

    cell: str = ""
    size: str = ""
    way: str = ""
    ms: float = math.nan
    low: float = math.nan
    high: float = math.nan
    """The quartiles of the ratio over the turns."""

    rows_alone: ClassVar[bool] = True

    def as_json(self) -> dict[str, Any]:
        """The line that scripts read."""
        ratio = self.value if isinstance(self.value, float) else math.nan
        return {
            "cell": self.cell,
            "size": self.size,
            "way": self.way,
            "ms": float(f"{self.ms:.4g}"),
            "ratio": float(f"{ratio:.4g}"),
        }


@dataclass(frozen=True, eq=False)
class Racer:
    """One way at work: how many updates it does in a turn, and what each turn took, in milliseconds an update."""

    way: Way
    updates: Updates
    count: int
    turns: list[float]


def race(
    cell: str,
    size: str,
    ways: Sequence[Way],
    *,
    turns: int,
    seconds: float,
    target: Callable[[Way], Target | None] = lambda way: None,
) -> Iterator[RatioRecord]:
    """These ways of training one cell in one size, each for about so many seconds in every turn.

    The first way is what the others are compared with. What cannot be made raises.
    """
    start = same_start(cell, SIZES[size])
    racers = [_racer(way, way.make(start), seconds) for way in ways if cell in way.cells]
    with _without_rubbish_collection():
        for turn in range(turns):
            shift = turn % len(racers)
            for racer in racers[shift:] + racers[:shift]:
                racer.turns.append(_ms(racer.updates, racer.count))
    first = racers[0].turns
    for racer in racers:
        ratios = [reference / own for reference, own in zip(first, racer.turns, strict=True)]
        low, high = _quartiles(ratios)
        yield RatioRecord(
            f"ratios: {cell} {size} {racer.way.name}",
            statistics.median(ratios),
            "x torch.nn",
            target(racer.way),
            cell=cell,
            size=size,
            way=racer.way.name,
            ms=statistics.median(racer.turns),
            low=low,
            high=high,
        )


def _racer(way: Way, updates: Updates, seconds: float) -> Racer:
    updates(1)  # compiles, allocates
    once = _ms(updates, 1)
    if once < SLOW_MS:
        updates(WARM_UP_UPDATES)
        once = _ms(updates, WARM_UP_UPDATES)
    count = max(1, round(1e3 * seconds / once))
    for whole in (64, 8):  # whole rounds of the batches, so that every turn is like the one before
        if count >= whole:
            count -= count % whole
            break
    if once < SLOW_MS:
        updates(count)
    return Racer(way, updates, count, [])


def _ms(updates: Updates, count: int) -> float:
    begun = time.perf_counter()
    updates(count)
    return 1e3 * (time.perf_counter() - begun) / count


def _quartiles(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    quarters = statistics.quantiles(values, n=4, method="inclusive")
    return quarters[0], quarters[2]


@contextmanager
def _without_rubbish_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def on_one_core() -> Iterator[None]:
    """This thread, and all threads that begin meanwhile, on one core, where the system lets a process choose.

    Libraries that count the cores when they are imported (JAX) must be imported inside.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def those_there() -> tuple[list[Way], list[str]]:
    """The ways whose packages are installed, and a sentence for each package that is not."""
    there = [way for way in WAYS if way.is_there()]
    sentences = [
        f"{way.needs} is not installed, so the rows of {way.name!r} are left out; "
        f"pip install 'sequence-playground[bench]' brings it."
        for way in WAYS
        if not way.is_there()
    ]
    assert there[0].name == TORCH
    return there, sentences
