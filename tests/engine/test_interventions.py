"""Interventions against a network of two units computed by hand in numpy, and the promises that hold for every cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    InterventionError,
    SetMemory,
    makes_sense,
    offered_gates,
    offered_memories,
)
from playground.engine.cells import CELLS
from playground.engine.model import flat_weights, load_flat_weights
from playground.engine.tracing import trace, traced_weights
from playground.trace.contributions import value_at
from playground.trace.identities import activate, largest_deviation, pre_activation
from playground.trace.sequence_trace import SequenceTrace
from tests.engine.networks import ALL_CELLS, CELLS_WITH_MEMORY, random_sequence, small_model, train

Change = Callable[[str, int, np.ndarray], np.ndarray]
"""What becomes of a quantity, by name and timestep, once it is computed."""


def traced(model, *interventions: Intervention, timesteps: int = 12, inputs: int = 3) -> SequenceTrace:  # type: ignore[no-untyped-def]
    sequence = random_sequence(timesteps, inputs)
    return trace(model, sequence, interventions, network=model.cell.key, run_id=3, update=17)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


def lstm_by_hand(record: SequenceTrace, change: Change) -> dict[str, np.ndarray]:
    """The LSTM's equations in float64, one timestep after the other, each number given to `change` when it is made.

    "previous_cell_state" and "previous_hidden_state" are given too, before the timestep reads them.
    """
    weights = {name: value.astype(np.float64) for name, value in record.top.weights.items()}
    units = record.top.units
    hidden, cell = np.zeros(units), np.zeros(units)
    found: dict[str, list[np.ndarray]] = {}

    def made(name: str, timestep: int, value: np.ndarray) -> np.ndarray:
        value = change(name, timestep, value)
        found.setdefault(name, []).append(value)
        return value

    for t in range(record.length):
        hidden = made("previous_hidden_state", t, hidden)
        cell = made("previous_cell_state", t, cell)
        sums = weights["weight_ih"] @ record.inputs[t].astype(np.float64) + weights["bias_ih"]
        sums = sums + weights["weight_hh"] @ hidden + weights["bias_hh"]
        i, f, g, o = np.split(sums, 4)
        forget = made("forget_gate", t, sigmoid(f))
        kept = made("kept_memory", t, cell * forget)
        ignore = made("input_gate", t, sigmoid(i))
        candidate = made("candidate", t, np.tanh(g))
        learned = made("learned", t, candidate * ignore)
        cell = made("cell_state", t, kept + learned)
        use = made("output_gate", t, sigmoid(o))
        hidden = made("hidden_state", t, use * np.tanh(cell))
    found["logits"] = [record.head_weights @ each + record.head_bias for each in found["hidden_state"]]
    return {name: np.array(values) for name, values in found.items()}


def at(
    name: str, timesteps: range | tuple[int, ...], value: float, units: tuple[int, ...] = (0, 1)
) -> Change:
    def change(made: str, timestep: int, computed: np.ndarray) -> np.ndarray:
        if made == name and timestep in timesteps:
            computed = computed.copy()
            computed[list(units)] = value
        return computed

    return change


def both(*changes: Change) -> Change:
    def change(name: str, timestep: int, value: np.ndarray) -> np.ndarray:
        for each in changes:
            value = each(name, timestep, value)
        return value

    return change


ORACLES: dict[str, tuple[tuple[Intervention, ...], Change]] = {
    "nothing": ((), both()),
    "a gate shut from timestep 4 on": (
        (HoldQuantity("forget_gate", 0.0, since=3),),
        at("forget_gate", range(3, 12), 0.0),
    ),
    "a gate open at one timestep": (
        (HoldQuantity("input_gate", 1.0, timesteps=(5,)),),
        at("input_gate", (5,), 1.0),
    ),
    "a gate of one unit at a value": (
        (HoldQuantity("output_gate", 0.25, timesteps=(2, 7), units=(1,)),),
        at("output_gate", (2, 7), 0.25, (1,)),
    ),
    "nothing new": ((HoldQuantity("candidate", 0.0),), at("candidate", range(12), 0.0)),
    "the long-term memory wiped": (
        (SetMemory("cell_state", 0.0, at=6),),
        at("previous_cell_state", (6,), 0.0),
    ),
    "the short-term memory of one unit edited": (
        (SetMemory("hidden_state", -0.5, at=4, units=(0,)),),
        at("previous_hidden_state", (4,), -0.5, (0,)),
    ),
    "the first memory set": (
        (SetMemory("cell_state", 1.5, at=0),),
        at("previous_cell_state", (0,), 1.5),
    ),
    "the memory swapped": (
        (SetMemory("cell_state", (0.75, -1.25), at=8),),
        both(at("previous_cell_state", (8,), 0.75, (0,)), at("previous_cell_state", (8,), -1.25, (1,))),
    ),
    "several": (
        (
            HoldQuantity("forget_gate", 1.0),
            HoldQuantity("forget_gate", 0.0, timesteps=(5,), units=(1,)),
            SetMemory("cell_state", 0.5, at=5),
            HoldQuantity("input_gate", 0.0, since=6),
        ),
        both(
            at("forget_gate", range(12), 1.0),
            at("forget_gate", (5,), 0.0, (1,)),
            at("previous_cell_state", (5,), 0.5),
            at("input_gate", range(6, 12), 0.0),
        ),
    ),
}


@pytest.mark.parametrize("name", ORACLES)
def test_every_kind_is_what_a_hand_computes(name: str) -> None:
    interventions, change = ORACLES[name]
    record = traced(small_model("lstm", units=2), *interventions)
    by_hand = lstm_by_hand(record, change)
    for quantity in record.description.quantities:
        np.testing.assert_allclose(record.value(quantity.name), by_hand[quantity.name], rtol=0, atol=1e-6)
    for state in ("previous_hidden_state", "previous_cell_state"):
        np.testing.assert_allclose(record.value(state), by_hand[state], rtol=0, atol=1e-6)
    np.testing.assert_allclose(record.logits, by_hand["logits"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_holding_every_gate_at_its_own_value_changes_nothing_bit_for_bit(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers, dtype=torch.float32)
    train(model, updates=2)
    plain = traced(model)
    holds = [
        HoldQuantity(gate, tuple(map(float, layer.quantities[gate][t])), timesteps=(t,), layer=index)
        for index, layer in enumerate(plain.layers)
        for gate in offered_gates(model.cell.description)
        for t in range(plain.length)
    ]
    record = traced(model, *holds)
    for layer, other in zip(plain.layers, record.layers, strict=True):
        for name, values in layer.quantities.items():
            np.testing.assert_array_equal(other.quantities[name], values)
    np.testing.assert_array_equal(record.logits, plain.logits)


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_setting_every_memory_to_what_it_was_changes_nothing_bit_for_bit(cell: str) -> None:
    model = small_model(cell, layers=2, dtype=torch.float32)
    plain = traced(model)
    sets = [
        SetMemory(state, tuple(map(float, layer.value("previous_" + state)[t])), at=t, layer=index)
        for index, layer in enumerate(plain.layers)
        for state in offered_memories(model.cell.description)
        for t in range(plain.length)
    ]
    record = traced(model, *sets)
    for layer, other in zip(plain.layers, record.layers, strict=True):
        for name, values in layer.quantities.items():
            np.testing.assert_array_equal(other.quantities[name], values)


@pytest.mark.parametrize(
    "cell", [key for key in ALL_CELLS if "forget_gate" in offered_gates(CELLS[key].description)]
)
def test_an_open_forget_gate_and_a_shut_learn_gate_keep_the_memory_bit_for_bit(cell: str) -> None:
    model = small_model(cell, units=7, dtype=torch.float32)
    record = traced(
        model, HoldQuantity("forget_gate", 1.0, since=4), HoldQuantity("input_gate", 0.0, since=4)
    )
    cell_state = record.value("cell_state")
    assert np.abs(cell_state[3]).min() > 0.0
    np.testing.assert_array_equal(cell_state[4:], np.repeat(cell_state[3][None], 8, axis=0))


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_formulas_still_hold_around_a_memory_that_was_set(cell: str) -> None:
    """The record says what every timestep really read, so that every formula on screen is right."""
    model = small_model(cell, layers=2, dtype=torch.float32)
    for state in model.cell.states:
        record = traced(
            model, SetMemory(state, 0.5, at=6, units=(1,)), SetMemory(state, -0.25, at=9, layer=1)
        )
        assert largest_deviation(record) < 2e-6
        previous = record.value("previous_" + state, 1)
        np.testing.assert_array_equal(previous[9], -0.25)
        assert previous[6, 1] == 0.5
        np.testing.assert_array_equal(previous[6, [0, 2]], record.value(state, 1)[5, [0, 2]])
        np.testing.assert_array_equal(value_at(record.top, "previous_" + state, 9), previous[9])
        np.testing.assert_array_equal(value_at(record.top, "previous_" + state, 5), record.value(state, 1)[4])
        assert not previous.flags.writeable


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_only_what_is_held_leaves_its_formula(cell: str) -> None:
    model = small_model(cell, dtype=torch.float32)
    for gate in offered_gates(model.cell.description):
        record = traced(model, HoldQuantity(gate, 0.125, since=4, units=(2,)))
        for equation in record.description.equations:
            computed = activate(equation.activation, pre_activation(record.top, equation))
            differs = np.abs(computed - record.value(equation.target)) > 2e-6
            expected = {(t, 2) for t in range(4, 12)} if equation.target == gate else set()
            assert set(map(tuple, np.argwhere(differs).tolist())) == expected


def test_before_an_intervention_nothing_is_different_bit_for_bit() -> None:
    model = small_model("guide_lstm", units=8, dtype=torch.float32)
    plain = traced(model)
    for change in (HoldQuantity("forget_gate", 0.0, since=5), SetMemory("cell_state", 0.0, at=5)):
        record = traced(model, change)
        np.testing.assert_array_equal(record.logits[:5], plain.logits[:5])
        assert not np.array_equal(record.logits[5:], plain.logits[5:])


def test_a_shut_gate_in_every_layer_or_in_one() -> None:
    model = small_model("lstm", layers=3)
    everywhere = traced(model, HoldQuantity("forget_gate", 0.0))
    one = traced(model, HoldQuantity("forget_gate", 0.0, layer=1))
    assert [float(layer.quantities["forget_gate"].max()) for layer in everywhere.layers] == [0.0, 0.0, 0.0]
    assert [float(layer.quantities["forget_gate"].max()) > 0 for layer in one.layers] == [True, False, True]


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_what_is_offered_can_be_done_and_what_is_not_gets_a_sentence(cell: str) -> None:
    model = small_model(cell)
    description = model.cell.description
    for gate in offered_gates(description):
        assert makes_sense(HoldQuantity(gate, 0.0), description)
        traced(model, HoldQuantity(gate, 0.0))
    for state in offered_memories(description):
        assert makes_sense(SetMemory(state, 0.0, at=3), description)
        traced(model, SetMemory(state, 0.0, at=3))
    assert makes_sense(InsertEvent(0, "bear"), description)
    if "forget_gate" not in offered_gates(description):
        hold = HoldQuantity("forget_gate", 0.0)
        assert not makes_sense(hold, description)
        with pytest.raises(InterventionError, match=r"has no forget gate to hold; it has .*\.$"):
            traced(model, hold)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (SetMemory("cell_state", 0.0, at=3), "The RNN has no cell state to set; it has hidden state."),
        (SetMemory("hidden_state", 0.0, at=12), "There is no timestep 13 to set: the sequence has 12."),
        (SetMemory("hidden_state", 0.0, at=-1), "no timestep 0 to set"),
        (SetMemory("hidden_state", 0.0, at=1, layer=2), "no layer 3 to set: the network has 1"),
        (SetMemory("hidden_state", 0.0, at=1, units=(9,)), "no unit 10 to set: the layer has 4"),
        (
            SetMemory("hidden_state", (0.0, 1.0), at=1),
            "There are 2 numbers for the hidden state, but 4 units",
        ),
        (SetMemory("hidden_state", float("inf"), at=1), "A memory can be set at a number only, not at inf"),
        (HoldQuantity("hidden_state", 0.0, since=12), "There is no timestep 13 to hold"),
        (HoldQuantity("hidden_state", (0.0, 1.0, 2.0), units=(1, 2)), "There are 3 numbers"),
    ],
)
def test_what_has_no_place_gets_a_sentence(change: Intervention, sentence: str) -> None:
    with pytest.raises(InterventionError, match=sentence):
        traced(small_model("rnn"), change)


def test_a_network_without_memory_has_nothing_to_wipe() -> None:
    with pytest.raises(InterventionError, match="has no hidden state to set; it has no memory at all"):
        traced(small_model("no_memory"), SetMemory("hidden_state", 0.0, at=1))


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_the_weights_of_a_trace_are_those_it_was_made_with(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers, inputs=100, dtype=torch.float32)
    record = traced(model, inputs=100)
    weights = flat_weights(model)
    train(model, updates=2)
    assert not np.array_equal(flat_weights(model), weights)
    np.testing.assert_array_equal(traced_weights(model, record), weights)
    load_flat_weights(model, traced_weights(model, record))
    np.testing.assert_array_equal(traced(model, inputs=100).logits, record.logits)


def test_the_weights_of_another_network_are_refused() -> None:
    with pytest.raises(InterventionError, match="is not of this run: its weights do not fit"):
        traced_weights(small_model("lstm", units=4), traced(small_model("lstm", units=5)))
    with pytest.raises(InterventionError, match="is not of this run"):
        traced_weights(small_model("lstm"), traced(small_model("gru")))


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(
            st.builds(
                HoldQuantity,
                st.sampled_from(["forget_gate", "input_gate", "candidate", "output_gate"]),
                st.floats(-1, 1, width=32),
                since=st.integers(0, 11),
                units=st.none() | st.tuples(st.integers(0, 1)),
            ),
            st.builds(
                SetMemory,
                st.sampled_from(["cell_state", "hidden_state"]),
                st.floats(-2, 2, width=32),
                st.integers(0, 11),
                units=st.none() | st.tuples(st.integers(0, 1)),
            ),
        ),
        max_size=6,
    )
)
def test_any_stack_of_interventions_is_what_a_hand_computes(stack: list[HoldQuantity | SetMemory]) -> None:
    record = traced(small_model("lstm", units=2), *stack)
    changes = []
    for each in stack:
        units = (0, 1) if each.units is None else each.units
        assert isinstance(each.value, float)
        if isinstance(each, HoldQuantity):
            changes.append(at(each.quantity, range(each.since, 12), each.value, units))
        else:
            changes.append(at("previous_" + each.state, (each.at,), each.value, units))
    by_hand = lstm_by_hand(record, both(*changes))
    np.testing.assert_allclose(record.logits, by_hand["logits"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(record.value("cell_state"), by_hand["cell_state"], rtol=0, atol=1e-5)
