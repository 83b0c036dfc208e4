"""What is said about a value, found once for everything on the Step page that says it: diagram, formula, caption."""

from __future__ import annotations

from functools import lru_cache

from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import sentences


@lru_cache(maxsize=4)
def told(trace: SequenceTrace, quantity: str, unit: int, timestep: int, vocabulary: str) -> tuple[str, str]:
    """The two sentences about a value of a unit at a timestep (both 0-based): `cell_words.sentences`, remembered for
    the last few values. A trace is never changed, and is told apart from another by being another object."""
    return sentences(trace, quantity, unit, timestep, vocabulary)
