"""The drawings of the events, rendered once for each size and kept."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from playground.resources import asset


@lru_cache(maxsize=512)
def drawing(name: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name` as a square pixmap of `size` px on a screen of this device pixel ratio; GUI thread only."""
    pixels = max(1, round(size * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(asset(f"drawings/{name}.svg"))).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
