"""Cards, boxes, signs and labels of a cell's diagram, each drawn once where the layout puts it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from playground.ui.formula_rendering import draw_formula
from playground.ui.panels.cell_geometry import BoxSpot, LabelSpot, OpSpot, PillSpot, Rect, RowSpot
from playground.ui.panels.cell_item_base import (
    ALIGNMENTS,
    Z_CARD,
    Z_LABEL,
    Z_OP,
    Z_VECTOR,
    DiagramListener,
    header_fill,
    rectf,
)
from playground.ui.text_sizes import text_width
from playground.ui.theme import Theme

CHOSEN_HALO, HOVERED_HALO = 0.30, 0.14
"""How strong the glow around a box is: the formula of something in it is shown, or the pointer is over it."""


class CardItem(QGraphicsItem):
    """The frame around a state's vector, or the event's card; `quantity` is what stands in it."""

    def __init__(
        self, rect: Rect, colour: QColor, theme: Theme, width: float = 1.4, quantity: str = ""
    ) -> None:
        super().__init__()
        self.quantity = quantity
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
        painter.setFont(self._theme.font(self._letter_size(), bold=True, mono=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, self._text)

    def _letter_size(self) -> float:
        """The largest size, in unscaled px, in which the text fits its place."""
        sizes = (22, 19, 17, 15, 13, 12, 11, 10, 9) if len(self._text) <= 2 else (15, 13, 12, 11, 10, 9, 8)
        room = self._rect.width()
        fitting = (s for s in sizes if text_width(self._theme, self._text, s, bold=True, mono=True) <= room)
        return next(fitting, sizes[-1])


class _HaloItem(QGraphicsItem):
    """The glow behind a box that is pointed at, or that holds the quantity whose formula is shown."""

    def __init__(self, box: QGraphicsItem, spot: BoxSpot, theme: Theme) -> None:
        super().__init__(box)
        self._spot, self._theme = spot, theme
        self._strength = 0.0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setOpacity(0.0)

    def show_strength(self, strength: float) -> None:
        """So strong (0..1); 0: not at all. Not hidden then: Qt forgets the pictures of hidden items."""
        if strength and strength != self._strength:
            self._strength = strength
            self.update()
        self.setOpacity(1.0 if strength else 0.0)

    def boundingRect(self) -> QRectF:
        margin = 5.0 * self._theme.scale
        return rectf(self._spot.rect).adjusted(-margin, -margin, margin, margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = self._theme
        colour = theme.role(self._spot.role)
        colour.setAlphaF(self._strength)
        grown = 4.0 * theme.scale
        radius = theme.px(9) + grown
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(rectf(self._spot.rect).adjusted(-grown, -grown, grown, grown), radius, radius)


class _UnderlineItem(QGraphicsItem):
    """The line under the symbol of the row whose formula is shown; `place` is what the symbol has for itself."""

    def __init__(self, box: QGraphicsItem, place: QRectF, colour: QColor, theme: Theme) -> None:
        super().__init__(box)
        self._theme, self._colour = theme, colour
        y = place.center().y() + theme.px(10)
        self._from, self._to = QPointF(place.left(), y), QPointF(place.right(), y)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    def boundingRect(self) -> QRectF:
        margin = 2.0 * self._theme.scale
        return QRectF(self._from, self._to).adjusted(-margin, -margin, margin, margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, 1.6 * self._theme.scale))
        painter.drawLine(self._from, self._to)


class BoxItem(QGraphicsItem):
    """A box with its header, the symbols (or formulas) of its rows and the signs between them.

    It is painted once: what a choice or the pointer changes are parts of their own, the halo and the lines under the
    symbols.
    """

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
        self._halo = _HaloItem(self, spot, theme)
        self._lines = {
            row.quantity: _UnderlineItem(self, self._symbol_place(row), self._ink(row), theme)
            for row in spot.rows
            if self._has_symbol(row)
        }
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(Z_CARD)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_chosen(self, quantity: str) -> None:
        """The quantity whose formula is shown, anywhere in the cell."""
        if quantity != self._chosen:
            for name in (self._chosen, quantity):
                if name in self._lines:
                    self._lines[name].setVisible(name == quantity)
            self._chosen = quantity
            self._show_halo()

    def _show_halo(self) -> None:
        chosen = self._chosen in self.spot.targets
        self._halo.show_strength(CHOSEN_HALO if chosen else HOVERED_HALO if self._hovered else 0.0)

    def boundingRect(self) -> QRectF:
        margin = 5.0 * self._theme.scale
        return rectf(self.spot.rect).adjusted(-margin, -margin, margin, margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, spot = self._theme, self.spot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = rectf(spot.rect), float(theme.px(9))
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
            ink = self._ink(row)
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
            if self._has_symbol(row):
                draw_formula(painter, symbol, theme.px(14), ink, self._symbol_place(row))

    def _ink(self, row: RowSpot) -> QColor:
        return self._theme.role_ink(row.vector.role) if not row.helper else self._theme.colour("muted")

    @staticmethod
    def _has_symbol(row: RowSpot) -> bool:
        return not (row.helper and row.sign == "=")

    def _symbol_place(self, row: RowSpot) -> QRectF:
        """What the symbol has for itself, right of the sign."""
        theme, place = self._theme, rectf(row.symbol)
        has_signs = place.width() > theme.px(26)
        left = place.left() + (theme.px(11) + theme.px(2) if has_signs else 0)
        return QRectF(left, place.top(), place.right() - left - theme.px(2), place.height())

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
        self._show_halo()

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        words = self._listener.words_for_quantity(self.quantity_at(event.pos()))
        QToolTip.showText(event.screenPos(), words, event.widget())

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered = False
        QToolTip.hideText()
        self._show_halo()


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
        QToolTip.showText(
            event.screenPos(), self._listener.words_for_quantity(self.spot.target), event.widget()
        )

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        QToolTip.hideText()


class PillItem(QGraphicsItem):
    """A small function on a wire: tanh, 1 minus."""

    def __init__(self, spot: PillSpot, theme: Theme) -> None:
        super().__init__()
        self.spot = self._spot = spot
        self._theme = theme
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
        self._text = self._fitting = spot.text
        known = dict(theme.palette.role_inks)
        self._ink = theme.role_ink(spot.ink) if spot.ink in known else theme.colour(spot.ink)
        self._font = theme.font(spot.size, bold=spot.bold)
        self._place = rectf(spot.rect).adjusted(0, -1, 2, 1)
        self._bounds = rectf(spot.rect).adjusted(-1, -2, 1, 2)
        self._alignment = ALIGNMENTS[spot.align] | Qt.AlignmentFlag.AlignVCenter
        self._fit()
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
            self._fit()
            self.update()

    def _fit(self) -> None:
        """Short enough for its place: most labels are, and measuring takes as long as painting."""
        spot, room = self.spot, int(self.spot.rect.w) + 2
        self._fitting = self._text
        if text_width(self._theme, self._text, spot.size, bold=spot.bold) > room:
            metrics = QFontMetrics(self._font)
            self._fitting = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setFont(self._font)
        painter.setPen(self._ink)
        painter.drawText(self._place, self._alignment, self._fitting)
