"""What tasks share that learn one long sequence: a text, a series. How it is cut, what is read, what is held out.

The first `split` positions are trained on, cut into rows and mini-sequences by `tasks/batching.py`; the positions from
there to before `end` are held out. At every position the input is what stands there and the target what stands one
later. Signs: N positions, T timesteps, B rows, I inputs, K answers.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.batching import CARRY, MEMORY_MODES, Batching, read_positions, stream_batch, visit
from playground.tasks.task import Batch, IntArray, TaskDefaults, TaskSettings

HELD_OUT_ROWS = 32
"""Held-out sequences that are read at once."""


def at_a_time(timesteps: int, things: str) -> int:
    """The setting for how long a mini-sequence is: so many characters, or values, at a time."""
    return setting(
        timesteps,
        Words(f"{things.capitalize()} at a time", "Sequence length"),
        Words(
            f"How many {things} of each row one update reads. The network learns from that far back, and no further.",
            "T, timesteps of a mini-sequence: gradients flow back through so many and are cut there.",
        ),
        minimum=2,
        maximum=400,
    )


@dataclass(frozen=True)
class StreamSettings(TaskSettings):
    """How a long sequence is cut for training, and what memory does where it is cut."""

    sequence_length: int = at_a_time(64, "timesteps")
    memory: str = setting(
        CARRY,
        "Memory between batches",
        "Whether memory goes on from one batch to the next, and whether gradients follow it.",
        choices=MEMORY_MODES,
    )


@dataclass(frozen=True)
class Guess:
    """What can be said without any memory at all: its loss on the training part, and how it is done, in words."""

    loss: float
    title: str


class StreamTask(TaskDefaults):
    """Learns one long sequence. Subclasses say what stands at its positions; batches and held-out windows follow."""

    settings_type: ClassVar[type[TaskSettings]] = StreamSettings
    settings: StreamSettings
    name: str
    title: str
    things = "timesteps"
    """What stands at the positions: "characters"."""
    warm_up: ClassVar[int]
    """Timesteps that are read before the counted ones of a held-out sequence, so that memory is warm."""
    counted: ClassVar[int]
    """Counted timesteps of a held-out sequence."""
    held_out_key: ClassVar[int]
    """Keeps the random numbers of one kind of stream apart from those of others."""

    # -- what subclasses say
    @property
    @abstractmethod
    def stream_title(self) -> str:
        """What the sequence is called."""

    @property
    @abstractmethod
    def notices(self) -> tuple[str, ...]:
        """What the user should know of this sequence, a sentence each."""

    @property
    @abstractmethod
    def split(self) -> int:
        """The position (0-based) of the first thing that is held out: everything before it is trained on."""

    @property
    @abstractmethod
    def end(self) -> int:
        """The position after the last one that is held out."""

    @abstractmethod
    def inputs_at(self, positions: IntArray) -> NDArray[Any]:
        """What is read at these positions (...): symbols of that shape, or values (..., I)."""

    @abstractmethod
    def targets_at(self, positions: IntArray) -> NDArray[Any]:
        """What is asked for at these positions (...), which stands one later: classes, or values (..., K)."""

    @abstractmethod
    def word_at(self, position: int) -> str:
        """What stands at this position, short, as it is drawn in a cell."""

    @abstractmethod
    def memoryless(self) -> Guess:
        """What somebody reaches on the training part who remembers nothing, in the unit of the loss."""

    def placed(self, batch: Batch, positions: IntArray) -> Batch:
        """The batch, once it is known at which positions (T, B) its inputs stand."""
        return batch

    # -- training
    def batching(self, batch_size: int) -> Batching:
        """How the training part is cut into rows and mini-sequences. Raises BatchingError with a sentence."""
        return Batching(self.split, batch_size, self.settings.sequence_length)

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """The batch of this update (from 1). Every seed reads the sequence from its beginning; only the order of
        shuffled batches depends on it."""
        batching = self.batching(batch_size)
        read = visit(batching, self.settings.memory, seed, update)
        batch = stream_batch(batching, read, self.inputs_at, self.targets_at)
        return self.placed(batch, read_positions(batching, read))

    # -- held out
    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        """`count` places of the held-out part, drawn by `seed`: some timesteps to warm up, then those that count."""
        sequence = np.random.SeedSequence(seed, spawn_key=(self.held_out_key,))
        generator = np.random.Generator(np.random.PCG64(sequence))
        counted = max(1, min(self.counted, self.end - self.split - 1))
        last = max(self.end - counted, self.split + 1)
        starts = generator.integers(self.split, last, size=count)  # positions of the first counted target
        return self.windows(starts, self.warm_up, counted)

    def windows(self, starts: IntArray, warm_up: int, counted: int) -> list[Batch]:
        """Sequences whose counted targets begin at `starts`, in batches of 32; nothing beyond the end counts."""
        places = np.arange(-min(warm_up, self.split - 1), counted)[:, None]  # (T, 1)
        weights = np.where(places[:, 0] >= 0, 1.0 / counted, 0.0).astype(np.float32)
        batches = []
        for first in range(0, len(starts), HELD_OUT_ROWS):
            targets_at = starts[first : first + HELD_OUT_ROWS] + places  # (T, B)
            inputs_at = np.minimum(targets_at, self.end - 1) - 1
            batch = Batch(
                inputs=self.inputs_at(inputs_at),
                targets=self.targets_at(inputs_at),
                asked=(targets_at < self.end) & (places >= 0),
                loss_weights=weights,
                distance=0,
            )
            for array in (batch.inputs, batch.targets, batch.asked, batch.loss_weights):
                array.setflags(write=False)
            batches.append(self.placed(batch, inputs_at))
        return batches
