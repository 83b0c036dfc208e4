"""What a measurement gives: a number, the number to reach, and whether it was reached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

Value = float | str | None
"""A number, a fact in words, or None for what could not be measured."""


@dataclass(frozen=True)
class Target:
    """The numbers that are good enough: those within all the limits that are given."""

    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None

    def met_by(self, value: Value) -> bool:
        """Whether this is a number within the limits. NaN, words and None are not."""
        if not isinstance(value, float | int) or math.isnan(value):
            return False
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
        )

    def __str__(self) -> str:
        if self.at_least is not None and self.at_least == self.at_most:
            return f"{self.at_least:g}"
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least:g} to {self.at_most:g}"
        limits = ((">=", self.at_least), ("<=", self.at_most), ("<", self.below))
        return ", ".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)


@dataclass(frozen=True)
class Record:
    """One line of the table. `measurement` begins with the name it is asked by: "frame: fresh frames a second"."""

    measurement: str
    value: Value
    unit: str = ""
    target: Target | None = None

    rows_alone: ClassVar[bool] = False
    """Whether the JSON of a measurement with such records holds nothing else: rows of one form, for scripts."""

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None for what has no target."""
        return None if self.target is None else self.target.met_by(self.value)

    def as_json(self) -> dict[str, Any]:
        """The record with plain values. JSON has no NaN: it becomes null."""
        value = self.value
        if isinstance(value, float):
            value = float(f"{value:.4g}") if math.isfinite(value) else None
        target = None if self.target is None else str(self.target)
        return {
            "measurement": self.measurement,
            "value": value,
            "unit": self.unit,
            "target": target,
            "met": self.met,
        }


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of these values that at least `percent` per cent of them do not exceed; NaN of none.

    The nearest-rank definition: always a value that was really measured, never one in between.
    """
    if not values:
        return math.nan
    rank = math.ceil(percent / 100.0 * len(values))
    return float(sorted(values)[max(rank, 1) - 1])
