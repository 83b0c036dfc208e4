"""How long memories last, over many seeds: a line for the middle, a band for the spread. Plain numbers, no networks."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.contract.seed_fan import FanTraining

SHARES_OF_LONGEST = (0.0, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0, 1.5)
"""Where a horizon is asked, in shares of the longest distance of training: beyond it, too."""


@dataclass(frozen=True)
class HorizonPoint:
    """One network at one distance: rates of right answers (0..1) of its seeds, each with the training it is of."""

    distance: int
    rates: tuple[float, ...]
    trainings: tuple[FanTraining, ...]

    @property
    def median(self) -> float:
        """The middle one; the mean of the two middle ones of an even number."""
        return float(np.median(self.rates))

    @property
    def quartiles(self) -> tuple[float, float]:
        """A quarter of the seeds lie below the first, a quarter above the second; between two seeds on a line."""
        lower, upper = np.quantile(self.rates, (0.25, 0.75))
        return float(lower), float(upper)

    @property
    def low(self) -> float:
        """The lowest."""
        return min(self.rates)

    @property
    def high(self) -> float:
        """The highest."""
        return max(self.rates)


def horizon_points(trainings: Iterable[FanTraining]) -> Mapping[str, tuple[HorizonPoint, ...]]:
    """By network: a point for each distance with an answer, ascending; seeds in order. Failures are left out."""
    found: dict[str, dict[int, list[tuple[int, float, FanTraining]]]] = {}
    for training in trainings:
        for distance, right, asked in zip(training.distances, training.right, training.asked, strict=True):
            if asked > 0:
                place = found.setdefault(training.network, {}).setdefault(distance, [])
                place.append((training.seed, right / asked, training))
    return {
        network: tuple(
            HorizonPoint(distance, tuple(rate for _, rate, _ in seeds), tuple(each for _, _, each in seeds))
            for distance, seeds in (
                (distance, sorted(entries, key=lambda entry: entry[0]))
                for distance, entries in sorted(by_distance.items())
            )
        )
        for network, by_distance in found.items()
    }


def horizon_distances(longest: int, allowed: int | None = None) -> tuple[int, ...]:
    """Up to eight distances from none to half as long again as `longest`, ascending; none above `allowed`."""
    wanted = {round(share * longest) for share in SHARES_OF_LONGEST}
    return tuple(sorted(each for each in wanted if allowed is None or each <= allowed))


def fingerprint(head_weights: NDArray[np.float32], head_bias: NDArray[np.float32]) -> int:
    """A number that two networks share when their heads have the same bits: practically only the same network does."""
    parts: Sequence[NDArray[np.float32]] = (head_weights, head_bias)
    found = 0
    for part in parts:
        found = zlib.crc32(np.ascontiguousarray(part, np.float32).tobytes(), found)
    return found
