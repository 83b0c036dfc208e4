"""The real window with the real engine on its thread, fifty times: nothing hangs, nothing is left behind.

The leak watch of tests/conftest.py looks for threads, timers and windows after each of these tests.
"""

from __future__ import annotations

import dataclasses
import threading

import pytest
from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers, ownedByPython

from playground.app import build_window
from playground.engine.trainer import Trainer
from playground.experiment import Experiment, NetworkSettings, TrainingSettings
from playground.runner.thread_runner import ThreadRunner
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.trace.snapshot import RunState
from playground.ui.main_window import MainWindow
from playground.ui.page_table import PAGES
from playground.ui.settings import WindowSettings

TIMES = 50
SMALL = Experiment(
    task=NatureShowSettings(flowers=(0, 3)),
    networks=(NetworkSettings("rnn", units=4), NetworkSettings("lstm", units=4)),
    training=TrainingSettings(batch_size=4),
)
"""Fast enough that fifty of everything take seconds. (The engine is imported above: here nobody waits for that.)"""


def open_window(qtbot: QtBot, experiment: Experiment = SMALL, *, owned: bool = True) -> MainWindow:
    """A window that trains this. `owned`: qtbot closes it; otherwise `throw_away` does."""
    window = build_window(ThreadRunner(), WindowSettings(theme="light", motion=False), experiment=experiment)
    if owned:
        qtbot.addWidget(window)
    window.resize(1280, 720)
    with qtbot.waitActive(window):
        window.show()
    window.monitor.begin()
    window.monitor.start_polling()
    return window


def throw_away(window: MainWindow) -> None:
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def training_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "training"]


def wait_for_updates(qtbot: QtBot, window: MainWindow, updates: int = 1) -> None:
    wanted = window.monitor.snapshot.update + updates
    qtbot.waitUntil(lambda: window.monitor.snapshot.update >= wanted, timeout=10_000)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(window, key, modifiers or Qt.KeyboardModifier.NoModifier)


def test_close_while_training(qtbot: QtBot) -> None:
    for _ in range(TIMES):
        window = open_window(qtbot, owned=False)
        press(window, Qt.Key.Key_Space)
        wait_for_updates(qtbot, window)
        window.close()
        assert training_threads() == []
        throw_away(window)


def test_the_playhead_stands_at_the_question_from_the_first_paint(qtbot: QtBot) -> None:
    window = open_window(qtbot)
    assert window.state.timestep == 9
    wait_for_traces = window.monitor.snapshot_changed
    if not window.state.moment.traces:
        with qtbot.waitSignal(wait_for_traces, timeout=10_000):
            pass
    assert window.state.timestep == 9
    window.close()


def test_close_at_once(qtbot: QtBot) -> None:
    for _ in range(TIMES):
        window = open_window(qtbot, owned=False)
        window.close()
        assert training_threads() == []
        throw_away(window)


def test_rewind_while_training(qtbot: QtBot) -> None:
    window = open_window(qtbot)
    for _ in range(TIMES):
        press(window, Qt.Key.Key_Space)
        wait_for_updates(qtbot, window)
        press(window, Qt.Key.Key_R)
        qtbot.waitUntil(
            lambda: window.monitor.snapshot.update == 0 and window.monitor.run_state is RunState.PAUSED,
            timeout=10_000,
        )
        assert window.monitor.record.last_update == 0
    window.close()


def test_apply_while_training(qtbot: QtBot) -> None:
    window = open_window(qtbot)
    for seed in range(2, TIMES + 2):
        press(window, Qt.Key.Key_Space)
        wait_for_updates(qtbot, window)
        training = dataclasses.replace(SMALL.training, seed=seed)
        window.monitor.apply(dataclasses.replace(SMALL, training=training))
        qtbot.waitUntil(
            lambda seed=seed: window.monitor.snapshot.run_id == seed and not window.monitor.loading,
            timeout=10_000,
        )
        assert window.monitor.snapshot.update == 0
        assert f"seed {seed}" in window.top_bar.facts.text
    window.close()


def test_switch_pages_while_training(qtbot: QtBot) -> None:
    window = open_window(qtbot)
    press(window, Qt.Key.Key_Space)
    wait_for_updates(qtbot, window)
    keys = [Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6]
    for turn in range(TIMES):
        press(window, keys[turn % len(keys)], Qt.KeyboardModifier.ControlModifier)
        wait_for_updates(qtbot, window)
        assert window.state.page == PAGES[turn % len(keys)].key
    assert window.monitor.run_state is RunState.TRAINING
    assert window.problem_banner.isHidden()
    window.close()


def test_everything_at_once(qtbot: QtBot) -> None:
    """Theme, words, lecture mode, playhead, training time, while training at full speed."""
    window = open_window(qtbot)
    press(window, Qt.Key.Key_Space)
    wait_for_updates(qtbot, window, 5)
    keys = [
        Qt.Key.Key_T,
        Qt.Key.Key_V,
        Qt.Key.Key_Right,
        Qt.Key.Key_BracketLeft,
        Qt.Key.Key_F11,
        Qt.Key.Key_Tab,
        Qt.Key.Key_N,
        Qt.Key.Key_B,
        Qt.Key.Key_O,
        Qt.Key.Key_End,
    ]
    for turn in range(TIMES):
        press(window, keys[turn % len(keys)])
        wait_for_updates(qtbot, window)
    assert window.problem_banner.isHidden()
    window.close()


def halves_that_hear_of_nothing() -> list[object]:
    """Python halves of what Qt made, may delete, and would not tell: neither QObjects nor of classes written here."""
    return [
        each
        for each in getAllValidWrappers()
        if not isinstance(each, (QObject, QMetaObject))
        and not ownedByPython(each)
        and not type(each).__module__.startswith("playground.")
    ]


def test_no_python_half_outlives_what_it_belongs_to(qtbot: QtBot) -> None:
    """On no page, in no look: the next object at its address would crash the window (see `ui/qt_mends.py`)."""
    before = {id(each) for each in halves_that_hear_of_nothing()}
    window = open_window(qtbot)
    window.start_lazy_parts()
    for page in PAGES:
        window.state.set_page(page.key)
        QApplication.processEvents()
        press(window, Qt.Key.Key_F11)
        QApplication.processEvents()
    found = [each for each in halves_that_hear_of_nothing() if id(each) not in before]
    assert found == []
    window.close()


@pytest.mark.expects_log("Training stopped")
def test_training_that_blows_up_can_be_restored(qtbot: QtBot) -> None:
    wild = dataclasses.replace(
        SMALL,
        networks=(NetworkSettings("rnn", units=4, learning_rate=10.0, clip_norm=1000.0),),
        training=TrainingSettings(batch_size=4, optimiser="sgd"),
    )
    window = open_window(qtbot, wild)
    original = Trainer.do_update
    try:

        def blow_up(self: Trainer, *args: object, **named: object) -> object:
            if self.update >= 5:
                raise RuntimeError("the weights are on fire")
            return original(self, *args, **named)  # type: ignore[arg-type]

        Trainer.do_update = blow_up  # type: ignore[method-assign, assignment]
        press(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.monitor.failure is not None, timeout=10_000)
    finally:
        Trainer.do_update = original  # type: ignore[method-assign]
    banner = window.failure_banner
    assert not banner.isHidden()
    QTest.mouseClick(banner.button("restore"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.monitor.failure is None, timeout=10_000)
    assert banner.isHidden()
    assert window.monitor.snapshot.update == 5
    press(window, Qt.Key.Key_Space)
    wait_for_updates(qtbot, window)
    window.close()
