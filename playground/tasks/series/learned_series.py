"""The series that are learned, one class each: where the values come from, and what was measured of them."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.reading.files import ReadingError
from playground.tasks.recipe import Recipe
from playground.tasks.series import sources
from playground.tasks.series.series import SHARES_WORDS, Series, Values
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.series.settings import (
    RETURNS,
    SeriesFileSettings,
    ShareSettings,
    ShortSeriesSettings,
    WeatherSettings,
)
from playground.tasks.task import IntArray, TaskSettings


def _recipe(
    updates: int, batch_size: int = 16, measured: str = "", *, units: int = 32, learning_rate: float = 0.005
) -> Recipe:
    """What all series have in common: a forget gate that begins open, a learning rate that falls like a cosine."""
    every = {
        "units": units,
        "initialisation": "forget_bias",
        "forget_gate_bias": 1.0,
        "learning_rate": learning_rate,
        "schedule": "cosine",
        "schedule_updates": updates,
    }
    networks = {"rnn": {"initialisation": "torch"}, "lstm": {}}
    return Recipe(every, networks, {"batch_size": batch_size}, updates, measured)


class EnglandWales(SeriesTask):
    """Half-hourly electricity demand of England and Wales."""

    name = "electricity-england-wales"
    title = "Electricity, England and Wales"
    recipe = _recipe(
        2000, 8, "The LSTM errs by 0.80 % at most from 5 of 5 seeds; the best naive forecast by 1.73 %."
    )

    def _read(self) -> Series:
        return sources.england_wales()


class Portugal(SeriesTask):
    """Hourly electricity consumption in Portugal."""

    name = "electricity-portugal"
    title = "Electricity, Portugal"
    recipe = _recipe(
        2000, 16, "The LSTM errs by 2.32 % at most from 5 of 5 seeds; the best naive forecast by 3.48 %."
    )

    def _read(self) -> Series:
        return sources.portugal()


class Shares(SeriesTask):
    """Daily share prices, which yesterday does not foretell."""

    settings_type: ClassVar[type[TaskSettings]] = ShareSettings
    name = "shares"
    title = "Share prices"
    recipe = _recipe(500, 8, "No seed of 5 does better than 'tomorrow = today': 1.50 % against 1.44 %.")
    plainly: Words = SHARES_WORDS
    """What has to be said wherever this is shown."""

    def _read(self) -> Series:
        return sources.shares(self._share.ticker)

    @property
    def _share(self) -> ShareSettings:
        assert isinstance(self.settings, ShareSettings)
        return self.settings

    def _seen(self, values: Values) -> Values:
        if self._share.values != RETURNS:
            return values
        return np.diff(np.log(values), prepend=np.log(values[0]))  # the first day has no change: 0

    def one_ahead(self, outputs: NDArray[Any], positions: IntArray) -> Values:
        """(M,) prices: the one before each of positions (M,), changed as it was said in outputs (M,)."""
        said = self.scaling.unscaled(outputs.astype(np.float64))  # (M,)
        if self._share.values != RETURNS:
            return said
        return self.series.values[positions - 1] * np.exp(said)

    def path(self, outputs: NDArray[Any], position: int) -> Values:
        """(M,) prices from `position` on, each the one said before it, changed as it was said in outputs (M,)."""
        said = self.scaling.unscaled(outputs.astype(np.float64))  # (M,)
        if self._share.values != RETURNS:
            return said
        return self.series.values[position - 1] * np.exp(np.cumsum(said))


class SeattleWeather(SeriesTask):
    """Daily weather of Seattle."""

    settings_type: ClassVar[type[TaskSettings]] = WeatherSettings
    name = "seattle-weather"
    title = "Weather in Seattle"
    recipe = _recipe(
        300,
        4,
        "The LSTM errs by 2.20 °C at most from 5 of 5 seeds; 'tomorrow = today' by 2.24.",
        units=8,
        learning_rate=0.01,
    )

    def _read(self) -> Series:
        assert isinstance(self.settings, WeatherSettings)
        return sources.seattle(self.settings.column)


class Sunspots(SeriesTask):
    """Yearly numbers of sunspots."""

    settings_type: ClassVar[type[TaskSettings]] = ShortSeriesSettings
    name = "sunspots"
    title = "Sunspots"
    recipe = _recipe(
        300,
        4,
        "The LSTM errs by 18.0 spots at most from 5 of 5 seeds; the best naive forecast by 25.4.",
        units=8,
        learning_rate=0.01,
    )

    def _read(self) -> Series:
        return sources.sunspots()


class SineMixture(SeriesTask):
    """Two sine waves added: a first toy."""

    name = "sine-mixture"
    title = "Two sine waves"
    recipe = _recipe(1000, 8, "The LSTM errs by 0.004 at most from 5 of 5 seeds; 'same as now' by 0.22.")


class SeriesFile(SeriesTask):
    """A table of the user's own."""

    settings_type: ClassVar[type[TaskSettings]] = SeriesFileSettings
    recipe = _recipe(
        1000,
        4,
        "With the demand of England and Wales as the file the LSTM errs by 280 MW at most from 5 of 5 seeds (the best "
        "naive forecast: 582); with Seattle's highest temperature by 2.26 °C (2.34). Other series do better or worse.",
        units=16,
    )

    def _read(self) -> Series:
        assert isinstance(self.settings, SeriesFileSettings)
        chosen = self.settings
        if not chosen.file:
            return sources.sine_mixture()
        found = sources.file_series(
            chosen.file, chosen.column, chosen.time_column, chosen.missing, chosen.said
        )
        if found is None:
            raise ReadingError(f"'{chosen.file}' was not read to its end.")
        return found
