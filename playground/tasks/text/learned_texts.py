"""The texts that are learned, one class each: where the text comes from, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

import numpy as np

from playground.contract.cell_description import Words
from playground.reading.files import ReadingError
from playground.tasks.recipe import Recipe
from playground.tasks.task import Batch, FloatArray, TaskSettings
from playground.tasks.text import quotes_and_brackets
from playground.tasks.text.character_task import CharacterTask, TextBatch
from playground.tasks.text.corpus import WITHOUT_FILE, Corpus, file_corpus, source_corpus
from playground.tasks.text.settings import NameSettings, TextFileSettings


def _recipe(
    units: int,
    updates: int,
    measured: str = "",
    *,
    forget_gate_bias: float = 1.0,
    learning_rate: float = 0.01,
) -> Recipe:
    """What all texts have in common: a forget gate that begins open, a learning rate that falls like a cosine."""
    every = {
        "units": units,
        "initialisation": "forget_bias",
        "forget_gate_bias": forget_gate_bias,
        "learning_rate": learning_rate,
        "schedule": "cosine",
        "schedule_updates": updates,
    }
    networks = {"rnn": {"initialisation": "torch", "learning_rate": 0.003}, "lstm": {}}
    return Recipe(every, networks, {}, updates, measured)


class Names(CharacterTask):
    """First names, one after the other."""

    settings_type: ClassVar[type[TaskSettings]] = NameSettings
    name = "names"
    title = "First names"
    source = "names"
    recipe = _recipe(
        64, 1200, "The LSTM is below the 3-gram model (2.11 nats) from 5 of 5 seeds: 2.05 at most."
    )


class Headlines(CharacterTask):
    """Headlines that a grammar of this program wrote."""

    name = "headlines"
    title = "Headlines"
    source = "headlines"
    recipe = _recipe(
        64, 800, "The LSTM is below the 3-gram model (1.41 nats) from 5 of 5 seeds: 0.86 at most."
    )


class QuotesAndBrackets(CharacterTask):
    """Text with quotes, nested brackets and lines of a fixed width, and the facts about every character."""

    name = "quotes-and-brackets"
    title = "Quotes and brackets"
    source = "quotes-and-brackets"
    recipe = _recipe(
        96,
        700,
        "From 5 of 5 seeds one unit of the LSTM goes with 'inside quotes' (correlation 0.91 to 0.97).",
        forget_gate_bias=2.0,
        learning_rate=0.02,
    )

    fact_words: Mapping[str, Words] = {
        quotes_and_brackets.INSIDE_QUOTES: Words("inside quotes", "inside quotes"),
        quotes_and_brackets.BRACKET_DEPTH: Words("open brackets", "bracket depth"),
        quotes_and_brackets.COLUMN: Words("place in the line", "column"),
    }

    def facts(self, batch: Batch) -> Mapping[str, FloatArray]:
        """Inside quotes (0 or 1), open brackets, characters of this line so far, each (T, B), itself read.

        Of a batch that does not say where in the text it is: as if each row began with a line, outside all quotes.
        """
        if isinstance(batch, TextBatch):
            return {name: known[batch.positions] for name, known in self._known.items()}
        rows = [quotes_and_brackets.facts(self.vocabulary.decode(row)) for row in batch.inputs.T]
        return {name: np.stack([row[name] for row in rows], axis=1) for name in self.fact_words}

    @cached_property
    def _known(self) -> Mapping[str, FloatArray]:
        """The facts (N,) of the whole text."""
        return quotes_and_brackets.facts(self.corpus.text(0, len(self.corpus.symbols)))

    def _probe_start(self) -> int:
        """The first line of the held-out part that begins outside quotes and brackets, so that facts are right."""
        at_zero = [known[self.corpus.split :] == 0 for known in self._known.values()]
        begins = np.flatnonzero(np.logical_and.reduce(at_zero))
        return int(begins[0]) + self.corpus.split + 1


class PythonSource(CharacterTask):
    """Source of this Python's standard library."""

    name = "python-source"
    title = "Python source"
    source = "python-source"
    recipe = _recipe(
        128,
        1000,
        "The LSTM is below the 3-gram model (1.96 nats) from 5 of 5 seeds: 1.74 at most (source of Python 3.11).",
    )


class PythonDocumentation(CharacterTask):
    """The reference that this Python's `help()` shows."""

    name = "python-docs"
    title = "Python documentation"
    source = "python-docs"
    recipe = _recipe(
        128,
        1000,
        "The LSTM is below the 3-gram model (1.72 nats) from 5 of 5 seeds: 1.44 at most (those of Python 3.11).",
    )


class TextFileTask(CharacterTask):
    """A text of the user's own."""

    settings_type: ClassVar[type[TaskSettings]] = TextFileSettings
    name = "text"
    title = "Your own text"
    recipe = _recipe(
        96,
        1500,
        "With 200,000 characters of Python's documentation as the file, the LSTM is below the 3-gram model (1.92 nats) "
        "from 5 of 5 seeds: 1.67 at most. Other texts learn sooner or later.",
    )

    def _read(self) -> Corpus:
        file = getattr(self.settings, "file", "")
        if not file:
            return source_corpus(WITHOUT_FILE, self.settings.vocabulary_cap)
        found = file_corpus(file, self.settings.vocabulary_cap)
        if found is None:
            raise ReadingError(f"'{file}' was not read to its end.")
        return found
