"""A long curve in a form that costs the same to draw however many updates it has.

Two things are kept of a growing curve: the least and the greatest value in each of at most `MOST_BINS` bins (the raw
line), and running sums (the smoothed line, at any place, without another pass over the curve).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MOST_BINS = 500
"""Two points a bin: 1,000 points a curve at most."""
WINDOW = 25
"""Updates in the mean of the smoothed line: this one, and twelve to each side."""


def smoothed(values: NDArray[np.floating], window: int = WINDOW) -> FloatArray:
    """(n,): the mean of the `window` values around each value.

    Centred, so that the smoothed line neither lags behind the raw one nor runs ahead of it. At the beginning the window
    is as wide as it can be with as many values to each side; at the end it takes the values that there are. While
    a curve is short the window is narrower, a quarter of the curve, so that a run of ten updates is not flattened.
    """
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])  # (n+1,)
    return mean_around(sums, np.arange(len(values)), window)


def mean_around(sums: FloatArray, places: NDArray[np.int64], window: int = WINDOW) -> FloatArray:
    """The smoothed value at `places`, from the running sums (n+1,) of the values: sums[k] is that of the first k."""
    first, past = windows_around(len(sums) - 1, places, window)
    means: FloatArray = (sums[past] - sums[first]) / (past - first)
    return means


def windows_around(
    length: int, places: NDArray[np.int64], window: int = WINDOW
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which values are in the mean at each of `places` (k,) of a curve of this length: from the first (k,) to one past
    the last (k,)."""
    half = np.minimum(half_window(length, window), places)
    return places - half, np.minimum(places + half + 1, length)


def half_window(length: int, window: int = WINDOW) -> int:
    """How many values to each side are in the mean, for a curve of this length."""
    return min(window // 2, length // 8)


class CurveSummary:
    """One curve, one value an update, that only grows. `extend` costs the same at 100,000 updates as at 100."""

    def __init__(self, most_bins: int = MOST_BINS, window: int = WINDOW) -> None:
        self._most = most_bins
        self._window = window
        self._sums = np.zeros(1024)
        self._least = np.zeros(most_bins)
        self._greatest = np.zeros(most_bins)
        self._bin_size = 1
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def bin_size(self) -> int:
        """Updates in a bin, a power of two. It doubles when the bins are full."""
        return self._bin_size

    @property
    def bins(self) -> int:
        """How many bins have something in them."""
        return -(-self._length // self._bin_size)

    @property
    def settled(self) -> int:
        """The smoothed values before this place will never change again."""
        grows = half_window(self._length, self._window) < self._window // 2
        return 0 if grows else self._length - self._window // 2

    def extend(self, values: NDArray[np.floating]) -> None:
        """Append these values. Where nothing was asked (NaN) the curve stays where it was; as long as nothing was asked
        at all there is no curve, and the values have to be given again with the first that is known."""
        fresh = self._without_gaps(np.asarray(values, np.float64))
        self._extend_sums(fresh)
        while len(fresh):
            if self._length == self._most * self._bin_size:
                self._halve()
            room = self._most * self._bin_size - self._length
            self._fill(fresh[:room])
            fresh = fresh[room:]

    def _without_gaps(self, fresh: FloatArray) -> FloatArray:
        """One NaN in the running sums would be in every mean after it."""
        known = ~np.isnan(fresh)
        if known.all():
            return fresh
        if not known.any() and not self._length:
            return fresh[:0]
        latest = np.maximum.accumulate(np.where(known, np.arange(len(fresh)), -1))
        before = self.value_at(self._length - 1) if self._length else fresh[known][0]
        filled: FloatArray = np.where(latest >= 0, fresh[np.maximum(latest, 0)], before)
        return filled

    def clear(self) -> None:
        """Forget everything: another run begins."""
        self._length, self._bin_size = 0, 1

    def least(self) -> FloatArray:
        """(bins,): the least value in each bin; read-only."""
        return _read_only(self._least[: self.bins])

    def greatest(self) -> FloatArray:
        """(bins,): the greatest value in each bin; read-only."""
        return _read_only(self._greatest[: self.bins])

    def smoothed_at(self, places: NDArray[np.int64]) -> FloatArray:
        """The smoothed value at these places (0 is the first value)."""
        return mean_around(self._sums[: self._length + 1], places, self._window)

    def windows_around(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which values the smoothed ones at these places are means of; the same for all curves of this length."""
        return windows_around(self._length, places, self._window)

    def mean_of(self, first: NDArray[np.int64], past: NDArray[np.int64]) -> FloatArray:
        """(k,) the mean of the values from each `first` to one before `past`."""
        means: FloatArray = (self._sums[past] - self._sums[first]) / (past - first)
        return means

    def value_at(self, place: int) -> float:
        """The value itself at this place."""
        return float(self._sums[place + 1] - self._sums[place])

    def _extend_sums(self, fresh: FloatArray) -> None:
        stop = self._length + len(fresh)
        if stop >= len(self._sums):
            grown = np.zeros(max(2 * len(self._sums), stop + 1))
            grown[: self._length + 1] = self._sums[: self._length + 1]
            self._sums = grown
        self._sums[0] = 0.0
        self._sums[self._length + 1 : stop + 1] = self._sums[self._length] + np.cumsum(fresh)

    def _halve(self) -> None:
        pairs = self._most // 2
        for bounds, pick in ((self._least, np.minimum), (self._greatest, np.maximum)):
            bounds[:pairs] = pick(bounds[0 : 2 * pairs : 2], bounds[1 : 2 * pairs : 2])
        self._bin_size *= 2

    def _fill(self, fresh: FloatArray) -> None:
        size, start = self._bin_size, self._length
        first = start // size
        if start % size:  # the last bin is not full: what is in it counts too
            begun = min(size - start % size, len(fresh))
            self._least[first] = min(self._least[first], fresh[:begun].min())
            self._greatest[first] = max(self._greatest[first], fresh[:begun].max())
            fresh, start, first = fresh[begun:], start + begun, first + 1
        if len(fresh):
            edges = np.arange(0, len(fresh), size)
            self._least[first : first + len(edges)] = np.minimum.reduceat(fresh, edges)
            self._greatest[first : first + len(edges)] = np.maximum.reduceat(fresh, edges)
        self._length = start + len(fresh)


def _read_only(array: FloatArray) -> FloatArray:
    view = array.view()
    view.setflags(write=False)
    return view
