"""How wide and how high text is, remembered: measuring costs as much as drawing, and the same few words come back."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from playground.ui.theme import Theme

_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)


def text_width(theme: Theme, text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """The width in pixels of one line at `size` unscaled px. GUI thread only."""
    return _width(text, size, bold, mono, theme.scale)


def line_height(theme: Theme, size: float, *, mono: bool = False) -> float:
    """The height in pixels of one line at `size` unscaled px."""
    return _height(size, mono, theme.scale)


def wrapped_height(theme: Theme, text: str, size: float, width: float) -> float:
    """The height in pixels of `text`, wrapped at words into `width` pixels."""
    return _wrapped(text, size, round(width), theme.scale)


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool, mono: bool, scale: float) -> float:
    return QFontMetricsF(Theme(scale=scale).font(size, bold=bold, mono=mono)).horizontalAdvance(text)


@lru_cache(maxsize=256)
def _height(size: float, mono: bool, scale: float) -> float:
    return QFontMetricsF(Theme(scale=scale).font(size, mono=mono)).height()


@lru_cache(maxsize=1024)
def _wrapped(text: str, size: float, width: int, scale: float) -> float:
    metrics = QFontMetricsF(Theme(scale=scale).font(size))
    return metrics.boundingRect(QRectF(0, 0, width, 10_000), _WRAPPED, text).height()
