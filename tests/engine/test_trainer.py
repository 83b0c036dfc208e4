"""Oracles: plain torch training for the numbers, equality of all bits for everything that must not matter."""

from __future__ import annotations

import copy
import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import nn

from playground.engine.batch_stock import BatchStock
from playground.engine.model import make_model, network_generator
from playground.engine.records import Checkpoint, TrainingDiverged
from playground.engine.trainer import Trainer
from playground.experiment import OPTIMISERS, Experiment, ExperimentError
from playground.tasks.task import Batch
from tests.engine.tiny_task import ALL_CELLS, TinyTask, tiny_experiment


def make_trainer(*cells: str, curriculum: bool = False, **settings: object) -> Trainer:
    return Trainer(tiny_experiment(*cells, **settings), 1, task=TinyTask(curriculum))  # type: ignore[arg-type]


def assert_same(one: Checkpoint, other: Checkpoint, networks: tuple[str, ...] | None = None) -> None:
    """Equal in every bit, for these networks."""
    assert one.update == other.update
    for network in networks or tuple(one.networks):
        left, right = one.networks[network], other.networks[network]
        assert left.curriculum == right.curriculum
        for a, b in zip((left.weights, *left.moments), (right.weights, *right.moments), strict=True):
            assert a.tobytes() == b.tobytes()


