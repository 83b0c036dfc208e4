"""a^n b^n and a^n b^n c^n: count the a's, for nothing else says how many b's are to come.

Gers and Schmidhuber, "LSTM recurrent networks learn simple context-free and context-sensitive languages", IEEE
Transactions on Neural Networks 12 (2001). A string is S a^n b^n T, or S a^n b^n c^n T, with n = 1..10 in training;
after each symbol the network says what may come next. While a's come, nobody knows whether another a or the first b is
next, and a is taught; from the first b on everything is determined by n, which must be counted.

Criterion of the paper: a string is accepted when at every timestep exactly the symbols that may come next are
predicted. Here the network says one symbol: it must be one that may come next, at every timestep of the string. Trained
on n = 1..10, LSTMs are reported to accept a^n b^n up to n = 65 and far more, and a^n b^n c^n up to n = 18 to 29.

Strings of several n lie side by side in a batch. Behind the end of the shorter ones T is repeated, with no weight.

Signs: T timesteps, B strings, I = 4 (5) symbols S, a, b, (c,) T; K = 3 (4) answers a, b, (c,) T.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.memory_tasks.memory_task import SymbolTask, frozen_batch, symbols_of, where
from playground.tasks.task import Answer, Batch, BoolArray, Event, FloatArray, IntArray, TaskSettings
from playground.tasks.task_words import TaskWords

BEGIN, END = "S", "T"


@dataclass(frozen=True)
class CountingSettings(TaskSettings):
    """How many of each letter."""

    count: tuple[int, int] = setting(
        (1, 10),
        "n",
        "How many of each letter the strings have in training. Each string draws its number from this range.",
        minimum=1,
        maximum=60,
    )


class CountingTask(SymbolTask):
    """What both languages have in common. The distance is n."""

    settings_type = CountingSettings
    settings: CountingSettings
    letters: str
    """The letters of the language in their order."""
    filler_words = Words("letters in between", "symbols in between")
    distance_words = Words("of each letter", "of each symbol")
    spoken = TaskWords(
        event="letter",
        remembered="how many a's there were",
        asked_at="once the a's are over",
        story=Words(
            "As many of each letter, one kind after the other. Nothing but the count of a's says when it is over; "
            "learned up to ten, and then asked far beyond.",
            "Strings a^n b^n (c^n), n = 1..10 in training: from the first b on the next symbol is determined by "
            "the count.",
        ),
    )
    criterion = Words(
        "A string is right when every symbol that is said may come next: at the end as many of each letter.",
        "A string is accepted when, at every timestep, the largest logit is that of a legal next symbol.",
    )
    fact_words = MappingProxyType(
        {
            **SymbolTask.fact_words,
            "counted": Words("a's so far", "count of a so far"),
            "left": Words("letters of this kind still to come", "letters of this kind left"),
        }
    )

    @property
    def symbols(self) -> tuple[Event, ...]:
        """S, the letters, T."""
        return (
            Event(BEGIN, "start", short=BEGIN),
            *(Event(letter, letter) for letter in self.letters),
            Event(END, "end", short=END),
        )

    @property
    def answers(self) -> tuple[Answer, ...]:  # type: ignore[override]
        """The letters, then T: class k is symbol k + 1."""
        return tuple(Answer(index, event.name, event.title) for index, event in enumerate(self.symbols[1:]))

    @property
    def rivals(self) -> tuple[int, int]:  # type: ignore[override]
        """The end, or one more of the last letter."""
        return len(self.letters), len(self.letters) - 1

    @property
    def asking(self) -> str:
        """The last letter."""
        return self.letters[-1]

    @property
    def chance(self) -> float:  # type: ignore[override]
        """Of the determined answers, who remembers nothing gets right those where the letter stays the same.

        After the same letter comes the same one n - 1 times, and once another: (n - 1) / n of them, over all n.
        """
        counts = range(self.settings.count[0], self.settings.count[1] + 1)
        same = sum(n - 1 for n in counts)
        return max(same, sum(counts) - same) / sum(counts)

    def baseline(self) -> tuple[float, Words]:
        """Saying always the letter that came just now."""
        rate = f"{100 * self.chance:.0f} %"
        return self.chance, Words(
            f"Who always says the letter that just came is right {rate} of the time, and in no whole string.",
            f"Repeating the last letter gives {rate} of the determined symbols, and accepts no string.",
        )

    @property
    def distances(self) -> tuple[int, int]:
        """The smallest and the largest n."""
        return self.settings.count

    @property
    def probe_names(self) -> tuple[str, ...]:
        """n = 8, or the largest n if that is smaller."""
        n = min(8, self.longest_distance)
        return (BEGIN, *(letter for letter in self.letters for _ in range(n)))

    def draw_distance(self, generator: np.random.Generator, longest: int) -> int:
        """The largest: each string of the batch has a number of its own."""
        return longest

    def draw(self, generator: np.random.Generator, distance: int, batch_size: int) -> Batch:
        """Strings (T, B) with n from the settings' smallest to `distance`, as many of each as the batch allows."""
        fewest = min(self.distances[0], max(distance, 1))
        span = max(distance, 1) - fewest + 1
        counts = fewest + (generator.permutation(batch_size) + generator.integers(span)) % span  # (B,)
        return self._strings(counts)

    def draw_held_out(self, generator: np.random.Generator, distance: int | None, count: int) -> Batch:
        """With `distance` all strings have that n: they are all the same, for the language has but one of them."""
        if distance is None:
            return self.draw(generator, self.longest_distance, count)
        return self._strings(np.full(count, max(distance, 1)))

    def _strings(self, counts: IntArray) -> Batch:
        letters = len(self.letters)
        timesteps = np.arange(1 + letters * int(counts.max()))[:, np.newaxis]  # (T, 1)
        letter = (timesteps - 1) // counts  # (T, B): which one stands there, from 0; -1 is S
        symbols = np.minimum(letter + 1, letters + 1)  # behind the end: T
        asked = (symbols > 1) & (symbols <= letters)
        more = (timesteps - 1) % counts < counts - 1  # of the same letter
        targets = np.where(asked, np.where(more, symbols - 1, np.minimum(symbols, letters)), 0)
        return frozen_batch(symbols, targets, asked, where(symbols <= letters), int(counts.max()))

    def answers_to(self, symbols: IntArray) -> tuple[IntArray, BoolArray]:
        """What comes next in a string S a^n b^n ... T of as many a's as were seen; while a's come, another a.

        Asked from the first b on, as long as the string so far is the beginning of one of the language.
        """
        first, last = 1, len(self.letters)
        expected = np.zeros_like(symbols)
        determined = np.zeros(symbols.shape, dtype=np.bool_)
        counted = np.zeros(symbols.shape[1], dtype=np.int64)  # n
        left = np.zeros_like(counted)  # of the letter in hand
        previous = np.zeros_like(counted)  # the symbol before; S at first
        sound = np.ones(symbols.shape[1], dtype=np.bool_)
        for t, now in enumerate(symbols):
            more = (now == first) & (previous <= first)
            turn = (now == previous + 1) & (now > first) & (now <= last) & (left == 0) & (counted > 0)
            same = (now == previous) & (now > first) & (now <= last) & (left > 0)
            begin = (now == 0) if t == 0 else np.zeros_like(sound)
            sound &= more | turn | same | begin
            counted += more & sound
            left = np.where(turn, counted - 1, np.where(same, left - 1, 0))
            determined[t] = sound & (now > first)
            expected[t] = np.where(determined[t], np.where(left > 0, now - 1, np.minimum(now, last)), 0)
            previous = now
        return expected, determined

    def right(self, batch: Batch, outputs: FloatArray) -> BoolArray:
        """(T, B) true where what is said may come next, there and at all timesteps of the string before.

        After S only a may come; while a's come, a or b.
        """
        symbols = batch.inputs.astype(np.int64, copy=False)
        said = outputs.argmax(axis=-1)  # (T, B)
        legal = np.where(batch.asked, said == batch.targets, (said == 0) | ((said == 1) & (symbols == 1)))
        found: BoolArray = np.logical_and.accumulate(legal, axis=0)
        return found

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """How many a's were seen, and how many of the letter in hand are to come (NaN among a's and behind the end)."""
        symbols = symbols_of(batch)
        counted = np.cumsum(symbols == 1, axis=0)  # (T, B)
        same = np.stack([np.cumsum(symbols == symbol, axis=0) for symbol in range(len(self.symbols))])
        here = np.take_along_axis(same, symbols[np.newaxis], axis=0)[0]  # (T, B) of the letter in hand
        return {
            **super().facts(batch),
            "counted": counted.astype(np.float32),
            "left": np.where(batch.asked, counted - here, np.nan).astype(np.float32),
        }
