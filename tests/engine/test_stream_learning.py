"""Learning a text or a series without a window: better than the simplest baseline after a moment, and pure."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from playground.engine.held_out import held_out_loss
from playground.engine.stream_learning import learn_stream
from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.tasks.series.learned_series import SineMixture
from playground.tasks.text.learned_texts import Names


def experiment(name: str, units: int = 16) -> Experiment:
    base = Experiment.of_task(name)
    network = NetworkSettings("rnn", units=units, learning_rate=0.01)
    return dataclasses.replace(base, networks=(network,), training=TrainingSettings(batch_size=8, seed=1))


def test_names_are_soon_better_than_character_frequencies() -> None:
    task = Names()
    seen: list[int] = []
    found = learn_stream(experiment("names"), "rnn", 60, task=task, report=seen.append)
    assert found is not None
    assert found.loss < task.baselines.unigram
    assert found.bits == pytest.approx(found.loss / 0.6931472, rel=1e-6)
    assert 2.0 < found.perplexity < task.input_size
    assert found.update == 60
    assert seen[-1] == 60
    assert found.errors is None
    assert found.loss == held_out_loss(found.model, task.held_out_all(), task.loss)
    again = learn_stream(experiment("names"), "rnn", 60)
    assert again is not None
    assert again.loss == found.loss


def test_a_sine_is_soon_better_than_the_naive_forecast() -> None:
    task = SineMixture()
    found = learn_stream(experiment("sine-mixture"), "rnn", 150, task=task)
    assert found is not None
    assert found.errors is not None
    assert found.errors.mae < task.naive_errors[0][1].mae
    assert found.loss < task.baseline()[0]
    assert found.loss * task.scaling.deviation**2 == pytest.approx(found.errors.mse, rel=1e-3)


def test_interrupted_learning_leaves_nothing() -> None:
    assert learn_stream(experiment("names"), "rnn", 60, interrupted=lambda: True) is None


def test_a_learning_rate_that_is_too_high_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wild = experiment("sine-mixture")
    network = dataclasses.replace(wild.networks[0], learning_rate=10.0, clip_norm=1e3, activation="relu")
    changed: Any = dataclasses.replace(
        wild, networks=(network,), training=dataclasses.replace(wild.training, optimiser="sgd")
    )
    found = learn_stream(changed, "rnn", 100)
    assert found is not None
    assert found.update < 100
    assert "Lower the learning rate" in found.failure
