"""What the What-if panel offers for a cell, made from its description. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from playground.contract.cell_description import CellDescription
from playground.contract.intervention import (
    HoldQuantity,
    Intervention,
    SetMemory,
    offered_gates,
    offered_memories,
)

EVENTS = "events"
Span = Literal["onwards", "here", "always"]
Scope = Literal["all", "layer", "unit"]
"""Whose gate is held: of all units, of one layer, of the selected units."""
SPANS: tuple[Span, ...] = ("onwards", "here", "always")


@dataclass(frozen=True)
class Target:
    """Something that can be changed: a gate, a memory, or the events. `name` is the quantity's, or `EVENTS`."""

    kind: Literal["gate", "memory", "events"]
    name: str
    title: str
    role: str
    least: float = 0.0
    most: float = 1.0


def targets_of(description: CellDescription | None, vocabulary: str, events: bool) -> tuple[Target, ...]:
    """All targets of a cell: the forgetting gate first, then the other gates, the memories, and the events."""
    found: list[Target] = []
    if description is not None:
        gates = sorted(
            offered_gates(description), key=lambda name: description.quantity(name).role != "forget"
        )
        for name in gates:
            quantity = description.quantity(name)
            least = 0.0 if quantity.span == "zero_to_one" else -1.0
            found.append(Target("gate", name, quantity.title[vocabulary], quantity.role, least))
        for name in offered_memories(description):
            quantity = description.quantity(name)
            bound = 1.0 if quantity.span == "minus_one_to_one" else 99.0
            found.append(Target("memory", name, quantity.title[vocabulary], quantity.role, -bound, bound))
    if events:
        found.append(Target("events", EVENTS, "Event", "inputs"))
    return tuple(found)


def hold(
    target: Target,
    value: float,
    span: Span,
    timestep: int,
    units: tuple[int, ...] | None,
    layer: int | None = None,
) -> HoldQuantity:
    """The intervention that holds this gate where the span says, seen from this timestep."""
    if span == "here":
        return HoldQuantity(target.name, value, timesteps=(timestep,), units=units, layer=layer)
    since = timestep if span == "onwards" else 0
    return HoldQuantity(target.name, value, units=units, layer=layer, since=since)


def set_memory(
    target: Target, value: float, timestep: int, units: tuple[int, ...] | None, layer: int | None = None
) -> SetMemory:
    """The intervention that sets this memory just before this timestep reads it."""
    return SetMemory(target.name, value, at=timestep, units=units, layer=layer)


def span_of(held: HoldQuantity) -> Span:
    """Where it holds, as the panel calls it."""
    if held.timesteps is not None:
        return "here"
    return "always" if held.since == 0 else "onwards"


def is_about(each: Intervention, target: Target) -> bool:
    """Whether an intervention changes this gate or memory."""
    if isinstance(each, HoldQuantity):
        return target.kind == "gate" and each.quantity == target.name
    return isinstance(each, SetMemory) and target.kind == "memory" and each.state == target.name


def value_at(
    changes: Sequence[Intervention],
    target: Target,
    timestep: int,
    length: int,
    units: tuple[int, ...] | None,
    layer: int,
) -> object:
    """What these units of a layer are held at or set to at this timestep, of a row of so many; None: they are as
    learned."""
    found: object = None
    for each in changes:
        if not isinstance(each, HoldQuantity | SetMemory) or not is_about(each, target):
            continue
        if each.units not in (None, units) or each.layer not in (None, layer):
            continue
        held = each.held_timesteps(length) if isinstance(each, HoldQuantity) else (each.at,)
        if timestep in held:
            found = each.value
    return found


def span_words(span: Span, timestep: int) -> str:
    """What a span is called on its button."""
    if span == "always":
        return "at every timestep"
    return f"at t = {timestep + 1} only" if span == "here" else f"from t = {timestep + 1} on"
