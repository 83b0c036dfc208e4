"""Series: naive forecasts as published, scaling from the training part alone, forecasts in the series' own unit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.reading.files import ReadingError
from playground.tasks import TASKS
from playground.tasks.series import sources
from playground.tasks.series.learned_series import (
    EnglandWales,
    SeattleWeather,
    SeriesFile,
    Shares,
    SineMixture,
    Sunspots,
)
from playground.tasks.series.series import (
    Scaling,
    Series,
    autocorrelation,
    errors_of,
    naive_errors,
    naive_for,
    naive_forecast,
)
from playground.tasks.series.series_task import SeriesTask, calendar
from playground.tasks.series.settings import (
    LEVEL,
    SeriesFileSettings,
    SeriesSettings,
    ShareSettings,
    WeatherSettings,
)
from tests.tasks.conformance import assert_conforms


def with_calendar(kind: type[SeriesTask]) -> SeriesTask:
    settings = kind.settings_type(calendar=True)
    return kind(settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", TASKS.classes_of("series"))
@pytest.mark.parametrize("told", [False, True])
def test_every_series_task_keeps_the_contract(kind: type[SeriesTask], told: bool) -> None:
    assert_conforms(with_calendar(kind) if told else kind(None), batch_size=3)


# -- naive forecasts
def whole(series: Series, lag: int) -> float:
    """The mean absolute error of a naive forecast of all that can be forecast, in per cent of the mean."""
    last = series.length
    return errors_of(naive_forecast(series.values, lag, lag, last), series.values[lag:]).of_mean


def test_the_published_figures_of_the_naive_forecasts() -> None:
    """Errors in per cent of the mean demand, over the whole series: half an hour ago, yesterday, last week."""
    series = sources.england_wales()
    assert whole(series, 1) == pytest.approx(2.20, abs=0.01)
    assert whole(series, 48) == pytest.approx(6.30, abs=0.01)
    assert whole(series, 336) == pytest.approx(1.91, abs=0.01)
    series = sources.portugal()
    assert whole(series, 1) == pytest.approx(7.6, abs=0.05)
    assert whole(series, 24) == pytest.approx(3.5, abs=0.05)
    assert whole(series, 168) == pytest.approx(5.8, abs=0.05)


def test_the_naive_forecasts_of_the_held_out_two_weeks() -> None:
    by_title = {naive.title: errors for naive, errors in naive_errors(sources.england_wales())}
    assert by_title["same as now"].mape == pytest.approx(2.25, abs=0.005)
    assert by_title["same time yesterday"].mape == pytest.approx(6.47, abs=0.005)
    assert by_title["same time last week"].mape == pytest.approx(1.73, abs=0.005)


@pytest.mark.parametrize("ticker", sources.TICKERS)
def test_yesterday_says_nothing_about_tomorrow_s_share(ticker: str) -> None:
    returns = np.diff(np.log(sources.shares(ticker).values))
    assert -0.05 < autocorrelation(returns, 1) < 0.005
    assert "nobody does better than 'tomorrow = today'" in Shares.plainly.guide


def test_autocorrelation_by_hand() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])  # about 2.5: -1.5 -0.5 0.5 1.5
    assert autocorrelation(values, 1) == pytest.approx((0.75 - 0.25 + 0.75) / 5.0)


def test_errors_by_hand() -> None:
    found = errors_of(np.array([110.0, 190.0]), np.array([100.0, 200.0]))
    assert (found.mae, found.mape, found.mse) == pytest.approx((10.0, 7.5, 100.0))
    assert found.of_mean == pytest.approx(100 * 10 / 150)
    assert np.isnan(errors_of(np.array([1.0]), np.array([0.0])).mape)
    assert np.isnan(errors_of(np.array([1.0, 1.0]), np.array([-1.0, 1.0])).of_mean)
    with pytest.raises(ValueError, match="0 forecasts of 0 values"):
        errors_of(np.empty(0), np.empty(0))
    with pytest.raises(ValueError, match="nothing 3 timesteps before"):
        naive_forecast(np.arange(9.0), 3, 2, 9)


def test_naive_forecasts_fit_the_spacing() -> None:
    assert [naive.lag for naive in naive_for(1800)] == [1, 48, 336]
    assert [naive.lag for naive in naive_for(86400)] == [1, 7]
    assert [naive.lag for naive in naive_for(30 * 86400)] == [1, 12]
    assert [naive.lag for naive in naive_for(None)] == [1]


# -- scaling and split
def test_scaling_knows_the_training_part_alone() -> None:
    """Whatever happens in the held-out part, what training sees stays the same, bit for bit."""

    def task_of(values: np.ndarray) -> SeriesTask:
        class Made(SeriesTask):
            def _read(self) -> Series:
                return Series("made", "", "", values, None, 100, naive_for(None))

        return Made()

    values = np.random.default_rng(1).normal(50, 3, size=500)
    wild = values.copy()
    wild[400:] *= 1000
    ours, theirs = task_of(values), task_of(wild)
    assert ours.scaling == theirs.scaling
    assert ours.scaling.mean == pytest.approx(values[:400].mean())
    np.testing.assert_array_equal(ours.scaled[:400], theirs.scaled[:400])
    assert ours.scaled[:400].mean() == pytest.approx(0.0, abs=1e-6)
    assert ours.scaled[:400].std() == pytest.approx(1.0, abs=1e-6)
    for update in range(1, 8):
        np.testing.assert_array_equal(
            ours.batch(1, update, 0, 4).inputs, theirs.batch(1, update, 0, 4).inputs
        )
    assert ours.tolerance == theirs.tolerance


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_scaling_can_be_undone(values: list[float]) -> None:
    array = np.array(values)
    scaling = Scaling.of(array)
    np.testing.assert_allclose(
        scaling.unscaled(scaling.scaled(array)), array, atol=1e-6 * (1 + np.abs(array).max())
    )


def test_no_batch_reaches_into_the_held_out_part() -> None:
    task = EnglandWales()
    batching = task.batching(16)
    last = batching.positions(batching.batches - 1).max()
    assert last + 1 < task.series.split
    assert task.series.split == 4032 - 672
    assert str(task.series.times[task.series.split]) == "2000-08-14T00:00:00"  # type: ignore[index]


def test_the_held_out_part_is_forecast_once_and_from_before_it() -> None:
    task = EnglandWales()
    (batch,) = task.held_out_all()
    assert int(batch.asked.sum()) == 672
    np.testing.assert_array_equal(batch.targets[batch.asked][:, 0], task.scaled[task.series.split :])
    perfect = task.errors(batch.targets[batch.asked][:, 0])
    assert perfect.mape < 1e-4
    naive = task.errors(batch.inputs[batch.asked][:, 0])  # says what it has just read
    assert naive.mape == pytest.approx(task.naive_errors[0][1].mape, rel=1e-5)
    loss, words = task.baseline()
    assert loss == pytest.approx(naive.mse / task.scaling.deviation**2, rel=1e-4)
    assert words.guide.startswith("Always forecasting 'same as now' has a squared error of 0.0272")


# -- inputs
def test_the_calendar_is_that_of_the_value_to_be_forecast() -> None:
    task = with_calendar(EnglandWales)
    assert task.input_size == 1 + 6
    hour_sine = task.inputs[:, 1]
    times = task.series.times
    assert times is not None
    at_six = [i for i in range(200) if str(times[i + 1])[11:] == "06:00:00"]
    np.testing.assert_allclose(hour_sine[at_six], 1.0, atol=1e-6)
    np.testing.assert_allclose(task.inputs[0, 3:5], task.inputs[336, 3:5], atol=1e-5)  # a week later
    assert task.notices == ()


def test_without_times_there_is_no_calendar_and_that_is_said() -> None:
    task = with_calendar(SineMixture)
    assert task.input_size == 1
    assert task.notices[-1] == "This series has no times, so there is no calendar to tell."
    assert len(calendar(sources.sunspots())) == 0  # a year is the whole circle
    assert len(calendar(sources.seattle("wind"))) == 4


def test_a_forecast_becomes_the_next_input() -> None:
    task = with_calendar(EnglandWales)
    for position in (5, 700):
        np.testing.assert_allclose(
            task.next_inputs(float(task.scaled[position]), position), task.inputs[position], atol=1e-6
        )
    beyond = task.next_inputs(0.5, task.series.length + 3)
    week_before = task.next_inputs(0.5, task.series.length + 3 - 336)
    np.testing.assert_allclose(beyond[:5], week_before[:5], atol=1e-4)


# -- shares
def test_shares_are_seen_as_returns_and_judged_as_prices() -> None:
    task = Shares()
    returns = np.diff(np.log(task.series.values))
    np.testing.assert_allclose(task.scaling.unscaled(task.scaled[1:].astype(np.float64)), returns, atol=1e-6)
    first = task.series.split
    perfect = task.one_ahead(task.scaled[first:], np.arange(first, task.series.length))
    np.testing.assert_allclose(perfect, task.series.values[first:], rtol=1e-5)
    free = task.path(task.scaled[first:], first)
    np.testing.assert_allclose(free, task.series.values[first:], rtol=1e-4)
    no_change = np.full(252, -task.scaling.mean / task.scaling.deviation)
    assert task.errors(no_change).mape == pytest.approx(task.naive_errors[0][1].mape, rel=1e-6)


def test_a_share_s_level_is_another_way_to_see_it() -> None:
    task = Shares(ShareSettings(ticker="ibm", values=LEVEL))
    np.testing.assert_allclose(
        task.scaling.unscaled(task.scaled.astype(np.float64)), task.series.values, rtol=1e-5
    )
    assert task.series.title == "IBM shares"


def test_every_weather_and_every_share_is_there() -> None:
    for column, (title, unit) in sources.WEATHER.items():
        series = SeattleWeather(WeatherSettings(column=column)).series
        assert (series.length, series.unit) == (1461, unit)
        assert title in series.title
    for ticker in sources.TICKERS:
        assert sources.shares(ticker).length in (3270, 2148)
    assert sources.sunspots().values.max() == pytest.approx(190.2)
    for wrong in (sources.seattle, sources.shares):
        with pytest.raises(KeyError, match="there is"):
            wrong("gold")


# -- single sequences
def test_events_say_when_and_how_much() -> None:
    task = EnglandWales()
    events = task.probe_events()
    assert events[1].title == "Mon 00:00: 22,489 MW"
    assert task.sequence(["0", "1"]).events[0].title == "Mon 00:00: 22,262 MW"
    assert Sunspots().probe_events()[0].title == "1946: 92.6 spots"
    assert Shares().probe_events()[0].title.endswith("$")
    with pytest.raises(KeyError, match=r"'9999' is no position of this series: it has 0 to 4030."):
        task.sequence(["9999"])


def test_the_probe_is_the_beginning_of_what_is_held_out() -> None:
    task = EnglandWales()
    probe = task.probe()
    assert probe.length == 96
    np.testing.assert_array_equal(probe.targets[:, 0], task.scaled[task.series.split :][:96])


# -- a table of one's own
def written(folder: Path, rows: int = 400) -> Path:
    path = folder / "mine.csv"
    hours = np.arange("2020-01-01T00", rows, dtype="datetime64[h]")
    values = 100 + 20 * np.sin(np.arange(rows) * 2 * np.pi / 24)
    lines = [
        f"{hour.item():%d.%m.%Y %H:%M};{value:.2f}".replace(".", ",", 0)
        for hour, value in zip(hours, values, strict=True)
    ]
    path.write_text("Zeit;Last\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_is_learned_from_its_settings_alone(tmp_path: Path) -> None:
    path = written(tmp_path)
    task = SeriesFile(SeriesFileSettings(file=str(path), column="last"))
    assert_conforms(task, batch_size=3)
    assert [naive.lag for naive in task.series.naive] == [1, 24, 168]
    assert task.series.held_out == 80
    path.unlink()
    again = SeriesFile(SeriesFileSettings(file=str(path), column="last"))
    assert again.series is task.series


def test_the_first_column_of_numbers_is_taken(tmp_path: Path) -> None:
    task = SeriesFile(SeriesFileSettings(file=str(written(tmp_path))))
    assert task.series.title == "Last (mine.csv)"
    assert task.series.times is not None


def test_rows_out_of_order_are_sorted_and_told(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    days = [f"2020-01-{day:02},{day}" for day in range(31, 0, -1)]
    path.write_text("day,value\n" + "\n".join(days), encoding="utf-8")
    task = SeriesFile(SeriesFileSettings(file=str(path), sequence_length=4))
    assert task.series.values.tolist() == list(range(1, 32))
    assert "were sorted" in task.notices[0]


def test_a_table_that_cannot_be_forecast_gets_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("v\n1\n2\n3\n", encoding="utf-8")
    with pytest.raises(ReadingError, match="has 3 values: a forecast needs at least 30"):
        SeriesFile(SeriesFileSettings(file=str(path)))
    path.write_text("v,w\na,b\nc,d\n", encoding="utf-8")
    with pytest.raises(ReadingError, match="no column of numbers"):
        SeriesFile(SeriesFileSettings(file=str(path)))
    with pytest.raises(ReadingError, match="is not there"):
        SeriesFile(SeriesFileSettings(file=str(tmp_path / "none.csv")))


def test_settings_default_to_carried_memory() -> None:
    assert SeriesSettings().memory == "carry"
