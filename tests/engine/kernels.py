"""The compiled kernel for tests, and networks trained by it next to the same ones on the reference path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playground.engine.kernel_training import KernelTraining
from playground.engine.kernels import store
from playground.engine.kernels.update import Kernel
from playground.engine.kernels.warm_up import compiled_kernel
from playground.engine.network_training import NetworkTraining
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import Task

KEPT = Path(__file__).parents[2] / ".pytest_cache" / "kernels"
"""Kernels of these very sources are compiled once, not for every run of the tests."""


@cache
def kernel_for_tests() -> Kernel:
    """The kernel, compiled if these sources never were."""
    folder = KEPT / store.fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    return compiled_kernel(folder)


def both_paths(
    settings: NetworkSettings, task: Task, *, batch_size: int = 8, optimiser: str = "adam", seed: int = 1
) -> tuple[KernelTraining, NetworkTraining]:
    """The same network twice: by kernels, and by the reference equations."""
    training = TrainingSettings(batch_size=batch_size, optimiser=optimiser, seed=seed)
    return KernelTraining(settings, training, task, kernel_for_tests()), NetworkTraining(
        settings, training, task
    )
