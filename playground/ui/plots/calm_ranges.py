"""Ranges of axes that move seldom and in steps, and the places of their ticks."""

from __future__ import annotations

import math

CALM_STEPS = (
    1.0,
    1.12,
    1.25,
    1.4,
    1.6,
    1.8,
    2.0,
    2.25,
    2.5,
    2.8,
    3.2,
    3.6,
    4.0,
    4.5,
    5.0,
    5.6,
    6.3,
    7.1,
    8.0,
    9.0,
)
"""The mantissas an axis may end at: each about an eighth more than the one before."""


def calm_end(reached: float, least: float = 20.0) -> float:
    """Where an axis that must contain `reached` ends: the next of the `CALM_STEPS`; at most an eighth is empty."""
    if reached <= least:
        return least
    decade = 10.0 ** math.floor(math.log10(reached))
    for mantissa in CALM_STEPS:
        if reached <= mantissa * decade * (1 + 1e-9):
            return round(mantissa * decade, 6)
    return 10.0 * decade


def tick_distance(length: float, most: int) -> int:
    """The distance of ticks on an axis of whole numbers 0..length with at most `most` of them after the first."""
    rough = max(length / max(most, 1), 1.0)
    decade = 10 ** math.floor(math.log10(rough))
    return int(
        next(gap for gap in (decade, 2 * decade, 5 * decade, 10 * decade) if gap >= rough * (1 - 1e-9))
    )


def round_values(low: float, high: float, most: int) -> tuple[list[float], int]:
    """Values in low..high to be written beside an axis, and how many decimals they need.

    At most `most` of them, at a distance of 1, 2 or 5 times a power of ten. Needs low < high, most >= 2.
    """
    rough = (high - low) / most
    power = math.floor(math.log10(rough))
    gap = next(mantissa * 10.0**power for mantissa in (1, 2, 5, 10) if mantissa * 10.0**power >= rough)
    first = math.ceil(low / gap - 1e-9)
    values = [number * gap for number in range(first, math.floor(high / gap + 1e-9) + 1)][:most]
    return values, max(0, -math.floor(math.log10(gap) + 1e-9))


def decades(low: float, high: float) -> list[float]:
    """The powers of ten in low..high."""
    return [
        10.0**power
        for power in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    ]
