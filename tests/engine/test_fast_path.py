"""The trainer on the fast path: the same run whatever the blocks, all networks or none, and both paths together."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from playground.engine.kernels import readiness
from playground.engine.kernels.readiness import Readiness, State
from playground.engine.records import TrainingDiverged
from playground.engine.trainer import FAST, REFERENCE, Trainer
from playground.experiment import ExperimentError
from playground.runner.training_run import TrainingRun
from tests.engine.kernels import kernel_for_tests
from tests.engine.test_trainer import assert_same
from tests.engine.tiny_task import EVERY_CELL, TinyTask, tiny_experiment


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel of these sources, as if it lay in the user's cache."""
    monkeypatch.setattr(readiness, "load", kernel_for_tests)


def make_trainer(*cells: str, curriculum: bool = False, path: str = FAST, **settings: object) -> Trainer:
    return Trainer(
        tiny_experiment(*(cells or EVERY_CELL), **settings), 1, task=TinyTask(curriculum), path=path
    )  # type: ignore[arg-type]


def train(trainer: Trainer, until: int, most: int) -> None:
    while trainer.update < until:
        assert trainer.do_updates(min(most, until - trainer.update)) is not None


def test_a_trainer_says_its_path_and_its_twin_takes_the_same():
    assert make_trainer().path == FAST
    assert make_trainer().twin(("lstm",)).path == FAST
    assert make_trainer(path=REFERENCE).twin().path == REFERENCE


def test_the_environment_names_the_path(monkeypatch: pytest.MonkeyPatch):
    for said, path in ((REFERENCE, REFERENCE), (FAST, FAST), ("", FAST)):
        monkeypatch.setenv("PLAYGROUND_PATH", said)
        assert Trainer(tiny_experiment("rnn"), task=TinyTask()).path == path
    monkeypatch.setenv("PLAYGROUND_PATH", "quick")
    with pytest.raises(ExperimentError, match="no path called 'quick'"):
        Trainer(tiny_experiment("rnn"), task=TinyTask())


def test_without_kernels_training_takes_the_reference_path(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readiness, "load", lambda: None)
    monkeypatch.setattr(readiness, "readiness", lambda: Readiness(State.MISSING, "There is no numba."))
    monkeypatch.delenv("PLAYGROUND_PATH")
    assert Trainer(tiny_experiment("rnn"), task=TinyTask()).path == REFERENCE
    with pytest.raises(ExperimentError, match="no numba"):
        make_trainer()


@pytest.mark.parametrize("curriculum", [False, True])
def test_any_blocks_leave_the_same_bits(curriculum: bool):
    one_by_one = make_trainer(curriculum=curriculum)
    for _ in range(60):
        one_by_one.do_update()
    checkpoint = one_by_one.checkpoint()
    if curriculum:
        assert max(network.curriculum.level for network in checkpoint.networks.values()) > 2
    for most in (2, 7, 60):
        blocks = make_trainer(curriculum=curriculum)
        train(blocks, 60, most)
        assert_same(blocks.checkpoint(), checkpoint)


def test_a_network_alone_equals_itself_beside_others():
    together = make_trainer(curriculum=True)
    train(together, 50, 9)
    for cell in EVERY_CELL:
        alone = make_trainer(cell, curriculum=True)
        train(alone, 50, 50)
        assert_same(alone.checkpoint(), together.checkpoint(), (cell,))


def test_both_paths_stay_together():
    fast, reference = make_trainer(), make_trainer(path=REFERENCE)
    found = fast.do_updates(50)
    assert found is not None
    assert found.update == fast.update == 50
    for result in found.updates:
        expected = reference.do_update()
        assert expected is not None
        for cell in EVERY_CELL:
            ours, theirs = result.networks[cell], expected.networks[cell]
            assert ours.loss == pytest.approx(theirs.loss, abs=1e-3)
            assert ours.asked_loss == pytest.approx(theirs.asked_loss, abs=2e-3)
            assert ours.level == theirs.level
    for cell in EVERY_CELL:
        assert np.array_equal(found.weights[cell][-1], fast.weights()[cell])
        assert found.weights[cell].shape == (50, fast.weights()[cell].size)


def test_a_block_can_be_abandoned_between_networks_and_nothing_has_happened():
    trainer, oracle = make_trainer(), make_trainer()
    before = trainer.checkpoint()
    for patience in range(len(EVERY_CELL)):
        left = iter([False] * patience)
        assert trainer.do_updates(10, lambda left=left: next(left, True)) is None
        assert_same(trainer.checkpoint(), before)
    train(trainer, 10, 10)
    train(oracle, 10, 10)
    assert_same(trainer.checkpoint(), oracle.checkpoint())


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_commits_nothing_anywhere(value: float):
    trainer = make_trainer("rnn", "lstm", "gru")
    train(trainer, 5, 5)
    good = trainer.checkpoint()
    with torch.no_grad():
        trainer.models["lstm"].head.bias[0] = value
    with pytest.raises(TrainingDiverged) as caught:
        trainer.do_updates(8)
    assert (caught.value.network, caught.value.update) == ("lstm", 6)
    assert_same(trainer.checkpoint(), good, ("rnn", "gru"))
    trainer.restore(good)
    oracle = make_trainer("rnn", "lstm", "gru")
    train(oracle, 9, 3)
    train(trainer, 9, 2)
    assert_same(trainer.checkpoint(), oracle.checkpoint())


def test_a_block_ends_before_the_update_that_diverges():
    class Poisoned(TinyTask):
        def batch(self, seed: int, update: int, level: int, batch_size: int):  # type: ignore[no-untyped-def]
            made = super().batch(seed, update, level, batch_size)
            if update == 4:
                made.inputs.setflags(write=True)
                made.inputs[0, 0, 0] = math.nan
            return made

    trainer = Trainer(tiny_experiment("rnn", "lstm"), task=Poisoned(), path=FAST)
    found = trainer.do_updates(10)
    assert found is not None
    assert found.update == trainer.update == 3
    with pytest.raises(TrainingDiverged, match="update 4"):
        trainer.do_updates(10)
    assert trainer.update == 3


def test_a_run_keeps_every_moment_of_a_block():
    run = TrainingRun(make_trainer("rnn", "lstm"))
    while run.update < 40:
        assert run.some_updates(min(25, 40 - run.update), lambda: False)
    oracle = make_trainer("rnn", "lstm")
    for update in range(1, 41):
        oracle.do_update()
        for cell, weights in run.history.weights(update).items():
            assert weights.tobytes() == oracle.weights()[cell].tobytes()
    assert run.checkpoints.nearest(39).update == 32
