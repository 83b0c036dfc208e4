"""The real window with the real runner, and an event loop that runs as long as a measurement wants."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from playground.doctor.display import find_display
from playground.experiment import Experiment

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from playground.bench.probes import TimedRunner
    from playground.ui.main_window import MainWindow

WIDTH, HEIGHT = 1600, 900
PATIENCE_SECONDS = 60.0


class WindowStand:
    """A window of 1600x900 that shows a run of `experiment`, loaded and paused at update 0.

    On a screen that nobody sees where there is none. `close` it at the end. GUI thread.
    """

    def __init__(self, experiment: Experiment) -> None:
        if not find_display().available:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from playground.app import SWITCH_INTERVAL, build_window, make_application
        from playground.bench.probes import TimedRunner
        from playground.ui.qt_messages import qt_messages_logged
        from playground.ui.settings import WindowSettings

        self._stack = ExitStack()
        self._stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._stack.enter_context(qt_messages_logged())
        self.application = make_application()
        self.runner: TimedRunner = TimedRunner()
        settings = WindowSettings(theme="light", page="train", speed=None)
        self.window: MainWindow = build_window(self.runner, settings, experiment=experiment)
        self._stack.callback(self._close_window)
        self.window.garbage.sets_aside = True  # as the program does
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self.spin(0.1)
        self.activate()
        self.window.monitor.begin()
        self.window.monitor.start_polling()
        self.window.start_lazy_parts()
        self.wait_for(lambda: bool(self.window.state.moment.traces), "the networks are made")
        self.spin(0.2)

    def close(self) -> None:
        """Close the window, end the runner, put everything back."""
        self._stack.close()

    def _close_window(self) -> None:
        from playground.app import take_apart

        take_apart(self.window)

    # -- time passes
    def spin(self, seconds: float) -> None:
        """Let the event loop run, as `exec` would."""
        from PySide6.QtCore import QEventLoop, Qt, QTimer

        loop, timer = QEventLoop(), QTimer()
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(loop.quit)
        timer.start(max(1, round(1000.0 * seconds)))
        loop.exec()

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Let the event loop run until this is so. Raises TimeoutError, with `what` was waited for, otherwise."""
        until = time.perf_counter() + seconds
        while not condition():
            if time.perf_counter() > until:
                raise TimeoutError(f"Waited {seconds:.0f} seconds in vain until {what}.")
            failure = self.window.monitor.failure
            if failure is not None:
                raise RuntimeError(failure.sentence)
            self.spin(0.005)

    # -- what the user does
    def activate(self) -> None:
        """Give the window the keyboard. Raises RuntimeError where it does not get it."""
        from PySide6.QtTest import QTest

        self.window.activateWindow()
        if not QTest.qWaitForWindowActive(self.window, 5000):
            raise RuntimeError("The window did not get the keyboard: is another program in front of it?")

    def show_page(self, key: str) -> QWidget:
        """Turn to this page and let it settle. Raises RuntimeError where it could not be built."""
        self.window.state.set_page(key)
        self.spin(0.3)
        page = self.window.current_page
        if page is None or type(page).__name__ == "_BrokenPage":
            raise RuntimeError(f"The page {key} could not be opened.")
        return page

    def train(self) -> None:
        """Train at full speed."""
        self.window.monitor.set_speed(None)
        self.window.monitor.start()
        self.wait_for(lambda: self.window.monitor.training, "training has begun")

    def do_one_update(self) -> None:
        """One update of every network, shown."""
        wanted = self.window.monitor.snapshot.update + 1
        self.window.monitor.one_update()
        self.wait_for(lambda: self.window.state.moment.update >= wanted, f"update {wanted:,} is shown")

    def pause(self) -> None:
        """Stop training, and wait until it stands still."""
        from playground.trace.snapshot import RunState

        self.window.monitor.pause()
        self.wait_for(lambda: self.window.monitor.run_state is RunState.PAUSED, "the run is paused")
        self.spin(0.1)

    def measure_rate(self, seconds: float) -> float:
        """Updates a second while the event loop runs for so long, told by the training thread's own clock."""
        began = self._newest()
        self.spin(seconds)
        ended = self._newest()
        return (ended[0] - began[0]) / (ended[1] - began[1])

    def _newest(self) -> tuple[int, float]:
        """The update now and when it was told, from a snapshot that was made after this call."""
        runner = self.runner
        runner.poll()  # an older one may wait
        now = time.monotonic()
        while runner.wait_for_news(PATIENCE_SECONDS):
            snapshot = runner.poll()
            if snapshot is not None and snapshot.taken_at >= now:
                return snapshot.update, snapshot.taken_at
        raise TimeoutError("The training thread told nothing new.")
