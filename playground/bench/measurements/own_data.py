"""A user's own text and own tables, as files: opening a text of 100 MB, and what the recipes for them reach.

The files are stand-ins, written to a folder of their own: a part of Python's documentation as a text; demand and
weather as tables the way a spreadsheet of continental Europe saves them, with values missing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from playground.bench.measurements.text import NETWORK, losses
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.bench.streams import SEEDS, learned
from playground.tasks.series.learned_series import SeriesFile
from playground.tasks.series.series import Series
from playground.tasks.series.settings import SeriesFileSettings
from playground.tasks.series.sources import england_wales, seattle
from playground.tasks.text.learned_texts import TextFileTask
from playground.tasks.text.python_library import python_documentation
from playground.tasks.text.settings import TextFileSettings

TEXT_CHARACTERS = 200_000
MISSING_EVERY = 100
SECONDS = 30.0


def measure(session: BenchSession) -> Iterator[Record]:
    """Seconds and processor time of opening; held-out losses and errors beside the baselines; times of training."""
    seeds = range(1, session.repetitions(SEEDS, 2) + 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _opening(session, folder)
        yield from _text(session, folder, seeds)
        for series in (england_wales(), seattle("temp_max")):
            yield from _table(session, folder, series, seeds)


def _opening(session: BenchSession, folder: Path) -> Iterator[Record]:
    """A text of 100 MB from the file to the first batch; its processor time beside it, as others may be at work."""
    line = "The wolf, the bear and the fox went through the wood; the dog – being a dog – stayed at home.\n"
    size = session.repetitions(100_000_000, 10_000_000)
    path = folder / "large.txt"
    path.write_text(line * (size // len(line)), encoding="utf-8")
    begun, worked = time.perf_counter(), time.process_time()
    TextFileTask(TextFileSettings(file=str(path))).batch(1, 1, 0, 32)
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    title = f"own data: opening {size / 1e6:.0f} MB of text, to the first batch"
    yield Record(title, seconds, "s", Target(below=5.0))
    yield Record(f"{title}, processor time", processor, "s", Target(below=5.0))


def _text(session: BenchSession, folder: Path, seeds: range) -> Iterator[Record]:
    path = folder / "documentation.txt"
    path.write_text(python_documentation(TEXT_CHARACTERS), encoding="utf-8")
    task = TextFileTask(TextFileSettings(file=str(path)))
    results = learned(session, task, NETWORK, seeds)
    yield from losses(f"own file of {TEXT_CHARACTERS:,} characters", task, results, SECONDS)


def _table(session: BenchSession, folder: Path, series: Series, seeds: range) -> Iterator[Record]:
    path = folder / "table.csv"
    path.write_text(spreadsheet(series), encoding="utf-8")
    task = SeriesFile(SeriesFileSettings(file=str(path)))
    title = f"series: own table, {series.title}"
    best = min(errors.mae for _, errors in task.naive_errors)
    for naive, errors in task.naive_errors:
        yield Record(f"{title}, MAE of '{naive.title}'", errors.mae, series.unit)
    results = learned(session, task, NETWORK, seeds)
    found = [result.errors.mae for result in results if result.errors is not None]
    yield Record(
        f"{title}, one-step MAE, highest of {len(found)} seeds", max(found), series.unit, Target(below=best)
    )
    yield Record(f"{title}, one-step MAE, median", float(np.median(found)), series.unit)
    longest = max(result.seconds for result in results)
    yield Record(f"{title}, time of training, longest", longest, "s", Target(at_most=SECONDS))
    yield Record(f"{title}, processor time of training, longest", max(r.processor for r in results), "s")


def spreadsheet(series: Series) -> str:
    """A table of this series: semicolons, decimal commas, dates as 31.01.2012, and every hundredth value missing."""
    assert series.times is not None
    lines = ["When;Value"]
    for place, (when, value) in enumerate(zip(series.times.tolist(), series.values.tolist(), strict=True)):
        cell = "" if place % MISSING_EVERY == MISSING_EVERY // 2 else f"{value:.1f}".replace(".", ",")
        lines.append(f"{when:%d.%m.%Y %H:%M};{cell}")
    return "\n".join(lines) + "\n"
