"""The sub-steps of one timestep, found from a cell's description: forget, learn, remember, use, or whatever it has.

A sub-step is one stage of the computation: all equations of one role, in the order of computation. No drawing for any
one cell, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from playground.contract.cell_description import PREVIOUS, Affine, CellDescription, Equation, Words
from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import Line, flow_of, half_life_words, sum_lines, title_of
from playground.ui.panels.cell_parts import SHORT_STAGES
from playground.ui.run_words import percent
from playground.ui.step_words import told


@dataclass(frozen=True)
class CellStage:
    """One sub-step. `title` is short, for a button. `targets` is what it computes, in order; `headline` the one whose
    formula is shown first; `sources` what it reads (quantities, previous states, the event)."""

    role: str
    title: Words
    targets: tuple[str, ...]
    headline: str
    sources: frozenset[str]

    @property
    def lit(self) -> frozenset[str]:
        """Everything that takes part: what is read and what is computed."""
        return self.sources | frozenset(self.targets)


@lru_cache(maxsize=32)
def cell_stages(description: CellDescription) -> tuple[CellStage, ...]:
    """The sub-steps of this cell in the order of computation; at least one."""
    by_role: dict[str, list[Equation]] = {}
    for equation in description.equations:
        by_role.setdefault(equation.stage, []).append(equation)
    return tuple(_stage(description, role, equations) for role, equations in by_role.items())


def _stage(description: CellDescription, role: str, equations: list[Equation]) -> CellStage:
    targets = tuple(equation.target for equation in equations)
    gates = [
        name
        for name in targets
        if description.quantity(name).is_gate and description.quantity(name).span == "zero_to_one"
    ]
    headline = gates[0] if gates else targets[-1]
    sources = {name for equation in equations for name in _read(equation)}
    return CellStage(role, _title(description, role, headline), targets, headline, frozenset(sources))


def _read(equation: Equation) -> list[str]:
    if isinstance(equation, Affine):
        return [term.source for term in equation.terms]
    return [factor.quantity for product in equation.products for factor in product]


def _title(description: CellDescription, role: str, headline: str) -> Words:
    """The stage's own name in a cell with a long-term memory; elsewhere that of the gate, or of what is computed."""
    if flow_of(description).carrier == "cell_state" and role in SHORT_STAGES:
        return Words(*SHORT_STAGES[role])
    return description.quantity(headline).title


def stage_of(description: CellDescription, quantity: str) -> CellStage | None:
    """The sub-step that computes this quantity; None for what is only read."""
    return next((stage for stage in cell_stages(description) if quantity in stage.targets), None)


def computed_until(description: CellDescription, role: str) -> frozenset[str]:
    """What is known at the end of this sub-step: all that it and those before it computed."""
    known: set[str] = set()
    for stage in cell_stages(description):
        known.update(stage.targets)
        if stage.role == role:
            break
    return frozenset(known)


def stage_story(
    trace: SequenceTrace, stage: CellStage, unit: int, timestep: int, vocabulary: str
) -> tuple[str, str]:
    """What the sub-step did to this unit (0-based), and what follows from it ("" if nothing does).

    Of a gate that keeps a memory: "The forget gate kept 97 % of unit 4. Half of it would be gone after 23 such
    timesteps."
    """
    description = trace.description
    carrier = flow_of(description).carrier
    quantity = description.quantity(stage.headline)
    keeps = carrier and any(
        {PREVIOUS + carrier, stage.headline} <= {factor.quantity for factor in product}
        for equation in description.equations
        if not isinstance(equation, Affine)
        for product in equation.products
    )
    if not (keeps and quantity.is_gate):
        return told(trace, stage.headline, unit, timestep, vocabulary)
    value = float(value_at(trace.top, stage.headline, timestep)[unit])
    if value != value:
        return told(trace, stage.headline, unit, timestep, vocabulary)
    gate = title_of(description, stage.headline, vocabulary).lower()
    return f"The {gate} kept {percent(value)} of unit {unit + 1}.", half_life_words(value)


def stage_sum(
    trace: SequenceTrace, stage: CellStage, unit: int, timestep: int, vocabulary: str
) -> tuple[Line, ...]:
    """The sub-step's own formula with this unit's numbers: its first line, and its result."""
    return tuple(sum_lines(trace, stage.headline, unit, timestep, vocabulary))
