"""Every task of the table, trained for a moment by every network on its own path, and looked at in every way."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.contract.network_catalogue import NETWORKS
from playground.engine.kernels import readiness
from playground.engine.trainer import FAST, REFERENCE, Trainer
from playground.experiment import TASK_SETTINGS, Experiment, NetworkSettings, TrainingSettings
from playground.tasks import TASKS
from playground.tasks.task import SQUARED_ERROR
from tests.engine.kernels import kernel_for_tests


def make_trainer(task: str, path: str | None) -> Trainer:
    return Trainer(
        Experiment(
            task=TASK_SETTINGS[task](),
            task_name=task,
            networks=tuple(NetworkSettings(line.key, units=6) for line in NETWORKS),
            training=TrainingSettings(batch_size=4),
        ),
        1,
        path=path,
    )


@pytest.mark.parametrize("name", TASKS)
def test_a_task_trains_traces_and_is_judged_on_both_paths(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    monkeypatch.delenv("PLAYGROUND_PATH", raising=False)
    trainer, reference = make_trainer(name, None), make_trainer(name, REFERENCE)
    assert trainer.path == FAST
    task = trainer.task
    done = trainer.do_updates(3)
    assert done is not None
    for update in done.updates:
        expected = reference.do_update()
        assert expected is not None
        for cell, result in update.networks.items():
            assert np.isfinite(result.loss)
            assert result.loss == pytest.approx(expected.networks[cell].loss, rel=1e-3, abs=1e-4)
    probe, held_out = task.probe(), task.held_out(1, 8)
    for cell in trainer.networks:
        trace = trainer.trace(cell, probe)
        assert trace.loss == task.loss
        assert trace.inputs.shape == (probe.length, task.input_size)
        assert trace.probabilities.shape == (probe.length, len(task.answers))
        if task.loss == SQUARED_ERROR:
            assert np.array_equal(trace.probabilities, trace.logits)
        else:
            np.testing.assert_allclose(trace.probabilities.sum(axis=1), 1.0, atol=1e-5)
        assert trainer.measures(cell, probe, 0).asked_now.shape == (probe.length,)
        assert 0.0 <= trainer.evaluate(cell, held_out) <= 1.0
        assert np.isfinite(trainer.held_out_loss(cell, held_out))
    goes_on, twin = trainer.checkpoint(), trainer.twin()
    twin.restore(goes_on)
    twin.do_updates(1)
    trainer.do_updates(1)
    for cell, weights in trainer.weights().items():
        assert weights.tobytes() == twin.weights()[cell].tobytes()


def test_an_experiment_of_every_task_goes_to_json_and_back() -> None:
    for name, settings in TASK_SETTINGS.items():
        experiment = dataclasses.replace(Experiment(), task=settings(), task_name=name)
        assert Experiment.from_json(experiment.to_json()) == experiment
