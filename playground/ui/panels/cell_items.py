"""The things in a cell's diagram, each drawn once where the layout puts it: only vectors and a few words change.

All are plain `QGraphicsItem`s; what a click means is told to the scene's `DiagramListener`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from playground.ui.formula_rendering import draw_formula
from playground.ui.panels.cell_geometry import (
    BoxSpot,
    LabelSpot,
    OpSpot,
    PillSpot,
    Rect,
    VectorSpot,
    WireSpot,
)
from playground.ui.theme import Theme, contrast

FloatVector = NDArray[np.float32]

Z_WIRE, Z_CARD, Z_VECTOR, Z_OP, Z_LABEL, Z_MOTION = range(6)


ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "centre": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


class DiagramListener(Protocol):
    """What the diagram tells when something in it is pointed at."""

    def unit_clicked(self, unit: int, several: bool) -> None:
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
    fill = theme.role(role)
    if contrast(theme.palette.on_accent, fill.name()) >= 4.5:
        return fill
    return theme.role_ink(role)


class VectorItem(QGraphicsItem):
    """A quantity as a little grid of coloured cells, one a unit. Hover tells the value, a click selects the unit.

    Painted as one image of a pixel for each cell, stretched, under a grid of the surface's colour with round holes: 16
    cells cost as much as 128.
    """

    def __init__(self, spot: VectorSpot, units: int, theme: Theme, listener: DiagramListener) -> None:
        super().__init__()
        self.spot, self.units, self._theme, self._listener = spot, units, theme, listener
        self._pixels: NDArray[np.uint32] | None = None
        self._selected: tuple[int, ...] = ()
        self._hovered = -1
        self.setZValue(Z_VECTOR)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._rows = -(-units // spot.columns)
        pitch = spot.cell + spot.gap
        self._rects = [
            QRectF(
                spot.rect.x + (u % spot.columns) * pitch,
                spot.rect.y + (u // spot.columns) * pitch,
                spot.cell,
                spot.cell,
            )
            for u in range(units)
        ]
        half = spot.gap / 2
        self._whole = QRectF(spot.rect.x - half, spot.rect.y - half, spot.columns * pitch, self._rows * pitch)
        self._radius = min(3.0 * theme.scale, spot.cell * 0.22) if spot.cell >= 7 else 0.0
        margin = 4.0 * theme.scale
        self._bounds = rectf(spot.rect).adjusted(-margin, -margin, margin, margin)

    def show_colours(self, colours: NDArray[np.uint32], selected: tuple[int, ...]) -> None:
        """colours (H,) as 0xffRRGGBB; `selected` units, the last one is the one whose formula is shown."""
        if self._pixels is None:
            self._pixels = np.full(
                self._rows * self.spot.columns, self._theme.colour("surface").rgb(), np.uint32
            )
        self._pixels[: self.units] = colours
        self._selected = selected
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def cell_rect(self, unit: int) -> QRectF:
        """Where a unit's cell is, in scene coordinates."""
        return self._rects[unit]

    def unit_at(self, position: QPointF) -> int | None:
        """The unit whose cell is there (the gap belongs to the cell before it); None outside."""
        pitch = self.spot.cell + self.spot.gap
        column = int((position.x() - self.spot.rect.x) // pitch)
        row = int((position.y() - self.spot.rect.y) // pitch)
        unit = row * self.spot.columns + column
        inside = 0 <= column < self.spot.columns and row >= 0 and unit < self.units
        return unit if inside else None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = self._theme
        if self._pixels is None:
            painter.fillRect(self._whole, theme.colour("sunken"))
        else:
            width = self.spot.columns
            image = QImage(self._pixels.data, width, self._rows, 4 * width, QImage.Format.Format_RGB32)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(self._whole, image)
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        spot = self.spot
        grid = _cell_grid(
            spot.columns,
            self._rows,
            self.units,
            spot.cell,
            spot.gap,
            self._radius,
            theme.palette.surface,
            ratio,
        )
        painter.drawPixmap(self._whole.topLeft(), grid)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for unit in self._selected:
            if unit < self.units and self._pixels is not None:
                chosen = unit == self._selected[-1]
                self._ring(
                    painter, unit, theme.colour("text"), (2.0 if chosen else 1.2) * theme.scale, self._radius
                )
        if self._hovered >= 0 and self._hovered not in self._selected:
            self._ring(painter, self._hovered, theme.colour("muted"), 1.2 * theme.scale, self._radius)

    def _ring(self, painter: QPainter, unit: int, colour: QColor, width: float, radius: float) -> None:
        grown = max(0.5, self.spot.gap / 2)
        painter.setPen(QPen(self._theme.colour("surface"), width + 1.6 * self._theme.scale))
        painter.drawRoundedRect(
            self._rects[unit].adjusted(-grown, -grown, grown, grown), radius + 1, radius + 1
        )
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(
            self._rects[unit].adjusted(-grown, -grown, grown, grown), radius + 1, radius + 1
        )

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        unit = self.unit_at(event.pos())
        hovered = -1 if unit is None else unit
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        words = self._listener.words_for_unit(self.spot.quantity, unit) if unit is not None else ""
        QToolTip.showText(event.screenPos(), words, event.widget())

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = -1
        QToolTip.hideText()
        self.update()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        unit = self.unit_at(event.pos())
        if unit is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        keys = event.modifiers()
        several = bool(keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
        self._listener.unit_clicked(unit, several)


@lru_cache(maxsize=64)
def _cell_grid(
    columns: int, rows: int, units: int, cell: float, gap: float, radius: float, colour: str, ratio: float
) -> QPixmap:
    """The gaps between cells in the surface's colour, with a round hole for each unit."""
    pitch = cell + gap
    pixmap = QPixmap(round(columns * pitch * ratio), round(rows * pitch * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)  # gives it an alpha channel
    pixmap.fill(QColor(colour))
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, radius > 0)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    for unit in range(units):
        left, top = (unit % columns) * pitch + gap / 2, (unit // columns) * pitch + gap / 2
        painter.drawRoundedRect(QRectF(left, top, cell, cell), radius, radius)
    painter.end()
    return pixmap


class CardItem(QGraphicsItem):
    """The frame around a state's vector, or the event's card."""

    def __init__(self, rect: Rect, colour: QColor, theme: Theme, width: float = 1.4) -> None:
        super().__init__()
        self._rect, self._colour, self._theme, self._width = rectf(rect), colour, theme, width * theme.scale
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_CARD)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour("surface"))
        painter.setPen(QPen(self._colour, self._width))
        radius = self._theme.px(7)
        painter.drawRoundedRect(self._rect, radius, radius)


class PictureItem(QGraphicsItem):
    """The event of this timestep: its drawing, or its name where it has none."""

    def __init__(self, rect: Rect, theme: Theme) -> None:
        super().__init__()
        self._rect, self._theme = rectf(rect), theme
        self._pixmap = QPixmap()
        self._text = ""
        self.setZValue(Z_VECTOR)

    @property
    def size(self) -> int:
        """The side of the picture in pixels."""
        return int(self._rect.width())

    @property
    def pixmap(self) -> QPixmap:
        """What is shown now."""
        return self._pixmap

    def show_picture(self, pixmap: QPixmap, text: str = "") -> None:
        """Show this picture; with a null one, the text."""
        self._pixmap, self._text = pixmap, text
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._pixmap.isNull():
            painter.drawPixmap(self._rect.topLeft(), self._pixmap)
            return
        painter.setFont(self._theme.font(15, bold=True, mono=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, self._text)


class BoxItem(QGraphicsItem):
    """A box with its header, the symbols (or formulas) of its rows and the signs between them."""

    def __init__(
        self,
        spot: BoxSpot,
        symbols: Sequence[str],
        formulas: Sequence[str],
        theme: Theme,
        listener: DiagramListener,
    ) -> None:
        super().__init__()
        self.spot, self._symbols, self._formulas = spot, symbols, formulas
        self._theme, self._listener = theme, listener
        self._chosen = ""
        self._hovered = False
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_CARD)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_chosen(self, quantity: str) -> None:
        """The quantity whose formula is shown, anywhere in the cell."""
        if quantity != self._chosen:
            self._chosen = quantity
            self.update()

    def boundingRect(self) -> QRectF:
        margin = 5.0 * self._theme.scale
        return rectf(self.spot.rect).adjusted(-margin, -margin, margin, margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, spot = self._theme, self.spot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = rectf(spot.rect), float(theme.px(9))
        line = theme.role(spot.role)
        chosen = self._chosen in spot.targets
        if chosen or self._hovered:
            halo = QColor(line)
            halo.setAlphaF(0.30 if chosen else 0.14)
            grown = 4.0 * theme.scale
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            painter.drawRoundedRect(
                rect.adjusted(-grown, -grown, grown, grown), radius + grown, radius + grown
            )
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(header_fill(theme, spot.role), 1.6 * theme.scale))
        painter.drawRoundedRect(rect, radius, radius)
        header = QPainterPath()
        header.addRoundedRect(rect, radius, radius)
        band = QPainterPath()
        band.addRect(rectf(spot.header))
        painter.fillPath(header.intersected(band), header_fill(theme, spot.role))
        painter.setFont(theme.font(12.5, bold=True))
        painter.setPen(theme.colour("on_accent"))
        inner = rectf(spot.header).adjusted(theme.px(10), 0, -theme.px(6), 0)
        title = painter.fontMetrics().elidedText(
            spot.title, Qt.TextElideMode.ElideRight, int(inner.width()) + 2
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        self._paint_rows(painter)

    def _paint_rows(self, painter: QPainter) -> None:
        theme, spot = self._theme, self.spot
        size = theme.px(spot.formula_px)
        if spot.formula is not None:
            draw_formula(painter, self._formulas[0], size, theme.role_ink(spot.role), rectf(spot.formula))
        for row, symbol, formula in zip(spot.rows, self._symbols, self._formulas, strict=False):
            here = row.quantity == self._chosen
            ink = theme.role_ink(row.vector.role) if not row.helper else theme.colour("muted")
            if row.formula is not None:
                draw_formula(painter, formula, size, ink, rectf(row.formula))
            place = rectf(row.symbol)
            sign_width = theme.px(11)
            if row.sign:
                painter.setFont(theme.font(13, bold=True))
                painter.setPen(theme.colour("muted"))
                painter.drawText(
                    QRectF(place.left(), place.top(), sign_width, place.height()),
                    Qt.AlignmentFlag.AlignCenter,
                    row.sign,
                )
            if row.helper and row.sign == "=":
                continue
            has_signs = place.width() > theme.px(26)
            left = place.left() + (sign_width + theme.px(2) if has_signs else 0)
            room = QRectF(left, place.top(), place.right() - left - theme.px(2), place.height())
            draw_formula(painter, symbol, theme.px(14), ink, room)
            if here:
                painter.setPen(QPen(ink, 1.6 * theme.scale))
                painter.drawLine(
                    QPointF(left, place.center().y() + theme.px(10)),
                    QPointF(room.right(), place.center().y() + theme.px(10)),
                )

    def quantity_at(self, position: QPointF) -> str:
        """The quantity whose row is there; the box's own for its header."""
        for row in self.spot.rows:
            top, bottom = row.symbol.y, row.vector.rect.bottom
            if row.formula is not None:
                top = row.formula.y
            if top - 3 <= position.y() <= bottom + 3:
                return row.quantity
        return self.spot.target

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._listener.quantity_clicked(self.quantity_at(event.pos()))

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = True
        self.update()

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        words = self._listener.words_for_quantity(self.quantity_at(event.pos()))
        QToolTip.showText(event.screenPos(), words, event.widget())

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = False
        QToolTip.hideText()
        self.update()


class OpItem(QGraphicsItem):
    """A × or + in a circle on a line."""

    def __init__(self, spot: OpSpot, theme: Theme, listener: DiagramListener) -> None:
        super().__init__()
        self.spot, self._theme, self._listener = spot, theme, listener
        self._chosen = False
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_OP)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_chosen(self, quantity: str) -> None:
        """The quantity whose formula is shown, anywhere in the cell."""
        if (quantity == self.spot.target) != self._chosen:
            self._chosen = quantity == self.spot.target
            self.update()

    def boundingRect(self) -> QRectF:
        r = self.spot.radius + 5.0 * self._theme.scale
        return QRectF(self.spot.x - r, self.spot.y - r, 2 * r, 2 * r)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, spot = self._theme, self.spot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(spot.x, spot.y)
        colour = theme.role(spot.role)
        if self._chosen:
            halo = QColor(colour)
            halo.setAlphaF(0.30)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            grown = spot.radius + 4.0 * theme.scale
            painter.drawEllipse(centre, grown, grown)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(colour, max(2.0, spot.radius / 6)))
        painter.drawEllipse(centre, spot.radius, spot.radius)
        arm = spot.radius * (0.36 if spot.sign == "×" else 0.46)
        pen = QPen(theme.role_ink(spot.role), max(2.0, spot.radius / 6))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if spot.sign == "×":
            painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
            painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
        else:
            painter.drawLine(centre + QPointF(-arm, 0), centre + QPointF(arm, 0))
            painter.drawLine(centre + QPointF(0, -arm), centre + QPointF(0, arm))

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._listener.quantity_clicked(self.spot.target)

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        QToolTip.showText(event.screenPos(), self._listener.words_for_quantity(self.spot.target), event.widget())

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        QToolTip.hideText()


class PillItem(QGraphicsItem):
    """A small function on a wire: tanh, 1 minus."""

    def __init__(self, spot: PillSpot, theme: Theme) -> None:
        super().__init__()
        self._spot, self._theme = spot, theme
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_OP)

    def boundingRect(self) -> QRectF:
        return rectf(self._spot.rect).adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, rect = self._theme, rectf(self._spot.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.role(self._spot.role), 1.6 * theme.scale))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(theme.role_ink(self._spot.role))
        painter.setFont(theme.font(11 if theme.scale < 1.25 else 12.5))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._spot.text)


