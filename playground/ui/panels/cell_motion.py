"""What travels through a cell's diagram while the timestep advances."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QGraphicsItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from playground.ui.panels.cell_item_base import (
    Z_MOTION,
)
from playground.ui.theme import Theme


class MotionItem(QGraphicsItem):
    """What travels while the timestep advances: a few cells of each quantity, in their own colours, on their way."""

    def __init__(self, bounds: QRectF, theme: Theme) -> None:
        super().__init__()
        self._bounds, self._theme = bounds, theme
        self._cargo: list[tuple[QPointF, list[QColor], QPixmap]] = []
        self.setZValue(Z_MOTION)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    @property
    def moving(self) -> int:
        """How many things are on their way."""
        return len(self._cargo)

    def show_cargo(self, cargo: list[tuple[QPointF, list[QColor], QPixmap]]) -> None:
        """Each thing: where it is, the colours of its cells, and a picture instead of cells (or a null one)."""
        extent = QRectF()  # only there the scene is painted again
        for thing in (*self._cargo, *cargo):
            extent = extent.united(self._extent(*thing))
        if not extent.isNull():
            self.update(extent)
        self._cargo = cargo

    def _extent(self, centre: QPointF, colours: list[QColor], pixmap: QPixmap) -> QRectF:
        half = 8.0 * self._theme.scale + 3.75 * self._theme.scale * len(colours)
        if not pixmap.isNull():
            half = pixmap.deviceIndependentSize().width() * 0.7 + 2
        low = half if not pixmap.isNull() else 8.0 * self._theme.scale
        return QRectF(centre.x() - half, centre.y() - low, 2 * half, 2 * low)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._cargo:
            return
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, gap = 6.0 * theme.scale, 1.5 * theme.scale
        for centre, colours, pixmap in self._cargo:
            if not pixmap.isNull():
                size = pixmap.deviceIndependentSize()
                painter.setBrush(theme.colour("surface"))
                painter.setPen(QPen(theme.colour("border_strong"), theme.scale))
                painter.drawEllipse(centre, size.width() * 0.62, size.height() * 0.62)
                painter.drawPixmap(centre - QPointF(size.width() / 2, size.height() / 2), pixmap)
                continue
            count = len(colours)
            width = count * side + (count - 1) * gap
            frame = QRectF(centre.x() - width / 2, centre.y() - side / 2, width, side).adjusted(-3, -3, 3, 3)
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("border_strong"), theme.scale))
            painter.drawRoundedRect(frame, 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            for position, colour in enumerate(colours):
                painter.setBrush(QBrush(colour))
                left = centre.x() - width / 2 + position * (side + gap)
                painter.drawRoundedRect(QRectF(left, centre.y() - side / 2, side, side), 1.5, 1.5)


def along(points: Sequence[tuple[float, float]], share: float) -> QPointF:
    """The point after this share (0..1) of the way along the corners."""
    lengths = [abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    rest = share * sum(lengths)
    for ((x1, y1), (x2, y2)), length in zip(pairwise(points), lengths, strict=True):
        if rest <= length and length > 0:
            return QPointF(x1 + (x2 - x1) * rest / length, y1 + (y2 - y1) * rest / length)
        rest -= length
    return QPointF(*points[-1])
