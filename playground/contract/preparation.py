"""What is prepared beside training, once for a machine: how far it is, in a number and a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preparation:
    """`sentence` says what is prepared, or what became of it; `fraction` (0..1) how much is done.

    `under_way` False: it is over, well or not.
    """

    sentence: str
    fraction: float
    under_way: bool = True