class LabelItem(QGraphicsItem):
    """A line of text; `show_text` for those that name the timestep."""

    def __init__(self, spot: LabelSpot, theme: Theme) -> None:
        super().__init__()
        self.spot, self._theme = spot, theme
        self._text = spot.text
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_LABEL)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.update()

    def boundingRect(self) -> QRectF:
        return rectf(self.spot.rect).adjusted(-1, -2, 1, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, spot = self._theme, self.spot
        known = dict(theme.palette.role_inks)
        painter.setFont(theme.font(spot.size, bold=spot.bold))
        painter.setPen(theme.role_ink(spot.ink) if spot.ink in known else theme.colour(spot.ink))
        across = ALIGNMENTS[spot.align]
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(spot.rect.w) + 2)
        painter.drawText(rectf(spot.rect).adjusted(0, -1, 2, 1), across | Qt.AlignmentFlag.AlignVCenter, text)


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
        for centre, colours, pixmap in self._cargo + cargo:  # only there the scene is painted again
            self.update(self._extent(centre, colours, pixmap))
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


def along(points: Sequence[tuple[float, float]], share: float) -> QPointF:
    """The point after this share (0..1) of the way along the corners."""
    lengths = [abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    rest = share * sum(lengths)
    for ((x1, y1), (x2, y2)), length in zip(pairwise(points), lengths, strict=True):
        if rest <= length and length > 0:
            return QPointF(x1 + (x2 - x1) * rest / length, y1 + (y2 - y1) * rest / length)
        rest -= length
    return QPointF(*points[-1])


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
