"""Traces that are made in a moment, for pages and panels: any cell's description, evaluated in numpy.

No engine and no training: random weights and random inputs, but every number follows from the equations, so that what
a panel says about it can be checked. Also two cells that the product does not have yet (the 1997 LSTM without forget
gate, and one with peepholes), to show that a new description needs no new drawing code.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Affine,
    AffineTerm,
    BiasTerm,
    CellDescription,
    Equation,
    Factor,
    Pointwise,
    Quantity,
    Words,
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
            total = (
                total + weights[term.weight][term.block * units : (term.block + 1) * units] @ now[term.source]
            )
        for bias in equation.biases:
            total = total + weights[bias.bias][bias.block * units : (bias.block + 1) * units]
    else:
        for product in equation.products:
            value = np.ones(units, np.float32)
            for factor in product:
                value = value * activate(factor.through, now[factor.quantity])
            total = total + value
    return np.asarray(activate(equation.activation, total), np.float32)


# -- cells that are not in the product (yet)
def _both(text: str) -> Words:
    return Words(text, text)


def _gate(target: str, block: int, activation: str, stage: str, latex: str, peephole: str = "") -> Affine:
    terms = [
        AffineTerm(PREVIOUS + "hidden_state", "weight_hh", block),
        AffineTerm(INPUTS, "weight_ih", block),
    ]
    if peephole:
        terms.append(AffineTerm(peephole, "weight_ch", block))
    return Affine(target, tuple(terms), (BiasTerm("bias_ih", block),), activation, stage, _both(latex))  # type: ignore[arg-type]


def _quantity(name: str, title: str, symbol: str, role: str, span: str, gate: bool = False) -> Quantity:
    return Quantity(
        name, _both(title), _both(symbol), role, span, _both(f"What the {title.lower()} is for."), gate
    )  # type: ignore[arg-type]


LSTM_1997 = CellDescription(
    name="lstm_1997",
    title=_both("LSTM of 1997"),
    states=("hidden_state", "cell_state"),
    quantities=(
        _quantity("input_gate", "Input gate", "i", "learn", "zero_to_one", True),
        _quantity("candidate", "Candidate", "g", "learn", "minus_one_to_one", True),
        _quantity("cell_state", "Cell state", "c", "long_term", "unbounded"),
        _quantity("output_gate", "Output gate", "o", "use", "zero_to_one", True),
        _quantity("hidden_state", "Hidden state", "h", "short_term", "minus_one_to_one"),
    ),
    equations=(
        _gate("input_gate", 0, "sigmoid", "learn", r"i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)"),
        _gate("candidate", 1, "tanh", "learn", r"g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g)"),
        Pointwise(
            "cell_state",
            ((Factor("previous_cell_state"),), (Factor("input_gate"), Factor("candidate"))),
            "identity",
            "remember",
            _both(r"c_t = c_{t-1} + i_t \odot g_t"),
        ),
        _gate("output_gate", 2, "sigmoid", "use", r"o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)"),
        Pointwise(
            "hidden_state",
            ((Factor("output_gate"), Factor("cell_state", "tanh")),),
            "identity",
            "use",
            _both(r"h_t = o_t \odot \tanh(c_t)"),
        ),
    ),
    source="Hochreiter and Schmidhuber 1997.",
)

PEEPHOLE_LSTM = CellDescription(
    name="peephole_lstm",
    title=_both("LSTM with peepholes"),
    states=("hidden_state", "cell_state"),
    quantities=(
        _quantity("forget_gate", "Forget gate", "f", "forget", "zero_to_one", True),
        *LSTM_1997.quantities,
    ),
    equations=(
        _gate(
            "forget_gate",
            0,
            "sigmoid",
            "forget",
            r"f_t = \sigma(\ldots + P_f c_{t-1})",
            "previous_cell_state",
        ),
        _gate(
            "input_gate", 1, "sigmoid", "learn", r"i_t = \sigma(\ldots + P_i c_{t-1})", "previous_cell_state"
        ),
        _gate("candidate", 2, "tanh", "learn", r"g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g)"),
        Pointwise(
            "cell_state",
            (
                (Factor("previous_cell_state"), Factor("forget_gate")),
                (Factor("input_gate"), Factor("candidate")),
            ),
            "identity",
            "remember",
            _both(r"c_t = f_t \odot c_{t-1} + i_t \odot g_t"),
        ),
        _gate("output_gate", 3, "sigmoid", "use", r"o_t = \sigma(\ldots + P_o c_t)", "cell_state"),
        replace(LSTM_1997.equations[-1]),
    ),
    source="Gers and Schmidhuber 2000.",
)


def product_cells() -> list[CellDescription]:
    """The descriptions of the cells that the product has, in the order of its table. Imports torch."""
    from playground.engine.cells import CELLS

    return [cell.description for cell in CELLS.values()]


def all_cells() -> list[CellDescription]:
    """Those of the product, and the two that it does not have."""
    return [*product_cells(), LSTM_1997, PEEPHOLE_LSTM]
