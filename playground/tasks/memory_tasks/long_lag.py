"""The noise-free long time lag: two sequences that differ in their first and last symbol alone.

Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 2a, section 5.2: the
sequences are (y, a1, a2, ..., a(p-1), y) and (x, a1, ..., a(p-1), x), each as often as the other. The next symbol is
to be predicted at every timestep, and an error is counted at every timestep. All of it but the last symbol can be
learned without remembering more than one symbol; the last needs the first, p timesteps ago.

The paper weighs all timesteps alike. With 50 and more of them the one that matters drowns: here the last one weighs as
much as all others together (docs/recipes.md has both).

Criterion of the paper: the largest error of any output at any timestep stays below 0.25, over 10,000 sequences in a
row. Here the outputs are the softmax probabilities, and a sequence is right when all of its timesteps are so. The
paper needs 5,040 sequences at p = 100 (18 of 18 trials); back-propagation through time and RTRL never get there.

Asked at a distance other than p, the sequence begins later among the a's, or goes round them once more: the lag is
that distance, and what cannot be known (which a follows the first symbol) is not counted.

Signs: T = p timesteps, B sequences, I = K = p + 1 symbols: a1 .. a(p-1), x, y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import (
    SymbolTask,
    asked_at_the_last,
    frozen_batch,
    half_at_the_last,
    latest,
    signs,
    symbols_of,
)
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords

LARGEST_ERROR = 0.25


@dataclass(frozen=True)
class LongLagSettings(TaskSettings):
    """How long the lag is."""

    lag: int = setting(
        50,
        Words("Lag", "Lag p"),
        Words(
            "How many timesteps lie between the first symbol and the moment when it is needed again.",
            "p of the paper: the first symbol is needed again p timesteps later. There are p + 1 symbols.",
        ),
        unit="timesteps",
        minimum=3,
        maximum=200,
    )


class LongLag(SymbolTask):
    """The noise-free long time lag as a Task."""

    settings_type = LongLagSettings
    settings: LongLagSettings
    name = "long-lag"
    title = "Long lag without noise"
    question = "Which symbol comes last: the one that came first?"
    chance = 0.5
    filler_words = Words("letters in between", "distractors")
    spoken = TaskWords(
        event="symbol",
        remembered="the first symbol",
        asked_at="on the last symbol",
        story=Words(
            "The same letters in the same order, every time. Only the first symbol differs, x or y, and it comes "
            "again at the very end.",
            "Two sequences (x, a1, ..., x) and (y, a1, ..., y): predict every next symbol (1997, experiment 2a).",
        ),
    )
    criterion = Words(
        f"A sequence is right when every bar at every timestep is within {LARGEST_ERROR} of what it should be.",
        f"A sequence is right when no probability at any timestep errs by {LARGEST_ERROR} or more.",
    )
    distance_setting = "lag"
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "first": Words("it began with x, not y", "first symbol x (+1) or y (-1)"),
        }
    )
    recipe = Recipe(
        every={"units": 32, "initialisation": "forget_bias", "forget_gate_bias": 3.0, "clip_norm": 1.0},
        networks={
            "rnn": {"initialisation": "torch"},
            "lstm": {"forget_gate_bias": 5.0, "learning_rate": 0.005},
            "gru": {"initialisation": "chrono"},
        },
        training={"batch_size": 4},
        updates=2000,
        measured="LSTM and GRU 10 of 10 seeds at p = 50, RNN 0; LSTM 10 of 10 at p = 100.",
    )

    @property
    def asking(self) -> str:
        """The last of the a's."""
        return f"a{self.settings.lag - 1}"

    @cached_property
    def symbols(self) -> tuple[Event, ...]:
        """a1 to a(p-1), x, y."""
        last = self.settings.lag - 1
        return (
            *(Event(f"a{i}", f"a{i}", filler=i < last, asking=i == last) for i in range(1, last + 1)),
            Event("x", "x"),
            Event("y", "y"),
        )

    @cached_property
    def answers(self) -> tuple[Answer, ...]:  # type: ignore[override]
        """Every symbol may come next."""
        return tuple(Answer(index, event.name, event.title) for index, event in enumerate(self.symbols))

    @property
    def rivals(self) -> tuple[int, int]:  # type: ignore[override]
        """x and y."""
        return self.number("x"), self.number("y")

    @property
    def distances(self) -> tuple[int, int]:
        """p alone."""
        return self.settings.lag, self.settings.lag

    @property
    def probe_names(self) -> tuple[str, ...]:
        """The sequence that begins with y."""
        return ("y", *(f"a{i}" for i in range(1, self.settings.lag)))

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T, B): half the sequences begin with x, half with y; then the a's, ending with the last of them."""
        distance = max(distance, 2)
        between = self.settings.lag - 1  # a's there are
        symbols = np.empty((distance, batch_size), dtype=np.int64)
        first = (generator.permutation(batch_size) + generator.integers(2)) % 2
        symbols[0] = between + first
        symbols[1:] = (np.arange(1 - distance, 0) % between)[:, np.newaxis]
        targets = np.concatenate([symbols[1:], symbols[:1]])
        asked = asked_at_the_last(symbols.shape)
        return frozen_batch(symbols, targets, asked, half_at_the_last(distance), distance)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """After each a the next one, after x or y the first; after the last a whatever of x and y was seen last.

        Asked after the last a, when there was an x or y before it and no other question since.
        """
        between = self.settings.lag - 1
        started = symbols >= between  # x or y
        start = latest(started)  # (T, B)
        first = np.take_along_axis(symbols, np.maximum(start, 0), axis=0)
        at_end = np.zeros_like(started)
        at_end[-1] = symbols[-1] == between - 1  # going round once more, a1 follows the last a
        follows = np.where(started, 0, (symbols + 1) % between)
        targets = np.where(at_end & (start >= 0), first, follows)
        return targets, at_end & (start >= 0)

    def right(self, batch: Batch, outputs: FloatArray) -> BoolArray:
        """(T, B) true where no probability errs by 0.25 or more there or at any timestep before."""
        shifted = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        probabilities = shifted / shifted.sum(axis=-1, keepdims=True)  # (T, B, K)
        wanted = np.take_along_axis(probabilities, batch.targets[..., np.newaxis].astype(np.int64), axis=-1)[
            ..., 0
        ]
        # the largest error is that of the wanted symbol: all others together have what it lacks
        good = 1.0 - wanted < LARGEST_ERROR  # (T, B)
        if batch.distance != self.settings.lag:
            good[0] |= ~batch.asked[
                0
            ]  # a sequence as in no training: what follows its first symbol is unknown
        upto: BoolArray = np.logical_and.accumulate(good, axis=0)
        return upto

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Whether the latest of x and y was x, once there was one, (T, B)."""
        symbols = symbols_of(batch)
        start = latest(symbols >= self.settings.lag - 1)
        first = np.take_along_axis(symbols, np.maximum(start, 0), axis=0)
        return {**super().facts(batch), "first": signs(first == self.number("x"), start >= 0)}
