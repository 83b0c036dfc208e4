"""The rule of `playground.ui.garbage` for the tests: with Qt there, cyclic garbage is collected between tests only.

A test of the runner may follow one of the window: its training thread must not be the one that finds what the window
left behind. So automatic collection is off from the first test with a QApplication to the end of the session.
"""

from __future__ import annotations

import gc
import sys

OLDEST_AFTER = 10
"""Collections of the middle generation after which the oldest is looked through, as in CPython."""


class GarbageBetweenTests:
    """`before` and `after` each test. Main thread."""

    def __init__(self) -> None:
        self._active = False

    def before(self, *, with_qt: bool) -> None:
        """From the first test with Qt on only `after` collects, and the timers of windows that are shown."""
        if not self._active and (with_qt or _application_exists()):
            self._active = True
            gc.disable()
            # What was imported so far stays: without it a look at everything costs 2 ms and not 200.
            gc.collect()
            gc.freeze()

    def after(self) -> None:
        """Collect the oldest generation that is due."""
        if not self._active:
            return
        gc.disable()  # whatever the test did
        young, middle, oldest = gc.get_count()
        young_limit, middle_limit, _ = gc.get_threshold()
        if young > young_limit:
            gc.collect(2 if oldest > OLDEST_AFTER else 1 if middle > middle_limit else 0)

    def end(self) -> None:
        """The session is over: everything as it was."""
        if self._active:
            self._active = False
            gc.unfreeze()
            gc.enable()


def _application_exists() -> bool:
    core = sys.modules.get("PySide6.QtCore")
    return core is not None and core.QCoreApplication.instance() is not None
