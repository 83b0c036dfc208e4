"""A task as a tile that is clicked: its title, what it is, and a piece of what would be learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from playground.ui.plots.polyline import polyline
from playground.ui.state import UiState

EDGE = 10
"""Unscaled px around what is said."""
LEAST_CURVE, MOST_CURVE = 14, 150
"""Unscaled heights of the line of a series: less says nothing, more is only large."""
WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, eq=False)
class Sample:
    """A piece of what is learned: lines of a text, or values (N,) of a series."""

    lines: tuple[str, ...] = ()
    values: NDArray[np.float64] | None = None


class TaskTile(QPushButton):
    """Grows with the room there is: title and description always, then as much of the sample as fits."""

    def __init__(self, state: UiState, title: str, words: str, *, dashed: bool = False) -> None:
        """`dashed`: a place for something of the user's own."""
        super().__init__()
        self.state = state
        self.sample: Sample | None = None
        self._title, self._words, self._dashed = title, words, dashed
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.restyle()

    def show_sample(self, sample: Sample) -> None:
        """Show this piece of it."""
        self.sample = sample
        self.update()

    def restyle(self) -> None:
        """Take sizes from the theme again."""
        self.updateGeometry()
        self.update()

    # -- room
    def _heights(self, width: float) -> tuple[float, float]:
        """Of the title and of the description, each broken into lines in a tile of this width."""
        theme = self.state.theme
        room = QRectF(0, 0, max(1.0, width - 2 * theme.px(EDGE)), 10_000)
        title = QFontMetricsF(theme.font(13, bold=True)).boundingRect(room, WRAPPED, self._title).height()
        words = QFontMetricsF(theme.font(12)).boundingRect(room, WRAPPED, self._words).height()
        return title, words

    def heightForWidth(self, width: int) -> int:
        return round(sum(self._heights(width)) + 2 * self.state.theme.px(EDGE) + self.state.theme.px(2))

    def minimumSizeHint(self) -> QSize:
        width = self.state.theme.px(150)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(220), self.minimumSizeHint().height())

    def sample_room(self) -> QRectF:
        """Where the sample is drawn: below what is said."""
        theme = self.state.theme
        edge = theme.px(EDGE)
        top = edge + sum(self._heights(self.width())) + theme.px(8)
        return QRectF(edge, top, self.width() - 2 * edge, self.height() - top - edge)

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        edge = theme.px(EDGE)
        title, words = self._heights(self.width())
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(edge, edge, self.width() - 2 * edge, title), WRAPPED, self._title)
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        below = QRectF(edge, edge + title + theme.px(2), self.width() - 2 * edge, words)
        painter.drawText(below, WRAPPED, self._words)
        if self.sample is not None:
            if self.sample.values is not None:
                self._paint_values(painter, self.sample.values)
            else:
                self._paint_lines(painter, self.sample.lines)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self.state.theme
        focused = self.hasFocus()
        pressed, under = self.isDown(), self.underMouse()
        ink = "accent" if focused else "border_strong" if under or self._dashed else "border"
        pen = QPen(theme.colour(ink), 2 if focused else 1)
        if self._dashed and not focused:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        ground = "accent_soft" if pressed else "sunken" if under else "surface"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))

    def _paint_lines(self, painter: QPainter, lines: tuple[str, ...]) -> None:
        """Whole lines only; what is too long for the tile ends in a sign."""
        theme, room = self.state.theme, self.sample_room()
        font = theme.font(12, mono=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        for row in range(min(len(lines), int(room.height() / metrics.height()))):
            words = metrics.elidedText(lines[row], Qt.TextElideMode.ElideRight, room.width())
            box = QRectF(room.left(), room.top() + row * metrics.height(), room.width(), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_values(self, painter: QPainter, values: NDArray[np.float64]) -> None:
        theme, room = self.state.theme, self.sample_room()
        if room.height() < theme.px(LEAST_CURVE):
            return
        height = min(room.height(), theme.px(MOST_CURVE))
        low, high = float(values.min()), float(values.max())
        x = np.linspace(room.left(), room.right(), len(values))
        y = room.top() + height - (values - low) / ((high - low) or 1.0) * height
        painter.setPen(QPen(theme.colour("text"), 1.2 * theme.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(polyline(x, y))
