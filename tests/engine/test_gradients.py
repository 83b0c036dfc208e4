"""Memory measures of real networks: against cells whose Jacobian is known, and against finite differences."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.contract.cell_description import CellDescription, Quantity, Words
from playground.engine import gradients
from playground.engine.cells import Cell, Quantities, Weights
from playground.engine.cells.cell import torch_shapes
from playground.engine.gradients import joined, memory_measures, parted, read, transition_jacobians
from playground.engine.model import SequenceModel
from playground.tasks.task import EventSequence
from playground.trace.snapshot import MemoryMeasures
from tests.engine.networks import (
    ALL_CELLS,
    CELLS_WITH_MEMORY,
    random_sequence,
    random_tensor,
    small_model,
    train,
)

TIMESTEPS = 8
SINCE = 2
RIVALS = (1, 3)
ASKING = np.random.default_rng(5).standard_normal(3).astype(np.float32)
NOTHING = Words("", "")


def measured(
    model: SequenceModel, sequence: EventSequence | None = None, since: int = SINCE
) -> MemoryMeasures:
    return memory_measures(
        model,
        random_sequence(TIMESTEPS) if sequence is None else sequence,
        since=since,
        rivals=RIVALS,
        asking_inputs=ASKING,
        network="mine",
        update=17,
    )


def hand_made(name: str, states: tuple[str, ...]) -> CellDescription:
    quantities = tuple(
        Quantity(state, NOTHING, NOTHING, "use", "unbounded", NOTHING) for state in (*states, "forget_gate")
    )
    return CellDescription(name, NOTHING, states, quantities, (), "")


class ConstantForget(Cell):
    """c_t = f c_{t-1} + W x_t with a constant f, h_t = c_t."""

    key = "constant_forget"

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def describe(self) -> CellDescription:
        return hand_made(self.key, ("hidden_state", "cell_state"))

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        return torch_shapes(1, inputs, units)

    def timestep(
        self, weights: Weights, from_inputs: torch.Tensor, before: Quantities, now: Quantities
    ) -> None:
        now.forget_gate = torch.full_like(before.cell_state, self.factor)
        now.cell_state = before.cell_state * now.forget_gate + from_inputs
        now.hidden_state = now.cell_state * 1.0


class LinearRNN(Cell):
    """h_t = W x_t + U h_{t-1}: its Jacobian is U, at every timestep."""

    key = "linear_rnn"

    def describe(self) -> CellDescription:
        return CellDescription(
            self.key,
            NOTHING,
            ("hidden_state",),
            (Quantity("hidden_state", NOTHING, NOTHING, "use", "unbounded", NOTHING),),
            (),
            "",
        )

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        return torch_shapes(1, inputs, units)

    def timestep(
        self, weights: Weights, from_inputs: torch.Tensor, before: Quantities, now: Quantities
    ) -> None:
        now.hidden_state = from_inputs + before.hidden_state @ weights.weight_hh_t


def model_of(cell: Cell, dtype: torch.dtype = torch.float64) -> SequenceModel:
    model = SequenceModel(cell, 3, 4, 1, 5, dtype)
    for index, parameter in enumerate(model.parameters()):
        parameter.data.copy_(random_tensor(*parameter.shape, seed=60 + index, dtype=dtype))
    return model


# Closed forms


@pytest.mark.parametrize("factor", [0.0, 0.3, 0.97, 1.0])
def test_a_constant_forget_gate_keeps_its_powers(factor: float) -> None:
    measures = measured(model_of(ConstantForget(factor)))
    powers = factor ** np.arange(TIMESTEPS - SINCE)
    # d (h, c)_t / d (h, c)_k = [[0, f^n], [0, f^n]]: 2 H entries f^n, state of 2 H numbers
    np.testing.assert_allclose(measures.survives[SINCE:], powers, rtol=1e-12)
    assert measures.forget_product is not None
    np.testing.assert_allclose(measures.forget_product[SINCE:], powers, rtol=1e-12)
    assert np.isnan(measures.survives[:SINCE]).all()
    assert np.isnan(measures.forget_product[:SINCE]).all()
    backwards = factor ** np.arange(TIMESTEPS - 1.0, -1.0, -1.0)
    np.testing.assert_allclose(measures.gradient, backwards, rtol=1e-12)


def test_a_linear_rnn_has_its_recurrent_matrix_as_jacobian() -> None:
    model = model_of(LinearRNN())
    recurrent = model.recurrent_layers[0].get_parameter("weight_hh").detach().numpy()
    jacobians = transition_jacobians(model, read(model, random_sequence(TIMESTEPS)))
    assert jacobians.shape == (TIMESTEPS, 4, 4)
    np.testing.assert_allclose(jacobians, np.repeat(recurrent[None], TIMESTEPS, axis=0), rtol=0, atol=1e-13)

    measures = measured(model)
    powers = [np.linalg.matrix_power(recurrent, n) for n in range(TIMESTEPS)]
    expected = [np.linalg.norm(power) / 2.0 for power in powers[: TIMESTEPS - SINCE]]  # sqrt(4 units) = 2
    np.testing.assert_allclose(measures.survives[SINCE:], expected, rtol=1e-12)
    head = model.head.weight.detach().numpy()
    difference = head[RIVALS[0]] - head[RIVALS[1]]
    backwards = [np.linalg.norm(power.T @ difference) / np.linalg.norm(difference) for power in powers]
    np.testing.assert_allclose(measures.gradient, backwards[::-1], rtol=1e-12)
    assert measures.forget_product is None


def test_an_lstm_of_zeros_is_its_forget_bias() -> None:
    """All weights zero: c_t = sigmoid(b) c_{t-1}, h_t = 0.5 tanh(c_t), and all states stay zero."""
    model = small_model("lstm")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.recurrent_layers[0].get_parameter("bias_ih")[4:8] = 3.0
    kept = 1.0 / (1.0 + np.exp(-3.0))
    measures = measured(model, since=0)
    after = np.arange(1, TIMESTEPS)
    # d c_t / d c_0 = f^n, d h_t / d c_0 = f^n / 2: sqrt(H f^2n (1 + 1/4)) / sqrt(2 H)
    np.testing.assert_allclose(measures.survives[1:], kept**after * np.sqrt(1.25 / 2.0), rtol=1e-12)
    assert measures.forget_product is not None
    np.testing.assert_allclose(measures.forget_product, kept ** np.arange(TIMESTEPS), rtol=1e-12)
    assert np.isnan(measures.gradient).all()  # a head of zeros asks for nothing
    np.testing.assert_allclose(measures.asked_now, 0.5)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_network_without_memory_keeps_nothing(layers: int) -> None:
    model = small_model("no_memory", layers=layers)
    measures = measured(model)
    np.testing.assert_array_equal(
        measures.survives, [np.nan] * SINCE + [1.0] + [0.0] * (TIMESTEPS - SINCE - 1)
    )
    np.testing.assert_array_equal(measures.gradient, [0.0] * (TIMESTEPS - 1) + [1.0])
    assert measures.forget_product is None
    np.testing.assert_allclose(measures.asked_now, measures.asked_now[0], rtol=0, atol=1e-15)
    with torch.no_grad():
        model.head.weight[RIVALS[0]] = model.head.weight[RIVALS[1]]
    assert np.isnan(measured(model).gradient).all()


# Finite differences in float64: the real model, perturbed and run again


def state_after(model: SequenceModel, inputs: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """(D,): all states after reading `inputs` (T, I), from states (D,) before them."""
    like = read(model, random_sequence(1)).states
    with torch.no_grad():
        _, after = model.run(inputs[:, None], parted(states[None], like))
    return joined(after)[0]


def differences(function, at: torch.Tensor, width: float = 1e-6) -> torch.Tensor:  # type: ignore[no-untyped-def]
    """(outputs, D): central differences of `function` with respect to each element of `at` (D,)."""
    columns = []
    for element in range(at.shape[0]):
        shift = torch.zeros_like(at)
        shift[element] = width
        columns.append((function(at + shift) - function(at - shift)) / (2 * width))
    return torch.stack(columns, dim=-1)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_survival_is_that_of_finite_differences(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers)
    train(model, updates=15)
    sequence = random_sequence(TIMESTEPS)
    inputs = torch.from_numpy(np.array(sequence.inputs)).double()
    measures = measured(model, sequence)
    states = joined(read(model, sequence).states)  # (T, D)
    expected = []
    for timestep in range(SINCE + 1, TIMESTEPS):
        between = inputs[SINCE + 1 : timestep + 1]
        jacobian = differences(lambda at, seen=between: state_after(model, seen, at), states[SINCE])
        expected.append(float(jacobian.norm()) / np.sqrt(jacobian.shape[0]))
    assert measures.survives[SINCE] == 1.0
    np.testing.assert_allclose(measures.survives[SINCE + 1 :], expected, rtol=1e-5)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_the_gradient_is_that_of_finite_differences(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers)
    train(model, updates=15)
    sequence = random_sequence(TIMESTEPS)
    inputs = torch.from_numpy(np.array(sequence.inputs)).double()
    reading = read(model, sequence)
    states = joined(reading.states)

    def difference_of_logits(at: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        if seen.shape[0] == 0:
            last = parted(at[None], reading.states)[-1]["hidden_state"]
        else:
            last = parted(state_after(model, seen, at)[None], reading.states)[-1]["hidden_state"]
        with torch.no_grad():
            logits = model.head(last)[0]
        return (logits[RIVALS[0]] - logits[RIVALS[1]])[None]

    norms = np.array(
        [
            float(
                differences(lambda at, seen=inputs[t + 1 :]: difference_of_logits(at, seen), states[t]).norm()
            )
            for t in range(TIMESTEPS)
        ]
    )
    np.testing.assert_allclose(measured(model, sequence).gradient, norms / norms[-1], rtol=1e-5)


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_asked_now_is_the_answer_to_a_sequence_that_ends_with_the_question(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers)
    sequence = random_sequence(TIMESTEPS)
    inputs = torch.from_numpy(np.array(sequence.inputs)).double()
    question = torch.from_numpy(ASKING).double()
    asked_now = measured(model, sequence).asked_now
    for timestep in range(TIMESTEPS):
        whole = torch.cat([inputs[: timestep + 1], question[None]])[:, None]
        with torch.no_grad():
            probabilities = torch.softmax(model(whole)[-1, 0], dim=-1)
        first, second = (float(probabilities[rival]) for rival in RIVALS)
        assert asked_now[timestep] == pytest.approx(first / (first + second), abs=1e-12)


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)
def test_jacobians_from_many_small_batches_are_the_same(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = small_model(cell, layers=2)
    reading = read(model, random_sequence(TIMESTEPS))
    at_once = transition_jacobians(model, reading)
    monkeypatch.setattr(gradients, "LARGEST_BATCH", 3 * at_once.shape[1])
    np.testing.assert_allclose(transition_jacobians(model, reading), at_once, rtol=0, atol=1e-14)


@pytest.mark.parametrize("cell", ALL_CELLS)
def test_float32_agrees_with_float64(cell: str) -> None:
    """What the window shows, with pixels, against the same network in double precision."""
    sequence = random_sequence(TIMESTEPS, 100)
    results = []
    for dtype in (torch.float32, torch.float64):
        model = small_model(cell, layers=2, inputs=100, dtype=dtype)
        results.append(
            memory_measures(
                model,
                sequence,
                since=0,
                rivals=RIVALS,
                asking_inputs=sequence.inputs[-1],
                network=cell,
                update=0,
            )
        )
    single, double = results
    for name in ("asked_now", "survives", "gradient"):
        ours, expected = getattr(single, name), getattr(double, name)
        assert ours.dtype == np.float64
        assert ours.shape == (TIMESTEPS,)
        np.testing.assert_allclose(ours, expected, rtol=1e-4)


def test_measures_leave_the_model_as_it_was() -> None:
    model = small_model("guide_lstm", layers=2)
    measures = measured(model)
    assert (measures.network, measures.update, measures.since) == ("mine", 17, SINCE)
    assert all(parameter.grad is None and parameter.requires_grad for parameter in model.parameters())


def test_a_timestep_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="the sequence has 8 timesteps"):
        measured(small_model("lstm"), since=TIMESTEPS)
