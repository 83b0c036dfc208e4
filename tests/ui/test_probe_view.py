from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.engine.cells import CELLS
from playground.tasks import TASKS
from playground.trace.memory import UNIT_ORDERS
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.answers_row import AnswersRow
from playground.ui.panels.network_chooser import NetworkChooser
from playground.ui.panels.probe_rows import ScaledHeatRow
from playground.ui.panels.probe_view import ProbeView, shown_quantities
from playground.ui.panels.unit_lines import UnitLineRow
from playground.ui.plots.time_axis import TimeAxis
from playground.ui.style_sheet import style_sheet
from tests.ui.canned import canned_trace
from tests.ui.recorded import ALL, Played, played


def shown(qtbot: QtBot, session: Played, size: tuple[int, int] = (1000, 560)) -> ProbeView:
    view = ProbeView(session.state, session.monitor)
    view.setStyleSheet(style_sheet(session.state.theme))
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    return view


def heat_rows(view: ProbeView) -> list[ScaledHeatRow]:
    return [row for row in view.stack.rows if isinstance(row, ScaledHeatRow)]


def line_rows(view: ProbeView) -> list[UnitLineRow]:
    return [row for row in view.stack.rows if isinstance(row, UnitLineRow)]


def names(view: ProbeView) -> list[str]:
    return [row.accessibleName() for row in heat_rows(view)]


# -- which rows there are
@pytest.mark.parametrize("network", ALL)
def test_every_memory_and_every_gate_has_its_row(network: str) -> None:
    description = CELLS[network].description
    shown_names = [quantity.name for quantity in shown_quantities(description)]
    assert len(set(shown_names)) == len(shown_names)
    assert {gate.name for gate in description.gates} <= set(shown_names)
    assert set(description.states) <= set(shown_names)
    if description.has_cell_state:
        assert shown_names[:2] == ["cell_state", "hidden_state"]


