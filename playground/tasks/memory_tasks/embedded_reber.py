"""The embedded Reber grammar: predict the next symbol of a string; the second symbol must come again before the last.

Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997), experiment 1, section 5.1. The
strings are B T <Reber> T E and B P <Reber> P E (`reber_grammar`); at each timestep the next symbol is to be predicted.
Everything can be told from the last few symbols but one: after the inner string, is it T or P?

Criterion of the paper: at every timestep of every string the symbols that may come next are the most active ones.
Here a string counts as right, at its one question, when that is so at all timesteps before and there. In the
paper the best LSTM (3 blocks of 2 cells, learning rate 0.5) learns it in 100 % of trials, 8,440 strings on average;
an Elman network in none.

Signs: T timesteps, B strings, I = K = 7 symbols.
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
    frozen_batch,
    latest,
    signs,
    symbols_of,
)
from playground.tasks.memory_tasks.reber_grammar import (
    AFTER_INNER,
    ALPHABET,
    FORK,
    FRAME,
    LEGAL,
    SHORTEST_INNER,
    all_legal_most_active,
    draw_strings,
    length_probabilities,
    states_after,
)
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords


@dataclass(frozen=True)
class EmbeddedReberSettings(TaskSettings):
    """How long the inner strings may be."""

    inner: tuple[int, int] = setting(
        (SHORTEST_INNER, 30),
        "Inner string",
        "How many symbols the string inside may have. Longer ones are rarer: each two symbols more halve them, nearly.",
        unit="symbols",
        minimum=SHORTEST_INNER,
        maximum=100,
    )


class ReberTask(SymbolTask):
    """What strings and streams have in common."""

    question = "Which symbol comes next: T or P?"
    chance = 0.5
    filler_words = Words("inner symbols", "inner symbols")
    spoken = TaskWords(
        event="symbol",
        remembered="the second symbol",
        asked_at="where the second symbol must come again",
        story=Words(
            "A string follows a map of one-way streets. The network says where it may go next; at the end the "
            "second symbol must come again, and only memory can tell which it was.",
            "Next-symbol prediction on the embedded Reber grammar: T or P at the beginning decides T or P before "
            "the end.",
        ),
    )
    criterion = Words(
        "A string is right when, at every timestep, each symbol that may come next has a higher bar than all others.",
        "A string is right when, at every timestep, each legal next symbol has a larger logit than all others.",
    )
    asking = "E"
    symbols = tuple(Event(name, name) for name in ALPHABET)
    answers = tuple(Answer(index, name, name) for index, name in enumerate(ALPHABET))
    rivals = (ALPHABET.index("T"), ALPHABET.index("P"))
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "branch": Words("the string began with T, not P", "second symbol T (+1) or P (-1)"),
            "place": Words("place in the string", "symbols since the string began"),
        }
    )

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """The next symbol; after the last one, one that may come next. Asked where the inner string has ended."""
        states = states_after(symbols)  # (T, B)
        targets = np.empty_like(symbols)
        targets[:-1] = symbols[1:]
        targets[-1] = LEGAL[states[-1]].argmax(axis=-1)
        return targets, np.isin(states, list(AFTER_INNER.values()))

    def right(self, batch: Batch, outputs: FloatArray) -> BoolArray:
        """(T, B) true where the legal next symbols are the most active ones, there and since the string began."""
        states = states_after(batch.inputs.astype(np.int64, copy=False))
        wrong = ~all_legal_most_active(states, outputs)
        found: BoolArray = latest(wrong) < latest(states == FORK)  # no error since the first B of the string
        return found

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Whether the second symbol of the string was T or P, from there on, and the place in the string (B is 1)."""
        symbols = symbols_of(batch)
        states = states_after(symbols)
        begun = latest(states == FORK)  # (T, B)
        place = np.arange(len(symbols))[:, np.newaxis] - begun + 1
        second = np.take_along_axis(symbols, np.clip(begun + 1, 0, len(symbols) - 1), axis=0)
        return {
            **super().facts(batch),
            "branch": signs(second == ALPHABET.index("T"), place >= 2),
            "place": place.astype(np.float32),
        }


class EmbeddedReber(ReberTask):
    """The embedded Reber grammar, string by string, as a Task. The distance is the length of the inner string."""

    settings_type = EmbeddedReberSettings
    settings: EmbeddedReberSettings
    name = "embedded-reber"
    title = "Embedded Reber grammar"
    probe_names = tuple("BPBTSSXXTVPXVVEP")
    distance_setting = "inner"
    recipe = Recipe(
        every={"units": 16, "initialisation": "chrono", "clip_norm": 1.0},
        networks={"no_memory": {}, "rnn": {"initialisation": "torch"}, "lstm": {}, "gru": {}},
        training={"batch_size": 8},
        updates=3000,
        measured="RNN, LSTM and GRU 10 of 10 seeds.",
    )

    @property
    def distances(self) -> tuple[int, int]:
        """The shortest and the longest inner string."""
        return self.settings.inner

    def draw_distance(self, generator: np.random.Generator, longest: int) -> int:
        """Each length as often as the grammar makes it, up to `longest`."""
        shortest = min(self.distances[0], longest)
        probabilities = length_probabilities(shortest, longest)
        return int(generator.choice(np.arange(shortest, longest + 1), p=probabilities))

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T, B) of strings with equally long inner strings, the last E left out: nothing follows it."""
        distance = max(distance, SHORTEST_INNER)
        strings = draw_strings(generator, distance + FRAME, batch_size, stream=False)
        asked = np.zeros(strings[:-1].shape, dtype=np.bool_)
        asked[-2] = True
        return frozen_batch(strings[:-1], strings[1:], asked, at_every(len(asked)), distance)
