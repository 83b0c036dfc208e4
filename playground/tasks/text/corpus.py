"""A text as a task learns it: symbols, vocabulary, what is held out, and where it came from. Made once, kept.

The texts that come with the program are named by a key; a text of the user's by its file. What was read from a file is
kept for as long as the file stays as it was, and longer when it disappears: a run never loses its text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.reading.files import Cancelled, Progress, ReadingError, never_cancelled, nothing_to_say
from playground.reading.kept import Kept
from playground.reading.text_file import TextFile, codes_of, read_text, text_of
from playground.resources import dataset
from playground.tasks.text import headlines, python_library, quotes_and_brackets
from playground.tasks.text.ngrams import Baselines, baselines
from playground.tasks.text.vocabulary import Vocabulary, counted

HELD_OUT_SHARE = 0.1
"""The last tenth is held out."""

MOST_HELD_OUT = 100_000
"""Symbols of the held-out part that losses are measured on, at most."""

HEADLINES = 20_000
QUOTED_CHARACTERS = 300_000


@dataclass(frozen=True)
class TextSource:
    """A text that comes with the program. `label` says plainly where it is from; `lines`: each line is one thing."""

    key: str
    title: str
    label: str
    make: Callable[[], str]
    lines: bool


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text cut into what is trained on and what is held out.

    symbols (N,) uint8 or uint16, read-only; the first `split` are trained on. lines: each line is one thing (a name).
    """

    title: str
    label: str
    lines: bool
    vocabulary: Vocabulary
    symbols: NDArray[Any]
    split: int
    notices: tuple[str, ...]

    @property
    def training(self) -> NDArray[Any]:
        """The symbols that are trained on, a view."""
        return self.symbols[: self.split]

    @property
    def held_out(self) -> NDArray[Any]:
        """The symbols that losses are measured on, at most 100,000, a view."""
        return self.symbols[self.split : self.split + MOST_HELD_OUT]

    @cached_property
    def baselines(self) -> Baselines:
        """What counting reaches on the held-out part; computed when somebody asks first (up to a second)."""
        return baselines(self.training, self.held_out, self.vocabulary.size)

    @cached_property
    def frequent(self) -> tuple[int, float]:
        """The most frequent symbol of the training part, and how often it is right on the held-out part."""
        symbol = int(counted(self.training).argmax())
        return symbol, float((self.held_out == symbol).mean())

    @cached_property
    def training_lines(self) -> frozenset[str]:
        """All different lines of the training part: to tell what is a copy from what is new."""
        return frozenset(self.text(0, self.split).split("\n"))

    def text(self, first: int, last: int) -> str:
        """The characters from `first` up to before `last`, as the network sees them."""
        return self.vocabulary.decode(self.symbols[first:last])


def _names() -> str:
    """First names, each once, in an order that is always the same and not the alphabet's."""
    both = [dataset(f"names/{which}.txt").read_text(encoding="utf-8").split() for which in ("female", "male")]
    names = np.array(list(dict.fromkeys(both[0] + both[1])))
    order = np.random.Generator(np.random.PCG64(np.random.SeedSequence(0, spawn_key=(20,)))).permutation(
        len(names)
    )
    return "\n".join(names[order]) + "\n"


SOURCES = {
    source.key: source
    for source in (
        TextSource("names", "First names", "8,400 first names (Moby Word II, public domain)", _names, True),
        TextSource(
            "headlines",
            "Headlines",
            headlines.LABEL,
            lambda: "\n".join(headlines.headlines(HEADLINES)) + "\n",
            True,
        ),
        TextSource(
            "quotes-and-brackets",
            "Quotes and brackets",
            quotes_and_brackets.LABEL,
            lambda: quotes_and_brackets.quotes_and_brackets(QUOTED_CHARACTERS),
            False,
        ),
        TextSource(
            "python-source",
            "Python source",
            "source of this Python's own standard library",
            python_library.python_source,
            False,
        ),
        TextSource(
            "python-docs",
            "Python documentation",
            "the reference that this Python's help() shows",
            python_library.python_documentation,
            False,
        ),
    )
}
"""The texts that come with the program, by key."""

WITHOUT_FILE = "python-docs"
"""What is learned while no file is chosen."""

_files: Kept[TextFile] = Kept(2)


@lru_cache(maxsize=8)
def source_corpus(key: str, cap: int) -> Corpus:
    """A text that comes with the program, with at most `cap` symbols. Raises KeyError with a sentence."""
    if key not in SOURCES:
        raise KeyError(f"There is no text called '{key}'; there is {', '.join(SOURCES)}.")
    source = SOURCES[key]
    return make_corpus(source.title, source.label, codes_of(source.make()), cap, lines=source.lines)


def file_corpus(
    path: str, cap: int, progress: Progress = nothing_to_say, cancelled: Cancelled = never_cancelled
) -> Corpus | None:
    """The text in a file of the user's; None once cancelled. Reads it only if it has changed. Raises ReadingError.

    Call it off the window's thread first: what it read is kept, and tasks made afterwards find it there.
    """
    file = _files.read(path, path, lambda: read_text(path, progress, cancelled))
    return None if file is None else _file_corpus(file, cap)


@lru_cache(maxsize=4)
def _file_corpus(file: TextFile, cap: int) -> Corpus:
    short = bool(
        (file.codes == 10).mean() > 1.0 / 60.0
    )  # lines of less than sixty characters: a list of things
    return make_corpus(file.title, "your own text", file.codes, cap, lines=short, notices=file.notices)


def make_corpus(
    title: str,
    label: str,
    codes: NDArray[Any],
    cap: int,
    *,
    lines: bool = False,
    notices: tuple[str, ...] = (),
) -> Corpus:
    """A corpus of a text (N,) code points with at most `cap` symbols. `lines`: the held-out part begins with a line.

    Raises ReadingError with a sentence for a text that is too short or has only one kind of character.
    """
    if len(codes) < LEAST_CHARACTERS:
        length = f"{len(codes)} character{'' if len(codes) == 1 else 's'}"
        raise ReadingError(
            f"'{title}' has {length}: a network needs at least {LEAST_CHARACTERS} to learn from, "
            "and some thousands to learn well."
        )
    vocabulary = Vocabulary.of(codes, cap)
    if vocabulary.size < 2:
        raise ReadingError(
            f"'{title}' has only one kind of character: there is nothing to say next but that."
        )
    split = len(codes) - max(1, int(HELD_OUT_SHARE * len(codes)))
    if lines:
        ends = np.flatnonzero(codes[split - 1 :] == 10)
        if len(ends) and split + ends[0] < len(codes):
            split += int(ends[0])
    if vocabulary.notice is not None:
        notices = (*notices, vocabulary.notice)
    return Corpus(title, label, lines, vocabulary, vocabulary.symbols_of(codes), split, notices)


LEAST_CHARACTERS = 200

__all__ = [
    "SOURCES",
    "Corpus",
    "TextSource",
    "file_corpus",
    "make_corpus",
    "source_corpus",
    "text_of",
]
