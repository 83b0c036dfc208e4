"""The list of what-ifs: entries in order, each on or off, with undo and redo. Pure: no Qt, nothing is computed here.

Timesteps are those of the row of events as it is changed, so they move along when an event before them comes or goes:
a memory that is wiped before the question is wiped before the question still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import (
    EventEdit,
    HoldQuantity,
    InsertEvent,
    Intervention,
    InterventionError,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
    check,
    makes_sense,
)

MOST_UNDONE = 200
"""How many changes of the list are remembered."""

Place = tuple[str, int]
"""Which event stands at a place: ("true", its timestep), or ("new", the number of the entry that put it in)."""


@dataclass(frozen=True)
class Entry:
    """One line of the list. `network`: the only one it is meant for; "" for every network that has such a thing."""

    number: int
    interventions: tuple[Intervention, ...]
    network: str = ""
    on: bool = True

    @property
    def event_edit(self) -> EventEdit | None:
        """The edit of the events that this entry is, if it is one."""
        first = self.interventions[0]
        return first if isinstance(first, EventEdit) else None


Entries = tuple[Entry, ...]


def row_after(length: int, entries: Sequence[Entry]) -> list[Place]:
    """Which event stands where, once all entries that are on have edited a row of `length` events."""
    row: list[Place] = [("true", timestep) for timestep in range(length)]
    for entry in entries:
        edit = entry.event_edit
        if entry.on and edit is not None and fits(edit, len(row)):
            if isinstance(edit, InsertEvent):
                row.insert(edit.at, ("new", entry.number))
            elif isinstance(edit, RemoveEvent):
                del row[edit.at]
    return row


def fits(edit: EventEdit, length: int) -> bool:
    """Whether a row of this length has a place for the edit."""
    if isinstance(edit, InsertEvent):
        return 0 <= edit.at <= length
    return 0 <= edit.at < length and not (isinstance(edit, RemoveEvent) and length == 1)


def moved_along(length: int, before: Entries, after: Entries) -> Entries:
    """`after` with the timesteps of all entries that were in `before` moved along with their events.

    What was meant for an event that is gone is meant for the one that comes next; holds at such timesteps alone go.
    """
    known = {entry.number for entry in before}
    old_row, new_row = row_after(length, before), row_after(length, after)
    moved: list[Entry] = []
    for entry in after:
        if entry.number not in known:
            moved.append(entry)
            continue
        edit = entry.event_edit
        if edit is not None:
            place = next(n for n, each in enumerate(before) if each.number == entry.number)
            old, new = row_after(length, before[:place]), row_after(length, moved)
            moved.append(replace(entry, interventions=(replace(edit, at=_moved(edit.at, old, new)),)))
        elif old_row == new_row:
            moved.append(entry)
        else:
            kept = [_moved_intervention(each, old_row, new_row) for each in entry.interventions]
            if any(kept):
                moved.append(replace(entry, interventions=tuple(each for each in kept if each is not None)))
    return tuple(moved)


def _moved(at: int, old: list[Place], new: list[Place]) -> int:
    """Where the event at `at` of the old row is in the new one; if it is gone, the first after it that is there."""
    for place in old[at:]:
        if place in new:
            return new.index(place)
    return len(new)


def _moved_intervention(each: Intervention, old: list[Place], new: list[Place]) -> Intervention | None:
    if isinstance(each, SetMemory) and each.at < len(old):
        at = _moved(each.at, old, new)
        return replace(each, at=at) if at < len(new) else None
    if isinstance(each, HoldQuantity) and each.timesteps is not None and max(each.timesteps) < len(old):
        there = [new.index(old[t]) for t in each.timesteps if old[t] in new]
        return replace(each, timesteps=tuple(there)) if there else None
    if isinstance(each, HoldQuantity) and 0 < each.since < len(old):
        since = _moved(each.since, old, new)
        return replace(each, since=since) if since < len(new) else None
    return each  # everywhere, or nowhere: then it stays what it was


def fitting(
    entries: Sequence[Entry], network: str, description: CellDescription, layers: int, units: int, length: int
) -> tuple[Intervention, ...]:
    """What the entries that are on change in this network, reading a true row of `length` events, in order.

    Edits of events come first. What this network has no place for is passed over: an RNN has no forget gate.
    """
    edits: list[Intervention] = []
    for entry in entries:
        edit = entry.event_edit
        if entry.on and edit is not None and fits(edit, length):
            edits.append(edit)
            length += {InsertEvent: 1, RemoveEvent: -1, ReplaceEvent: 0}[type(edit)]
    found: list[Intervention] = []
    for entry in entries:
        if not entry.on or entry.event_edit is not None or entry.network not in ("", network):
            continue
        for each in entry.interventions:
            if _has_place(each, description, layers, units, length):
                found.append(each)
    return (*edits, *found)


def _has_place(
    each: Intervention, description: CellDescription, layers: int, units: int, length: int
) -> bool:
    try:
        check(each, description, layers=layers, units=units, length=length)
    except InterventionError:
        return False
    return makes_sense(each, description)


@dataclass(frozen=True)
class WhatIfHistory:
    """The list with its past and future. Every method returns a new one; nothing changed is the same one."""

    entries: Entries = ()
    undone: tuple[Entries, ...] = ()
    """What the list was before, the latest last."""
    redone: tuple[Entries, ...] = ()
    """What was undone, the next one last."""
    next_number: int = 1

    def then(self, entries: Entries, length: int) -> WhatIfHistory:
        """The list becomes `entries`, reading a true row of `length` events; can be undone."""
        entries = moved_along(length, self.entries, entries)
        if entries == self.entries:
            return self
        return replace(self, entries=entries, undone=(*self.undone, self.entries)[-MOST_UNDONE:], redone=())

    def add(self, interventions: Sequence[Intervention], network: str, length: int) -> WhatIfHistory:
        """One more entry at the end; one that changes the very same thing is replaced where it stands."""
        same = next((each for each in self.entries if _same_thing(each, interventions, network)), None)
        if same is not None:
            changed = replace(same, interventions=tuple(interventions), on=True)
            return self.then(tuple(changed if each is same else each for each in self.entries), length)
        entry = Entry(self.next_number, tuple(interventions), network)
        return replace(self.then((*self.entries, entry), length), next_number=self.next_number + 1)

    def put(
        self, entries: Sequence[tuple[tuple[Intervention, ...], str, bool]], length: int
    ) -> WhatIfHistory:
        """These (interventions, network, on) in the place of the list, as one change."""
        first = self.next_number
        made = tuple(Entry(first + n, each, network, on) for n, (each, network, on) in enumerate(entries))
        return replace(self.then(made, length), next_number=first + len(made))

    def remove(self, number: int, length: int) -> WhatIfHistory:
        """Without this entry."""
        return self.then(tuple(each for each in self.entries if each.number != number), length)

    def switch(self, number: int, on: bool, length: int) -> WhatIfHistory:
        """This entry on or off."""
        return self.then(
            tuple(replace(each, on=on) if each.number == number else each for each in self.entries), length
        )

    def switch_all(self, on: bool, length: int) -> WhatIfHistory:
        """All entries on or off."""
        return self.then(tuple(replace(each, on=on) for each in self.entries), length)

    def clear(self, length: int) -> WhatIfHistory:
        """An empty list."""
        return self.then((), length)

    def undo(self) -> WhatIfHistory:
        """The list as it was before the latest change."""
        if not self.undone:
            return self
        return replace(
            self, entries=self.undone[-1], undone=self.undone[:-1], redone=(*self.redone, self.entries)
        )

    def redo(self) -> WhatIfHistory:
        """The list as it was before the latest undo."""
        if not self.redone:
            return self
        return replace(
            self, entries=self.redone[-1], redone=self.redone[:-1], undone=(*self.undone, self.entries)
        )


def _same_thing(entry: Entry, interventions: Sequence[Intervention], network: str) -> bool:
    """Whether these change the same as an entry does, at the same timesteps and units, only to something else."""
    if entry.network != network or len(entry.interventions) != len(interventions) or entry.event_edit:
        return False  # leaving out the first event twice leaves out two
    return all(
        _target(mine) == _target(other)
        for mine, other in zip(entry.interventions, interventions, strict=True)
    )


def _target(each: Intervention) -> object:
    if isinstance(each, HoldQuantity):
        return ("hold", each.quantity, each.timesteps, each.since, each.units, each.layer)
    if isinstance(each, SetMemory):
        return ("set", each.state, each.at, each.units, each.layer)
    return object()
