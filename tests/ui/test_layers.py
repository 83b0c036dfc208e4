"""A network of two layers in the real window: one is shown, everywhere, and a sum leads from one to the other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.contract.intervention import HoldQuantity
from playground.trace.unfolding import Place
from playground.ui.cell_words import figure
from playground.ui.pages.memory import MemoryPage
from tests.ui.test_what_if import Lab, make_lab


@pytest.fixture
def lab(qtbot: QtBot) -> Lab:
    lab = make_lab(qtbot, layers=2)
    lab.press("F", "End")
    return lab


def test_the_layer_is_chosen_with_a_key_or_a_click_and_shown_everywhere(lab: Lab) -> None:
    state, page = lab.window.state, lab.page
    whole = state.true_trace
    assert whole is not None
    assert state.trace is whole
    assert page.diagram.layer_bar.isVisible()
    assert page.formula.title.text().endswith("layer 2")
    lab.press("L")
    assert state.layer == 0
    shown = state.trace
    assert shown is not None
    assert shown.top is whole.layers[0]
    assert state.trace is shown  # always the same part
    assert page.formula.title.text().endswith("layer 1")
    value = figure(float(whole.value("forget_gate", 0)[-1, state.unit]))
    assert page.formula.view.content is not None
    assert value in page.formula.view.content.spoken
    lab.press("Ctrl+4")
    memory = lab.window.current_page
    assert isinstance(memory, MemoryPage)
    row = memory.stack_panel.long_row
    assert np.array_equal(row._values, whole.value("cell_state", 0))
    lab.press("L")
    assert state.layer is None
    assert np.array_equal(row._values, whole.value("cell_state", 1))
    lab.press("Ctrl+3")
    bar = page.diagram.layer_bar
    bar._chosen(0)
    assert state.layer == 0
    assert "layer 1 of 2" in bar.accessibleDescription()


def test_a_contribution_of_the_layer_below_is_followed_down_and_back(lab: Lab) -> None:
    state, formula = lab.window.state, lab.page.formula
    lab.press("D")
    view = formula.unfolded_view
    assert view.sum is not None
    row = next(row for row in view.sum.rows if row.label.startswith("layer 1, unit"))
    assert row.place is not None
    assert row.place.layer == 0
    whole = state.true_trace
    assert whole is not None
    value = float(whole.value("hidden_state", 0)[state.timestep, row.place.unit])
    assert figure(value).lstrip("−") in row.pair
    timestep = state.timestep
    formula.follow(row.place)
    QApplication.processEvents()
    assert (state.layer, state.timestep, state.unit) == (0, timestep, row.place.unit)
    assert state.quantity == "hidden_state"
    assert view.sum.result.endswith(figure(value))
    assert formula.trail == (Place("forget_gate", 0, timestep, 1),)
    lab.press("Backspace")
    assert (state.layer, state.quantity, state.unit) == (None, "forget_gate", 0)


def test_a_gate_is_held_in_one_layer_alone(lab: Lab) -> None:
    state = lab.window.state
    lab.press("W", "Home", "A", "0")
    assert lab.listed == [HoldQuantity("forget_gate", 0.0, layer=1)]
    assert "all units of layer 2 held shut" in lab.panel.list.rows[0].line.words
    view = state.what_if
    assert view is not None
    changed = view.changed["lstm"]
    assert not changed.value("forget_gate", 1).any()
    assert changed.value("forget_gate", 0).all()
    assert state.trace is changed
    assert view.held(state.trace, "forget_gate", 0, 0)
    lab.press("L")
    assert state.trace is not changed
    assert view.is_changed(state.trace)  # type: ignore[arg-type]
    assert not view.held(state.trace, "forget_gate", 0, 0)
    assert lab.panel.buttons.whose.text() == "layer 1"
    lab.press("A", "A", "A", "0")
    assert lab.listed[1] == HoldQuantity("forget_gate", 0.0, layer=0)


def test_a_lecture_begins_where_one_was(lab: Lab) -> None:
    window, page = lab.window, lab.page
    lab.press("K")
    window.set_lecture(True, full_screen=False)
    lab.settle()
    assert page.side.isVisible()
    assert page.diagram.isHidden()
    window.set_lecture(False)
    lab.press("F")
    lab.press("Ctrl+4")
    memory = window.current_page
    assert isinstance(memory, MemoryPage)
    memory.show_section("units")
    window.set_lecture(True, full_screen=False)
    lab.settle()
    assert memory.section == "units"
    assert memory.half_life_panel.isVisible()
    assert not memory.stack_panel.isVisible()


def test_what_units_know_follows_the_layer_and_says_which_it_is(lab: Lab) -> None:
    lab.press("Ctrl+4")
    memory = lab.window.current_page
    assert isinstance(memory, MemoryPage)
    memory.show_section("units")
    lab.settle()
    told: dict[int, tuple[object, ...]] = {}
    for layer in (2, 1):
        facts, change = memory.facts_panel, memory.change_panel
        assert facts._measures is not None
        assert (facts._measures.layer, facts._measures.depth) == (layer - 1, 2)
        named = f"LSTM, layer {layer} of 2"
        assert facts.words.text().startswith(named)
        assert change.chart._summary.startswith(named)
        assert memory.half_life_panel.chart._summary.startswith(named)
        assert memory.layer_bar.isVisible()
        assert memory.layer_bar.accessibleDescription() == f"layer {layer} of 2"
        line, whole = facts.table.current, lab.window.state.true_trace
        assert line is not None
        assert whole is not None
        shown = facts.unit_row._series[0].values
        assert np.array_equal(shown, whole.value(line.quantity, layer - 1)[:, line.unit])
        told[layer] = (*change.chart._short, line)
        lab.press("L")
    assert told[1] != told[2]
    memory.show_section("horizon")
    assert not memory.layer_bar.isVisible()  # these are about whole networks
