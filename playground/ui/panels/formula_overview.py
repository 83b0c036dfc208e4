"""All formulas of a cell, one a line, with this unit's value at this timestep. A click opens one of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure, sentences, title_of
from playground.ui.formula_rendering import draw_formula
from playground.ui.state import UiState

ROW = 24
LEAST_ROW = 19


@dataclass(frozen=True)
class OverviewRow:
    """One formula with its value."""

    name: str
    title: str
    latex: str
    role: str
    value: str
    sentence: str


def overview_rows(trace: SequenceTrace, unit: int, timestep: int, vocabulary: str) -> tuple[OverviewRow, ...]:
    """Every formula of the cell in order of computation, with one unit's numbers."""
    rows = []
    for equation in trace.description.equations:
        name = equation.target
        rows.append(
            OverviewRow(
                name,
                title_of(trace.description, name, vocabulary),
                equation.latex[vocabulary],
                trace.description.quantity(name).role,
                figure(float(value_at(trace.top, name, timestep)[unit])),
                sentences(trace, name, unit, timestep, vocabulary)[0],
            )
        )
    return tuple(rows)


class FormulaOverview(QWidget):
    """The list. Up and Down move through it when it has the focus."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._rows: tuple[OverviewRow, ...] = ()
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("All formulas")

    @property
    def rows(self) -> tuple[OverviewRow, ...]:
        """What is listed."""
        return self._rows

    def show_rows(self, rows: tuple[OverviewRow, ...]) -> None:
        """List these."""
        if rows != self._rows:
            taller = len(rows) != len(self._rows)
            self._rows = rows
            self.setAccessibleDescription("; ".join(f"{row.title} {row.value}" for row in rows))
            if taller:
                self.updateGeometry()
            self.update()

    def needed_height(self, count: int) -> int:
        """How high a list of so many rows has to be."""
        return count * self.state.theme.px(ROW)

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(300), self.needed_height(len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(200), len(self._rows) * theme.px(LEAST_ROW))

    def row_at(self, y: float) -> int:
        """The number of the row at this height; -1 where there is none."""
        height = self._row_height()
        row = int(y // height) if height else -1
        return row if 0 <= row < len(self._rows) else -1

    def _row_height(self) -> float:
        if not self._rows:
            return 0.0
        return min(float(self.state.theme.px(ROW + 4)), self.height() / len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, width = self._row_height(), float(self.width())
        value_font = theme.font(13, bold=True, mono=True)
        value_width = QFontMetricsF(value_font).horizontalAdvance("−00.00") + theme.px(8)
        chosen = self.state.quantity
        for number, row in enumerate(self._rows):
            box = QRectF(0, number * height, width, height)
            if row.name == chosen or number == self._hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent_soft" if row.name == chosen else "sunken"))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.px(6), theme.px(6))
            ink = theme.role_ink(row.role)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.role(row.role))
            painter.drawRoundedRect(
                QRectF(theme.px(4), box.top() + height * 0.25, theme.px(3), height * 0.5), 1, 1
            )
            room = QRectF(theme.px(14), box.top(), width - value_width - theme.px(24), height)
            draw_formula(painter, row.latex, theme.px(13), theme.colour("text"), room)
            painter.setFont(value_font)
            painter.setPen(ink)
            right = QRectF(width - value_width - theme.px(6), box.top(), value_width, height)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.value)
        if self.hasFocus() and self._rows:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("accent"))
            box = QRectF(0.5, 0.5, width - 1, len(self._rows) * height - 1)
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        painter.end()

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in keys:
            event.accept()  # they move through the list, and not through the sub-steps
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row != self._hovered:
            self._hovered = row
            self.update()
        words = f"{self._rows[row].title}. {self._rows[row].sentence}" if row >= 0 else ""
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if turn is None or not self._rows:
            event.ignore()
            return
        names = [row.name for row in self._rows]
        here = names.index(self.state.quantity) if self.state.quantity in names else 0
        self._choose(max(0, min(len(names) - 1, here + turn)))

    def _choose(self, row: int) -> None:
        self.state.set_quantity(self._rows[row].name)
        self.update()
