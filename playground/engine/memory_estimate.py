"""How much memory a run will take, before it takes any, and a sentence where that is more than there is.

What grows with a batch: the kernels' arrays, or on the reference path what autograd keeps of every timestep for the way
back. What grows with a network: the history of its weights, which has a budget, and more only for networks so large
that even the fewest moments exceed it. Good to a factor of two (tested against what is really taken).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.engine.cells import CELLS
from playground.engine.history import (
    CHECKPOINT_BYTES,
    FEWEST_CHECKPOINTS,
    FEWEST_RECENT,
    FEWEST_SPREAD,
    MOMENT_BYTES,
)
from playground.engine.model import ENCODED_SIZE, LARGEST_UNENCODED_INPUT
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import PictureBatch, Task

NUMBER = 4
"""Bytes of a float32."""

LOOKED_AT = 3
"""Batches that are made to see how long they are."""

KEPT_FREE = 0.1
"""The share of the free memory that a run leaves to others."""


@dataclass(frozen=True)
class MemoryEstimate:
    """Bytes: for computing one update of every network, and for the history of the run."""

    working: int
    history: int

    @property
    def total(self) -> int:
        """Both."""
        return self.working + self.history


@dataclass(frozen=True)
class BatchSize:
    """What a batch of the task is like: T timesteps, B sequences, U distinct inputs of I numbers, K answers."""

    timesteps: int
    sequences: int
    distinct: int
    inputs: int
    answers: int


def batch_size_of(task: Task, training: TrainingSettings) -> BatchSize:
    """From a few batches with a single sequence each, at the longest distance, so that looking costs nothing."""
    level = max(task.longest_distance, task.first_level().level)
    seen = [task.batch(training.seed, update, level, 1) for update in range(1, 1 + LOOKED_AT)]
    timesteps = max(max(batch.timesteps for batch in seen), task.longest_distance + 2)
    rows = timesteps * training.batch_size
    if task.symbolic:
        distinct = task.input_size
    else:
        distinct = min(rows, len(seen[0].bank)) if isinstance(seen[0], PictureBatch) else rows
    return BatchSize(timesteps, training.batch_size, distinct, task.input_size, len(task.answers))


def parameters_of(network: NetworkSettings, batch: BatchSize, *, symbolic: bool) -> int:
    """P: how many numbers a network is made of."""
    encoded = network.embedding
    if not encoded and not symbolic and batch.inputs > LARGEST_UNENCODED_INPUT:
        encoded = ENCODED_SIZE
    total = encoded * (batch.inputs + 1) + batch.answers * (network.units + 1)
    for layer in range(network.layers):
        inputs = network.units if layer else (encoded or batch.inputs)
        for shape in CELLS[network.cell].parameter_shapes(inputs, network.units).values():
            size = 1
            for length in shape:
                size *= length
            total += size
    return total


def working_bytes(network: NetworkSettings, batch: BatchSize, *, fast: bool) -> int:
    """What one update of this network needs, in bytes."""
    cell = CELLS[network.cell]
    H, rows = network.units, cell.parameter_shapes(1, network.units)["weight_ih"][0]
    states = max(1, len(cell.states))
    answers = batch.timesteps * batch.sequences
    if (
        fast
    ):  # gates, states, what comes back to the hidden state; inputs and projections of each distinct input
        numbers = answers * network.layers * (rows + H * (2 + 2 * states))
        numbers += batch.distinct * (2 * rows + batch.inputs * (1 if batch.distinct == answers else 0))
    else:  # autograd keeps every quantity; the way back makes the gradients of all sums
        quantities = len(cell.description.quantities)
        numbers = answers * network.layers * (rows + H * (quantities + 2))
        numbers += answers * (batch.inputs + 4 * batch.answers)
    return NUMBER * numbers


def history_bytes(parameters: int) -> int:
    """What the past of a run may take at most, for networks of so many parameters in all, in bytes."""
    moments = NUMBER * parameters * (FEWEST_RECENT + FEWEST_SPREAD + 2)
    checkpoints = 3 * NUMBER * parameters * FEWEST_CHECKPOINTS  # weights and two moments each
    return max(MOMENT_BYTES, moments) + max(CHECKPOINT_BYTES, checkpoints)


def estimated(
    networks: Sequence[NetworkSettings], task: Task, training: TrainingSettings, fast: Mapping[str, bool]
) -> MemoryEstimate:
    """Of a run with these networks. `fast`: by cell, whether kernels train it."""
    batch = batch_size_of(task, training)
    working = [working_bytes(network, batch, fast=fast[network.cell]) for network in networks]
    slow = [size for size, network in zip(working, networks, strict=True) if not fast[network.cell]]
    # kernels keep their arrays; autograd gives back what it kept after every update
    kept = sum(working) - sum(slow) + max(slow, default=0)
    parameters = sum(parameters_of(network, batch, symbolic=task.symbolic) for network in networks)
    return MemoryEstimate(kept, history_bytes(parameters))


def free_memory() -> int | None:
    """Bytes that this machine can still give, as far as it says; None where it does not."""
    if sys.platform == "win32":
        return _free_on_windows()
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(found.split()[1]) * 1024
    except (OSError, ValueError, StopIteration, IndexError):
        pass
    try:  # macOS says how much it has, not how much is free
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (OSError, ValueError, AttributeError):
        return None


def _free_on_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *(
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "page", "page_free", "own", "own_free", "more")
            ),
        )

    status = Status()
    status.length = ctypes.sizeof(status)
    kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows alone
    return int(status.free) if kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def too_much(estimate: MemoryEstimate, free: int | None, batch: BatchSize) -> str | None:
    """Why a run with this estimate cannot begin, as a sentence that says what to change; None where it can."""
    if free is None or estimate.total <= free * (1.0 - KEPT_FREE):
        return None
    return (
        f"This experiment needs about {in_words(estimate.total)} of memory and {in_words(free)} are free: make the "
        f"batch smaller (now {batch.sequences:,} sequences), the sequences shorter (now up to {batch.timesteps:,} "
        "timesteps), or the networks (fewer units, fewer layers)."
    )


def in_words(size: int) -> str:
    """Bytes as people say them: 1.4 GB, 230 MB."""
    if size >= 10**9:
        return f"{size / 10**9:.1f} GB"
    return f"{max(1, round(size / 10**6))} MB"
