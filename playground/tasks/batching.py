"""Sequence batching: one long sequence cut into rows, rows into mini-sequences, nothing dropped unnamed.

The stream tasks read their batches from here and the Batches page draws it: one function for both. The guide's
example is the numbers 0 to 10, two rows, three at a time:

    row 0   inputs 0 1 2 | 3 4 left over      targets 1 2 3
    row 1   inputs 5 6 7 | 8 9 left over      targets 6 7 8      10 is only a target

Everything is positions (0-based) in the long sequence, so a batch is a handful of slices whatever the sequence is made
of and however long it is. Signs: N length of the sequence, B rows, T timesteps of a mini-sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks.task import Batch, IntArray

CARRY, RESET, UNCUT, SHUFFLED = "carry", "reset", "uncut", "shuffled"
MEMORY_MODES = {
    CARRY: "carry",
    RESET: "reset each batch",
    UNCUT: "carry without cutting",
    SHUFFLED: "shuffled",
}
"""What memory does between two batches, and what each way is called."""

MEMORY_MODE_WORDS = {
    CARRY: "The memory goes on into the next batch of the same rows; gradients are cut there. The usual way.",
    RESET: "The memory begins at zero in every batch: nothing older than the mini-sequence can be known.",
    UNCUT: "Gradients flow back through the mini-sequences before this one too. Each update reads them again, "
    "so it takes as many times longer; here it stops after four mini-sequences, where memory begins at zero.",
    SHUFFLED: "The batches come in random order while the memory is still carried: the classic mistake. "
    "What the network remembers belongs to some other place of the sequence.",
}
"""Each way in one or two sentences."""

UNCUT_PARTS = 4
"""Without cutting, gradients go back through so many mini-sequences, the trained one included."""


class BatchingError(ValueError):
    """A sequence that cannot be cut so; the message is a sentence."""


@dataclass(frozen=True)
class Batching:
    """How a sequence of `length` positions is cut into `batch_size` rows and mini-sequences of `sequence_length`.

    Targets are one later than inputs, so the last position is never an input. Raises BatchingError with a sentence
    when not even one mini-sequence fits into each row.
    """

    length: int
    batch_size: int
    sequence_length: int

    def __post_init__(self) -> None:
        if self.batch_size < 1 or self.sequence_length < 1:
            raise BatchingError(
                "A sequence is cut into at least one row and mini-sequences of at least one timestep."
            )
        if self.batches < 1:
            needed = self.batch_size * self.sequence_length + 1
            raise BatchingError(
                f"The sequence is too short: {self.batch_size} rows of {self.sequence_length} timesteps and the last "
                f"target need {needed:,} positions, and it has {self.length:,}. Choose fewer rows or shorter ones."
            )

    @property
    def row_length(self) -> int:
        """Inputs of each row, those left over included."""
        return (self.length - 1) // self.batch_size

    @property
    def batches(self) -> int:
        """Mini-sequences of each row: the updates of one pass over the sequence."""
        return self.row_length // self.sequence_length

    def row(self, row: int) -> range:
        """The input positions of this row (0-based), those left over included."""
        return range(row * self.row_length, (row + 1) * self.row_length)

    def mini_sequence(self, row: int, batch: int) -> range:
        """The input positions of one mini-sequence; its targets are one later. Raises IndexError."""
        if not (0 <= row < self.batch_size and 0 <= batch < self.batches):
            raise IndexError(f"There is no mini-sequence {batch} in row {row}.")
        return self.row(row)[batch * self.sequence_length : (batch + 1) * self.sequence_length]

    def left_over(self, row: int) -> range:
        """The input positions at the end of this row that are too few for another mini-sequence: never trained on."""
        return self.row(row)[self.batches * self.sequence_length :]

    @property
    def only_target(self) -> int:
        """The position after the last row's inputs: never an input, the target of the last of them."""
        return self.batch_size * self.row_length

    @property
    def tail(self) -> range:
        """The positions at the end of the sequence that are in no row, because rows are of equal length."""
        return range(self.only_target + 1, self.length)

    def positions(self, batch: int) -> IntArray:
        """(T, B) the input positions of this batch (0-based): timesteps down, rows across."""
        first = batch * self.sequence_length
        if not 0 <= batch < self.batches:
            raise IndexError(f"There is no batch {batch}; there are {self.batches}.")
        timesteps = np.arange(first, first + self.sequence_length)[:, None]  # (T, 1)
        return timesteps + np.arange(self.batch_size) * self.row_length  # (T, B)


