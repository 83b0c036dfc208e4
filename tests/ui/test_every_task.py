"""Every task in the real window: every page builds, paints, steps and speaks of it, without a warning."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.app import build_window
from playground.experiment import Experiment
from playground.runner.factory import make_reference_run
from playground.runner.sync_runner import SyncRunner
from playground.tasks import TASKS
from playground.ui.main_window import MainWindow
from playground.ui.page_table import PAGES, PageEntry
from playground.ui.settings import WindowSettings
from playground.ui.tour import tour_of
from tests.ui.shell import colours

NETWORKS = ("no_memory", "lstm")
OF_THE_NATURE_SHOW = re.compile(
    r"\b(flower|tree|wolf|dog|bear|fox|nature show|home video|picture)s?\b", re.IGNORECASE
)


def small(name: str) -> Experiment:
    """This task with two small networks and small batches."""
    experiment = Experiment.of_task(name)
    networks = tuple(
        dataclasses.replace(network, enabled=network.cell in NETWORKS, units=min(network.units, 6))
        for network in experiment.networks
    )
    training = dataclasses.replace(experiment.training, batch_size=min(experiment.training.batch_size, 4))
    return dataclasses.replace(experiment, networks=networks, training=training)


def settle(window: MainWindow) -> None:
    for _ in range(3):
        QApplication.processEvents()
        window.monitor.poll_once()
        for _ in range(200):
            if not window.monitor.waiting:
                break
            window.monitor.poll_once()
    QApplication.processEvents()


def opened(qtbot: QtBot, name: str) -> MainWindow:
    runner = SyncRunner(make_reference_run, updates_per_poll=2)
    settings = WindowSettings(theme="light", motion=False)
    window = build_window(runner, settings, experiment=small(name))
    qtbot.addWidget(window, before_close_func=lambda _: window.objectName())
    window.resize(1280, 720)
    window.show()
    window.monitor.begin()
    settle(window)
    window.monitor.start()
    window.monitor.poll_once()
    window.monitor.pause()
    settle(window)
    assert window.monitor.failure is None, window.monitor.failure
    assert window.monitor.snapshot.update == 2
    return window


def words_of(window: MainWindow, page: QWidget) -> Iterator[str]:
    """Everything that the page says, or would if one asked."""
    yield window.status_line.sentence
    for widget in page.findChildren(QWidget):
        if widget.isVisible():
            yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
            if isinstance(widget, QLabel | QAbstractButton):
                yield widget.text()


def pages_for(name: str) -> tuple[PageEntry, ...]:
    """All pages; two for texts and series that differ from the first of their family in their data alone."""
    family = [task.name for task in TASKS.values() if task.family == TASKS[name].family]
    alike = TASKS[name].family in ("text", "series") and name != family[0]
    return PAGES[:2] if alike else PAGES


@pytest.mark.parametrize("name", TASKS)
def test_every_page_shows_the_task(name: str, qtbot: QtBot) -> None:
    window = opened(qtbot, name)
    spoken = TASKS[name](None)
    for entry in pages_for(name):
        window.state.set_page(entry.key)
        settle(window)
        page = window.current_page
        assert type(page).__name__ == entry.target.split(":")[1], "an error page stands in its place"
        assert page is not None
        assert colours(page) > 10
        for timestep in (0, window.state.length - 1):
            window.state.set_timestep(timestep)
            QApplication.processEvents()
            assert colours(page) > 10
        window.state.set_appearance(
            vocabulary="guide" if window.state.vocabulary == "textbook" else "textbook"
        )
        settle(window)
        centre = window.centralWidget()
        assert centre is not None
        assert centre.minimumSizeHint().width() <= window.width(), entry.key
        assert centre.minimumSizeHint().height() <= window.height(), entry.key
    for network in NETWORKS:
        window.state.set_page("step")
        window.state.set_network(network)
        window.state.set_appearance(dark=network == "lstm")
        settle(window)
        assert window.current_page is not None
        assert colours(window.current_page) > 10
    assert window.windowTitle()
    for stop in tour_of(spoken):
        for words in (stop.title, stop.text):
            assert all(words[vocabulary].strip() for vocabulary in ("guide", "textbook"))
    window.close()


@pytest.mark.parametrize("name", ["temporal-order", "adding"])
def test_nothing_of_the_nature_show_is_said_of_another_task(name: str, qtbot: QtBot) -> None:
    window = opened(qtbot, name)
    for entry in PAGES:
        window.state.set_page(entry.key)
        settle(window)
        page = window.current_page
        assert page is not None
        for text in words_of(window, page):
            found = OF_THE_NATURE_SHOW.search(text)
            assert found is None, (entry.key, text)
    for stop in tour_of(window.monitor.task):
        assert OF_THE_NATURE_SHOW.search(stop.text.guide + stop.text.textbook) is None, stop.text
    window.close()


def test_another_task_takes_the_place_of_the_one_before(qtbot: QtBot) -> None:
    """On every page in turn: the old traces are not read in the words of the new task."""
    window = opened(qtbot, "nature-show")
    names = ["adding", "parity", "nature-show", "temporal-order"]
    for entry, name in zip(PAGES, names, strict=False):
        window.state.set_page(entry.key)
        settle(window)
        window.monitor.apply(small(name))
        settle(window)
        window.monitor.start()
        window.monitor.poll_once()
        window.monitor.pause()
        settle(window)
        assert window.monitor.task.name == name
        assert window.monitor.snapshot.update == 2
        assert window.problem_banner.isHidden()
        assert window.size() == QSize(1280, 720)
    window.close()
