"""Python's cyclic garbage is collected on the window's thread, and on no other.

CPython looks for cycles in whichever thread happens to allocate: here mostly the one that trains. What it finds are the
Python halves of closed panels and windows, and Qt is being used on the window's thread at that very moment, partly
without the interpreter's lock (docs/decisions/016-garbage.md).

Source of the rule: K. Goyal, PyQt mailing list, August 2011
(https://riverbankcomputing.com/pipermail/pyqt/2011-August/030378.html); calibre and pyqtgraph do the same.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 200
"""How often somebody looks whether there is anything to collect."""

MANY = 8_000
"""So many new objects between two looks are modules, networks and pages that were loaded: they stay."""

OLDEST_AFTER = 10
"""Collections of the middle generation after which the oldest is looked through: as many as in CPython."""

OLDEST_SHARE = 0.005
"""The part of the window's time that may be spent on the oldest generation."""

_holders: set[object] = set()
"""One for each window that keeps automatic collection off."""
_was_on = False


class WindowGarbage(QObject):
    """Between `begin` and `end` nobody collects cyclic garbage but this timer. A window's child; GUI thread.

    Several windows may do so at once; what was before comes back with the end of the last, or with its destruction.
    """

    def __init__(self, parent: QObject, *, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(parent)
        self.sets_aside = False
        """Whether what comes in great numbers at once is taken out of all later collections (`gc.freeze`) until `end`:
        then the oldest generation costs 1 ms and not 200. For a process that has no other purpose than this window."""
        self._clock = clock
        self._token = object()
        self._oldest_from = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)
        self.destroyed.connect(partial(_give_back, self._token))

    @property
    def active(self) -> bool:
        """Whether this one keeps automatic collection off."""
        return self._token in _holders

    def begin(self) -> None:
        """From now on only this thread collects. May be called again."""
        global _was_on
        if self.active:
            return
        if not _holders:
            _was_on = gc.isenabled()
            gc.disable()
        _holders.add(self._token)
        self._timer.start()

    def end(self) -> None:
        """Collect no more; automatic collection is as it was once no window needs it off. May be called twice."""
        self._timer.stop()
        if self.sets_aside and self.active:
            gc.unfreeze()
        _give_back(self._token)

    @Slot()
    def collect_due(self) -> int | None:
        """Collect the oldest generation that is due, as CPython would; which one, or None."""
        young, middle, oldest = gc.get_count()
        young_limit, middle_limit, _ = gc.get_threshold()
        if self.sets_aside and young > MANY:
            gc.freeze()
            return None
        if not 0 < young_limit < young:
            return None
        if oldest > OLDEST_AFTER and self._clock() >= self._oldest_from:
            began = self._clock()
            gc.collect(2)
            ended = self._clock()
            self._oldest_from = ended + (ended - began) / OLDEST_SHARE
            return 2
        generation = 1 if middle > middle_limit else 0
        gc.collect(generation)
        return generation


def _give_back(token: object, *_: object) -> None:
    """This window needs it no longer: automatic collection comes back when it was the last."""
    if token in _holders:
        _holders.remove(token)
        if not _holders and _was_on:
            gc.enable()