def test_the_rows_are_named_in_both_vocabularies(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    assert names(view) == [
        "Long-term memory",
        "Short-term memory",
        "Forget gate",
        "Ignore factor",
        "New information",
        "Use gate",
    ]
    session.state.set_appearance(vocabulary="textbook")
    assert names(view) == [
        "Cell state",
        "Hidden state",
        "Forget gate",
        "Input gate",
        "Candidate",
        "Output gate",
    ]


def test_another_network_brings_its_own_rows(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    session.state.set_network("gru")
    assert names(view) == ["Short-term memory", "Reset gate", "Update gate", "New information"]
    session.state.set_network("rnn")
    assert names(view) == ["Short-term memory"]
    QApplication.processEvents()
    assert heat_rows(view)[0].height() > 200
    session.state.set_network("guide_lstm")
    assert len(names(view)) == 7


def test_a_cell_has_the_colour_of_its_value(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    row = heat_rows(view)[2]
    gate = session.state.trace.value("forget_gate")
    image = row.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    neutral, full = session.state.theme.colour("neutral"), session.state.theme.role("forget")
    for timestep, unit in ((0, 0), (4, 7), (8, 15)):
        x = round(row.axis.centres[timestep])
        y = int((unit + 0.5) * row.height() / gate.shape[1])
        painted, share = QColor(image.pixel(x, y)), float(gate[timestep, unit])
        expected = neutral.red() + share * (full.red() - neutral.red())
        assert painted.red() == pytest.approx(expected, abs=2)


def test_hovering_a_cell_tells_unit_timestep_and_value(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    row = heat_rows(view)[0]
    unit, timestep = 5, 3
    y = (unit + 0.5) * row.height() / 16
    value = float(session.state.trace.value("cell_state")[timestep, unit])
    words = row.words_at(timestep, QPointF(row.axis.centres[timestep], y))
    assert words.startswith("Long-term memory, unit 6, timestep 4: ")
    assert float(words.rsplit(" ", 1)[1].replace("−", "-")) == pytest.approx(value, abs=5e-4)


def test_the_range_of_the_long_term_memory_is_held_and_written_beside_it(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    bound = session.state.value_ranges.bound(session.state.trace, "cell_state")
    assert heat_rows(view)[0].range_words == f"−{bound:g} … {bound:g}"
    for _ in range(25):
        session.play(10)
        grown = session.state.value_ranges.bound(session.state.trace, "cell_state")
        assert grown >= bound
        assert np.abs(session.state.trace.value("cell_state")).max() <= grown
        assert heat_rows(view)[0].range_words == f"−{grown:g} … {grown:g}"
        bound = grown
    assert [row.range_words for row in heat_rows(view)][1:3] == ["−1 … 1", "0 … 1"]


# -- before, during and long after
def test_before_the_networks_are_made_the_strip_is_there(qtbot: QtBot) -> None:
    from playground.ui.monitor import RunMonitor
    from playground.ui.state import UiState
    from tests.ui.fake_runner import FakeRunner

    state = UiState()
    session = Played(state, FakeRunner(), RunMonitor(FakeRunner(), state))  # type: ignore[arg-type]
    view = shown(qtbot, session)
    assert "bear, fox" in view.strip.accessibleDescription()
    assert "dog or wolf?" in view.strip.accessibleDescription()
    assert names(view) == ["Long-term memory", "Short-term memory", "Forget gate"]
    assert view.strip.axis.length == 10
    assert "as soon as" in view.hint.words
    assert view.chooser.isHidden()


def test_the_title_names_network_and_update(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    session.play(240)
    assert view.title.text() == "LSTM, live"
    assert view.moment_note.shown == "update 240 · one fixed sequence"
    session.monitor.go_to(100)
    session.poll()
    assert view.title.text() == "LSTM at update 100"
    assert view.moment_note.shown.startswith("as it was then")
    session.play(20)
    assert view.title.text() == "LSTM at update 100"
    session.monitor.back_to_now()
    assert view.title.text() == "LSTM, live"
    assert view.moment_note.shown.startswith("update 260")


def test_what_is_shown_is_the_trace_of_the_moment(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    session.play(200)
    recorded = session.runner.recorded.moments
    np.testing.assert_array_equal(heat_rows(view)[0]._values, recorded[200]["lstm"].value("cell_state"))
    session.monitor.go_to(50)
    session.poll()
    np.testing.assert_array_equal(heat_rows(view)[0]._values, recorded[50]["lstm"].value("cell_state"))


def test_a_hidden_view_does_no_work(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    view.hide()
    session.play(100)
    assert view.moment_note.words.startswith("update 0")
    view.show()
    assert view.moment_note.words.startswith("update 100")


# -- what it says
def test_what_it_says_is_the_most_probable_answer(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    assert view.answers_row in view.stack.rows
    probabilities = session.state.trace.probabilities
    answers = session.monitor.task.answers
    best = int(probabilities[9].argmax())
    words = view.answers_row.words_at(9, QPointF())
    verdict = "right" if best == session.state.trace.targets[9] else "right would be wolf"
    assert words.splitlines()[0] == f"timestep 10, it says ({verdict}):"
    assert words.splitlines()[1].startswith(f"{answers[best].title}: ")
    assert len(words.splitlines()) == 4


def test_a_wrong_answer_has_a_cross_and_a_right_one_has_none(qtbot: QtBot) -> None:
    session = played()
    row = AnswersRow(session.state)
    qtbot.addWidget(row)
    row.name_answers(session.monitor.task)
    row.resize(900, row.height())
    row.set_axis(TimeAxis(2, 160, 840))
    row.show()
    sure = np.full((2, 12), 0.01, np.float32)
    sure[:, 3] = 0.89
    danger = session.state.theme.colour("danger_ink")

    def crosses(targets: list[int]) -> int:
        trace = session.state.trace
        assert trace is not None
        row.show_answers(
            dataclasses.replace(trace, logits=sure, probabilities=sure, targets=np.array(targets))
        )
        image = row.grab().toImage()
        return sum(
            image.pixelColor(x, y) == danger for x in range(160, 840, 1) for y in range(0, image.height(), 1)
        )

    assert crosses([3, 3]) == 0
    assert crosses([3, 4]) > 20


# -- units
def test_clicking_a_line_follows_the_unit_and_clicking_again_lets_it_go(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    assert view.hint.words == "Click a line of a heat map to follow that unit."
    assert not line_rows(view)
    row = heat_rows(view)[0]
    where = QPoint(round(row.axis.centres[4]), int(6.5 * row.height() / 16))
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=where)
    assert session.state.units == (6,)
    assert session.state.timestep == 4
    assert view.hint.words == "Following unit 7:"
    (lines,) = line_rows(view)
    assert lines.accessibleName() == "Long-term memory"
    np.testing.assert_array_equal(lines.lines[0].values, session.state.trace.value("cell_state")[:, 6])
    qtbot.mouseClick(view.clear_units, Qt.MouseButton.LeftButton)
    assert session.state.units == ()
    assert not line_rows(view)


def test_eight_units_can_be_followed_and_look_different(qtbot: QtBot) -> None:
    from playground.ui.panels.unit_lines import UNIT_STYLES

    session = played()
    view = shown(qtbot, session)
    for unit in range(9):
        session.state.toggle_unit(unit)
    (lines,) = line_rows(view)
    assert [line.unit for line in lines.lines] == list(range(1, 9))
    assert len({UNIT_STYLES[line.place] for line in lines.lines}) == 8


def test_lines_of_several_quantities_stand_under_each_other(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session, (1000, 700))
    session.state.set_units((2, 9))
    chips = {chip.quantity.name: chip for chip in view._chips}
    assert chips["cell_state"].isChecked()
    qtbot.mouseClick(chips["forget_gate"], Qt.MouseButton.LeftButton)
    assert [row.accessibleName() for row in line_rows(view)] == ["Long-term memory", "Forget gate"]
    row = line_rows(view)[1]
    value = float(session.state.trace.value("forget_gate")[3, 9])
    y = float(row._y_of(np.array([value]))[0])
    assert row.words_at(3, QPointF(0, y)) == f"Forget gate, unit 10, timestep 4: {value:.3f}"
    qtbot.mouseClick(chips["cell_state"], Qt.MouseButton.LeftButton)
    assert [row.accessibleName() for row in line_rows(view)] == ["Forget gate"]
    qtbot.mouseClick(chips["forget_gate"], Qt.MouseButton.LeftButton)
    assert [row.accessibleName() for row in line_rows(view)] == ["Forget gate"]  # the last one stays


def test_in_a_low_card_the_latest_choice_replaces_the_oldest(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session, (640, 310))
    session.state.set_units((2,))
    for chip in view._chips:
        if chip.quantity.name in ("forget_gate", "hidden_state", "candidate"):
            qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert len(line_rows(view)) < 4
    assert "New information" in [row.accessibleName() for row in line_rows(view)]
    checked = [chip.quantity.title["guide"] for chip in view._chips if chip.isChecked()]
    assert checked == [row.accessibleName() for row in line_rows(view)]


def test_units_can_be_followed_with_the_keyboard(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    view.activateWindow()
    row = heat_rows(view)[0]
    row.setFocus()
    for _ in range(3):
        qtbot.keyClick(row, Qt.Key.Key_Down)
    assert "unit 3" in session.state.status
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert session.state.units == (2,)


# -- the order of the units
def test_units_are_ordered_as_chosen(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    for position, ordering in enumerate(UNIT_ORDERS):
        view.ordering.setCurrentIndex(position)
        view.ordering.activated.emit(position)
        assert session.state.ordering == ordering
        expected = UNIT_ORDERS[ordering][1](session.state.trace, -1)
        for row in heat_rows(view):
            np.testing.assert_array_equal(row.shown_order, expected)
    session.state.set_ordering("half_life")
    assert view.ordering.currentData() == "half_life"


def test_a_click_selects_the_unit_that_is_seen_there(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    session.state.set_ordering("change")
    row = heat_rows(view)[3]
    expected = int(row.shown_order[10])
    where = QPoint(round(row.axis.centres[1]), int(10.5 * row.height() / 16))
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=where)
    assert session.state.units == (expected,)


def test_while_training_the_units_keep_their_places(qtbot: QtBot) -> None:
    session = played(updates_a_poll=10)
    view = shown(qtbot, session)
    session.state.set_ordering("change")
    session.monitor.start()
    session.poll(3)
    view._ordered_at += 1000.0  # as if it had just been ordered: no clock in a test
    before = heat_rows(view)[0].shown_order.copy()
    session.poll(8)
    np.testing.assert_array_equal(heat_rows(view)[0].shown_order, before)
    session.monitor.pause()
    session.poll()
    expected = UNIT_ORDERS["change"][1](session.state.trace, -1)
    np.testing.assert_array_equal(heat_rows(view)[0].shown_order, expected)


# -- the chooser
def test_the_chooser_opens_networks(qtbot: QtBot) -> None:
    session = played()
    chooser = NetworkChooser(session.state)
    qtbot.addWidget(chooser)
    chooser.show()
    assert chooser.networks == ALL
    qtbot.mouseClick(chooser.button("rnn"), Qt.MouseButton.LeftButton)
    assert session.state.network == "rnn"
    session.state.set_network("gru")
    assert chooser.button("gru").isChecked()
    assert not chooser.button("rnn").isChecked()
    assert chooser.button("gru").accessibleName() == "Open the GRU"


def test_the_chooser_follows_the_networks_of_the_moment(qtbot: QtBot) -> None:
    from playground.ui.state import Moment

    session = played()
    chooser = NetworkChooser(session.state)
    qtbot.addWidget(chooser)
    chooser.show()
    traces = {key: session.state.moment.traces[key] for key in ("rnn", "lstm")}
    session.state.set_moment(Moment(1, 0, traces))
    assert chooser.networks == ("rnn", "lstm")
    session.state.set_moment(Moment(1, 0, {"rnn": traces["rnn"]}))
    assert chooser.isHidden()
    assert session.state.network == "rnn"


# -- sizes
@pytest.mark.parametrize("size", [(606, 252), (622, 306), (1000, 560), (1500, 800)])
@pytest.mark.parametrize("network", ALL)
def test_no_row_lies_over_another(qtbot: QtBot, size: tuple[int, int], network: str) -> None:
    session = played()
    box = QWidget()
    qtbot.addWidget(box)
    box.setStyleSheet(style_sheet(session.state.theme))
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    view = ProbeView(session.state, session.monitor)
    column.addWidget(view)
    box.setFixedSize(*size)
    box.show()
    session.state.set_network(network)
    session.state.set_units((0, 5))
    QApplication.processEvents()
    assert (view.width(), view.height()) == size
    for row, below in zip(view.stack.rows, view.stack.rows[1:], strict=False):
        assert row.geometry().bottom() < below.geometry().top(), (row, below)
    assert view.stack.rows[-1].geometry().bottom() <= view.stack.height()
    assert view.stack.geometry().bottom() < view.ordering.geometry().top()


# -- other tasks
@dataclass
class OtherTask:
    """A row that shows what a network says about a task's probe."""

    row: AnswersRow
    trace: SequenceTrace

    def say(self, said: np.ndarray) -> None:
        self.row.show_answers(dataclasses.replace(self.trace, logits=said, probabilities=said))


def row_of(qtbot: QtBot, name: str) -> OtherTask:
    session = played()
    task = TASKS[name](None)
    probe = task.probe()
    row = AnswersRow(session.state)
    qtbot.addWidget(row)
    row.name_answers(task)
    row.resize(900, row.height())
    row.set_axis(TimeAxis(probe.length, 160, 840))
    row.show()
    form = canned_trace(
        CELLS["lstm"].description,
        answers=len(task.answers),
        length=probe.length,
        targets=np.zeros(probe.length, int),
    )
    return OtherTask(row, dataclasses.replace(form, targets=probe.targets, loss=task.loss))


def test_what_is_said_where_nobody_asks_is_not_judged(qtbot: QtBot) -> None:
    other = row_of(qtbot, "delayed-recall")
    said = np.full((22, 8), 0.02, np.float32)
    said[:, 1] = 0.86  # a bear, always; the truth is the wolf
    other.say(said)
    assert other.row.words_at(3, QPointF()).startswith("timestep 4, it says (not asked here):\nbear: 86 %")
    assert other.row.words_at(21, QPointF()).startswith("timestep 22, it says (right would be wolf):")
    said[21] = [0.9, *[0.01] * 7]
    other.say(said)
    assert other.row.words_at(21, QPointF()).startswith("timestep 22, it says (right):\nwolf: 90 %")


def test_numbers_are_right_within_the_tolerance(qtbot: QtBot) -> None:
    other = row_of(qtbot, "adding")
    assert float(other.trace.targets[-1, 0]) == pytest.approx(1.5)  # 0.70 + 0.80
    said = np.linspace(0, 1.3, 30, dtype=np.float32)[:, None]
    other.say(said)
    assert other.row.words_at(29, QPointF()) == "timestep 30, it says 1.300 (right would be 1.500)"
    said[-1] = 1.5 + 0.079
    other.say(said)
    assert other.row.words_at(29, QPointF()) == "timestep 30, it says 1.579 (right)"
    assert other.row.words_at(2, QPointF()).endswith("(not asked here)")
    line = other.row.state.theme.network("lstm")
    image = other.row.grab().toImage()
    assert sum(image.pixelColor(x, y) == line for x in range(160, 840) for y in range(image.height())) > 200


def test_numbers_of_a_series_are_told_in_its_unit(qtbot: QtBot) -> None:
    other = row_of(qtbot, "electricity-england-wales")
    task = TASKS["electricity-england-wales"](None)
    probe = task.probe()
    other.row.name_answers(task, probe.asked, probe)
    said = probe.targets + 0.5 * task.tolerance
    other.say(said.astype(np.float32))
    asked = int(np.flatnonzero(probe.asked)[0])
    position = int(probe.events[asked].name) + 1
    training = task.series.values[: task.series.split]
    megawatts = task.series.values[position] + 0.5 * task.tolerance * training.std()
    words = other.row.words_at(asked, QPointF())
    assert words == f"timestep {asked + 1}, it says {megawatts:,.0f} MW (right)"
    other.say((said + 2.0 * task.tolerance).astype(np.float32))
    truth = f"{task.series.values[position]:,.0f} MW"
    assert other.row.words_at(asked, QPointF()).endswith(f"(right would be {truth})")
    assert not other.row.grab().isNull()


def test_a_row_that_was_away_comes_back_in_the_scale_of_now(qtbot: QtBot) -> None:
    session = played()
    view = shown(qtbot, session)
    view.resize(1150, 575)
    away = view.answers_row
    view.hide()
    view.stack.set_rows([row for row in view.stack.rows if row is not away])
    session.state.set_appearance(lecture=True)
    view.show()
    assert away in view.stack.rows
    assert away.height() == session.state.theme.px(AnswersRow.base_height)
