"""The settings of a series task."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.reading.table_file import INTERPOLATE, MISSING_WAYS, Said
from playground.tasks.series.sources import TICKERS, WEATHER
from playground.tasks.stream_task import StreamSettings, at_a_time

RETURNS, LEVEL = "returns", "level"


@dataclass(frozen=True)
class SeriesSettings(StreamSettings):
    """The same for a series: how many values at a time, and what else is told."""

    sequence_length: int = at_a_time(48, "values")
    calendar: bool = setting(
        False,
        "Tell it the calendar",
        "On: the network is also told the hour, the weekday and the time of year of the value it is to forecast, as "
        "far as the series has them. Off: it sees nothing but the value.",
    )


@dataclass(frozen=True)
class ShortSeriesSettings(SeriesSettings):
    """The same for a short series: fewer values at a time, or there would be too few rows."""

    sequence_length: int = at_a_time(16, "values")


@dataclass(frozen=True)
class ShareSettings(SeriesSettings):
    """Which share, and what of it the network sees."""

    ticker: str = setting("aapl", "Share", "Whose share it is.", choices=TICKERS)
    values: str = setting(
        RETURNS,
        Words("What it sees", "Values"),
        Words(
            "The change of each day, or the price itself. Errors are those of the price either way.",
            "Log returns, or the normalised level. Errors are those of the price either way.",
        ),
        choices={RETURNS: "daily changes (log returns)", LEVEL: "the price (normalised level)"},
    )


@dataclass(frozen=True)
class WeatherSettings(SeriesSettings):
    """Which of the weather's numbers."""

    column: str = setting(
        "temp_max",
        "Weather",
        "What is forecast for tomorrow.",
        choices={key: title for key, (title, _) in WEATHER.items()},
    )


@dataclass(frozen=True)
class SeriesFileSettings(ShortSeriesSettings):
    """A table of the user's. `file`: its path; empty: two sine waves, until a file is chosen. `column`, `time_column`:
    names (or numbers from 1); empty: the first that fits; `sources.NO_TIMES`: no times.
    `separator`, `decimal`, `header`: empty: guessed."""

    file: str = ""
    column: str = ""
    time_column: str = ""
    separator: str = ""
    decimal: str = ""
    header: str = ""
    missing: str = setting(
        INTERPOLATE, "Missing values", "What is done where a value is missing.", choices=MISSING_WAYS
    )

    @property
    def said(self) -> Said | None:
        """What the user says about the form of the table; None: nothing."""
        if not (self.separator or self.decimal or self.header):
            return None
        return Said(
            self.separator or None, self.decimal or None, None if not self.header else self.header == "yes"
        )
