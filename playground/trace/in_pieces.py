"""Work that is done in pieces, so that whoever does it can train or answer others in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

A = TypeVar("A")


def drained(pieces: Generator[None, None, A]) -> A:
    """What the work returns, done without a rest."""
    while True:
        try:
            next(pieces)
        except StopIteration as ended:
            found: A = ended.value
            return found
