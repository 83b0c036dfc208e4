"""Kernels against the equations under autograd, over everything that a task and a network can be: the grid."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.engine.cells import CELLS
from playground.engine.kernel_training import KernelTraining, has_kernels
from playground.engine.kernels.block import Block, make_block
from playground.engine.model import SequenceModel
from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.experiment import NetworkSettings
from playground.tasks.task import Batch
from tests.engine.kernels import both_paths
from tests.engine.random_task import Kind, RandomTask
from tests.engine.tiny_task import EVERY_CELL

ROUNDING = 3e-8
"""Of a sum in float32 whose terms add up to one and almost cancel."""

BATCH_SIZES = (1, 2, 5, 16, 33)

networks = st.builds(
    NetworkSettings,
    cell=st.sampled_from(EVERY_CELL),
    units=st.sampled_from((1, 3, 8, 16, 20)),
    layers=st.integers(1, 3),
    activation=st.sampled_from(("tanh", "sigmoid", "relu")),
    embedding=st.sampled_from((0, 0, 1, 7)),
    clip_norm=st.just(1e3),
)
kinds = st.builds(
    Kind,
    timesteps=st.sampled_from((1, 2, 9, 40)),
    inputs=st.sampled_from((1, 4, 19)),
    answers=st.sampled_from((1, 3, 17)),
    symbolic=st.booleans(),
    squared=st.booleans(),
    masked=st.booleans(),
    carried=st.booleans(),
)
quietly = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def block_of(task: RandomTask, batches: list[Batch], batch_size: int) -> Block:
    return make_block(batches, batch_size, task.input_size, len(task.answers), squared=task.kind.squared)


def in_double(model: SequenceModel) -> SequenceModel:
    size = 0 if model.encoder is None else model.encoder.out_features
    twin = SequenceModel(
        model.cell, model.input_size, model.units, model.layers, model.answers, torch.float64, size
    )
    twin.load_state_dict(model.state_dict())
    return twin


def reference_gradient(
    training: NetworkTraining, batch: Batch, states: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """By autograd in float64: the loss, its gradient (P,), and the states after the batch (S, L, B, H)."""
    tensors = TensorBatch.of(batch)
    inputs = tensors.inputs if batch.inputs_are_symbols else tensors.inputs.double()
    targets = tensors.targets.double() if tensors.targets.is_floating_point() else tensors.targets
    double = TensorBatch(inputs, targets, tensors.asked, tensors.loss_weights.double())
    twin = in_double(training.model)
    before = training._unstacked(torch.tensor(states).double()) if batch.carried else None
    outputs, after = twin.run(inputs, before)
    loss, _ = training.judge(outputs, double)
    parts = torch.autograd.grad(loss, list(twin.parameters()), allow_unused=True)
    gradient = torch.cat(
        [
            (torch.zeros_like(weight) if part is None else part).reshape(-1)
            for part, weight in zip(parts, twin.parameters(), strict=True)
        ]
    )
    return loss.item(), gradient.numpy(), training._stacked(after).double().numpy()


def carry_on(fast: KernelTraining, reference: NetworkTraining, seed: int) -> np.ndarray:
    """Random states in both, as an earlier batch would have left them; (S, L, B, H)."""
    states = np.random.default_rng(seed).uniform(-1, 1, tuple(fast.states.shape)).astype(np.float32)
    for training in (fast, reference):
        training.states.copy_(torch.tensor(states))
    return states


@quietly
@given(networks, kinds, st.sampled_from(BATCH_SIZES))
def test_loss_gradients_and_memory_are_those_of_the_equations(
    network: NetworkSettings, kind: Kind, batch_size: int
) -> None:
    task = RandomTask(kind)
    fast, reference = both_paths(network, task, batch_size=batch_size)
    states = carry_on(fast, reference, 5)
    batch = task.batch(1, 2, 0, batch_size)
    assert batch.carried == kind.carried
    found = fast.prepare_block(block_of(task, [batch], batch_size), 1)
    assert found is not None
    loss, gradient, after = reference_gradient(reference, batch, states)
    assert found.results[0].loss == pytest.approx(loss, rel=1e-5, abs=1e-7)
    at = 0
    for name, parameter in reference.model.named_parameters():
        part = slice(at, at + parameter.numel())
        at += parameter.numel()
        scale = max(float(np.abs(gradient[part]).max()), 1e-3 * float(np.abs(gradient).max()))
        np.testing.assert_allclose(
            fast.gradient()[part], gradient[part], rtol=0, atol=1e-5 * scale + ROUNDING, err_msg=name
        )
    np.testing.assert_allclose(found.last.states.numpy(), after, rtol=1e-5, atol=2e-6)
    single = reference.prepare(TensorBatch.of(batch), 1, lambda: None)
    assert found.results[0].asked_loss == pytest.approx(single.result.asked_loss, rel=1e-5, abs=1e-6)
    assert found.results[0].right == pytest.approx(single.result.right)
    np.testing.assert_allclose(single.states.numpy(), after, rtol=1e-5, atol=2e-6)


@settings(quietly, max_examples=30)
@given(
    networks,
    kinds,
    st.sampled_from(("constant", "step", "cosine")),
    st.sampled_from(("adam", "sgd", "rmsprop")),
)
def test_fifty_updates_stay_together(
    network: NetworkSettings, kind: Kind, schedule: str, optimiser: str
) -> None:
    import dataclasses

    network = dataclasses.replace(
        network, learning_rate=0.003, clip_norm=0.5, schedule=schedule, schedule_updates=17
    )
    task = RandomTask(dataclasses.replace(kind, timesteps=min(kind.timesteps, 9)))
    fast, reference = both_paths(network, task, batch_size=4, optimiser=optimiser)
    batches = [task.batch(1, update, 0, 4) for update in range(1, 51)]
    found = fast.prepare_block(block_of(task, batches, 4), 1)
    assert found is not None
    assert found.sound == 50
    for update, batch in enumerate(batches, 1):
        expected = reference.prepare(TensorBatch.of(batch), update, lambda: None)
        reference.commit(expected)
        assert found.results[update - 1].loss == pytest.approx(expected.result.loss, abs=1e-3)
    np.testing.assert_allclose(found.last.states.numpy(), reference.states.numpy(), atol=2e-2)


@pytest.mark.parametrize("cell", EVERY_CELL)
def test_symbols_are_their_one_hot_vectors(cell: str) -> None:
    """The same weights, the same losses, with numbers in place of vectors."""
    network = NetworkSettings(cell, units=8)
    kind = Kind(timesteps=12, inputs=7, symbolic=True)
    task, dense_task = RandomTask(kind), RandomTask(Kind(timesteps=12, inputs=7))
    symbols = task.batch(1, 2, 0, 4)
    one_hot = np.eye(7, dtype=np.float32)[symbols.inputs]
    vectors = Batch(one_hot, symbols.targets, symbols.asked, symbols.loss_weights, 0)
    by_symbols, by_symbols_reference = both_paths(network, task, batch_size=4)
    by_vectors, by_vectors_reference = both_paths(network, dense_task, batch_size=4)
    ours = by_symbols.prepare_block(block_of(task, [symbols], 4), 1)
    theirs = by_vectors.prepare_block(block_of(dense_task, [vectors], 4), 1)
    assert ours is not None
    assert theirs is not None
    assert ours.results[0].loss == pytest.approx(theirs.results[0].loss, rel=1e-6)
    np.testing.assert_allclose(by_symbols.gradient(), by_vectors.gradient(), rtol=0, atol=1e-7)
    a = by_symbols_reference.prepare(TensorBatch.of(symbols), 1, lambda: None)
    b = by_vectors_reference.prepare(TensorBatch.of(vectors), 1, lambda: None)
    assert a.result.loss == pytest.approx(b.result.loss, rel=1e-6)


def test_symbols_need_no_encoder_however_many_they_are() -> None:
    task = RandomTask(Kind(inputs=200, symbolic=True))
    fast, _ = both_paths(NetworkSettings("rnn", units=4), task)
    assert fast.model.encoder is None
    assert (
        both_paths(NetworkSettings("rnn", units=4), RandomTask(Kind(inputs=200)))[0].model.encoder is not None
    )
    embedded, _ = both_paths(NetworkSettings("rnn", units=4, embedding=9), task)
    assert embedded.model.encoder is not None
    assert embedded.model.encoder.out_features == 9


def test_a_weight_of_a_timestep_is_shared_by_its_sequences() -> None:
    task = RandomTask(Kind(timesteps=7))
    batch = task.batch(1, 2, 0, 4)
    mask = np.repeat(batch.loss_weights[:, None] / 4, 4, axis=1)
    masked = Batch(batch.inputs, batch.targets, batch.asked, mask, 0)
    fast, reference = both_paths(NetworkSettings("lstm", units=4), task, batch_size=4)
    losses = []
    for each in (batch, masked):
        found = fast.prepare_block(block_of(task, [each], 4), 1)
        assert found is not None
        losses += [
            found.results[0].loss,
            reference.prepare(TensorBatch.of(each), 1, lambda: None).result.loss,
        ]
    assert losses == pytest.approx([losses[0]] * 4, rel=1e-6)


def test_what_has_no_kernels() -> None:
    assert all(has_kernels(NetworkSettings(cell)) for cell in CELLS)  # every cell has some
    assert not has_kernels(NetworkSettings("lstm", layers=2, dropout=0.5))
    assert has_kernels(NetworkSettings("lstm", layers=1, dropout=0.5))  # there is nothing between one layer
