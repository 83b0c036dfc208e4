"""The one table of measurements. What measures is imported only when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from playground.bench.records import Record
    from playground.bench.session import BenchSession


@dataclass(frozen=True)
class Measurement:
    """One measurement: its module in `bench.measurements` has its name and a function `measure(session)`."""

    name: str
    what: str
    """What is measured."""
    to_reach: str
    """The number to reach, in words."""

    def function(self) -> Callable[[BenchSession], Iterator[Record]]:
        """What measures it: a generator of records. Imported now."""
        module = importlib.import_module(f"playground.bench.measurements.{self.name.replace('-', '_')}")
        return cast("Callable[[BenchSession], Iterator[Record]]", module.measure)


MEASUREMENTS = (
    Measurement(
        "start",
        "from the start of the process to the first paint of event strip and Train button",
        "under 0.6 s, warm, median of 5",
    ),
    Measurement(
        "cells",
        "the cells against torch in float64; traces against their own equations",
        "outputs and all gradients within 1e-10",
    ),
    Measurement(
        "learning",
        "right answers of every network after training with the defaults, over 10 seeds",
        "both LSTMs at least 99 %, no memory 45 to 55 %, RNN's median at most 60 %; LSTM at 95 % in under 5 s",
    ),
    Measurement(
        "memory-tasks",
        "the memory tasks of the literature with the recipes that ship, by the criteria of their papers, over 10 seeds",
        "10 of 10 where the recipe says so; 8 symbols over 100 distractors in under 2 s",
    ),
    Measurement(
        "text",
        "character tasks with the recipes that ship, over 5 seeds; a million characters against ten thousand",
        "below the 3-gram model in 20 s (names) and 30 s (headlines); a unit with |r| above 0.9 for 'inside quotes'",
    ),
    Measurement(
        "series",
        "one-step forecasts with the recipes that ship, beside the naive ones, over 5 seeds",
        "MAPE below 1.0 % (England and Wales) and 3.0 % (Portugal) within 30 s",
    ),
    Measurement(
        "own-data",
        "a user's own text and tables: opening 100 MB, and what the recipes for them reach over 5 seeds",
        "100 MB in under 5 s; below the 3-gram model, and below the best naive forecast, within 30 s",
    ),
    Measurement(
        "pause",
        "how long a pause takes to land while five networks train on 60 flowers",
        "within 15 ms, all networks at the same update",
    ),
    Measurement(
        "history",
        "10,000 updates of the past of five networks: bringing a moment back, and memory",
        "a kept moment painted in under 50 ms, memory grown by less than 150 MB",
    ),
    Measurement(
        "frame",
        "the Train page while five networks train at full speed, after 10,000 updates",
        "page update p95 under 8 ms, 28 fresh frames a second, lateness of the event loop p99 under 16 ms",
    ),
    Measurement(
        "microscope",
        "the Step page at 60 timesteps and 64 units: timestep, sub-step and hover, while training and paused",
        "painted within 16 ms, p95",
    ),
    Measurement(
        "keys",
        "from a key press on the Step page to the painted timestep, while training and paused",
        "p95 under 16 ms",
    ),
    Measurement(
        "engine-import",
        "importing the engine, beyond what torch alone takes; loading the compiled kernels",
        "under 0.3 s",
    ),
    Measurement(
        "compile",
        "the first compilation of the kernels of all cells, in a process of its own",
        "under 20 s",
    ),
    Measurement(
        "linearity",
        "the cost of an update against length (10 to 1,000) and batch (1 to 256)",
        "a straight line explains at least 0.98 of it",
    ),
    Measurement(
        "ratios",
        "one update with every gate recorded, beside torch.nn, JAX and numpy",
        "LSTM 45, 3.2, 2.1, 1.9 times the rate of torch.nn in sizes S, M, L, X; ahead of JAX everywhere",
    ),
    Measurement(
        "what-if",
        "from the key that holds a gate to the painted answer, 60 timesteps of 64 units, paused and training",
        "p95 under 50 ms",
    ),
    Measurement(
        "seed-fan",
        "2 networks x 8 distances x 10 seeds, each a training of its own, beside the open Memory page",
        "first point in 2 s, all 160 in under 60 s, lateness of the event loop p99 under 25 ms",
    ),
    Measurement(
        "window-rate",
        "training beside the open window against training without it, alternating",
        "at least 0.9 of the headless rate",
    ),
)
NAMES = tuple(measurement.name for measurement in MEASUREMENTS)
"""In the order in which they run: what must not be disturbed by a loaded engine or a long run comes first."""


def chosen(names: tuple[str, ...]) -> list[Measurement]:
    """These measurements in the order of the table; all of them when none is named."""
    return [measurement for measurement in MEASUREMENTS if not names or measurement.name in names]
