"""What-ifs in words: each entry of the list as a line, and the consequence as one sentence. Pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.tasks.task import Answer, Event, EventSequence
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure
from playground.ui.run_words import COIN_TOSS, percent
from playground.ui.vocabulary import network_in_a_sentence, network_title
from playground.ui.what_if_list import Entry, row_after
from playground.ui.what_if_view import WhatIfView

MOST_UNITS_NAMED = 4


def entry_words(
    entry: Entry,
    entries: Sequence[Entry],
    sequence: EventSequence,
    events: Sequence[Event],
    description: CellDescription | None,
    vocabulary: str,
) -> str:
    """One line of the list: "From timestep 3 on: forget gate of all units held shut".

    `sequence` is the true one, `events` all that the task has, `description` that of the opened network.
    """
    first = entry.interventions[0]
    titles = {event.name: event.title for event in events}
    if isinstance(first, ReplaceEvent | RemoveEvent):
        before = entries[: [each.number for each in entries].index(entry.number)]
        old = _title_at(first.at, before, sequence, titles)
        if isinstance(first, RemoveEvent):
            return f"Timestep {first.at + 1}: {old} left out"
        new = titles.get(first.event, first.event)
        return f"Timestep {first.at + 1}: {new} instead of {old}"
    if isinstance(first, InsertEvent):
        return f"New timestep {first.at + 1}: {titles.get(first.event, first.event)} put in"
    words = f"{_when(first)}: {_what(first, description, vocabulary)}"
    return f"{words} ({network_title(entry.network, vocabulary)} only)" if entry.network else words


def _title_at(at: int, before: Sequence[Entry], sequence: EventSequence, titles: dict[str, str]) -> str:
    """What the event is called that stands here after the edits before."""
    row = row_after(sequence.length, before)
    if not 0 <= at < len(row):
        return "nothing"
    names: dict[tuple[str, int], str] = {
        ("true", timestep): event.title for timestep, event in enumerate(sequence.events)
    }
    done: list[Entry] = []
    for entry in before:
        edit = entry.event_edit
        if entry.on and isinstance(edit, InsertEvent):
            names["new", entry.number] = titles.get(edit.event, edit.event)
        elif entry.on and isinstance(edit, ReplaceEvent):
            there = row_after(sequence.length, done)
            if edit.at < len(there):
                names[there[edit.at]] = titles.get(edit.event, edit.event)
        done.append(entry)
    return names[row[at]]


def _when(each: Intervention) -> str:
    if isinstance(each, SetMemory):
        return f"Before timestep {each.at + 1}"
    if not isinstance(each, HoldQuantity):
        return ""
    if each.timesteps is not None:
        numbers = [str(timestep + 1) for timestep in each.timesteps]
        return f"At timestep{'s' if len(numbers) > 1 else ''} {_and(numbers)}"
    return f"From timestep {each.since + 1} on" if each.since else "At every timestep"


def _what(each: Intervention, description: CellDescription | None, vocabulary: str) -> str:
    if isinstance(each, HoldQuantity):
        thing = quantity_title(each.quantity, description, vocabulary)
        return f"{thing} of {_whose(each)} held {held_words(each.value)}"
    assert isinstance(each, SetMemory)
    thing = quantity_title(each.state, description, vocabulary)
    if each.origin:
        return f"{thing} swapped with the one after {each.origin}"
    if each.value == 0.0:
        everything = each.units is None and each.layer is None
        return f"{thing} wiped" if everything else f"{thing} of {_whose(each)} wiped"
    value = figure(each.value) if isinstance(each.value, float) else "other numbers"
    return f"{thing} of {_whose(each)} set to {value}"


def held_words(value: object) -> str:
    """ "shut", "open", "at 0.50"."""
    if isinstance(value, tuple):
        return "at values of their own"
    number = float(value)  # type: ignore[arg-type]
    return "shut" if number == 0.0 else "open" if number == 1.0 else f"at {figure(number)}"


def quantity_title(name: str, description: CellDescription | None, vocabulary: str) -> str:
    """A quantity within a sentence: "forget gate"; the name itself in plain words where the cell has none."""
    for quantity in description.quantities if description is not None else ():
        if quantity.name == name:
            title = quantity.title[vocabulary]
            return title[:1].lower() + title[1:]
    return name.replace("_", " ")


def _whose(each: HoldQuantity | SetMemory) -> str:
    layer = f" of layer {each.layer + 1}" if each.layer is not None else ""
    return f"{_units(each.units)}{layer}"


def _units(units: tuple[int, ...] | None) -> str:
    if units is None:
        return "all units"
    if len(units) > MOST_UNITS_NAMED:
        return f"{len(units)} units"
    return f"unit{'s' if len(units) > 1 else ''} {_and([str(unit + 1) for unit in units])}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def because(
    entries: Sequence[Entry],
    sequence: EventSequence,
    events: Sequence[Event],
    description: CellDescription | None,
    vocabulary: str,
) -> str:
    """Why it is another world, in few words: "With the forget gate held shut", "Without the bear"."""
    on = [entry for entry in entries if entry.on]
    if len(on) != 1:
        return f"With these {len(on)} changes"
    titles = {event.name: event.title for event in events}
    first = on[0].interventions[0]
    if isinstance(first, RemoveEvent):
        return f"Without the {_title_at(first.at, (), sequence, titles)}"
    if isinstance(first, ReplaceEvent):
        new, old = titles.get(first.event, first.event), _title_at(first.at, (), sequence, titles)
        return f"With {_a(new)} in place of the {old}"
    if isinstance(first, InsertEvent):
        return f"With {_a(titles.get(first.event, first.event))} put in"
    if isinstance(first, HoldQuantity):
        thing = quantity_title(first.quantity, description, vocabulary)
        whose = "" if first.units is None and first.layer is None else f" of {_whose(first)}"
        return f"With the {thing}{whose} held {held_words(first.value)}"
    assert isinstance(first, SetMemory)
    thing = quantity_title(first.state, description, vocabulary)
    whose = "" if first.units is None and first.layer is None else f" of {_whose(first)}"
    if first.origin:
        return f"With the {thing} of another story"
    return f"With the {thing}{whose} {'wiped' if first.value == 0.0 else 'changed'}"


def _a(title: str) -> str:
    return f"{'an' if title[:1].lower() in 'aeiou' else 'a'} {title}"


def question_of(sequence: EventSequence) -> int:
    """The timestep whose answer counts most: the last one that is asked, else the last one."""
    asked = np.flatnonzero(np.asarray(sequence.asked))
    return int(asked[-1]) if len(asked) else sequence.length - 1


def said(trace: SequenceTrace, answers: Sequence[Answer], rivals: tuple[int, int], timestep: int) -> str:
    """What a network says at this timestep: "wolf, 99 %", or "a coin toss: wolf 52 %, dog 48 %"."""
    probabilities = trace.probabilities[timestep]
    best = int(np.argmax(probabilities))
    if is_coin_toss(trace, rivals, timestep):
        both = (f"{answers[rival].title} {percent(float(probabilities[rival]))}" for rival in rivals)
        return f"a coin toss: {', '.join(both)}"
    return f"{answers[best].title}, {percent(float(probabilities[best]))}"


def is_coin_toss(trace: SequenceTrace, rivals: tuple[int, int], timestep: int) -> bool:
    """Whether one of the two rivals is what it says, and the other is as likely."""
    probabilities = trace.probabilities[timestep]
    first, second = (float(probabilities[rival]) for rival in rivals)
    return int(np.argmax(probabilities)) in rivals and abs(first / (first + second) - 0.5) < COIN_TOSS


def consequence(
    view: WhatIfView,
    network: str,
    why: str,
    answers: Sequence[Answer],
    rivals: tuple[int, int],
    vocabulary: str,
) -> tuple[str, ...]:
    """What the what-if does to the answer at the question, the longest way of saying it first."""
    name = network_in_a_sentence(network, vocabulary)
    upper = name[:1].upper() + name[1:]
    changed, true = view.changed.get(network), view.true.get(network)
    if changed is None or true is None:
        return f"{upper} has nothing of this to change: its answer stays.", "Nothing to change here."
    before, after = question_of(view.true_sequence), question_of(view.sequence)
    if same_bits(true, changed):
        return (
            f"{why} nothing is different for {name}: every number stays the same, bit for bit.",
            "Every number stays the same.",
        )
    if changed.loss == "squared_error":
        old, new = float(true.logits[before][0]), float(changed.logits[after][0])
        return (
            f"{why} {name} says {figure(new)}; it was {figure(old)}.",
            f"{figure(new)}, was {figure(old)}.",
        )
    now, was = said(changed, answers, rivals, after), said(true, answers, rivals, before)
    toss = is_coin_toss(changed, rivals, after)
    still = "still " if not toss and now.split(",")[0] == was.split(",")[0] else ""
    long = now.replace("a coin toss", "tosses a coin") if toss else f"{still}says {now}"
    truth = ""
    if view.true_sequence.targets[before] != view.sequence.targets[after]:
        truth = f" The right answer is {answers[int(view.sequence.targets[after])].title} now."
    return (
        f"{why} {name} {long}. It was {was}.{truth}",
        f"Now {still}{now}. It was {was}.{truth}",
        f"Now {still}{now}. It was {was}.",
        f"Now {still}{now}.",
    )


def same_bits(true: SequenceTrace, changed: SequenceTrace) -> bool:
    """Whether a what-if changed not one number."""
    if true.length != changed.length or not np.array_equal(true.logits, changed.logits):
        return False
    return all(
        np.array_equal(values, layer.quantities[name])
        for other, layer in zip(true.layers, changed.layers, strict=True)
        for name, values in other.quantities.items()
    )
