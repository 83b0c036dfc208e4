"""What a task is: the protocol between what is learned and everything that trains, shows or asks it.

A task knows events (what comes in at a timestep), answers (what the network may say) and how both are said in
words. It makes batches from (seed, update, level) alone, so that any batch of any run can be made again.
Arrays are time-major: T timesteps, B sequences of a batch, I inputs, K answers.
"""

from __future__ import annotations

from collections.abc import Sequence as Ordered
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class TaskSettings:
    """What every task's settings are: a frozen dataclass whose fields are made with `contract.setting.setting`."""


@dataclass(frozen=True)
class Event:
    """One kind of thing that can come in at a timestep.

    `drawing` is the stem of an SVG in assets/drawings (empty: shown as text). `filler` events tell nothing
    about the answer; long runs of them may be folded. `asking` events are those whose answer depends on what
    came before. `short` is said where the title has no room.
    """

    name: str
    title: str
    drawing: str = ""
    filler: bool = False
    asking: bool = False
    short: str = ""


@dataclass(frozen=True)
class Answer:
    """One thing the network may say. `index` is its class (0..K-1)."""

    index: int
    name: str
    title: str


@dataclass(frozen=True, eq=False)
class EventSequence:
    """One sequence that a person can look at: events, what the network sees of them, and what would be right.

    inputs (T, I) float32, targets (T,) int64, asked (T,) bool: the timesteps whose answer is counted.
    All arrays are read-only.
    """

    events: tuple[Event, ...]
    inputs: FloatArray
    targets: IntArray
    asked: BoolArray

    def __post_init__(self) -> None:
        for array in (self.inputs, self.targets, self.asked):
            array.setflags(write=False)

    @property
    def length(self) -> int:
        """The number of timesteps T."""
        return len(self.events)


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences of equal length T, time-major.

    inputs (T, B, I) float32, targets (T, B) int64, asked (T, B) bool, loss_weights (T,) float32 that sum to one:
    the loss of an update is sum_t loss_weights[t] * mean_b cross_entropy[t, b]. `distance` is the number of
    filler events before the question.
    """

    inputs: FloatArray
    targets: IntArray
    asked: BoolArray
    loss_weights: FloatArray
    distance: int
    carried: bool = field(default=False, kw_only=True)
    """True: memory goes on from where the previous update's batch left it, row by row; False: it begins at zero."""


@dataclass(frozen=True)
class CurriculumState:
    """Where one network stands in the curriculum: its level, and its latest right answers at that level.

    Plain numbers only, so that a checkpoint can keep it.
    """

    level: int
    recent_right: tuple[float, ...] = ()


class Task(Protocol):
    """What is learned. Pure: every method is a function of its arguments and the task's frozen settings."""

    settings_type: ClassVar[type[TaskSettings]]
    """Settings are made from this; all its fields have defaults."""
    name: str
    title: str
    question: str
    input_size: int
    answers: tuple[Answer, ...]
    rivals: tuple[int, int]
    """The two answers that the question is about (wolf, dog), as classes."""
    chance: float
    """The rate of right answers of somebody who remembers nothing (0.5)."""

    @property
    def longest_distance(self) -> int:
        """The largest number of filler events between what tells and the question, in training."""
        ...

    def events(self) -> tuple[Event, ...]:
        """All events this task can show, in the order in which they are offered."""
        ...

    def first_level(self) -> CurriculumState:
        """Where every network starts."""
        ...

    def next_level(self, state: CurriculumState, right: float) -> CurriculumState:
        """The state after an update with this rate of right answers; the same level always without a curriculum."""
        ...

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """The batch of this update: a pure function of its arguments."""
        ...

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        """`count` fresh sequences that training never sees, in batches of equal length.

        All at one distance, or spread as in training.
        """
        ...

    def probe_events(self) -> tuple[Event, ...]:
        """The events of the probe alone, without what a network sees of them: at once, for the window's first paint."""
        ...

    def probe(self) -> EventSequence:
        """The one fixed sequence that all live plots show."""
        ...

    def sequence(self, event_names: Ordered[str]) -> EventSequence:
        """A sequence of these events, always with the same inputs for the same names.

        Raises KeyError with a sentence.
        """
        ...

    def asking_inputs(self) -> FloatArray:
        """(I,) what the network sees when the question is asked: for 'if asked now'."""
        ...
