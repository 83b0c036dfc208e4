"""Training stands aside while the window works for its user, and goes on when it rests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from playground.ui.window_first import WindowFirst
from tests.ui.fake_runner import FakeRunner
from tests.ui.shell import make_shell


class NotingRunner(FakeRunner):
    """Notes what it is told about the window."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def stand_aside(self, still: bool = False) -> None:
        self.told.append("still" if still else "aside")

    def go_on(self) -> None:
        self.told.append("on")


@pytest.fixture
def runner() -> NotingRunner:
    return NotingRunner()


@pytest.fixture
def monitor(qtbot: QtBot, runner: NotingRunner) -> Iterator[RunMonitor]:
    monitor = RunMonitor(runner, UiState())
    monitor.begin()
    monitor.poll_once()
    yield monitor
    monitor.stop()


def test_a_snapshot_is_shown_without_training_beside(
    monitor: RunMonitor, runner: NotingRunner, qtbot: QtBot
) -> None:
    monitor._timer.setInterval(60_000)  # polls happen here only when they are called
    monitor.start_polling()
    seen: list[list[str]] = []
    monitor.snapshot_changed.connect(lambda: seen.append(list(runner.told)))
    monitor.start()
    monitor.poll_once()
    assert seen == [["aside"]]
    qtbot.waitUntil(lambda: runner.told == ["aside", "on"])


def test_it_goes_on_after_the_painting(monitor: RunMonitor, runner: NotingRunner, qtbot: QtBot) -> None:
    class Painted(QWidget):
        def paintEvent(self, event: object) -> None:
            runner.told.append("painted")

    widget = Painted()
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    monitor._timer.setInterval(60_000)
    monitor.start_polling()
    monitor.snapshot_changed.connect(widget.update)
    runner.told.clear()
    monitor.start()
    monitor.poll_once()
    qtbot.waitUntil(lambda: runner.told[-1:] == ["on"])
    assert runner.told == ["aside", "painted", "on"]


def test_without_polling_nobody_is_asked_to_stand_aside(monitor: RunMonitor, runner: NotingRunner) -> None:
    monitor.start()
    monitor.poll_once()
    monitor.window_works()
    assert "aside" not in runner.told


def test_the_end_of_polling_lets_training_go_on(monitor: RunMonitor, runner: NotingRunner) -> None:
    monitor.start_polling()
    monitor.window_works()
    monitor.stop_polling()
    assert runner.told == ["aside", "on"]


def test_a_key_and_the_mouse_come_first(monitor: RunMonitor, runner: NotingRunner, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    handle = widget.windowHandle()
    WindowFirst(handle, monitor)
    monitor._timer.setInterval(60_000)
    monitor.start_polling()
    for act in (
        lambda: QTest.keyClick(handle, Qt.Key.Key_Right),
        lambda: QTest.mouseClick(handle, Qt.MouseButton.LeftButton),
    ):
        runner.told.clear()
        act()
        assert "still" in runner.told[:2]  # a mouse comes before it clicks
        qtbot.waitUntil(lambda: runner.told[-1] == "on")
    runner.told.clear()
    QTest.mouseMove(handle, handle.position() + QPoint(5, 5))
    qtbot.waitUntil(lambda: runner.told[:1] == ["aside"])  # who passes by does not wait for anything
    qtbot.waitUntil(lambda: runner.told[-1] == "on")


def test_the_next_frame_waits_until_a_key_is_painted(
    monitor: RunMonitor, runner: NotingRunner, qtbot: QtBot
) -> None:
    monitor._timer.setInterval(60_000)
    monitor.start_polling()
    monitor.start()
    monitor.poll_once()
    qtbot.waitUntil(lambda: runner.told[-1] == "on")
    at = monitor.snapshot.update
    monitor.window_works(waited_for=True)
    monitor.poll_once()
    assert monitor.snapshot.update == at
    qtbot.waitUntil(lambda: runner.told[-1] == "on")
    monitor.poll_once()
    assert monitor.snapshot.update > at


def test_a_key_that_is_a_shortcut_comes_first(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt keeps it from the window: it is the command that says so."""
    shell = make_shell(qtbot)
    told: list[bool] = []
    monkeypatch.setattr(shell.runner, "stand_aside", told.append)
    shell.monitor._timer.setInterval(60_000)
    shell.monitor.start_polling()
    shell.state.set_page("step")
    told.clear()
    shell.press("Right")
    assert told[:1] == [True]
    shell.monitor.stop_polling()
