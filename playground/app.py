"""The composition root of the window: makes the parts, wires them, and ends them in order.

The window comes first: torch is imported on the training thread, and only after the window's first paint (on Windows
torch must be imported before Qt, so there it comes first). Start-up is measured with PLAYGROUND_STARTUP_REPORT=file.
"""

# The limits of threads, and on Windows torch itself, come before everything else that is imported.
# ruff: noqa: E402
from __future__ import annotations

import os
import sys

# Before torch, and before numpy's libraries choose: for these sizes two threads are slower than one.
for _variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

if sys.platform == "win32":  # pragma: no cover
    import torch  # noqa: F401

import builtins
import json
import logging
import signal
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Slot

# PySide6 reads the source of every module that is imported after it, to see whether it wants Qt's functions renamed
# (`from __feature__ import snake_case`). Nothing here does; without that, torch alone is imported half a second sooner.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

from PySide6.QtWidgets import QApplication, QWidget

from playground.contract.runner import Runner
from playground.experiment import Experiment
from playground.places import settings_folder
from playground.ui.main_window import MainWindow
from playground.ui.monitor import RunMonitor
from playground.ui.problems import Problems
from playground.ui.qt_messages import qt_messages_logged
from playground.ui.settings import SettingsFile, WindowSettings
from playground.ui.shown_moment import first_question
from playground.ui.state import UiState

SWITCH_INTERVAL = 0.0005
"""Seconds after which the training thread is asked for the interpreter: the window waits no longer than this."""

HEARTBEAT_MS = 200
BEGIN_AFTER_MS = 20
"""From the building of what comes after the first paint to the engine's beginning: time for it to be painted."""

STARTUP_REPORT = "PLAYGROUND_STARTUP_REPORT"
"""Names a file that gets the times of the start as JSON, in seconds since the process began."""

STARTED_AT = "PLAYGROUND_STARTED_AT"
"""time.monotonic() of whoever started the process, where the system does not tell when it began."""

log = logging.getLogger("playground")


def run_window() -> int:
    """Open the window, let it live, end everything. Returns the exit code: 0."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    problems = Problems()
    problems.watch()
    try:
        with qt_messages_logged():
            return _run_window(problems)
    finally:
        problems.unwatch()


def _run_window(problems: Problems) -> int:
    application = make_application()
    settings_file = SettingsFile()
    window = build_window(None, settings_file.read(), settings_file)
    window.garbage.sets_aside = True
    ending = _Ending(application, window, problems)
    report = StartupReport(os.environ.get(STARTUP_REPORT))
    report.watch(window)  # first: what comes after the paint is no part of it
    window.first_painted.connect(ending.first_painted)
    window.show()
    try:
        return application.exec()
    finally:
        window.monitor.stop()
        take_apart(window)
        if (readiness := sys.modules.get("playground.engine.kernels.readiness")) is not None:
            readiness.stop_compiling()


def take_apart(window: QWidget) -> None:
    """Close a window and delete it now, while all that it needs is there. Left to the end of Python its parts would go
    in any order, some of them after the application: that ends in a crash, or not, by chance."""
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def make_application() -> QApplication:
    """The QApplication, in the one style that is drawn alike on all systems."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setStyle("Fusion")
    else:
        # As an argument: setStyle() makes PySide build all enumerations of QStyle before the first paint.
        application = QApplication(["playground", "-style", "Fusion"])
    application.setApplicationName("Sequence Playground")
    return application


def build_window(
    runner: Runner | None,
    settings: WindowSettings | None = None,
    settings_file: SettingsFile | None = None,
    experiment: Experiment | None = None,
) -> MainWindow:
    """The whole window with this runner, not yet shown; the runner gets its experiment with `window.monitor.begin()`.

    Without a runner, `begin` needs one: so the window is there before the runner's module is imported.
    Needs a QApplication, but no event loop.
    """
    settings = settings if settings is not None else WindowSettings()
    state = UiState()
    monitor = RunMonitor(runner, state, experiment, speed=settings.speed)
    state.open_at(first_question(monitor.task))
    window = MainWindow(state, monitor, settings, settings_file)
    state.setParent(window)
    monitor.setParent(window)
    return window


