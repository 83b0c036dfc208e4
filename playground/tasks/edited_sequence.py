"""A sequence with some of its events replaced, inserted or left out: only what was edited is another picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.contract.event_edits import edited_names, slots_after
from playground.contract.intervention import Intervention, InterventionError, is_event_edit
from playground.tasks.task import EventSequence, Task

MOST_NAMED = 16
"""Events that a sentence lists before it says that there are more."""


def edited_sequence(
    task: Task, sequence: EventSequence, interventions: Sequence[Intervention]
) -> EventSequence:
    """`sequence` after all edits of events among `interventions`; itself where there are none.

    What a network sees of an event that was not edited stays the same, number for number; what would be right is asked
    of the task anew, for it may depend on all events. Raises InterventionError, a sentence, for an event that the task
    does not have or a timestep that is not there.
    """
    edits = [each for each in interventions if is_event_edit(each)]
    if not edits:
        return sequence
    slots = slots_after(sequence.length, edits)
    known = [event.name for event in task.events()]
    for slot in slots:
        if slot.event and slot.event not in known:
            some = ", ".join(known[:MOST_NAMED]) + (", ..." if len(known) > MOST_NAMED else "")
            raise InterventionError(f"{task.title} has no event called {slot.event!r}; it has {some}.")
    made = sequence_of(task, edited_names([event.name for event in sequence.events], edits))
    inputs = made.inputs.copy()  # (T, I)
    for slot in slots:
        if slot.true is not None and slot.changed is not None and not slot.event:
            inputs[slot.changed] = sequence.inputs[slot.true]
    return EventSequence(made.events, inputs, made.targets, made.asked)


def sequence_of(task: Task, names: Sequence[str]) -> EventSequence:
    """The task's sequence of these events. Raises InterventionError with a sentence where it cannot be made."""
    try:
        return task.sequence(names)
    except (KeyError, ValueError, IndexError, NotImplementedError) as error:
        said = error.args[0] if error.args and isinstance(error.args[0], str) else ""
        raise InterventionError(said or f"{task.title} cannot be asked about these events.") from None


def can_be_edited(task: Task, sequence: EventSequence) -> bool:
    """Whether events of this sequence can be exchanged one by one: the task makes the very same one from its names."""
    try:
        made = sequence_of(task, [event.name for event in sequence.events])
    except InterventionError:
        return False
    same = made.inputs.shape == sequence.inputs.shape and made.inputs.dtype == sequence.inputs.dtype
    return same and bool(np.array_equal(made.inputs, sequence.inputs)) and len(task.events()) > 1


def rival_story(task: Task, sequence: EventSequence) -> EventSequence | None:
    """A sequence of the same length with the same fillers and questions, whose last question has the other answer.

    The events that tell are replaced by others, in turn, as few kinds of them as will do; None where there are none
    that change the answer.
    """
    asked = np.flatnonzero(sequence.asked)
    if not len(asked) or sequence.targets.ndim != 1 or not can_be_edited(task, sequence):
        return None
    question = int(asked[-1])
    telling = [event for event in task.events() if not event.filler and not event.asking]
    usable = [
        event.name
        for event in telling
        if _answer(task, sequence, [event.name], question) not in (None, int(sequence.targets[question]))
    ]
    present = {event.name for event in sequence.events}
    fresh = [name for name in usable if name not in present] or usable
    if not fresh or _answer(task, sequence, fresh[:2], question) in (None, int(sequence.targets[question])):
        return None
    return sequence_of(task, _retold(sequence, fresh[:2]))


def _retold(sequence: EventSequence, names: Sequence[str]) -> list[str]:
    told, count = [], 0
    for event in sequence.events:
        if event.filler or event.asking:
            told.append(event.name)
        else:
            told.append(names[count % len(names)])
            count += 1
    return told


def _answer(task: Task, sequence: EventSequence, names: Sequence[str], question: int) -> int | None:
    """The right answer at the question when these events told the story; None where it is no question then."""
    try:
        told = sequence_of(task, _retold(sequence, names))
    except InterventionError:
        return None
    if told.length != sequence.length or not told.asked[question] or told.targets.ndim != 1:
        return None
    return int(told.targets[question])
