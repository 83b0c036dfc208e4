"""A quantity in a cell's diagram, as a little grid of coloured cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from playground.ui.panels.cell_geometry import VectorSpot
from playground.ui.panels.cell_item_base import (
    Z_VECTOR,
    DiagramListener,
    rectf,
)
from playground.ui.theme import Theme

VISIBLE = 10
"""Two colours are told apart when one of their channels (0 to 255) differs by more than this."""


class VectorItem(QGraphicsItem):
    """A quantity as a little grid of coloured cells, one a unit. Hover tells the value, a click selects the unit.

    Painted as one image of a pixel for each cell, stretched, under a grid of the surface's colour with round holes: 16
    cells cost as much as 128.
    """

    def __init__(self, spot: VectorSpot, units: int, theme: Theme, listener: DiagramListener) -> None:
        super().__init__()
        self.spot, self.units, self._theme, self._listener = spot, units, theme, listener
        self._pixels: NDArray[np.uint32] | None = None
        self._image = QImage()
        self._grid: tuple[float, QPixmap] | None = None
        self._true: NDArray[np.uint32] | None = None
        self._corners_of: tuple[float, Theme] | None = None
        self._corners_pixmap: QPixmap | None = None
        self._selected: tuple[int, ...] = ()
        self._hovered = -1
        self._known = True
        self._order: NDArray[np.int64] = np.arange(units)
        self._rank: NDArray[np.int64] = np.arange(units)
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

    def show_order(self, order: NDArray[np.int64]) -> None:
        """order (H,): which unit stands at each place."""
        if not np.array_equal(order, self._order):
            self._order = order
            self._rank = np.argsort(order)
            self._corners_of = None
            self.update()

    def show_known(self, known: bool) -> None:
        """Whether it is computed already; if not, its cells are empty."""
        if known != self._known:
            self._known = known
            self.update()

    @property
    def hovered(self) -> int:
        """The unit under the pointer; -1: the pointer is elsewhere."""
        return self._hovered

    @property
    def known(self) -> bool:
        """Whether its values are shown."""
        return self._known

    def show_colours(self, colours: NDArray[np.uint32], selected: tuple[int, ...]) -> None:
        """colours (H,) by unit as 0xffRRGGBB; `selected` units, the last is the one whose formula is shown."""
        if self._pixels is None:
            columns, surface = self.spot.columns, self._theme.colour("surface").rgb()
            self._pixels = np.full(self._rows * columns, surface, np.uint32)
            self._image = QImage(
                self._pixels.data, columns, self._rows, 4 * columns, QImage.Format.Format_RGB32
            )  # looks at the pixels: made once, it always shows the newest
        self._pixels[: self.units] = colours[self._order]
        self._selected = selected
        self._corners_of = None
        self.update()

    def show_true(self, colours: NDArray[np.uint32] | None) -> None:
        """colours (H,) by unit of what is, while what would be is shown: a corner of each cell that a what-if changed
        keeps them. None: nothing is changed."""
        if colours is None and self._true is None:
            return
        self._true = colours
        self._corners_of = None
        self.update()

    @property
    def changed_units(self) -> list[int]:
        """The units whose colour a what-if visibly changed."""
        if self._true is None or self._pixels is None:
            return []
        now = self._pixels[: self.units][self._rank].view(np.uint8).reshape(self.units, 4).astype(np.int16)
        was = np.ascontiguousarray(self._true).view(np.uint8).reshape(self.units, 4).astype(np.int16)
        return [int(unit) for unit in np.flatnonzero(np.abs(now - was).max(axis=1) > VISIBLE)]

    def _corners(self, ratio: float) -> QPixmap | None:
        """The upper left corner of every changed cell in the colour of what is; None where nothing visibly changed.

        Like the cells one stretched image, seen through a mask: a triangle for each of 64 units in a dozen quantities
        took longer to paint than all the rest of the diagram.
        """
        key = (ratio, self._theme)
        if self._corners_of != key:
            self._corners_of, self._corners_pixmap = key, None
            changed = self.changed_units
            if changed and self._true is not None:
                colours = np.zeros(self._rows * self.spot.columns, np.uint32)  # transparent
                colours[self._rank[changed]] = self._true[changed]
                self._corners_pixmap = self._masked(colours, ratio)
        return self._corners_pixmap

    def _masked(self, colours: NDArray[np.uint32], ratio: float) -> QPixmap:
        spot, width = self.spot, self.spot.columns
        mask = _corner_mask(width, self._rows, spot.cell, spot.gap, ratio)
        pixmap = QPixmap(mask.size())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        image = QImage(colours.data, width, self._rows, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(pixmap)
        painter.drawImage(QRectF(0, 0, self._whole.width(), self._whole.height()), image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.drawPixmap(0, 0, mask)
        painter.end()
        return pixmap

    def boundingRect(self) -> QRectF:
        return self._bounds

    def cell_rect(self, unit: int) -> QRectF:
        """Where a unit's cell is, in scene coordinates."""
        return self._rects[int(self._rank[unit])]

    def unit_at(self, position: QPointF) -> int | None:
        """The unit whose cell is there (the gap belongs to the cell before it); None outside."""
        pitch = self.spot.cell + self.spot.gap
        column = int((position.x() - self.spot.rect.x) // pitch)
        row = int((position.y() - self.spot.rect.y) // pitch)
        place = row * self.spot.columns + column
        inside = 0 <= column < self.spot.columns and row >= 0 and place < self.units
        return int(self._order[place]) if inside else None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        known = self._pixels is not None and self._known
        if known:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(self._whole, self._image)
        else:
            painter.fillRect(self._whole, self._theme.colour("sunken"))
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        painter.drawPixmap(self._whole.topLeft(), self._grid_at(ratio))
        corners = self._corners(ratio) if self._true is not None and known else None
        if corners is not None:
            painter.drawPixmap(self._whole.topLeft(), corners)
        hovered = self._hovered >= 0 and self._hovered not in self._selected
        if hovered or (known and self._selected):
            self._paint_rings(painter, ratio, self._selected if known else (), hovered)

    def _grid_at(self, ratio: float) -> QPixmap:
        """The gaps between the cells, for a screen of this pixel ratio."""
        if self._grid is None or self._grid[0] != ratio:
            spot, surface = self.spot, self._theme.palette.surface
            self._grid = (
                ratio,
                _cell_grid(
                    spot.columns, self._rows, self.units, spot.cell, spot.gap, self._radius, surface, ratio
                ),
            )
        return self._grid[1]

    def _paint_rings(self, painter: QPainter, ratio: float, selected: tuple[int, ...], hovered: bool) -> None:
        """Rings around selected units, the last one the strongest, and around the one under the pointer."""
        view = painter.worldTransform()
        # Where a cell of the drawing is a cell of the screen, a ring is a picture that is drawn once.
        plain = ratio == 1.0 and not view.isScaling()
        offset = QPointF(view.dx(), view.dy()) if plain else None
        for unit in selected:
            if unit < self.units:
                chosen = unit == selected[-1]
                self._ring(painter, unit, "text", 2.0 if chosen else 1.2, offset)
        if hovered:
            self._ring(painter, self._hovered, "muted", 1.2, offset)

    def _ring(self, painter: QPainter, unit: int, ink: str, thick: float, offset: QPointF | None) -> None:
        """`offset`: of the drawing on the screen, in whole or part pixels; None: it is scaled there."""
        theme = self._theme
        ring = _Ring(
            self.spot.cell,
            max(0.5, self.spot.gap / 2),
            self._radius,
            thick * theme.scale,
            1.6 * theme.scale,
            theme.colour(ink).name(),
            theme.palette.surface,
        )
        corner = self.cell_rect(unit).topLeft()
        if offset is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            ring.paint(painter, corner)
            return
        on_screen = corner + offset
        left, top = floor(on_screen.x()), floor(on_screen.y())
        margin = ring.margin
        picture = _ring_picture(ring, round(on_screen.x() - left, 3), round(on_screen.y() - top, 3))
        painter.drawPixmap(QPointF(left - margin - offset.x(), top - margin - offset.y()), picture)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        unit = self.unit_at(event.pos())
        hovered = -1 if unit is None else unit
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()
        words = ""
        if unit is not None and self._known:
            words = self._listener.words_for_unit(self.spot.quantity, unit)
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
        self._listener.value_clicked(self.spot.quantity, unit, several)


@dataclass(frozen=True)
class _Ring:
    """A ring around a cell of `side` px, `grown` px away from it: `thick` px in one colour, on `halo` px of another."""

    side: float
    grown: float
    radius: float
    thick: float
    halo: float
    colour: str
    surface: str

    @property
    def margin(self) -> int:
        """Whole pixels that it reaches beyond the cell, and one more."""
        return ceil(self.grown + (self.thick + self.halo) / 2) + 1

    def paint(self, painter: QPainter, corner: QPointF) -> None:
        """Around the cell whose upper left corner is there."""
        grown, radius = self.grown, self.radius + 1
        box = QRectF(corner.x(), corner.y(), self.side, self.side).adjusted(-grown, -grown, grown, grown)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.surface), self.thick + self.halo))
        painter.drawRoundedRect(box, radius, radius)
        painter.setPen(QPen(QColor(self.colour), self.thick))
        painter.drawRoundedRect(box, radius, radius)


@lru_cache(maxsize=256)
def _ring_picture(ring: _Ring, right: float, down: float) -> QPixmap:
    """The ring around a cell that begins `right` and `down` (parts of a pixel) beyond a corner of the screen's grid."""
    margin = ring.margin
    side = ceil(ring.side) + 1 + 2 * margin
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ring.paint(painter, QPointF(margin + right, margin + down))
    painter.end()
    return pixmap


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


@lru_cache(maxsize=64)
def _corner_mask(columns: int, rows: int, cell: float, gap: float, ratio: float) -> QPixmap:
    """The upper left corner of every cell, opaque on nothing."""
    pitch, side = cell + gap, cell * 0.62
    pixmap = QPixmap(round(columns * pitch * ratio), round(rows * pitch * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, cell >= 12)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    for place in range(columns * rows):
        corner = QPointF((place % columns) * pitch + gap / 2, (place // columns) * pitch + gap / 2)
        painter.drawPolygon(QPolygonF([corner, corner + QPointF(side, 0), corner + QPointF(0, side)]))
    painter.end()
    return pixmap
