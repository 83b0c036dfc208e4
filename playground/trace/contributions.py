"""Where one number comes from: the sum inside an equation, taken apart for one unit at one timestep.

Pure functions on a trace. They use the trace's own values and weights, in float64, so that what is printed beside a
formula is the very sum that made the recorded number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import (
    PREVIOUS,
    Activation,
    Affine,
    CellDescription,
    Equation,
    Factor,
    Pointwise,
    Through,
)
from playground.trace.identities import activate, weight_of
from playground.trace.sequence_trace import LayerTrace

BIAS = "bias"
"""The source of the part of a sum that comes from no quantity."""


@dataclass(frozen=True)
class FactorValue:
    """One factor of a product with its value, after `through` (tanh x, or 1 - x); `raw` is the quantity itself."""

    quantity: str
    through: Through
    value: float
    raw: float


@dataclass(frozen=True)
class Contribution:
    """One part of a sum. `source` is a quantity's name or `BIAS`; empty for a product, whose `factors` say it all."""

    source: str
    value: float
    factors: tuple[FactorValue, ...] = ()


@dataclass(frozen=True)
class Contributions:
    """A sum taken apart: the parts add up to `total`, and `activation`(total) is `result`, the recorded number."""

    target: str
    parts: tuple[Contribution, ...]
    total: float
    activation: Activation
    result: float


def contributions(layer: LayerTrace, equation: Equation, unit: int, timestep: int) -> Contributions:
    """The sum that made `equation.target` of this unit (0-based) at this timestep (0-based).

    An affine equation has one part for each source and one for all biases together; a pointwise one a part for each
    product. `result` is computed from the total, not read from the trace: the two agree to float32 rounding on every
    trace without interventions. Raises IndexError for a unit or timestep that the trace does not have.
    """
    if not 0 <= unit < layer.units:
        raise IndexError(f"This layer has units 0 to {layer.units - 1}; there is no unit {unit}.")
    if not 0 <= timestep < layer.inputs.shape[0]:
        raise IndexError(
            f"This trace has {layer.inputs.shape[0]} timesteps; there is no timestep {timestep}."
        )
    if isinstance(equation, Affine):
        parts = _affine_parts(layer, equation, unit, timestep)
    else:
        parts = [_product(layer, product, unit, timestep) for product in equation.products]
    total = float(sum(part.value for part in parts))
    result = float(activate(equation.activation, np.array(total)))
    return Contributions(equation.target, tuple(parts), total, equation.activation, result)


def value_at(layer: LayerTrace, name: str, timestep: int) -> NDArray[np.float32]:
    """(H,) or (I,): what `LayerTrace.value(name)` has at one timestep, without making the rest."""
    if name.startswith(PREVIOUS):
        state = name.removeprefix(PREVIOUS)
        if state in layer.entering_states:
            return layer.entering_states[state][timestep]
        return layer.initial_states[state] if timestep == 0 else layer.quantities[state][timestep - 1]
    return layer.inputs[timestep] if name == "inputs" else layer.quantities[name][timestep]


def inlined(description: CellDescription, equation: Equation) -> Equation:
    """`equation` with its helpers written out: a factor that is itself nothing but a product gives way to that product.

    So the cell update, recorded as kept + learned, is shown as long-term memory x forget gate + candidate x input
    gate, which is what its formula says. Gates and states stay as they are.
    """
    if isinstance(equation, Affine):
        return equation
    products = tuple(
        tuple(inner for factor in product for inner in _written_out(description, factor))
        for product in equation.products
    )
    return Pointwise(equation.target, products, equation.activation, equation.stage, equation.latex)


def rounded_to_add_up(values: Sequence[float], digits: int) -> list[float]:
    """`values` at so many decimals, each rounded down or up such that they add up to their own rounded sum.

    Largest remainders first, so a sum can be checked with pencil and paper: 1.924 + 0.414 + 1.075 = 3.413 is shown as
    1.92 + 0.41 + 1.08 = 3.41. Every number is less than one unit of the last digit from its true value. Values that
    are not finite are returned as they are.
    """
    if not np.all(np.isfinite(values)):
        return [float(value) for value in values]
    scale = 10.0**digits
    scaled = np.asarray(values, np.float64) * scale
    floors = np.floor(scaled)
    missing = int(np.rint(np.rint(scaled.sum()) - floors.sum()))
    remainders = scaled - floors
    chosen = np.argsort(-remainders, kind="stable")[: max(0, missing)]
    floors[chosen] += 1
    return [float(value / scale) + 0.0 for value in floors]


def _affine_parts(layer: LayerTrace, equation: Affine, unit: int, timestep: int) -> list[Contribution]:
    parts: dict[str, float] = {}
    for term in equation.terms:
        source = value_at(layer, term.source, timestep).astype(np.float64)  # (N,)
        row = weight_of(layer, term)[unit].astype(np.float64)  # (N,), diagonal: ()
        share = float(row * source[unit] if term.diagonal else row @ source)
        parts[term.source] = parts.get(term.source, 0.0) + share
    for bias in equation.biases:
        parts[BIAS] = parts.get(BIAS, 0.0) + float(layer.weights[bias.bias][bias.block * layer.units + unit])
    return [Contribution(source, value) for source, value in parts.items()]


def _product(layer: LayerTrace, product: tuple[Factor, ...], unit: int, timestep: int) -> Contribution:
    factors = []
    for factor in product:
        raw = np.asarray(value_at(layer, factor.quantity, timestep)[unit], np.float64)
        factors.append(
            FactorValue(factor.quantity, factor.through, float(activate(factor.through, raw)), float(raw))
        )
    value = float(np.prod([factor.value for factor in factors]))
    return Contribution("" if len(factors) > 1 else factors[0].quantity, value, tuple(factors))


def _written_out(description: CellDescription, factor: Factor) -> tuple[Factor, ...]:
    name = factor.quantity
    if (
        factor.through != "identity"
        or name == "inputs"
        or name.startswith(PREVIOUS)
        or name in description.states
    ):
        return (factor,)
    equation = description.equation(name)
    helper = (
        isinstance(equation, Pointwise) and len(equation.products) == 1 and equation.activation == "identity"
    )
    if not helper or description.quantity(name).is_gate:
        return (factor,)
    assert isinstance(equation, Pointwise)
    return tuple(
        inner for inner_factor in equation.products[0] for inner in _written_out(description, inner_factor)
    )
