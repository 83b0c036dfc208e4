"""The watch itself: it sees each kind of leak, and is silent about what is cleaned up."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests import leaks
from tests.leaks import LeakWatch, started


@pytest.fixture(autouse=True)
def _watched(qapp: QApplication) -> None:
    started.watch()


def test_a_thread_that_goes_on_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "THREAD_PATIENCE_SECONDS", 0.01)
    release = threading.Event()
    watch = LeakWatch()
    thread = threading.Thread(target=release.wait, name="left-behind")
    thread.start()
    try:
        assert watch.leaks() == ["The thread left-behind still runs."]
    finally:
        release.set()
        thread.join()
    assert watch.leaks() == []


def test_a_thread_that_is_about_to_end_is_waited_for() -> None:
    release = threading.Event()
    watch = LeakWatch()
    threading.Thread(target=release.wait).start()
    threading.Timer(0.05, release.set).start()
    assert watch.leaks() == []


def test_a_running_timer_is_seen_with_the_place_that_started_it() -> None:
    watch = LeakWatch()
    timer = QTimer()
    timer.start(1000)
    (leak,) = watch.leaks()
    assert leak.startswith("A QTimer still runs")
    assert "test_leak_watch.py" in leak
    timer.stop()
    assert watch.leaks() == []


def test_a_timer_owned_by_a_living_object_is_seen_until_the_object_is_deleted() -> None:
    watch = LeakWatch()
    owner = QObject()
    QTimer(owner).start(1000)
    assert len(watch.leaks()) == 1
    owner.deleteLater()
    assert watch.leaks() == []


def test_a_timer_that_ran_before_is_not_blamed_on_this_test() -> None:
    timer = QTimer()
    timer.start(1000)
    watch = LeakWatch()
    assert watch.leaks() == []
    timer.stop()


def test_a_running_animation_is_seen() -> None:
    watch = LeakWatch()
    widget = QLabel()
    animation = QPropertyAnimation(widget, b"minimumWidth")
    animation.setEndValue(10)
    animation.setDuration(60_000)
    animation.start()
    assert any("QPropertyAnimation" in leak for leak in watch.leaks())
    animation.stop()
    widget.deleteLater()
    assert watch.leaks() == []


def test_a_window_that_stays_is_seen_and_a_deleted_one_is_not() -> None:
    watch = LeakWatch()
    window = QWidget()
    window.setWindowTitle("Stays")
    assert watch.leaks() == ["The top-level QWidget (Stays) is still there."]
    window.deleteLater()
    assert watch.leaks() == []


def test_a_window_in_a_reference_cycle_is_rubbish_and_no_leak() -> None:
    watch = LeakWatch()
    window: Any = QWidget()
    window.itself = [window]
    del window
    assert watch.leaks() == []


def test_a_busy_cursor_is_seen() -> None:
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        assert LeakWatch().leaks() == ["The cursor that says 'busy' was never put back."]
    finally:
        QApplication.restoreOverrideCursor()
