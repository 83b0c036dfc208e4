"""What the prediction panel shows while a what-if is active: what every network says at the question, and would say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from playground.tasks.task import Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.answer_tables import compares_rivals
from playground.ui.panels.prediction_words import Bar, PredictionColumn, PredictionRow, PredictionTable
from playground.ui.what_if_view import WhatIfView
from playground.ui.what_if_words import because, consequence, question_of


def what_if_table(
    view: WhatIfView,
    traces: Mapping[str, SequenceTrace],
    network: str,
    task: Task,
    vocabulary: str,
    drawings: Mapping[str, str],
) -> PredictionTable:
    """The two rivals at the question, for every network of `traces` (the true ones); `network` is opened."""
    before, after = question_of(view.true_sequence), question_of(view.sequence)
    truth = int(view.sequence.targets[after])
    answers = task.answers
    rivals = (
        task.rivals if compares_rivals(task) else _truth_and_strongest(view, traces, network, truth, after)
    )
    columns = tuple(
        PredictionColumn(answers[rival].title, drawings.get(answers[rival].name, ""), rival == truth)
        for rival in rivals
    )
    rows = []
    for key, trace in traces.items():
        true = view.true.get(key, trace)
        changed = view.changed.get(key)
        if before >= true.length:
            continue
        shown = true.probabilities[before] if changed is None else changed.probabilities[after]
        best = int(np.argmax(shown))
        bars = tuple(
            Bar(
                float(shown[rival]),
                "",
                rival == best,
                None if changed is None else float(true.probabilities[before][rival]),
            )
            for rival in rivals
        )
        rows.append(PredictionRow(key, bars))
    trace_of_opened = traces.get(network)
    why = because(
        view.entries,
        view.true_sequence,
        task.events(),
        trace_of_opened.description if trace_of_opened is not None else None,
        vocabulary,
    )
    captions = consequence(view, network, why, answers, task.rivals, vocabulary)
    return PredictionTable(columns, tuple(rows), answers[truth].title, captions)


def _truth_and_strongest(
    view: WhatIfView, traces: Mapping[str, SequenceTrace], network: str, truth: int, after: int
) -> tuple[int, int]:
    """Of many answers the right one, and what the opened network would say otherwise."""
    trace = view.changed.get(network, traces.get(network, next(iter(traces.values()))))
    order = np.argsort(trace.probabilities[min(after, trace.length - 1)])[::-1]
    return truth, next(int(answer) for answer in order if int(answer) != truth)


def compared(
    view: WhatIfView, network: str, rivals: tuple[int, int], truth: int, timestep: int
) -> tuple[int, int]:
    """The two answers that have a column: the rivals where the question is about them, else the truth and the answer
    that the opened network would give, or thinks of next."""
    changed = view.changed.get(network)
    if truth in rivals or changed is None:
        return rivals
    likely = [int(answer) for answer in np.argsort(-changed.probabilities[timestep]) if int(answer) != truth]
    return (truth, likely[0]) if likely else rivals


def shows_classes(view: WhatIfView, traces: Mapping[str, SequenceTrace]) -> bool:
    """Whether the answers are classes, of which two are rivals: others have no bars to compare."""
    trace = next(iter(traces.values()), None)
    return trace is not None and trace.loss == "cross_entropy" and view.sequence.targets.ndim == 1
