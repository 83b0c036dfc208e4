"""The batches of several updates, one behind the other, checked: what a kernel reads, it reads without looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.batch_checks import BatchError
from playground.engine.kernels.update import Batches
from playground.tasks.task import Batch, PictureBatch


class BlockError(BatchError):
    """A batch that no kernel may be given; the message is a sentence."""


@dataclass(frozen=True, eq=False)
class Block:
    """n batches for a kernel, and what has to be known about them."""

    batches: Batches
    asked_counts: NDArray[np.int64]  # (n,): how many timesteps of each batch are asked
    longest: int
    most_distinct: int

    @property
    def count(self) -> int:
        """The number of updates, n."""
        return len(self.batches.lengths)


def make_block(
    batches: Sequence[Batch], batch_size: int, input_size: int, answers: int, *, squared: bool = False
) -> Block:
    """These batches, in this order. `squared`: of a task of squared error. Raises BlockError with a sentence where one
    does not fit the network."""
    symbols = len(batches) > 0 and batches[0].inputs_are_symbols
    for batch in batches:
        if batch.inputs_are_symbols != symbols:
            raise BlockError(
                "One batch shows symbols, another one vectors; a network is made for one of them."
            )
        if symbols:
            continue
        shape = (
            (*batch.asked.shape, batch.bank.shape[-1])
            if isinstance(batch, PictureBatch)
            else batch.inputs.shape
        )
        if len(shape) != 3 or shape[-1] != input_size:
            kind = np.float32().dtype if isinstance(batch, PictureBatch) else batch.inputs.dtype
            raise BlockError(
                f"The inputs of a batch are {kind} {shape}; this network needs (T, B, {input_size})."
            )
    parts = [shown_inputs(batch) for batch in batches]
    counts = [input_size if symbols else len(shown) for _, shown, _ in parts]
    joined = Batches(
        distinct=np.zeros((0, input_size), np.float32) if symbols else _gathered(parts, input_size),
        rows=_joined([index for _, _, index in parts], np.int64),
        targets=np.zeros(0, np.int64) if squared else _flat([batch.targets for batch in batches], np.int64),
        values=_values(batches, answers) if squared else np.zeros((0, answers), np.float32),
        asked=_flat([batch.asked for batch in batches], np.uint8),
        loss_weights=_joined([weight_of_each(batch) for batch in batches], np.float32),
        lengths=np.array([batch.timesteps for batch in batches], np.int64),
        distinct_counts=np.array(counts, np.int64),
        carried=np.array([batch.carried for batch in batches], np.uint8),
    )
    return checked_block(joined, batch_size, input_size, answers, symbols=symbols, squared=squared)


def checked_block(
    batches: Batches,
    batch_size: int,
    input_size: int,
    answers: int,
    *,
    symbols: bool = False,
    squared: bool = False,
) -> Block:
    """The block of batches that are joined already. Raises BlockError with a sentence."""
    lengths, counts = batches.lengths, batches.distinct_counts
    if len(lengths) == 0 or len(lengths) != len(counts) or len(lengths) != len(batches.carried):
        raise BlockError("A block needs at least one batch, and each batch its length and its inputs.")
    if lengths.min() < 1 or batch_size < 1 or counts.min() < 1:
        raise BlockError("A batch needs at least one sequence of at least one timestep.")
    rows = int(lengths.sum()) * batch_size
    distinct = 0 if symbols else int(counts.sum())
    expected: dict[str, tuple[NDArray[Any], tuple[int, ...], type]] = {
        "inputs": (batches.distinct, (distinct, input_size), np.float32),
        "rows of inputs": (batches.rows, (rows,), np.int64),
        "targets": (batches.targets, (0 if squared else rows,), np.int64),
        "target values": (batches.values, (rows if squared else 0, answers), np.float32),
        "asked timesteps": (batches.asked, (rows,), np.uint8),
        "loss weights": (batches.loss_weights, (rows,), np.float32),
        "marks of carried memory": (batches.carried, lengths.shape, np.uint8),
    }
    for name, (array, shape, kind) in expected.items():
        if array.shape != shape or array.dtype != kind or not array.flags.carray:
            raise BlockError(
                f"The {name} of a batch are {array.dtype} {array.shape}; this network needs {shape}."
            )
    if not squared:
        _check_range("target", batches.targets, answers)
    if symbols:
        _check_range("symbol", batches.rows, input_size)
    starts = np.concatenate([[0], np.cumsum(lengths * batch_size)[:-1]])  # (n,)
    lowest, highest = np.minimum.reduceat(batches.rows, starts), np.maximum.reduceat(batches.rows, starts)
    if lowest.min() < 0 or (highest >= counts).any():
        raise BlockError("A batch shows an input that it does not bring along.")
    asked_counts = np.add.reduceat(batches.asked, starts, dtype=np.int64)
    return Block(batches, asked_counts, int(lengths.max()), int(counts.max()))


def _check_range(name: str, values: NDArray[np.int64], limit: int) -> None:
    lowest, highest = int(values.min()), int(values.max())
    if lowest < 0 or highest >= limit:
        wrong = lowest if lowest < 0 else highest
        raise BlockError(f"A {name} of a batch is {wrong}; this network knows 0 to {limit - 1}.")


Shown = tuple[NDArray[np.float32], NDArray[np.int64] | range, NDArray[np.int64]]
"""The inputs that a batch chooses from (N, I), which of them it shows at all (U,), and which of those every timestep
shows, (T B,) in time-major order."""


def shown_inputs(batch: Batch) -> Shown:
    """What a batch shows: pictures each once, where the batch says which ones they are; of symbols no vectors at all;
    else every input for itself."""
    if isinstance(batch, PictureBatch):
        rows = batch.rows.reshape(-1)  # (T B,)
        place = np.zeros(len(batch.bank), np.int64)
        place[rows] = 1
        shown = np.flatnonzero(place)  # the rows of the bank that some timestep shows, ascending
        place[shown] = np.arange(len(shown))
        return batch.bank.astype(np.float32, copy=False), shown, place[rows]
    if batch.inputs_are_symbols:
        return np.zeros((0, 0), np.float32), range(0), batch.inputs.astype(np.int64, copy=False).reshape(-1)
    width = batch.inputs.shape[-1]
    flat = batch.inputs.astype(np.float32, copy=False).reshape(-1, width)  # (T B, I)
    return flat, range(len(flat)), np.arange(len(flat))


def distinct_inputs(batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The inputs of a batch, each once, (U, I), and which of them every timestep shows, (T B,) in time-major order."""
    inputs, shown, index = shown_inputs(batch)
    return inputs[np.asarray(shown, np.int64)], index


