"""The continual embedded Reber grammar: string after string in one stream, and nobody says where one ends.

Gers, Schmidhuber and Cummins, "Learning to forget: continual prediction with LSTM", Neural Computation 12 (2000),
section 4. Embedded Reber strings follow each other without a mark, and memory is never reset: what a string left
behind stays in the memory unless the network itself throws it away. It is the task for which the forget gate was
invented: the cell state of the LSTM of 1997 grows from string to string until it says nothing any more.

Each mini-sequence ends where a string ends, and memory goes on into the next one (gradients do not).

Criterion of the paper: no error in a stream of 1,000,000 symbols. Here a string of the stream counts as right, at its
one question, when at every timestep since its first B the symbols that may come next were the most active ones;
held-out streams begin with an empty memory and are four mini-sequences long.

Signs: T timesteps of a mini-sequence, B streams side by side, I = K = 7 symbols.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.contract.setting import setting
from playground.tasks.memory_tasks.embedded_reber import ReberTask
from playground.tasks.memory_tasks.memory_task import at_every, frozen_batch
from playground.tasks.memory_tasks.reber_grammar import FRAME, SHORTEST_INNER, draw_strings
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
    title = "Continual embedded Reber grammar"
    probe_names = tuple("BPBTXSEPE" + "BTBPVVETE" + "BPBTSXSEPE")

    @property
    def distances(self) -> tuple[int, int]:
        """The shortest inner string: what lies between differs from string to string."""
        return SHORTEST_INNER, SHORTEST_INNER

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """The next mini-sequence of each stream: whole strings, one after the other."""
        stream = draw_strings(generator, self.settings.timesteps, batch_size, stream=True)
        return self._predicting(stream, carried=True)

    def draw_held_out(self, generator: np.random.Generator, distance: int | None, count: int) -> Batch:
        """Streams that begin with an empty memory; with `distance`, every inner string is so long."""
        timesteps = HELD_OUT_PARTS * self.settings.timesteps
        if distance is None:
            return self._predicting(draw_strings(generator, timesteps, count, stream=True))
        length = max(distance, SHORTEST_INNER) + FRAME
        strings = [
            draw_strings(generator, length, count, stream=False) for _ in range(max(timesteps // length, 1))
        ]
        return self._predicting(np.concatenate(strings), max(distance, SHORTEST_INNER))

    def _predicting(
        self, symbols: IntArray, distance: int = SHORTEST_INNER, *, carried: bool = False
    ) -> Batch:
        targets, asked = self.answers_to(symbols)
        return frozen_batch(symbols, targets, asked, at_every(len(symbols)), distance, carried=carried)
