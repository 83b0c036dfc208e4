"""Value axes of small plots, and labels beside lines that do not cover each other. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ValueScale:
    """A fixed value axis from `low` to `high` (low > 0 where it is logarithmic), with its few ticks."""

    low: float
    high: float
    logarithmic: bool = False
    ticks: tuple[tuple[float, str], ...] = ()

    def fraction(self, value: float) -> float:
        """Where a value stands between the ends, 0..1; what lies beyond an end stands at it. NaN stays NaN."""
        if math.isnan(value):
            return math.nan
        if self.logarithmic:
            if value <= self.low:
                return 0.0
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share))

    def beyond(self, value: float) -> int:
        """-1, 0 or 1: whether a value lies below, on, or above the axis (with a little tolerance at the ends)."""
        if math.isnan(value):
            return 0
        tolerance = 1e-6 * (self.high - self.low)
        below = value < self.low if self.logarithmic else value < self.low - tolerance
        return -1 if below else 1 if value > self.high + tolerance else 0


SHARES = ValueScale(0.0, 1.0, ticks=((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")))
"""What is left of something, linear."""

SMALL_SHARES = ValueScale(1e-8, 1.0, logarithmic=True, ticks=((1e-8, "10⁻⁸"), (1e-4, "10⁻⁴"), (1.0, "1")))
"""The same over eight powers of ten: below this float32 has lost it anyway."""


def answer_scale(first: str, second: str) -> ValueScale:
    """The axis of P(first) / (P(first) + P(second)): named after the answers at its ends."""
    return ValueScale(0.0, 1.0, ticks=((0.0, second), (0.5, "coin toss"), (1.0, first)))


def spread_labels(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Where the middles of labels of `height` go so that none covers another, each as near as can be to `wanted`.

    The order from top to bottom is kept (of equals: as given). All stay between `top` and `bottom`; when there is not
    enough room they are set closer together, evenly.
    """
    if not wanted:
        return []
    room = bottom - top
    stride = min(height, (room - height) / (len(wanted) - 1)) if len(wanted) > 1 else height
    stride = max(stride, 0.0)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    # Groups of labels that touch move together to the mean of what their members want (pool adjacent violators).
    groups: list[list[float]] = []  # [sum of wanted minus offsets, members]
    for position, index in enumerate(order):
        groups.append([wanted[index] - position * stride, 1.0])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] >= groups[-1][0] / groups[-1][1]:
            total, members = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += members
    lowest, highest = top + height / 2, bottom - height / 2 - (len(wanted) - 1) * stride
    placed = [0.0] * len(wanted)
    position = 0
    for total, members in groups:
        start = min(max(total / members, lowest), max(highest, lowest))
        for _ in range(int(members)):
            placed[order[position]] = start + position * stride
            position += 1
    return placed
