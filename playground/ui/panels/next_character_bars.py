"""Which character comes next: a bar for every network, the drawn one marked, and where the random number fell."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.tasks.text.vocabulary import named
from playground.trace.generated import Choice
from playground.ui.next_character import NextCharacter
from playground.ui.panels.prediction_words import short_percent
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width, wrapped_height
from playground.ui.vocabulary import network_title, short_network_title

HEADER, LEAST_ROW, LARGEST_ROW, LABEL = 20, 15, 24, 30
DRAW_LINE = 34
LEAST_LINES, MOST_LINES = 3, 9
"""Characters that are shown: in the lowest window, and where there is room for more."""
CAPTION_LINES = 3
LEAST_BAR = 22
"""Unscaled px: a shorter bar says nothing, and makes room for the words."""
PALE = 0.4
"""Opacity of a bar that lies behind its number."""


class NextCharacterBars(QWidget):
    """Paints a `NextCharacter`: a line for each of the likeliest characters, a column for each network. A click on a
    column opens its network."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self.shown: NextCharacter | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What every network gives the next character")

    def show_characters(self, shown: NextCharacter | None) -> None:
        """Show this."""
        before = self.minimumSizeHint()
        self.shown = shown
        self.setAccessibleDescription(self._spoken())
        if self.minimumSizeHint() != before:
            self.updateGeometry()
        self.update()

    def _spoken(self) -> str:
        shown = self.shown
        if shown is None:
            return ""
        said = [
            f"{network_title(key, self._state.vocabulary)}: "
            + ", ".join(f"{shown.titles[s]} {short_percent(float(shares[s]))}" for s in shown.lines(3))
            for key, shares in shown.shares.items()
        ]
        return f"{'; '.join(said)}. {shown.captions[0]}"

    # -- sizes
    def sizeHint(self) -> QSize:
        theme = self._state.theme
        return QSize(theme.px(260), round(self._around() + theme.px(20) * 6))

    def minimumSizeHint(self) -> QSize:
        theme = self._state.theme
        height = theme.px(HEADER) + theme.px(LEAST_ROW) * LEAST_LINES + 2 * line_height(theme, 13)
        return QSize(theme.px(240), round(height + theme.px(6)))

    def _around(self) -> float:
        """The height of everything but the bars."""
        theme = self._state.theme
        line = theme.px(DRAW_LINE) if self._has_draw_line() else 0
        return theme.px(HEADER) + line + self._caption()[1]

    def _caption(self) -> tuple[str, float]:
        """The longest way of saying it that leaves room for the bars, and its height; never less than two lines high:
        nothing above must jump."""
        theme, text, height = self._state.theme, "", 0.0
        line = line_height(theme, 13)
        bars = theme.px(HEADER) + LEAST_LINES * theme.px(LEAST_ROW)
        most = max(2 * line, min(CAPTION_LINES * line, self.height() - bars)) + 1
        for text in self.shown.captions if self.shown is not None else ():
            height = wrapped_height(theme, text, 13, max(self.width(), theme.px(200)))
            if height <= most:
                break
        return text, max(height, 2 * line) + theme.px(6)

    def _has_draw_line(self) -> bool:
        """Where the random number fell has room beside four lines of bars."""
        if self.shown is None or self.shown.choice is None or self.shown.was:
            return False
        theme = self._state.theme
        needed = theme.px(HEADER) + 4 * theme.px(LEAST_ROW) + theme.px(DRAW_LINE) + self._caption()[1]
        return self.height() >= needed

    def lines(self) -> list[int]:
        """The characters (symbols) that are shown."""
        if self.shown is None:
            return []
        room = (self.height() - self._around()) / self._state.theme.px(LEAST_ROW)
        return self.shown.lines(max(1, min(MOST_LINES, int(room), len(self.shown.order))))

    def _columns(self) -> list[tuple[str, float, float]]:
        """(network, left, width) of every column."""
        if self.shown is None:
            return []
        theme, networks = self._state.theme, list(self.shown.shares)
        left, gap = float(theme.px(LABEL)), float(theme.px(10))
        width = (self.width() - left - gap * (len(networks) - 1)) / len(networks)
        return [(key, left + place * (width + gap), width) for place, key in enumerate(networks)]

    def network_at(self, x: float) -> str:
        """The network whose column is here; empty for none."""
        return next((key for key, left, width in self._columns() if left <= x < left + width), "")

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        if shown is None:
            return
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines, columns = self.lines(), self._columns()
        for key, left, width in columns:
            self._paint_name(painter, key, QRectF(left, 0, width, theme.px(HEADER)))
        room = self.height() - self._around()
        high = min(room / max(1, len(lines)), theme.px(LARGEST_ROW))
        for row, symbol in enumerate(lines):
            top = theme.px(HEADER) + row * high
            marked = symbol == shown.marked
            if marked:
                painter.setPen(QPen(theme.colour("playhead"), 1))
                painter.setBrush(theme.colour("pending_soft"))
                box = QRectF(0.5, top + 0.5, self.width() - 1, high - 1)
                painter.drawRoundedRect(box, theme.px(4), theme.px(4))
            painter.setFont(theme.font(13, bold=marked, mono=True))
            painter.setPen(theme.colour("pending_ink" if marked else "text"))
            label = QRectF(0, top, theme.px(LABEL - 6), high)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, shown.titles[symbol])
            for key, left, width in columns:
                self._paint_bar(painter, key, symbol, QRectF(left, top, width, high))
        y = theme.px(HEADER) + len(lines) * high
        if self._has_draw_line() and shown.choice is not None:
            self._paint_draw(painter, shown.choice, QRectF(0, y, self.width(), theme.px(DRAW_LINE)))
            y += theme.px(DRAW_LINE)
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("muted"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        y += theme.px(5)
        painter.drawText(QRectF(0, y, self.width(), self.height() - y), flags, self._caption()[0])
        painter.end()

    def _paint_name(self, painter: QPainter, key: str, box: QRectF) -> None:
        theme = self._state.theme
        assert self.shown is not None
        opened = key == self._state.network
        name = network_title(key, self._state.vocabulary)
        wrote = f"{name} · wrote it"
        if key == self.shown.writer and text_width(theme, wrote, 12.5, bold=opened) <= box.width():
            name = wrote
        elif text_width(theme, name, 12.5, bold=opened) > box.width():
            name = short_network_title(key, self._state.vocabulary)
        font = theme.font(12.5, bold=opened)
        painter.setFont(font)
        painter.setPen(theme.network_ink(key))
        name = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_bar(self, painter: QPainter, key: str, symbol: int, box: QRectF) -> None:
        theme, shown = self._state.theme, self.shown
        assert shown is not None
        share = float(shown.shares[key][symbol])
        best = int(np.argmax(shown.shares[key])) == symbol
        value_width = text_width(theme, "> 99 %", 12, bold=True) + theme.px(2)
        length = box.width() - value_width - theme.px(5)
        narrow = length < theme.px(LEAST_BAR)
        if narrow:  # then the bar lies behind the number
            length = box.width()
        self._paint_track(painter, key, symbol, QRectF(box.left(), box.top(), length, box.height()), narrow)
        painter.setFont(theme.font(12, bold=best))
        painter.setPen(theme.network_ink(key) if best else theme.colour("text" if narrow else "muted"))
        place = box if narrow else QRectF(box.right() - value_width, box.top(), value_width, box.height())
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place.adjusted(0, 0, -theme.px(3), 0), side, short_percent(share))

    def _paint_track(self, painter: QPainter, key: str, symbol: int, box: QRectF, pale: bool) -> None:
        theme, shown = self._state.theme, self.shown
        assert shown is not None
        share = float(shown.shares[key][symbol])
        thick = box.height() - theme.px(3) if pale else min(box.height() - theme.px(5), float(theme.px(12)))
        track = QRectF(box.left(), box.center().y() - thick / 2, box.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, 2, 2)
        filled = QRectF(track)
        filled.setWidth(track.width() * min(1.0, max(0.0, share)) if share == share else 0.0)
        painter.setOpacity(PALE if pale else 1.0)
        painter.setBrush(theme.network(key))
        painter.drawRoundedRect(filled, 2, 2)
        painter.setOpacity(1.0)
        if key in shown.was:  # as it is, without the what-if
            x = track.left() + track.width() * float(shown.was[key][symbol])
            painter.setPen(QPen(theme.colour("text"), 1.5 * theme.scale))
            painter.drawLine(QPointF(x, track.top() - 1), QPointF(x, track.bottom() + 1))

    def _paint_draw(self, painter: QPainter, choice: Choice, box: QRectF) -> None:
        """All chances end to end, the likeliest first, and where the random number fell among them."""
        theme = self._state.theme
        left, right = float(theme.px(LABEL)), box.right() - theme.px(2)
        band = QRectF(left, box.top() + theme.px(17), right - left, theme.px(14))
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            QRectF(0, band.top(), left - theme.px(4), band.height()), Qt.AlignmentFlag.AlignVCenter, "0…1"
        )
        begin = 0.0
        painter.setFont(theme.font(11, mono=True))
        for place, (symbol, chance) in enumerate(zip(choice.order, choice.chances, strict=True)):
            part = QRectF(
                band.left() + begin * band.width(), band.top(), chance * band.width(), band.height()
            )
            begin += float(chance)
            if part.width() < 0.5:
                continue
            drawn = int(symbol) == choice.drawn
            painter.setPen(QPen(theme.colour("surface"), 1))
            painter.setBrush(
                theme.colour("playhead")
                if drawn
                else theme.colour("border" if place % 2 else "border_strong")
            )
            painter.drawRect(part)
            assert self.shown is not None
            title = self.shown.titles[int(symbol)]
            if part.width() > text_width(theme, title, 11, mono=True) + theme.px(4):
                painter.setPen(theme.colour("surface" if drawn else "text"))
                painter.drawText(part, Qt.AlignmentFlag.AlignCenter, title)
        if choice.low == 0.0 and choice.high >= 1.0:  # temperature 0: nothing was drawn
            return
        x = band.left() + choice.random_number * band.width()
        painter.setPen(QPen(theme.colour("pending_ink"), 1.6 * theme.scale))
        painter.drawLine(QPointF(x, band.top() - theme.px(4)), QPointF(x, band.bottom() + 1))
        tip, half = band.top() - theme.px(1), theme.px(4)
        painter.setBrush(theme.colour("pending_ink"))
        painter.drawPolygon(
            QPolygonF([QPointF(x, tip), QPointF(x - half, tip - half), QPointF(x + half, tip - half)])
        )
        words = f"number drawn: {choice.random_number:.3f}"
        width = text_width(theme, words, 11, bold=True)
        at = min(max(x - width / 2, left), right - width)
        painter.setFont(theme.font(11, bold=True))
        painter.drawText(
            QRectF(at, box.top() - theme.px(1), width + 2, theme.px(14)), Qt.AlignmentFlag.AlignCenter, words
        )

    # -- pointing
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        key, shown = self.network_at(event.position().x()), self.shown
        self.setCursor(Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.ArrowCursor)
        words = ""
        if key and shown is not None:
            shares = shown.shares[key]
            best = [int(symbol) for symbol in np.argsort(-shares, kind="stable")[:5]]
            said = ", ".join(f"“{named(shown.titles[s])}” {100 * float(shares[s]):.1f} %" for s in best)
            words = f"{network_title(key, self._state.vocabulary)}: {said}. Click to look inside."
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self.network_at(event.position().x())
        if key and event.button() == Qt.MouseButton.LeftButton:
            self._state.set_network(key)
