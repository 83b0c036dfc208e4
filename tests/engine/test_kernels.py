"""Kernels against the equations of `engine/cells` under autograd, which are the truth."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from playground.engine.kernel_training import KernelTraining, PreparedBlock
from playground.engine.kernels.block import Block, BlockError, checked_block, distinct_inputs, make_block
from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.engine.records import Interruption
from playground.experiment import OPTIMISERS, NetworkSettings
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Answer, Batch
from tests.engine.kernels import both_paths
from tests.engine.tiny_task import EVERY_CELL, TinyTask


class NoiseTask(TinyTask):
    """Numbers of any size, answers at random, some timesteps without weight, some asked."""

    def __init__(self, timesteps: int, inputs: int = 5, answers: int = 3) -> None:
        super().__init__()
        self.timesteps = timesteps
        self.input_size = inputs
        self.answers = tuple(Answer(index, str(index), str(index)) for index in range(answers))  # type: ignore[assignment]

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        random = np.random.default_rng([seed, update])
        shape = (self.timesteps, batch_size)
        weights = random.random(self.timesteps).astype(np.float32) * (random.random(self.timesteps) < 0.8)
        weights[-1] = 1.0
        asked = random.random(shape) < 0.3
        asked[-1, 0] = True
        return Batch(
            inputs=random.standard_normal((*shape, self.input_size)).astype(np.float32),
            targets=random.integers(len(self.answers), size=shape),
            asked=asked,
            loss_weights=(weights / weights.sum()).astype(np.float32),
            distance=0,
        )


def prepared_block(training: KernelTraining, block: Block, update: int) -> PreparedBlock:
    found = training.prepare_block(block, update)
    assert found is not None
    return found


def reference_gradient(training: NetworkTraining, batch: Batch) -> tuple[float, np.ndarray]:
    """The loss and its gradient (P,) by autograd, the weights in float64: what both paths only come near."""
    model = training.model
    tensors = TensorBatch.of(batch)
    inputs = tensors.inputs.double() if tensors.inputs.is_floating_point() else tensors.inputs
    double = TensorBatch(inputs, tensors.targets, tensors.asked, tensors.loss_weights.double())
    twin = type(model)(
        model.cell, model.input_size, model.units, model.layers, model.answers, dtype=torch.float64
    )
    twin.load_state_dict(model.state_dict())
    loss, _ = training.judge(twin(double.inputs), double)
    parts = torch.autograd.grad(loss, list(twin.parameters()))
    return loss.item(), torch.cat([part.reshape(-1) for part in parts]).numpy()


ROUNDING = 3e-8
"""Of a sum in float32 whose terms add up to one and almost cancel: the biases of the head."""

GRID = [
    # units, layers, batch, timesteps, inputs, answers
    (1, 1, 1, 1, 1, 1),
    (16, 1, 1, 20, 10, 10),
    (7, 2, 3, 9, 5, 3),
    (16, 3, 4, 70, 6, 12),  # several chunks: 64 timesteps each
    (33, 1, 5, 4, 80, 17),  # through the encoder
    (32, 2, 32, 11, 20, 30),
    (20, 1, 300, 3, 4, 2),  # one timestep a chunk
]


@pytest.mark.parametrize(("units", "layers", "batch_size", "timesteps", "inputs", "answers"), GRID)
@pytest.mark.parametrize("cell", [*EVERY_CELL, "rnn/sigmoid", "rnn/relu"])
def test_loss_and_every_gradient_are_those_of_the_equations(
    cell: str, units: int, layers: int, batch_size: int, timesteps: int, inputs: int, answers: int
):
    key, _, activation = cell.partition("/")
    settings = NetworkSettings(
        key, units=units, layers=layers, activation=activation or "tanh", clip_norm=1e3
    )
    task = NoiseTask(timesteps, inputs, answers)
    fast, reference = both_paths(settings, task, batch_size=batch_size)
    assert fast.weights.numpy().tobytes() == reference.weights.numpy().tobytes()
    batch = task.batch(1, 1, 2, batch_size)
    prepared = prepared_block(fast, make_block([batch], batch_size, inputs, answers), 1)
    loss, gradient = reference_gradient(reference, batch)
    found = prepared.results[0]
    assert found.loss == pytest.approx(loss, rel=1e-5)

    at = 0
    for name, parameter in reference.model.named_parameters():
        part = slice(at, at + parameter.numel())
        at += parameter.numel()
        scale = max(float(np.abs(gradient[part]).max()), 1e-3 * float(np.abs(gradient).max()))
        np.testing.assert_allclose(
            fast.gradient()[part], gradient[part], rtol=0, atol=1e-5 * scale + ROUNDING, err_msg=name
        )

    _, expected = reference.judge(reference.model(TensorBatch.of(batch).inputs), TensorBatch.of(batch))
    assert found.asked_loss == pytest.approx(expected.asked_loss, rel=1e-5)
    assert found.right == pytest.approx(expected.right)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("cell", EVERY_CELL)
def test_fifty_updates_stay_together(cell: str, optimiser: str):
    settings = NetworkSettings(cell, units=8, layers=2, learning_rate=0.005, clip_norm=0.5)
    task = NoiseTask(12)
    fast, reference = both_paths(settings, task, optimiser=optimiser)
    batches = [task.batch(1, update, 2, 8) for update in range(1, 51)]
    prepared = prepared_block(fast, make_block(batches, 8, 5, 3), 1)
    assert prepared.sound == 50
    for update, batch in enumerate(batches, 1):
        expected = reference.prepare(TensorBatch.of(batch), update, lambda: None)
        reference.commit(expected)
        assert prepared.results[update - 1].loss == pytest.approx(expected.result.loss, abs=1e-3)
        assert prepared.results[update - 1].right == pytest.approx(expected.result.right)
    np.testing.assert_allclose(prepared.weights[-1], reference.weights.numpy(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("cell", EVERY_CELL)
def test_pictures_each_computed_once_give_the_same_gradient(cell: str):
    task = NatureShow()
    fast, reference = both_paths(NetworkSettings(cell), task)
    batch = task.batch(1, 1, 20, 8)
    distinct, index = distinct_inputs(batch)
    assert len(distinct) < batch.inputs.shape[0] * 8
    assert np.array_equal(distinct[index].reshape(batch.inputs.shape), batch.inputs)
    prepared = prepared_block(fast, make_block([batch], 8, task.input_size, 12), 1)
    loss, gradient = reference_gradient(reference, batch)
    assert prepared.results[0].loss == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(fast.gradient(), gradient, rtol=0, atol=1e-5 * np.abs(gradient).max())


def test_every_gate_of_every_timestep_is_there_afterwards():
    task = NoiseTask(6)
    fast, reference = both_paths(NetworkSettings("lstm", units=4, layers=2), task)
    batch = task.batch(1, 1, 2, 8)
    prepared_block(fast, make_block([batch], 8, 5, 3), 1)
    gates = fast.gates()
    assert gates.shape == (2, 6, 8, 16)
    inputs = torch.tensor(batch.inputs)
    for index, layer in enumerate(reference.model.recurrent_layers):
        found = list(layer.timesteps(inputs))
        for t, now in enumerate(found):
            expected = torch.cat([now.input_gate, now.forget_gate, now.candidate, now.output_gate], -1)
            np.testing.assert_allclose(gates[index, t], expected.detach().numpy(), atol=2e-6)
        inputs = torch.stack([now.hidden_state for now in found])


def test_the_gradient_is_clipped_to_the_norm_that_was_asked_for():
    task = NoiseTask(6)
    batch = task.batch(1, 1, 2, 8)
    moved = []
    for clip_norm in (1e3, 0.01):
        settings = NetworkSettings("gru", units=4, clip_norm=clip_norm, learning_rate=1.0)
        fast, _ = both_paths(settings, task, optimiser="sgd")
        before = fast.weights.numpy().copy()
        prepared = prepared_block(fast, make_block([batch], 8, 5, 3), 1)
        moved.append(float(np.linalg.norm(prepared.weights[0] - before)))
    assert moved[0] > 0.02
    assert moved[1] == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_found_and_nothing_is_changed(value: float):
    task = NoiseTask(5)
    for spoiled in ("head.bias", "recurrent.0.weight_hh", "recurrent.0.bias_ih"):
        fast, _ = both_paths(NetworkSettings("lstm", units=4), task)
        with torch.no_grad():
            fast.model.get_parameter(spoiled).view(-1)[0] = value
        before = fast.weights.numpy().tobytes()
        block = make_block([task.batch(1, update, 2, 8) for update in (1, 2)], 8, 5, 3)
        prepared = prepared_block(fast, block, 7)
        if math.isinf(value) and spoiled != "head.bias":  # a gate that is wide open is a number
            continue
        assert prepared.sound == 0
        assert prepared.diverged is not None
        assert prepared.diverged.update == 7
        assert fast.weights.numpy().tobytes() == before


def test_an_input_that_is_no_number_is_found():
    task = NoiseTask(5)
    for cell in EVERY_CELL:
        fast, _ = both_paths(NetworkSettings(cell, units=4), task)
        batch = task.batch(1, 1, 2, 8)
        batch.inputs[0, 0, 0] = math.nan
        prepared = prepared_block(fast, make_block([batch], 8, 5, 3), 1)
        assert prepared.diverged is not None


def test_what_a_kernel_must_not_be_given_is_refused_with_a_sentence():
    task = NoiseTask(5)
    good = make_block([task.batch(1, 1, 2, 8)], 8, 5, 3).batches
    wrong = {
        "target of a batch is 3; this network knows 0 to 2": {"targets": np.full(40, 3)},
        "target of a batch is -1": {"targets": np.full(40, -1)},
        "input that it does not bring": {"rows": np.full(40, 40)},
        "needs \\(40,\\)": {"targets": np.zeros(39, np.int64)},
        "inputs of a batch are float64": {"distinct": good.distinct.astype(np.float64)},
        "at least one timestep": {"lengths": np.zeros(1, np.int64)},
    }
    for sentence, parts in wrong.items():
        with pytest.raises(BlockError, match=sentence):
            checked_block(good._replace(**parts), 8, 5, 3)  # type: ignore[arg-type]
    with pytest.raises(BlockError, match="inputs of a batch"):
        make_block([task.batch(1, 1, 2, 8)], 8, 6, 3)
    read_only = dataclasses.replace(task.batch(1, 1, 2, 8))
    for array in (read_only.inputs, read_only.targets, read_only.asked, read_only.loss_weights):
        array.setflags(write=False)
    assert make_block([read_only], 8, 5, 3).count == 1


def test_an_update_is_abandoned_once_it_is_urgent_enough():
    task = NoiseTask(5)
    fast, _ = both_paths(NetworkSettings("lstm", units=4), task)
    before = fast.weights.numpy().tobytes()
    block = make_block([task.batch(1, 1, 2, 8)], 8, 5, 3)
    urgency = np.array([2])
    assert fast.prepare_block(block, 1, Interruption(urgency, 2)) is None
    assert fast.weights.numpy().tobytes() == before
    assert fast.prepare_block(block, 1, Interruption(urgency, 3)) is not None
    urgency[0] = 1
    assert fast.prepare_block(block, 1, Interruption(urgency, 2)) is not None
