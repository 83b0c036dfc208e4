"""What a task is: the protocol between what is learned and everything that trains, shows or asks it.

A task knows events (what comes in at a timestep), answers (what the network may say) and how both are said in
words. It makes batches from (seed, update, level) alone, so that any batch of any run can be made again.
Arrays are time-major: T timesteps, B sequences of a batch, I inputs, K answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as Ordered
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.tasks.recipe import Recipe
from playground.tasks.task_words import TaskWords

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Loss = Literal["cross_entropy", "squared_error"]
CROSS_ENTROPY: Loss = "cross_entropy"
SQUARED_ERROR: Loss = "squared_error"

TargetAt = Literal["every", "last"]
Family = Literal["nature", "memory", "text", "series"]


@dataclass(frozen=True)
class TaskSettings:
    """What every task's settings are: a frozen dataclass whose fields are made with `contract.setting.setting`."""


@dataclass(frozen=True)
class Event:
    """One kind of thing that can come in at a timestep.

    `drawing` is the stem of an SVG in assets/drawings (empty: shown as text). `filler` events tell nothing
    about the answer; long runs of them may be folded. `asking` events are those whose answer depends on what
    came before. `short` is said where the title has no room. `value`: of an event that is a number, to be drawn as a
    bar; `marked`: a number that counts more than the others.
    """

    name: str
    title: str
    drawing: str = ""
    filler: bool = False
    asking: bool = False
    short: str = ""
    value: float | None = None
    marked: bool = False


@dataclass(frozen=True)
class Answer:
    """One thing the network may say. `index` is its class (0..K-1)."""

    index: int
    name: str
    title: str


@dataclass(frozen=True, eq=False)
class EventSequence:
    """One sequence that a person can look at: events, what the network sees of them, and what would be right.

    inputs (T, I) float32, or (T,) int64: symbols 0..I-1, each standing for a one-hot vector. targets (T,) int64
    classes, or (T, K) float32 values for a task of squared error. asked (T,) bool: the timesteps whose answer is
    counted. All arrays are read-only.
    """

    events: tuple[Event, ...]
    inputs: FloatArray | IntArray
    targets: IntArray | FloatArray
    asked: BoolArray

    def __post_init__(self) -> None:
        for array in (self.inputs, self.targets, self.asked):
            array.setflags(write=False)

    @property
    def length(self) -> int:
        """The number of timesteps T."""
        return len(self.events)


def dense(inputs: NDArray[Any], input_size: int) -> FloatArray:
    """(..., I) float32: what the inputs are as vectors. Symbols become one-hot; vectors stay the array they are."""
    if np.issubdtype(inputs.dtype, np.integer):
        return np.eye(input_size, dtype=np.float32)[inputs]
    return inputs


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences of equal length T, time-major. All arrays are read-only.

    inputs (T, B, I) float32, or (T, B) int64: symbols 0..I-1 for one-hot vectors that are never made.
    targets (T, B) int64 classes, or (T, B, K) float32 values for a task of squared error.
    asked (T, B) bool: the answers that count (rate of right answers, asked loss).
    loss_weights (T,) float32 that sum to one: the loss of an update is sum_t loss_weights[t] * mean_b l[t, b]; or
    (T, B), a mask with weights: the loss is sum_tb loss_weights[t, b] * l[t, b], and the task makes them sum to one.
    l is the cross-entropy, or mean_k (output - target)^2. `distance` is the number of filler events before the
    question.
    """

    inputs: FloatArray | IntArray
    targets: IntArray | FloatArray
    asked: BoolArray
    loss_weights: FloatArray
    distance: int
    carried: bool = field(default=False, kw_only=True)
    """True: memory goes on from where the previous update's batch left it, row by row, and gradients are cut there;
    False: it begins at zero."""

    @property
    def timesteps(self) -> int:
        """T."""
        return int(self.asked.shape[0])

    @property
    def size(self) -> int:
        """B, the number of sequences."""
        return int(self.asked.shape[1])

    @property
    def inputs_are_symbols(self) -> bool:
        """Whether inputs are (T, B) numbers of symbols."""
        return np.issubdtype(self.inputs.dtype, np.integer)


@dataclass(frozen=True, eq=False)
class PictureBatch(Batch):
    """A batch that says which pictures it shows: rows (T, B) int64 of `bank` (P, I), both read-only.

    `inputs`, which are bank[rows], are made when somebody asks for them: kernels never do.
    """

    inputs: FloatArray = field(init=False, repr=False)
    rows: IntArray
    bank: FloatArray

    @property
    def inputs_are_symbols(self) -> bool:
        """Never."""
        return False

    def __getattr__(self, name: str) -> Any:
        if name != "inputs":
            raise AttributeError(f"A batch of pictures has no {name}.")
        inputs = self.bank.take(self.rows, axis=0)  # (T, B, I)
        inputs.setflags(write=False)
        object.__setattr__(self, "inputs", inputs)
        return inputs


@dataclass(frozen=True)
class CurriculumState:
    """Where one network stands in the curriculum: its level, and its latest right answers at that level.

    Plain numbers only, so that a checkpoint can keep it.
    """

    level: int
    recent_right: tuple[float, ...] = ()


class Task(Protocol):
    """What is learned. Pure: every method is a function of its arguments and the task's frozen settings.

    What most tasks have in common is in `TaskDefaults`: inherit it and say only what differs.
    """

    settings_type: ClassVar[type[TaskSettings]]
    """Settings are made from this; all its fields have defaults."""
    name: str
    title: str
    question: str
    input_size: int
    """I: the length of an input vector, or the number of symbols."""
    answers: tuple[Answer, ...]
    """K of them: the classes, or for a task of squared error the numbers that are said."""
    rivals: tuple[int, int]
    """The two answers that the question is about (wolf, dog), as classes."""
    chance: float
    """The rate of right answers of somebody who remembers nothing (0.5)."""
    family: Family
    """Where the task stands in the chooser."""
    symbolic: bool
    """Whether inputs are symbols (int64), not vectors: then an embedding may be learned for them."""
    loss: Loss
    tolerance: float
    """Squared error: an answer is right when every |output - target| is below it."""
    target_at: TargetAt
    """Whether something is to be said at every timestep or at the last alone: for words, `loss_weights` decide."""
    filler_words: Words
    """What the events in between are called: "flowers and trees"."""
    criterion: Words
    """When a sequence counts as right, in the words of the source."""
    recipe: ClassVar[Recipe]
    """How it is learned: what the window and the command line begin with."""
    spoken: TaskWords
    """What the window's sentences call its things."""
    distance_words: Words | None
    """What a distance counts ("timesteps"), where it is not what lies in between (None)."""
    judged: Literal["asked", "everywhere"]
    """Whether only asked answers can be called right or wrong, or those at all other timesteps too."""

    @property
    def longest_distance(self) -> int:
        """The largest number of filler events between what tells and the question, in training."""
        ...

    @property
    def longest_sequence(self) -> int:
        """The timesteps of the longest sequence of training: T_max of the chrono initialisation."""
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

    def batches(self, seed: int, first: int, count: int, level: int, batch_size: int) -> Ordered[Batch]:
        """The batches of `count` updates from number `first` on: exactly those that `batch` makes one by one."""
        ...

    def held_out(self, seed: int, count: int, distance: int | None = None) -> list[Batch]:
        """`count` fresh sequences that training never sees, in batches of equal length.

        All at one distance, or spread as in training.
        """
        ...

    def right(self, batch: Batch, outputs: FloatArray) -> BoolArray:
        """(T, B): which answers are right by the task's own criterion, for what the head says (T, B, K): logits, or
        the numbers themselves for a task of squared error. Only asked timesteps are looked at."""
        ...

    def baseline(self) -> tuple[float, Words]:
        """What somebody reaches who remembers nothing: a rate of right answers, or for a task of squared error a
        loss; and the sentence that says so."""
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

    def event_names(self, inputs: FloatArray) -> Ordered[str] | None:
        """The names of the events that vectors of a batch (T, I) are, as nearly as an event can be said in words: what
        `sequence` takes. None where they cannot be told from the vectors."""
        ...

    def asking_inputs(self) -> FloatArray:
        """(I,) what the network sees when the question is asked, as a vector: for 'if asked now'."""
        ...

    def at_distance(self, distance: int) -> TaskSettings | None:
        """These settings, but trained with exactly so many filler events in between; None where a task has no such
        length. They may be impossible (too long): `setting_problem` says so."""
        ...

    fact_words: Mapping[str, Words]
    """What `facts` are called, by name."""

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """What is known about every timestep of a batch, by name: (T, B), NaN where it is not known or not so."""
        ...


