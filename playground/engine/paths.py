"""The two ways of computing an update, and where: which one each network of a run takes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import torch

from playground.engine.kernels import readiness
from playground.experiment import ExperimentError, NetworkSettings

REFERENCE, FAST, MIXED = "reference", "fast", "mixed"
"""The two paths by the names that `Trainer.path` and `PLAYGROUND_PATH` use; and some networks on either."""

PATH_VARIABLE = "PLAYGROUND_PATH"
"""Names the path of every run that does not say itself: for comparisons, and where the fast path is not wanted."""


def checked_device(device: str) -> str:
    """The same name, if torch can compute there. Raises ExperimentError with a sentence."""
    found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device.partition(":")[0] not in found:
        raise ExperimentError(f"There is no device called {device!r}; there are {', '.join(found)}.")
    if not found[device.partition(":")[0]]:
        raise ExperimentError(
            f"This machine has no device {device!r} that PyTorch can use; without --device the processor trains."
        )
    return device


def path_from_environment() -> str | None:
    """What PLAYGROUND_PATH says, if it says anything."""
    return os.environ.get(PATH_VARIABLE) or None


def paths_of(
    chosen: Sequence[NetworkSettings], path: str | Mapping[str, str] | None, device: str = "cpu"
) -> dict[str, str]:
    """The path of every network. Raises ExperimentError when the path asked for is not there."""
    if isinstance(path, Mapping):
        return {settings.cell: path[settings.cell] for settings in chosen}
    wanted = path or path_from_environment()
    if wanted not in (None, REFERENCE, FAST):
        raise ExperimentError(f"There is no path called {wanted!r}; there are {REFERENCE} and {FAST}.")
    if wanted != REFERENCE and device == "cpu" and readiness.load() is not None:
        from playground.engine.kernel_training import has_kernels

        return {settings.cell: FAST if has_kernels(settings) else REFERENCE for settings in chosen}
    if path == FAST:
        raise ExperimentError(readiness.readiness().sentence)
    return {settings.cell: REFERENCE for settings in chosen}
