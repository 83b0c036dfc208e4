"""What networks said of a series, in the series' own unit: pure functions; no Qt.

At the timestep that reads position p of the series a network forecasts position p + 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from playground.tasks.series.series import Values
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.task import EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.answer_tables import NOT_ASKED, NumberTable, SaidNumber
from playground.ui.vocabulary import network_title


def positions_of(sequence: EventSequence) -> NDArray[np.int64]:
    """(T,) the positions of the series that are read."""
    return np.array([int(event.name) for event in sequence.events], dtype=np.int64)


def forecasts_of(task: SeriesTask, sequence: EventSequence, trace: SequenceTrace) -> Values:
    """(T,) what a network forecasts at each timestep, in the unit of the series."""
    return task.one_ahead(trace.logits[:, 0], positions_of(sequence) + 1)


def forecast_words(task: Task, sequence: EventSequence, trace: SequenceTrace, timestep: int) -> str:
    """What a network forecasts at this timestep (0-based), as a verb and what belongs to it: "forecasts 26,145 MW for
    Fri 00:00"."""
    if not isinstance(task, SeriesTask):
        return ""
    series, value = task.series, float(forecasts_of(task, sequence, trace)[timestep])
    when = series.time_in_words(int(sequence.events[timestep].name) + 1)
    return f"forecasts {series.in_words(value)} for {when}"


def forecast_table(
    traces: Mapping[str, SequenceTrace],
    task: SeriesTask,
    sequence: EventSequence,
    timestep: int,
    vocabulary: str,
) -> NumberTable:
    """What all networks forecast at this timestep (0-based) beside the value that came, in the unit of the series."""
    series, position = task.series, int(sequence.events[timestep].name) + 1
    rows = tuple(
        SaidNumber(key, float(forecasts_of(task, sequence, trace)[timestep])) for key, trace in traces.items()
    )
    truth = float(series.values[position])
    seen = series.values[positions_of(sequence)]
    room = 0.1 * float(seen.max() - seen.min()) or 1.0
    scale = (float(seen.min()) - room, float(seen.max()) + room)
    counts = bool(sequence.asked[timestep])
    # The tolerance is one of what the network sees; around the true value it is this much of the unit.
    scaled = float(task.scaled[position])
    edges = task.one_ahead(np.array([scaled - task.tolerance, scaled + task.tolerance]), np.full(2, position))
    tolerance = float(edges[1] - edges[0]) / 2
    table = NumberTable(rows, truth, tolerance, *scale, NOT_ASKED, series.decimals)
    captions = _captions(table, task, vocabulary)
    if not counts:
        captions = tuple(f"Still warming up: this forecast does not count. {words}" for words in captions)
    return NumberTable(rows, truth, tolerance, *scale, captions, series.decimals)


def _captions(table: NumberTable, task: SeriesTask, vocabulary: str) -> tuple[str, ...]:
    """Who is nearest, and by how much each is off; the longest way of saying it first."""
    assert table.target is not None
    truth = table.target
    off = sorted(table.rows, key=lambda row: abs(row.value - truth))
    words = [
        f"{network_title(row.network, vocabulary)} {task.series.in_words(abs(row.value - truth))}"
        for row in off
    ]
    return f"Off by: {', '.join(words)}.", f"Nearest: {words[0]} off."
