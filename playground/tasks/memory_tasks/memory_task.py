"""What the memory tasks share: seeded batches, held-out sequences, and sequences made of named symbols.

A task of this package says how its symbols are drawn (`draw`) and what would be right after each of them
(`answers_to`); batches, held-out sequences, the probe and sequences that a person puts together all follow.

Signs: T timesteps, B sequences of a batch, I symbols, K answers.
"""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from playground.contract.cell_description import Words
from playground.tasks.task import (
    Answer,
    Batch,
    BoolArray,
    Event,
    EventSequence,
    FloatArray,
    IntArray,
    TaskDefaults,
    TaskSettings,
)

HELD_OUT_BATCH = 32
"""Sequences of each held-out batch: few enough that many distances are asked."""

TRAINING, HELD_OUT = 0, 1
"""Streams of random numbers that never meet, whatever the seed."""


def random_numbers(stream: int, seed: int, update: int) -> np.random.Generator:
    """The random numbers of this update: a pure function of the arguments."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(stream, update))))


def frozen_batch(
    inputs: FloatArray | IntArray,
    targets: FloatArray | IntArray,
    asked: BoolArray,
    loss_weights: FloatArray,
    distance: int,
    *,
    carried: bool = False,
) -> Batch:
    """A batch that nobody can write to; the shapes are those of `Batch`."""
    for array in (inputs, targets, asked, loss_weights):
        array.setflags(write=False)
    return Batch(inputs, targets, asked, loss_weights, distance, carried=carried)


def at_the_last(length: int) -> FloatArray:
    """(T,) only the last timestep counts."""
    weights = np.zeros(length, dtype=np.float32)
    weights[-1] = 1.0
    return weights


def at_every(length: int) -> FloatArray:
    """(T,) all timesteps count alike."""
    return np.full(length, 1.0 / length, dtype=np.float32)


def half_at_the_last(length: int) -> FloatArray:
    """(T,) the last timestep weighs as much as all others together; with equal weights it drowns among them."""
    weights = np.full(length, 0.5 / max(length - 1, 1), dtype=np.float32)
    weights[-1] = 0.5 if length > 1 else 1.0
    return weights


def asked_at_the_last(shape: tuple[int, ...]) -> BoolArray:
    """(T, B) true at the last timestep."""
    asked = np.zeros(shape, dtype=np.bool_)
    asked[-1] = True
    return asked


def where(counted: BoolArray) -> FloatArray:
    """(T, B) all timesteps that count do so alike, whatever sequence they are in."""
    return (counted / max(int(counted.sum()), 1)).astype(np.float32)


class MemoryTask(TaskDefaults):
    """A task with a range of distances. Pure: methods depend on their arguments and on the frozen settings alone."""

    settings: Any
    distance_setting: ClassVar[str] = ""
    """The setting that the distance is, a number or a range; empty where there is no such setting."""
    fact_words = MappingProxyType({"timestep": Words("the timestep", "timestep t")})

    def __init__(self, settings: TaskSettings | None = None) -> None:
        self.settings = self.settings_type() if settings is None else settings

    @property
    @abstractmethod
    def distances(self) -> tuple[int, int]:
        """The smallest and largest distance in training."""

    @abstractmethod
    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """`batch_size` sequences at this distance (or at the nearest possible one, which the batch then names)."""

    @property
    def longest_distance(self) -> int:
        """The largest distance in training."""
        return self.distances[1]

    def at_distance(self, distance: int) -> TaskSettings | None:
        """These settings, but with exactly this distance in training."""
        if not self.distance_setting:
            return None
        is_range = isinstance(getattr(self.settings, self.distance_setting), tuple)
        value = (distance, distance) if is_range else distance
        changed: TaskSettings = dataclasses.replace(self.settings, **{self.distance_setting: value})
        return changed

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """The timestep (from 1) at every place, (T, B)."""
        timesteps = np.arange(1.0, batch.timesteps + 1.0, dtype=np.float32)[:, np.newaxis]
        return {"timestep": np.broadcast_to(timesteps, batch.asked.shape)}

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """The batch of this update: a pure function of its arguments and the settings.

        The distance is that of the whole batch, drawn between the settings' smallest one and `level`.
        """
        generator = random_numbers(TRAINING, seed, update)
        return self.draw(generator, self.draw_distance(generator, level), batch_size)

    def draw_distance(self, generator: np.random.Generator, longest: int) -> int:
        """A distance for one batch, at most `longest`."""
        return int(generator.integers(min(self.distances[0], longest), longest, endpoint=True))

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        """`count` fresh sequences in batches of equal length, at most 32 sequences each.

        All at `distance`; without it, each batch at a distance of its own, drawn as in training.
        """
        generator = random_numbers(HELD_OUT, seed, 0)
        sizes = [min(HELD_OUT_BATCH, count - first) for first in range(0, count, HELD_OUT_BATCH)]
        return [self.draw_held_out(generator, distance, size) for size in sizes]

    def draw_held_out(self, generator: np.random.Generator, distance: int | None, count: int) -> Batch:
        """`count` fresh sequences at this distance; without it, at one drawn as in training."""
        if distance is None:
            distance = self.draw_distance(generator, self.longest_distance)
        return self.draw(generator, distance, count)


class SymbolTask(MemoryTask):
    """A memory task whose events are symbols: event number i is the symbol i, seen by the networks as a one-hot vector.

    `symbols`: all events, in order. `probe_names`: the names of the probe's events. `asking`: the name of the event
    after which "if asked now" is asked.
    """

    symbolic = True
    answers: tuple[Answer, ...]
    title: str

    @property
    @abstractmethod
    def symbols(self) -> tuple[Event, ...]:
        """All events this task can show."""

    @property
    @abstractmethod
    def probe_names(self) -> tuple[str, ...]:
        """The names of the probe's events."""

    @property
    @abstractmethod
    def asking(self) -> str:
        """The event that asks the question."""

    @abstractmethod
    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """For symbols (T, B): what would be right after each (T, B), and where that is asked (T, B)."""

    @property
    def input_size(self) -> int:
        """The number of symbols, I."""
        return len(self.symbols)

    def events(self) -> tuple[Event, ...]:
        """All events this task can show, in the order of their numbers."""
        return self.symbols

    def number(self, name: str) -> int:
        """The number of the symbol with this name. Raises KeyError with a sentence."""
        for index, event in enumerate(self.symbols):
            if event.name == name:
                return index
        known = ", ".join(event.name for event in self.symbols[:12]) + (
            " ..." if len(self.symbols) > 12 else ""
        )
        raise KeyError(f"'{self.title}' has no event called '{name}'; it has {known}.")

    def probe_events(self) -> tuple[Event, ...]:
        """The events of the probe."""
        return tuple(self.symbols[self.number(name)] for name in self.probe_names)

    def probe(self) -> EventSequence:
        """The fixed sequence that all live plots show."""
        return self.sequence(self.probe_names)

    def sequence(self, event_names: Sequence[str]) -> EventSequence:
        """A sequence of these events.

        Raises KeyError with a sentence for a name that is no event of this task, ValueError for no names at all.
        """
        if not event_names:
            raise ValueError("A sequence needs at least one event; this one is empty.")
        numbers = np.array([self.number(name) for name in event_names], dtype=np.int64)  # (T,)
        targets, asked = self.answers_to(numbers[:, np.newaxis])
        return EventSequence(
            events=tuple(self.symbols[number] for number in numbers),
            inputs=numbers,
            targets=targets[:, 0],
            asked=asked[:, 0],
        )

    def asking_inputs(self) -> FloatArray:
        """(I,) the one-hot vector of the event that asks the question."""
        vector = np.zeros(self.input_size, dtype=np.float32)
        vector[self.number(self.asking)] = 1.0
        vector.setflags(write=False)
        return vector


def symbols_of(batch: Batch) -> IntArray:
    """(T, B) the symbols of a batch of symbols."""
    return batch.inputs.astype(np.int64, copy=False)


def signs(true: BoolArray, known: BoolArray) -> FloatArray:
    """(T, B) 1 where true, -1 where not, NaN where it is not known."""
    return np.where(known, np.where(true, 1.0, -1.0), np.nan).astype(np.float32)


def latest(seen: BoolArray) -> IntArray:
    """(T, B): the last timestep up to each one at which `seen` (T, B) was true; -1 before the first."""
    timesteps = np.arange(len(seen))[:, np.newaxis]
    return np.maximum.accumulate(np.where(seen, timesteps, -1), axis=0)