def _gathered(parts: Sequence[Shown], width: int) -> NDArray[np.float32]:
    """(sum of U, I): the distinct inputs of all batches, each copied once: they are much of what a block weighs."""
    gathered = np.empty((sum(len(shown) for _, shown, _ in parts), width), np.float32)
    at = 0
    for inputs, shown, _ in parts:
        place = gathered[at : at + len(shown)]
        if isinstance(shown, range):
            place[:] = inputs
        else:
            np.take(inputs, shown, axis=0, out=place, mode="clip")  # the other mode makes a copy first
        at += len(shown)
    return gathered


def weight_of_each(batch: Batch) -> NDArray[np.float32]:
    """(T B,): what each answer weighs in the loss of its batch; a weight of a timestep is shared by its sequences."""
    weights = batch.loss_weights
    if weights.ndim == 2:
        return weights.reshape(-1)
    shared: NDArray[np.float32] = (weights.astype(np.float64) / batch.size).astype(np.float32)
    return np.repeat(shared, batch.size)


def _values(batches: Sequence[Batch], answers: int) -> NDArray[np.float32]:
    for batch in batches:
        if batch.targets.ndim != 3 or batch.targets.shape[-1] != answers:
            raise BlockError(
                f"The targets of a batch are {batch.targets.shape}; {answers} numbers each are to be said."
            )
    return _joined([batch.targets.reshape(-1, answers) for batch in batches], np.float32)


def _flat(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return _joined([part.reshape(-1) for part in parts], kind)


def _joined(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    """Always a copy: to numba an array that is read-only is of another type."""
    joined: NDArray[Any] = np.concatenate(parts, dtype=kind, casting="unsafe")
    return joined
