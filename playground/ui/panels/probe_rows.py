"""The heat maps of the probe, with their scale beside them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from playground.contract.cell_description import Role, Span
from playground.ui.plots.heatmap import HeatRow
from playground.ui.plots.time_rows import BESIDE_COLUMNS
from playground.ui.state import UiState
from playground.ui.theme import diverging_map, sequential_map

LABEL_WIDTH = 156
RIGHT_MARGIN = 52
"""Unscaled px right of the axis: room for the scale of each heat map, and for the labels of lines."""
MINUS = "−"


def signed(value: float) -> str:
    """A bound as it is written on a scale: "2", "−2", "0.5"."""
    return f"{value:g}".replace("-", MINUS)


class ScaledHeatRow(HeatRow):
    """A heat map of one quantity with a bar of its colours at the right, from the least value to the greatest.

    With the keyboard (Tab): Up and Down go from unit to unit, Return follows the unit or lets it go.
    """

    base_height = 11

    def __init__(self, state: UiState) -> None:
        self.teaches = ""
        """One sentence about the quantity, told when the mouse rests on the label."""
        self._whole = True
        """Whether what stands beside the columns is painted too."""
        self._cursor: int | None = None
        self._bar: tuple[object, QImage] | None = None
        super().__init__(state)
        self.setObjectName("HeatRow")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the card below need not be painted

    def show_values(
        self,
        values: NDArray[np.float32],
        *,
        role: Role,
        span: Span,
        name: str,
        bound: float = 1.0,
        order: NDArray[np.int64] | None = None,
    ) -> None:
        before = (self._values.shape, self._span, self._bound)
        super().show_values(values, role=role, span=span, name=name, bound=bound, order=order)
        if before != (values.shape, span, bound):
            words = f"{values.shape[1]} units over {values.shape[0]} timesteps, {self.range_words}"
            self.setAccessibleDescription(words)

    @property
    def range_words(self) -> str:
        """The ends of the scale: "0 … 1", "−2 … 2"."""
        low, high = self._ends()
        return f"{low} … {high}"

    @property
    def shown_order(self) -> NDArray[np.int64]:
        """(H,): which unit stands in which line."""
        return self._order

    def _ends(self) -> tuple[str, str]:
        if self._span == "zero_to_one":
            return "0", "1"
        return signed(-self._bound), signed(self._bound)

    # -- painting
    def _paint_label(self, painter: QPainter) -> None:
        """Title and symbol; in a low row both in one line."""
        theme = self.state.theme
        title_font, small_font = theme.font(13, bold=True), theme.font(11)
        line = QFontMetricsF(title_font).height()
        small = QFontMetricsF(small_font)
        width = self.axis.left - theme.px(12)
        tall = self.height() >= line + small.height()
        if not tall and self.height() < line - theme.px(1):
            title_font = theme.font(11 if self.height() >= theme.px(13) else 10, bold=True)
        metrics = QFontMetricsF(title_font)
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, width)
        painter.setFont(title_font)
        painter.setPen(self.label_colour())
        if tall:
            painter.drawText(QRectF(0, 0, width, line), Qt.AlignmentFlag.AlignLeft, title)
            painter.setFont(small_font)
            painter.setPen(theme.colour("muted"))
            subtitle = small.elidedText(self._subtitle, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(0, line, width, small.height()), Qt.AlignmentFlag.AlignLeft, subtitle)
            return
        box = QRectF(0, 0, width, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    def paint_row(self, painter: QPainter) -> None:
        super().paint_row(painter)
        if not self._values.size:
            return
        if self._whole:
            self._paint_unit_numbers(painter)
            self._paint_scale(painter)
        if self.hasFocus():
            self._paint_cursor(painter)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, dirty = self.state.theme, event.rect()
        self._whole = dirty.right() > self.axis.right + theme.px(BESIDE_COLUMNS) + 1
        painter = QPainter(self)
        ground = theme.colour("surface")
        if self._whole or not self._covers_columns:
            painter.fillRect(dirty, ground)
        else:  # the columns are covered by the map itself
            beside = math.ceil(self.axis.left) - dirty.left()
            painter.fillRect(dirty.left(), 0, beside, self.height(), ground)
            right = math.floor(self.axis.right)
            painter.fillRect(right, 0, dirty.right() + 1 - right, self.height(), ground)
        if dirty.left() < self.axis.left - theme.px(BESIDE_COLUMNS):
            self._paint_label(painter)
        self.paint_row(painter)
        painter.end()

    @property
    def _covers_columns(self) -> bool:
        return bool(self._values.size) and self._values.shape[0] == self.axis.length

    def _paint_unit_numbers(self, painter: QPainter) -> None:
        """The number of each unit beside its line, where lines are high enough to be read."""
        theme = self.state.theme
        units = self._values.shape[1]
        line = self.height() / units
        font = theme.font(10)
        if line < QFontMetricsF(font).height() * 0.8:
            return
        painter.setFont(font)
        for position, unit in enumerate(self._order):
            painter.setPen(theme.colour("text" if int(unit) in self.state.units else "muted"))
            box = QRectF(self.axis.left - theme.px(32), position * line, theme.px(24), line)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(int(unit) + 1)
            )

    def _paint_scale(self, painter: QPainter) -> None:
        theme = self.state.theme
        left = self.axis.right + theme.px(10)
        bar = QRectF(left, 0, theme.px(5), self.height())
        painter.drawImage(bar, self._scale_image())
        font = theme.font(10)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        line = QFontMetricsF(font).height()
        low, high = self._ends()
        room = self.width() - bar.right() - theme.px(3)
        box = QRectF(bar.right() + theme.px(4), 0, room, self.height())
        if self.height() >= 1.7 * line:
            slack = theme.px(2)  # figures have no descenders: their line may reach a little beyond the row
            painter.drawText(box.adjusted(0, -slack, 0, 0), Qt.AlignmentFlag.AlignTop, high)
            painter.drawText(box.adjusted(0, 0, 0, slack), Qt.AlignmentFlag.AlignBottom, low)
        else:
            words = "0–1" if self._span == "zero_to_one" else f"±{high}"
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _scale_image(self) -> QImage:
        theme = self.state.theme
        key = (theme.palette.name, self._role, self._span == "zero_to_one")
        if self._bar is None or self._bar[0] != key:
            signed_span = self._span != "zero_to_one"
            lut = diverging_map(theme.palette) if signed_span else sequential_map(theme.palette, self._role)
            self._colours = np.ascontiguousarray(lut[::-1])  # the image does not own its memory
            self._bar = (key, QImage(self._colours.data, 1, 256, 4, QImage.Format.Format_RGB32))
        return self._bar[1]

    def _paint_cursor(self, painter: QPainter) -> None:
        theme = self.state.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
        width = self.axis.right - self.axis.left
        if self._cursor is None:
            painter.drawRect(QRectF(self.axis.left, 1, width, self.height() - 2))
            return
        line = self.height() / self._values.shape[1]
        top = self._cursor * line
        painter.drawRect(QRectF(self.axis.left, top, width, line).adjusted(-1, -1, 1, 1))

    # -- mouse and keyboard
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)  # on the columns it tells the values
        words = self.teaches if event.position().x() < self.axis.left else ""
        if words != self.toolTip():
            self.setToolTip(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While this has the keyboard and a unit is marked, Return selects it, and is no command of the window.

        Not in `event`, which Python would be asked for at every painting.
        """
        own = self._cursor is not None and event.type() == QEvent.Type.ShortcutOverride
        if own and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        units = self._values.shape[1] if self._values.size else 0
        if units and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            forward = event.key() == Qt.Key.Key_Down
            if self._cursor is None:
                self._cursor = 0 if forward else units - 1
            else:
                self._cursor = min(max(self._cursor + (1 if forward else -1), 0), units - 1)
            unit = int(self._order[self._cursor])
            words = (
                f"unit {unit + 1}: {self._values[min(self.state.timestep, len(self._values) - 1), unit]:.3f}"
            )
            self.setAccessibleDescription(f"{self._name}, {words}")
            self.state.set_status(
                f"{self._name}, {words} at timestep {self.state.timestep + 1}. Return follows it."
            )
            self.update()
        elif units and self._cursor is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.state.toggle_unit(int(self._order[self._cursor]))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.installEventFilter(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._cursor = None
        self.removeEventFilter(self)
        super().focusOutEvent(event)
        self.update()
