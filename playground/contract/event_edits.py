"""What edits make of a row of events, and which event of the edited row was which before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.contract.intervention import (
    EventEdit,
    InsertEvent,
    Intervention,
    InterventionError,
    ReplaceEvent,
)


@dataclass(frozen=True)
class Slot:
    """One place in both rows. `true`: its timestep before the edits, None for an inserted event; `changed`: its
    timestep after them, None for a removed one. `event` is what stands there: the name of a new event, "" where it is
    still the true one."""

    true: int | None
    changed: int | None
    event: str = ""

    @property
    def replaced(self) -> bool:
        """Whether another event stands in the place of the true one."""
        return self.true is not None and self.changed is not None and bool(self.event)


def slots_after(length: int, interventions: Sequence[Intervention]) -> tuple[Slot, ...]:
    """All places of both rows in order, for a true row of `length` events.

    Other interventions than edits of events are passed over. Raises InterventionError, a sentence, where an edit names
    a timestep that is not there, or takes the last event away.
    """
    slots = [Slot(timestep, timestep) for timestep in range(length)]
    for edit in interventions:
        if isinstance(edit, EventEdit):
            slots = _numbered(_edited(slots, edit))
    return tuple(slots)


def _edited(slots: list[Slot], edit: EventEdit) -> list[Slot]:
    present = [place for place, slot in enumerate(slots) if slot.changed is not None]
    count = len(present)
    if isinstance(edit, InsertEvent):
        if not 0 <= edit.at <= count:
            raise InterventionError(
                f"There is no place {edit.at + 1} to insert an event at: the sequence has {count} events."
            )
        place = present[edit.at] if edit.at < count else len(slots)
        return [*slots[:place], Slot(None, 0, edit.event), *slots[place:]]
    verb = "replace" if isinstance(edit, ReplaceEvent) else "remove"
    if not 0 <= edit.at < count:
        raise InterventionError(f"There is no timestep {edit.at + 1} to {verb}: the sequence has {count}.")
    place = present[edit.at]
    old = slots[place]
    if isinstance(edit, ReplaceEvent):
        return [*slots[:place], Slot(old.true, 0, edit.event), *slots[place + 1 :]]
    if count == 1:
        raise InterventionError("The last event cannot be removed: a network must have something to read.")
    left = [] if old.true is None else [Slot(old.true, None)]  # what was inserted leaves no gap behind
    return [*slots[:place], *left, *slots[place + 1 :]]


def _numbered(slots: list[Slot]) -> list[Slot]:
    numbered, timestep = [], 0
    for slot in slots:
        if slot.changed is None:
            numbered.append(slot)
        else:
            numbered.append(Slot(slot.true, timestep, slot.event))
            timestep += 1
    return numbered


def edited_names(names: Sequence[str], interventions: Sequence[Intervention]) -> tuple[str, ...]:
    """The names of the events after all edits. Raises InterventionError as `slots_after`."""
    slots = slots_after(len(names), interventions)
    return tuple(
        slot.event or names[slot.true if slot.true is not None else 0]
        for slot in slots
        if slot.changed is not None
    )


def true_timestep(slots: Sequence[Slot], changed: int) -> int | None:
    """Which timestep of the true row a timestep of the changed one was; None for an inserted event."""
    return next((slot.true for slot in slots if slot.changed == changed), None)


def changed_timestep(slots: Sequence[Slot], true: int) -> int | None:
    """Where an event of the true row is in the changed one; None where it was removed."""
    return next((slot.changed for slot in slots if slot.true == true), None)
