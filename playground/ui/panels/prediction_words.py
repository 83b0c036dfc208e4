"""What the prediction panel shows and says, as pure functions: probabilities in, columns and sentences out. No Qt.

Nothing is claimed that was not measured: the caption is decided by the probabilities of the timestep shown; that a
network lost something on the way is said only when the same network, asked without the way in between, knew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.tasks.task import Answer, Event
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.run_words import COIN_TOSS, percent
from playground.ui.vocabulary import network_title

SURE = 0.8
"""Of the two rivals the right one must have this share, asked without a gap, to say that a network knew."""
LOST = 0.6
"""Below this share, asked with the gap, a network that knew has lost it."""


@dataclass(frozen=True)
class Bar:
    """One probability. `name`: of which answer, where it is not the column's; `says`: it is what the network says.

    `was`: what it is without the what-if that is active; None where it changes nothing.
    """

    probability: float
    name: str
    says: bool
    was: float | None = None


@dataclass(frozen=True)
class PredictionRow:
    """One network: a bar in each column."""

    network: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class PredictionColumn:
    """One answer. `drawing`: its picture's stem, or ""; `truth`: it is the right one."""

    title: str
    drawing: str
    truth: bool


@dataclass(frozen=True)
class PredictionTable:
    """What all networks say at one timestep."""

    columns: tuple[PredictionColumn, ...]
    rows: tuple[PredictionRow, ...]
    truth: str
    captions: tuple[str, ...] = ("",)
    """The same said in several lengths, the longest first."""

    @property
    def caption(self) -> str:
        """The longest caption."""
        return self.captions[0]


def prediction_table(
    traces: Mapping[str, SequenceTrace],
    answers: Sequence[Answer],
    rivals: tuple[int, int],
    asked: bool,
    timestep: int,
    vocabulary: str,
    drawings: Mapping[str, str],
    without_gap: Mapping[str, SequenceTrace] | None = None,
    gap_words: str = "",
) -> PredictionTable:
    """All networks at this timestep (0-based). Asked: the two rivals; otherwise the truth, and each network's strongest
    other answer. `without_gap`: the same networks on the same sequence without the fillers, if they were asked."""
    if not traces:
        return PredictionTable((), (), "")
    truth = int(next(iter(traces.values())).targets[timestep])
    if asked:
        columns = tuple(
            PredictionColumn(answers[rival].title, drawings.get(answers[rival].name, ""), rival == truth)
            for rival in rivals
        )
        rows = tuple(_rival_row(trace, rivals, timestep) for trace in traces.values())
        captions = asked_captions(traces, rivals, timestep, vocabulary, without_gap, gap_words)
    else:
        columns = (
            PredictionColumn(answers[truth].title, drawings.get(answers[truth].name, ""), True),
            PredictionColumn("next best", "", False),
        )
        rows = tuple(_open_row(trace, answers, truth, timestep) for trace in traces.values())
        captions = open_captions(traces, answers, timestep, vocabulary)
    return PredictionTable(columns, rows, answers[truth].title, captions)


def _rival_row(trace: SequenceTrace, rivals: tuple[int, int], timestep: int) -> PredictionRow:
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    return PredictionRow(trace.network, tuple(Bar(float(probabilities[r]), "", r == best) for r in rivals))


def _open_row(trace: SequenceTrace, answers: Sequence[Answer], truth: int, timestep: int) -> PredictionRow:
    probabilities = trace.probabilities[timestep].copy()
    best = int(np.argmax(probabilities))
    right = Bar(float(probabilities[truth]), "", truth == best)
    probabilities[truth] = -1.0
    other = int(np.argmax(probabilities))
    if len(probabilities) < 2:
        return PredictionRow(trace.network, (right,))
    return PredictionRow(
        trace.network, (right, Bar(float(probabilities[other]), answers[other].title, other == best))
    )


def rival_share(trace: SequenceTrace, rivals: tuple[int, int], timestep: int) -> float:
    """P(truth) / (P(first rival) + P(second rival)); 0.5 when both are zero or the truth is neither."""
    first, second = (float(trace.probabilities[timestep][rival]) for rival in rivals)
    truth = int(trace.targets[timestep])
    if truth not in rivals or first + second <= 0:
        return 0.5
    return (first if truth == rivals[0] else second) / (first + second)


