"""Delayed recall: somebody appears, then flowers and trees, then the question who it was.

One of `symbols` symbols comes first, then D distractors, each drawn from two, then a symbol that asks. The right
answer is the first symbol; only the last timestep counts. It is the plainest form of the latching problem of Bengio,
Simard and Frasconi ("Learning long-term dependencies with gradient descent is difficult", IEEE Transactions on
Neural Networks 5, 1994, section II) with more than one bit to hold: 8 symbols are 3 bits. Unlike one bit, which an
attractor keeps for ever, several fade visibly.

Criterion: the answer at the last timestep is the symbol that was shown.

Signs: T = D + 2 timesteps, B sequences, I = symbols + 3 inputs, K = symbols.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import (
    SymbolTask,
    asked_at_the_last,
    at_the_last,
    frozen_batch,
    latest,
    signs,
    symbols_of,
)
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords

CHARACTERS = ("wolf", "bear", "fox", "deer", "owl", "dog", "cat", "child")
DISTRACTORS = ("flower", "tree")
RECALL = "who"


@dataclass(frozen=True)
class DelayedRecallSettings(TaskSettings):
    """How much is to be remembered, and for how long."""

    symbols: int = setting(
        8,
        Words("Characters", "Symbols"),
        Words(
            "How many different characters may appear first. Two are one bit to remember, eight are three.",
            "How many symbols may come first: log2 of it is what must be remembered, in bits.",
        ),
        minimum=2,
        maximum=len(CHARACTERS),
    )
    distractors: tuple[int, int] = setting(
        (20, 20),
        Words("Flowers between", "Distractors"),
        Words(
            "How many flowers and trees come between the first picture and the question. "
            "Each batch draws its number from this range.",
            "How many distractors lie between symbol and question. Each batch draws its number from this range.",
        ),
        minimum=0,
        maximum=300,
    )


class DelayedRecall(SymbolTask):
    """Delayed recall as a Task."""

    settings_type = DelayedRecallSettings
    settings: DelayedRecallSettings
    name = "delayed-recall"
    title = "Delayed recall"
    question = "Who came first?"
    target_at = "last"
    filler_words = Words("flowers and trees", "distractors")
    spoken = TaskWords(
        event="picture",
        remembered="who came first",
        asked_at="on the question",
        story=Words(
            "Somebody appears, then flowers and trees, then the question: who was it? Eight characters are three "
            "bits to keep, and they fade where one bit would stay.",
            "One of eight symbols, then distractors, then a symbol that asks. Three bits must be latched over the "
            "delay.",
        ),
    )
    criterion = Words(
        "Right when the last answer names who appeared.",
        "Right when the symbol that was shown has the largest logit at the last timestep.",
    )
    asking = RECALL
    distance_setting = "distractors"
    recipe = Recipe(
        every={"units": 32, "initialisation": "chrono", "clip_norm": 1.0},
        networks={
            "no_memory": {},
            "rnn": {"initialisation": "orthogonal", "learning_rate": 0.001},
            "lstm": {},
            "guide_lstm": {"learning_rate": 0.001, "clip_norm": 0.1},
            "gru": {},
        },
        updates=2000,
        measured="Over 20, 50, 100 distractors: LSTM, GRU 10, 10, 10 of 10 seeds; RNN 10, 8, 2; guide's LSTM 10, 10.",
    )

    @property
    def characters(self) -> tuple[str, ...]:
        """The names of those who may appear first."""
        return CHARACTERS[: self.settings.symbols]

    @property
    def symbols(self) -> tuple[Event, ...]:
        """Those who may appear, the distractors, and the question."""
        return (
            *(Event(name, name, drawing=name) for name in self.characters),
            *(Event(name, name, drawing=name, filler=True) for name in DISTRACTORS),
            Event(RECALL, "who was it?", asking=True, short="?"),
        )

    @property
    def answers(self) -> tuple[Answer, ...]:  # type: ignore[override]
        """One answer a character."""
        return tuple(Answer(index, name, name) for index, name in enumerate(self.characters))

    @property
    def chance(self) -> float:  # type: ignore[override]
        """All characters are as likely."""
        return 1.0 / self.settings.symbols

    @property
    def distances(self) -> tuple[int, int]:
        """Fewest and most distractors."""
        return self.settings.distractors

    @property
    def probe_names(self) -> tuple[str, ...]:
        """A wolf, as many flowers and trees as in training but at most 20, and the question."""
        between = ("flower", "tree", "tree", "flower", "flower")
        count = min(self.longest_distance, 20)
        return ("wolf", *(between[t % len(between)] for t in range(count)), RECALL)

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T, B): as many sequences of each character as the batch allows, in random order."""
        characters = self.settings.symbols
        symbols = np.empty((distance + 2, batch_size), dtype=np.int64)
        first = generator.permutation(batch_size) + generator.integers(characters)
        symbols[0] = first % characters
        symbols[1:-1] = characters + generator.integers(len(DISTRACTORS), size=(distance, batch_size))
        symbols[-1] = self.number(RECALL)
        targets = np.repeat(symbols[:1], len(symbols), axis=0)
        asked = asked_at_the_last(symbols.shape)
        return frozen_batch(symbols, targets, asked, at_the_last(distance + 2), distance)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """Right is whoever appeared last; asked by the question, if anybody appeared before it."""
        shown = latest(symbols < self.settings.symbols)  # (T, B)
        targets = np.where(shown >= 0, np.take_along_axis(symbols, np.maximum(shown, 0), axis=0), 0)
        return targets, (symbols == self.number(RECALL)) & (shown >= 0)

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Which character was shown, once it was: 1 for that one, -1 for the others, (T, B) each."""
        targets, _ = self.answers_to(symbols_of(batch))
        known = latest(symbols_of(batch) < self.settings.symbols) >= 0
        shown = {name: signs(targets == number, known) for number, name in enumerate(self.characters)}
        return {**super().facts(batch), **shown}
