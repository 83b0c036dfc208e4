"""Text with something to keep track of: quotes that open and close, brackets inside brackets, lines of a fixed width.

After Karpathy, Johnson and Li (2015), "Visualizing and understanding recurrent networks", who found single units that
keep exactly this. What is quoted is written in capitals, of the same words as all else: whoever writes on must know at
every letter whether a quote is open. Every character has facts that are known for certain, so that units which keep
them can be looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LABEL = "generated: words, quotes and brackets in lines of a fixed width"

WIDTH = 40
"""Characters of a line before its newline; a word that does not fit goes on in the next line."""

DEEPEST = 3

INSIDE_QUOTES, BRACKET_DEPTH, COLUMN = "inside quotes", "bracket depth", "column"
FACTS = (INSIDE_QUOTES, BRACKET_DEPTH, COLUMN)

_PLAIN = "the sea was calm and we saw no ship for days but a light in the west".split()


@dataclass
class _Writer:
    """Writes characters and breaks the line after WIDTH of them, wherever that is."""

    characters: list[str]
    column: int = 0

    def put(self, text: str) -> None:
        for character in text:
            self.characters.append(character)
            self.column += 1
            if self.column == WIDTH:
                self.characters.append("\n")
                self.column = 0


def quotes_and_brackets(length: int, seed: int = 0) -> str:
    """A text of exactly `length` characters; the same for the same seed. It may end inside a quote."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(22,))))
    writer = _Writer([])
    while len(writer.characters) < length:
        kind = generator.random()
        if kind < 0.3:
            writer.put('"' + _words(generator, _PLAIN, 12, 30).upper() + '" ')
        elif kind < 0.62:
            _bracket(writer, generator, 1)
            writer.put(" ")
        else:
            writer.put(_words(generator, _PLAIN, 2, 8) + ". ")
    return "".join(writer.characters[:length])


def facts(text: str) -> Mapping[str, NDArray[np.float32]]:
    """What is known at each character (N,), the character itself read: inside quotes (0 or 1), how many brackets are
    open (0..3), characters of this line so far."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    opened = np.cumsum(codes == ord("(")) - np.cumsum(codes == ord(")"))
    quotes = np.cumsum(codes == ord('"'))
    places = np.arange(len(codes))
    line_start = np.maximum.accumulate(np.where(codes == ord("\n"), places, -1))
    return {
        INSIDE_QUOTES: (quotes % 2).astype(np.float32),
        BRACKET_DEPTH: opened.astype(np.float32),
        COLUMN: (places - line_start).astype(np.float32),
    }


def _words(generator: np.random.Generator, among: list[str], fewest: int, most: int) -> str:
    count = generator.integers(fewest, most, endpoint=True)
    return " ".join(among[index] for index in generator.integers(len(among), size=count))


def _bracket(writer: _Writer, generator: np.random.Generator, depth: int) -> None:
    writer.put("(" + _words(generator, _PLAIN, 1, 3))
    if depth < DEEPEST and generator.random() < 0.5:
        writer.put(" ")
        _bracket(writer, generator, depth + 1)
        if generator.random() < 0.5:
            writer.put(" " + _words(generator, _PLAIN, 1, 2))
    writer.put(")")
