"""What may be said about a network's memory, decided by counting right answers on held-out sequences.

A sentence such as "the RNN forgot" is a claim about a network; here it is a claim that has been tested. Counts are
compared with what a coin toss, and what a network that is right 95 % of the time, would give by luck (exact binomial
tails). All distances of one network are judged together, so that somebody who only guesses is called anything else at
most once in a hundred measurements (Bonferroni's correction).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

CONFIDENCE = 0.99
"""How sure a verdict is, over all distances of one network together."""
RIGHT_RATE = 0.95
"""The rate of right answers from which on a network counts as right: the criterion of the curriculum and of `train`."""


class Verdict(Enum):
    """What the measurement says about one network."""

    NO_ANSWER = "no_answer"
    """Even with nothing in between it is right less often than a coin: it does not answer the question yet."""
    NEVER_LEARNED = "never_learned"
    """At chance even with nothing in between: it never learned to hold what it saw."""
    LEARNING = "learning"
    """Better than chance with nothing in between, but not right yet."""
    FORGOT = "forgot"
    """Right with nothing in between, and at chance (or below) from some distance on."""
    UNSTEADY = "unsteady"
    """Right with nothing in between; not right at every distance, but not lost either."""
    REMEMBERS = "remembers"
    """Right at every distance that was measured."""


@dataclass(frozen=True)
class MemoryVerdict:
    """A verdict with the numbers it rests on.

    Rates are 0..1. `lost_from`: the distance from which on it is at chance, for FORGOT (and LEARNING, where that is
    so). `worst_distance` is where its rate is lowest (the longest of equals).
    """

    kind: Verdict
    distances: tuple[int, ...]
    rates: tuple[float, ...]
    lost_from: int | None = None

    @property
    def rate_at_first(self) -> float:
        """The rate of right answers at the shortest distance."""
        return self.rates[0]

    @property
    def rate_at_last(self) -> float:
        """The rate of right answers at the longest distance."""
        return self.rates[-1]

    @property
    def worst_distance(self) -> int:
        """The distance with the lowest rate; the longest one of equals."""
        return min(zip(self.rates, (-d for d in self.distances), self.distances, strict=True))[2]

    @property
    def worst_rate(self) -> float:
        """The lowest rate of right answers."""
        return min(self.rates)


def binomial_distribution(asked: int, rate: float) -> list[float]:
    """P(k right of `asked`) for k = 0..asked, when each is right with probability `rate` (0 < rate < 1)."""
    log_right, log_wrong = math.log(rate), math.log1p(-rate)
    return [
        math.exp(
            math.lgamma(asked + 1)
            - math.lgamma(right + 1)
            - math.lgamma(asked - right + 1)
            + right * log_right
            + (asked - right) * log_wrong
        )
        for right in range(asked + 1)
    ]


@lru_cache(maxsize=256)
def binomial_band(asked: int, rate: float, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The smallest and largest count that luck explains: each tail beyond has at most (1 - confidence) / 2.

    Raises ValueError when nothing was asked or rate or confidence do not lie between 0 and 1.
    """
    if asked < 1 or not 0.0 < rate < 1.0 or not 0.0 < confidence < 1.0:
        raise ValueError(
            f"A binomial band needs questions, and rates between 0 and 1, not {asked}, {rate}, {confidence}."
        )
    tail = (1.0 - confidence) / 2
    distribution = binomial_distribution(asked, rate)
    return _first_beyond(distribution, tail), asked - _first_beyond(distribution[::-1], tail)


def _first_beyond(distribution: Sequence[float], tail: float) -> int:
    """The first index up to which the probabilities add up to more than `tail`."""
    total = 0.0
    for index, probability in enumerate(distribution):
        total += probability
        if total > tail:
            return index
    return len(distribution) - 1


def shared_confidence(comparisons: int, confidence: float = CONFIDENCE) -> float:
    """The confidence of each of several comparisons that together have `confidence` (Bonferroni)."""
    return 1.0 - (1.0 - confidence) / comparisons


def memory_verdict(
    distances: Sequence[int], right: Sequence[int], asked: Sequence[int], chance: float = 0.5
) -> MemoryVerdict:
    """Judge one network: `right[i]` of `asked[i]` questions were answered rightly with `distances[i]` in between.

    Distances ascend and begin with the one that counts as "nothing in between". Raises ValueError when the three do
    not belong together.
    """
    if not distances or not len(distances) == len(right) == len(asked):
        raise ValueError("A verdict needs as many counts as distances, and at least one.")
    if list(distances) != sorted(set(distances)):
        raise ValueError("The distances of a verdict ascend.")
    if any(not 0 <= hit <= count for hit, count in zip(right, asked, strict=True)):
        raise ValueError("No network can be right more often than it was asked.")
    confidence = shared_confidence(len(distances))
    chance_bands = [binomial_band(count, chance, confidence) for count in asked]
    above_chance = [hit > high for hit, (_, high) in zip(right, chance_bands, strict=True)]
    is_right = [
        hit >= binomial_band(count, RIGHT_RATE, confidence)[0] and above
        for hit, count, above in zip(right, asked, above_chance, strict=True)
    ]
    lost_from = None
    for distance, above in zip(reversed(distances), reversed(above_chance), strict=True):
        if above:
            break
        lost_from = distance
    rates = tuple(hit / count for hit, count in zip(right, asked, strict=True))

    def said(kind: Verdict, lost: int | None = None) -> MemoryVerdict:
        return MemoryVerdict(kind, tuple(distances), rates, lost)

    if right[0] < chance_bands[0][0]:
        return said(Verdict.NO_ANSWER)
    if not above_chance[0]:
        return said(Verdict.NEVER_LEARNED)
    if not is_right[0]:
        return said(Verdict.LEARNING, lost_from)
    if all(is_right):
        return said(Verdict.REMEMBERS)
    if lost_from is not None:
        return said(Verdict.FORGOT, lost_from)
    return said(Verdict.UNSTEADY)
