"""Sequences that can be opened in the probe's place: a written text, a window of a series, a held-out one. No Qt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from playground.contract.cell_description import Words
from playground.tasks.fresh_sequence import FRESH_SEED, fresh_sequence
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.task import EventSequence, Task
from playground.tasks.text.character_task import CharacterTask
from playground.trace.generated import Generated
from playground.ui.shown_sequence import ShownSequence
from playground.ui.vocabulary import network_in_a_sentence

MOST_VALUES = 400
"""Timesteps of a window of a series: what lies before them would only be warming up."""


def written_text(
    task: CharacterTask, generated: Generated, network: str, update: int, place: int = 0
) -> ShownSequence:
    """A text that a network wrote at this update, to be opened where the character at `place` was drawn.

    The network reads what it read then, and every character that it wrote; the target at each timestep is the character
    that was drawn. Nothing is asked: there is no right answer to what was drawn at random.
    """
    read = "".join(generated.characters[symbol] for symbol in (*generated.read, *generated.written))
    made = task.sequence(list(read))
    return ShownSequence(
        EventSequence(made.events, made.inputs, made.targets, np.zeros(made.length, dtype=np.bool_)),
        Words(
            *(
                f"A text {network_in_a_sentence(network, words)} wrote "
                + ("before training" if update == 0 else f"at update {update:,}")
                for words in ("guide", "textbook")
            )
        ),
        begin=len(generated.read) - 1 + place,
        update=update,
        network=network,
        written=generated,
    )


def forecast_window(task: SeriesTask, first: int, last: int, start: int) -> ShownSequence:
    """The values at positions first..last - 1, as far as they and the ones after them are known; the forecasts of
    `start` and later values count, and the playhead stands where that of `start` is made."""
    last = min(last, task.series.length - 1)
    first = max(0, first, last - MOST_VALUES)
    start = max(first + 1, min(start, last))
    positions = np.arange(first, last)
    made = task.positions_sequence(positions)
    when = task.series.time_in_words(start)
    title = f"{task.series.title}, forecast from {when} on"
    return ShownSequence(
        EventSequence(made.events, made.inputs, made.targets, positions + 1 >= start),
        Words(title, title),
        begin=start - 1 - first,
    )


def held_out_sequence(task: Task, number: int) -> ShownSequence | None:
    """Sequence `number` (from 1) of those that no network is trained on; None where its events cannot be told."""
    title = f"Held-out sequence {number}, which no network was trained on"
    if isinstance(task, SeriesTask):
        series, length = task.series, task.series.probe_length
        latest = max(series.split + 1, series.length - length)
        start = int(np.random.default_rng([FRESH_SEED, number]).integers(series.split, latest))
        window = forecast_window(task, start - length, start + length, start)
        return replace(window, number=number)
    sequence = fresh_sequence(task, number)
    if sequence is None:
        return None
    asked = np.flatnonzero(sequence.asked)
    return ShownSequence(
        sequence, Words(title, title), begin=int(asked[0]) if len(asked) else 0, number=number
    )
