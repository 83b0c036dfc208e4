"""Copy memory: read some symbols, wait, then say them again in order.

Hochreiter and Schmidhuber's latching made harder, in the form of Arjovsky, Shah and Bengio, "Unitary evolution
recurrent neural networks" (2016), section 4.1: N symbols out of 8, T - 1 blanks, one symbol that says go, N blanks.
The answer is a blank until go has been seen, then the N symbols, one a timestep; every timestep counts alike. In the
paper N = 10 and T = 100 to 750.

A memoryless network answers blanks, then guesses: a cross-entropy of N ln 8 / (T + 2 N). The LSTM of the paper does not
get below that. There is no criterion but the cross-entropy; here an answer is right when it is the symbol that stood
there.

Signs: T + 2 N timesteps, B sequences, I = 10 symbols, K = 9 answers (8 symbols and the blank).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import SymbolTask, at_every, frozen_batch, signs, symbols_of
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords

LETTERS = "ABCDEFGH"
BLANK, GO = "blank", "go"
_BLANK, _GO = len(LETTERS), len(LETTERS) + 1


@dataclass(frozen=True)
class CopyMemorySettings(TaskSettings):
    """How many symbols, and how long they are kept."""

    symbols: int = setting(
        3,
        "Symbols",
        "How many symbols are to be said again: each is three more bits to remember.",
        minimum=1,
        maximum=20,
    )
    delay: int = setting(
        10,
        Words("Wait", "Delay T"),
        "How many timesteps lie between the last symbol and the moment when the first is to be said again.",
        unit="timesteps",
        minimum=1,
        maximum=1000,
    )


class CopyMemory(SymbolTask):
    """Copy memory as a Task. The distance is the delay T."""

    settings_type = CopyMemorySettings
    settings: CopyMemorySettings
    name = "copy"
    title = "Copy memory"
    question = "Which symbols were there, in order?"
    chance = 1 / len(LETTERS)
    filler_words = Words("blanks", "blanks")
    spoken = TaskWords(
        event="symbol",
        remembered="the letters",
        asked_at="after go",
        story=Words(
            "Some letters, then nothing for a while, then 'go': now say them all again, in order. Each letter is "
            "three more bits to keep.",
            "Read N of 8 symbols, wait T timesteps, and reproduce them after the delimiter.",
        ),
    )
    criterion = Words(
        "Each symbol said after 'go' is right when it is the one that stood in that place.",
        "An answer after the delimiter is right when its symbol has the largest logit.",
    )
    asking = GO
    symbols = (
        *(Event(letter, letter) for letter in LETTERS),
        Event(BLANK, "blank", filler=True, short="·"),
        Event(GO, "go", short="go"),
    )
    answers = (
        *(Answer(index, letter, letter) for index, letter in enumerate(LETTERS)),
        Answer(_BLANK, BLANK, "blank"),
    )
    distance_setting = "delay"
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "go": Words("'go' has been seen", "after the delimiter"),
            "left": Words("symbols still to say", "symbols left"),
        }
    )
    recipe = Recipe(
        every={"units": 32, "initialisation": "chrono", "clip_norm": 1.0},
        networks={
            "no_memory": {},
            "rnn": {"initialisation": "orthogonal", "learning_rate": 0.001},
            "lstm": {},
            "gru": {},
        },
        updates=5000,
        measured="LSTM and GRU 10 of 10 seeds, RNN 0.",
    )

    @property
    def distances(self) -> tuple[int, int]:
        """T alone."""
        return self.settings.delay, self.settings.delay

    def baseline(self) -> tuple[float, Words]:
        """Guessing among eight symbols."""
        loss = f"{self.baseline_loss():.3f}"
        return self.chance, Words(
            f"Who remembers nothing guesses one symbol of eight: {100 * self.chance:.1f} % right, a loss of {loss}.",
            f"Without memory: {100 * self.chance:.1f} % right, cross-entropy N ln 8 / (T + 2N) = {loss}.",
        )

    def baseline_loss(self) -> float:
        """The cross-entropy of a network without memory: N ln 8 / (T + 2 N)."""
        n = self.settings.symbols
        return n * math.log(len(LETTERS)) / (self.settings.delay + 2 * n)

    @property
    def probe_names(self) -> tuple[str, ...]:
        """As in training, with a delay of at most 20."""
        n, delay = self.settings.symbols, min(self.settings.delay, 20)
        shown = [LETTERS[(5 * place + 2) % len(LETTERS)] for place in range(n)]
        return (*shown, *[BLANK] * (delay - 1), GO, *[BLANK] * n)

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Symbols (T + 2 N, B)."""
        n, delay = self.settings.symbols, max(distance, 1)
        symbols = np.full((delay + 2 * n, batch_size), _BLANK, dtype=np.int64)
        symbols[:n] = generator.integers(len(LETTERS), size=(n, batch_size))
        symbols[n + delay - 1] = _GO
        targets = np.full_like(symbols, _BLANK)
        targets[-n:] = symbols[:n]
        asked = np.zeros(symbols.shape, dtype=np.bool_)
        asked[-n:] = True
        return frozen_batch(symbols, targets, asked, at_every(len(symbols)), delay)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """Blank; k timesteps after the latest go the k-th of the symbols before it, as long as there are any."""
        targets = np.full_like(symbols, _BLANK)
        asked = np.zeros(symbols.shape, dtype=np.bool_)
        for b in range(symbols.shape[1]):
            start = 0
            for go in np.flatnonzero(symbols[:, b] == _GO).tolist():
                shown = symbols[start:go, b]
                again = shown[shown < _BLANK][: len(symbols) - 1 - go]
                targets[go + 1 : go + 1 + len(again), b] = again
                asked[go + 1 : go + 1 + len(again), b] = True
                start = go + 1 + len(again)
        return targets, asked

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Whether go was seen (1 or -1), and how many symbols are still to be said, (T, B) each."""
        symbols = symbols_of(batch)
        gone = np.cumsum(symbols == _GO, axis=0) > 0
        said = np.cumsum(batch.asked, axis=0)
        return {
            **super().facts(batch),
            "go": signs(gone, np.ones_like(gone)),
            "left": (np.cumsum(symbols < _BLANK, axis=0) - said).astype(np.float32),
        }
