"""Memory that goes on from one batch to the next: values kept, gradients cut, every run still the same each time."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine.kernels import readiness
from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.engine.records import Checkpoint
from playground.engine.trainer import FAST, MIXED, REFERENCE, Trainer
from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.runner.training_run import TrainingRun
from playground.tasks.task import Batch
from tests.engine.kernels import kernel_for_tests
from tests.engine.random_task import Kind, RandomTask
from tests.engine.test_trainer import assert_same

STREAM = Kind(timesteps=5, symbolic=True, carried=True)
CELLS = ("no_memory", "rnn", "lstm", "guide_lstm", "gru", "peephole_lstm")
SLOW = "peephole_lstm"
"""This one has dropout between its layers, which no kernel knows: it takes the reference path."""


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    monkeypatch.delenv("PLAYGROUND_PATH", raising=False)


def make_trainer(*cells: str, path: str | None = None, layers: int = 2, dropout: float = 0.0) -> Trainer:
    experiment = Experiment(
        networks=tuple(
            NetworkSettings(
                cell,
                units=4,
                layers=layers,
                learning_rate=0.02,
                dropout=dropout or 0.25 * (cell == SLOW),
            )
            for cell in cells or CELLS
        ),
        training=TrainingSettings(batch_size=4, seed=3),
    )
    return Trainer(experiment, 1, task=RandomTask(STREAM), path=path)


def train(trainer: Trainer, until: int, most: int = 1) -> None:
    while trainer.update < until:
        assert trainer.do_updates(min(most, until - trainer.update)) is not None


@pytest.mark.parametrize("cell", CELLS)
def test_two_batches_of_which_the_second_goes_on_are_one_long_batch(cell: str) -> None:
    """With the same weights, what is said in the second half of a sequence is what is said with carried memory."""
    task = RandomTask(STREAM)
    training = NetworkTraining(NetworkSettings(cell, units=4, layers=2), TrainingSettings(batch_size=4), task)
    first, second = task.batch(1, 1, 0, 4), task.batch(1, 2, 0, 4)
    assert not first.carried
    assert second.carried
    found = training.prepare(TensorBatch.of(first), 1, lambda: None)
    training.states.copy_(found.states)  # memory goes on, weights stay
    halves = training.prepare(TensorBatch.of(second), 2, lambda: None)
    both = Batch(
        np.concatenate([first.inputs, second.inputs]),
        np.concatenate([first.targets, second.targets]),
        np.concatenate([np.zeros_like(first.asked), second.asked]),
        np.concatenate([np.zeros_like(first.loss_weights), second.loss_weights]),
        0,
    )
    whole = training.prepare(TensorBatch.of(both), 2, lambda: None)
    assert halves.result.loss == pytest.approx(whole.result.loss, rel=1e-6)
    torch.testing.assert_close(halves.states, whole.states)
    if cell == "no_memory":
        torch.testing.assert_close(halves.weights, whole.weights)
    else:  # the gradient of the long batch goes further back: it is cut between the two
        assert not torch.allclose(halves.weights, whole.weights, atol=1e-6)


@pytest.mark.parametrize("path", [FAST, REFERENCE])
def test_any_blocks_leave_the_same_bits(path: str) -> None:
    cells = CELLS[:5]
    one_by_one = make_trainer(*cells, path=path)
    train(one_by_one, 23)
    for most in (2, 7, 23):
        blocks = make_trainer(*cells, path=path)
        train(blocks, 23, most)
        assert_same(blocks.checkpoint(), one_by_one.checkpoint())


def test_a_network_alone_equals_itself_beside_others_on_another_path() -> None:
    together = make_trainer()
    assert together.path == MIXED
    assert dict(together.paths) == {cell: REFERENCE if cell == SLOW else FAST for cell in CELLS}
    train(together, 12, 5)
    for cell in CELLS:
        alone = make_trainer(cell)
        assert alone.path == together.paths[cell]
        train(alone, 12, 12)
        assert_same(alone.checkpoint(), together.checkpoint(), (cell,))


def test_a_twin_keeps_the_paths_of_a_run_that_began_before_the_kernels_were_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "load", lambda: None)
    early = make_trainer("rnn", "lstm")
    assert early.path == REFERENCE
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    assert early.twin().path == REFERENCE
    assert make_trainer("rnn", "lstm").path == FAST


@pytest.mark.parametrize("path", [FAST, REFERENCE])
def test_from_a_checkpoint_in_the_middle_of_a_stream_training_goes_on_bit_for_bit(path: str) -> None:
    trainer = make_trainer(*CELLS[:5], path=path)
    train(trainer, 8, 3)
    middle = trainer.checkpoint()
    assert all(
        network.states is not None and (cell == "no_memory" or network.states.any())
        for cell, network in middle.networks.items()
    )
    train(trainer, 19, 4)
    twin = trainer.twin()
    twin.restore(middle)
    train(twin, 19, 7)
    assert_same(twin.checkpoint(), trainer.checkpoint())
    lost = Checkpoint(
        middle.update,
        {
            cell: type(kept)(kept.weights, kept.moments, kept.curriculum)
            for cell, kept in middle.networks.items()
        },
    )
    twin.restore(lost)  # without its memory it is another run: the states are really read
    train(twin, 19, 7)
    for cell in CELLS[1:5]:
        assert twin.weights()[cell].tobytes() != trainer.weights()[cell].tobytes()


def test_the_history_replays_a_stream_exactly() -> None:
    run = TrainingRun(make_trainer(*CELLS[:5], path=FAST))
    while run.update < 40:
        run.some_updates(7, lambda: False)
    for target in (17, 22, 39):
        twin = run.trainer.twin()
        twin.restore(run.checkpoints.nearest(target))
        assert twin.update < target
        while twin.update < target:
            for network in twin.networks:
                assert twin.prepare(network)
            twin.commit()
        for cell, weights in run.history.weights(target).items():
            assert twin.weights()[cell].tobytes() == weights.tobytes()


@pytest.mark.parametrize("path", [FAST, REFERENCE])
def test_an_abandoned_update_leaves_the_memory_as_it_was(path: str) -> None:
    trainer, oracle = make_trainer("rnn", "lstm", path=path), make_trainer("rnn", "lstm", path=path)
    train(trainer, 4)
    before = trainer.checkpoint()
    for patience in (0, 1):
        left = iter([False] * patience)
        assert trainer.do_updates(1, lambda left=left: next(left, True)) is None  # type: ignore[misc]
        assert_same(trainer.checkpoint(), before)
    train(trainer, 9, 2)
    train(oracle, 9, 9)
    assert_same(trainer.checkpoint(), oracle.checkpoint())


def test_a_checkpoint_of_another_batch_is_refused() -> None:
    trainer = make_trainer("lstm", path=REFERENCE)
    other = make_trainer("lstm", path=REFERENCE, layers=2)
    kept = other.checkpoint().networks["lstm"]
    assert kept.states is not None
    narrow = type(kept)(kept.weights, kept.moments, kept.curriculum, kept.states[:, :, :3])
    with pytest.raises(ValueError, match="another batch or other layers"):
        trainer.restore(Checkpoint(0, {"lstm": narrow}))


def test_held_out_batches_that_go_on_are_read_one_after_the_other() -> None:
    trainer = make_trainer("lstm")
    train(trainer, 10, 10)
    batches = trainer.task.held_out(1, 16)
    assert [batch.carried for batch in batches] == [True, False, True, True]
    model, states, right = trainer.models["lstm"], None, 0
    with torch.no_grad():
        for batch in batches:
            outputs, states = model.run(torch.tensor(batch.inputs), states if batch.carried else None)
            right += int((outputs.argmax(-1).numpy() == batch.targets)[batch.asked].sum())
    assert trainer.count_right("lstm", batches) == right
    asked = sum(int(batch.asked.sum()) for batch in batches)
    assert trainer.evaluate("lstm", batches) == right / asked


def test_dropout_is_the_same_each_time_and_only_there_in_training() -> None:
    plain, dropped, again = (
        make_trainer("lstm"),
        make_trainer("lstm", dropout=0.5),
        make_trainer("lstm", dropout=0.5),
    )
    assert dropped.path == REFERENCE
    train(dropped, 6)
    train(again, 6, 3)
    assert_same(dropped.checkpoint(), again.checkpoint())
    train(plain, 6)
    assert plain.weights()["lstm"].tobytes() != dropped.weights()["lstm"].tobytes()
    held_out = dropped.task.held_out(1, 16)
    assert dropped.held_out_loss("lstm", held_out) == dropped.held_out_loss("lstm", held_out)
    assert make_trainer("lstm", dropout=0.5, layers=1).path == FAST


def test_dropout_hides_its_share_and_keeps_the_mean() -> None:
    settings = NetworkSettings("gru", layers=3, dropout=0.3)
    training = NetworkTraining(settings, TrainingSettings(seed=2), RandomTask(STREAM))
    between = training._dropout(7)
    assert between is not None
    ones = torch.ones(50, 32, 16)
    first, second = between(0, ones), between(1, ones)
    assert first.unique().tolist() == pytest.approx([0.0, 1 / 0.7])
    assert float((first == 0).float().mean()) == pytest.approx(0.3, abs=0.01)
    assert float(first.mean()) == pytest.approx(1.0, abs=0.02)
    assert not torch.equal(first, second)
    assert torch.equal(first, between(0, ones))
    later = training._dropout(8)
    assert later is not None
    assert not torch.equal(first, later(0, ones))
