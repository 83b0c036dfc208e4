"""Parity: was the number of ones so far even or odd?

The classical task that no perceptron of bounded order can do (Minsky and Papert, "Perceptrons", 1969) and that a
network with one bit of memory does at any length: keep the bit at a 0, flip it at a 1. As a sequence task with a target
at the end alone it is in Hochreiter and Schmidhuber, "LSTM can solve hard long time lag problems" (NIPS 9, 1996), where
guessing weights beats gradient descent: one bit flipped anywhere flips the answer, so the gradient says little.

Criterion: the answer at the last timestep is right (in the paper, for all sequences of 500 to 600 bits).

Signs: T timesteps, B sequences, I = 2 symbols, K = 2 answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import (
    SymbolTask,
    at_every,
    at_the_last,
    frozen_batch,
    signs,
    symbols_of,
)
from playground.tasks.recipe import Recipe
from playground.tasks.task import (
    Answer,
    Batch,
    BoolArray,
    Event,
    FloatArray,
    IntArray,
    TargetAt,
    TaskSettings,
)
from playground.tasks.task_words import TaskWords


@dataclass(frozen=True)
class ParitySettings(TaskSettings):
    """How long the sequences are, and where the answer is taught."""

    length: tuple[int, int] = setting(
        (1, 20),
        "Bits",
        "How many bits a sequence has. Each batch draws its number from this range.",
        minimum=1,
        maximum=600,
    )
    taught: str = setting(
        "every",
        "Taught at",
        "At every bit: each answer teaches one flip. At the last bit only: all flips at once, which is far harder.",
        choices={"every": "every bit", "last": "the last bit"},
    )


class Parity(SymbolTask):
    """Parity as a Task. The distance is the number of bits."""

    settings_type = ParitySettings
    settings: ParitySettings
    name = "parity"
    title = "Parity"
    question = "Is the number of ones even or odd?"
    chance = 0.5
    filler_words = Words("bits", "bits")
    spoken = TaskWords(
        event="bit",
        remembered="even or odd",
        asked_at="after the last bit",
        story=Words(
            "Zeros and ones. Is the number of ones so far even or odd? One bit of memory is enough, but it must "
            "be flipped at exactly the right moments.",
            "The running parity of a bit string: a flip-flop that toggles at every 1.",
        ),
    )
    criterion = Words(
        "Right when the answer after the last bit is right.",
        "Right when the answer at the last timestep is right.",
    )
    asking = "0"
    symbols = (Event("0", "0"), Event("1", "1"))
    answers = (Answer(0, "even", "even"), Answer(1, "odd", "odd"))
    distance_setting = "length"
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "parity": Words("the number of ones is odd", "parity odd (+1) or even (-1)"),
            "ones": Words("ones so far", "ones so far"),
        }
    )
    recipe = Recipe(
        every={"units": 8, "initialisation": "torch", "clip_norm": 1.0},
        networks={
            "no_memory": {},
            "rnn": {},
            "lstm": {"learning_rate": 0.02},
            "gru": {"learning_rate": 0.02},
        },
        updates=2000,
        measured="LSTM and GRU 10 of 10 seeds, RNN 9.",
    )

    @property
    def target_at(self) -> TargetAt:  # type: ignore[override]
        """As the settings say."""
        return "every" if self.settings.taught == "every" else "last"

    @property
    def distances(self) -> tuple[int, int]:
        """Fewest and most bits."""
        return self.settings.length

    @property
    def probe_names(self) -> tuple[str, ...]:
        """At most 20 bits, seven ones among them: odd."""
        return tuple("01100101001010000100"[: max(min(self.longest_distance, 20), 2)])

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T, B): bits, each 0 or 1 as often."""
        distance = max(distance, 1)
        symbols = generator.integers(2, size=(distance, batch_size))
        targets, asked = self.answers_to(symbols)
        weights = at_every(distance) if self.target_at == "every" else at_the_last(distance)
        return frozen_batch(symbols, targets, asked, weights, distance)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """The parity so far; asked after the last bit."""
        asked = np.zeros(symbols.shape, dtype=np.bool_)
        asked[-1] = True
        return np.cumsum(symbols, axis=0) % 2, asked

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """The parity so far (1 odd, -1 even), and the number of ones, (T, B) each."""
        symbols = symbols_of(batch)
        ones = np.cumsum(symbols, axis=0)
        return {
            **super().facts(batch),
            "parity": signs(ones % 2 == 1, np.ones_like(batch.asked)),
            "ones": ones.astype(np.float32),
        }
