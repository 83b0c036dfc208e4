"""Bars with their names at the left and their numbers at the right: how fast something went."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState


@dataclass(frozen=True)
class RateBar:
    """One bar; `value` None: not measured yet."""

    title: str
    value: float | None
    words: str = ""


class RateBars(QWidget):
    """Bars of one kind of number, the longest as long as there is room."""

    def __init__(self, state: UiState, role: str = "long_term") -> None:
        super().__init__()
        self.state = state
        self._role = role
        self.bars: tuple[RateBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_bars(self, bars: tuple[RateBar, ...]) -> None:
        """These bars, from top to bottom."""
        self.bars = bars
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(180), self.state.theme.px(18) * max(len(self.bars), 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bars:
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font(12)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        left = max(metrics.horizontalAdvance(bar.title) for bar in self.bars) + theme.px(10)
        right = max(metrics.horizontalAdvance(bar.words) for bar in self.bars) + theme.px(10)
        room = max(10.0, self.width() - left - right)
        most = max((bar.value or 0.0 for bar in self.bars), default=0.0)
        line = min(self.height() / len(self.bars), theme.px(40))
        thick = min(line * 0.62, theme.px(20))
        for index, bar in enumerate(self.bars):
            top = index * line
            box = QRectF(0, top, left - theme.px(10), line)
            painter.setPen(theme.colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.title)
            painter.setPen(Qt.PenStyle.NoPen)
            track = QRectF(left, top + (line - thick) / 2, room, thick)
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(track, 3, 3)
            if bar.value is not None and most > 0:
                painter.setBrush(theme.role(self._role))
                painter.drawRoundedRect(
                    QRectF(track.left(), track.top(), room * bar.value / most, thick), 3, 3
                )
            painter.setPen(theme.colour("text" if bar.value is not None else "muted"))
            words = QRectF(track.right() + theme.px(8), top, right, line)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, bar.words)
        painter.end()