class TaskDefaults:
    """What most tasks have in common: classes, vectors as inputs, no curriculum, right where the target is said."""

    settings_type: ClassVar[type[TaskSettings]] = TaskSettings
    rivals: tuple[int, int] = (0, 1)
    chance: float = 0.5
    family: Family = "memory"
    symbolic: bool = False
    loss: Loss = CROSS_ENTROPY
    tolerance: float = 0.0
    target_at: TargetAt = "every"
    filler_words = Words("events in between", "distractors")
    criterion = Words(
        "An answer is right when the right one has the highest bar.",
        "An answer is right when the target has the largest logit.",
    )
    recipe: ClassVar[Recipe] = Recipe()
    spoken: TaskWords = TaskWords()
    distance_words: Words | None = None
    judged: Literal["asked", "everywhere"] = "asked"
    fact_words: Mapping[str, Words] = MappingProxyType({})

    @property
    def longest_distance(self) -> int:
        """None between what tells and the question."""
        return 0

    @property
    def longest_sequence(self) -> int:
        """A little more than the longest distance, and at least 64 timesteps."""
        return max(64, self.longest_distance + 4)

    def first_level(self) -> CurriculumState:
        """The longest distance at once: there is no curriculum."""
        return CurriculumState(self.longest_distance)

    def next_level(self, state: CurriculumState, right: float) -> CurriculumState:
        """Always the same."""
        return state

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """Every task makes its own."""
        raise NotImplementedError(f"{type(self).__name__} makes no batches.")

    def batches(self, seed: int, first: int, count: int, level: int, batch_size: int) -> Ordered[Batch]:
        """One after the other."""
        return [self.batch(seed, first + u, level, batch_size) for u in range(count)]

    def right(self, batch: Batch, outputs: FloatArray) -> BoolArray:
        """The target has the largest output, or all outputs are nearer to their targets than `tolerance`."""
        if self.loss == SQUARED_ERROR:
            return np.all(np.abs(outputs - batch.targets) < self.tolerance, axis=-1)
        said: BoolArray = outputs.argmax(axis=-1) == batch.targets
        return said

    def baseline(self) -> tuple[float, Words]:
        """The rate of guessing."""
        rate = f"{100 * self.chance:.0f} %"
        return self.chance, Words(
            f"Somebody who remembers nothing is right {rate} of the time.",
            f"Without memory the rate of right answers is {rate}.",
        )

    def event_names(self, inputs: FloatArray) -> Ordered[str] | None:
        """They cannot be told."""
        return None

    def at_distance(self, distance: int) -> TaskSettings | None:
        """There is no such length."""
        return None

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Nothing is known."""
        return {}
