"""Temporal order: in which order did X and Y come, far apart in noise?

Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiments 6a and 6b, section 5.6.
A sequence begins with E and ends with B, which asks. In between are distractors, drawn from a, b, c, d, and at two
places (6a) or three (6b) an X or a Y. The classes are the orders: X,X to Q; X,Y to R; Y,X to S; Y,Y to U (6a), and
eight classes for three marks (6b). In the paper a sequence has 100 to 110 symbols, the marks of 6a stand in 10-20 and
50-60, those of 6b in 10-20, 33-43 and 66-76. Here the length T is a setting, and those places shrink with it.
Only the last timestep counts.

Criterion of the paper: the last 2,000 sequences are classified right. It needs 31,390 sequences (6a), 571,100 (6b).

Signs: T timesteps, B sequences, I = 8 symbols, K = 4 or 8 classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import (
    SymbolTask,
    asked_at_the_last,
    at_the_last,
    frozen_batch,
    signs,
    symbols_of,
)
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords

MARKS = ("X", "Y")
DISTRACTORS = ("a", "b", "c", "d")
BEGIN, ASK = "E", "B"
SHORTEST = 12
"""Shorter ones would have no room for three marks apart from each other."""

CLASS_NAMES = {2: "QRSU", 3: "QRSUVABC"}
PLACES = {2: ((0.10, 0.20), (0.50, 0.60)), 3: ((0.10, 0.20), (0.33, 0.43), (0.66, 0.76))}
"""Where each mark may stand, as shares of T; both ends inclusive."""
LONGEST = 1.10
"""A sequence has T to 1.1 T symbols."""


@dataclass(frozen=True)
class TemporalOrderSettings(TaskSettings):
    """How long the sequences are, and how many marks they have."""

    marks: int = setting(
        2,
        "Marks",
        "How many X or Y there are: two make four orders, three make eight.",
        minimum=2,
        maximum=3,
    )
    length: int = setting(
        50,
        "Length",
        "Timesteps of a sequence, up to a tenth more. The first mark comes after about 15 % of them, "
        "the last after 55 % (two marks) or 70 % (three).",
        unit="timesteps",
        minimum=SHORTEST,
        maximum=300,
    )


class TemporalOrder(SymbolTask):
    """Temporal order with two or three marks as a Task. The distance is the length T."""

    settings_type = TemporalOrderSettings
    settings: TemporalOrderSettings
    name = "temporal-order"
    title = "Temporal order"
    question = "In which order did X and Y come?"
    target_at = "last"
    filler_words = Words("other letters", "distractors")
    distance_words = Words("timesteps", "timesteps")
    spoken = TaskWords(
        event="letter",
        remembered="X and Y",
        asked_at="on the last letter",
        story=Words(
            "Somewhere among other letters there is an X or a Y, and much later another one. At the end: in which "
            "order did they come?",
            "Two or three marks (X or Y) far apart among distractors; the class is their order (Hochreiter and "
            "Schmidhuber 1997, experiment 6).",
        ),
    )
    criterion = Words(
        "Right when the last answer names the order.",
        "Right when the order's class has the largest logit at the last timestep.",
    )
    asking = ASK
    symbols = (
        *(Event(name, name) for name in MARKS),
        *(Event(name, name, filler=True) for name in DISTRACTORS),
        Event(BEGIN, "E", filler=True),
        Event(ASK, "which order?", asking=True, short="?"),
    )
    distance_setting = "length"
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "marks": Words("marks seen so far", "marks so far"),
            "latest": Words("the latest mark was X, not Y", "latest mark X (+1) or Y (-1)"),
            "earlier": Words("the mark before that was X, not Y", "mark before the latest X (+1) or Y (-1)"),
        }
    )
    recipe = Recipe(
        every={"units": 8, "initialisation": "chrono", "clip_norm": 1.0},
        networks={"rnn": {"initialisation": "torch"}, "lstm": {}, "gru": {}},
        updates=1500,
        measured="LSTM and GRU 10 of 10 seeds with two marks and with three; RNN 0 of 10 with two.",
    )

    @property
    def answers(self) -> tuple[Answer, ...]:  # type: ignore[override]
        """The orders: the class is the marks read as a binary number, X = 0 and Y = 1."""
        orders = product(MARKS, repeat=self.settings.marks)
        names = CLASS_NAMES[self.settings.marks]
        return tuple(Answer(index, names[index], ", ".join(order)) for index, order in enumerate(orders))

    @property
    def rivals(self) -> tuple[int, int]:  # type: ignore[override]
        """X, Y and X, X (with three marks: and once more X): they differ in the second mark alone."""
        return (1, 0) if self.settings.marks == 2 else (2, 0)

    @property
    def chance(self) -> float:  # type: ignore[override]
        """All orders are as likely."""
        return 0.5**self.settings.marks

    @property
    def distances(self) -> tuple[int, int]:
        """T alone."""
        return self.settings.length, self.settings.length

    @property
    def probe_names(self) -> tuple[str, ...]:
        """The shortest sequence of at most 30 timesteps: X, then Y (and X again), each in the middle of its places."""
        length = min(self.settings.length, 30)
        names = [DISTRACTORS[t * t % 4] for t in range(length)]
        for mark, (lowest, highest) in zip("XYX", _places(self.settings.marks, length), strict=False):
            names[(lowest + highest) // 2] = mark
        return (BEGIN, *names[1:-1], ASK)

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T, B), all of one length; the marks stand in other places in each sequence."""
        distance = max(distance, SHORTEST)
        length = int(generator.integers(distance, int(distance * LONGEST), endpoint=True))
        symbols = len(MARKS) + generator.integers(len(DISTRACTORS), size=(length, batch_size))
        symbols[0], symbols[-1] = self.number(BEGIN), self.number(ASK)
        orders = (generator.permutation(batch_size) + generator.integers(len(self.answers))) % len(
            self.answers
        )
        marks = self.settings.marks
        timesteps = np.arange(length)[:, np.newaxis]
        targets = np.zeros_like(symbols)
        for mark, (lowest, highest) in enumerate(_places(marks, distance)):
            places = generator.integers(lowest, highest, endpoint=True, size=batch_size)
            bits = orders >> (marks - 1 - mark) & 1
            symbols[places, np.arange(batch_size)] = bits
            targets = np.where(timesteps >= places, targets << 1 | bits, targets)
        asked = asked_at_the_last(symbols.shape)
        return frozen_batch(symbols, targets, asked, at_the_last(length), distance)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """The order of the latest marks, X = 0 and Y = 1 as binary digits; asked by B once there were as many."""
        marked = symbols < len(MARKS)  # (T, B)
        targets = np.zeros_like(symbols)
        order = np.zeros(symbols.shape[1], dtype=np.int64)
        for t, now in enumerate(symbols):
            shifted = (order << 1 | now) & (2**self.settings.marks - 1)
            order = np.where(marked[t], shifted, order)
            targets[t] = order
        enough = np.cumsum(marked, axis=0) >= self.settings.marks
        return targets, (symbols == self.number(ASK)) & enough

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """How many marks were seen, which was the latest, and which the one before, (T, B) each."""
        symbols = symbols_of(batch)
        orders, _ = self.answers_to(symbols)
        marks = np.cumsum(symbols < len(MARKS), axis=0)
        return {
            **super().facts(batch),
            "marks": marks.astype(np.float32),
            "latest": signs(orders & 1 == 0, marks >= 1),
            "earlier": signs(orders & 2 == 0, marks >= 2),
        }


def _places(marks: int, length: int) -> list[tuple[int, int]]:
    """The first and last timestep (0-based) at which each mark may stand, in sequences of this length."""
    return [(round(lowest * length), round(highest * length)) for lowest, highest in PLACES[marks]]
