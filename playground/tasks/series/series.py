"""One series of numbers as it is forecast: values, times, what is held out, and which naive forecasts it has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words

Values = NDArray[np.float64]
Times = NDArray[np.datetime64]

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Naive:
    """A forecast that anybody can make: the value `lag` timesteps before the one that is forecast."""

    lag: int
    title: str


LAST = "same as now"


@dataclass(frozen=True, eq=False)
class Series:
    """values (N,) float64 in `unit`, read-only; times (N,) datetime64[s] or None; the last `held_out` are held out.

    label says plainly where it is from. decimals: how many are worth showing. probe_length: timesteps of the probe.
    """

    title: str
    label: str
    unit: str
    values: Values
    times: Times | None
    held_out: int
    naive: tuple[Naive, ...]
    notices: tuple[str, ...] = ()
    decimals: int = 0
    probe_length: int = 96

    def __post_init__(self) -> None:
        self.values.setflags(write=False)
        if self.times is not None:
            self.times.setflags(write=False)

    @property
    def length(self) -> int:
        """N, the number of values."""
        return len(self.values)

    @property
    def split(self) -> int:
        """The position (0-based) of the first value that is held out: everything before it is trained on."""
        return self.length - self.held_out

    @property
    def spacing(self) -> int | None:
        """Seconds between two values, the usual ones; None without times."""
        if self.times is None or self.length < 2:
            return None
        return int(np.median(np.diff(self.times.astype(np.int64))))

    def in_words(self, value: float) -> str:
        """A value with its unit: "31,200 MW"."""
        return f"{value:,.{self.decimals}f} {self.unit}".rstrip()

    def time_in_words(self, position: int) -> str:
        """When: "Mon 14:30" within a day, "3 Mar 2012" for days, the number of the row without times."""
        if self.times is None:
            return f"{position + 1:,}"
        when = self.times[position].item()
        spacing = self.spacing or DAY
        if spacing < DAY:
            return f"{when:%a %H:%M}"
        return f"{when.year}" if spacing > 300 * DAY else f"{when.day} {when:%b %Y}"


@dataclass(frozen=True)
class Errors:
    """How far forecasts were off: mean absolute error (in the unit), mean absolute percentage error (per cent; NaN for
    a series that touches zero, of which nothing is a percentage), mean squared error (in the unit squared).

    of_mean: the mean absolute error in per cent of the mean of the true values, where that is above zero; else NaN.
    """

    mae: float
    mape: float
    mse: float
    of_mean: float


def errors_of(forecast: Values, truth: Values) -> Errors:
    """The errors of forecasts (N,) of true values (N,). Raises ValueError for none at all."""
    if len(truth) == 0 or forecast.shape != truth.shape:
        raise ValueError(f"There are {len(forecast)} forecasts of {len(truth)} values.")
    off = forecast - truth
    mae = float(np.abs(off).mean())
    touches_zero = truth.min() <= 0 <= truth.max()
    mean = float(truth.mean())
    return Errors(
        mae=mae,
        mape=float("nan") if touches_zero else float(100.0 * np.abs(off / truth).mean()),
        mse=float((off**2).mean()),
        of_mean=100.0 * mae / mean if mean > 0 else float("nan"),
    )


def naive_forecast(values: Values, lag: int, first: int, last: int) -> Values:
    """(last - first,): what lay `lag` before each of the positions first..last-1 of values (N,).

    Raises ValueError where nothing lies so far back.
    """
    if first < lag:
        raise ValueError(f"There is nothing {lag} timesteps before position {first}.")
    return values[first - lag : last - lag]


def naive_errors(series: Series, most: int | None = None) -> tuple[tuple[Naive, Errors], ...]:
    """Each naive forecast of the held-out part (its first `most` values), those that reach back far enough."""
    last = series.length if most is None else min(series.length, series.split + most)
    truth = series.values[series.split : last]
    return tuple(
        (naive, errors_of(naive_forecast(series.values, naive.lag, series.split, last), truth))
        for naive in series.naive
        if naive.lag <= series.split
    )


def autocorrelation(values: Values, lag: int) -> float:
    """Correlation (-1..1) of a series (N,) with itself `lag` timesteps earlier, both about the mean of the whole."""
    off = values - values.mean()
    return float((off[lag:] * off[:-lag]).sum() / (off**2).sum())


def naive_for(spacing: int | None) -> tuple[Naive, ...]:
    """The naive forecasts that make sense for values so many seconds apart."""
    forecasts = [Naive(1, LAST)]
    if spacing is None or spacing <= 0:
        return tuple(forecasts)
    if spacing < DAY and DAY % spacing == 0:
        forecasts += [
            Naive(DAY // spacing, "same time yesterday"),
            Naive(7 * DAY // spacing, "same time last week"),
        ]
    elif spacing == DAY:
        forecasts.append(Naive(7, "same weekday last week"))
    elif 27 * DAY < spacing < 32 * DAY:
        forecasts.append(Naive(12, "same month last year"))
    return tuple(forecasts)


@dataclass(frozen=True)
class Scaling:
    """Values as the network sees them: (value - mean) / deviation, both of the training part alone."""

    mean: float
    deviation: float

    @staticmethod
    def of(training: Values) -> Scaling:
        """The scaling that gives these values mean 0 and standard deviation 1. A constant keeps its size."""
        deviation = float(training.std())
        return Scaling(float(training.mean()), deviation if deviation > 0 else 1.0)

    def scaled(self, values: Values) -> Values:
        """Values of any shape as the network sees them."""
        return (values - self.mean) / self.deviation

    def unscaled(self, scaled: Values) -> Values:
        """What the network says, of any shape, in the unit of the series."""
        return scaled * self.deviation + self.mean


SHARES_WORDS = Words(
    "Yesterday's change says nothing about tomorrow's: nobody does better than 'tomorrow = today' here, and neither "
    "will these networks. That is what the page shows.",
    "Daily log returns have next to no autocorrelation: the naive forecast 'tomorrow = today' is not beaten. "
    "That is what the page shows.",
)
"""What has to be said wherever share prices are forecast."""
