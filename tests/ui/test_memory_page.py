"""The Memory page, driven as a user drives it: rows, handles, keys, choosers, cards, lecture, live training."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.contract.runner import HorizonRequest, TraceRequest
from playground.trace.memory import half_lives
from playground.ui.page_table import PAGES
from playground.ui.pages.memory import MemoryPage
from playground.ui.panels.memory_chart import MemoryChart
from playground.ui.panels.memory_row_base import MeasureRow, Series
from playground.ui.panels.memory_words import UNTRAINED
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState
from tests.ui.memory_runner import KEEPS, MemoryRunner
from tests.ui.shell import NETWORKS, Shell, colours, make_shell

MEMORY_ONLY = [entry for entry in PAGES if entry.key == "memory"]


class Scene:
    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.state = shell.state
        page = shell.page()
        assert isinstance(page, MemoryPage)
        self.page = page
        assert isinstance(shell.runner, MemoryRunner)
        self.runner = shell.runner

    def settle(self) -> None:
        self.shell.poll(4)

    def train(self, polls: int = 5) -> None:
        self.shell.train(polls)
        self.settle()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    shell = make_shell(qtbot, runner=MemoryRunner(), pages=MEMORY_ONLY, size=(1280, 800))
    shell.state.set_page("memory")
    scene = Scene(shell)
    scene.settle()
    return scene


def column(row: TimeRow, timestep: int, y: float | None = None) -> QPoint:
    height = row.height() / 2 if y is None else y
    return QPoint(round(float(row.axis.centres[timestep])), round(height))


def named(row: MeasureRow, network: str, faint: bool = False) -> Series:
    return next(each for each in row.series if each.network == network and each.faint is faint)


# -- what it shows
def test_untrained_it_shows_true_values_and_says_what_to_do(scene: Scene) -> None:
    assert scene.page.sentence.text() == UNTRAINED
    assert scene.page.shown_update == 0
    assert len(scene.page.stack_panel.survives_row.series) == len(NETWORKS) + 2  # two LSTMs' forget gates


def test_all_rows_show_the_measures_of_all_networks(scene: Scene) -> None:
    scene.train()
    stack = scene.page.stack_panel
    assert stack.title.text() == f"Update {scene.shell.monitor.snapshot.update}"
    for network in NETWORKS:
        keep = KEEPS[network]
        assert named(stack.survives_row, network).values == pytest.approx(keep ** np.arange(10.0))
        assert named(stack.asked_row, network).values == pytest.approx(np.full(10, 0.5 + 0.4 * keep))
        assert named(stack.gradient_row, network).values == pytest.approx(keep ** np.arange(9.0, -1.0, -1.0))
    assert named(stack.survives_row, "lstm", faint=True).values == pytest.approx(0.81 ** np.arange(10.0))
    for row in (*stack.state_rows, *stack.measure_rows):
        assert colours(row) > 4


def test_heights_are_the_values(scene: Scene) -> None:
    row = scene.page.stack_panel.survives_row
    rect = row.plot_rect
    assert row.y_of(1.0) == pytest.approx(rect.top())
    assert row.y_of(0.0) == pytest.approx(rect.bottom())
    points = row.points_of(named(row, "lstm"))
    assert points[3] is not None
    assert points[3].y() == pytest.approx(rect.bottom() - 0.9**3 * rect.height())
    assert points[3].x() == pytest.approx(row.axis.centres[3])


def test_the_columns_of_all_rows_are_the_same(scene: Scene) -> None:
    stack = scene.page.stack_panel
    axes = {row.axis for row in stack.stack.rows}
    assert len(axes) == 1


def test_hovering_tells_the_value_in_words(scene: Scene) -> None:
    row = scene.page.stack_panel.survives_row
    y = row.y_of(float(named(row, "lstm").values[6]))
    assert row.words_at(6, QPointF(row.axis.centres[6], y)) == (
        "timestep 7: the LSTM keeps 53 % of what it knew at timestep 1"
    )
    faint = named(row, "lstm", faint=True)
    words = row.words_at(4, QPointF(row.axis.centres[4], row.y_of(float(faint.values[4]))))
    assert "forget gates of the LSTM" in words
    gradient = scene.page.stack_panel.gradient_row
    assert gradient.with_bars
    bar = gradient.bar_rect(NETWORKS.index("rnn"), 3)
    assert "of the gradient of the RNN" in gradient.words_at(3, bar.center())


def test_bars_give_way_to_lines_in_narrow_columns(scene: Scene) -> None:
    row = scene.page.stack_panel.gradient_row
    assert row.with_bars
    scene.page.stack_panel.stack.set_timeline(60)
    assert not row.with_bars
    assert colours(row) > 4


def test_a_network_without_gradient_is_said_so(scene: Scene) -> None:
    row = scene.page.stack_panel.gradient_row
    row.show_series([Series("rnn", "RNN", np.full(10, np.nan)), Series("lstm", "LSTM", np.ones(10))])
    assert [series.note for series in row.series] == ["no gradient", ""]
    assert colours(row) > 3


def test_it_leaves_the_playhead_alone(scene: Scene) -> None:
    scene.state.set_timestep(0)
    scene.train(2)
    assert scene.state.timestep == 0


# -- choosing what survival is counted from
def test_dragging_the_handle_counts_from_another_timestep(scene: Scene) -> None:
    row = scene.page.stack_panel.survives_row
    start = row.handle_rect().center().toPoint()
    before = scene.state.timestep
    QTest.mousePress(row, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(row, column(row, 3, start.y()))
    QTest.mouseRelease(row, Qt.MouseButton.LeftButton, pos=column(row, 3, start.y()))
    scene.settle()
    assert scene.page.inquiries.since == 3
    assert row.since == row.counted_from == 3
    assert scene.state.timestep == before, "the handle is not the playhead"
    assert np.isnan(named(row, "lstm").values[:3]).all()
    assert named(row, "lstm").values[3] == 1.0


@pytest.mark.parametrize("which", ["asked_row", "gradient_row", "long_row"])
def test_shift_click_counts_from_there(scene: Scene, which: str) -> None:
    row = getattr(scene.page.stack_panel, which)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, column(row, 5))
    scene.settle()
    assert scene.page.inquiries.since == 5
    assert "since timestep 6" in scene.page.stack_panel.survives_row._subtitle


def test_shift_arrows_on_the_row_move_the_handle(scene: Scene) -> None:
    row = scene.page.stack_panel.survives_row
    row.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        QTest.keyClick(row, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert scene.page.inquiries.since == 2
    for _ in range(5):
        QTest.keyClick(row, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert scene.page.inquiries.since == 0


def test_a_plain_click_moves_the_playhead(scene: Scene) -> None:
    row = scene.page.stack_panel.asked_row
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=column(row, 6))
    assert scene.state.timestep == 6


def test_log_and_linear(scene: Scene) -> None:
    row = scene.page.stack_panel.survives_row
    row.toggle.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.toggle, Qt.Key.Key_Space)
    assert row.value_scale.logarithmic
    assert row.y_of(1e-4) == pytest.approx(row.plot_rect.center().y())
    QTest.mouseClick(row.toggle, Qt.MouseButton.LeftButton)
    assert not row.value_scale.logarithmic


def test_a_focused_row_tells_its_values(scene: Scene) -> None:
    row = scene.page.stack_panel.asked_row
    row.setFocus(Qt.FocusReason.TabFocusReason)
    scene.state.set_timestep(4)
    assert "timestep 5: asked now, the LSTM would say wolf, 86 %" in row.accessibleDescription()


# -- choosing networks and units
def test_choosing_networks(scene: Scene) -> None:
    stack = scene.page.stack_panel
    assert [stack.long_chooser.itemData(i) for i in range(stack.long_chooser.count())] == [
        "lstm",
        "guide_lstm",
    ]
    assert [stack.short_chooser.itemData(i) for i in range(stack.short_chooser.count())] == [
        "rnn",
        "no_memory",
    ]
    stack.long_chooser.setCurrentIndex(1)
    stack.long_chooser.activated.emit(1)
    assert scene.state.network == "guide_lstm"
    assert stack.long_row._title == "LSTM (guide) long-term"
    assert scene.page.half_life_panel.chart.reading.startswith("LSTM (guide)")
    stack.short_chooser.setCurrentIndex(1)
    stack.short_chooser.activated.emit(1)
    assert stack.rival_row._title == "No memory"


def test_a_network_opened_elsewhere_is_shown_here(scene: Scene) -> None:
    scene.state.set_network("guide_lstm")
    assert scene.page.stack_panel.long_network == "guide_lstm"
    assert scene.page.stack_panel.long_chooser.currentData() == "guide_lstm"
    expected = half_lives(scene.state.moment.traces["guide_lstm"].value("forget_gate"))
    assert scene.page.half_life_panel.chart.values == pytest.approx(expected)
    scene.state.set_network("no_memory")
    assert scene.page.stack_panel.short_network == "no_memory"
    assert scene.page.stack_panel.long_network == "guide_lstm"


def test_the_order_of_units_is_that_of_all_pages(scene: Scene) -> None:
    chooser = scene.page.stack_panel.order_chooser
    chooser.setCurrentIndex(1)
    chooser.activated.emit(1)
    assert scene.state.ordering == "half_life"
    scene.state.set_ordering("change")
    assert chooser.currentData() == "change"


def test_without_a_second_network_the_rows_close_up(scene: Scene) -> None:
    stack = scene.page.stack_panel
    lstm_only = {"lstm": scene.state.moment.traces["lstm"]}
    stack.show_moment(lstm_only, 0, "now")
    assert stack.rival_row not in stack.stack.rows
    assert stack.rival_row.isHidden()
    rnn_only = {"rnn": scene.state.moment.traces["rnn"]}
    stack.show_moment(rnn_only, 0, "now")
    assert stack.stack.rows[:2] == [stack.strip, stack.rival_row]
    stack.show_moment(scene.state.moment.traces, 0, "now")
    assert stack.stack.rows[1:4] == stack.state_rows


# -- the cards
def test_half_lives_are_sorted_and_a_click_selects_the_unit(scene: Scene) -> None:
    chart = scene.page.half_life_panel.chart
    expected = half_lives(scene.state.moment.traces["lstm"].value("forget_gate"))
    shown = [chart.values[chart.unit_at(i)] for i in range(len(expected))]
    assert shown == sorted(expected, reverse=True)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.bar_rect(2).center().toPoint())
    assert scene.state.units == (chart.unit_at(2),)
    assert f"unit {chart.unit_at(2) + 1}:" in chart.reading


def test_half_life_by_keyboard(scene: Scene) -> None:
    chart = scene.page.half_life_panel.chart
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(chart, key)
    assert chart.mark == (1, 0)
    assert scene.state.units == (chart.unit_at(1),)
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.mark == (15, 0)
    assert chart.reading in chart.accessibleDescription()
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.mark is None


def test_the_arrows_stay_the_playheads_when_a_chart_was_only_clicked(scene: Scene) -> None:
    chart = scene.page.half_life_panel.chart
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.bar_rect(2).center().toPoint())
    assert not chart.hasFocus()


def test_the_horizon_tells_counts(scene: Scene) -> None:
    scene.train()
    chart = scene.page.horizon_panel.chart
    assert chart.count() == (6, 4)
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(chart, key)
    assert chart.reading == "The RNN, after 5 flowers and trees: right 98 % (250 of 256)"
    point = chart.point(60, 205 / 256)
    assert chart.mark_at(point) == (5, 3)
    assert colours(chart) > 6


def test_verdicts_and_sentence_follow_from_the_counts(scene: Scene) -> None:
    scene.train()
    said = scene.page.verdict_panel.list.sentences()
    assert said[0].startswith("No memory never learned to hold the bear")
    assert said[1].startswith("RNN forgot: a coin toss after 20")
    assert said[2].startswith("LSTM remembers")
    assert said[3].startswith("LSTM (guide) mostly remembers")
    assert scene.page.sentence.text() == (
        "The LSTM still knows the bear after 60 flowers and trees, the LSTM (guide) mostly; the RNN forgot."
    )
    scene.runner.skills.right["rnn"] = (130, 128, 128, 128, 128, 128)
    scene.train()
    assert scene.page.verdict_panel.list.sentences()[1].startswith("RNN never learned")
    assert scene.page.sentence.text().endswith("the RNN never learned to hold it.")


def test_every_question_mark_opens_its_definition(scene: Scene) -> None:
    page = scene.page
    stack = page.stack_panel
    buttons = [row.findChild(QAbstractButton) for row in stack.measure_rows]
    buttons += [card.question for card in (page.horizon_panel, page.verdict_panel, page.half_life_panel)]
    for button in buttons:
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        popup = button.popup
        assert popup is not None
        assert popup.isVisible()
        assert "Source:" in popup.accessibleDescription()
        assert "{" not in popup.accessibleDescription()
        assert scene.shell.window.rect().contains(popup.geometry())
        QTest.keyClick(popup, Qt.Key.Key_Escape)
        assert button.popup is None
        assert not popup.isVisible()


def test_a_click_beside_a_definition_closes_it(scene: Scene) -> None:
    button = scene.page.horizon_panel.question
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    popup = button.popup
    assert popup is not None
    QTest.mouseClick(scene.page.stack_panel.asked_row, Qt.MouseButton.LeftButton, pos=QPoint(200, 20))
    assert not popup.isVisible()


# -- live, past, and hidden
def test_while_training_everything_is_about_one_update(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.train()
    monkeypatch.setattr("playground.ui.panels.memory_inquiry.MEASURES_PAUSE", 0.0)
    page = scene.page
    scene.shell.monitor.start()
    for _ in range(6):
        scene.shell.poll()
        answer = page.inquiries.measures.answer
        assert answer is not None
        assert page.shown_update == answer.update
        assert page.stack_panel.traces is answer.traces
        assert page.stack_panel.note.text() == "live"
    scene.shell.monitor.pause()
    scene.settle()
    assert page.shown_update == scene.shell.monitor.snapshot.update
    assert page.stack_panel.note.text() == "now"


def test_a_chosen_moment_is_shown_and_measured(scene: Scene) -> None:
    scene.train()
    scene.shell.monitor.go_to(20)
    scene.settle()
    assert scene.page.shown_update == 20
    assert scene.page.stack_panel.note.text() == "chosen from training time"
    answer = scene.page.inquiries.measures.answer
    assert answer is not None
    assert answer.update == 20
    assert not scene.page.stack_panel.survives_row._stale
    assert "yet" in scene.page.verdict_panel.list.sentences()[0]
    scene.shell.monitor.back_to_now()
    scene.settle()
    assert scene.page.shown_update == scene.shell.monitor.snapshot.update


def test_lines_of_another_moment_stand_back(scene: Scene) -> None:
    scene.train()
    scene.runner.answer_at_once = False
    scene.shell.monitor.one_update()
    scene.settle()
    assert scene.page.stack_panel.asked_row._stale
    while scene.runner.open:
        scene.runner.answer_next()
        scene.settle()
    assert not scene.page.stack_panel.asked_row._stale


def test_hidden_the_page_asks_nothing(scene: Scene) -> None:
    scene.page.hide()
    scene.settle()
    asked = len(scene.runner.requests)
    scene.shell.train(5)
    assert len(scene.runner.requests) == asked
    scene.page.show()
    scene.settle()
    assert len(scene.runner.requests) == asked + 2
    assert scene.page.shown_update == scene.shell.monitor.snapshot.update


def test_rewind_and_a_new_run_begin_anew(scene: Scene) -> None:
    scene.train()
    scene.shell.monitor.rewind()
    scene.settle()
    assert scene.page.shown_update == 0
    assert scene.page.sentence.text() == UNTRAINED
    scene.shell.monitor.apply(scene.shell.monitor.experiment)
    scene.settle()
    answer = scene.page.inquiries.measures.answer
    assert answer is not None
    assert answer.run_id == scene.shell.monitor.snapshot.run_id


def test_a_failed_question_is_said_in_the_rows(scene: Scene) -> None:
    scene.runner.answer_at_once = False
    scene.shell.monitor.rewind()
    scene.settle()
    measures = next(i for i in scene.runner.open if isinstance(scene.runner.requests[i], TraceRequest))
    horizon = next(i for i in scene.runner.open if isinstance(scene.runner.requests[i], HorizonRequest))
    scene.runner.answer_failure(measures, "There is no network yet to ask.")
    scene.runner.answer_failure(horizon, "There is no network yet to ask.")
    scene.settle()
    assert scene.page.stack_panel.asked_row._message == "There is no network yet to ask."
    assert scene.page.verdict_panel.list.accessibleDescription() == "There is no network yet to ask."
    assert colours(scene.page.stack_panel.asked_row) > 2


# -- appearance
def cut_off(widget: QWidget) -> list[str]:
    """Visible panels and rows that are smaller than they need to be, or that reach out of their parent."""
    found = []
    for child in widget.findChildren(QWidget):
        if not child.isVisible() or child.isWindow():
            continue
        parent = child.parentWidget()
        least = child.minimumSizeHint().expandedTo(child.minimumSize())
        if child.hasHeightForWidth():  # words that wrap need less height where they have more width
            least.setHeight(min(least.height(), child.heightForWidth(child.width())))
        if child.width() < least.width() or child.height() < least.height():
            found.append(f"{type(child).__name__} {_called(child)}: {child.size()} for {least}")
        if parent is not None and not parent.rect().contains(child.geometry()):
            found.append(
                f"{type(child).__name__} {_called(child)} reaches out of its {type(parent).__name__}"
            )
    return found


def _called(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel) else widget.accessibleName()


@pytest.mark.parametrize("size", [(1024, 700), (1280, 720), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
def test_nothing_is_cut_off(scene: Scene, size: tuple[int, int], vocabulary: str) -> None:
    scene.shell.window.resize(*size)
    scene.state.set_appearance(vocabulary=vocabulary)
    scene.train(2)
    assert cut_off(scene.page) == []
    assert scene.shell.window.size().toTuple() == size


@pytest.mark.parametrize("dark", [False, True])
def test_lecture_shows_three_panels_at_a_time(scene: Scene, dark: bool) -> None:
    scene.train(2)
    scene.shell.window.resize(1280, 720)
    scene.state.set_appearance(dark=dark, lecture=True)
    scene.settle()
    page = scene.page
    groups = page.lecture_groups()
    scene.shell.window.lecture.refresh()
    assert all(len(group) <= 3 for group in groups)
    for group in groups:
        scene.settle()
        visible = [panel for each in groups for panel in each if panel.isVisible()]
        assert visible == group
        assert cut_off(page) == [], (page.section, "\n".join(cut_off(page)))
        assert [key for key, each in page.containers.items() if each.isVisible()] == [page.section]
        scene.shell.press("Tab")
    assert page.section == "sequence"  # round and round
    scene.state.set_appearance(lecture=False)
    QApplication.processEvents()
    assert all(panel.isVisible() for group in groups[:3] for panel in group)
    assert not page.fan_panel.isVisible()


def test_both_themes_are_painted(scene: Scene) -> None:
    scene.train(2)
    light = scene.page.grab().toImage()
    scene.state.set_appearance(dark=True)
    assert scene.page.grab().toImage() != light


def test_words_of_the_textbook(scene: Scene) -> None:
    scene.state.set_appearance(vocabulary="textbook")
    stack = scene.page.stack_panel
    assert stack.long_row._title == "LSTM cell state"
    assert stack.short_row._title == "LSTM hidden state"
    assert "cell state" in scene.page.half_life_panel.accessibleName()


def test_everything_that_can_be_focused_has_a_name_and_teaches(scene: Scene) -> None:
    page = scene.page
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        assert widget.accessibleName(), type(widget).__name__
        if isinstance(widget, QAbstractButton | QComboBox):
            assert widget.toolTip().endswith("."), widget.accessibleName()
        if isinstance(widget, MemoryChart):
            assert widget.accessibleDescription()


def test_appearance_of_a_page_that_was_never_fed(qtbot: QtBot) -> None:
    shell = make_shell(qtbot, begin=False, runner=MemoryRunner(), pages=MEMORY_ONLY)
    shell.state.set_page("memory")
    QApplication.processEvents()
    page = shell.page()
    assert isinstance(page, MemoryPage)
    assert page.sentence.text() == UNTRAINED
    assert colours(page) > 4
    for change in ({"dark": True}, {"lecture": True}, {"vocabulary": "textbook"}):
        shell.state.set_appearance(**change)  # type: ignore[arg-type]
        QApplication.processEvents()
    assert colours(page) > 4


def test_painting_is_quick(scene: Scene) -> None:
    """Not a timing: live news repaint the rows, and leave alone what did not change."""
    scene.train()
    painted: list[str] = []
    original: Callable[..., None] = MemoryChart.paintEvent

    def counted(chart: MemoryChart, event: object) -> None:
        painted.append(chart.accessibleName())
        original(chart, event)

    MemoryChart.paintEvent = counted  # type: ignore[method-assign, assignment]
    try:
        scene.page.refresh()
        scene.page.refresh()
        QApplication.processEvents()
    finally:
        MemoryChart.paintEvent = original  # type: ignore[method-assign]
    assert painted == []


def test_the_state_is_not_the_pages(scene: Scene) -> None:
    assert isinstance(scene.page.state, UiState)
