"""The equations of a cell's description, computed again in numpy from a trace: every recorded quantity must agree.

This is the check that a number on screen is what the formula beside it says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Affine, AffineTerm, Equation, Factor
from playground.trace.sequence_trace import LayerTrace, SequenceTrace

ACTIVATIONS: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "identity": lambda x: x,
    "sigmoid": lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
    "complement": lambda x: 1.0 - x,
}


def activate(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """One of the activations of `contract.cell_description`, elementwise. Raises KeyError on an unknown name."""
    return ACTIVATIONS[name](x)


def pre_activation(layer: LayerTrace, equation: Equation) -> NDArray[np.float64]:
    """(T, H): the sum inside the activation of `equation`, in float64, from the trace's own values and weights."""
    units = layer.units
    if isinstance(equation, Affine):
        total = np.zeros((layer.inputs.shape[0], units))
        for term in equation.terms:
            total += added_by(layer, term, layer.value(term.source).astype(np.float64))  # (T, H)
        for bias in equation.biases:
            total += layer.weights[bias.bias][bias.block * units : (bias.block + 1) * units]  # (H,)
        return total
    total = np.zeros((layer.inputs.shape[0], units))
    for product in equation.products:
        value = np.ones_like(total)
        for factor in product:
            value *= factor_value(layer, factor)
        total += value
    return total


def added_by(
    layer: LayerTrace, term: AffineTerm, source: NDArray[np.float64], *, positive: bool = False
) -> NDArray[np.float64]:
    """(..., H): what this term adds to the sum for `source` (..., N); `positive`: with |W| instead of W."""
    weight = weight_of(layer, term).astype(np.float64)  # (H, N), diagonal: (H,)
    weight = np.abs(weight) if positive else weight
    return source * weight if term.diagonal else source @ weight.T


def weight_of(layer: LayerTrace, term: AffineTerm) -> NDArray[np.float32]:
    """The rows of the weights that belong to this term: (H, N), or (H,) for a diagonal one."""
    return layer.weights[term.weight][term.block * layer.units : (term.block + 1) * layer.units]


def factor_value(layer: LayerTrace, factor: Factor) -> NDArray[np.float64]:
    """(T, H): one factor of a pointwise product, in float64."""
    return activate(factor.through, layer.value(factor.quantity).astype(np.float64))


def size_of_sum(layer: LayerTrace, equation: Equation) -> NDArray[np.float64]:
    """(T, H): the sum inside the activation of `equation` with all its summands taken as positive."""
    units = layer.units
    total = np.zeros((layer.inputs.shape[0], units))
    if isinstance(equation, Affine):
        for term in equation.terms:
            source = np.abs(layer.value(term.source)).astype(np.float64)
            total += added_by(layer, term, source, positive=True)  # (T, H)
        for bias in equation.biases:
            total += np.abs(layer.weights[bias.bias][bias.block * units : (bias.block + 1) * units])  # (H,)
        return total
    for product in equation.products:
        value = np.ones_like(total)
        for factor in product:
            value *= np.abs(factor_value(layer, factor))
        total += value
    return total


def largest_deviation(trace: SequenceTrace) -> float:
    """The largest difference between a recorded quantity and its equation, over all layers and timesteps.

    Relative to the size of the sum where that is more than one: float32 has seven digits, so a long-term memory of
    60 is rounded to 0.000002, and one of a few large summands that cancel is no better. Zero up to that rounding
    (a few 1e-7) for a trace without interventions.
    """
    worst = 0.0
    for layer in trace.layers:
        for equation in trace.description.equations:
            computed = activate(equation.activation, pre_activation(layer, equation))
            allowed = np.maximum(size_of_sum(layer, equation), 1.0)
            deviation = np.abs(computed - layer.quantities[equation.target]) / allowed
            worst = max(worst, float(deviation.max()))
    return worst
