"""The real pages in the real window, with networks that were really trained a little: what every page has to keep."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.app import build_window
from playground.experiment import Experiment
from playground.runner.sync_runner import SyncRunner
from playground.ui.main_window import MainWindow
from playground.ui.page_table import PAGES
from playground.ui.settings import WindowSettings

KEYS = [entry.key for entry in PAGES]
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)


class Windows(QObject):
    """Notices every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def settle(window: MainWindow) -> None:
    for _ in range(3):
        QApplication.processEvents()
        window.monitor.poll_once()
        while window.monitor.waiting:
            window.monitor.poll_once()
    QApplication.processEvents()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """All five networks, three updates old, in a window of the smallest size."""
    experiment = Experiment()
    everybody = tuple(dataclasses.replace(network, enabled=True) for network in experiment.networks)
    runner = SyncRunner(updates_per_poll=3)
    window = build_window(
        runner,
        WindowSettings(theme="light", motion=False),
        experiment=dataclasses.replace(experiment, networks=everybody),
    )
    qtbot.addWidget(window)
    window.resize(1024, 700)
    window.show()
    window.monitor.begin()
    window.monitor.poll_once()
    window.monitor.start()
    window.monitor.poll_once()
    window.monitor.pause()
    settle(window)
    assert window.monitor.snapshot.update == 3
    yield window
    window.close()


def show(window: MainWindow, key: str) -> QWidget:
    window.state.set_page(key)
    settle(window)
    page = window.current_page
    assert page is not None
    assert type(page).__name__ == {entry.key: entry.target.split(":")[1] for entry in PAGES}[key]
    return page


def needed(window: MainWindow) -> QSize:
    centre = window.centralWidget()
    assert centre is not None
    return centre.minimumSizeHint()


@pytest.mark.parametrize("key", KEYS)
def test_no_page_ever_opens_a_window_of_its_own(key: str, window: MainWindow) -> None:
    watch = Windows()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    try:
        show(window, key)
        window.state.set_appearance(dark=True, vocabulary="textbook")
        window.set_lecture(True, full_screen=False)
        settle(window)
        window.set_lecture(False)
        settle(window)
    finally:
        application.removeEventFilter(watch)
    assert watch.shown == []


@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
@pytest.mark.parametrize("key", KEYS)
def test_the_smallest_window_cuts_nothing_off(key: str, vocabulary: str, window: MainWindow) -> None:
    window.state.set_appearance(vocabulary=vocabulary)
    show(window, key)
    assert window.size() == QSize(1024, 700)
    assert needed(window).width() <= 1024
    assert needed(window).height() <= 700


@pytest.mark.parametrize("key", KEYS)
def test_a_projector_cuts_nothing_off(key: str, window: MainWindow) -> None:
    window.resize(1280, 720)
    page = show(window, key)
    window.set_lecture(True, full_screen=False)
    groups = page.lecture_groups() if hasattr(page, "lecture_groups") else []
    assert groups or (needed(window).width() <= 1280 and needed(window).height() <= 720)  # then as a whole
    panels = [panel for group in groups for panel in group]
    for number, group in enumerate(groups):
        assert 1 <= len(group) <= 3
        settle(window)
        assert window.lecture.position == number
        assert [panel for panel in panels if panel.isVisible()] == [
            panel for panel in panels if panel in group
        ]
        assert needed(window).width() <= 1280, f"group {number + 1}"
        assert needed(window).height() <= 720, f"group {number + 1}"
        window.lecture.turn(1)
    window.set_lecture(False)
    settle(window)
    assert window.lecture.sign.isHidden()


@pytest.mark.parametrize("key", KEYS)
def test_every_control_has_a_name_and_a_sentence(key: str, window: MainWindow) -> None:
    page = show(window, key)
    for control in page.findChildren(QWidget):
        if not isinstance(control, CONTROLS) or isinstance(control, QScrollBar):
            continue
        if isinstance(control.parentWidget(), QAbstractSpinBox | QComboBox):
            continue  # Qt's own part of a field
        if not control.isVisible():
            continue
        told = f"{type(control).__name__} in {type(control.parentWidget()).__name__}"
        name = QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
        assert name, told
        assert control.toolTip(), f"{told}: {name}"


@pytest.mark.parametrize("key", [page.key for page in PAGES if page.about_sequence])
def test_the_first_paint_waits_for_the_strip(key: str, window: MainWindow) -> None:
    show(window, key)
    assert len(window.watched_parts()) == 2
