"""Batches that cannot be trained on: a sentence that names what is wrong and where, on both paths, and nothing done."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest

from playground.engine.batch_checks import BatchError, checked_batch, no_number_in
from playground.engine.kernels import readiness
from playground.engine.records import TrainingDiverged
from playground.engine.trainer import FAST, REFERENCE, Trainer
from playground.experiment import Experiment, ExperimentError, NetworkSettings, TrainingSettings
from playground.runner.failures import run_failure
from playground.tasks.task import Batch
from tests.engine.kernels import kernel_for_tests
from tests.engine.random_task import Kind, RandomTask
from tests.engine.tiny_task import ALL_CELLS

Spoil = Callable[[Batch], Batch]


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "load", kernel_for_tests)


class Spoiled(RandomTask):
    """From update `since` on, something is wrong with its batches."""

    def __init__(self, kind: Kind, spoil: Spoil, since: int) -> None:
        super().__init__(kind)
        self.spoil, self.since = spoil, since

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        made = super().batch(seed, update, level, batch_size)
        return self.spoil(made) if update >= self.since and batch_size > 1 else made


def experiment(*cells: str, batch_size: int = 4) -> Experiment:
    return Experiment(
        networks=tuple(NetworkSettings(cell, units=3) for cell in cells),
        training=TrainingSettings(batch_size=batch_size),
    )


def train(trainer: Trainer, until: int) -> None:
    while trainer.update < until:
        trainer.do_updates(until - trainer.update)


def with_value(name: str, value: float) -> Spoil:
    def spoil(batch: Batch) -> Batch:
        array = getattr(batch, name).copy()
        array[2, 1] = value
        return dataclasses.replace(batch, **{name: array})

    return spoil


def without(name: str, part: object) -> Spoil:
    return lambda batch: dataclasses.replace(batch, **{name: getattr(batch, name)[part]})


SYMBOLS, VECTORS, VALUES, MASKED = Kind(symbolic=True), Kind(), Kind(squared=True), Kind(masked=True)
NOTHING = np.s_[:0]

WRONG: list[tuple[Kind, Spoil, str]] = [
    (SYMBOLS, with_value("inputs", 5), r"A symbol of a batch is 5; this (task|network) knows 0 to 4\."),
    (SYMBOLS, with_value("inputs", -1), r"A symbol of a batch is -1; this (task|network) knows 0 to 4\."),
    (VECTORS, with_value("targets", 3), r"A target of a batch is 3; this (task|network) knows 0 to 2\."),
    (
        VECTORS,
        without("inputs", np.s_[:, :, :4]),
        r"The inputs of a batch are float32 \(.*\); this \w+ needs",
    ),
    (VECTORS, without("targets", np.s_[:-1]), r"The targets of a batch are int64 \(.*\); this \w+ needs"),
    (VALUES, without("targets", np.s_[:, :, :2]), r"The targets of a batch are .*\(6, 4, 2\)"),
    (MASKED, without("loss_weights", np.s_[:, :3]), r"The loss weights of a batch are .*(needed|needs)"),
    (VECTORS, without("loss_weights", np.s_[:4]), r"The loss weights of a batch are .*(needed|needs)"),
    (
        VECTORS,
        lambda batch: dataclasses.replace(
            batch, asked=batch.asked[NOTHING], loss_weights=np.zeros(0, np.float32)
        ),
        r"(at least one sequence of at least one timestep|are float32)",
    ),
]


@pytest.mark.parametrize("path", [FAST, REFERENCE])
@pytest.mark.parametrize(("kind", "spoil", "sentence"), WRONG)
def test_a_batch_that_does_not_fit_stops_the_run_with_a_sentence_before_anything_is_done(
    kind: Kind, spoil: Spoil, sentence: str, path: str
) -> None:
    trainer = Trainer(experiment("lstm"), task=Spoiled(kind, spoil, since=3), path=path)
    for _ in range(2):
        trainer.do_updates(8)  # a block that reaches beyond what can be done does what can be done
    assert trainer.update == 2
    before = trainer.weights()["lstm"]
    with pytest.raises(BatchError, match=sentence) as found:
        trainer.do_updates(4)
    assert trainer.update == 2
    assert np.array_equal(trainer.weights()["lstm"], before)
    failure = run_failure(found.value, 1, 2)
    assert failure.sentence.startswith("Training stopped after update 2: ")
    assert "error in the program" not in failure.sentence


@pytest.mark.parametrize(("kind", "spoil", "sentence"), WRONG)
def test_a_task_whose_first_batch_does_not_fit_is_refused(kind: Kind, spoil: Spoil, sentence: str) -> None:
    with pytest.raises(ExperimentError):
        Trainer(experiment("lstm"), task=Spoiled(kind, spoil, since=1), path=REFERENCE)


def test_a_batch_of_another_size_is_refused() -> None:
    task = RandomTask(VECTORS)
    with pytest.raises(BatchError, match="has 3 sequences; this run trains on 4 at a time"):
        checked_batch(task.batch(1, 1, 0, 3), task, 4)


@pytest.mark.parametrize("path", [FAST, REFERENCE])
@pytest.mark.parametrize(
    ("kind", "name", "value", "where"),
    [
        (
            VECTORS,
            "inputs",
            math.nan,
            "the input at timestep 3 of sequence 2 of its batch is not a number (NaN)",
        ),
        (VECTORS, "inputs", math.inf, "the input at timestep 3 of sequence 2 of its batch is infinite"),
        (
            VALUES,
            "targets",
            math.nan,
            "the target at timestep 3 of sequence 2 of its batch is not a number (NaN)",
        ),
        (
            MASKED,
            "loss_weights",
            math.nan,
            "the loss weight at timestep 3 of sequence 2 of its batch is not a number",
        ),
    ],
)
def test_a_number_that_is_none_is_named_with_its_place(
    path: str, kind: Kind, name: str, value: float, where: str
) -> None:
    cell = "gru" if math.isnan(value) else "no_memory"
    spoil = with_value(name, value)
    if math.isinf(value):  # gates shut themselves against one infinity; two of them leave no number
        kind = dataclasses.replace(kind, timesteps=3)
    trainer = Trainer(experiment(cell), task=Spoiled(kind, spoil, since=2), path=path)
    trainer.do_update()
    before = trainer.checkpoint()
    with pytest.raises(TrainingDiverged) as found:
        train(trainer, 10)
    assert where in found.value.sentence
    assert found.value.update == trainer.update + 1
    assert "look at what the task 'Random' shows them" in found.value.advice
    assert before.update == 1


def test_where_all_are_numbers_nothing_is_named() -> None:
    for kind in (SYMBOLS, VECTORS, VALUES, MASKED):
        assert no_number_in(RandomTask(kind).batch(1, 2, 0, 4)) is None


@pytest.mark.parametrize("path", [FAST, REFERENCE])
@pytest.mark.parametrize("symbolic", [False, True])
def test_sequences_of_length_one_are_trained_on(path: str, symbolic: bool) -> None:
    task = RandomTask(Kind(timesteps=1, symbolic=symbolic))
    trainer = Trainer(experiment(*ALL_CELLS, batch_size=1), task=task, path=path)
    train(trainer, 20)
    assert all(np.isfinite(weights).all() for weights in trainer.weights().values())
    assert trainer.trace("lstm", task.probe()).length == 1
