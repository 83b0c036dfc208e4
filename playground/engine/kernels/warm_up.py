"""The first call of the kernel, on the smallest network there is: it compiles, or loads what was compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np

from playground.engine.kernels.as_a_whole import compiled_as_a_whole
from playground.engine.kernels.layer import CELL_CODES
from playground.engine.kernels.memory import Shape, aligned_zeros, make_workplace
from playground.engine.kernels.parameters import NOT_THERE, PARTS
from playground.engine.kernels.rests import no_rest
from playground.engine.kernels.update import Batches, Kernel, Recipe, kernel, train_block


class NotCompiled(RuntimeError):
    """The kernel had to be compiled where it should only have been loaded."""


def compiled_kernel(folder: Path) -> Kernel:
    """The kernel, compiled into this folder if it is not there."""
    made = kernel(folder)
    with compiled_as_a_whole(train_block.__name__):
        made(*smallest_arguments())
    return made


def loaded_kernel(folder: Path) -> Kernel:
    """The kernel from this folder, which will never compile anything. Raises NotCompiled where it is not there."""
    made: Any = kernel(folder)

    def refuse(*arguments: object) -> None:
        raise NotCompiled("what was compiled does not fit this program")

    made._compiler.compile = refuse  # what numba does once it has not found it in the folder
    made(*smallest_arguments())
    return cast(Kernel, made)


def smallest_arguments() -> tuple[Any, ...]:
    """For one update of a network of one unit without memory that sees one number once."""
    shape = Shape(
        cell=CELL_CODES["no_memory"],
        layers=1,
        units=1,
        rows=1,
        batch=1,
        chunk=1,
        inputs=1,
        encoded=1,
        has_encoder=0,
        answers=1,
        has_memory=0,
        squeeze=0,
        symbols=0,
        squared=0,
    )
    offsets = np.full((2, len(PARTS)), NOT_THERE, np.int64)
    offsets[0, 0], offsets[0, 2], offsets[1, 2], offsets[1, 3] = 0, 1, 2, 3
    batches = Batches(
        distinct=np.zeros((1, 1), np.float32),
        rows=np.zeros(1, np.int64),
        targets=np.zeros(1, np.int64),
        values=np.zeros((0, 1), np.float32),
        asked=np.zeros(1, np.uint8),
        loss_weights=np.ones(1, np.float32),
        lengths=np.ones(1, np.int64),
        distinct_counts=np.ones(1, np.int64),
        carried=np.zeros(1, np.uint8),
    )
    work = make_workplace(shape, 1, 1, cell_state=False, kept=False, gru=False)
    weights, gradient, moments = (
        np.zeros((2, 4), np.float32),
        np.zeros(4, np.float32),
        np.zeros((2, 4), np.float32),
    )
    return (
        shape,
        Recipe(0, np.full(1, 0.1), 1.0, 0, 0.0),
        batches,
        offsets,
        weights,
        gradient,
        moments,
        aligned_zeros((2, 1, 1, 1)),
        work,
        np.zeros((1, 4)),
        np.zeros(1, np.int64),
        1,
        no_rest(),
    )
