"""What the small charts of the Memory page have in common: hover, keys, and one line that tells the value in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.state import UiState

KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-(10**6), 0),
    Qt.Key.Key_End: (10**6, 0),
}


def fit_title(panel: Panel, titles: Sequence[str], beside: QWidget) -> None:
    """Give the card the first of these titles (the longest first) that has room left of `beside`."""
    theme = panel.state.theme
    free = panel.width() - 2 * theme.px(MARGIN) - beside.width() - 3 * theme.px(8)
    metrics = QFontMetricsF(panel.title.font())
    fitting = [title for title in titles if metrics.horizontalAdvance(title) <= free]
    title = fitting[0] if fitting else titles[-1]
    if title != panel.title.text():
        panel.set_title(title)
        layout = panel.layout()
        if layout is not None:  # within a resize Qt would leave the label at its old width
            layout.invalidate()
            layout.activate()
    panel.setAccessibleName(titles[0])


class MemoryChart(QWidget):
    """A chart of things that stand in columns (units, distances) and lines (networks).

    Hovering marks the nearest one and tells it in the line below the chart. With the keyboard (Tab to the chart) Left,
    Right, Up and Down move the mark, Return or Space act on it, Esc takes it away. Clicking never takes the keyboard
    away from the playhead.
    """

    least_height = 96

    def __init__(self, state: UiState, name: str, teaches: str) -> None:
        super().__init__()
        self.state = state
        self.mark: tuple[int, int] | None = None
        """What is marked: (column, line)."""
        self._summary = ""
        self.setAccessibleName(name)
        self._teaches = teaches
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rescale()

    # -- for subclasses
    def count(self) -> tuple[int, int]:
        """How many columns and lines there are."""
        return 0, 0

    def mark_at(self, position: QPointF) -> tuple[int, int] | None:
        """What lies nearest to this point."""
        return None

    def words_of(self, mark: tuple[int, int]) -> str:
        """What is marked, in words."""
        return ""

    def act_on(self, mark: tuple[int, int]) -> None:
        """A click, Return or Space on it."""

    def paint_chart(self, painter: QPainter) -> None:
        """Paint within `chart_rect`."""

    # -- what it says
    def rescale(self) -> None:
        """Take sizes from the theme again."""
        self.setMinimumHeight(self.state.theme.px(self.least_height))
        self.update()

    def set_summary(self, summary: str) -> None:
        """What the line below says while nothing is marked."""
        if summary != self._summary:
            self._summary = summary
            self._describe()
            self.update()

    @property
    def reading(self) -> str:
        """What the line below the chart says now."""
        return self.words_of(self.mark) if self.mark is not None else self._summary

    def set_mark(self, mark: tuple[int, int] | None) -> None:
        """Mark something, or nothing."""
        if mark != self.mark:
            self.mark = mark
            self._describe()
            self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{self.reading} {self._teaches}")

    # -- geometry
    def reading_height(self) -> float:
        """The room for the line in words: two lines of small text."""
        return 2.1 * QFontMetricsF(self.state.theme.font(11)).height()

    @property
    def chart_rect(self) -> QRectF:
        """Where the chart is painted."""
        return QRectF(0, 0, self.width(), self.height() - self.reading_height() - self.state.theme.px(2))

    # -- hands
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.set_mark(self.mark_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.set_mark(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self.mark_at(event.position())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self.set_mark(mark)
            self.act_on(mark)

    def event(self, event: QEvent) -> bool:
        # The arrows are the window's shortcuts for the playhead; while the chart has the keyboard they are its own.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_own(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        return event.modifiers() == Qt.KeyboardModifier.NoModifier and (
            key in KEYS
            or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            or (key == Qt.Key.Key_Escape and self.mark is not None)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns, lines = self.count()
        if not self._is_own(event) or not columns or not lines:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.set_mark(None)
        elif key in KEYS:
            across, down = KEYS[key]
            column, line = self.mark if self.mark is not None else (0 if across >= 0 else columns - 1, 0)
            if self.mark is not None or abs(across) > 1:
                column, line = column + across, line + down
            self.set_mark((min(max(column, 0), columns - 1), min(max(line, 0), lines - 1)))
        elif self.mark is not None:
            self.act_on(self.mark)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.set_mark(None)
        self.update()

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        painter.save()
        self.paint_chart(painter)
        painter.restore()
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text" if self.mark is not None else "muted"))
        height = self.reading_height()
        room = QRectF(theme.px(1), self.height() - height, self.width() - theme.px(2), height)
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self.reading,
        )
        painter.end()
