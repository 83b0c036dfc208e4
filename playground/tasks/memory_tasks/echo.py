"""Echo: one long stream of letters; say at every timestep the letter that came `echo` timesteps ago.

The exercise with which truncated back-propagation is explained (as in the public demonstrations of 2016 and later that
feed a stream in mini-sequences and ask for the input a few timesteps ago). The stream is cut by `tasks.batching`, so
everything that can be done with the memory between two mini-sequences can be tried: carry it, begin at zero, carry it
without cutting the gradient, or shuffle.

An echo shorter than the mini-sequence can be learned from what lies inside it. With an echo that is longer, the letter
that is asked for was read in an earlier mini-sequence: where memory begins at zero it cannot be known, and where
gradients are cut no gradient says that it should have been kept.

Criterion: the letter with the highest output is the one that came `echo` timesteps ago; nothing is asked before there
is one.

Signs: N positions of the stream, T timesteps of a mini-sequence, B rows, I = K letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.batching import CARRY, MEMORY_MODES, Batching, stream_batch, visit
from playground.tasks.memory_tasks.memory_task import SymbolTask, at_every, frozen_batch, where
from playground.tasks.recipe import Recipe
from playground.tasks.task import Answer, Batch, BoolArray, Event, IntArray, TaskSettings

LETTERS = "abcdefgh"
_STREAM = 11
"""Keeps the random numbers of streams apart from all others."""


@dataclass(frozen=True)
class EchoSettings(TaskSettings):
    """What is echoed, and how the stream is cut."""

    echo: int = setting(
        3,
        "Echo",
        "How many timesteps ago the letter came that is asked for.",
        unit="timesteps",
        minimum=1,
        maximum=50,
    )
    timesteps: int = setting(
        20,
        Words("Mini-sequence", "Sequence length"),
        Words(
            "How many letters of each row one batch has: so far gradients go back.",
            "Timesteps of a mini-sequence: truncated back-propagation goes back no further.",
        ),
        unit="timesteps",
        minimum=1,
        maximum=200,
    )
    memory: str = setting(
        CARRY,
        Words("Memory between batches", "State between batches"),
        "What happens to the memory between two mini-sequences of a row.",
        choices=MEMORY_MODES,
    )
    letters: int = setting(
        4, "Letters", "How many different letters there are.", minimum=2, maximum=len(LETTERS)
    )
    length: int = setting(
        20_000,
        "Stream",
        "How long the stream is. After its end it is read again from the beginning.",
        unit="letters",
        minimum=1_000,
        maximum=1_000_000,
    )


class Echo(SymbolTask):
    """Echo as a Task: one stream a seed, cut into rows and mini-sequences."""

    settings_type = EchoSettings
    settings: EchoSettings
    name = "echo"
    title = "Echo"
    question = "What came a few letters ago?"
    filler_words = Words("letters", "timesteps")
    criterion = Words(
        "Right when the highest bar is the letter that came so many timesteps ago.",
        "Right when the target, the input `echo` timesteps before, has the largest logit.",
    )
    recipe = Recipe(training={"batch_size": 16}, updates=600)
    asking = LETTERS[0]

    @property
    def symbols(self) -> tuple[Event, ...]:
        """The letters; each of them asks for an earlier one."""
        return tuple(Event(letter, letter, short=letter) for letter in LETTERS[: self.settings.letters])

    @property
    def answers(self) -> tuple[Answer, ...]:  # type: ignore[override]
        """The letters."""
        return tuple(
            Answer(index, letter, letter) for index, letter in enumerate(LETTERS[: self.settings.letters])
        )

    @property
    def chance(self) -> float:  # type: ignore[override]
        """All letters are as likely."""
        return 1.0 / self.settings.letters

    @property
    def distances(self) -> tuple[int, int]:
        """The echo: it is the same everywhere."""
        return self.settings.echo, self.settings.echo

    @property
    def probe_names(self) -> tuple[str, ...]:
        """Twelve letters and as many as the echo needs before the first answer."""
        stream = letters_of_stream(0, 12 + min(self.settings.echo, 12), self.settings.letters)
        return tuple(LETTERS[number] for number in stream)

    def batching(self, batch_size: int) -> Batching:
        """How the stream is cut. Raises BatchingError with a sentence where it is too short for so many rows."""
        return Batching(self.settings.length, batch_size, self.settings.timesteps)

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """The mini-sequences of this update; `level` changes nothing. Raises BatchingError with a sentence."""
        echo = self.settings.echo
        batching = self.batching(batch_size)
        stream = letters_of_stream(seed, self.settings.length, self.settings.letters)
        read = visit(batching, self.settings.memory, seed, update)
        batch = stream_batch(
            batching,
            read,
            lambda positions: stream[positions],
            lambda positions: stream[np.maximum(positions - echo, 0)],
        )
        first = read.trained * batching.sequence_length  # of the mini-sequence, in its row
        place = first + np.arange(batching.sequence_length)  # (T,): where it is in the row
        asked = batch.asked.copy()
        asked[-batching.sequence_length :] &= (place >= echo)[:, np.newaxis]
        if not asked.any():  # the first mini-sequence, shorter than the echo: nothing can be asked yet
            return frozen_batch(
                batch.inputs,
                batch.targets,
                asked,
                np.zeros_like(asked, np.float32),
                echo,
                carried=batch.carried,
            )
        return frozen_batch(batch.inputs, batch.targets, asked, where(asked), echo, carried=batch.carried)

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Fresh streams that begin with an empty memory, long enough for twenty answers each."""
        symbols = generator.integers(self.settings.letters, size=(self.settings.echo + 20, batch_size))
        targets, asked = self.answers_to(symbols)
        return frozen_batch(symbols, targets, asked, at_every(len(symbols)), self.settings.echo)

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """Right is the letter `echo` timesteps before; not asked where there is none."""
        echo = self.settings.echo
        targets = np.zeros_like(symbols)
        targets[echo:] = symbols[:-echo]
        asked = np.zeros(symbols.shape, dtype=np.bool_)
        asked[echo:] = True
        return targets, asked


@lru_cache(maxsize=8)
def letters_of_stream(seed: int, length: int, letters: int) -> IntArray:
    """(N,) the stream of this seed, as numbers of letters; read-only."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_STREAM,))))
    stream = generator.integers(letters, size=length)
    stream.setflags(write=False)
    return stream