@dataclass(frozen=True, eq=False)
class Pieces:
    """A sequence cut into pieces: `mini_sequences[i]` (T, B, ...) are the inputs of batch i, `left_over` (rest, B, ...)
    the ends of the rows, `tail` what came after the rows: first the position that is only a target."""

    batching: Batching
    mini_sequences: tuple[NDArray[Any], ...]
    left_over: NDArray[Any]
    tail: NDArray[Any]


def cut(sequence: NDArray[Any], batch_size: int, sequence_length: int) -> Pieces:
    """All pieces of a sequence (N, ...). Raises BatchingError."""
    batching = Batching(len(sequence), batch_size, sequence_length)
    rest = np.array([list(batching.left_over(row)) for row in range(batch_size)], dtype=np.int64)
    return Pieces(
        batching,
        tuple(sequence[batching.positions(batch)] for batch in range(batching.batches)),
        sequence[rest.T],  # (rest, B, ...)
        sequence[batching.only_target :],
    )


def joined(pieces: Pieces) -> NDArray[Any]:
    """The sequence that these pieces were cut from: the inverse of `cut`."""
    rows = np.concatenate([*pieces.mini_sequences, pieces.left_over])  # (row_length, B, ...)
    by_row = np.swapaxes(rows, 0, 1)  # (B, row_length, ...)
    flat = by_row.reshape(-1, *rows.shape[2:])  # (B * row_length, ...)
    return np.concatenate([flat, pieces.tail])


@dataclass(frozen=True)
class Visit:
    """Which mini-sequences an update reads, one behind the other; only the last one is trained on.

    carried: memory goes on from where the previous update's batch left it; else it begins at zero. `around`: how
    often the whole sequence has been passed already.
    """

    parts: tuple[int, ...]
    carried: bool
    around: int

    @property
    def trained(self) -> int:
        """The mini-sequence that the update is trained on."""
        return self.parts[-1]


def visit(batching: Batching, memory: str, seed: int, update: int) -> Visit:
    """What update number `update` (from 1) reads, with this way of keeping memory: a pure function.

    Every pass begins with memory at zero where the sequence begins. Shuffled: every pass has an order of its own, and
    memory is carried along. Raises BatchingError for a way that does not exist.
    """
    around, place = divmod(update - 1, batching.batches)
    if memory == CARRY:
        return Visit((place,), place > 0, around)
    if memory == RESET:
        return Visit((place,), False, around)
    if memory == UNCUT:
        return Visit(tuple(range(max(0, place - UNCUT_PARTS + 1), place + 1)), False, around)
    if memory == SHUFFLED:
        return Visit((int(_order(batching.batches, seed, around)[place]),), update > 1, around)
    raise BatchingError(f"Memory between batches is one of {', '.join(MEMORY_MODES)}, not {memory!r}.")


def read_positions(batching: Batching, read: Visit) -> IntArray:
    """(T, B) the input positions of all that a visit reads, one mini-sequence behind the other."""
    return np.concatenate([batching.positions(part) for part in read.parts])


MOST_ORDERED = 2_000_000


def places_read(batching: Batching, memory: str, seed: int) -> IntArray | None:
    """(batches,) when in its first pass each mini-sequence is read (0-based), in training with this seed.

    None where they are read one after the other, and where there are more than two million of them.
    """
    if memory != SHUFFLED or batching.batches > MOST_ORDERED:
        return None
    places = np.empty(batching.batches, dtype=np.int64)
    places[_order(batching.batches, seed, 0)] = np.arange(batching.batches)
    return places


def stream_batch(
    batching: Batching,
    read: Visit,
    inputs: Callable[[IntArray], NDArray[Any]],
    targets: Callable[[IntArray], NDArray[Any]],
) -> Batch:
    """The Batch of a visit. `inputs` and `targets` give what is at input positions (T, B): (T, B) symbols or (T, B, I)
    values, (T, B) classes or (T, B, K) values.

    Only the trained mini-sequence is asked and weighs in the loss, all its timesteps alike.
    """
    positions = read_positions(batching, read)
    trained = np.zeros(len(positions), dtype=np.bool_)
    trained[-batching.sequence_length :] = True
    batch = Batch(
        inputs=inputs(positions),
        targets=targets(positions),
        asked=np.repeat(trained[:, None], batching.batch_size, axis=1),
        loss_weights=(trained / batching.sequence_length).astype(np.float32),
        distance=0,
        carried=read.carried,
    )
    for array in (batch.inputs, batch.targets, batch.asked, batch.loss_weights):
        array.setflags(write=False)
    return batch


@lru_cache(maxsize=4)
def _order(batches: int, seed: int, around: int) -> IntArray:
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(7, around))))
    return generator.permutation(batches)
