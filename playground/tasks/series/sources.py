"""The series that come with the program, and the user's own. Read once and kept."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from playground.reading.files import Cancelled, Progress, ReadingError, never_cancelled, nothing_to_say
from playground.reading.kept import Kept
from playground.reading.number_column import NumberColumn, read_numbers
from playground.reading.table_file import INTERPOLATE, Said, preview
from playground.reading.table_guesses import DATE, NUMBER
from playground.resources import dataset
from playground.tasks.series.series import LAST, Naive, Series, Times, Values, naive_for

TICKERS = {"aapl": "Apple", "ibm": "IBM", "msft": "Microsoft", "goog": "Google"}
WEATHER = {
    "temp_max": ("highest temperature", "°C"),
    "temp_min": ("lowest temperature", "°C"),
    "wind": ("wind", "m/s"),
    "precipitation": ("precipitation", "mm"),
}

OWN_HELD_OUT = 0.2
"""The last fifth of a series of the user's is held out."""

LEAST_VALUES = 30

NO_TIMES = "(none)"
"""Stands for the column of times where rows are only counted."""

SINE_PERIODS = (20.0, 33.0)
SINE_LENGTH = 4000


@lru_cache(maxsize=1)
def england_wales() -> Series:
    """Half-hourly demand of England and Wales, summer 2000; the last two weeks are held out."""
    times, values = _columns("energy_england_wales/demand.csv", "demand_mw")
    return Series(
        "Electricity, England and Wales",
        "half-hourly demand, June to August 2000 (National Grid; J. W. Taylor)",
        "MW",
        values,
        times,
        2 * 336,
        (Naive(1, LAST), Naive(48, "same time yesterday"), Naive(336, "same time last week")),
    )


@lru_cache(maxsize=1)
def portugal() -> Series:
    """Hourly consumption of 321 Portuguese clients, 2012 to 2014; the last year is held out."""
    times, values = _columns("energy_portugal/demand.csv", "demand_kw")
    return Series(
        "Electricity, Portugal",
        "hourly consumption, mean of 321 clients, 2012 to 2014 (A. Trindade; CC BY 4.0)",
        "kW",
        values,
        times,
        365 * 24,
        (Naive(1, LAST), Naive(24, "same time yesterday"), Naive(168, "same time last week")),
    )


@lru_cache(maxsize=8)
def shares(ticker: str) -> Series:
    """Daily prices of a share, adjusted for splits and dividends; the last 252 trading days are held out."""
    if ticker not in TICKERS:
        raise KeyError(f"There is no share called '{ticker}'; there is {', '.join(TICKERS)}.")
    times, values = _columns(f"stocks/{ticker}.csv", "adj_close")
    return Series(
        f"{TICKERS[ticker]} shares",
        "daily adjusted close, 2000 to 2013 (Quandl WIKI; public domain)",
        "$",
        values,
        times,
        252,
        (Naive(1, "tomorrow = today"), Naive(5, "same as a week ago")),
        decimals=2,
        probe_length=90,
    )


@lru_cache(maxsize=4)
def seattle(column: str) -> Series:
    """Daily weather of Seattle, 2012 to 2015; the last year is held out."""
    if column not in WEATHER:
        raise KeyError(f"There is no weather called '{column}'; there is {', '.join(WEATHER)}.")
    times, values = _columns("weather_seattle/weather.csv", column)
    title, unit = WEATHER[column]
    return Series(
        f"Seattle, {title}",
        "daily weather, 2012 to 2015 (NOAA; public domain)",
        unit,
        values,
        times,
        365,
        (Naive(1, "tomorrow = today"), Naive(7, "same weekday last week"), Naive(365, "same day last year")),
        decimals=1,
        probe_length=90,
    )


