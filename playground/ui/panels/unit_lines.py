"""The units that are followed, as lines on the shared time axis: one line for each unit and chosen quantity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from playground.contract.cell_description import Quantity, Role
from playground.ui.panels.probe_rows import signed
from playground.ui.plots.polyline import Stroke, mixed, polyline, spread
from playground.ui.plots.time_rows import BESIDE_COLUMNS, TimeRow
from playground.ui.state import UiState

UNIT_STYLES: tuple[tuple[tuple[float, ...], float], ...] = (
    ((), 1.0),
    ((6, 2.5), 1.0),
    ((2, 2.5), 1.0),
    ((6, 2, 1.5, 2), 1.0),
    ((), 0.6),
    ((9, 2.5), 0.75),
    ((3, 2.5), 0.6),
    ((9, 2, 1.5, 2, 1.5, 2), 0.75),
)
"""For the first to the eighth unit: the dashes (in widths of the pen) and how much of the colour the line has."""
MOST_DOTS = 24


@dataclass(frozen=True, eq=False)
class UnitLine:
    """One line: unit (0-based), which of the followed ones it is (0..7), and its values (T,)."""

    unit: int
    place: int
    values: NDArray[np.float32]


class UnitLineRow(TimeRow):
    """One quantity of the followed units as lines, each labelled at its end with the unit's number."""

    stretch = 3
    base_height = 44

    def __init__(self, state: UiState) -> None:
        self._lines: tuple[UnitLine, ...] = ()
        self._name = ""
        self._role: Role = "long_term"
        self._low, self._high = -1.0, 1.0
        self._whole = True
        """Whether the numbers of the scale are painted too."""
        super().__init__(state)

    def show_lines(self, name: str, role: Role, lines: tuple[UnitLine, ...], low: float, high: float) -> None:
        """Show these lines of the quantity called `name` on the scale low..high."""
        same_scale = (low, high) == (self._low, self._high)
        self._name, self._role, self._lines, self._low, self._high = name, role, lines, low, high
        numbers = ", ".join(str(line.unit + 1) for line in lines)
        units = f"unit{'s' if len(lines) > 1 else ''} {numbers}"
        self.set_label(name, units, role)
        if f"{name} of {units}" != self.accessibleDescription():
            self.setAccessibleDescription(f"{name} of {units}")
        if same_scale:  # what stands at the left is as it was: text costs more than lines
            left = int(self.axis.left) - self.state.theme.px(BESIDE_COLUMNS)
            self.update(left, 0, self.width() - left, self.height())
        else:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._whole = event.rect().left() < self.axis.left - self.state.theme.px(BESIDE_COLUMNS)
        super().paintEvent(event)

    @property
    def lines(self) -> tuple[UnitLine, ...]:
        """What is shown."""
        return self._lines

    @property
    def _area(self) -> QRectF:
        inset = self.state.theme.px(5)
        return QRectF(
            self.axis.left, inset, self.axis.right - self.axis.left, max(1.0, self.height() - 2 * inset)
        )

    def _y_of(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        area = self._area
        share = (np.asarray(values, np.float64) - self._low) / (self._high - self._low)
        y: NDArray[np.float64] = area.bottom() - area.height() * np.fmin(np.fmax(share, -0.05), 1.05)
        return y

    def paint_row(self, painter: QPainter) -> None:
        theme = self.state.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ticks(painter)
        shown = [line for line in self._lines if len(line.values) == self.axis.length]
        if not shown:
            return
        heights = self._y_of(np.stack([line.values for line in shown]))  # (N, T)
        for line, y in zip(shown, heights, strict=True):
            points = polyline(self.axis.centres, y)
            dashes, share = UNIT_STYLES[line.place]
            colour = mixed(theme.role(self._role), theme.colour("surface"), share)
            Stroke(colour, 1.8 * theme.scale, dashes).draw(painter, points)
            if self.axis.length <= MOST_DOTS:
                dots = QPen(colour, 3.8 * theme.scale)
                dots.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(dots)
                painter.drawPoints(points)
        self._paint_numbers(painter, shown, heights[:, -1].tolist())

    def _paint_numbers(self, painter: QPainter, shown: list[UnitLine], ends: list[float]) -> None:
        """The number of each unit at the end of its line; in two columns where one has not enough room."""
        theme = self.state.theme
        font = theme.font(10, bold=True)
        painter.setFont(font)
        height = QFontMetricsF(font).height()
        low, high = theme.px(3), self.height() - theme.px(3)
        apart = height - theme.px(3)
        most = int((high - low) // apart) + 1
        ranked = sorted(zip(ends, shown, strict=True), key=lambda ended: ended[0])
        columns = [ranked] if len(ranked) <= most else [ranked[0::2], ranked[1::2]]
        border, ink = QPen(theme.colour("border_strong"), 1), theme.role_ink(self._role)
        begin = float(self.axis.centres[-1]) + theme.px(4)
        for column, ended in enumerate(columns):
            left = self.axis.right + theme.px(10 + 18 * column)
            places = spread([end for end, _ in ended], apart, low, high)
            for (end, line), place in zip(ended, places, strict=True):
                if column == 0:
                    painter.setPen(border)
                    way = [QPointF(begin, end), QPointF(self.axis.right, end), QPointF(left - 2, place)]
                    painter.drawPolyline(way)
                painter.setPen(ink)
                box = QRectF(left, place - height / 2, self.width() - left, height)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"{line.unit + 1}")

    def _paint_ticks(self, painter: QPainter) -> None:
        theme, area = self.state.theme, self._area
        font = theme.font(10)
        painter.setFont(font)
        height = QFontMetricsF(font).height()
        ticks = [self._low, 0.0, self._high] if self._low < 0 else [0.0, 1.0]
        if area.height() < 2.2 * height and len(ticks) == 3:
            ticks = [self._low, self._high]
        for tick, y in zip(ticks, self._y_of(np.array(ticks)).tolist(), strict=True):
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if self._whole:
                painter.setPen(theme.colour("muted"))
                box = QRectF(area.left() - theme.px(46), y - height / 2, theme.px(40), height)
                painter.drawText(
                    box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, signed(tick)
                )

    def nearest(self, timestep: int, y: float) -> UnitLine | None:
        """The line that passes closest to this height at this timestep."""
        shown = [line for line in self._lines if timestep < len(line.values)]
        if not shown:
            return None
        return min(
            shown, key=lambda line: abs(float(self._y_of(line.values[timestep : timestep + 1])[0]) - y)
        )

    def words_at(self, timestep: int, position: QPointF) -> str:
        line = self.nearest(timestep, position.y())
        if line is None:
            return ""
        value = float(line.values[timestep])
        return f"{self._name}, unit {line.unit + 1}, timestep {timestep + 1}: {value:.3f}"


class QuantityChip(QAbstractButton):
    """Chooses whether lines are drawn for one quantity: its symbol, in the colour of its role."""

    def __init__(self, state: UiState, quantity: Quantity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.quantity = state, quantity
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        vocabulary = state.vocabulary
        self.setText(quantity.symbol[vocabulary])
        self.setAccessibleName(f"Lines for {quantity.title[vocabulary]}")
        self.setToolTip(f"{quantity.title[vocabulary]}: {quantity.teaches[vocabulary]}")

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(12, bold=True))
        width = max(theme.px(26), round(metrics.horizontalAdvance(self.text())) + theme.px(16))
        return QSize(width, theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        colour = theme.role(self.quantity.role)
        painter.setBrush(
            mixed(colour, theme.colour("surface"), 0.18) if self.isChecked() else Qt.BrushStyle.NoBrush
        )
        edge = (
            colour if self.isChecked() else theme.colour("border_strong" if self.underMouse() else "border")
        )
        focus = QPen(theme.colour("accent"), 2 * theme.scale)
        painter.setPen(focus if self.hasFocus() else QPen(edge, 1.2 * theme.scale))
        painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        painter.setFont(theme.font(12, bold=self.isChecked()))
        painter.setPen(theme.role_ink(self.quantity.role) if self.isChecked() else theme.colour("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