TORCH_OPTIMISERS = {
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.02),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.02, momentum=0.9),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.02),
}


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_training_is_that_of_plain_torch(cell: str, optimiser: str):
    trainer = make_trainer(cell, optimiser=optimiser, clip_norm=0.05)
    task, settings = trainer.task, trainer.experiment.network(cell)
    model = make_model(settings, task.input_size, 3, network_generator(1, cell))
    torch_optimiser = TORCH_OPTIMISERS[optimiser](model.parameters())
    for update in range(1, 21):
        batch = task.batch(1, update, 2, 8)
        logits = model(torch.tensor(batch.inputs))
        targets = torch.tensor(batch.targets)
        each = nn.functional.cross_entropy(logits.permute(1, 2, 0), targets.T, reduction="none")  # (B, T)
        loss = sum(weight * each[:, t].mean() for t, weight in enumerate(batch.loss_weights.tolist()))
        torch_optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.05)
        torch_optimiser.step()

        result = trainer.do_update()
        assert result is not None
        assert result.update == trainer.update == update
        found = result.networks[cell]
        assert found.loss == pytest.approx(loss.item(), rel=2e-5)
        assert found.asked_loss == pytest.approx(each[:, -1].mean().item(), rel=2e-5)
        assert found.right == (logits.argmax(-1)[-1] == targets[-1]).float().mean().item()
        assert found.level == 2
    expected = torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])
    np.testing.assert_allclose(trainer.weights()[cell], expected.numpy(), rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize("curriculum", [False, True])
def test_a_network_trained_alone_equals_itself_beside_others(curriculum: bool):
    together = make_trainer(curriculum=curriculum)
    for _ in range(60):
        together.do_update()
    checkpoint = together.checkpoint()
    if curriculum:  # the networks must really have stood at different levels
        assert len({network.curriculum.level for network in checkpoint.networks.values()}) > 1
    for cell in ALL_CELLS:
        alone = make_trainer(cell, curriculum=curriculum)
        for _ in range(60):
            alone.do_update()
        assert_same(alone.checkpoint(), checkpoint, (cell,))


def test_equal_experiments_make_equal_runs_and_another_seed_another_one():
    runs = []
    for seed in (1, 1, 2):
        trainer = make_trainer("rnn", "lstm", seed=seed)
        for _ in range(10):
            trainer.do_update()
        runs.append(trainer.checkpoint())
    assert_same(runs[0], runs[1])
    assert not np.array_equal(runs[0].networks["lstm"].weights, runs[2].networks["lstm"].weights)


def test_the_real_task_trains_alone_as_beside_others():
    experiment = dataclasses.replace(
        Experiment(), training=dataclasses.replace(Experiment().training, batch_size=4)
    )
    together, alone = Trainer(experiment), Trainer(experiment, networks=("lstm",))
    assert together.networks == ("no_memory", "rnn", "lstm", "guide_lstm")
    assert alone.networks == ("lstm",)
    for _ in range(5):
        together.do_update()
        alone.do_update()
    assert_same(alone.checkpoint(), together.checkpoint(), ("lstm",))


def test_all_networks_at_a_level_share_one_batch():
    trainer = make_trainer(curriculum=True)
    trainer.task.batches_made.clear()  # type: ignore[attr-defined]  # those that were only looked at
    for _ in range(40):
        trainer.do_update()
    made = trainer.task.batches_made  # type: ignore[attr-defined]
    assert len(made) == len(set(made))
    assert {update for update, _ in made} == set(range(1, 41))


def test_an_update_abandoned_anywhere_has_never_happened():
    trainer, oracle = make_trainer(), make_trainer()
    for _ in range(2):
        trainer.do_update()
        oracle.do_update()
    before = trainer.checkpoint()
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return False

    oracle.do_update(count)
    timesteps, networks_with_memory = 4, 4
    assert asked >= len(ALL_CELLS) + networks_with_memory * 2 * timesteps  # forward and backward

    for abandon_at in range(asked):
        fresh = copy.copy(trainer)  # shares weights, not what is prepared
        fresh._prepared, fresh._stock = {}, BatchStock(trainer.task, trainer.experiment.training, "cpu")
        left = iter([False] * abandon_at)
        assert fresh.do_update(lambda left=left: next(left, True)) is None
        assert_same(fresh.checkpoint(), before)
    result = trainer.do_update()
    assert result is not None
    assert_same(trainer.checkpoint(), oracle.checkpoint())


def test_an_update_abandoned_again_and_again_gets_done_with_the_same_bits():
    trainer, oracle = make_trainer(), make_trainer()
    for patience in range(1, 100):
        left = iter([False] * patience)
        if trainer.do_update(lambda left=left: next(left, True)) is not None:
            break
    assert trainer.update == 1
    oracle.do_update()
    assert_same(trainer.checkpoint(), oracle.checkpoint())


def test_commit_needs_every_network():
    trainer = make_trainer("rnn", "lstm")
    assert trainer.prepare("rnn")
    with pytest.raises(RuntimeError, match="not prepared for lstm"):
        trainer.commit()
    assert trainer.update == 0


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_commits_nothing_anywhere(value: float):
    trainer = make_trainer("rnn", "lstm", "gru", learning_rate=5.0)
    trainer.do_update()
    good = trainer.checkpoint()
    with torch.no_grad():
        trainer.models["lstm"].head.bias[0] = value
    with pytest.raises(TrainingDiverged) as caught:
        trainer.do_update()
    diverged = caught.value
    assert (diverged.network, diverged.update) == ("lstm", 2)
    assert "LSTM" in diverged.sentence
    assert "update 2" in diverged.sentence
    assert "learning rate of the LSTM (now 5)" in diverged.advice
    assert "clip norm (now 1)" in diverged.advice
    assert_same(trainer.checkpoint(), good, ("rnn", "gru"))

    trainer.restore(good)
    oracle = make_trainer("rnn", "lstm", "gru", learning_rate=5.0)
    for _ in range(2):
        oracle.do_update()
    trainer.do_update()
    assert_same(trainer.checkpoint(), oracle.checkpoint())


def test_a_gradient_that_is_too_large_is_found_though_the_loss_is_a_number():
    trainer = make_trainer("rnn")
    with torch.no_grad():
        head = trainer.models["rnn"].head
        head.weight.fill_(0.0)
        head.weight[0] = 1e38  # the hidden state's gradient overflows on its way through the head
        head.bias.fill_(0.0)
        for layer in trainer.models["rnn"].recurrent_layers:
            for parameter in layer.parameters():
                parameter.zero_()
    before = trainer.checkpoint()
    with pytest.raises(TrainingDiverged, match="gradient of the RNN"):
        trainer.do_update()
    assert_same(trainer.checkpoint(), before)


def test_a_checkpoint_goes_on_bit_for_bit():
    trainer = make_trainer(curriculum=True)
    for _ in range(15):
        trainer.do_update()
    checkpoint = trainer.checkpoint()
    for _ in range(15):
        trainer.do_update()
    twin = trainer.twin(("lstm", "no_memory"))
    twin.restore(checkpoint)
    assert twin.update == 15
    for _ in range(15):
        twin.do_update()
    assert_same(twin.checkpoint(), trainer.checkpoint(), ("lstm", "no_memory"))
    trainer.restore(checkpoint)
    for _ in range(15):
        trainer.do_update()
    assert_same(trainer.checkpoint(), twin.checkpoint(), ("lstm", "no_memory"))


def test_a_checkpoint_is_a_copy_that_nobody_can_change():
    trainer = make_trainer("lstm")
    checkpoint = trainer.checkpoint()
    kept = checkpoint.networks["lstm"].weights.copy()
    trainer.do_update()
    assert np.array_equal(checkpoint.networks["lstm"].weights, kept)
    with pytest.raises(ValueError):
        checkpoint.networks["lstm"].weights[0] = 1.0
    states = checkpoint.networks["lstm"].states
    assert states is not None
    assert states.shape == (2, 1, 8, 4)  # two states of one layer, eight sequences, four units
    assert checkpoint.nbytes == 3 * kept.nbytes + states.nbytes


def test_a_checkpoint_of_something_else_is_refused():
    trainer = make_trainer("lstm")
    with pytest.raises(KeyError, match="no network called lstm"):
        trainer.restore(make_trainer("rnn").checkpoint())
    with pytest.raises(ValueError, match="numbers instead of"):
        trainer.restore(make_trainer("lstm", units=5).checkpoint())
    with pytest.raises(ValueError, match="another optimiser"):
        trainer.restore(make_trainer("lstm", optimiser="sgd").checkpoint())


def test_a_twin_has_weights_of_its_own():
    trainer = make_trainer("rnn", "lstm")
    first = trainer.weights()
    twin = trainer.twin()
    twin.do_update()
    twin.load_weights("rnn", np.zeros_like(first["rnn"]))
    for network, weights in trainer.weights().items():
        assert np.array_equal(weights, first[network])
    assert trainer.update == 0
    assert not twin.weights()["rnn"].any()


def test_a_trace_shows_the_live_weights_and_names_the_moment():
    trainer = make_trainer("lstm")
    trainer.do_update()
    probe = trainer.task.probe()
    trace = trainer.trace("lstm", probe)
    assert (trace.network, trace.run_id, trace.update) == ("lstm", 1, 1)
    logits = trainer.models["lstm"](torch.tensor(probe.inputs)[:, None])[:, 0]
    np.testing.assert_allclose(trace.logits, logits.detach().numpy(), atol=1e-6)
    assert trainer.trace("lstm", probe, update=7).update == 7
    measures = trainer.measures("lstm", probe, 1)
    assert (measures.network, measures.update, measures.since) == ("lstm", 1, 1)


def test_evaluation_counts_right_answers_on_asked_timesteps():
    trainer = make_trainer("rnn", "lstm")
    for _ in range(20):
        trainer.do_update()
    batches = trainer.task.held_out(5, 61)
    for network, model in trainer.models.items():
        right = 0
        for batch in batches:
            for b in range(batch.inputs.shape[1]):  # one sequence at a time
                logits = model(torch.tensor(batch.inputs[:, b : b + 1]))
                right += int(logits[-1, 0].argmax()) == batch.targets[-1, b]
        assert trainer.evaluate(network, batches) == right / 61
    assert math.isnan(trainer.evaluate("rnn", []))


def test_asked_nowhere_is_not_a_number_but_trains():
    class NeverAsked(TinyTask):
        def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
            batch = super().batch(seed, update, level, batch_size)
            return dataclasses.replace(batch, asked=np.zeros_like(batch.asked))

    trainer = Trainer(tiny_experiment("rnn"), task=NeverAsked())
    result = trainer.do_update()
    assert result is not None
    assert math.isnan(result.networks["rnn"].right)
    assert math.isfinite(result.networks["rnn"].loss)


def test_the_lstm_learns_the_tiny_task():
    trainer = make_trainer("no_memory", "lstm", learning_rate=0.05, units=8)
    for _ in range(150):
        trainer.do_update()
    batches = trainer.task.held_out(1, 400, distance=2)
    assert trainer.evaluate("lstm", batches) == 1.0
    assert trainer.evaluate("no_memory", batches) == pytest.approx(0.5, abs=0.1)


def test_an_impossible_experiment_is_refused_with_a_sentence():
    experiment = tiny_experiment("lstm", learning_rate=0.0)
    with pytest.raises(ExperimentError, match="Learning rate must be at least"):
        Trainer(experiment, task=TinyTask())


def test_training_takes_one_torch_thread_and_no_denormal_numbers():
    make_trainer("rnn")
    assert torch.get_num_threads() == 1
    assert (torch.tensor([1e-30]) * torch.tensor([1e-15])).item() == 0.0
