"""The forecast on the Generate page, with networks that really forecast."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.experiment import Experiment
from playground.tasks.series.learned_series import Shares
from playground.tasks.series.series import Errors
from playground.tasks.series.settings import SeriesFileSettings
from playground.ui.panels.forecast_errors import ErrorLine, ErrorTable
from playground.ui.state import UiState
from tests.ui.test_generate_page import Desk


def experiment_of(name: str) -> Experiment:
    experiment = Experiment.of_task(name)
    networks = tuple(
        dataclasses.replace(network, units=6, enabled=network.cell in ("rnn", "lstm"))
        for network in experiment.networks
    )
    return dataclasses.replace(experiment, networks=networks)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot, experiment_of("sunspots"))
    yield desk
    desk.monitor.stop()


def train(desk: Desk, updates: int) -> None:
    desk.train(updates)
    desk.page.forecasting.asking.wake()
    desk.page.forecasting.look()
    desk.pump()


def test_the_forecast_is_shown_instead_of_texts(desk: Desk) -> None:
    page = desk.page
    assert page.forecast.isVisible()
    assert page.errors.isVisible()
    for hidden in (page.feed, page.settings, page.choice, page.losses, page.texts, page.series):
        assert not hidden.isVisible()
    assert [line.network for line in page.forecast.plot._lines] == ["rnn", "lstm"]
    assert page.forecast.note.text().endswith("update 0")


def test_errors_are_those_of_the_forecasts_shown_beside_the_naive_ones(desk: Desk) -> None:
    train(desk, 20)
    page = desk.page
    task = page.forecasting.task
    assert task is not None
    assert page.forecasting.update == 20
    lines = page.errors.table.lines
    assert [line.network for line in lines[:2]] == ["rnn", "lstm"]
    for line, drawn in zip(lines, page.forecast.plot._lines, strict=False):
        truth = task.series.values[drawn.first : drawn.first + len(drawn.one_ahead)]
        assert line.errors.mae == pytest.approx(np.abs(drawn.one_ahead - truth).mean(), rel=1e-6)
    assert [line.title for line in lines[2:]] == [f"“{naive.title}”" for naive, _ in task.naive_errors]
    assert page.errors.words.text().endswith(".")


def test_the_start_moves_within_the_held_out_part(desk: Desk) -> None:
    page = desk.page
    task = page.forecasting.task
    assert task is not None
    before = page.forecasting.start
    page.turn_by(1)
    desk.pump()
    assert page.forecasting.start == before + 1
    assert page.forecasting.forecasts["lstm"].start == before + 1
    page.turn_to_end(last=False)
    assert page.forecasting.start == task.series.split
    page.turn_to_end(last=True)
    assert page.forecasting.start == task.series.length
    desk.pump()
    assert len(page.forecasting.forecasts["lstm"].free) == page.forecasting.horizon


def test_a_click_moves_the_start(desk: Desk) -> None:
    plot = desk.page.forecast.plot
    overview = plot._overview()
    point = QPointF(overview.right() - 3, overview.center().y())
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert desk.page.forecasting.start == plot.position_at(QPointF(point.toPoint()))
    first, last = plot.window
    assert first <= desk.page.forecasting.start < last


def test_hovering_tells_truth_and_forecasts(desk: Desk) -> None:
    forecasting = desk.page.forecasting
    assert forecasting.task is not None
    words = desk.page.forecast.plot.words_at(forecasting.start)
    series = forecasting.task.series
    assert f"truth: {series.in_words(float(series.values[forecasting.start]))}" in words
    assert "LSTM, on its own:" in words
    assert "LSTM, one ahead:" in words
    assert "after the end" in desk.page.forecast.plot.words_at(series.length + 3)


def test_what_was_done_to_the_values_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    rows = [f"{n},{'' if n in (40, 41) else 10 + (7 * n) % 13}" for n in range(300)]
    path.write_text("n,value\n" + "\n".join(rows), encoding="utf-8")
    experiment = experiment_of("series")
    settings = SeriesFileSettings(file=str(path), column="value")
    desk = Desk(qtbot, dataclasses.replace(experiment, task=settings))
    assert desk.page.forecast.words.text().endswith("2 values are missing: 2 were interpolated.")
    desk.monitor.stop()


def test_of_shares_it_is_said_plainly(qtbot: QtBot) -> None:
    desk = Desk(qtbot, experiment_of("shares"))
    assert Shares.plainly.guide in desk.page.forecast.words.text()
    desk.monitor.stop()


def test_errors_are_written_alike_in_a_column_and_what_is_no_percentage_not_as_one(qtbot: QtBot) -> None:
    table = ErrorTable(UiState())
    qtbot.addWidget(table)
    table.show_lines((ErrorLine("one", Errors(1234.5, math.nan, 0.012345, math.nan), "lstm"),), "MW")
    assert table.cells() == [("1,234", "–", "0.01235")]
    assert table.columns == ("off by, mean, in MW", "in per cent", "mean square, in MW²")
    lines = [("one", Errors(346.62, 1.2, 222_824.1, 1.0)), ("other", Errors(1923.0, 6.47, 1e7, 6.0))]
    table.show_lines(tuple(ErrorLine(title, errors) for title, errors in lines), "")
    assert table.cells() == [("346.6", "1.20 %", "222,824"), ("1,923.0", "6.47 %", "10,000,000")]
    assert table.columns[0] == "off by, mean"


@pytest.mark.parametrize("size", [(920, 600), (1800, 960)])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_cut_off(desk: Desk, size: tuple[int, int], dark: bool) -> None:
    desk.state.set_appearance(dark=dark)
    desk.page.resize(*size)
    assert not desk.page.forecast.geometry().intersects(desk.page.errors.geometry())
    assert desk.page.rect().contains(desk.page.errors.geometry())
    assert desk.page.errors.table.height() >= desk.page.errors.table.minimumSizeHint().height()
