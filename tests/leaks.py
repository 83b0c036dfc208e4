"""Notices what a test leaves behind: threads, running timers and animations, top-level widgets, a busy cursor.

Each of them is harmless in one test and a crash at exit, or a test that fails elsewhere, in a few hundred.
"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

THREAD_PATIENCE_SECONDS = 3.0
"""A thread that was told to stop may need this long to end; one that was not told never does."""

TEST_RUNNER_THREADS = ("pytest_timeout",)


class LeakWatch:
    """Compares what is there after a test with what was there when the watch was made.

    Qt is watched only where a test has a QApplication: the watch itself imports nothing.
    """

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._timers = weakref.WeakSet(started.running())
        self._widgets = {_address(widget) for widget in _top_level_widgets()}

    def leaks(self) -> list[str]:
        """One sentence for everything that is there now and was not there before."""
        return [*self._leaked_threads(), *self._leaked_from_qt()]

    def _leaked_threads(self) -> Iterator[str]:
        for thread in threading.enumerate():
            if thread in self._threads or thread.name.startswith(TEST_RUNNER_THREADS):
                continue
            thread.join(THREAD_PATIENCE_SECONDS)
            if thread.is_alive():
                yield f"The thread {thread.name} still runs."

    def _leaked_from_qt(self) -> list[str]:
        if _application() is None:
            return []
        _delete_what_waits_for_deletion()
        found = self._find_in_qt()
        if found:
            # Perhaps it is only rubbish that nobody has collected yet. Collecting takes long: only then.
            gc.collect()
            _delete_what_waits_for_deletion()
            found = self._find_in_qt()
        return found

    def _find_in_qt(self) -> list[str]:
        found = []
        for timer in started.running():
            if timer not in self._timers:
                found.append(
                    f"A {type(timer).__name__} still runs; it was started at {started.place(timer)}."
                )
        for widget in _top_level_widgets():
            if _address(widget) not in self._widgets:
                title = widget.windowTitle() or widget.objectName() or "without a title"
                found.append(f"The top-level {type(widget).__name__} ({title}) is still there.")
        if _application().overrideCursor() is not None:
            found.append("The cursor that says 'busy' was never put back.")
        return found


class StartedTimers:
    """Remembers every QTimer and animation that Python code starts, and where. `watch` once, before any is started."""

    def __init__(self) -> None:
        self._places: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        self._watching = False

    def watch(self) -> None:
        """Puts a recorder before QTimer.start and QAbstractAnimation.start. Needs QtCore."""
        if self._watching:
            return
        from PySide6.QtCore import QAbstractAnimation, QTimer

        self._watching = True
        for kind in (QTimer, QAbstractAnimation):
            kind.start = self._recorded(kind.start)  # type: ignore[method-assign]

    def running(self) -> list[Any]:
        """Those that run now."""
        return [each for each in list(self._places) if _runs(each)]

    def place(self, timer: Any) -> str:
        """Where this one was started last: file and line."""
        return self._places.get(timer, "an unknown place")

    def _recorded(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def start_and_record(timer: Any, *args: Any, **named: Any) -> Any:
            caller = sys._getframe(1)
            self._places[timer] = f"{caller.f_code.co_filename}:{caller.f_lineno}"
            return start(timer, *args, **named)

        return start_and_record


started = StartedTimers()
"""All timers and animations of this test run."""


def _runs(timer: Any) -> bool:
    from PySide6.QtCore import QAbstractAnimation
    from shiboken6 import isValid

    if not isValid(timer):
        return False
    if isinstance(timer, QAbstractAnimation):
        return timer.state() == QAbstractAnimation.State.Running
    return bool(timer.isActive())


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets is not None else None


def _top_level_widgets() -> Iterable[Any]:
    application = _application()
    return application.topLevelWidgets() if application is not None else ()


def _address(widget: Any) -> int:
    from shiboken6 import getCppPointer

    return int(getCppPointer(widget)[0])


def _delete_what_waits_for_deletion() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    # processEvents leaves deleteLater alone when no event loop runs, and none runs between tests.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
