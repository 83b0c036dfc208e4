"""Traces: what they record is what was computed, they are copies, and interventions do what they say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from playground.contract.cell_description import Affine
from playground.contract.intervention import HoldQuantity
from playground.engine.tracing import InterventionError, SequenceError, trace
from playground.tasks.task import EventSequence
from playground.trace.identities import activate, largest_deviation, pre_activation
from playground.trace.sequence_trace import SequenceTrace
from tests.engine.networks import ALL_CELLS, ANSWERS, CELLS_WITH_MEMORY, random_sequence, small_model, train

LARGEST_ROUNDING = 2e-6


def traced(model, *interventions: HoldQuantity, timesteps: int = 12, inputs: int = 3) -> SequenceTrace:  # type: ignore[no-untyped-def]
    sequence = random_sequence(timesteps, inputs)
    return trace(model, sequence, interventions, network=model.cell.key, run_id=3, update=17)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", [*ALL_CELLS, "sigmoid rnn"])
def test_every_recorded_quantity_is_its_formula(cell: str, layers: int) -> None:
    settings = {"activation": "sigmoid"} if cell == "sigmoid rnn" else {}
    model = small_model(
        cell.split()[-1], layers=layers, units=16, inputs=100, dtype=torch.float32, **settings
    )
    assert largest_deviation(traced(model, timesteps=64, inputs=100)) < LARGEST_ROUNDING


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_formulas_hold_in_trained_networks_too(cell: str) -> None:
    model = small_model(cell, units=16, dtype=torch.float32)
    train(model)
    assert largest_deviation(traced(model, timesteps=40)) < LARGEST_ROUNDING


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_a_trace_is_what_the_model_computes(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers, dtype=torch.float32)
    sequence = random_sequence(9)
    record = trace(model, sequence, network="mine", run_id=3, update=17)
    assert (record.network, record.run_id, record.update) == ("mine", 3, 17)
    assert record.description is model.cell.description
    assert len(record.layers) == layers

    inputs = torch.from_numpy(np.array(sequence.inputs))[:, None]
    with torch.no_grad():
        logits = model(inputs)[:, 0]
        hidden_state, states = model.read(model.encode(inputs))
    np.testing.assert_allclose(record.logits, logits.numpy(), rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.probabilities, torch.softmax(logits, -1).numpy(), rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.value("hidden_state"), hidden_state[:, 0].numpy(), rtol=0, atol=1e-6)
    for layer, last in zip(record.layers, states, strict=True):
        for name, state in last.items():
            np.testing.assert_allclose(layer.quantities[name][-1], state[0].numpy(), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(record.inputs, sequence.inputs)
    np.testing.assert_array_equal(record.targets, sequence.targets)


@pytest.mark.parametrize("layers", [1, 3])
def test_the_layers_are_joined(layers: int) -> None:
    """From the pixels to the probabilities, every link of the chain can be computed again from the record."""
    model = small_model("guide_lstm", layers=layers, inputs=100, dtype=torch.float32)
    record = traced(model, inputs=100)
    assert record.encoder_weights is not None
    assert record.encoder_bias is not None
    encoded = record.inputs @ record.encoder_weights.T + record.encoder_bias
    np.testing.assert_allclose(record.layers[0].inputs, encoded, rtol=0, atol=1e-6)
    for below, above in zip(record.layers, record.layers[1:], strict=False):
        np.testing.assert_array_equal(above.inputs, below.quantities["hidden_state"])
    logits = record.top.quantities["hidden_state"] @ record.head_weights.T + record.head_bias
    np.testing.assert_allclose(record.logits, logits, rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.probabilities.sum(axis=1), 1.0, rtol=0, atol=1e-6)


def arrays_of(record: SequenceTrace) -> list[np.ndarray]:
    found = [getattr(record, field.name) for field in dataclasses.fields(record)]
    for layer in record.layers:
        found += [
            layer.inputs,
            *layer.quantities.values(),
            *layer.initial_states.values(),
            *layer.weights.values(),
        ]
    return [array for array in found if isinstance(array, np.ndarray)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_a_trace_never_changes(cell: str, dtype: torch.dtype) -> None:
    model = small_model(cell, layers=2, inputs=100, dtype=dtype)
    record = traced(model, inputs=100)
    arrays = arrays_of(record)
    copies = [array.copy() for array in arrays]
    train(model, updates=2)
    for array, copy in zip(arrays, copies, strict=True):
        assert not array.flags.writeable
        assert array.dtype in (np.float32, np.int64)
        np.testing.assert_array_equal(array, copy)
    with pytest.raises(TypeError):
        record.layers[0].quantities["hidden_state"] = copies[0]  # type: ignore[index]


def test_shapes_and_first_states() -> None:
    record = traced(small_model("lstm", units=6), timesteps=5)
    assert record.length == 5
    assert record.top.units == 6
    assert record.logits.shape == record.probabilities.shape == (5, ANSWERS)
    assert set(record.top.quantities) == {quantity.name for quantity in record.description.quantities}
    assert all(values.shape == (5, 6) for values in record.top.quantities.values())
    assert record.value("previous_cell_state")[0].tolist() == [0.0] * 6
    assert {name: weight.shape for name, weight in record.top.weights.items()} == {
        "weight_ih": (24, 3),
        "weight_hh": (24, 6),
        "bias_ih": (24,),
        "bias_hh": (24,),
    }


def test_tracing_asks_for_no_gradient_and_leaves_none() -> None:
    model = small_model("gru")
    traced(model)
    assert all(parameter.grad is None and parameter.requires_grad for parameter in model.parameters())


# Interventions


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_memory() -> None:
    model = small_model("lstm", dtype=torch.float32)
    later = tuple(range(4, 12))
    record = traced(
        model,
        HoldQuantity("forget_gate", 1.0, timesteps=later),
        HoldQuantity("input_gate", 0.0, timesteps=later),
    )
    cell_state = record.value("cell_state")
    assert np.abs(cell_state[3]).min() > 0.0
    np.testing.assert_array_equal(cell_state[4:], np.repeat(cell_state[3][None], 8, axis=0))
    np.testing.assert_array_equal(record.value("forget_gate")[4:], 1.0)
    untouched = traced(model)
    np.testing.assert_array_equal(cell_state[:4], untouched.value("cell_state")[:4])
    assert not np.array_equal(record.probabilities[4:], untouched.probabilities[4:])


def test_a_wiped_memory_stays_what_comes_after_it() -> None:
    record = traced(small_model("lstm"), HoldQuantity("cell_state", 0.0, timesteps=(6,)))
    np.testing.assert_array_equal(record.value("cell_state")[6], 0.0)
    np.testing.assert_array_equal(
        record.value("hidden_state")[6], 0.0
    )  # o * tanh(0): the same timestep sees it
    np.testing.assert_array_equal(record.value("kept_memory")[7], 0.0)
    np.testing.assert_array_equal(record.value("cell_state")[7], record.value("learned")[7])


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_only_what_is_held_leaves_its_formula(cell: str) -> None:
    model = small_model(cell, layers=2, dtype=torch.float32)
    for quantity in model.cell.description.quantities:
        record = traced(model, HoldQuantity(quantity.name, 0.25, timesteps=(2, 5), units=(1, 3), layer=1))
        for index, layer in enumerate(record.layers):
            for equation in record.description.equations:
                computed = activate(equation.activation, pre_activation(layer, equation))
                differs = np.abs(computed - layer.quantities[equation.target]) > LARGEST_ROUNDING
                held = index == 1 and equation.target == quantity.name
                expected = {(2, 1), (2, 3), (5, 1), (5, 3)} if held else set()
                assert set(map(tuple, np.argwhere(differs).tolist())) == expected, equation.target
        np.testing.assert_array_equal(record.value(quantity.name, 1)[np.ix_([2, 5], [1, 3])], 0.25)


def test_the_layer_above_sees_what_is_held_below() -> None:
    model = small_model("rnn", layers=2)
    record = traced(model, HoldQuantity("hidden_state", 0.5, timesteps=(3,), layer=0))
    np.testing.assert_array_equal(record.layers[1].inputs[3], 0.5)


def test_a_later_intervention_wins() -> None:
    record = traced(
        small_model("lstm"),
        HoldQuantity("forget_gate", 1.0),
        HoldQuantity("forget_gate", 0.0, timesteps=(5,), units=(2,)),
    )
    forget_gate = record.value("forget_gate").copy()
    assert forget_gate[5, 2] == 0.0
    forget_gate[5, 2] = 1.0
    np.testing.assert_array_equal(forget_gate, 1.0)


def test_a_network_without_memory_can_be_held_too() -> None:
    record = traced(small_model("no_memory"), HoldQuantity("hidden_state", 0.0, timesteps=(4,)))
    np.testing.assert_allclose(record.logits[4], record.head_bias, rtol=0, atol=1e-7)


def test_holding_at_the_value_it_has_changes_nothing() -> None:
    model = small_model("gru", dtype=torch.float32)
    plain = traced(model)
    value = float(plain.value("update_gate")[4, 1])
    record = traced(model, HoldQuantity("update_gate", value, timesteps=(4,), units=(1,)))
    np.testing.assert_array_equal(record.probabilities, plain.probabilities)


@pytest.mark.parametrize(
    ("hold", "sentence"),
    [
        (HoldQuantity("forget_gate", 1.0), "The RNN has no forget gate to hold; it has hidden state."),
        (HoldQuantity("hidden_state", 1.0, layer=1), "no layer 2 to hold: the network has 1"),
        (HoldQuantity("hidden_state", 1.0, units=(4,)), "no unit 5 to hold: the layer has 4"),
        (HoldQuantity("hidden_state", 1.0, timesteps=(0, 12)), "no timestep 13 to hold: the sequence has 12"),
        (HoldQuantity("hidden_state", 1.0, timesteps=(-1,)), "no timestep 0 to hold"),
        (HoldQuantity("hidden_state", float("nan")), "at a number only"),
    ],
)
def test_what_cannot_be_held_is_refused_with_a_sentence(hold: HoldQuantity, sentence: str) -> None:
    with pytest.raises(InterventionError, match=sentence):
        traced(small_model("rnn"), hold)


def test_formulas_with_weights_name_rows_that_the_trace_has() -> None:
    for cell in ALL_CELLS:
        record = traced(small_model(cell))
        for equation in record.description.equations:
            if isinstance(equation, Affine):
                for term in equation.terms:
                    columns = () if term.diagonal else record.value(term.source).shape[1:]
                    assert record.top.weights[term.weight].shape[1:] == columns


NOT_A_NUMBER = np.zeros((5, 3), np.float32)
NOT_A_NUMBER[2, 1] = np.nan


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (np.array([0, 1, 2, 3, 0]), "The symbol at timestep 4 is 3; this network knows 0 to 2."),
        (np.array([0, -1, 2, 3, 0]), "The symbol at timestep 2 is -1;"),
        (np.array([0, 1]), r"The inputs of this sequence are \(2,\); 5 events of this network need \(5,\)."),
        (np.zeros((5, 4), np.float32), r"are \(5, 4\); 5 events of this network need \(5, 3\)."),
        (NOT_A_NUMBER, "The input at timestep 3 is nan: a network reads finite numbers only."),
    ],
)
def test_a_sequence_that_cannot_be_read_is_refused_with_a_sentence(inputs: np.ndarray, sentence: str) -> None:
    sequence = dataclasses.replace(random_sequence(5), inputs=inputs)
    with pytest.raises(SequenceError, match=sentence):
        trace(small_model("lstm"), sequence, network="lstm", run_id=0, update=0)


def test_a_sequence_of_one_event_is_traced_and_one_of_none_is_refused() -> None:
    assert traced(small_model("lstm"), timesteps=1).logits.shape == (1, ANSWERS)
    nothing = EventSequence((), np.zeros((0, 3), np.float32), np.zeros(0, np.int64), np.zeros(0, np.bool_))
    with pytest.raises(SequenceError, match="at least one event"):
        trace(small_model("lstm"), nothing, network="lstm", run_id=0, update=0)
