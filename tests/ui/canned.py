"""Traces that are made in a moment, for pages and panels: any cell's description, evaluated in numpy.

No engine and no training: random weights and random inputs, but every number follows from the equations, so that what
a panel says about it can be checked. Also two cells that the product does not have yet (the 1997 LSTM without forget
gate, and one with peepholes), to show that a new description needs no new drawing code.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Affine,
    CellDescription,
    Equation,
)
from playground.trace.identities import activate
from playground.trace.sequence_trace import LayerTrace, SequenceTrace, frozen_mapping, read_only
from playground.ui.state import Moment


def canned_layer(
    description: CellDescription,
    *,
    units: int = 16,
    length: int = 10,
    inputs: int = 12,
    seed: int = 1,
    scale: float = 1.0,
) -> LayerTrace:
    """One layer of this cell on random inputs, every equation evaluated timestep by timestep in float32."""
    rng = np.random.default_rng(seed)
    weights = _random_weights(description, units, inputs, rng, scale)
    events = rng.normal(size=(length, inputs)).astype(np.float32)
    states = {name: np.zeros(units, np.float32) for name in description.states}
    recorded: dict[str, list[np.ndarray]] = {quantity.name: [] for quantity in description.quantities}
    before = dict(states)
    for timestep in range(length):
        now: dict[str, np.ndarray] = {
            INPUTS: events[timestep],
            **{PREVIOUS + k: v for k, v in before.items()},
        }
        for equation in description.equations:
            now[equation.target] = _evaluate(equation, now, weights, units)
            recorded[equation.target].append(now[equation.target])
        before = {name: now[name] for name in description.states}
    quantities = {
        name: np.array(values, np.float32).reshape(length, units) for name, values in recorded.items()
    }
    return LayerTrace(
        read_only(events), frozen_mapping(quantities), frozen_mapping(states), frozen_mapping(weights)
    )


def canned_trace(
    description: CellDescription,
    *,
    units: int = 16,
    length: int = 10,
    answers: int = 10,
    targets: np.ndarray | None = None,
    seed: int = 1,
    scale: float = 1.0,
    update: int = 500,
    sure: float = 2.0,
) -> SequenceTrace:
    """A whole trace of one network. `sure` sharpens the answers towards the targets."""
    layer = canned_layer(description, units=units, length=length, seed=seed, scale=scale)
    rng = np.random.default_rng(seed + 1)
    truth = rng.integers(0, answers, length) if targets is None else np.asarray(targets)
    logits = rng.normal(size=(length, answers)).astype(np.float32)
    logits[np.arange(length), truth] += sure
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return SequenceTrace(
        network=description.name,
        description=description,
        run_id=1,
        update=update,
        inputs=layer.inputs,
        encoder_weights=None,
        encoder_bias=None,
        layers=(layer,),
        logits=read_only(logits),
        probabilities=read_only(exponentials / exponentials.sum(axis=1, keepdims=True)),
        targets=read_only(truth.astype(np.int64)),
        head_weights=read_only(rng.normal(size=(answers, units)).astype(np.float32)),
        head_bias=read_only(np.zeros(answers, np.float32)),
    )


def canned_moment(
    descriptions: list[CellDescription],
    *,
    update: int = 500,
    live: bool = True,
    units: int = 16,
    length: int = 10,
    **more: object,
) -> Moment:
    """A moment with one network for each of these cells."""
    traces = {
        description.name: canned_trace(
            description, units=units, length=length, seed=3 + position, update=update, **more
        )  # type: ignore[arg-type]
        for position, description in enumerate(descriptions)
    }
    return Moment(1, update, MappingProxyType(traces), live)


def _random_weights(
    description: CellDescription, units: int, inputs: int, rng: np.random.Generator, scale: float
) -> dict[str, np.ndarray]:
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for equation in description.equations:
        if isinstance(equation, Affine):
            for term in equation.terms:
                rows[term.weight] = max(rows.get(term.weight, 0), term.block + 1)
                if not term.diagonal:
                    columns[term.weight] = inputs if term.source == INPUTS else units
            for bias in equation.biases:
                rows[bias.bias] = max(rows.get(bias.bias, 0), bias.block + 1)
    weights = {}
    for name, blocks in rows.items():
        shape = (blocks * units, columns[name]) if name in columns else (blocks * units,)
        spread = scale / np.sqrt(shape[-1]) if name in columns else 0.5 * scale
        weights[name] = (rng.normal(size=shape) * spread).astype(np.float32)
    return weights


def _evaluate(
    equation: Equation, now: dict[str, np.ndarray], weights: dict[str, np.ndarray], units: int
) -> np.ndarray:
    total = np.zeros(units, np.float32)
    if isinstance(equation, Affine):
        for term in equation.terms:
            rows = weights[term.weight][term.block * units : (term.block + 1) * units]
            total = total + (rows * now[term.source] if term.diagonal else rows @ now[term.source])
        for bias in equation.biases:
            total = total + weights[bias.bias][bias.block * units : (bias.block + 1) * units]
    else:
        for product in equation.products:
            value = np.ones(units, np.float32)
            for factor in product:
                value = value * activate(factor.through, now[factor.quantity])
            total = total + value
    return np.asarray(activate(equation.activation, total), np.float32)


def product_cells() -> list[CellDescription]:
    """The descriptions of the cells that the product has, in the order of its table. Imports torch."""
    from playground.engine.cells import CELLS

    return [cell.description for cell in CELLS.values()]


def product_cell(name: str) -> CellDescription:
    """The description of this one."""
    return next(cell for cell in product_cells() if cell.name == name)
