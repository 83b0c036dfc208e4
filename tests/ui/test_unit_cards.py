"""Pinned units side by side: the numbers are the trace's, and a click or a key pins a unit or lets it go."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.contract.intervention import HoldQuantity
from playground.trace.memory import half_life
from playground.ui.cell_words import figure
from playground.ui.panels.unit_cards import UnitsPanel
from playground.ui.unit_table import half_life_figure, unit_rows
from tests.ui.canned import canned_trace, product_cells
from tests.ui.test_what_if import Lab, make_lab

CELLS = {cell.name: cell for cell in product_cells()}


def test_every_number_is_the_one_of_the_trace() -> None:
    trace = canned_trace(CELLS["lstm"], units=9)
    rows = {row.symbol: row for row in unit_rows(trace, (2, 7), 4, "guide")}
    assert rows["LTM before"].values == tuple(map(float, trace.value("cell_state")[3, [2, 7]]))
    assert rows["LTM after"].values == tuple(map(float, trace.value("cell_state")[4, [2, 7]]))
    assert rows["STM before"].values == tuple(map(float, trace.value("hidden_state")[3, [2, 7]]))
    assert rows["f"].values == tuple(map(float, trace.value("forget_gate")[4, [2, 7]]))
    gates = trace.value("forget_gate")[:, 7].astype(np.float64)
    expected = float(half_life(np.exp(np.log(gates).mean())))
    assert rows["half-life"].values[1] == pytest.approx(expected)
    assert rows["half-life"].written(1) == half_life_figure(expected)
    first = {row.symbol: row for row in unit_rows(trace, (2,), 0, "guide")}
    assert first["LTM before"].values == (0.0,)
    plain = unit_rows(canned_trace(CELLS["rnn"]), (0,), 0, "guide")
    assert [row.symbol for row in plain] == ["STM before", "STM after"]


@pytest.mark.parametrize(
    ("timesteps", "words"), [(0.0, "0.0"), (5.46, "5.5"), (31.2, "31"), (1e6, "1,000+"), (math.inf, "never")]
)
def test_half_lives_are_written_shortly(timesteps: float, words: str) -> None:
    assert half_life_figure(timesteps) == words


def panel_of(lab: Lab) -> UnitsPanel:
    panel = lab.page.side.panel("units")
    assert isinstance(panel, UnitsPanel)
    return panel


def test_clicks_pin_several_units_and_let_them_go(qtbot: QtBot) -> None:
    lab = make_lab(qtbot)
    state = lab.window.state
    lab.press("K", "End")
    panel = panel_of(lab)
    assert [column.unit for column in panel.table.columns] == [0]
    assert not panel.table.columns[0].pinned
    for unit in (4, 1, 3):
        lab.page.diagram.value_clicked("forget_gate", unit, False)
    lab.settle()
    assert state.units == (4, 1, 3)
    assert [column.unit for column in panel.table.columns] == [1, 3, 4]
    assert panel.title.text() == "3 pinned units"
    trace = state.trace
    assert trace is not None
    row = next(row for row in panel.table.rows if row.quantity == "forget_gate")
    assert row.written(2) == figure(float(trace.value("forget_gate")[-1, 4]))
    name = panel.table.cell_rect(-1, 1).center()
    QTest.mouseClick(panel.table, Qt.MouseButton.LeftButton, pos=name.toPoint())
    assert state.units == (4, 1)
    number = next(n for n, row in enumerate(panel.table.shown_rows()) if row.quantity == "output_gate")
    at = panel.table.cell_rect(number, 1).center()
    QTest.mouseClick(panel.table, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert (state.quantity, state.unit) == ("output_gate", 4)
    assert "unit 5" in panel.table.words_at(*panel.table.place_at(QPointF(at)))
    lab.page.diagram.value_clicked("forget_gate", 4, False)
    assert state.units == (1,)
    lab.press("F")
    lab.page.diagram.value_clicked("forget_gate", 4, False)
    assert state.units == (4,)  # elsewhere a click chooses


def test_keys_pin_and_a_what_if_shows_what_is_beside_it(qtbot: QtBot) -> None:
    lab = make_lab(qtbot)
    state = lab.window.state
    lab.press("K", "End", "Down", "Return", "Down", "Return")
    assert len(state.units) == 2
    panel = panel_of(lab)
    assert all(column.pinned for column in panel.table.columns)
    true = state.true_trace
    assert true is not None
    lab.panel.what_if.add(HoldQuantity("forget_gate", 0.0))
    lab.settle()
    row = next(row for row in panel.table.rows if row.quantity == "forget_gate")
    assert row.written(0) == "0.00"
    assert row.written_was(0) == figure(float(true.value("forget_gate")[-1, min(state.units)]))
    lab.press("Delete")
    assert state.units == ()


@pytest.mark.parametrize(
    ("size", "lecture"), [((1024, 700), False), ((1280, 720), True), ((1920, 1080), False)]
)
def test_eight_units_are_shown_or_counted(qtbot: QtBot, size: tuple[int, int], lecture: bool) -> None:
    lab = make_lab(qtbot, size, units=128)
    lab.window.set_lecture(lecture, full_screen=False)
    lab.window.state.set_units(tuple(range(100, 108)))
    lab.press("K")
    table = panel_of(lab).table
    shown = len(table.shown_columns())
    assert table.cell_rect(0, shown - 1).right() <= table.width() + 1
    assert table.cell_rect(len(table.shown_rows()) - 1, 0).bottom() <= table.height() + 1
    assert shown == 8 or f"{shown} of 8 fit" in panel_of(lab).note.text()


def test_no_row_is_left_out_unsaid(qtbot: QtBot) -> None:
    lab = make_lab(qtbot, (1280, 720))
    lab.window.state.set_network("guide_lstm")  # of all cells it has the most gates
    lab.press("K")
    panel = panel_of(lab)
    table = panel.table
    symbols = [row.symbol for row in table.shown_rows()]
    assert symbols[-2:] == ["STM after", "half-life"]
    assert {"LTM before", "STM before", "f", "i", "N", "U", "V"} <= set(symbols)
    assert table.left_out() == 0
    table.resize(table.width(), table.height() // 2)
    assert table.left_out() > 0
    assert not any("before" in row.symbol for row in table.shown_rows())
    panel._say((), 0)
    assert f"no room for {table.left_out()} more rows" in panel.note.text()
