"""Pinned units side by side, as numbers: what each had before, its gates, what it has after. Pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.contract.cell_description import PREVIOUS, Span
from playground.trace.contributions import value_at
from playground.trace.memory import half_lives, keeping_gate
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure, plain_symbol, title_of

LONGEST_HALF_LIFE = 1000.0
"""Timesteps: what lasts longer is told as "over 1,000"."""


@dataclass(frozen=True, eq=False)
class UnitRow:
    """One quantity of all pinned units. `values` (N,) one a unit; `was` (N,) what it is without the what-if that is
    shown, None where none is; `quantity` names it in the trace ("" for the half-life, which has no colour)."""

    quantity: str
    symbol: str
    title: str
    role: str
    span: Span
    values: tuple[float, ...]
    was: tuple[float, ...] | None = None

    def written(self, place: int) -> str:
        """A value as it is printed."""
        value = self.values[place]
        if self.quantity:
            return figure(value)
        return half_life_figure(value)

    def written_was(self, place: int) -> str:
        """What it is without the what-if, where that is printed otherwise; "" else."""
        if self.was is None or not self.quantity:
            return ""
        before = figure(self.was[place])
        return before if before != self.written(place) else ""


def half_life_figure(timesteps: float) -> str:
    """A half-life in timesteps: "5.5", "31", "1,000+", "never" halves."""
    if not np.isfinite(timesteps):
        return "never"
    if timesteps > LONGEST_HALF_LIFE:
        return f"{LONGEST_HALF_LIFE:,.0f}+"
    return f"{timesteps:.1f}" if timesteps < 10 else f"{timesteps:.0f}"


def unit_rows(
    trace: SequenceTrace,
    units: Sequence[int],
    timestep: int,
    vocabulary: str,
    beside: tuple[SequenceTrace, int] | None = None,
) -> tuple[UnitRow, ...]:
    """The states before this timestep (0-based), every quantity in the order of computation, and the half-lives.

    `beside`: the true trace and its timestep of the same event, while a what-if is shown. Half-lives are those that the
    keeping gate gives on average over this sequence (`trace.memory.half_lives`); cells without such a gate have none.
    """
    description = trace.description
    rows = []
    names = [
        f"{PREVIOUS}{state}" for state in sorted(description.states, key=lambda name: name != "cell_state")
    ]
    for name in (*names, *(quantity.name for quantity in description.quantities)):
        quantity = description.quantity(name.removeprefix(PREVIOUS))
        before = name.startswith(PREVIOUS)
        when = "before" if before else "after" if name in description.states else ""
        symbol = plain_symbol(description, name, vocabulary)
        was = None if beside is None else _values(beside[0], name, units, beside[1])
        rows.append(
            UnitRow(
                name,
                f"{symbol} {when}".strip(),
                title_of(description, name, vocabulary),
                quantity.role,
                quantity.span,
                _values(trace, name, units, timestep),
                was,
            )
        )
    gate = keeping_gate(trace)
    if gate is not None:
        lasting = half_lives(trace.value(gate))  # (H,)
        title = (
            "Half-life: timesteps after which half of it is gone, by this unit's mean gate over the sequence"
        )
        values = tuple(float(lasting[unit]) for unit in units)
        rows.append(UnitRow("", "half-life", title, description.quantity(gate).role, "unbounded", values))
    return tuple(rows)


def _values(trace: SequenceTrace, name: str, units: Sequence[int], timestep: int) -> tuple[float, ...]:
    values = value_at(trace.top, name, timestep)
    return tuple(float(values[unit]) for unit in units)
