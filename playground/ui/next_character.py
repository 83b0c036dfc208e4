"""What every network gives the next character, and why the one that was drawn was drawn. Pure functions; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.tasks.task import Answer, EventSequence
from playground.tasks.text.vocabulary import named
from playground.trace.generated import Choice
from playground.trace.sampling import ranked
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.answer_tables import class_captions
from playground.ui.run_words import percent
from playground.ui.shown_sequence import ShownSequence
from playground.ui.vocabulary import network_in_a_sentence
from playground.ui.writing_words import choice_sentence


@dataclass(frozen=True, eq=False)
class NextCharacter:
    """One timestep. `order` (K,): the characters, the likeliest of the first network named `ranked_by` at the top.

    `shares`: by network (K,), by character. `was`: the same without the what-if that is active. `marked`: the character
    that was drawn, or that comes next; None: nobody knows. `writer`: who drew it, with the record `choice`.
    """

    titles: tuple[str, ...]
    order: NDArray[np.int64]
    ranked_by: str
    shares: Mapping[str, NDArray[np.float32]]
    was: Mapping[str, NDArray[np.float32]]
    marked: int | None
    writer: str
    choice: Choice | None
    heading: tuple[str, str]
    captions: tuple[str, ...]
    """The same said in several lengths, the longest first."""

    def lines(self, room: int) -> list[int]:
        """So many characters: the likeliest ones, and the marked one."""
        first = [int(symbol) for symbol in self.order[: max(1, room)]]
        if self.marked is not None and self.marked not in first:
            first[-1] = self.marked
        return first


def next_character(
    traces: Mapping[str, SequenceTrace],
    changed: Mapping[str, SequenceTrace],
    answers: Sequence[Answer],
    sequence: EventSequence,
    shown: ShownSequence | None,
    timestep: int,
    opened: str,
    vocabulary: str,
) -> NextCharacter:
    """What these networks give the next character at this timestep (0-based). `changed`: those that a what-if changes,
    as they would be."""
    now = {key: changed.get(key, trace) for key, trace in traces.items()}
    now = {key: trace for key, trace in now.items() if timestep < trace.length}
    writer = shown.network if shown is not None and shown.written is not None else ""
    first = writer if writer in now else opened if opened in now else next(iter(now))
    shares = {key: trace.probabilities[timestep] for key, trace in now.items()}
    was = {
        key: traces[key].probabilities[timestep]
        for key in changed
        if key in traces and timestep < traces[key].length
    }
    marked: int | None = None
    choice: Choice | None = None
    if shown is not None and shown.written is not None:
        place = shown.place_at(timestep)
        choice = shown.written.choice(place) if place is not None else None
        marked = choice.drawn if choice is not None else None
        heading, captions = _of_the_record(traces, shown, place, choice, timestep, vocabulary)
    elif timestep < sequence.length and sequence.asked[timestep]:
        marked = int(sequence.targets[timestep])
        heading = ("Which character comes next?", f"it is “{named(answers[marked].name)}”")
        captions = class_captions(now, answers, timestep, vocabulary)
    else:
        heading = ("Which character comes next?", "")
        captions = (
            "What follows is not known: nothing is right or wrong here.",
            "What follows is not known.",
        )
    if was and first in was:
        symbol = marked if marked is not None else int(ranked(shares[first])[0])
        who = network_in_a_sentence(first, vocabulary)
        would = (
            f"With the what-if {who} would give “{named(answers[symbol].name)}” "
            f"{percent(float(shares[first][symbol]))}; "
            f"as it is, {percent(float(was[first][symbol]))}."
        )
        heading, captions = (heading[0], "what if"), (would,)
    return NextCharacter(
        titles=tuple(answer.title for answer in answers),
        order=ranked(shares[first]),
        ranked_by=first,
        shares=shares,
        was=was,
        marked=marked,
        writer=writer,
        choice=choice,
        heading=heading,
        captions=captions,
    )


def _of_the_record(
    traces: Mapping[str, SequenceTrace],
    shown: ShownSequence,
    place: int | None,
    choice: Choice | None,
    timestep: int,
    vocabulary: str,
) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Heading and sentence of a text that a network wrote: why this character."""
    written = shown.written
    assert written is not None
    if choice is None or place is None:
        if timestep < len(written.read) - 1:
            told = "The prompt is read here: what comes next was given, not drawn."
            return ("Which character comes next?", "the prompt"), (told,)
        told = "The text ends here: nothing was drawn after this character."
        return ("Which character would come next?", "the end"), (told,)
    heading = (
        f"Why “{named(choice.character)}”?",
        f"character {place + 1} of {len(written.written)}",
    )
    sentence = choice_sentence(choice, written.settings, network_in_a_sentence(shown.network, vocabulary))
    trace = traces.get(shown.network)
    if trace is not None and trace.update != shown.update:
        when = "before training" if shown.update == 0 else f"at update {shown.update:,}"
        sentence = f"Drawn {when}; the bars are those of update {trace.update:,}. {sentence}"
    short = f"Drawn: {choice.random_number:.3f}, between {choice.low:.3f} and {choice.high:.3f}, its share."
    return heading, (sentence, short)
