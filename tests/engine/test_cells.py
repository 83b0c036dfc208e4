"""The cells against torch's modules, against numpy written apart from them, and against finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from playground.engine.cells import CELLS
from playground.engine.cells.rnn import RNN
from playground.engine.model import RecurrentLayer
from playground.engine.torch_exchange import torch_module
from tests.engine.networks import ALL_CELLS, CELLS_WITH_MEMORY, IN_TORCH, random_tensor, small_model

LAYERS = (1, 2, 3)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-x))


def layer_of(cell: str, inputs: int = 3, units: int = 4) -> RecurrentLayer:
    layer = RecurrentLayer(CELLS[cell], inputs, units, torch.float64)
    for index, parameter in enumerate(layer.parameters()):
        parameter.data.copy_(0.5 * random_tensor(*parameter.shape, seed=100 + index))
    return layer


def numpy_weights(layer: RecurrentLayer) -> dict[str, NDArray[np.float64]]:
    return {name: parameter.detach().numpy() for name, parameter in layer.named_parameters()}


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("cell", IN_TORCH)
def test_outputs_states_and_all_gradients_are_torchs(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers)
    module = torch_module(model)
    ours = random_tensor(9, 6, 3, seed=1).requires_grad_()
    theirs = ours.detach().clone().requires_grad_()
    weighting = random_tensor(9, 6, 4, seed=2)  # so that every output has a gradient of its own

    hidden_state, states = model.read(ours)
    expected, expected_states = module(theirs)
    (hidden_state * weighting).sum().backward()
    (expected * weighting).sum().backward()

    torch.testing.assert_close(hidden_state, expected, rtol=0, atol=1e-10)
    last = expected_states if isinstance(expected_states, tuple) else (expected_states,)
    for name, state in zip(model.cell.states, last, strict=True):
        ours_last = torch.stack([layer[name] for layer in states])
        torch.testing.assert_close(ours_last, state, rtol=0, atol=1e-10)
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=0, atol=1e-10)
    for index, layer in enumerate(model.recurrent_layers):
        for name, parameter in layer.named_parameters():
            gradient = getattr(module, f"{name}_l{index}").grad
            torch.testing.assert_close(parameter.grad, gradient, rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", IN_TORCH)
def test_first_states_are_taken_as_torch_takes_them(cell: str) -> None:
    model = small_model(cell)
    inputs = random_tensor(5, 2, 3, seed=3)
    given = [random_tensor(2, 4, seed=4 + index) for index in range(len(model.cell.states))]
    packed = given[0][None] if len(given) == 1 else tuple(state[None] for state in given)
    expected, _ = torch_module(model)(inputs, packed)
    hidden_state, _ = model.read(inputs, (dict(zip(model.cell.states, given, strict=True)),))
    torch.testing.assert_close(hidden_state, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("cell", [*ALL_CELLS, "rnn_sigmoid"])
def test_gradients_are_those_of_finite_differences(cell: str) -> None:
    if cell == "rnn_sigmoid":
        layer = RecurrentLayer(RNN("sigmoid"), 3, 2, torch.float64)
    else:
        layer = RecurrentLayer(CELLS[cell], 3, 2, torch.float64)
    names = [name for name, _ in layer.named_parameters()]
    parameters = [
        random_tensor(*parameter.shape, seed=20 + index).requires_grad_()
        for index, parameter in enumerate(layer.parameters())
    ]
    inputs = random_tensor(4, 2, 3, seed=5).requires_grad_()
    first_states = [
        random_tensor(2, 2, seed=30 + index).requires_grad_() for index in range(len(layer.cell.states))
    ]
    count = len(first_states)

    def outputs(inputs: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = dict(zip(layer.cell.states, rest[:count], strict=True))
        weights = dict(zip(names, rest[count:], strict=True))
        hidden_state, last = torch.func.functional_call(layer, weights, (inputs, states))
        return (hidden_state, *last.values())

    assert torch.autograd.gradcheck(outputs, (inputs, *first_states, *parameters))


def test_guide_lstm_is_the_guides_equations() -> None:
    """The guide's formulas with [STM, E] joined and a matrix of its own for each gate, in numpy."""
    layer = layer_of("guide_lstm")
    weights = numpy_weights(layer)
    units = 4
    block = {"i": 0, "f": 1, "n": 2, "v": 3}
    rows = {name: slice(index * units, (index + 1) * units) for name, index in block.items()}
    joined = {name: np.hstack([weights["weight_hh"][r], weights["weight_ih"][r]]) for name, r in rows.items()}
    bias = {name: weights["bias_ih"][r] + weights["bias_hh"][r] for name, r in rows.items()}
    inputs = random_tensor(8, 1, 3, seed=6)

    short_term, long_term = np.zeros(units), np.zeros(units)
    expected = []
    for event in inputs[:, 0].numpy():
        seen = np.concatenate([short_term, event])
        forget = sigmoid(joined["f"] @ seen + bias["f"])
        new = np.tanh(joined["n"] @ seen + bias["n"])
        ignore = sigmoid(joined["i"] @ seen + bias["i"])
        use_u = np.tanh(weights["weight_use"] @ (long_term * forget) + weights["bias_use"])
        use_v = sigmoid(joined["v"] @ seen + bias["v"])
        long_term = long_term * forget + new * ignore
        short_term = use_u * use_v
        expected.append(short_term)

    hidden_state, states = layer(inputs)
    np.testing.assert_allclose(hidden_state[:, 0].detach().numpy(), np.array(expected), rtol=0, atol=1e-12)
    np.testing.assert_allclose(states["cell_state"][0].detach().numpy(), long_term, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("activation", "squeeze"), [("sigmoid", sigmoid), ("relu", lambda x: np.maximum(x, 0))]
)
def test_rnn_with_another_activation_is_its_equation(
    activation: str, squeeze: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    layer = RecurrentLayer(CELLS["rnn"].with_activation(activation), 3, 4, torch.float64)
    for index, parameter in enumerate(layer.parameters()):
        parameter.data.copy_(random_tensor(*parameter.shape, seed=40 + index))
    weights = numpy_weights(layer)
    inputs = random_tensor(6, 1, 3, seed=7)
    state = np.zeros(4)
    for event in inputs[:, 0].numpy():
        state = squeeze(
            weights["weight_ih"] @ event
            + weights["bias_ih"]
            + weights["weight_hh"] @ state
            + weights["bias_hh"]
        )
    np.testing.assert_allclose(layer(inputs)[0][-1, 0].detach().numpy(), state, rtol=0, atol=1e-12)


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(ValueError, match="none of them"):
        CELLS["rnn"].with_activation("sine")


def test_only_the_rnn_has_a_choice_of_activation() -> None:
    for key, cell in CELLS.items():
        changed = cell.with_activation("sigmoid")
        assert (changed is cell) == (key != "rnn")


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def scalar_lstm(
    weights: dict[str, NDArray[np.float64]], events: NDArray[np.float64], units: int, kind: str
) -> tuple[list[list[float]], list[float]]:
    """Hidden states and the last cell state, one number at a time, written from the papers and not from the cells.

    `kind`: "1997" (rows i, g, o; nothing is forgotten) or "peephole" (rows i, f, g, o; peepholes of i, f, o).
    """
    rows = "igo" if kind == "1997" else "ifgo"
    hidden, memory = [0.0] * units, [0.0] * units
    shown = []
    for event in events:
        new_hidden, new_memory = [0.0] * units, [0.0] * units
        for unit in range(units):
            total = {}
            for position, gate in enumerate(rows):
                row = position * units + unit
                total[gate] = float(weights["bias_ih"][row] + weights["bias_hh"][row])
                for column, value in enumerate(event):
                    total[gate] += float(weights["weight_ih"][row, column] * value)
                for column, value in enumerate(hidden):
                    total[gate] += float(weights["weight_hh"][row, column] * value)
            if kind == "peephole":
                total["i"] += float(weights["weight_peephole"][unit]) * memory[unit]
                total["f"] += float(weights["weight_peephole"][units + unit]) * memory[unit]
            kept = memory[unit] * (logistic(total["f"]) if kind == "peephole" else 1.0)
            new_memory[unit] = kept + logistic(total["i"]) * math.tanh(total["g"])
            if kind == "peephole":
                total["o"] += float(weights["weight_peephole"][2 * units + unit]) * new_memory[unit]
            new_hidden[unit] = logistic(total["o"]) * math.tanh(new_memory[unit])
        hidden, memory = new_hidden, new_memory
        shown.append(hidden)
    return shown, memory


@pytest.mark.parametrize(("cell", "kind"), [("lstm_1997", "1997"), ("peephole_lstm", "peephole")])
def test_the_older_lstms_are_those_of_the_papers_number_by_number(cell: str, kind: str) -> None:
    layer = layer_of(cell)
    inputs = random_tensor(12, 1, 3, seed=12)
    hidden_states, last = layer(inputs)
    shown, memory = scalar_lstm(numpy_weights(layer), inputs[:, 0].numpy(), 4, kind)
    np.testing.assert_allclose(hidden_states[:, 0].detach().numpy(), shown, rtol=0, atol=1e-12)
    np.testing.assert_allclose(last["cell_state"][0].detach().numpy(), memory, rtol=0, atol=1e-12)


def test_peepholes_of_zero_make_the_standard_lstm() -> None:
    peephole, standard = layer_of("peephole_lstm"), layer_of("lstm")
    with torch.no_grad():
        peephole.get_parameter("weight_peephole").zero_()
    inputs = random_tensor(9, 3, 3, seed=13)
    torch.testing.assert_close(peephole(inputs)[0], standard(inputs)[0], rtol=0, atol=1e-14)


def test_a_forget_gate_of_one_makes_the_lstm_of_1997() -> None:
    standard, of_1997 = layer_of("lstm"), layer_of("lstm_1997")
    with torch.no_grad():
        for name, parameter in of_1997.named_parameters():
            i, _, g, o = standard.get_parameter(name).split(4)
            parameter.copy_(torch.cat([i, g, o]))
        standard.get_parameter("bias_ih")[4:8] = 1000.0  # sigmoid(1000) is 1 to the last bit
    inputs = random_tensor(30, 3, 3, seed=14)
    torch.testing.assert_close(of_1997(inputs)[0], standard(inputs)[0], rtol=0, atol=1e-13)


def test_the_gradient_goes_through_the_memory_of_1997_unchanged() -> None:
    """The constant error carousel: with shut gates and no recurrent weights the slope over 50 timesteps is one."""
    layer = layer_of("lstm_1997")
    with torch.no_grad():
        layer.get_parameter("weight_hh").zero_()
    first = {name: torch.zeros(1, 4, dtype=torch.float64, requires_grad=True) for name in layer.cell.states}
    _, last = layer(random_tensor(50, 1, 3, seed=15), first)
    (slope,) = torch.autograd.grad(last["cell_state"].sum(), first["cell_state"])
    torch.testing.assert_close(slope, torch.ones(1, 4, dtype=torch.float64), rtol=0, atol=0)


def test_without_memory_a_timestep_does_not_know_the_others() -> None:
    model = small_model("no_memory", layers=2)
    inputs = random_tensor(7, 3, 3, seed=8)
    together = model(inputs)
    for timestep in range(7):
        alone = model(inputs[timestep : timestep + 1])[0]
        torch.testing.assert_close(alone, together[timestep], rtol=0, atol=1e-14)


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_a_sequence_read_in_two_parts_with_the_memory_carried_over_is_the_whole(
    cell: str, layers: int
) -> None:
    model = small_model(cell, layers=layers)
    inputs = random_tensor(10, 2, 3, seed=9)
    whole, last = model.run(inputs)
    first_part, states = model.run(inputs[:4])
    second_part, states = model.run(inputs[4:], states)
    torch.testing.assert_close(torch.cat([first_part, second_part]), whole, rtol=0, atol=1e-13)
    for ours, expected in zip(states, last, strict=True):
        assert list(ours) == list(model.cell.states)
        for name in ours:
            torch.testing.assert_close(ours[name], expected[name], rtol=0, atol=1e-13)


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_the_check_is_asked_at_every_timestep_and_may_abandon(cell: str) -> None:
    model = small_model(cell, layers=2)
    inputs = random_tensor(6, 2, 3, seed=10)
    asked = []
    model(inputs, check=lambda: asked.append(1))
    assert len(asked) == 12

    class Abandoned(Exception):
        pass

    def abandon() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Abandoned

    asked.clear()
    with pytest.raises(Abandoned):
        model(inputs, check=abandon)
    assert len(asked) == 3


def test_the_gates_are_torchs_rows() -> None:
    """One weight at a time: only the quantity whose rows it is in may change at the first timestep."""
    rows = {
        "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
        "gru": ("reset_gate", "update_gate", "candidate_input"),
    }
    for cell, names in rows.items():
        layer = layer_of(cell)
        inputs = random_tensor(1, 1, 3, seed=11)
        (before,) = layer.timesteps(inputs)
        for block, changed_name in enumerate(names):
            bias = layer.get_parameter("bias_ih")
            with torch.no_grad():
                bias[block * 4 : (block + 1) * 4] += 1.0
            (after,) = layer.timesteps(inputs)
            for name in names:
                equal = torch.equal(getattr(before, name), getattr(after, name))
                assert equal == (name != changed_name), (cell, name)
            before = after


def test_a_quantity_that_is_not_computed_is_named() -> None:
    layer = layer_of("rnn")
    (now,) = layer.timesteps(random_tensor(1, 1, 3))
    with pytest.raises(AttributeError, match="No quantity called cell_state"):
        _ = now.cell_state
