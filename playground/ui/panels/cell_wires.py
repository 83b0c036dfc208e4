"""The lines of a cell's diagram: rounded corners, hops where they cross, joints and arrow heads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from playground.ui.panels.cell_geometry import WireSpot
from playground.ui.panels.cell_item_base import (
    Z_WIRE,
)
from playground.ui.theme import Theme


class WireItem(QGraphicsItem):
    """An orthogonal line with rounded corners, hops over the wires it crosses, a joint and an arrow head."""

    def __init__(self, spot: WireSpot, hops: Sequence[QPointF], theme: Theme) -> None:
        super().__init__()
        self.spot, self._theme = spot, theme
        self._width = spot.width * theme.scale
        self._head = self._arrow_head()
        self._path = self._trace(hops)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_WIRE)
        margin = self._width + 8 * theme.scale
        self._bounds = self._path.boundingRect().adjusted(-margin, -margin, margin, margin)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def _head_length(self) -> float:
        return max(9.0 * self._theme.scale, 2.4 * self._width)

    def _arrow_head(self) -> QPolygonF:
        if not self.spot.arrow or len(self.spot.points) < 2:
            return QPolygonF()
        (x1, y1), (x2, y2) = self.spot.points[-2:]
        length = self._head_length()
        half = length * 0.5
        if x1 == x2:
            back = length if y2 > y1 else -length
            return QPolygonF([QPointF(x2, y2), QPointF(x2 - half, y2 - back), QPointF(x2 + half, y2 - back)])
        back = length if x2 > x1 else -length
        return QPolygonF([QPointF(x2, y2), QPointF(x2 - back, y2 - half), QPointF(x2 - back, y2 + half)])

    def _trace(self, hops: Sequence[QPointF]) -> QPainterPath:
        points = [QPointF(x, y) for x, y in self.spot.points]
        if self.spot.arrow and len(points) >= 2:
            points[-1] = _towards(points[-1], points[-2], self._head_length() * 0.6)
        path = QPainterPath(points[0])
        corner = 7.0 * self._theme.scale
        radius = 5.0 * self._theme.scale + self._width / 2
        for position in range(1, len(points)):
            start, here = points[position - 1], points[position]
            for hop in _hops_between(start, here, hops):
                sign = 1.0 if here.x() > start.x() else -1.0
                path.lineTo(hop.x() - sign * radius, hop.y())
                arc = QRectF(hop.x() - radius, hop.y() - radius, 2 * radius, 2 * radius)
                path.arcTo(arc, 180.0 if sign > 0 else 0.0, -180.0 if sign > 0 else 180.0)
            if position == len(points) - 1:
                path.lineTo(here)
                break
            after = points[position + 1]
            bend = min(corner, _distance(start, here) / 2, _distance(here, after) / 2)
            path.lineTo(_towards(here, start, bend))
            path.quadTo(here, _towards(here, after, bend))
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self._theme.role(self.spot.role)
        pen = QPen(colour, self._width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if not self._head.isEmpty():
            painter.drawPolygon(self._head)
        if self.spot.dot:
            radius = max(4.0 * self._theme.scale, self._width * 0.9)
            painter.drawEllipse(QPointF(*self.spot.points[0]), radius, radius)


def crossings(wires: Sequence[WireSpot]) -> list[list[QPointF]]:
    """For every wire, the points where one of its level stretches crosses an upright stretch of another wire."""
    found: list[list[QPointF]] = [[] for _ in wires]
    for number, wire in enumerate(wires):
        for (x1, y1), (x2, y2) in zip(wire.points, wire.points[1:], strict=False):
            if y1 != y2:
                continue
            left, right = min(x1, x2), max(x1, x2)
            for other_number, other in enumerate(wires):
                if other_number == number:
                    continue
                for (u1, v1), (u2, v2) in zip(other.points, other.points[1:], strict=False):
                    if u1 == u2 and left + 1 < u1 < right - 1 and min(v1, v2) + 1 < y1 < max(v1, v2) - 1:
                        found[number].append(QPointF(u1, y1))
    return found


def _hops_between(start: QPointF, end: QPointF, hops: Sequence[QPointF]) -> list[QPointF]:
    if start.y() != end.y():
        return []
    low, high = sorted((start.x(), end.x()))
    mine = [hop for hop in hops if hop.y() == start.y() and low < hop.x() < high]
    return sorted(mine, key=lambda hop: abs(hop.x() - start.x()))


def _distance(first: QPointF, second: QPointF) -> float:
    return abs(first.x() - second.x()) + abs(first.y() - second.y())


def _towards(point: QPointF, target: QPointF, length: float) -> QPointF:
    """`point`, moved so far towards `target` (both on a level or an upright line)."""
    distance = _distance(point, target)
    if distance == 0:
        return QPointF(point)
    share = min(1.0, length / distance)
    return point + (target - point) * share