@lru_cache(maxsize=1)
def sunspots() -> Series:
    """Yearly sunspot numbers, 1700 to 2008; the last 62 years are held out."""
    years, values = _numbers("sunspots/sunspots.csv", (0, 1)).T
    times = (years.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[s]")
    return Series(
        "Sunspots",
        "yearly sunspot numbers, 1700 to 2008 (NOAA; public domain)",
        "spots",
        values,
        times,
        62,
        (Naive(1, LAST), Naive(11, "same as eleven years ago")),
        decimals=1,
        probe_length=62,
    )


@lru_cache(maxsize=1)
def sine_mixture() -> Series:
    """Two sine waves added up, of periods 20 and 33: nothing but the two of them and no noise."""
    t = np.arange(SINE_LENGTH)
    values = sum(np.sin(2 * np.pi * t / period) for period in SINE_PERIODS)
    return Series(
        "Two sine waves",
        "generated: two sine waves of periods 20 and 33, added",
        "",
        np.asarray(values, dtype=np.float64),
        None,
        SINE_LENGTH // 5,
        (Naive(1, LAST), Naive(20, "one short wave ago"), Naive(33, "one long wave ago")),
        decimals=2,
    )


def file_series(
    path: str,
    column: str,
    time_column: str = "",
    missing: str = INTERPOLATE,
    said: Said | None = None,
    progress: Progress = nothing_to_say,
    cancelled: Cancelled = never_cancelled,
) -> Series | None:
    """A column of a table of the user's; None once cancelled. Kept while the file stays as it is. Raises ReadingError.

    `column` empty: the first column of numbers; `time_column` empty: the first column of dates, if there is one;
    NO_TIMES: none, rows are counted. Call it off the window's thread first: what it read is kept, and tasks made
    afterwards find it there.
    """

    def read() -> Series | None:
        table = preview(path, said)
        chosen: str | int | None = column or table.first_of(NUMBER)
        if chosen is None:
            raise ReadingError(f"'{table.title}' has no column of numbers: a series needs one.")
        when: str | int | None = None if time_column == NO_TIMES else time_column or table.first_of(DATE)
        found = read_numbers(
            path, chosen, time_column=when, missing=missing, said=said, progress=progress, cancelled=cancelled
        )
        return None if found is None else series_of(found)

    return _kept.read(path, (path, column, time_column, missing, said), read)


_kept: Kept[Series] = Kept(4)


def series_of(read: NumberColumn) -> Series:
    """A column that was read as a series: in the order of time, the last fifth held out. Raises ReadingError."""
    values, times, notices = read.values, read.times, list(read.notices)
    if len(values) < LEAST_VALUES:
        raise ReadingError(
            f"The column '{read.name}' of '{read.title}' has {len(values)} values: a forecast needs at least "
            f"{LEAST_VALUES}, and some hundreds to be any good."
        )
    if times is not None and (np.diff(times.astype(np.int64)) < 0).any():
        order = np.argsort(times, kind="stable")
        values, times = values[order], times[order]
        notices.append("The rows were not in the order of time: they were sorted.")
    size = float(np.abs(values).max())
    series = Series(
        f"{read.name} ({read.title})",
        "your own table",
        "",
        np.array(values),
        None if times is None else np.array(times),
        max(1, int(OWN_HELD_OUT * len(values))),
        (),
        tuple(notices),
        decimals=0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4,
    )
    return replace(series, naive=naive_for(series.spacing))


def _columns(relative: str, column: str) -> tuple[Times, Values]:
    """The times (first column) and one column of a table that comes with the program."""
    path = dataset(relative)
    with path.open(encoding="utf-8") as file:
        index = file.readline().strip().split(",").index(column)
    cells = np.loadtxt(path, dtype=str, delimiter=",", skiprows=1, usecols=(0, index), encoding="utf-8")
    return cells[:, 0].astype("datetime64[s]"), cells[:, 1].astype(np.float64)


def _numbers(relative: str, columns: tuple[int, ...]) -> Values:
    return np.loadtxt(dataset(relative), delimiter=",", skiprows=1, usecols=columns, encoding="utf-8")
