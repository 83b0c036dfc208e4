"""Two trainers in two threads give what they give one after the other: they share kernels and torch alone."""

from __future__ import annotations

import threading

import pytest

from playground.engine.kernels import readiness
from playground.engine.records import Checkpoint
from playground.engine.trainer import FAST, REFERENCE, Trainer
from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from tests.engine.kernels import kernel_for_tests
from tests.engine.random_task import Kind, RandomTask
from tests.engine.test_trainer import assert_same
from tests.engine.tiny_task import ALL_CELLS

UPDATES = {FAST: 60, REFERENCE: 20}
"""The reference path takes far longer for one: it is still at it when the fast one is done."""


def trained(seed: int, path: str) -> Checkpoint:
    """All cells after so many updates of a stream."""
    experiment = Experiment(
        networks=tuple(NetworkSettings(cell, units=8, layers=2) for cell in ALL_CELLS),
        training=TrainingSettings(batch_size=8, seed=seed),
    )
    trainer = Trainer(experiment, task=RandomTask(Kind(timesteps=20, symbolic=True, carried=True)), path=path)
    while trainer.update < UPDATES[path]:
        trainer.do_updates(min(7, UPDATES[path] - trainer.update))
    return trainer.checkpoint()


@pytest.mark.parametrize("paths", [(FAST, FAST), (FAST, REFERENCE)])
def test_two_at_once_are_two_one_after_the_other(
    paths: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    expected = [trained(seed, path) for seed, path in enumerate(paths)]
    found: dict[int, Checkpoint] = {}
    together = threading.Barrier(len(paths))

    def train(seed: int, path: str) -> None:
        together.wait()
        found[seed] = trained(seed, path)

    threads = [threading.Thread(target=train, args=each) for each in enumerate(paths)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, checkpoint in enumerate(expected):
        assert_same(found[seed], checkpoint)
