"""What a run will take, against what it really takes; and a refusal before it happens."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine import trainer as trainer_module
from playground.engine.cells import CELLS
from playground.engine.history import WeightHistory
from playground.engine.memory_estimate import (
    BatchSize,
    MemoryEstimate,
    batch_size_of,
    estimated,
    free_memory,
    history_bytes,
    in_words,
    parameters_of,
    too_much,
    working_bytes,
)
from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.engine.trainer import REFERENCE, Trainer
from playground.experiment import ExperimentError, NetworkSettings, TrainingSettings
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Batch
from tests.engine.kernels import both_paths
from tests.engine.networks import CELLS_WITH_MEMORY
from tests.engine.random_task import Kind, RandomTask
from tests.engine.test_both_paths import block_of
from tests.engine.tiny_task import ALL_CELLS, TinyTask, tiny_experiment

SIZES = [(16, 1, 8, 30), (48, 2, 32, 40), (64, 3, 16, 100)]  # units, layers, batch, timesteps


def bytes_of(work: object) -> int:
    """All arrays of a kernel's memory, each once."""
    arrays = {id(array): array.nbytes for array in work if isinstance(array, np.ndarray)}  # type: ignore[attr-defined]
    return sum(arrays.values())


@pytest.mark.parametrize(("units", "layers", "batch_size", "timesteps"), SIZES)
@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_the_estimate_is_what_the_kernels_take(
    cell: str, symbolic: bool, units: int, layers: int, batch_size: int, timesteps: int
) -> None:
    task = RandomTask(Kind(timesteps=timesteps, inputs=20, symbolic=symbolic))
    settings = NetworkSettings(cell, units=units, layers=layers)
    training, _ = both_paths(settings, task, batch_size=batch_size)
    block = block_of(task, [task.batch(1, 1, 0, batch_size)], batch_size)
    work = training._work_for(block)
    size = batch_size_of(task, TrainingSettings(batch_size=batch_size))
    estimate = working_bytes(settings, size, fast=True)
    taken = bytes_of(work.memory) + block.batches.distinct.nbytes
    assert taken / 2 < estimate < taken * 2


@pytest.mark.parametrize("cell", CELLS_WITH_MEMORY)  # of one without, little is kept at all
def test_the_estimate_is_what_autograd_keeps(cell: str) -> None:
    units, layers, batch_size, timesteps = SIZES[1]
    task = RandomTask(Kind(timesteps=timesteps, inputs=20))
    settings = NetworkSettings(cell, units=units, layers=layers)
    training = NetworkTraining(settings, TrainingSettings(batch_size=batch_size), task)
    batch = TensorBatch.of(task.batch(1, 1, 0, batch_size))
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss, _ = training.judge(training.model(batch.inputs), batch)
    assert loss.requires_grad
    taken = sum(kept.values()) - training.weights.numel() * 4
    size = batch_size_of(task, TrainingSettings(batch_size=batch_size))
    assert taken / 1.2 < working_bytes(settings, size, fast=False) < taken * 2.5


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("kind", "embedding"),
    [(Kind(inputs=9), 0), (Kind(inputs=90), 0), (Kind(inputs=90, symbolic=True), 0), (Kind(), 7)],
)
def test_parameters_are_counted_as_they_are(cell: str, kind: Kind, embedding: int) -> None:
    settings = NetworkSettings(cell, units=5, layers=2, embedding=embedding)
    training = NetworkTraining(settings, TrainingSettings(), RandomTask(kind))
    size = BatchSize(1, 1, 1, kind.inputs, kind.answers)
    assert parameters_of(settings, size, symbolic=kind.symbolic) == training.weights.numel()


def test_the_history_is_what_the_estimate_says() -> None:
    for parameters in (1000, 100_000, 5_000_000):
        rows = WeightHistory({"lstm": parameters}).nbytes
        assert rows <= history_bytes(parameters) <= rows + 16 * 2**20 + 48 * parameters + 80 * 2**20


def test_batches_of_the_nature_show_bring_each_picture_once() -> None:
    size = batch_size_of(NatureShow(), TrainingSettings(batch_size=32))
    assert size == BatchSize(size.timesteps, 32, 13 * 64, 256, 12)
    assert 42 <= size.timesteps <= 44
    assert batch_size_of(NatureShow(), TrainingSettings(batch_size=1)).distinct == size.timesteps


def test_a_run_that_memory_would_not_hold_is_refused_with_the_estimate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = tiny_experiment("lstm", batch_size=64, units=64)
    Trainer(experiment, task=TinyTask(), path=REFERENCE)
    monkeypatch.setattr(trainer_module, "free_memory", lambda: 50 * 10**6)
    with pytest.raises(
        ExperimentError, match=r"needs about \d+ MB of memory and 50 MB are free.*now 64 sequences"
    ):
        Trainer(experiment, task=TinyTask(), path=REFERENCE)
    monkeypatch.setattr(trainer_module, "free_memory", lambda: None)  # who knows nothing refuses nothing
    Trainer(experiment, task=TinyTask(), path=REFERENCE)


def test_the_largest_experiment_is_gigabytes() -> None:
    """By hand: 3 layers, 1024 sequences, 500 timesteps, 128 units: gates alone 3 * 1024 * 500 * 512 * 4 = 3.1 GB."""
    training = TrainingSettings(batch_size=1024)
    task = RandomTask(Kind(timesteps=500, symbolic=True))
    estimate = estimated((NetworkSettings("lstm", units=128, layers=3),), task, training, {"lstm": True})
    assert 3.1e9 < estimate.total < 10e9
    sentence = too_much(estimate, 2 * 10**9, batch_size_of(task, training))
    assert sentence is not None
    assert sentence.startswith("This experiment needs about ")
    assert "2.0 GB are free" in sentence
    assert too_much(estimate, 64 * 10**9, batch_size_of(task, training)) is None


def test_this_machine_says_how_much_is_free() -> None:
    free = free_memory()
    assert free is None or 10**7 < free < 10**14


def test_sizes_are_said_as_people_say_them() -> None:
    assert [in_words(size) for size in (1, 230_400_000, 1_440_000_000)] == ["1 MB", "230 MB", "1.4 GB"]
    assert MemoryEstimate(3, 4).total == 7


def test_a_task_that_makes_no_batch_is_refused_with_its_own_sentence() -> None:
    class TooShort(TinyTask):
        def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
            if batch_size > 4:
                raise ValueError(f"This text is too short for {batch_size} rows.")
            return super().batch(seed, update, level, batch_size)

    with pytest.raises(ExperimentError, match=r"^This text is too short for 8 rows\.$"):
        Trainer(tiny_experiment("rnn"), task=TooShort(), path=REFERENCE)
