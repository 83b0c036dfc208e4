"""A text as a network wrote it: characters coloured by what was in the network, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.ui.state import UiState

MARGIN = 10
TEXT_SIZE, LARGE_TEXT_SIZE, ROOMY = 13, 16, 760
"""Unscaled px: the characters, and those on a card that is at least so wide."""


def lines_of(text: str, columns: int, *, flowing: bool = False) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end (last exclusive) when at most `columns` characters fit; a line end closes
    its line and belongs to it, but not where the text is `flowing`."""
    lines, first = [], 0
    for place, character in enumerate(text):
        if character == "\n" and not flowing:
            lines.append((first, place + 1))
            first = place + 1
        elif place - first + 1 > columns:
            lines.append((first, place))
            first = place
    if first < len(text) or not lines:
        lines.append((first, len(text)))
    return lines


class WrittenText(QWidget):
    """The prompt (muted) and what was written after it. `chosen(place)`: a written character was clicked."""

    def __init__(
        self,
        state: UiState,
        heading: str,
        prompt: str,
        text: str,
        most_lines: int = 0,
        *,
        flowing: bool = False,
    ) -> None:
        """`most_lines`: what is longer is cut, with a sign; 0: nothing is. `flowing`: line ends are only signs."""
        super().__init__()
        self.state = state
        self.chosen: Callable[[int], None] | None = None
        self.words_at: Callable[[int], str] | None = None
        self._heading, self._prompt, self._text = heading, prompt, text
        self._most_lines = most_lines
        self._flowing = flowing
        self._marked: int | None = None
        self._selected = False
        self._colours: NDArray[np.uint32] | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(prompt + text)
        self.restyle()

    # -- what is shown
    def mark(self, place: int | None, selected: bool) -> None:
        """Frame this character; `selected`: this text is the one that is looked at."""
        if (place, selected) != (self._marked, self._selected):
            self._marked, self._selected = place, selected
            self.update()

    def colour(self, colours: NDArray[np.uint32] | None) -> None:
        """0xffRRGGBB for the ground of every written character; None: none."""
        self._colours = colours
        self.update()

    def allow(self, most_lines: int) -> None:
        """Show at most so many lines; 0: all."""
        if most_lines != self._most_lines:
            self._most_lines = most_lines
            self.restyle()

    def restyle(self) -> None:
        """Take sizes from the theme again."""
        self._fit()
        self.update()

    def _font(self) -> QFont:
        theme = self.state.theme
        return theme.font(LARGE_TEXT_SIZE if self.width() >= theme.px(ROOMY) else TEXT_SIZE, mono=True)

    def _font_metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())

    def _columns(self) -> int:
        wide = self._font_metrics().horizontalAdvance("m")
        return max(8, int((self.width() - 2 * self.state.theme.px(MARGIN)) / wide))

    def _lines(self) -> tuple[list[tuple[int, int]], bool]:
        """The lines that are shown, and whether there are more."""
        lines = lines_of(self._prompt + self._text, self._columns(), flowing=self._flowing)
        if self._most_lines and len(lines) > self._most_lines:
            return lines[: self._most_lines], True
        return lines, False

    def _heading_height(self) -> float:
        return QFontMetricsF(self.state.theme.font(11)).height() + self.state.theme.px(4)

    def _fit(self) -> None:
        lines, _ = self._lines()
        height = self._heading_height() + len(lines) * self._font_metrics().height()
        self.setFixedHeight(round(height + 2 * self.state.theme.px(7)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(260), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(160), self.height())

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.colour("playhead" if self._selected else "border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        painter.setFont(theme.font(11, bold=self._selected))
        painter.setPen(theme.colour("pending_ink" if self._selected else "muted"))
        left, top = theme.px(MARGIN), theme.px(7)
        painter.drawText(
            QRectF(left, top, self.width() - 2 * left, self._heading_height()),
            Qt.AlignmentFlag.AlignTop,
            self._heading,
        )
        metrics = self._font_metrics()
        wide, high = metrics.horizontalAdvance("m"), metrics.height()
        painter.setFont(self._font())
        whole = self._prompt + self._text
        lines, more = self._lines()
        y = top + self._heading_height()
        for first, last in lines:
            for place in range(first, last):
                cell = QRectF(left + (place - first) * wide, y, wide, high)
                self._paint_character(painter, place - len(self._prompt), whole[place], cell)
            y += high
        if more:
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                QRectF(left, y - high, self.width() - 2 * left, high), Qt.AlignmentFlag.AlignRight, "…"
            )
        painter.end()

    def _paint_character(self, painter: QPainter, place: int, character: str, cell: QRectF) -> None:
        theme = self.state.theme
        ink = theme.colour("muted" if place < 0 else "text")
        if self._colours is not None and 0 <= place < len(self._colours):
            ground = QColor.fromRgb(int(self._colours[place]))
            left, right = round(cell.left()), round(cell.right())  # whole pixels: no seams between two
            painter.fillRect(QRect(left, round(cell.top()), right - left, round(cell.height())), ground)
            ink = QColor("#101418") if ground.lightnessF() > 0.5 else QColor("#F4F7FA")
        if place >= 0 and place == self._marked:
            painter.setPen(QPen(theme.colour("playhead"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(-0.5, 0, 0.5, 0))
        if character == "\n":
            character, ink = "↵", theme.colour("border_strong")
        painter.setPen(ink)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, character if character.isprintable() else "·")

    # -- the mouse
    def place_at(self, point: QPointF) -> int | None:
        """The written character under a point; None where there is none."""
        metrics = self._font_metrics()
        left, top = self.state.theme.px(MARGIN), self.state.theme.px(7) + self._heading_height()
        row = int((point.y() - top) // metrics.height())
        column = int((point.x() - left) // metrics.horizontalAdvance("m"))
        lines, _ = self._lines()
        if not 0 <= row < len(lines) or column < 0:
            return None
        first, last = lines[row]
        place = first + column - len(self._prompt)
        return place if first + column < last and 0 <= place < len(self._text) else None

    def point_of(self, place: int) -> QPoint:
        """The middle of a written character."""
        metrics = self._font_metrics()
        wide, high = metrics.horizontalAdvance("m"), metrics.height()
        at = place + len(self._prompt)
        for row, (first, last) in enumerate(self._lines()[0]):
            if first <= at < last:
                x = self.state.theme.px(MARGIN) + (at - first + 0.5) * wide
                y = self.state.theme.px(7) + self._heading_height() + (row + 0.5) * high
                return QPoint(round(x), round(y))
        return QPoint(0, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if self.chosen is not None:
            self.chosen(place if place is not None else 0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        words = self.words_at(place) if place is not None and self.words_at is not None else ""
        if words:
            QToolTip.showText(event.globalPosition().toPoint(), words, self)
        else:
            QToolTip.hideText()
