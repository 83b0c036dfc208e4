from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from playground.bench.frame import measure_page
from playground.ui.main_window import MainWindow
from playground.ui.pages.train import TrainPage
from playground.ui.panels.experiment_form import ExperimentForm
from playground.ui.panels.panel import Panel
from playground.ui.style_sheet import style_sheet
from tests.ui.recorded import Played, played

SIZES = [(1024, 700), (1280, 720), (1440, 900), (1920, 1080)]


def shown(qtbot: QtBot, session: Played, size: tuple[int, int] = (1280, 800)) -> TrainPage:
    page = TrainPage(session.state, session.monitor)
    page.setStyleSheet(style_sheet(session.state.theme))
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True])
def test_in_the_window_nothing_is_cut_off(qtbot: QtBot, size: tuple[int, int], dark: bool) -> None:
    session = played()
    window = MainWindow(session.state, session.monitor)
    qtbot.addWidget(window)
    window.appearance.choose("dark" if dark else "light")
    window.resize(*size)
    window.show()
    session.play(300)
    page = window.page("train")
    assert isinstance(page, TrainPage)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    cards = [page.experiment_form, page.loss, page.right_answers, page.probe, page.training_time]
    for card in cards:
        inside = card.mapTo(page, card.rect().bottomRight())
        assert page.rect().contains(inside), card
        for other in cards:
            if other is not card:
                assert not card.geometry().intersects(other.geometry()), (card, other)
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and page.experiment_form not in ancestors(button):
            assert button.width() >= button.sizeHint().width() or button is page.form_handle, button
    for row, below in zip(page.probe.stack.rows, page.probe.stack.rows[1:], strict=False):
        assert row.geometry().bottom() < below.geometry().top()
    session.monitor.stop()


def ancestors(widget: QWidget) -> list[QWidget]:
    found, parent = [], widget.parentWidget()
    while parent is not None:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def test_the_experiment_folds_away_and_comes_back(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session)
    width = page.probe.width()
    qtbot.mouseClick(page.form_handle, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert not page.experiment_form.isVisible()
    assert page.probe.width() > width + 200
    assert page.form_handle.accessibleName() == "Show the experiment"
    page.form_handle.setFocus()
    qtbot.keyClick(page.form_handle, Qt.Key.Key_Space)
    assert page.experiment_form.isVisible()


def test_every_card_shows_the_moment_that_is_looked_at(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session)
    session.play(300)
    page.training_time.go_to(150)
    session.poll()
    assert page.probe.title.text().endswith("150")
    assert page.loss.plot._marker == page.right_answers.plot._marker == 150
    assert page.training_time.slider.handle == 150
    qtbot.mouseClick(page.training_time.back, Qt.MouseButton.LeftButton)
    assert page.loss.plot._marker is None
    assert page.probe.title.text() == "LSTM, live"


def test_a_lecture_shows_three_panels_at_most_and_they_fill_the_page(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session, (1280, 640))
    session.state.set_appearance(lecture=True)
    page.setStyleSheet(style_sheet(session.state.theme))
    groups = page.lecture_groups()
    assert all(1 <= len(group) <= 3 for group in groups)
    everything = {panel for group in groups for panel in group}
    assert everything == {page.loss, page.right_answers, page.training_time, page.probe}
    assert set(page.lecture_hidden()) == {page.form_place, page.form_handle}
    for widget in [*page.lecture_hidden(), page.loss, page.right_answers, page.training_time]:
        widget.hide()
    QApplication.processEvents()
    assert page.probe.height() > 0.9 * page.height()
    page.loss.show()
    QApplication.processEvents()
    assert page.probe.height() < 0.8 * page.height()


def test_a_high_lecture_keeps_the_slider_below_the_probe(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session, (1900, 1000))
    session.state.set_appearance(lecture=True)
    assert page.lecture_groups()[1] == [page.probe, page.training_time]


def test_every_control_has_a_name_a_sentence_and_the_keyboard(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session)
    session.play(300)
    session.state.set_units((1,))
    page.training_time.go_to(100)
    session.poll()
    controls = [
        control
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for control in page.findChildren(kind)
        if control.isVisible() and page.experiment_form not in ancestors(control)
    ]
    assert len(controls) > 12
    for control in controls:
        assert control.accessibleName(), control
        assert len(control.toolTip()) > 8 or not control.isEnabled(), control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()


@pytest.mark.parametrize("dark", [False, True])
def test_the_picture_is_not_blank_in_either_theme(qtbot: QtBot, dark: bool) -> None:
    session = played()
    page = shown(qtbot, session)
    session.play(300)
    session.state.set_appearance(dark=dark)
    page.setStyleSheet(style_sheet(session.state.theme))
    image = page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    assert len(np.unique(pixels)) > 500


def test_the_measure_of_a_frame_gives_its_numbers(qtbot: QtBot) -> None:
    numbers = measure_page(updates=40, frames=3)
    assert set(numbers) == {"p50", "p95", "p99", "longest", "poll_p95", "cpu_p95"}
    assert 0 < numbers["p50"] <= numbers["longest"]


def test_pages_that_are_not_seen_cost_nothing(qtbot: QtBot) -> None:
    session = played()
    page = shown(qtbot, session)
    page.hide()
    session.play(200)
    assert "LSTM" not in page.loss.words_at(200)
    assert page.probe.moment_note.words.startswith("update 0")
    page.show()
    assert "LSTM" in page.loss.words_at(200)
    assert page.probe.moment_note.words.startswith("update 200")


def test_the_experiment_is_built_after_the_first_paint_or_when_it_is_asked_for(qtbot: QtBot) -> None:
    session = played()
    page = TrainPage(session.state, session.monitor)
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    QApplication.processEvents()
    place, probe = page.form_place.geometry(), page.probe.geometry()
    assert not page.findChildren(ExperimentForm)
    page.start_lazily()
    QApplication.processEvents()
    assert [page.experiment_form] == page.findChildren(ExperimentForm)
    assert page.experiment_form.isVisible()
    assert page.experiment_form.width() == place.width()
    assert (page.form_place.geometry(), page.probe.geometry()) == (place, probe)  # nothing moved
    assert len([card for card in page.form_place.findChildren(Panel) if card.isVisible()]) == 1
    tabs, part = [], page.nextInFocusChain()
    while part is not page:
        tabs.append(part)
        part = part.nextInFocusChain()
    places = [
        tabs.index(part) for part in (page.experiment_form.task_chooser.box, page.form_handle, page.probe)
    ]
    assert places == sorted(places)  # Tab comes to the experiment first, as if it had been made first
    session.state.set_appearance(lecture=True)
    assert page.form_place.width() == page.experiment_form.width() > place.width()
