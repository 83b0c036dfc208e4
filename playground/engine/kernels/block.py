"""The batches of several updates, one behind the other, checked: what a kernel reads, it reads without looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.update import Batches
from playground.tasks.task import Batch, PictureBatch


class BlockError(ValueError):
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


def make_block(batches: Sequence[Batch], batch_size: int, input_size: int, answers: int) -> Block:
    """These batches, in this order. Raises BlockError with a sentence where one does not fit the network."""
    parts = [distinct_inputs(batch) for batch in batches]
    joined = Batches(
        distinct=_joined([distinct for distinct, _ in parts], np.float32),
        rows=_joined([index for _, index in parts], np.int64),
        targets=_joined([batch.targets.reshape(-1) for batch in batches], np.int64),
        asked=_joined([batch.asked.reshape(-1) for batch in batches], np.uint8),
        loss_weights=_joined([batch.loss_weights for batch in batches], np.float32),
        lengths=np.array([len(batch.loss_weights) for batch in batches], np.int64),
        distinct_counts=np.array([len(distinct) for distinct, _ in parts], np.int64),
    )
    return checked_block(joined, batch_size, input_size, answers)


def checked_block(batches: Batches, batch_size: int, input_size: int, answers: int) -> Block:
    """The block of batches that are joined already. Raises BlockError with a sentence."""
    lengths, counts = batches.lengths, batches.distinct_counts
    if len(lengths) == 0 or len(lengths) != len(counts):
        raise BlockError("A block needs at least one batch, and each batch its length and its inputs.")
    if lengths.min() < 1 or batch_size < 1 or counts.min() < 1:
        raise BlockError("A batch needs at least one sequence of at least one timestep.")
    rows = int(lengths.sum()) * batch_size
    expected: dict[str, tuple[NDArray[Any], tuple[int, ...], type]] = {
        "inputs": (batches.distinct, (int(counts.sum()), input_size), np.float32),
        "rows of inputs": (batches.rows, (rows,), np.int64),
        "targets": (batches.targets, (rows,), np.int64),
        "asked timesteps": (batches.asked, (rows,), np.uint8),
        "loss weights": (batches.loss_weights, (int(lengths.sum()),), np.float32),
    }
    for name, (array, shape, kind) in expected.items():
        if array.shape != shape or array.dtype != kind or not array.flags.carray:
            raise BlockError(
                f"The {name} of a batch are {array.dtype} {array.shape}; this network needs {shape}."
            )
    _check_range("target", batches.targets, answers)
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


def distinct_inputs(batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The inputs of a batch, (U, I), and which of them every timestep shows, (T B,) in time-major order.

    Pictures each once, where the batch says which ones they are; else every input for itself.
    """
    if not isinstance(batch, PictureBatch):
        width = batch.inputs.shape[-1]
        flat = batch.inputs.astype(np.float32, copy=False).reshape(-1, width)  # (T B, I)
        return flat, np.arange(len(flat))
    rows = batch.rows.reshape(-1)  # (T B,)
    place = np.zeros(len(batch.bank), np.int64)
    place[rows] = 1
    shown = np.flatnonzero(place)  # the rows of the bank that some timestep shows, ascending
    place[shown] = np.arange(len(shown))
    return batch.bank[shown], place[rows]


def _joined(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    """Always a copy: to numba an array that is read-only is of another type."""
    joined: NDArray[Any] = np.concatenate(parts, dtype=kind, casting="unsafe")
    return joined
