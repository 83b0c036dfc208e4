"""The check of traces: quiet when every number is its formula, loud when one is not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.contract.cell_description import (
    Affine,
    AffineTerm,
    BiasTerm,
    CellDescription,
    Factor,
    Pointwise,
    Words,
)
from playground.trace.identities import activate, largest_deviation, pre_activation, size_of_sum
from playground.trace.sequence_trace import LayerTrace, SequenceTrace

NOTHING = Words("", "")
GATE = Affine(
    "gate",
    (AffineTerm("previous_memory", "weight_hh", 1), AffineTerm("inputs", "weight_ih", 1)),
    (BiasTerm("bias", 1),),
    "sigmoid",
    "forget",
    NOTHING,
)
MEMORY = Pointwise(
    "memory",
    (
        (Factor("gate", "complement"), Factor("previous_memory")),
        (Factor("gate"), Factor("gate", "tanh")),
    ),
    "identity",
    "remember",
    NOTHING,
)


def by_hand(memory_offset: float = 0.0, scale: float = 1.0) -> SequenceTrace:
    """One unit, one input; the row block in use is the second. Numbers computed here with plain arithmetic."""
    inputs, memory = np.array([[1.0], [-2.0], [0.5]]), [3.0 * scale]
    gates = []
    for x in inputs[:, 0]:
        gate = 1.0 / (1.0 + np.exp(-(0.5 * memory[-1] / scale - 1.5 * x + 0.25)))
        gates.append(gate)
        memory.append((1.0 - gate) * memory[-1] + gate * np.tanh(gate))
    layer = LayerTrace(
        inputs=inputs.astype(np.float32),
        quantities={
            "gate": np.array(gates, np.float32)[:, None],
            "memory": np.array(memory[1:], np.float32)[:, None] + np.float32(memory_offset),
        },
        initial_states={"memory": np.array([memory[0]], np.float32)},
        weights={
            "weight_hh": np.array([[9.0], [0.5 / scale]], np.float32),
            "weight_ih": np.array([[9.0], [-1.5]], np.float32),
            "bias": np.array([9.0, 0.25], np.float32),
        },
    )
    nothing = np.zeros((3, 1), np.float32)
    return SequenceTrace(
        network="by_hand",
        description=CellDescription("by_hand", NOTHING, ("memory",), (), (GATE, MEMORY), ""),
        run_id=0,
        update=0,
        inputs=layer.inputs,
        encoder_weights=None,
        encoder_bias=None,
        layers=(layer,),
        logits=nothing,
        probabilities=nothing,
        targets=np.zeros(3, np.int64),
        head_weights=nothing,
        head_bias=nothing,
    )


def test_numbers_that_are_their_formulas_deviate_by_rounding_only() -> None:
    assert largest_deviation(by_hand()) < 2e-7


@pytest.mark.parametrize("offset", [1e-3, 1e-5, -1e-5])
def test_a_wrong_number_is_seen(offset: float) -> None:
    assert largest_deviation(by_hand(offset)) > 0.3 * abs(offset)  # sums of up to 3 here


def test_large_memories_are_judged_by_the_digits_that_float32_has() -> None:
    large = by_hand(scale=100.0)
    computed = activate("identity", pre_activation(large.top, MEMORY))
    absolute = np.abs(computed - large.top.quantities["memory"]).max()
    assert largest_deviation(large) < 2e-6 < absolute
    assert largest_deviation(by_hand(0.1, scale=100.0)) > 1e-4


def test_sums_by_hand() -> None:
    layer = by_hand().top
    before = layer.value("previous_memory")[:, 0]
    x = layer.inputs[:, 0]
    gate = layer.quantities["gate"][:, 0]
    np.testing.assert_allclose(pre_activation(layer, GATE)[:, 0], 0.5 * before - 1.5 * x + 0.25, rtol=1e-6)
    np.testing.assert_allclose(
        size_of_sum(layer, GATE)[:, 0], 0.5 * before + 1.5 * np.abs(x) + 0.25, rtol=1e-6
    )
    expected = (1.0 - gate) * before + gate * np.tanh(gate)
    np.testing.assert_allclose(pre_activation(layer, MEMORY)[:, 0], expected, rtol=1e-6)
    np.testing.assert_allclose(size_of_sum(layer, MEMORY)[:, 0], expected, rtol=1e-6)


def test_every_layer_is_checked() -> None:
    sound, wrong = by_hand(), by_hand(1e-2)
    both = dataclasses.replace(sound, layers=(sound.top, wrong.top))
    assert largest_deviation(both) == largest_deviation(wrong) > 1e-3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", [-800.0, 0.0, 2.0]),
        ("sigmoid", [0.0, 0.5, 0.8807970779778824]),
        ("tanh", [-1.0, 0.0, 0.9640275800758169]),
        ("relu", [0.0, 0.0, 2.0]),
        ("complement", [801.0, 1.0, -1.0]),
    ],
)
def test_activations(name: str, expected: list[float]) -> None:
    np.testing.assert_allclose(activate(name, np.array([-800.0, 0.0, 2.0])), expected, rtol=1e-12, atol=1e-15)


def test_an_unknown_activation_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="softsign"):
        activate("softsign", np.zeros(1))
