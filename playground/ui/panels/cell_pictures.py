"""Small pictures made of values: a vector as a square of coloured cells."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


def cells_picture(colours: NDArray[np.uint32], side: int, ratio: float) -> QPixmap:
    """colours (H,) as a square of `side` px, row by row, with gaps where a cell has room for one."""
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(ratio)
    columns = math.ceil(math.sqrt(max(1, len(colours))))
    cell = side / columns
    gap = 1.0 if cell < 10 else 2.0
    gap = gap if cell >= 5 else 0.0
    top = (side - cell * math.ceil(len(colours) / columns)) / 2
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, colour in enumerate(colours):
        row, column = divmod(place, columns)
        painter.setBrush(QColor(int(colour)))
        box = QRectF(column * cell + gap / 2, top + row * cell + gap / 2, cell - gap, cell - gap)
        painter.drawRoundedRect(box, gap, gap)
    painter.end()
    return picture
