"""Which table the prediction panel shows for a task and a timestep. Pure functions; no Qt.

Two rivals at the question (dog or wolf) stand side by side; few answers all do; of many the right one, the strongest
other one and the sum of the rest. Where nothing is asked, nothing is called right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.tasks.task import Answer, EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.prediction_words import (
    Bar,
    PredictionColumn,
    PredictionRow,
    PredictionTable,
    prediction_table,
    without_fillers,
)
from playground.ui.task_words import fillers_between, is_squared, short_number
from playground.ui.vocabulary import network_title

FEW = 4
"""So many answers all have a column."""
NOT_ASKED = ("Nothing is asked at this timestep: what is said here does not count.", "Not asked here.")


@dataclass(frozen=True)
class SaidNumber:
    """One network and the number it says."""

    network: str
    value: float


@dataclass(frozen=True)
class NumberTable:
    """Numbers that the networks say at one timestep, beside the right one (None where nothing is asked).

    An answer is right within `tolerance` of the target. `low`..`high` is the scale, the same at every timestep.
    """

    rows: tuple[SaidNumber, ...]
    target: float | None
    tolerance: float
    low: float
    high: float
    captions: tuple[str, ...]
    decimals: int | None = None
    """How many are written; None: as many as say something."""

    def is_right(self, row: SaidNumber) -> bool:
        """Whether this answer counts as right."""
        return self.target is not None and abs(row.value - self.target) < self.tolerance


def compares_rivals(task: Task) -> bool:
    """Whether the task's question is about two answers that are as likely."""
    return not is_squared(task) and task.rivals[0] != task.rivals[1] and abs(task.chance - 0.5) < 1e-9


def without_gap(task: Task, sequence: EventSequence, timestep: int) -> EventSequence | None:
    """The sequence up to this timestep (0-based) without its fillers, if the same question is asked of it, with the
    same answer; None where there is no such sequence, or nothing to leave out."""
    names = without_fillers(sequence.events, timestep)
    if is_squared(task) or len(names) in (timestep + 1, 0):
        return None
    try:
        short = task.sequence(names)
    except (KeyError, ValueError):  # what is left is no sequence of this task
        return None
    same = bool(short.asked[-1]) and int(short.targets[-1]) == int(sequence.targets[timestep])
    return short if same else None


def judged_at(task: Task, sequence: EventSequence, timestep: int) -> bool:
    """Whether what is said at this timestep can be called right or wrong."""
    asked = timestep < sequence.length and bool(sequence.asked[timestep])
    return asked or task.judged == "everywhere"


def answers_table(
    traces: Mapping[str, SequenceTrace],
    task: Task,
    sequence: EventSequence,
    timestep: int,
    vocabulary: str,
    drawings: Mapping[str, str],
    without_gap: Mapping[str, SequenceTrace] | None = None,
) -> PredictionTable:
    """What all networks say at this timestep (0-based), for a task whose answers are classes."""
    if not traces:
        return PredictionTable((), (), "")
    asked = timestep < sequence.length and bool(sequence.asked[timestep])
    truth = int(next(iter(traces.values())).targets[timestep])
    if task.judged == "everywhere" or (asked and compares_rivals(task) and truth in task.rivals):
        between = fillers_between(sequence.events[:timestep], task, vocabulary)
        return prediction_table(
            traces, task.answers, task.rivals, asked, timestep, vocabulary, drawings, without_gap, between
        )
    judged = judged_at(task, sequence, timestep)
    captions = class_captions(traces, task.answers, timestep, vocabulary) if judged else NOT_ASKED
    if len(task.answers) <= FEW:
        columns = tuple(
            PredictionColumn(answer.title, drawings.get(answer.name, ""), judged and answer.index == truth)
            for answer in task.answers
        )
        rows = tuple(_all(trace, timestep) for trace in traces.values())
    else:
        columns = (
            PredictionColumn(task.answers[truth].title, drawings.get(task.answers[truth].name, ""), True)
            if judged
            else PredictionColumn("most likely", "", False),
            PredictionColumn("next best", "", False),
            PredictionColumn("all others", "", False),
        )
        first = truth if judged else None
        rows = tuple(_strongest(trace, task.answers, timestep, first) for trace in traces.values())
    return PredictionTable(columns, rows, task.answers[truth].title if judged else "", captions)