def asked_captions(
    traces: Mapping[str, SequenceTrace],
    rivals: tuple[int, int],
    timestep: int,
    vocabulary: str,
    without_gap: Mapping[str, SequenceTrace] | None = None,
    gap_words: str = "",
) -> tuple[str, ...]:
    """Who is right, who tosses a coin, who is wrong; who knew it without the gap. The longest way of saying it comes
    first."""
    groups: dict[str, list[str]] = {"right": [], "a coin toss": [], "wrong": [], "something else": []}
    for key, trace in traces.items():
        best = int(np.argmax(trace.probabilities[timestep]))
        share = rival_share(trace, rivals, timestep)
        if best not in rivals:
            groups["something else"].append(key)
        elif abs(share - 0.5) < COIN_TOSS:
            groups["a coin toss"].append(key)
        else:
            groups["right" if share > 0.5 else "wrong"].append(key)
    clauses = {
        "right": "{names} {is_are} right",
        "a coin toss": "for {names} it is a coin toss",
        "wrong": "{names} {is_are} wrong",
        "something else": "{names} {say} something else",
    }
    parts = [_clause(clauses[word], keys, vocabulary) for word, keys in groups.items() if keys]
    long, short = _sentence(parts), _listed(groups, vocabulary)
    lost = lost_on_the_way(traces, without_gap, rivals, timestep)
    if lost and gap_words:
        knew = f"Without the {gap_words} {_names(lost, vocabulary)} knew it."
        return f"{long} {knew}", f"{short} {knew}", short
    return long, short


def lost_on_the_way(
    traces: Mapping[str, SequenceTrace],
    without_gap: Mapping[str, SequenceTrace] | None,
    rivals: tuple[int, int],
    timestep: int,
) -> list[str]:
    """The networks that are not right now, and were when the sequence came without its fillers, at the same update."""
    lost = []
    for key, trace in traces.items():
        short = (without_gap or {}).get(key)
        if short is None or (short.run_id, short.update) != (trace.run_id, trace.update):
            continue
        knew = rival_share(short, rivals, short.length - 1)
        if knew >= SURE and rival_share(trace, rivals, timestep) < LOST:
            lost.append(key)
    return lost


def open_captions(
    traces: Mapping[str, SequenceTrace], answers: Sequence[Answer], timestep: int, vocabulary: str
) -> tuple[str, ...]:
    """Who names the event, and what the others say instead. The longest way of saying it first."""
    truth = int(next(iter(traces.values())).targets[timestep])
    said = {key: int(np.argmax(trace.probabilities[timestep])) for key, trace in traces.items()}
    right = [key for key, best in said.items() if best == truth]
    if len(right) == len(said):
        return "Right: no memory is needed where the event says it itself.", "Right."
    by_answer: dict[int, list[str]] = {}
    for key, best in said.items():
        if best != truth:
            by_answer.setdefault(best, []).append(key)
    parts = [_clause("{names} {is_are} right", right, vocabulary)] if right else []
    parts += [
        _clause(f"{{names}} {{say}} {answers[best].title}", keys, vocabulary)
        for best, keys in by_answer.items()
    ]
    wrong = [key for key in said if key not in right]
    return _sentence(parts), _listed({"right": right, "wrong": wrong}, vocabulary)


def spoken(table: PredictionTable, vocabulary: str) -> str:
    """The whole table as plain text, for screen readers."""
    lines = [f"The truth is {table.truth}."] if table.truth else []
    for row in table.rows:
        bars = [
            f"{bar.name or column.title} {percent(bar.probability)}"
            + (f" (was {percent(bar.was)})" if bar.was is not None else "")
            for bar, column in zip(row.bars, table.columns, strict=False)
        ]
        lines.append(f"{network_title(row.network, vocabulary)}: {', '.join(bars)}.")
    return " ".join([*lines, table.caption]).strip()


def without_fillers(events: Sequence[Event], timestep: int) -> tuple[str, ...]:
    """The names of the events up to this timestep that are no fillers."""
    return tuple(event.name for event in events[: timestep + 1] if not event.filler)


def short_percent(share: float) -> str:
    """A share in few letters: "97 %", and never "100 %" or "0 %" of something that only rounds to it."""
    if not np.isfinite(share):
        return "?"
    if 0.995 <= share < 1.0:
        return "> 99 %"
    if 0.0 < share < 0.005:
        return "< 1 %"
    return f"{100 * share:.0f} %"


def _sentence(parts: Sequence[str]) -> str:
    """Clauses as one sentence."""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _listed(groups: Mapping[str, Sequence[str]], vocabulary: str) -> str:
    """ "Right: LSTM, GRU. Wrong: RNN." """
    lists = [
        f"{word[:1].upper()}{word[1:]}: {', '.join(network_title(key, vocabulary) for key in keys)}."
        for word, keys in groups.items()
        if keys
    ]
    return " ".join(lists)


def _clause(pattern: str, keys: Sequence[str], vocabulary: str) -> str:
    one = len(keys) == 1
    return pattern.format(
        names=_names(keys, vocabulary), is_are="is" if one else "are", say="says" if one else "say"
    )


def _names(keys: Sequence[str], vocabulary: str) -> str:
    names = [network_title(key, vocabulary) for key in keys]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
