"""Whether a batch can be trained on, and a sentence where it cannot: the paths take for granted that it fits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks.task import SQUARED_ERROR, Batch, EventSequence, Task


class BatchError(ValueError):
    """A batch that no network of its task can be given; the message is a sentence."""


class SequenceError(ValueError):
    """A sequence that this network cannot read; the message is a sentence."""


def checked_sequence(sequence: EventSequence, input_size: int) -> EventSequence:
    """The same sequence, if a network of so many inputs can read it. Raises SequenceError."""
    inputs, length = sequence.inputs, sequence.length
    if length < 1:
        raise SequenceError("A sequence needs at least one event; this one is empty.")
    symbols = np.issubdtype(inputs.dtype, np.integer)
    shape = (length,) if symbols else (length, input_size)
    if inputs.shape != shape:
        raise SequenceError(
            f"The inputs of this sequence are {inputs.shape}; {length} events of this network need {shape}."
        )
    wrong = np.argwhere((inputs < 0) | (inputs >= input_size) if symbols else ~np.isfinite(inputs))
    if len(wrong):
        value, timestep = inputs[tuple(wrong[0])], int(wrong[0][0]) + 1
        raise SequenceError(
            f"The symbol at timestep {timestep} is {value}; this network knows 0 to {input_size - 1}."
            if symbols
            else f"The input at timestep {timestep} is {value}: a network reads finite numbers only."
        )
    return sequence


def checked_batch(batch: Batch, task: Task, batch_size: int) -> Batch:
    """The same batch, if it is as `Batch` says. Raises BatchError."""
    if batch.asked.ndim != 2 or batch.timesteps < 1 or batch.size < 1:
        raise BatchError("A batch needs at least one sequence of at least one timestep.")
    if batch.size != batch_size:
        raise BatchError(f"A batch has {batch.size} sequences; this run trains on {batch_size} at a time.")
    shape = (batch.timesteps, batch.size)
    if task.symbolic:
        _check_numbers("symbol", batch.inputs, shape, task.input_size)
    else:
        _check_shape("inputs", batch.inputs, (*shape, task.input_size))
    if task.loss == SQUARED_ERROR:
        _check_shape("targets", batch.targets, (*shape, len(task.answers)))
    else:
        _check_numbers("target", batch.targets, shape, len(task.answers))
    if batch.loss_weights.shape not in (shape[:1], shape):
        raise BatchError(
            f"The loss weights of a batch are {batch.loss_weights.shape}; {shape[:1]} or {shape} is needed."
        )
    return batch


def no_number_in(batch: Batch) -> str | None:
    """Where an input, a target or a loss weight of this batch is NaN or infinite, as the end of a sentence; None where
    all are numbers."""
    arrays: tuple[tuple[str, NDArray[Any]], ...] = (
        ("the input", batch.inputs),
        ("the target", batch.targets),
        ("the loss weight", batch.loss_weights),
    )
    for name, array in arrays:
        wrong = np.argwhere(~np.isfinite(array))
        if len(wrong):
            place = tuple(int(index) for index in wrong[0])
            sequence = f" of sequence {place[1] + 1}" if len(place) > 1 else ""
            value = "not a number (NaN)" if np.isnan(array[place]) else "infinite"
            return f"{name} at timestep {place[0] + 1}{sequence} of its batch is {value}"
    return None


def _check_shape(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape or not np.issubdtype(array.dtype, np.floating):
        raise BatchError(
            f"The {name} of a batch are {array.dtype} {array.shape}; this task needs {shape} numbers."
        )


def _check_numbers(name: str, array: NDArray[Any], shape: tuple[int, ...], limit: int) -> None:
    if array.shape != shape or not np.issubdtype(array.dtype, np.integer):
        raise BatchError(
            f"The {name}s of a batch are {array.dtype} {array.shape}; this task needs {shape} whole numbers."
        )
    lowest, highest = int(array.min()), int(array.max())
    if lowest < 0 or highest >= limit:
        wrong = lowest if lowest < 0 else highest
        raise BatchError(f"A {name} of a batch is {wrong}; this task knows 0 to {limit - 1}.")
