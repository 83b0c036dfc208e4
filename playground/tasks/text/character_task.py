"""Reads one character, says the next: a character-wise network learns a text.

A stream: the text is cut into rows and mini-sequences as `tasks/batching.py` cuts any sequence, memory is carried on
from batch to batch. Inputs and targets are symbols (uint8 or uint16 in memory, int64 in a batch), never one-hot.
The last tenth of the text is held out. Signs: T timesteps, B rows, K symbols, N characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.tasks.stream_task import Guess, StreamTask
from playground.tasks.task import (
    Answer,
    Batch,
    Event,
    EventSequence,
    Family,
    FloatArray,
    IntArray,
    TaskSettings,
)
from playground.tasks.task_words import TaskWords
from playground.tasks.text.corpus import WITHOUT_FILE, Corpus, source_corpus
from playground.tasks.text.ngrams import Baselines
from playground.tasks.text.settings import TextSettings
from playground.tasks.text.vocabulary import Vocabulary, counted, shown

WARM_UP = COUNTED = 64
"""Characters of a held-out sequence: those that are read to warm the memory up, and those that count."""

PROBE_LENGTH = 60
MOST_COUNTED = 1_000_000
"""Characters of the training part that are counted where it is only about how frequent each one is."""


@dataclass(frozen=True)
class Written:
    """What has been written, judged: how many lines are copies of training lines, how many are 2 to 12 letters long."""

    lines: int
    copies: float
    usual: float


@dataclass(frozen=True, eq=False)
class TextBatch(Batch):
    """A batch that says where in the text its inputs are: positions (T, B) int64, read-only."""

    positions: IntArray


class CharacterTask(StreamTask):
    """Says the next character of one text. Subclasses name the text; pure once the text is there."""

    settings_type: ClassVar[type[TaskSettings]] = TextSettings
    name = "text"
    title = "Text"
    question = "Which character comes next?"
    family: Family = "text"
    symbolic = True
    things = "characters"
    warm_up, counted, held_out_key = WARM_UP, COUNTED, 1
    source = WITHOUT_FILE
    spoken = TaskWords(
        event="character",
        remembered="what was written before",
        asked_at="for the next character",
        story=Words(
            "The network reads a text one character at a time and says at each which one comes next. Nobody tells it "
            "what a word is.",
            "A character-wise language model: the target at every timestep is the next symbol.",
        ),
    )
    filler_words = Words("other characters", "other characters")
    criterion = Words(
        "An answer is right when the next character has the highest bar.",
        "An answer is right when the next character has the largest logit.",
    )

    def __init__(self, settings: TextSettings | None = None) -> None:
        made: Any = self.settings_type() if settings is None else settings
        self.settings: TextSettings = made
        self.corpus: Corpus = self._read()
        self.vocabulary: Vocabulary = self.corpus.vocabulary
        self.input_size = self.vocabulary.size
        self.events_by_symbol, self.answers = _events_and_answers(self.vocabulary.characters)
        counts = np.bincount(self.corpus.training[:MOST_COUNTED], minlength=self.vocabulary.size)
        ranked = np.argsort(-counts, kind="stable")
        self.rivals = (int(ranked[0]), int(ranked[1]))

    def _read(self) -> Corpus:
        return source_corpus(self.source, self.settings.vocabulary_cap)

    # -- what is shown
    @cached_property
    def chance(self) -> float:  # type: ignore[override]
        """How often the most frequent character of the text is right on the held-out part."""
        return self.corpus.frequent[1]

    @property
    def baselines(self) -> Baselines:
        """What counting reaches on the held-out part, in nats per character. The first call may take a second."""
        return self.corpus.baselines

    def baseline(self) -> tuple[float, Words]:
        """The rate of always saying the most frequent character."""
        character = shown(self.vocabulary.characters[self.corpus.frequent[0]])
        sentence = f"Always saying '{character}', the most frequent character, is right {self.chance:.0%} of the time."
        return self.chance, Words(sentence, sentence)

    @property
    def longest_distance(self) -> int:
        """None: everything that was read may tell."""
        return 0

    def events(self) -> tuple[Event, ...]:
        """Every character of the vocabulary, by code point. An event's name is the character itself."""
        return self.events_by_symbol

    # -- the stream
    @property
    def stream_title(self) -> str:
        """The title of the text."""
        return self.corpus.title

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of this text, a sentence each."""
        return self.corpus.notices

    @property
    def split(self) -> int:
        """The position of the first character that is held out."""
        return self.corpus.split

    @property
    def end(self) -> int:
        """The position after the last held-out character that losses are measured on."""
        return self.corpus.split + len(self.corpus.held_out)

    def inputs_at(self, positions: IntArray) -> IntArray:
        """The symbols at these positions, of any shape."""
        return self.corpus.symbols[positions].astype(np.int64)

    def targets_at(self, positions: IntArray) -> IntArray:
        """The symbols after them, of the same shape."""
        return self.corpus.symbols[positions + 1].astype(np.int64)

    def word_at(self, position: int) -> str:
        """The character, blanks and line ends by a sign."""
        return shown(self.vocabulary.characters[int(self.corpus.symbols[position])])

    def memoryless(self) -> Guess:
        """Knowing only how frequent each character is: the entropy of the frequencies, in nats."""
        counts = counted(self.corpus.training[:MOST_COUNTED])
        shares = counts[counts > 0] / counts.sum()
        return Guess(float(-(shares * np.log(shares)).sum()), "knowing only how frequent each is")

    def placed(self, batch: Batch, positions: IntArray) -> TextBatch:
        """The batch with the positions of its inputs."""
        return _placed(batch, positions)

    def held_out_all(self) -> list[Batch]:
        """The held-out part with every character counted as a target exactly once: for the held-out loss."""
        return self.windows(np.arange(self.split, self.end, COUNTED), WARM_UP, COUNTED)

    # -- single sequences
    def probe_events(self) -> tuple[Event, ...]:
        """The events of `probe`."""
        return self.probe().events

    def probe(self) -> EventSequence:
        """The first sixty characters of the held-out part, from the beginning of a line."""
        first = self._probe_start()
        last = min(first + PROBE_LENGTH, len(self.corpus.symbols) - 1)
        return self._sequence(self.corpus.symbols[first : last + 1].astype(np.int64), follows=True)

    def sequence(self, event_names: Sequence[str]) -> EventSequence:
        """A sequence of these characters; at each the target is the next one. What follows the last is not known: it
        is not asked there. Raises KeyError with a sentence for a character that is not in the vocabulary."""
        if not event_names:
            raise ValueError("A sequence needs at least one character; this one is empty.")
        symbols = []
        for name in event_names:
            index = self.vocabulary.index(name) if len(name) == 1 else None
            if index is None:
                raise KeyError(f"'{shown(name) if len(name) == 1 else name}' is no character of this text.")
            symbols.append(index)
        return self._sequence(np.array([*symbols, symbols[-1]], dtype=np.int64), follows=False)

    def text_sequence(self, text: str) -> EventSequence:
        """A sequence of the characters of a text; those that the vocabulary lacks become the one symbol for all others,
        or are left out. Raises ValueError when nothing is left."""
        return self.sequence(self.vocabulary.decode(self.vocabulary.encode(text)[0]))

    def asking_inputs(self) -> FloatArray:
        """(K,) the most frequent character, as a one-hot vector."""
        vector = np.zeros(self.input_size, np.float32)
        vector[self.corpus.frequent[0]] = 1.0
        vector.setflags(write=False)
        return vector

    def judge_lines(self, text: str) -> Written:
        """How many of the lines written are copies of lines of the training part, and how many have 2 to 12 letters."""
        lines = [line for line in text.split("\n") if line]
        if not lines:
            return Written(0, 0.0, 0.0)
        copies = sum(line in self.corpus.training_lines for line in lines)
        usual = sum(2 <= sum(character.isalpha() for character in line) <= 12 for line in lines)
        return Written(len(lines), copies / len(lines), usual / len(lines))

    def _probe_start(self) -> int:
        held_out = self.corpus.held_out
        newline = self.vocabulary.index("\n")
        if newline is None or self.corpus.lines:
            return self.corpus.split
        ends = np.flatnonzero(held_out[: max(0, len(held_out) - PROBE_LENGTH)] == newline)
        return self.corpus.split + (int(ends[0]) + 1 if len(ends) else 0)

    def _sequence(self, symbols: NDArray[np.int64], *, follows: bool) -> EventSequence:
        asked = np.ones(len(symbols) - 1, dtype=np.bool_)
        asked[-1] = follows
        return EventSequence(
            events=tuple(self.events_by_symbol[symbol] for symbol in symbols[:-1]),
            inputs=symbols[:-1].copy(),  # (T,)
            targets=symbols[1:].copy(),  # (T,)
            asked=asked,
        )


def _placed(batch: Batch, positions: IntArray) -> TextBatch:
    """The same batch with the positions of its inputs."""
    positions.setflags(write=False)
    return TextBatch(
        inputs=batch.inputs,
        targets=batch.targets,
        asked=batch.asked,
        loss_weights=batch.loss_weights,
        distance=batch.distance,
        carried=batch.carried,
        positions=positions,
    )


@lru_cache(maxsize=16)
def _events_and_answers(characters: str) -> tuple[tuple[Event, ...], tuple[Answer, ...]]:
    events = tuple(Event(name=character, title=shown(character)) for character in characters)
    answers = tuple(Answer(index, character, shown(character)) for index, character in enumerate(characters))
    return events, answers