class _Ending(QObject):
    """Begins the run after the first paint, tells the window of problems, and closes it on Ctrl+C."""

    def __init__(self, application: QApplication, window: MainWindow, problems: Problems) -> None:
        super().__init__(window)
        self._window = window
        self._problems = problems
        self._interrupted = False
        self._log_file: logging.Handler | None = None
        for name in ("SIGINT", "SIGTERM"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._interrupt)
        # Python sees a signal only when it runs: Qt's own loop would never let it.
        self._heartbeat = QTimer(self)
        self._heartbeat.setInterval(HEARTBEAT_MS)
        self._heartbeat.timeout.connect(self._beat)
        self._heartbeat.start()
        application.aboutToQuit.connect(self._about_to_quit)

    def _interrupt(self, number: int, frame: object) -> None:
        self._interrupted = True

    @Slot()
    def first_painted(self) -> None:
        """The window is to be seen: now what was left out is built, and when that is painted the engine begins."""
        self._window.start_lazy_parts()
        QTimer.singleShot(BEGIN_AFTER_MS, self, self._begin)

    @Slot()
    def _begin(self) -> None:
        """From now on the engine takes the processor: importing torch leaves the window every other moment."""
        from playground.runner.seed_fan import ThreadSeedFan
        from playground.runner.thread_runner import ThreadRunner

        self._log_file = _log_to_file()
        self._window.monitor.seed_fan = ThreadSeedFan()
        self._window.monitor.begin(ThreadRunner(), ThreadRunner)
        self._window.monitor.start_polling()

    @Slot()
    def _beat(self) -> None:
        if self._interrupted:
            self._interrupted = False
            self._window.close()
        for sentence, advice in self._problems.take():
            self._window.show_problem(sentence, advice)

    @Slot()
    def _about_to_quit(self) -> None:
        self._heartbeat.stop()
        self._window.monitor.stop()
        if self._log_file is not None:
            logging.getLogger().removeHandler(self._log_file)
            self._log_file.close()


class StartupReport(QObject):
    """Writes when the window was first painted with event strip and Train button, and when the engine was ready."""

    def __init__(
        self,
        path: str | None,
        now: Callable[[], float] | None = None,
        processor_now: Callable[[], float] = time.process_time,
    ) -> None:
        super().__init__()
        self._path = path
        self._now = now if now is not None else seconds_since_start
        self._processor_now = processor_now
        self._times: dict[str, float] = {}
        self._monitor: RunMonitor | None = None

    def watch(self, window: MainWindow) -> None:
        """Take the times of this window, if somebody wants them."""
        if self._path:
            self._monitor = window.monitor
            window.first_painted.connect(self._painted)
            window.monitor.state_changed.connect(self._state_changed)

    @Slot()
    def _painted(self) -> None:
        self._times["first_paint_processor_seconds"] = round(self._processor_now(), 4)
        self._note("first_paint_seconds")

    @Slot()
    def _state_changed(self) -> None:
        if (
            self._monitor is not None
            and not self._monitor.loading
            and "engine_ready_seconds" not in self._times
        ):
            self._note("engine_ready_seconds")

    def _note(self, what: str) -> None:
        self._times[what] = round(self._now(), 4)
        if self._path:
            Path(self._path).write_text(json.dumps(self._times), encoding="utf-8")


def seconds_since_start() -> float:
    """Seconds since this process began, as the system (or whoever started it) tells."""
    told = os.environ.get(STARTED_AT)
    if told:
        return time.monotonic() - float(told)
    try:
        fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began
    except (OSError, AttributeError, ValueError):
        return time.process_time()


def _log_to_file() -> logging.Handler | None:
    """Warnings and tracebacks go into a file in the settings folder; nothing is lost if that cannot be written."""
    from logging.handlers import RotatingFileHandler

    try:
        settings_folder().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            settings_folder() / "problems.log", maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return None
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler
