"""What all items of a cell's diagram share: who listens to them, their order, and small helpers."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from playground.ui.panels.cell_geometry import Rect
from playground.ui.theme import Palette, Theme, contrast

Z_WIRE, Z_CARD, Z_VECTOR, Z_OP, Z_LABEL, Z_MOTION = range(6)


ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


class DiagramListener(Protocol):
    """What the diagram tells when something in it is pointed at."""

    def value_clicked(self, quantity: str, unit: int, several: bool) -> None:
        """A cell of a vector was clicked; `several`: with Ctrl or Shift."""
        ...

    def quantity_clicked(self, name: str) -> None:
        """The box, row or sign of this quantity's equation was clicked."""
        ...

    def words_for_unit(self, quantity: str, unit: int) -> str:
        """The value under the pointer, in words."""
        ...

    def words_for_quantity(self, name: str) -> str:
        """What this quantity is for, in a sentence."""
        ...


def rectf(rect: Rect) -> QRectF:
    """The same rectangle for Qt."""
    return QRectF(rect.x, rect.y, rect.w, rect.h)


def header_fill(theme: Theme, role: str) -> QColor:
    """The role's colour, or its darker ink where white text would be too faint on it."""
    return theme.role(role) if _carries_white(theme.palette, role) else theme.role_ink(role)


@lru_cache(maxsize=64)
def _carries_white(palette: Palette, role: str) -> bool:
    return contrast(palette.on_accent, dict(palette.roles)[role]) >= 4.5