def _all(trace: SequenceTrace, timestep: int) -> PredictionRow:
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    return PredictionRow(
        trace.network, tuple(Bar(float(p), "", index == best) for index, p in enumerate(probabilities))
    )


def _strongest(
    trace: SequenceTrace, answers: Sequence[Answer], timestep: int, first: int | None
) -> PredictionRow:
    """The bar of answer `first` (None: the strongest), the strongest other one, and the sum of the rest."""
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    shown = best if first is None else first
    others = [int(index) for index in np.argsort(probabilities)[::-1] if index != shown]
    next_best = others[0]
    rest = float(sum(float(probabilities[index]) for index in others[1:]))
    return PredictionRow(
        trace.network,
        (
            Bar(float(probabilities[shown]), answers[shown].title if first is None else "", shown == best),
            Bar(float(probabilities[next_best]), answers[next_best].title, next_best == best),
            Bar(rest, "", False),
        ),
    )


def class_captions(
    traces: Mapping[str, SequenceTrace], answers: Sequence[Answer], timestep: int, vocabulary: str
) -> tuple[str, ...]:
    """Who is right, and what the others say; the longest way of saying it first."""
    truth = int(next(iter(traces.values())).targets[timestep])
    said = {key: int(np.argmax(trace.probabilities[timestep])) for key, trace in traces.items()}
    names = {key: network_title(key, vocabulary) for key in said}
    right = [names[key] for key, best in said.items() if best == truth]
    wrong = [f"{names[key]} {answers[best].title}" for key, best in said.items() if best != truth]
    if not wrong:
        return ("Right." if len(right) == 1 else "All of them are right.",)
    if not right:
        return f"Nobody says {answers[truth].title}: {', '.join(wrong)}.", "Nobody is right."
    return (
        f"Right: {', '.join(right)}. The others say: {', '.join(wrong)}.",
        f"Right: {', '.join(right)}. Wrong: {len(wrong)}.",
    )


def numbers_table(
    traces: Mapping[str, SequenceTrace], task: Task, sequence: EventSequence, timestep: int, vocabulary: str
) -> NumberTable:
    """What all networks say at this timestep (0-based), for a task whose answers are numbers: its first output."""
    rows = tuple(SaidNumber(key, float(trace.logits[timestep][0])) for key, trace in traces.items())
    targets = np.asarray(sequence.targets, np.float64).reshape(sequence.length, -1)[:, 0]
    low, high = min(0.0, float(targets.min())), max(0.0, float(targets.max()))
    room = 0.2 * max(high - low, 1e-6)
    target = None
    if judged_at(task, sequence, timestep) and timestep < sequence.length:
        target = float(targets[timestep])
    table = NumberTable(rows, target, task.tolerance, low - room if low < 0 else low, high + room, NOT_ASKED)
    if target is None:
        return table
    return NumberTable(
        rows, target, task.tolerance, table.low, table.high, number_captions(table, vocabulary)
    )


def number_captions(table: NumberTable, vocabulary: str) -> tuple[str, ...]:
    """Who is near enough; the longest way of saying it first."""
    right = [network_title(row.network, vocabulary) for row in table.rows if table.is_right(row)]
    within = f"within {table.tolerance:g} of {short_number(table.target or 0.0)}"
    if not right:
        return f"Nobody is {within}.", "Nobody is near enough."
    if len(right) == len(table.rows):
        return f"{'Right' if len(right) == 1 else 'All are right'}: {within}.", "Right."
    return f"Right, {within}: {', '.join(right)}.", f"Right: {', '.join(right)}."
