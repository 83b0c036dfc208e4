"""The one time axis: where each timestep stands, for the strip, heat maps, lines and bars under each other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FOLD_WIDTH_IN_COLUMNS = 4.0
"""A folded run of timesteps takes the room of so many ordinary columns."""


@dataclass(frozen=True)
class TimeAxis:
    """`length` timesteps between the pixels `left` and `right`; those from first to last of `folded` are squeezed.

    Every timestep keeps a column of its own, also within the fold: nothing is left out, it is only narrower there.
    """

    length: int
    left: float
    right: float
    folded: tuple[int, int] | None = None

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """(T+1,) the left edge of every column, and the right edge of the last, in pixels."""
        weights = np.ones(max(self.length, 1))
        if self.folded is not None:
            first, last = self.folded
            weights[first : last + 1] = FOLD_WIDTH_IN_COLUMNS / (last - first + 1)
        edges = np.concatenate([[0.0], np.cumsum(weights)])
        scaled: NDArray[np.float64] = self.left + edges * (self.right - self.left) / edges[-1]
        return scaled

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """(T,) the middle of every column, in pixels."""
        middle: NDArray[np.float64] = 0.5 * (self.edges[:-1] + self.edges[1:])
        return middle

    @property
    def column_width(self) -> float:
        """The width of an ordinary column in pixels."""
        return (
            float(self.edges[1] - self.edges[0])
            if self.folded is None or self.folded[0] > 0
            else float(self.edges[-1] - self.edges[-2])
        )

    def timestep_at(self, x: float) -> int | None:
        """The timestep whose column contains `x`; None left or right of the axis."""
        if not self.left <= x < self.right:
            return None
        return int(np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, self.length - 1))

    def segments(self) -> tuple[tuple[int, int, float, float], ...]:
        """Runs of columns of equal width: (first timestep, one past the last, left pixel, right pixel)."""
        return self._segments

    @cached_property
    def _segments(self) -> tuple[tuple[int, int, float, float], ...]:
        if self.folded is None:
            bounds = [0, self.length]
        else:
            bounds = sorted({0, self.folded[0], self.folded[1] + 1, self.length})
        return tuple(
            (start, stop, float(self.edges[start]), float(self.edges[stop]))
            for start, stop in itertools.pairwise(bounds)
        )


@dataclass(frozen=True)
class LensAxis(TimeAxis):
    """Columns of one width around one timestep that stays where it is, so that what is long can be read there.

    The others stand outside of `left`..`right`, and nothing is to be painted of them. `at`: the timestep that stays,
    with its middle at `x`, and is `widest` pixels wide; `pitch`: the width of all other columns.
    """

    at: int = 0
    x: float = 0.0
    pitch: float = 1.0
    widest: float = 1.0

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """(T+1,) the left edge of every column, and the right edge of the last, in pixels."""
        columns = np.arange(self.length + 1) - self.at - 0.5
        aside = 0.5 * (self.widest - self.pitch)
        edges: NDArray[np.float64] = self.x + columns * self.pitch + aside * np.sign(columns)
        return edges

    @property
    def column_width(self) -> float:
        """The width of all columns but the one in the middle."""
        return self.pitch

    @property
    def seen(self) -> tuple[int, int]:
        """The first timestep that has its middle within the axis, and one past the last."""
        inside = np.flatnonzero((self.centres >= self.left) & (self.centres <= self.right))
        return (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (self.at, self.at + 1)


def lens_of(axis: TimeAxis, timestep: int, pitch: float, widest: float) -> LensAxis:
    """The same timesteps in columns of this width, with this one, which is wider, where it is."""
    at = min(timestep, axis.length - 1)
    return LensAxis(
        axis.length, axis.left, axis.right, None, at=at, x=float(axis.centres[at]), pitch=pitch, widest=widest
    )


def fold_of(fillers: list[bool], most: int = 16) -> tuple[int, int] | None:
    """Which run of filler events to squeeze when there are more than `most` events: the longest one, without its first
    and last two, so that one sees what is folded. None when nothing needs folding."""
    if len(fillers) <= most:
        return None
    best: tuple[int, int] | None = None
    start = None
    for position, filler in enumerate([*fillers, False]):
        if filler and start is None:
            start = position
        if not filler and start is not None:
            if best is None or position - start > best[1] - best[0] + 1:
                best = (start, position - 1)
            start = None
    if best is None or best[1] - best[0] < 8:
        return None
    return best[0] + 2, best[1] - 2
