"""The Step page driven as a user drives it: keys, clicks on units, gates and networks, training underneath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from playground.contract.runner import TraceRequest
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.page_table import PAGES
from playground.ui.pages.step import StepPage
from playground.ui.panels.cell_vector import VectorItem
from playground.ui.panels.formula_tabs import ALL
from playground.ui.settings import WindowSettings
from playground.ui.state import Moment
from tests.ui.canned import canned_moment, canned_trace, product_cells
from tests.ui.fake_runner import FakeRunner
from tests.ui.placeholder_pages import PLACEHOLDERS
from tests.ui.shell import Shell, colours, make_shell

CELLS = {cell.name: cell for cell in product_cells()}
SIZES = [(1024, 700), (1280, 720), (1440, 900), (1920, 1080)]


def make_page(qtbot: QtBot, size: tuple[int, int] = (1440, 900), **more: object) -> tuple[Shell, StepPage]:
    """The real window, turned to the real page; the canned traces have 10 timesteps and 16 units."""
    settings = WindowSettings(theme="light", motion=False, page="step")
    pages = (PLACEHOLDERS[0], next(page for page in PAGES if page.key == "step"), PLACEHOLDERS[2])
    shell = make_shell(qtbot, pages=pages, settings=settings, size=size, **more)  # type: ignore[arg-type]
    page = shell.page()
    assert isinstance(page, StepPage)
    shell.poll()
    return shell, page


def show_cells(shell: Shell, names: list[str], **more: object) -> None:
    """Put traces of these cells on the page, whatever the runner has."""
    moment = canned_moment([CELLS[name] for name in names], **more)  # type: ignore[arg-type]
    shell.state.set_moment(replace(moment, live=False))
    shell.state.set_network(names[0])
    QApplication.processEvents()


def vector(page: StepPage, name: str) -> VectorItem:
    return next(item for item in page.diagram.scene.vectors if item.spot.quantity == name)


def click_scene(
    page: StepPage, at: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    view = page.diagram.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, view.mapFromScene(at))


# -- stepping
def test_keys_and_the_clicker_step_and_everything_follows(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    for key, timestep in (
        ("Right", 1),
        ("PgDown", 2),
        ("Left", 1),
        ("PgUp", 0),
        ("End", 9),
        ("Home", 0),
        ("Right", 1),
    ):
        shell.press(key)
        assert shell.state.timestep == timestep
    QApplication.processEvents()
    assert page.controls.place.text() == "t = 2 of 10"
    assert page.controls.slider.value() == 1
    assert "timestep 2 of 10" in page.diagram.view.accessibleDescription()
    trace = shell.state.trace
    assert trace is not None
    assert page.formula.view.content is not None
    assert page.formula.view.content.value == pytest.approx(float(trace.value("forget_gate")[1, 0]))


def test_the_transport_buttons(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    controls = page.controls
    for button, timestep in (
        (controls.next, 1),
        (controls.next, 2),
        (controls.previous, 1),
        (controls.question, 9),
        (controls.first, 0),
    ):
        button.click()
        assert shell.state.timestep == timestep
    assert not controls.first.isEnabled()
    assert not controls.previous.isEnabled()
    controls.slider.setValue(6)
    assert shell.state.timestep == 6
    page.jump(3)
    page.next_timestep()
    page.next_timestep()
    page.previous_timestep()
    assert shell.state.timestep == 4


def test_space_plays_to_the_end_and_stops(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    page.controls.pace.setCurrentIndex(3)
    shell.state.set_timestep(7)
    shell.press("Space")
    assert page.controls.playing
    assert page.controls.play.accessibleName() == "Stop playing"
    qtbot.waitUntil(lambda: not page.controls.playing, timeout=5000)
    assert shell.state.timestep == 9
    page.toggle_play()
    assert shell.state.timestep == 0, "at the end it begins again"
    shell.press("Space")
    assert not page.controls.playing


def test_playing_stops_when_the_page_is_left(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    page.toggle_play()
    shell.state.set_page("memory")
    assert not page.controls.playing


def test_the_wheel_steps(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    for target in (page, page.strip_card.strip):
        before = shell.state.timestep
        for delta, expected in ((-120, before + 1), (-120, before + 2), (120, before + 1)):
            event = QWheelEvent(
                QPointF(5, 5),
                QPointF(target.mapToGlobal(QPoint(5, 5))),
                QPoint(0, 0),
                QPoint(0, delta),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(target, event)
            assert shell.state.timestep == expected


# -- moments
def test_stepping_while_training_pins_the_moment_and_follow_goes_on(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.monitor.start()
    shell.poll(5)
    assert shell.state.moment.live
    shell.press("Right")
    pinned = shell.state.moment.update
    assert not shell.state.moment.live
    shell.poll(5)
    assert shell.state.moment.update == pinned
    assert shell.monitor.snapshot.update == pinned + 5
    assert page.moment_sign.text.words == f"pinned at update {pinned} · the run is at {pinned + 5}"
    QTest.mouseClick(page.moment_sign.follow, Qt.MouseButton.LeftButton)
    assert shell.state.moment.live
    shell.poll(2)
    assert shell.state.moment.update == pinned + 7
    assert page.moment_sign.text.words == f"update {pinned + 7} · live"
    assert page.moment_sign.follow.isHidden()


def test_stepping_while_paused_stays_live(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.train(3)
    shell.press("Right")
    assert shell.state.moment.live
    assert page.moment_sign.text.words == "update 3"


def test_stepping_on_another_page_pins_nothing(qtbot: QtBot) -> None:
    shell, _ = make_page(qtbot)
    shell.state.set_page("memory")
    shell.monitor.start()
    shell.poll(2)
    shell.state.set_timestep(4)
    assert shell.state.moment.live


def test_stepping_asks_the_network_nothing_but_once_what_it_knew_without_the_gap(qtbot: QtBot) -> None:
    shell, _ = make_page(qtbot)
    shell.train(2)
    shell.runner.calls.clear()
    for _ in range(3):
        shell.press("Home")
        for _ in range(9):
            shell.press("Right")
    requests = [call[1] for call in shell.runner.calls if isinstance(call, tuple) and call[0] == "request"]
    assert len(requests) == 1
    assert isinstance(requests[0], TraceRequest)
    assert requests[0].sequence is not None
    assert [event.name for event in requests[0].sequence.events] == ["bear", "fox", "dog_or_wolf"]


def test_a_rewind_forgets_the_question(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.train(2)
    shell.state.set_timestep(9)
    shell.poll()
    shell.monitor.rewind()
    shell.poll()
    assert page._asked_about == (-1, -1) or page._asked_about[1] == 0


# -- the diagram
@pytest.mark.parametrize("name", list(CELLS))
@pytest.mark.parametrize("units", [1, 16, 128])
def test_every_cell_with_one_sixteen_and_many_units(name: str, units: int, qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    show_cells(shell, [name], units=units)
    names = {item.spot.quantity for item in page.diagram.scene.vectors}
    assert set(CELLS[name].states) <= names
    assert colours(page.diagram) > 20
    layout = page.diagram.scene.cell_layout
    assert layout is not None
    room = page.diagram.view.viewport().size()
    assert layout.width <= room.width()
    assert layout.height <= room.height()
    for key in ("Right", "Right", "Left"):
        shell.press(key)
    last = vector(page, next(iter(names)))
    click_scene(page, last.cell_rect(units - 1).center())
    assert shell.state.units == (units - 1,)
    assert f"unit {units}" in page.formula.title.text()


def test_a_click_on_a_cell_selects_the_unit_everywhere(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    click_scene(page, vector(page, "forget_gate").cell_rect(4).center())
    assert shell.state.units == (4,)
    assert page.formula.title.text() == "Forget gate, unit 5"
    click_scene(page, vector(page, "cell_state").cell_rect(7).center(), Qt.KeyboardModifier.ControlModifier)
    assert shell.state.units == (4, 7)
    click_scene(page, vector(page, "hidden_state").cell_rect(4).center(), Qt.KeyboardModifier.ControlModifier)
    assert shell.state.units == (7,)
    click_scene(page, vector(page, "previous_cell_state").cell_rect(2).center())
    assert shell.state.units == (2,)


def test_the_vectors_have_the_colours_of_the_values(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_timestep(5)
    QApplication.processEvents()
    trace = shell.state.trace
    assert trace is not None
    gate = vector(page, "forget_gate")
    before = vector(page, "previous_hidden_state")
    after = vector(page, "hidden_state")
    picture = page.diagram.view.grab().toImage()

    def colour(item: VectorItem, unit: int) -> int:
        at = page.diagram.view.mapFromScene(item.cell_rect(unit).center())
        return picture.pixelColor(at).rgb()

    values = trace.value("forget_gate")[5]
    open_unit, shut_unit = int(np.argmax(values)), int(np.argmin(values))
    reddest = page.state.theme.role("forget")
    assert abs((colour(gate, open_unit) >> 16 & 255) - reddest.red()) < abs(
        (colour(gate, shut_unit) >> 16 & 255) - reddest.red()
    ) or colour(gate, open_unit) != colour(gate, shut_unit)
    shell.state.set_timestep(6)
    QApplication.processEvents()
    later = page.diagram.view.grab().toImage()
    for unit in (1, 6, 11):  # what was new at t is old at t + 1
        at_new = page.diagram.view.mapFromScene(after.cell_rect(unit).center())
        at_old = page.diagram.view.mapFromScene(before.cell_rect(unit).center())
        assert picture.pixelColor(at_new) == later.pixelColor(at_old)


def test_hovering_tells_the_value_in_words(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_timestep(3)
    trace = shell.state.trace
    assert trace is not None
    value = float(trace.value("forget_gate")[3, 3])
    assert page.diagram.words_for_unit("forget_gate", 3) == f"forget gate, unit 4: {value:.2f}"
    assert page.diagram.words_for_unit("previous_cell_state", 0).startswith(
        "long-term memory from t = 3, unit 1: "
    )
    assert page.diagram.words_for_unit("forget_gate", 99) == ""
    assert "long-term memory that is kept" in page.diagram.words_for_quantity("forget_gate")


def test_clicking_a_gate_or_a_sign_opens_its_formula(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    learn = next(box for box in page.diagram.scene.boxes if box.spot.role == "learn")
    header = learn.spot.header
    click_scene(page, QPointF(header.cx, header.cy))
    assert shell.state.quantity == "input_gate"
    row = next(row for row in learn.spot.rows if row.quantity == "candidate")
    click_scene(page, QPointF(row.symbol.cx, row.symbol.cy))
    assert shell.state.quantity == "candidate"
    assert page.formula.title.text() == "New information, unit 1"
    plus = next(op for op in page.diagram.scene.ops if op.spot.sign == "+")
    click_scene(page, QPointF(plus.spot.x, plus.spot.y))
    assert shell.state.quantity == "cell_state"
    assert page.formula.title.text() == "Long-term memory, unit 1"


def test_values_travel_on_and_can_be_interrupted(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.motion = True
    shell.press("Right")
    assert page.diagram.moving
    qtbot.waitUntil(lambda: page.diagram.scene.motion is not None and page.diagram.scene.motion.moving > 0)
    shell.press("Right")
    assert page.diagram.moving, "the next timestep begins anew"
    shell.press("Left")
    assert not page.diagram.moving, "nothing travels backwards"
    assert page.diagram.scene.motion is not None
    assert page.diagram.scene.motion.moving == 0
    shell.press("Right")
    shell.state.set_page("memory")
    assert not page.diagram.moving
    shell.state.set_page("step")
    shell.state.motion = False
    shell.press("Right")
    assert not page.diagram.moving


def test_a_journey_ends_where_its_values_go(qtbot: QtBot) -> None:
    _, page = make_page(qtbot)
    layout = page.diagram.scene.cell_layout
    assert layout is not None
    assert {journey.quantity for journey in layout.journeys} >= {
        "inputs",
        "previous_hidden_state",
        "previous_cell_state",
        "forget_gate",
        "learned",
        "cell_state",
        "hidden_state",
    }
    assert all(0 <= journey.begin < journey.end <= 1 for journey in layout.journeys)


# -- networks, words, themes, sizes
def test_another_network_is_opened_with_its_own_diagram(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    said = set()
    for network in ("no_memory", "rnn", "lstm", "guide_lstm"):
        QTest.mouseClick(page.chooser.button(network), Qt.MouseButton.LeftButton)
        QApplication.processEvents()
        assert shell.state.network == network
        said.add(page.sentence.words)
    assert len(said) == 4
    assert any("standard LSTM is running" in words for words in said)
    assert any(
        "guide's LSTM is running: its use gate has a small network of its own" in words for words in said
    )


def test_a_page_that_is_opened_late_offers_the_networks_too(qtbot: QtBot) -> None:
    pages = (PLACEHOLDERS[0], next(page for page in PAGES if page.key == "step"))
    shell = make_shell(qtbot, pages=pages, settings=WindowSettings(theme="light", motion=False, page="train"))
    shell.train(3)
    shell.state.set_page("step")
    QApplication.processEvents()
    page = shell.page()
    assert isinstance(page, StepPage)
    assert page.chooser.isVisible()


def test_the_chosen_formula_is_kept_for_networks_that_have_it(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_quantity("output_gate")
    shell.state.set_network("rnn")
    assert page.formula.title.text() == "Short-term memory, unit 1"
    shell.state.set_network("guide_lstm")
    assert page.formula.title.text() == "Use gate, unit 1"


def test_the_vocabulary_changes_every_word(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    guide = {label.text for label in page.diagram.scene.labels}
    assert any("Long-term memory" in text for text in guide)
    shell.press("V")
    QApplication.processEvents()
    textbook = {label.text for label in page.diagram.scene.labels}
    assert any("Cell state" in text for text in textbook)
    assert not any("memory" in text for text in textbook)
    content = page.formula.view.content
    assert content is not None
    assert "h_{t-1}" in content.latex
    assert " from h" in content.spoken
    assert "cell state" in content.first


def test_both_themes_paint_and_differ(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    pictures = []
    for dark in (False, True):
        shell.state.set_appearance(dark=dark)
        QApplication.processEvents()
        for panel in (page.diagram, page.formula, page.prediction, page.strip_card):
            assert colours(panel) > 10
        pictures.append(page.grab().toImage())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lecture", [False, True], ids=["", "lecture"])
def test_nothing_is_cut_off(size: tuple[int, int], lecture: bool, qtbot: QtBot) -> None:
    if lecture and size == (1024, 700):
        pytest.skip("a lecture needs 1280x720")
    shell, page = make_page(qtbot, size)
    networks = [cell.name for cell in product_cells()]
    show_cells(shell, networks)
    shell.state.set_appearance(lecture=lecture)
    shell.window.resize(*size)
    for group in range(2 if lecture else 1):
        if group:
            shell.window.lecture.turn(1)
        for network in networks:
            shell.state.set_network(network)
            trace = shell.state.trace
            assert trace is not None
            for timestep in (4, 9):
                shell.state.set_timestep(timestep)
                for equation in trace.description.equations:
                    shell.state.set_quantity(equation.target)
                    for _ in range(8):  # words are written, then room is made for them, from the inside out
                        QApplication.processEvents()
                    check_nothing_is_cut(page, lecture)


def check_nothing_is_cut(page: StepPage, lecture: bool) -> None:
    inside = page.rect()
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or (isinstance(widget, QAbstractButton) and widget.parent() is None):
            continue
        needed = widget.minimumSizeHint()
        if isinstance(widget, QAbstractButton | QSlider | QComboBox):
            corner = widget.mapTo(page, QPoint(0, 0))
            assert inside.contains(corner), widget.accessibleName()
            assert inside.contains(corner + QPoint(widget.width() - 1, widget.height() - 1)), (
                widget.accessibleName()
            )
        if widget in (page.formula.view, page.prediction.bars, page.diagram.view, page.chooser):
            assert widget.height() >= needed.height(), type(widget).__name__
            assert widget.width() >= min(needed.width(), 100), type(widget).__name__
    if page.formula.view.isVisible():
        assert page.formula.view.height() >= page.formula.view.essential_height()
    if page.diagram.isVisible():
        layout = page.diagram.scene.cell_layout
        assert layout is not None
        assert layout.width <= page.diagram.view.viewport().width()
        assert layout.height <= page.diagram.view.viewport().height()
        if lecture:
            assert all(label.spot.size * page.state.theme.scale >= 20 for label in page.diagram.scene.labels)


def test_lecture_groups_have_at_most_three_panels(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot, (1280, 720))
    groups = page.lecture_groups()
    assert all(1 <= len(group) <= 3 for group in groups)
    shell.state.set_appearance(lecture=True)
    QApplication.processEvents()
    assert page.diagram.isVisible()
    assert not page.formula.isVisible()
    shell.press("Tab")
    QApplication.processEvents()
    assert not page.diagram.isVisible()
    assert page.formula.isVisible()
    assert page.prediction.isVisible()
    shell.state.set_appearance(lecture=False)
    QApplication.processEvents()
    assert page.diagram.isVisible()
    assert page.formula.isVisible()


# -- formulas
def test_tabs_reach_every_formula_and_the_overview_all_of_them(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot, (1280, 720))
    trace = shell.state.trace
    assert trace is not None
    targets = [equation.target for equation in trace.description.equations]
    assert page.formula.tabs.names == (*targets, ALL)
    for target in targets:
        page.formula.tabs.tab(target).click()
        assert shell.state.quantity == target
        assert page.formula.view.content is not None
        assert page.formula.view.content.value == pytest.approx(float(trace.value(target)[0, 0]))
    page.formula.tabs.tab(ALL).click()
    QApplication.processEvents()
    assert page.formula.overview.isVisible()
    assert [row.name for row in page.formula.overview.rows] == targets
    assert not page.formula.view.isVisible()
    page.formula.overview.setFocus()
    QTest.keyClick(page.formula.overview, Qt.Key.Key_Up)
    assert shell.state.quantity == targets[-2]
    QTest.mouseClick(page.formula.overview, Qt.MouseButton.LeftButton, pos=QPoint(40, 5))
    assert shell.state.quantity == targets[0]
    page.formula.tabs.tab(targets[2]).click()
    QApplication.processEvents()
    assert page.formula.view.isVisible()


def test_a_large_window_shows_formula_and_overview_together(qtbot: QtBot) -> None:
    _, page = make_page(qtbot, (1920, 1080))
    assert page.formula.view.isVisible()
    assert page.formula.overview.isVisible()
    assert ALL not in page.formula.tabs.names


def test_the_unit_buttons_go_round(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    page.formula.previous_unit.click()
    assert shell.state.unit == 15
    page.formula.next_unit.click()
    page.formula.next_unit.click()
    assert shell.state.unit == 1


# -- predictions
def test_a_click_on_a_bar_opens_that_network(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_timestep(9)
    QApplication.processEvents()
    bars = page.prediction.bars
    rnn = [row.network for row in bars.table.rows].index("rnn")
    y = next(y for y in range(bars.height()) if bars.row_at(y) == rnn)
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(10, y + 2))
    assert shell.state.network == "rnn"


def test_the_question_shows_the_rivals_and_other_timesteps_the_truth(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    shell.state.set_timestep(9)
    QApplication.processEvents()
    assert [column.title for column in page.prediction.bars.table.columns] == ["wolf", "dog"]
    shell.state.set_timestep(2)
    QApplication.processEvents()
    table = page.prediction.bars.table
    assert table.columns[0].truth
    assert table.columns[0].title == table.truth
    assert page.prediction.note.text() == f"truth: {table.truth}"
    assert table.truth in page.prediction.bars.accessibleDescription()


# -- odd sequences
@pytest.mark.parametrize("length", [1, 2, 64, 500])
def test_sequences_of_any_length(length: int, qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    show_cells(shell, ["lstm", "rnn"], length=length)
    assert shell.state.length == length
    for key in ("End", "Right", "Home", "Left", "Right"):
        shell.press(key)
    QApplication.processEvents()
    assert page.controls.place.text() == f"t = {min(2, length)} of {length}"
    assert colours(page.diagram) > 20


def test_before_anything_was_read_every_panel_says_what_to_do(qtbot: QtBot) -> None:
    def nothing(run_id: int, update: int) -> Mapping[str, SequenceTrace]:
        return MappingProxyType({})

    shell, page = make_page(qtbot, runner=FakeRunner(nothing))
    assert "press Train" in page.sentence.words
    assert "press Train" in page.diagram.hint.words
    assert page.formula.empty.isVisible()
    assert page.prediction.note.text() == "Nobody has answered yet."
    for key in ("Right", "Space", "Left"):
        shell.press(key)
    show_cells(shell, ["gru"])
    assert not page.formula.empty.isVisible()
    shell.state.set_moment(Moment())
    QApplication.processEvents()
    assert page.diagram.scene.cell_layout is None


def test_numbers_that_ran_away_are_told_not_drawn(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    trace = canned_trace(CELLS["lstm"])
    layer = trace.layers[0]
    spoilt = {name: np.full_like(values, np.nan) for name, values in layer.quantities.items()}
    broken = replace(trace, layers=(replace(layer, quantities=spoilt),))
    shell.state.set_moment(Moment(1, 5, {"lstm": broken}, live=False))
    for timestep in (0, 5, 9):
        shell.state.set_timestep(timestep)
        QApplication.processEvents()
    content = page.formula.view.content
    assert content is not None
    assert "not a number" in content.first
    assert colours(page) > 10


def test_several_layers_say_which_is_shown(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    trace = canned_trace(CELLS["lstm"])
    deep = replace(trace, layers=(trace.layers[0], trace.layers[0]))
    shell.state.set_moment(Moment(1, 5, {"lstm": deep}, live=False))
    QApplication.processEvents()
    assert "layer 2 of 2" in page.diagram.hint.words


def test_every_cell_says_that_it_is_running(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    for cell in product_cells():
        show_cells(shell, [cell.name])
        assert cell.running.guide in page.sentence.words
        assert page.formula.view.content is not None


def test_every_control_has_a_name_and_a_sentence(qtbot: QtBot) -> None:
    _, page = make_page(qtbot, (1920, 1080))
    for widget in page.findChildren(QWidget):
        if isinstance(widget, QAbstractButton | QComboBox | QSlider) and widget.isVisible():
            assert widget.accessibleName(), widget
            assert widget.toolTip(), widget.accessibleName()
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.accessibleName()
