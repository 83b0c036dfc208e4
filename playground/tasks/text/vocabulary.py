"""Characters as symbols: small whole numbers 0..K-1, in an array of one or two bytes each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

OTHER = "\ufffd"
"""Stands for every character that is not in the vocabulary."""

SHOWN = {"\n": "↵", "\t": "⇥", " ": "␣", OTHER: "□", "\u00a0": "⍽"}
"""Characters that cannot be seen, as they are shown."""

NAMES = {"\n": "line end", "\t": "tab", " ": "space", OTHER: "any other character", "\u00a0": "fixed space"}

PART = 1 << 20
"""Characters that are looked at together, so that a large text needs little beside itself."""

_CODES = 0x110000


@dataclass(frozen=True)
class Vocabulary:
    """The K characters that a text is made of, by code point; with a cap the last one is OTHER.

    replaced: the share (0..1) of the text that became OTHER. kinds: different characters of the text.
    """

    characters: str
    replaced: float = 0.0
    kinds: int = 0

    @staticmethod
    def of(codes: NDArray[Any], most: int) -> Vocabulary:
        """The vocabulary of a text (N,) code points: all its characters, or the `most` - 1 most frequent and OTHER."""
        counts = counted(codes)
        present = np.flatnonzero(counts)
        if len(present) <= most:
            return Vocabulary("".join(map(chr, present)), 0.0, len(present))
        # equally frequent ones in the order of their code points: the same text gives the same vocabulary
        ranked = present[np.lexsort((present, -counts[present]))]
        kept = np.sort(ranked[: most - 1])
        kept = kept[kept != ord(OTHER)]
        replaced = 1.0 - counts[kept].sum() / counts.sum()
        return Vocabulary("".join(map(chr, kept)) + OTHER, float(replaced), len(present))

    @property
    def size(self) -> int:
        """K, the number of symbols."""
        return len(self.characters)

    @property
    def capped(self) -> bool:
        """Whether some characters share one symbol."""
        return self.characters.endswith(OTHER)

    @property
    def notice(self) -> str | None:
        """What the cap did to the text, as a sentence; None where it did nothing."""
        if not self.capped:
            return None
        return (
            f"The text has {self.kinds:,} different characters. The {self.size - 1:,} most frequent are learned; all "
            f"others ({self.replaced:.2%} of the text) are one symbol, shown as {SHOWN[OTHER]}."
        )

    @cached_property
    def _table(self) -> NDArray[np.uint16]:
        """The symbol of every code point; `size` for those that have none."""
        rest = self.size - 1 if self.capped else self.size
        table = np.full(_CODES, rest, np.uint16)
        table[[ord(character) for character in self.characters]] = np.arange(self.size)
        return table

    def symbols_of(self, codes: NDArray[Any]) -> NDArray[Any]:
        """(N,) uint8 or uint16: the symbols of a text of which this is the vocabulary. Raises ValueError otherwise."""
        kind = np.uint8 if self.size <= 256 else np.uint16
        table = self._table[: int(codes.max(initial=0)) + 1].astype(kind, copy=True)
        if not self.capped and (self._table[codes[:1000]] >= self.size).any():
            raise ValueError("This text has characters that are not in the vocabulary.")
        symbols = np.empty(len(codes), kind)
        for first in range(0, len(codes), PART):
            symbols[first : first + PART] = table[codes[first : first + PART]]
        symbols.setflags(write=False)
        return symbols

    def encode(self, text: str) -> tuple[NDArray[np.int64], str]:
        """The symbols of a prompt, and the characters in it that have none of their own, each once.

        Those become OTHER where there is a cap; else they are left out.
        """
        codes = np.array([ord(character) for character in text], dtype=np.int64)
        own = np.array([character in self._own for character in text], dtype=np.bool_)
        strange = "".join(dict.fromkeys(character for character in text if character not in self._own))
        symbols = self._table[codes].astype(np.int64)
        return (symbols if self.capped else symbols[own]), strange

    def decode(self, symbols: Any) -> str:
        """The text of these symbols (N,)."""
        return "".join(self.characters[int(symbol)] for symbol in symbols)

    def index(self, character: str) -> int | None:
        """The symbol of a character; None when it has none."""
        found = self.characters.find(character)
        return found if found >= 0 else None

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(self.characters) - {OTHER} if self.capped else frozenset(self.characters)


def counted(codes: NDArray[Any]) -> NDArray[np.int64]:
    """(C,) how often each whole number from 0 to the largest of these (N,) occurs; (1,) zero for none.

    A part after the other: numpy makes eight bytes of each number that it counts.
    """
    counts = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
    for first in range(0, len(codes), PART):
        counts += np.bincount(codes[first : first + PART], minlength=len(counts))
    return counts


def shown(character: str) -> str:
    """A character as it is shown in one cell: blanks and line ends by a sign."""
    return SHOWN.get(character, character if character.isprintable() else "·")


def named(character: str) -> str:
    """A character in words: what a screen reader says."""
    return NAMES.get(character, character if character.isprintable() else f"character {ord(character):#06x}")
