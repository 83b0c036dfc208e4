"""The continual embedded Reber grammar: string after string in one stream, and nobody says where one ends.

Gers, Schmidhuber and Cummins, "Learning to forget: continual prediction with LSTM", Neural Computation 12 (2000),
section 4. Embedded Reber strings follow each other without a mark, and memory is never reset: what a string left
behind stays in the memory unless the network itself throws it away. It is the task for which the forget gate was
invented: the cell state of the LSTM of 1997 grows from string to string until it says nothing any more.

Each mini-sequence ends where a string ends, and memory goes on into the next one (gradients do not).

Criterion of the paper: no error in a stream of 1,000,000 symbols. Here a string of the stream counts as right, at its
one question, when at every timestep since its first B the symbols that may come next were the most active ones;
held-out streams begin with an empty memory and are four mini-sequences long. Their first string is not asked: in
training memory is empty but once.

Signs: T timesteps of a mini-sequence, B streams side by side, I = K = 7 symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.contract.setting import setting
from playground.tasks.memory_tasks.embedded_reber import ReberTask
from playground.tasks.memory_tasks.memory_task import TRAINING, at_every, frozen_batch, random_numbers
from playground.tasks.memory_tasks.reber_grammar import FRAME, SHORTEST_INNER, draw_strings, strings_of
from playground.tasks.recipe import Recipe
from playground.tasks.task import Batch, IntArray, TaskSettings

HELD_OUT_PARTS = 4
"""A held-out stream is so many mini-sequences long."""

SHORTEST_STRING = SHORTEST_INNER + FRAME


@dataclass(frozen=True)
class ContinualReberSettings(TaskSettings):
    """How the stream is cut."""

    timesteps: int = setting(
        75,
        "Mini-sequence",
        "Timesteps of the stream that an update looks at: gradients go back no further. Some six strings.",
        unit="timesteps",
        minimum=2 * SHORTEST_STRING,  # every length from there on can be made of whole strings
        maximum=1000,
    )


class ContinualReber(ReberTask):
    """The continual embedded Reber grammar as a Task: streams, memory carried on. The distance is nominal."""

    settings_type = ContinualReberSettings
    settings: ContinualReberSettings
    name = "continual-reber"
    title = "Continual Reber grammar"
    probe_names = tuple("BPBTXSEPE" + "BTBPVVETE" + "BPBTSXSEPE")
    recipe = Recipe(
        every={"units": 12, "initialisation": "forget_bias", "forget_gate_bias": 1.0, "clip_norm": 1.0},
        networks={"lstm": {}, "lstm_1997": {"initialisation": "torch"}},
        training={"batch_size": 8},
        updates=2000,
        measured="99.7 % of the strings: LSTM 10 of 10 seeds, LSTM of 1997 none (48 to 53 % right, one 97 %).",
    )

    @property
    def distances(self) -> tuple[int, int]:
        """The shortest inner string: what lies between differs from string to string."""
        return SHORTEST_INNER, SHORTEST_INNER

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """The next mini-sequence of each stream: whole strings, one after the other."""
        uniform = generator.random((self.settings.timesteps, batch_size))
        return self._predicting(strings_of(uniform, stream=True), carried=True)

    def batches(self, seed: int, first: int, count: int, level: int, batch_size: int) -> Sequence[Batch]:
        """Those of `batch`, all in one walk through the grammar: it is the many short timesteps that cost."""
        shape = (self.settings.timesteps, batch_size)
        uniform = [random_numbers(TRAINING, seed, first + u).random(shape) for u in range(count)]
        streams = strings_of(np.concatenate(uniform, axis=1), stream=True)  # (T, count B)
        targets, asked = self.answers_to(streams)
        made = []
        for u in range(count):
            rows = slice(u * batch_size, (u + 1) * batch_size)
            symbols, right, counted = (
                np.ascontiguousarray(streams[:, rows]),
                np.ascontiguousarray(targets[:, rows]),
                np.ascontiguousarray(asked[:, rows]),
            )
            made.append(
                frozen_batch(symbols, right, counted, at_every(shape[0]), SHORTEST_INNER, carried=True)
            )
        return made

    def draw_distance(self, generator: np.random.Generator, longest: int) -> int:
        """Nothing is drawn."""
        return SHORTEST_INNER

    def draw_held_out(self, generator: np.random.Generator, distance: int | None, count: int) -> Batch:
        """Streams that begin with an empty memory; with `distance`, every inner string is so long."""
        timesteps = HELD_OUT_PARTS * self.settings.timesteps
        if distance is None:
            return self._predicting(draw_strings(generator, timesteps, count, stream=True))
        length = max(distance, SHORTEST_INNER) + FRAME
        strings = [
            draw_strings(generator, length, count, stream=False) for _ in range(max(timesteps // length, 2))
        ]
        return self._predicting(np.concatenate(strings), length - FRAME)

    def _predicting(
        self, symbols: IntArray, distance: int = SHORTEST_INNER, *, carried: bool = False
    ) -> Batch:
        targets, asked = self.answers_to(symbols)
        if not carried:
            asked &= np.cumsum(asked, axis=0) > 1  # the first question of a stream
        return frozen_batch(symbols, targets, asked, at_every(len(symbols)), distance, carried=carried)
