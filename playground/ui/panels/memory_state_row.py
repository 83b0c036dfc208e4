"""A heat map of the Memory page: all units of one state, with its scale written beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QMouseEvent, QPainter, QPen

from playground.ui.plots.heatmap import HeatRow
from playground.ui.state import UiState


class StateRow(HeatRow):
    """A heat map that says at its right which colour is which value, and takes Shift+click for "from here on"."""

    stretch = 4
    base_height = 40

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        super().__init__(state)
        self._choose_since = choose_since

    def mousePressEvent(self, event: QMouseEvent) -> None:
        timestep = self.axis.timestep_at(event.position().x())
        if timestep is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._choose_since(timestep)
            return
        super().mousePressEvent(event)

    def paint_row(self, painter: QPainter) -> None:
        super().paint_row(painter)
        if self._values.size:
            self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        theme = self.state.theme
        height = min(float(self.height()), float(theme.px(72)))
        bar = QRectF(self.axis.right + theme.px(14), (self.height() - height) / 2, theme.px(6), height)
        gradient = QLinearGradient(bar.topLeft(), bar.bottomLeft())
        gradient.setColorAt(0.0, theme.colour("positive"))
        gradient.setColorAt(0.5, theme.colour("neutral"))
        gradient.setColorAt(1.0, theme.colour("negative"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, theme.px(2), theme.px(2))
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("muted"))
        line = QFontMetricsF(painter.font()).height()
        for share, text in ((0.0, f"+{self._bound:g}"), (0.5, "0"), (1.0, f"−{self._bound:g}")):
            y = bar.top() + share * (bar.height() - line)
            box = QRectF(bar.right() + theme.px(5), y, theme.px(60), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
