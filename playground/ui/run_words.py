"""What the window says about the run and about the timestep shown, as sentences. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from playground.tasks.task import Answer
from playground.trace.snapshot import ReplayProgress, RunState, TrainingSnapshot
from playground.ui.vocabulary import network_in_a_sentence, network_title

if TYPE_CHECKING:
    from playground.contract.preparation import Preparation
    from playground.trace.sequence_trace import SequenceTrace

ONE_AT_A_TIME = 0.0
COIN_TOSS = 0.05
"""Two rivals whose shares differ by less than this are told as a coin toss."""

SPEEDS: tuple[tuple[float | None, str, str], ...] = (
    (ONE_AT_A_TIME, "One at a time", "Each press of Train does exactly one update of every network."),
    (1.0, "1 a second", "One update a second: slow enough to talk over."),
    (5.0, "5 a second", "Five updates a second: slow enough to follow single cells."),
    (50.0, "50 a second", "Fifty updates a second: the curves grow while you watch."),
    (500.0, "500 a second", "Five hundred updates a second, if this computer reaches it."),
    (None, "Full speed", "As fast as this computer can."),
)
"""The speeds that are offered: updates a second, what the control says, one sentence."""


def percent(share: float) -> str:
    """A share in whole percent. Never "100 %" or "0 %" of something that only rounds to it."""
    if 0.995 <= share < 1.0:
        return "over 99 %"
    if 0.0 < share < 0.005:
        return "under 1 %"
    return f"{100 * share:.0f} %"


def speed_title(speed: float | None) -> str:
    """What the speed control says."""
    for value, title, _ in SPEEDS:
        if value == speed:
            return title
    return f"{speed:g} a second"


def rate_words(asked: float | None, reached: float) -> str:
    """The rate that is reached, if it is news: at full speed always, else where it falls short of what was asked."""
    if reached <= 0:
        return ""
    if asked and reached >= 0.9 * asked:
        return ""
    rounded = f"{reached:,.0f}" if reached >= 10 else f"{reached:.1f}"
    return f"reaches {rounded} a second" if asked else f"{rounded} a second"


def run_facts(
    snapshot: TrainingSnapshot, seed: int, shown_update: int | None = None, *, new_run: bool = False
) -> str:
    """Where the run is: "update 312 · 9,984 sequences · seed 1".

    `shown_update`: an earlier moment that is shown instead. `new_run`: the engine is there, only the networks are made.
    """
    if snapshot.state is RunState.LOADING:
        return f"{'the networks are being made' if new_run else 'the engine is loading'} · seed {seed}"
    if shown_update is not None:
        return f"showing update {shown_update:,} · the run is at {snapshot.update:,}"
    return f"update {snapshot.update:,} · {snapshot.sequences_seen:,} sequences · seed {seed}"


def path_words(path: str, on_reference: Sequence[str], vocabulary: str) -> str:
    """Which way of computing trains, where that is worth a word: a few words for the edge of the window."""
    if path == "reference" or not path:
        return ""
    if not on_reference:
        return f"trained on the {path} path"
    slow = ", ".join(network_title(key, vocabulary) for key in on_reference)
    return f"trained on the fast path; {slow} on the reference path"


def preparation_words(preparation: Preparation) -> str:
    """What is prepared beside the run, and how far it is: a few words for the edge of the window."""
    return f"{preparation.sentence.partition(',')[0].rstrip('.')}: {int(100.0 * preparation.fraction)} %"


def replay_words(travel: ReplayProgress) -> str:
    """How far a replay has come."""
    return f"Replaying to update {travel.target_update:,}: at {travel.at_update:,} now. Esc gives it up."


def status_sentence(
    trace: SequenceTrace,
    answers: Sequence[Answer],
    rivals: tuple[int, int],
    timestep: int,
    unit: int,
    vocabulary: str,
    event: str = "picture",
    said: str = "",
) -> str:
    """The status line of the timestep shown: what the network says, and what became of one unit's long-term memory.

    `timestep` and `unit` are 0-based, the sentence counts from 1. "it kept" is the forget factor of that
    timestep; before the first there was nothing to keep. `event`: what one thing that comes in is called. `said`: what
    the network says, where that is not the number or the answer itself.
    """
    network = network_in_a_sentence(trace.network, vocabulary)
    said = said or says(trace, answers, rivals, timestep)
    return f"At timestep {timestep + 1} {network} {said}{_memory_clause(trace, timestep, unit, vocabulary, event)}."


def says(trace: SequenceTrace, answers: Sequence[Answer], rivals: tuple[int, int], timestep: int) -> str:
    """What a network says at this timestep (0-based), as a verb and what belongs to it."""
    if trace.loss == "squared_error":
        return f"says {f'{float(trace.logits[timestep][0]):.2f}'.replace('-', '−')}"
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    first, second = (float(probabilities[rival]) for rival in rivals)
    between_two = rivals[0] != rivals[1] and best in rivals and first + second > 0.5
    if between_two and abs(first - second) < COIN_TOSS:
        titles = " or ".join(answers[rival].title for rival in rivals)
        return f"cannot tell {titles}: a coin toss"
    return f"says {answers[best].title}, {percent(float(probabilities[best]))}"


def _memory_clause(trace: SequenceTrace, timestep: int, unit: int, vocabulary: str, event: str) -> str:
    if not trace.description.states:
        return f": it sees each {event} alone"
    if not trace.description.has_cell_state or "forget_gate" not in trace.top.quantities:
        return ""
    if timestep == 0:
        return (
            ": its long-term memory was still empty"
            if vocabulary == "guide"
            else ": its cell state was still zero"
        )
    kept = percent(float(trace.value("forget_gate")[timestep, min(unit, trace.top.units - 1)]))
    if vocabulary == "guide":
        return f": it kept {kept} of unit {unit + 1}'s long-term memory"
    return f": its forget gate kept {kept} of unit {unit + 1}'s cell state"
