"""The window of the tests: real, with a runner that does as it is told, and small pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.engine.cells import CELLS
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.main_window import MainWindow
from playground.ui.monitor import RunMonitor
from playground.ui.page_table import PageEntry
from playground.ui.settings import SettingsFile, WindowSettings
from playground.ui.state import UiState
from tests.ui.canned import canned_trace
from tests.ui.fake_runner import FakeRunner
from tests.ui.placeholder_pages import PLACEHOLDERS

NETWORKS = ("no_memory", "rnn", "lstm", "guide_lstm")
_FORMS = {
    key: canned_trace(CELLS[key].description, answers=12, length=10, seed=3 + position)
    for position, key in enumerate(NETWORKS)
}


def canned_traces(run_id: int, update: int) -> Mapping[str, SequenceTrace]:
    """The same numbers at every update, but each trace says which run and update it is of."""
    from dataclasses import replace

    return MappingProxyType(
        {key: replace(trace, run_id=run_id, update=update) for key, trace in _FORMS.items()}
    )


@dataclass
class Shell:
    """A window and what is behind it."""

    state: UiState
    runner: FakeRunner
    monitor: RunMonitor
    window: MainWindow

    def poll(self, times: int = 1) -> None:
        for _ in range(times):
            self.monitor.poll_once()
        QApplication.processEvents()

    def train(self, updates: int) -> None:
        """Train so many updates, then pause."""
        self.monitor.start()
        self.poll(updates)
        self.monitor.pause()
        self.poll()

    def press(self, key: str, widget: QWidget | None = None) -> None:
        """Press a key as the keyboard does: at the widget that has it."""
        combination = QKeySequence(key)[0]
        target = widget or QApplication.focusWidget() or self.window
        code, modifiers = combination.key(), combination.keyboardModifiers()
        if code == Qt.Key.Key_Tab and modifiers == Qt.KeyboardModifier.ShiftModifier:
            code = Qt.Key.Key_Backtab  # what Shift and Tab make on a real keyboard
        QTest.keyClick(target, code, modifiers)

    def page(self) -> QWidget:
        page = self.window.current_page
        assert page is not None
        return page


def make_shell(
    qtbot: QtBot,
    *,
    begin: bool = True,
    runner: FakeRunner | None = None,
    settings: WindowSettings | None = None,
    settings_file: SettingsFile | None = None,
    pages: Sequence[PageEntry] = PLACEHOLDERS,
    size: tuple[int, int] = (1280, 720),
) -> Shell:
    """A window that is shown and has the keyboard; with `begin` its run stands at update 0."""
    runner = runner if runner is not None else FakeRunner(canned_traces)
    state = UiState()
    monitor = RunMonitor(runner, state, speed=settings.speed if settings else None)
    window = MainWindow(
        state, monitor, settings or WindowSettings(theme="light", motion=False), settings_file, pages
    )
    state.setParent(window)
    monitor.setParent(window)
    # qtbot itself holds it weakly, and a window that Python's collector takes in the middle of a paint event crashes.
    qtbot.addWidget(window, before_close_func=lambda _: window.objectName())
    window.resize(*size)
    with qtbot.waitActive(window):
        window.show()
    shell = Shell(state, runner, monitor, window)
    if begin:
        monitor.begin()
        shell.poll()
    return shell


def colours(widget: QWidget) -> int:
    """How many different colours a widget's picture has: one means nothing was painted."""
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return len(np.unique(pixels))
