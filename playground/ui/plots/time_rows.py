"""Rows that stand under each other on one time axis, with one playhead through all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from playground.ui.plots.time_axis import TimeAxis
from playground.ui.state import UiState

LABEL_WIDTH = 152
RIGHT_MARGIN = 28
BESIDE_COLUMNS = 6
"""Unscaled px left and right of the columns that belong to them: the marks of selected units."""


class TimeRow(QWidget):
    """One row: a label at the left, and something painted on the stack's time axis.

    Subclasses implement `paint_row` and `words_at`. Hovering tells the value in words; a click moves the playhead.
    `stretch` is the row's share of the free height, `base_height` what it takes at least (unscaled px).
    """

    stretch = 1
    base_height = 28

    def __init__(self, state: UiState, title: str = "", subtitle: str = "", ink: str = "text") -> None:
        super().__init__()
        self.state = state
        self.axis = TimeAxis(1, 0, 1)
        self._title, self._subtitle, self._ink = title, subtitle, ink
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        self.rescale()

    def rescale(self) -> None:
        """Take sizes from the theme again."""
        self.setMinimumHeight(self.state.theme.px(self.base_height))
        self.update()

    def set_label(self, title: str, subtitle: str = "", ink: str | None = None) -> None:
        """What stands at the left; `ink` is a role, a palette colour's name, or "network:<key>"."""
        if (title, subtitle, ink or self._ink) != (self._title, self._subtitle, self._ink):
            self._title, self._subtitle, self._ink = title, subtitle, ink or self._ink
            self.setAccessibleName(title)
            self.update()

    def label_colour(self) -> QColor:
        """The colour of the title."""
        theme = self.state.theme
        if self._ink.startswith("network:"):
            return theme.network_ink(self._ink.removeprefix("network:"))
        if self._ink in dict(theme.palette.role_inks):
            return theme.role_ink(self._ink)
        return theme.colour(self._ink)

    def set_axis(self, axis: TimeAxis) -> None:
        """The stack gives every row the same axis."""
        if axis != self.axis:
            self.axis = axis
            self.update()

    def playhead_moved(self) -> None:
        """The first row shows the timestep itself: paint it again."""
        self.update()

    def paint_row(self, painter: QPainter) -> None:
        """Paint the columns; the label is painted already."""

    def words_at(self, timestep: int, position: QPointF) -> str:
        """What hovering here says: value, unit, timestep, in words; empty for nothing."""
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if event.rect().left() < self.axis.left - self.state.theme.px(BESIDE_COLUMNS):
            self._paint_label(painter)
        self.paint_row(painter)
        painter.end()

    def update_columns(self) -> None:
        """Paint the columns again, but not what stands beside them: text costs more than all cells together."""
        beside = self.state.theme.px(BESIDE_COLUMNS)
        left = int(self.axis.left) - beside
        self.update(left, 0, int(self.axis.right) + beside - left + 1, self.height())

    def _paint_label(self, painter: QPainter) -> None:
        if not self._title:
            return
        theme = self.state.theme
        width = self.axis.left - theme.px(8)
        painter.setPen(self.label_colour())
        title_font = theme.font(13, bold=True)
        painter.setFont(title_font)
        height = painter.fontMetrics().height()
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignLeft, title)
        if self._subtitle and self.height() >= 2 * height - theme.px(2):
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(11))
            subtitle = painter.fontMetrics().elidedText(
                self._subtitle, Qt.TextElideMode.ElideRight, int(width)
            )
            painter.drawText(QRectF(0, height, width, height), Qt.AlignmentFlag.AlignLeft, subtitle)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        timestep = self.axis.timestep_at(event.position().x())
        if timestep is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.state.set_timestep(timestep)
        words = self.words_at(timestep, event.position()) if timestep is not None else ""
        if words:
            QToolTip.showText(event.globalPosition().toPoint(), words, self)
        else:
            QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        timestep = self.axis.timestep_at(event.position().x())
        if timestep is not None and event.button() == Qt.MouseButton.LeftButton:
            self.state.set_timestep(timestep)
            self.clicked_at(timestep, event.position())

    def clicked_at(self, timestep: int, position: QPointF) -> None:
        """A click on a column, after the playhead moved there. Rows with units select the unit."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or -event.angleDelta().x()
        if turn:
            self.state.set_timestep(self.state.timestep + (-1 if turn > 0 else 1))
        event.accept()


class _Playhead(QWidget):
    """A thin line through all rows at the current timestep; lets every click through."""

    def __init__(self, stack: TimeStack) -> None:
        super().__init__(stack)
        self._stack = stack
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._stack.state.theme
        pen = QPen(theme.colour("playhead"))
        pen.setWidthF(1.5 * theme.scale)
        painter.setPen(pen)
        middle = self.width() / 2
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        painter.end()


class TimeStack(QWidget):
    """Rows under each other on one `TimeAxis`. Gives every row the axis, and draws the playhead through them.

    `label_width` and `right_margin` are in unscaled pixels. The playhead begins below the first row (the strip shows
    the current event by its card).
    """

    def __init__(
        self,
        state: UiState,
        *,
        label_width: int = LABEL_WIDTH,
        right_margin: int = RIGHT_MARGIN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = state
        self._label_width, self._right_margin = label_width, right_margin
        self._length = 1
        self._folded: tuple[int, int] | None = None
        self._spacing = 8
        self.rows: list[TimeRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._playhead = _Playhead(self)
        state.timestep_changed.connect(self._timestep_changed)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    def set_rows(self, rows: list[TimeRow]) -> None:
        """Show exactly these rows, in this order. Rows that are no longer shown are hidden and kept by their owner."""
        for row in self.rows:
            if row not in rows:
                self._column.removeWidget(row)
                row.hide()
        for position, row in enumerate(rows):
            if self._column.indexOf(row) != position:
                self._column.insertWidget(position, row)
            self._column.setStretchFactor(row, row.stretch)
            row.setVisible(True)
        self.rows = rows
        self._spread_axis()
        self._playhead.raise_()

    def set_margins(self, label_width: int, right_margin: int) -> None:
        """The room left of the axis and right of it, in unscaled pixels."""
        if (label_width, right_margin) != (self._label_width, self._right_margin):
            self._label_width, self._right_margin = label_width, right_margin
            self._spread_axis()

    def set_timeline(self, length: int, folded: tuple[int, int] | None = None) -> None:
        """The number of timesteps, and which of them are squeezed."""
        if (length, folded) != (self._length, self._folded):
            self._length, self._folded = length, folded
            self._spread_axis()

    def set_spacing(self, spacing: int) -> None:
        """The room between rows, in unscaled pixels."""
        if spacing != self._spacing:
            self._spacing = spacing
            self._column.setSpacing(self.state.theme.px(spacing))

    @property
    def axis(self) -> TimeAxis:
        """The axis all rows share now."""
        theme = self.state.theme
        left = theme.px(self._label_width)
        right = max(left + 1, self.width() - theme.px(self._right_margin))
        return TimeAxis(self._length, left, right, self._folded)

    @Slot()
    def restyle(self) -> None:
        """Take sizes and colours from the theme again."""
        self._column.setSpacing(self.state.theme.px(self._spacing))
        for row in self.rows:
            row.rescale()
        self._spread_axis()

    def _spread_axis(self) -> None:
        axis = self.axis
        for row in self.rows:
            row.set_axis(axis)
        self._place_playhead(self.state.timestep)

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        if self.isVisible():
            self._place_playhead(timestep)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_playhead(self.state.timestep)

    def _place_playhead(self, timestep: int) -> None:
        axis = self.axis
        if self.rows:
            self.rows[0].playhead_moved()  # the strip shows the timestep with its card
        below = next((row for row in self.rows[1:] if not row.isHidden()), None)
        if below is None:
            self._playhead.hide()
            return
        centre = axis.centres[min(timestep, axis.length - 1)]
        top = below.y() if below.y() > 0 else self.rows[0].height()
        width = self.state.theme.px(4) | 1
        self._playhead.setGeometry(round(centre - width / 2), top, width, max(0, self.height() - top))
        self._playhead.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread_axis()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place_playhead(self.state.timestep)
        return handled
