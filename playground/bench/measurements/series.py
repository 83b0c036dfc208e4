"""Forecasts of electricity demand with the recipes that ship, beside the naive ones; and shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.bench.streams import SEEDS, learned
from playground.tasks.series.learned_series import EnglandWales, Portugal, Shares
from playground.tasks.series.series_task import SeriesTask

NETWORK = "lstm"
SECONDS = 30.0

TO_REACH = ((EnglandWales, 1.0), (Portugal, 3.0), (Shares, None))
"""Each series, and the MAPE of one-step forecasts of its held-out part that its recipe stays below."""


def measure(session: BenchSession) -> Iterator[Record]:
    """MAPE of one-step forecasts of the held-out part in per cent, seconds of training alone."""
    seeds = range(1, session.repetitions(SEEDS, 2) + 1)
    for kind, limit in TO_REACH:
        yield from _one(session, kind(), seeds, limit)


def _one(session: BenchSession, task: SeriesTask, seeds: range, limit: float | None) -> Iterator[Record]:
    title = f"series: {task.series.title}"
    for naive, errors in task.naive_errors:
        yield Record(f"{title}, MAPE of '{naive.title}'", errors.mape, "%")
    results = learned(session, task, NETWORK, seeds)
    mapes = [result.errors.mape for result in results if result.errors is not None]
    target = None if limit is None else Target(below=limit)
    yield Record(f"{title}, one-step MAPE, highest of {len(mapes)} seeds", max(mapes), "%", target)
    yield Record(f"{title}, one-step MAPE, median", float(np.median(mapes)), "%")
    longest = max(result.seconds for result in results)
    yield Record(f"{title}, time of training, longest", longest, "s", Target(at_most=SECONDS))
