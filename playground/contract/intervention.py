"""Interventions: what a person changes while a network reads a sequence, as plain records. The engine carries them out.

Three kinds: hold a quantity (a gate open or shut), set a memory before a timestep reads it (wipe, edit, swap), edit the
events that come in. Several are carried out together, in their order: events first, each edit on what the edits before
it have left; then memories and holds, where a later one wins over an earlier one. Their timesteps (0-based) are those
of the edited sequence. As JSON: see `intervention_json`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from playground.contract.cell_description import CellDescription

Numbers = float | tuple[float, ...]
"""One number for all units meant, or one for each of them."""


class InterventionError(ValueError):
    """An intervention that makes no sense, or that this network or sequence has no place for; the message is a
    sentence for the user."""


@dataclass(frozen=True)
class HoldQuantity:
    """Hold a gate or a state at `value` (one number, or one for each unit held).

    At these `timesteps` (None: at all from `since` on), for these `units` (0-based; None: all) of a `layer` (None: of
    every layer). What is computed from it in the same timestep uses the held value.
    """

    quantity: str
    value: Numbers
    timesteps: tuple[int, ...] | None = None
    units: tuple[int, ...] | None = None
    layer: int | None = None
    since: int = 0

    def held_timesteps(self, length: int) -> Sequence[int]:
        """The timesteps of a sequence of this length at which it holds."""
        return range(self.since, length) if self.timesteps is None else self.timesteps


@dataclass(frozen=True)
class SetMemory:
    """Set a memory ("cell_state", "hidden_state") to `value` just before timestep `at` reads it.

    0 wipes it. `origin`: where the numbers come from, in words ("a home video"), where they were taken from another
    sequence; "" where somebody chose them.
    """

    state: str
    value: Numbers
    at: int
    units: tuple[int, ...] | None = None
    layer: int | None = None
    origin: str = ""


@dataclass(frozen=True)
class ReplaceEvent:
    """Another event at timestep `at`."""

    at: int
    event: str


@dataclass(frozen=True)
class InsertEvent:
    """One more event: it becomes timestep `at`, and what stood there comes after it."""

    at: int
    event: str


@dataclass(frozen=True)
class RemoveEvent:
    """The event at timestep `at` is left out."""

    at: int


EventEdit = ReplaceEvent | InsertEvent | RemoveEvent
Intervention = HoldQuantity | SetMemory | EventEdit


def is_event_edit(intervention: Intervention) -> bool:
    """Whether it changes what comes in, and not the network that reads it."""
    return isinstance(intervention, EventEdit)


def offered_gates(description: CellDescription) -> tuple[str, ...]:
    """The gates of a cell that can be held, in order of computation; none for an RNN."""
    return tuple(quantity.name for quantity in description.gates)


def offered_memories(description: CellDescription) -> tuple[str, ...]:
    """The memories of a cell that can be wiped, edited and swapped: the long-term one first, where there is one."""
    return tuple(sorted(description.states, key=lambda state: state != "cell_state"))


def makes_sense(intervention: Intervention, description: CellDescription) -> bool:
    """Whether a cell has what this changes. Timesteps and units are another question: see `check`."""
    if isinstance(intervention, HoldQuantity):
        return any(quantity.name == intervention.quantity for quantity in description.quantities)
    if isinstance(intervention, SetMemory):
        return intervention.state in description.states
    return True


def check(
    intervention: Intervention, description: CellDescription, *, layers: int, units: int, length: int
) -> None:
    """Raises InterventionError where a network of these layers and units has no place for it, reading `length` events.

    Edits of events are checked where they are carried out (`event_edits.slots_after`).
    """
    if isinstance(intervention, EventEdit):
        return
    verb = "hold" if isinstance(intervention, HoldQuantity) else "set"
    if isinstance(intervention, HoldQuantity):
        wanted = intervention.quantity
        known = [quantity.name for quantity in description.quantities]
        times = tuple(intervention.timesteps or ()) + ((intervention.since,) if intervention.since else ())
    else:
        wanted, known, times = intervention.state, list(description.states), (intervention.at,)
    if wanted not in known:
        has = f"it has {', '.join(plain(name) for name in known)}" if known else "it has no memory at all"
        raise InterventionError(f"The {description.title.textbook} has no {plain(wanted)} to {verb}; {has}.")
    if intervention.layer is not None and not 0 <= intervention.layer < layers:
        raise InterventionError(
            f"There is no layer {intervention.layer + 1} to {verb}: the network has {layers}."
        )
    for unit in intervention.units or ():
        if not 0 <= unit < units:
            raise InterventionError(f"There is no unit {unit + 1} to {verb}: the layer has {units}.")
    for timestep in times:
        if not 0 <= timestep < length:
            raise InterventionError(
                f"There is no timestep {timestep + 1} to {verb}: the sequence has {length}."
            )
    values = intervention.value if isinstance(intervention.value, tuple) else (intervention.value,)
    for value in values:
        if not math.isfinite(value):
            thing = "A quantity can be held" if verb == "hold" else "A memory can be set"
            raise InterventionError(f"{thing} at a number only, not at {value}.")
    meant = units if intervention.units is None else len(intervention.units)
    if isinstance(intervention.value, tuple) and len(values) != meant:
        raise InterventionError(
            f"There are {len(values)} numbers for the {plain(wanted)}, but {meant} units to {verb}."
        )


def within(interventions: Sequence[Intervention], length: int) -> tuple[Intervention, ...]:
    """These interventions, as far as a sequence of `length` events has the timesteps they are meant for; in order.

    Edits of events are left out: they are about one sequence, and the timesteps of another mean other events.
    """
    found: list[Intervention] = []
    for each in interventions:
        if isinstance(each, HoldQuantity):
            if each.timesteps is not None:
                there = tuple(timestep for timestep in each.timesteps if timestep < length)
                found += [replace(each, timesteps=there)] if there else []
            elif each.since < length:
                found.append(each)
        elif isinstance(each, SetMemory) and each.at < length:
            found.append(each)
    return tuple(found)


def plain(name: str) -> str:
    """A name of the code in plain words: "forget gate"."""
    return name.replace("_", " ")
