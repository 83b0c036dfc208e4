"""Small text of the Memory page: small beside a screen, never below 20 px on a projector."""

from __future__ import annotations

from PySide6.QtGui import QFont

from playground.ui.theme import Theme

SMALLEST_IN_A_LECTURE = 12.5
"""Unscaled px: 20 px at the scale of a lecture."""


def small_font(theme: Theme, size: float, *, bold: bool = False, mono: bool = False) -> QFont:
    """The font of `size` unscaled px, in a lecture at least as large as the last row can read."""
    if theme.scale > 1.25:
        size = max(size, SMALLEST_IN_A_LECTURE)
    return theme.font(size, bold=bold, mono=mono)
