"""Adding: two numbers of a long sequence are marked; at the end, say their sum.

Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 4, section 5.4, and in the
form used since: Arjovsky, Shah and Bengio, "Unitary evolution recurrent neural networks" (2016), section 4.2. Each
timestep brings a number and a mark. Two settings of the definition:

`0..1`: numbers from U(0, 1); one mark in the first half, one in the second; T timesteps; the target is the sum. Who
always says 1 has a mean squared error of 1/6, the variance of the sum of two such numbers.
`1997`: numbers from U(-1, 1); one mark among the first ten pairs, one among the rest of the first half; T to 1.1 T
timesteps; the first and the last pair have the mark -1 (if the first is one of the two, it stays marked and its
number is 0); the target is 0.5 + (X1 + X2) / 4. Who always says 0.5 has a mean squared error of 1/24.

Criterion of the paper: the last 2,000 sequences are answered within 0.04, 4 % of the range of the target; in the form
`0..1`, whose range is twice as wide, within 0.08. The paper needs 74,000 sequences at T = 100.

Signs: T timesteps, B sequences, I = 2 inputs (number, mark), K = 1 output.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import MemoryTask, at_the_last, frozen_batch
from playground.tasks.recipe import Recipe
from playground.tasks.task import SQUARED_ERROR, Answer, Batch, Event, EventSequence, FloatArray, TaskSettings
from playground.tasks.task_words import TaskWords

ZERO_TO_ONE, OF_1997 = "0..1", "1997"
FIRST_PAIRS = 10
"""Of 1997: the first mark is among so many pairs."""

MARKED = "+"
"""Behind the number in the name of a marked event: "0.37+"."""

SHARE_OF_RANGE = 0.04


@dataclass(frozen=True)
class AddingSettings(TaskSettings):
    """How long the sequences are, and whose definition it is."""

    length: int = setting(
        100, "Length", "Timesteps of a sequence.", unit="timesteps", minimum=6, maximum=1000
    )
    numbers: str = setting(
        ZERO_TO_ONE,
        "Numbers",
        "From 0 to 1, marks anywhere in each half; or as in the paper of 1997: from -1 to 1, marks in the first half.",
        choices={ZERO_TO_ONE: "0 to 1", OF_1997: "-1 to 1, as in 1997"},
    )


class Adding(MemoryTask):
    """Adding as a Task of squared error. The distance is the length T."""

    settings_type = AddingSettings
    settings: AddingSettings
    name = "adding"
    title = "Adding"
    question = "What is the sum of the two marked numbers?"
    input_size = 2
    answers = (Answer(0, "sum", "sum"),)
    rivals = (0, 0)
    loss = SQUARED_ERROR
    target_at = "last"
    spoken = TaskWords(
        event="number",
        remembered="the two marked numbers",
        asked_at="at the end",
        story=Words(
            "Two of many numbers are marked. At the end the network says their sum: it must keep the first one "
            "exactly while it ignores the others.",
            "Pairs of value and marker; the target at the end is the sum of the two marked values (experiment 4 "
            "of 1997).",
        ),
    )
    filler_words = Words("numbers without a mark", "unmarked numbers")
    distance_words = Words("timesteps", "timesteps")
    distance_setting = "length"
    fact_words = MappingProxyType(
        {
            **MemoryTask.fact_words,
            "marks": Words("marked numbers so far", "marks so far"),
            "sum": Words("the answer so far", "target so far"),
        }
    )
    recipe = Recipe(
        every={"units": 16, "initialisation": "chrono", "clip_norm": 1.0},
        networks={
            "rnn": {"initialisation": "orthogonal", "learning_rate": 0.001},
            "lstm": {},
            "guide_lstm": {"learning_rate": 0.003, "clip_norm": 0.3},
            "gru": {},
        },
        updates=2500,
        measured="Squared error below 0.01: both LSTMs and GRU 10 of 10 seeds, RNN 0 of 10.",
    )

    @property
    def of_1997(self) -> bool:
        """Whether the definition is that of the paper."""
        return self.settings.numbers == OF_1997

    @property
    def tolerance(self) -> float:  # type: ignore[override]
        """4 % of the range of the target, which is 0 to 1 (1997) or 0 to 2."""
        return SHARE_OF_RANGE if self.of_1997 else 2 * SHARE_OF_RANGE

    @property
    def criterion(self) -> Words:  # type: ignore[override]
        """Within the tolerance."""
        return Words(
            f"Right when the last answer is nearer to the sum than {self.tolerance}.",
            f"Right when the error of the last output is below {self.tolerance}.",
        )

    @property
    def distances(self) -> tuple[int, int]:
        """T alone."""
        return self.settings.length, self.settings.length

    @property
    def chance(self) -> float:  # type: ignore[override]
        """P(|S - E S| < tolerance) for the triangular density of the sum of two numbers: 2 q - q², where q is the
        tolerance over half the range of the target."""
        q = 2 * SHARE_OF_RANGE
        return 2 * q - q * q

    def baseline(self) -> tuple[float, Words]:
        """The variance of the target: who remembers nothing says its mean."""
        mean, loss, fraction = (0.5, 1 / 24, "1/24") if self.of_1997 else (1, 1 / 6, "1/6")
        return loss, Words(
            f"Who always says {mean} has a mean squared error of {fraction} = {loss:.3f}.",
            f"The constant {mean} has a mean squared error of {fraction} = {loss:.3f}.",
        )

    def events(self) -> tuple[Event, ...]:
        """Numbers in steps of 0.1, without a mark and with one; `sequence` takes any other number too."""
        lowest = -10 if self.of_1997 else 0
        return tuple(_event(tenths / 10, marked) for marked in (False, True) for tenths in range(lowest, 11))

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Inputs (T, B, 2) and the running sum (T, B, 1) as target; only the last timestep counts."""
        length = distance = max(distance, 6)
        half = length // 2
        everyone = np.arange(batch_size)
        if self.of_1997:
            longest = length + length // 10
            near = min(FIRST_PAIRS, half - 1)
            first = generator.integers(near, size=batch_size)
            second = generator.integers(half - 2, size=batch_size)
            second += second >= first  # any other pair of the first half but its last
            length = int(generator.integers(length, longest, endpoint=True))
            inputs = np.zeros((length, batch_size, 2), dtype=np.float32)
            inputs[..., 0] = generator.uniform(-1, 1, (length, batch_size))
            inputs[0, :, 1] = inputs[-1, :, 1] = -1
            inputs[0, first == 0, 0] = 0
            inputs[0, second == 0, 0] = 0
        else:
            first = generator.integers(half, size=batch_size)
            second = generator.integers(half, length, size=batch_size)
            inputs = np.zeros((length, batch_size, 2), dtype=np.float32)
            inputs[..., 0] = generator.random((length, batch_size))
        for place in (first, second):
            inputs[place, everyone, 1] = 1
        asked = np.zeros((length, batch_size), dtype=np.bool_)
        asked[-1] = True
        return frozen_batch(inputs, self._targets(inputs), asked, at_the_last(length), distance)

    def _targets(self, inputs: FloatArray) -> FloatArray:
        """(T, B, 1): what would be right after each timestep, if asked there."""
        marked = np.where(inputs[..., 1] == 1, inputs[..., 0], 0.0)
        total = np.cumsum(marked, axis=0, dtype=np.float64)[..., np.newaxis]
        return (0.5 + total / 4 if self.of_1997 else total).astype(np.float32)

    def probe_events(self) -> tuple[Event, ...]:
        """At most 30 numbers, two of them marked: 0.70 early and 0.80 later."""
        length = min(self.settings.length, 30)
        numbers = [(37 * t * t + 11 * t + 20) % 90 / 100 for t in range(length)]
        marks = {length // 5: 0.7, length // 2 - 1 if self.of_1997 else length // 2: 0.8}
        return self._events([_name(marks.get(t, number), t in marks) for t, number in enumerate(numbers)])

    def probe(self) -> EventSequence:
        """0.70 + 0.80 among other numbers."""
        return self.sequence([event.name for event in self.probe_events()])

    def sequence(self, event_names: Sequence[str]) -> EventSequence:
        """A sequence of these numbers, "0.37" or marked "0.37+"; the last timestep asks, if exactly two are marked.

        Raises KeyError with a sentence for a name that is no number in range, ValueError for no names at all.
        """
        if not event_names:
            raise ValueError("A sequence needs at least one number; this one is empty.")
        events = self._events(event_names)
        inputs = np.zeros((len(events), 1, 2), dtype=np.float32)
        inputs[:, 0, 0] = [float(event.name.removesuffix(MARKED)) for event in events]
        inputs[:, 0, 1] = [event.name.endswith(MARKED) for event in events]
        if self.of_1997:
            for end in (0, -1):
                inputs[end, 0, 1] = inputs[end, 0, 1] or -1
        asked = np.zeros(len(events), dtype=np.bool_)
        asked[-1] = (inputs[:, 0, 1] == 1).sum() == 2
        return EventSequence(events, inputs[:, 0], self._targets(inputs)[:, 0], asked)

    def event_names(self, inputs: FloatArray) -> list[str]:
        """The numbers with two decimals, as they are shown, and which of them are marked."""
        return [
            _name(round(float(number), 2) + 0.0, mark == 1)  # + 0.0: there is no number -0.00
            for number, mark in inputs
        ]

    def _events(self, names: Sequence[str]) -> tuple[Event, ...]:
        """The events of these names; the last of them asks."""
        events = [self._event(name) for name in names]
        events[-1] = dataclasses.replace(events[-1], asking=True, filler=False)
        return tuple(events)

    def _event(self, name: str) -> Event:
        lowest = -1.0 if self.of_1997 else 0.0
        try:
            number = float(name.removesuffix(MARKED))
        except ValueError:
            number = math.nan
        if not lowest <= number <= 1.0:
            raise KeyError(
                f"'{name}' is no event of 'Adding': it takes numbers from {lowest:g} to 1, "
                f"like 0.37, or 0.37{MARKED} for a marked one."
            )
        return _event(number, name.endswith(MARKED))

    def asking_inputs(self) -> FloatArray:
        """(2,) the number 0 without a mark (with the closing mark of 1997): it changes nothing."""
        vector = np.array([0.0, -1.0 if self.of_1997 else 0.0], dtype=np.float32)
        vector.setflags(write=False)
        return vector

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """How many numbers were marked, and what would be right so far, (T, B) each."""
        return {
            **super().facts(batch),
            "marks": np.cumsum(batch.inputs[..., 1] == 1, axis=0).astype(np.float32),
            "sum": self._targets(batch.inputs.astype(np.float32, copy=False))[..., 0],
        }


def _name(number: float, marked: bool) -> str:
    text = f"{number:.2f}" if round(number, 2) == number else f"{number:g}"
    return f"{text}{MARKED if marked else ''}"


def _event(number: float, marked: bool) -> Event:
    name = _name(number, marked)
    title = f"{number:.2f}, marked" if marked else name
    return Event(name, title, filler=not marked, short=name, value=number, marked=marked)
