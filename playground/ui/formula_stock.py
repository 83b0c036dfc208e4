"""Formulas that are set before anybody looks at them. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QColor

from playground.ui.formula_rendering import set_formula

PAUSE_MS = 60
"""Between two formulas: each takes some 10 ms, and the window has other things to do."""


class FormulaStock(QObject):
    """Sets the formulas that may be shown next, one at a time while the window rests, so that the first press of a key
    costs no more than the second."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted: list[tuple[str, float, str]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._set_one)

    @property
    def waiting(self) -> int:
        """How many are still to be set."""
        return len(self._wanted)

    def want(self, formulas: Iterable[str], size: float, colour: QColor) -> None:
        """These from now on, in place of those that were wanted before."""
        self._wanted = [(latex, size, colour.name()) for latex in formulas]
        if self._wanted:
            self._timer.start()

    @Slot()
    def _set_one(self) -> None:
        if self._wanted:
            set_formula(*self._wanted.pop(0))
        if not self._wanted:
            self._timer.stop()
