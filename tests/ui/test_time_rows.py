"""Strip and heat maps: they show the values given, tell them in words, and move the playhead."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.tasks.nature_show import NatureShow
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.plots.heatmap import HeatRow, cell_colours
from playground.ui.plots.time_rows import TimeStack
from playground.ui.state import Moment, UiState
from playground.ui.theme import DARK, LIGHT, Theme

TASK = NatureShow(NatureShowSettings())


class StateOfTen(UiState):
    """Ten timesteps, without a trace."""

    @property
    def length(self) -> int:
        return 10


@pytest.fixture
def stack(qtbot: QtBot) -> TimeStack:
    state = StateOfTen()
    stack = TimeStack(state)
    qtbot.addWidget(stack)
    strip = EventStripRow(state, numbers=True)
    strip.show_events(TASK.probe().events)
    heat = HeatRow(state, "Hidden state")
    values = np.linspace(-1, 1, 40, dtype=np.float32).reshape(10, 4)
    heat.show_values(values, role="short_term", span="minus_one_to_one", name="hidden state")
    stack.set_rows([strip, heat])
    stack.set_timeline(10, strip.fold)
    stack.resize(900, 260)
    stack.show()
    return stack


def pixel(stack: TimeStack, timestep: int, unit: int) -> str:
    heat = stack.rows[1]
    image = heat.grab().toImage()
    x = float(heat.axis.centres[timestep]) + 8  # beside the playhead
    y = (unit + 0.5) * heat.height() / 4
    return image.pixelColor(round(x), round(y)).name().upper()


def test_a_cell_has_the_colour_of_its_value(stack: TimeStack) -> None:
    assert pixel(stack, 0, 0) == LIGHT.negative
    assert pixel(stack, 9, 3) == LIGHT.positive
    stack.state.set_appearance(dark=True)
    assert pixel(stack, 0, 0) == DARK.negative


def test_units_stand_in_the_order_given(stack: TimeStack) -> None:
    heat = stack.rows[1]
    assert isinstance(heat, HeatRow)
    values = np.zeros((10, 4), np.float32)
    values[:, 2] = 1
    heat.show_values(
        values, role="forget", span="zero_to_one", name="forget gate", order=np.array([2, 0, 1, 3])
    )
    assert pixel(stack, 4, 0) == dict(LIGHT.roles)["forget"]
    assert heat.unit_at(1) == 2
    assert heat.words_at(4, QPointF(0, 1)) == "forget gate, unit 3, timestep 5: 1.000"


def test_hovering_tells_the_value_in_words(stack: TimeStack) -> None:
    assert stack.rows[1].words_at(0, QPointF(0, 1)) == "hidden state, unit 1, timestep 1: -1.000"
    assert stack.rows[0].words_at(9, QPointF()) == "timestep 10: dog or wolf?"


def test_a_click_moves_the_playhead_and_selects_the_unit(qtbot: QtBot, stack: TimeStack) -> None:
    heat = stack.rows[1]
    place = QPoint(round(heat.axis.centres[6]), round(heat.height() * 0.6))
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=place)
    assert (stack.state.timestep, stack.state.units) == (6, (2,))
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=place)
    assert stack.state.units == ()


def test_the_playhead_stands_on_the_current_column(stack: TimeStack) -> None:
    for timestep in (0, 4, 9):
        stack.state.set_timestep(timestep)
        QApplication.processEvents()
        middle = stack._playhead.geometry().center().x()
        assert abs(middle - stack.axis.centres[timestep]) <= 1
        assert stack._playhead.y() >= stack.rows[0].geometry().bottom()


def test_all_rows_share_their_columns(stack: TimeStack) -> None:
    for width in (500, 1200):
        stack.resize(width, 260)
        QApplication.processEvents()
        assert {row.axis for row in stack.rows} == {stack.axis}


def test_values_of_another_length_are_not_drawn_in_wrong_columns(stack: TimeStack) -> None:
    heat = stack.rows[1]
    assert isinstance(heat, HeatRow)
    heat.show_values(np.ones((7, 4), np.float32), role="use", span="zero_to_one", name="use gate")
    assert pixel(stack, 2, 0) == LIGHT.sunken


def test_long_runs_are_folded_in_words(qtbot: QtBot) -> None:
    state = UiState()
    strip = EventStripRow(state)
    qtbot.addWidget(strip)
    strip.show_events(TASK.sequence(["bear", *["flower", "tree"] * 10, "dog_or_wolf"]).events)
    assert strip.fold is None
    state.set_appearance(lecture=True)
    assert strip.fold == (3, 18)
    assert "22 events: bear, flower, tree" in strip.accessibleDescription()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_colours_clip_at_the_ends_and_nan_is_no_crash(palette: object) -> None:
    theme = Theme(palette)  # type: ignore[arg-type]
    values = np.array([-9.0, -1.0, 1.0, 9.0, np.nan], np.float32)
    colours = cell_colours(theme, values, "short_term", "minus_one_to_one")
    assert colours[0] == colours[1]
    assert colours[2] == colours[3]
    wide = cell_colours(theme, values, "long_term", "unbounded", bound=9.0)
    assert wide[0] == colours[0]
    assert wide[1] != colours[1]


def test_at_most_eight_units_are_selected(stack: TimeStack) -> None:
    for unit in range(10):
        stack.state.toggle_unit(unit)
    assert stack.state.units == tuple(range(2, 10))


def test_a_moment_without_the_network_opens_another(qtbot: QtBot) -> None:
    state = UiState()
    trace: SequenceTrace = object.__new__(SequenceTrace)
    object.__setattr__(trace, "probabilities", np.zeros((3, 2), np.float32))
    state.set_timestep(2)
    state.set_moment(Moment(1, 5, {"rnn": trace}))
    assert state.network == "rnn"
    assert state.length == 3


def test_a_strip_that_stands_alone_follows_the_playhead(qtbot: QtBot) -> None:
    state = StateOfTen()
    alone = TimeStack(state)
    qtbot.addWidget(alone)
    strip = EventStripRow(state, numbers=True)
    strip.show_events(TASK.probe().events)
    alone.set_rows([strip])
    alone.set_timeline(10, strip.fold)
    alone.resize(900, 90)
    alone.show()
    QApplication.processEvents()
    painted: list[int] = []
    strip.paint_row = lambda painter: painted.append(state.timestep)  # type: ignore[method-assign]
    for timestep in (3, 4):
        state.set_timestep(timestep)
        QApplication.processEvents()
    assert painted == [3, 4]
