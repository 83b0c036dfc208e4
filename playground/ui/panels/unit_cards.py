"""The units that are pinned, side by side: their values before and after, and their gates, at this timestep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.contract.cell_description import PREVIOUS, Role
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.monitor import RunMonitor
from playground.ui.panels.keyed_panel import KeyedPanel
from playground.ui.plots.heatmap import cell_colours
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width
from playground.ui.unit_table import UnitRow, unit_rows

TEXT = 12
SWATCH = 11
GAP = 6
HELPERS_FROM = 1.1
"""Rows of what is only put together from other rows have room from so many line heights a row."""
TIGHT = 0.88
"""The least height of a row in line heights: digits have no descenders."""
HINT = "Click a value in the diagram to pin its unit here, again to let it go. Or ↑ ↓ choose a unit and ⏎ pins it."


@dataclass(frozen=True)
class Column:
    """One unit; `pinned`: it stays, the other one is the one that is chosen."""

    unit: int
    pinned: bool


class UnitTable(QWidget):
    """A line a quantity, a column a unit. A click on a number chooses that quantity of that unit; a click on a unit's
    name pins it, or lets it go."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[UnitRow, ...] = ()
        self._colours: dict[str, tuple[QColor, ...]] = {}
        self._chosen = -1
        self._hovered = (-2, -2)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Pinned units, side by side")

    # -- what is shown
    @property
    def columns(self) -> tuple[Column, ...]:
        """The units, in order."""
        return self._columns

    @property
    def rows(self) -> tuple[UnitRow, ...]:
        """All quantities, whether there is room for them or not."""
        return self._rows

    def show_units(
        self, trace: SequenceTrace, columns: tuple[Column, ...], rows: tuple[UnitRow, ...], chosen: int
    ) -> None:
        """Show these rows of these units of a trace; the `chosen` unit is marked."""
        self._columns, self._rows, self._chosen = columns, rows, chosen
        self._colours = {}
        for row in rows:
            if row.quantity:
                name = row.quantity.removeprefix(PREVIOUS)
                bound = self.state.value_ranges.bound(trace, name)
                values = np.array(row.values, np.float32)
                role: Role = trace.description.quantity(name).role
                packed = cell_colours(self.state.theme, values, role, row.span, bound)
                self._colours[row.quantity] = tuple(QColor(int(colour)) for colour in packed)
        spoken = [
            f"unit {column.unit + 1}: " + ", ".join(f"{row.symbol} {row.written(place)}" for row in rows)
            for place, column in enumerate(columns)
        ]
        self.setAccessibleDescription("; ".join(spoken))
        self.update()

    # -- geometry
    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(300), self.state.theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(160), self.state.theme.px(90))

    def shown_rows(self) -> tuple[UnitRow, ...]:
        """The quantities that there is room for: states and gates before what is only put together from them."""
        line = line_height(self.state.theme, TEXT, mono=True)
        room = int(self.height() / line) - 1
        if len(self._rows) * HELPERS_FROM <= room:
            return self._rows
        room = max(1, int(self.height() / (TIGHT * line)) - 1)
        own = tuple(row for row in self._rows if not _is_helper(row))
        if len(own) > room:  # what was before is also what came after, one timestep earlier
            own = tuple(row for row in own if not row.quantity.startswith(PREVIOUS))
        return own[:room]

    def left_out(self) -> int:
        """How many quantities there is no room for, helpers apart."""
        return sum(not _is_helper(row) for row in self._rows) - sum(
            not _is_helper(row) for row in self.shown_rows()
        )

    def _label_width(self) -> float:
        theme = self.state.theme
        longest = max((text_width(theme, row.symbol, TEXT) for row in self._rows), default=0.0)
        return min(longest + theme.px(GAP), self.width() * 0.4)

    def _column_width(self) -> float:
        """As wide as there is room for, as narrow as a number needs."""
        room = self.width() - self._label_width()
        return max(self._number_width(), min(self.state.theme.px(118), room / max(1, len(self._columns))))

    def _number_width(self) -> float:
        """What the longest number takes."""
        theme = self.state.theme
        written = [row.written(place) for row in self._rows for place in range(len(self._columns))]
        longest = max((len(each) for each in written), default=5)
        return text_width(theme, "0" * max(5, longest), TEXT, mono=True) + theme.px(GAP)

    def fitting(self) -> int:
        """How many units there is room for."""
        return max(1, int((self.width() - self._label_width() + 1) / self._column_width()))

    def shown_columns(self) -> list[int]:
        """The places of the units that are shown: where there is no room for all, those around the chosen one."""
        count, fitting = len(self._columns), self.fitting()
        chosen = [place for place, column in enumerate(self._columns) if column.unit == self._chosen]
        last = max(fitting, (chosen[0] if chosen else 0) + 1)
        return list(range(count))[max(0, last - fitting) : last]

    def _row_height(self) -> float:
        line = line_height(self.state.theme, TEXT, mono=True)
        return max(TIGHT * line, min(1.7 * line, self.height() / (len(self.shown_rows()) + 1)))

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a number is, by its place among those that are shown; row -1: the unit's name."""
        height, width = self._row_height(), self._column_width()
        return QRectF(self._label_width() + column * width, (row + 1) * height, width, height)

    def place_at(self, position: QPointF) -> tuple[int, int]:
        """(row, column) under the pointer among those shown; row -1 is the name, (-2, -2) nothing."""
        row = int(position.y() // self._row_height()) - 1
        column = int((position.x() - self._label_width()) // self._column_width())
        inside = -1 <= row < len(self.shown_rows()) and 0 <= column < len(self.shown_columns())
        return (row, column) if inside and position.x() >= self._label_width() else (-2, -2)

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, places = self.shown_rows(), self.shown_columns()
        for column, place in enumerate(places):
            self._paint_name(painter, self._columns[place], self.cell_rect(-1, column), column)
        for number, row in enumerate(rows):
            self._paint_label(painter, row, number)
            for column, place in enumerate(places):
                self._paint_value(painter, row, place, self.cell_rect(number, column), (number, column))
        painter.end()

    def _paint_name(self, painter: QPainter, column: Column, box: QRectF, number: int) -> None:
        theme = self.state.theme
        chosen = column.unit == self._chosen
        full = f"unit {column.unit + 1}"
        words = (
            full if text_width(theme, f"{full} ✕", TEXT, bold=True) <= box.width() else f"{column.unit + 1}"
        )
        painter.setFont(theme.font(TEXT, bold=chosen))
        painter.setPen(theme.colour("text" if column.pinned else "muted"))
        right = box.adjusted(0, 0, -theme.px(GAP), 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(right, flags, words)
        if chosen:
            width = text_width(theme, words, TEXT, bold=True)
            painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
            y = box.bottom() - 1
            painter.drawLine(QPointF(right.right() - width, y), QPointF(right.right(), y))

    def _paint_label(self, painter: QPainter, row: UnitRow, number: int) -> None:
        theme = self.state.theme
        top = (number + 1) * self._row_height()
        before = number > 0 and self.shown_rows()[number - 1].quantity.startswith(PREVIOUS)
        if (before and not row.quantity.startswith(PREVIOUS)) or not row.quantity:
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        painter.setFont(theme.font(TEXT))
        painter.setPen(theme.role_ink(row.role))
        box = QRectF(0, top, self._label_width(), self._row_height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, row.symbol)

    def _paint_value(
        self, painter: QPainter, row: UnitRow, place: int, box: QRectF, at: tuple[int, int]
    ) -> None:
        theme, column = self.state.theme, self._columns[place]
        if at == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(box.adjusted(theme.px(2), 1, 0, -1), theme.px(4), theme.px(4))
        written = row.written(place)
        chosen = column.unit == self._chosen and row.quantity == self.state.quantity
        painter.setFont(theme.font(TEXT, bold=chosen, mono=True))
        painter.setPen(theme.colour("text" if column.pinned else "muted"))
        right = box.adjusted(0, 0, -theme.px(GAP), 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(right, flags, written)
        left = right.right() - self._number_width()
        side = min(float(theme.px(SWATCH)), box.height() - 4)
        was = row.written_was(place)
        if was and left - box.left() > text_width(theme, f"{was} →", TEXT, mono=True) + 2 * theme.px(GAP):
            painter.setFont(theme.font(TEXT, mono=True))
            painter.setPen(theme.colour("muted"))
            painter.drawText(right.adjusted(0, 0, left - right.right() - 2, 0), flags, f"{was} →")
        elif row.quantity and left - box.left() >= side + 2:
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.setBrush(self._colours[row.quantity][place])
            swatch = QRectF(left - side, box.center().y() - side / 2, side, side)
            painter.drawRoundedRect(swatch, theme.px(2), theme.px(2))

    # -- hands
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.place_at(event.position())
        if at != self._hovered:
            self._hovered = at
            self.update()
        words = self.words_at(*at)
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)
        self.setCursor(Qt.CursorShape.PointingHandCursor if words else Qt.CursorShape.ArrowCursor)

    def words_at(self, row: int, column: int) -> str:
        """The number under the pointer in words; of a unit's name what a click does."""
        if column < 0:
            return ""
        place = self.shown_columns()[column]
        unit = self._columns[place].unit + 1
        if row < 0:
            return f"Let unit {unit} go" if self._columns[place].pinned else f"Pin unit {unit}"
        found = self.shown_rows()[row]
        was = found.written_was(place)
        words = f"{found.title}, unit {unit}: {found.written(place)}" + (f", as it is {was}" if was else "")
        return words if not found.quantity else f"{words}. Click shows its formula."

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, column = self.place_at(event.position())
        if column < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        unit = self._columns[self.shown_columns()[column]].unit
        if row < 0:
            self.state.toggle_unit(unit)
            return
        quantity = self.shown_rows()[row].quantity
        if quantity and not quantity.startswith(PREVIOUS):
            self.state.set_quantity(quantity)
        if unit in self.state.units:
            self.state.set_units((*(each for each in self.state.units if each != unit), unit))

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = (-2, -2)
        QToolTip.hideText()
        self.update()


def _is_helper(row: UnitRow) -> bool:
    """Whether it is only put together from rows that are shown as well."""
    return row.quantity in ("kept_memory", "learned", "candidate_input", "candidate_hidden")


class UnitsPanel(KeyedPanel):
    """The panel of the tab. While it is seen, a click on a value in the diagram pins the unit, or lets it go.

    While it has the keyboard: Up and Down choose a unit, Return pins it or lets it go, Delete lets all go.
    """

    pins_by_click = True
    """Asked by the page: what a click on a value in the diagram does while this panel is seen."""

    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(state, "Pinned units")
        self._candidate: int | None = None
        self._stale = True
        self.table = UnitTable(state)
        self.body.addWidget(self.table, 1)
        state.timestep_changed.connect(self._number_changed)
        state.network_changed.connect(self._name_changed)
        state.quantity_changed.connect(self._name_changed)
        for signal in (state.units_changed, state.moment_changed, state.layer_changed, state.what_if_changed):
            signal.connect(self.refresh)
        self.restyle()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the pinned units; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        trace = self.state.trace
        if trace is None or not trace.length:
            self.set_title("Pinned units", "nothing has been read yet: press Train")
            self.table.hide()
            return
        self.table.show()
        pinned = tuple(sorted(unit for unit in self.state.units if unit < trace.top.units))
        columns = tuple(Column(unit, True) for unit in pinned)
        shown = self._candidate if self._candidate is not None else None if pinned else 0
        if shown is not None and shown not in pinned:
            columns += (Column(min(shown, trace.top.units - 1), False),)
        timestep = min(self.state.timestep, trace.length - 1)
        units = [column.unit for column in columns]
        rows = unit_rows(trace, units, timestep, self.state.vocabulary, self._beside(trace, timestep))
        chosen = self._candidate if self._candidate is not None else self.state.unit
        self.table.show_units(trace, columns, rows, chosen)
        self._say(pinned, timestep)

    def _say(self, pinned: tuple[int, ...], timestep: int) -> None:
        count, shown = len(self.table.columns), len(self.table.shown_columns())
        note = f"at t = {timestep + 1} · {'click pins' if pinned else 'none yet: click one'}"
        if self._candidate is not None:
            note = f"unit {self._candidate + 1}: ⏎ {'lets it go' if self._candidate in pinned else 'pins it'}"
        if shown < count:
            note += f" · {shown} of {count} fit"
        left_out = self.table.left_out()
        if left_out:
            note += f" · no room for {left_out} more row{'s' if left_out > 1 else ''}"
        number = len(pinned)
        self.set_title(
            f"{number} pinned unit{'s' if number != 1 else ''}" if pinned else "Pinned units", note
        )
        self.setToolTip(HINT)

    def _beside(self, trace: SequenceTrace, timestep: int) -> tuple[SequenceTrace, int] | None:
        """While what would be is shown: the true trace, and its timestep of the same event."""
        view = self.state.what_if
        if view is None or not view.is_changed(trace):
            return None
        there, true = view.true_timestep(timestep), self.state.at_layer(view.true.get(trace.network))
        return (true, there) if true is not None and there is not None and there < true.length else None

    # -- keys
    def choose(self, direction: int) -> None:
        """The next unit (1) or the one before (-1), round and round, without pinning it."""
        trace = self.state.trace
        if trace is not None:
            here = self._candidate if self._candidate is not None else self.state.unit - (direction > 0)
            self._candidate = (here + direction) % trace.top.units
            self.refresh()

    def pin(self) -> None:
        """Pin the chosen unit, or let it go."""
        unit = self._candidate if self._candidate is not None else self.state.unit
        self.state.toggle_unit(unit)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.choose(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pin()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._candidate = None
            self.state.set_units(())
            self.refresh()
        else:
            event.ignore()

    # -- Qt
    @Slot(int)
    def _number_changed(self, _: int) -> None:
        self.refresh()

    @Slot(str)
    def _name_changed(self, _: str) -> None:
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()  # how many fit is another number

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._candidate = None
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(200), self.state.theme.px(120))
