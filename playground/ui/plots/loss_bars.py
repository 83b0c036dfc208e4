"""Losses as bars from zero: shorter is better. Each has its name and its number."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState

HIGHEST = 30
"""Unscaled px: a bar with the room around it."""


@dataclass(frozen=True)
class LossBar:
    """One bar; `ink` is "network:<key>" or a colour of the palette."""

    title: str
    value: float
    ink: str


class LossBars(QWidget):
    """Bars under each other on one scale."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.bars: tuple[LossBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_bars(self, bars: tuple[LossBar, ...]) -> None:
        """These, from top to bottom."""
        if bars != self.bars:
            self.bars = bars
            self.updateGeometry()
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(180), self.state.theme.px(18) * max(len(self.bars), 3))

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(180), self.state.theme.px(HIGHEST) * max(len(self.bars), 3))

    def _colour(self, ink: str) -> QColor:
        theme = self.state.theme
        if ink.startswith("network:"):
            return theme.network(ink.removeprefix("network:"))
        return theme.colour(ink)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bars:
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font(12)
        metrics = QFontMetricsF(font)
        left = max(metrics.horizontalAdvance(bar.title) for bar in self.bars) + theme.px(8)
        left = min(left, self.width() * 0.5)
        right = metrics.horizontalAdvance("0.00") + theme.px(8)
        room = max(10.0, self.width() - left - right)
        most = max(bar.value for bar in self.bars)
        high = min(self.height() / len(self.bars), theme.px(HIGHEST))
        thick = min(high * 0.6, theme.px(14))
        painter.setFont(font)
        for row, bar in enumerate(self.bars):
            y = row * high
            painter.setPen(theme.colour("text" if bar.ink.startswith("network:") else "muted"))
            title = metrics.elidedText(bar.title, Qt.TextElideMode.ElideRight, left - theme.px(8))
            painter.drawText(QRectF(0, y, left - theme.px(8), high), Qt.AlignmentFlag.AlignVCenter, title)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(bar.ink))
            painter.drawRoundedRect(
                QRectF(left, y + (high - thick) / 2, room * bar.value / most, thick), 2, 2
            )
            painter.setPen(theme.colour("text"))
            words = QRectF(left + room * bar.value / most + theme.px(5), y, right, high)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, f"{bar.value:.2f}")
        painter.end()
