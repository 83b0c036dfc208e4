"""The row "What survives": how much of timestep k's memory is left at t. k hangs on a handle that can be dragged."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from playground.ui.panels.memory_controls import ScaleToggle
from playground.ui.panels.memory_row_base import Series
from playground.ui.panels.memory_rows import LineRow
from playground.ui.panels.memory_scales import SHARES, SMALL_SHARES
from playground.ui.panels.memory_words import forget_product_words, survives_words
from playground.ui.state import UiState


class SurvivesRow(LineRow):
    """How much of timestep k's memory is left at t, and the product of the forget factors; k hangs on a handle."""

    definition = "survives"
    head_room = 20
    subtitle_lines = 1
    base_height = 58

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        self.since = 0
        """Where the handle hangs."""
        self.counted_from = 0
        """From where the values that are shown are counted: for a moment another timestep than the handle's."""
        self._dragging = False
        self._toggle: ScaleToggle | None = None
        super().__init__(state, "What survives", "", SHARES, choose_since)
        self._toggle = ScaleToggle(state, "What survives", self._switch_scale, self)
        self.show_since(0)
        self._place_controls()

    @property
    def toggle(self) -> ScaleToggle:
        """The switch between linear and log."""
        assert self._toggle is not None
        return self._toggle

    def show_since(self, since: int) -> None:
        """From which timestep (0-based) survival is counted."""
        self.since = since
        self.brief = f"since t = {since + 1}"
        self.set_label("What survives", f"since timestep {since + 1}")
        self.update()

    def sentence(self, series: Series, timestep: int) -> str:
        words = forget_product_words if series.faint else survives_words
        value = float(series.values[timestep])
        if series.faint and math.isnan(value):
            return ""
        return words(series.network, self.state.vocabulary, value, self.counted_from, timestep)

    def _switch_scale(self, logarithmic: bool) -> None:
        self.set_value_scale(SMALL_SHARES if logarithmic else SHARES)

    def _place_controls(self) -> None:
        super()._place_controls()
        if self._toggle is not None:
            theme = self.state.theme
            used = QFontMetricsF(theme.font(13, bold=True)).height() + QFontMetricsF(theme.font(11)).height()
            self._toggle.move(0, round(used + theme.px(4)))

    def rescale(self) -> None:
        super().rescale()
        if self._toggle is not None:
            self._toggle.rescale()
            self._place_controls()

    # -- the handle
    def handle_rect(self) -> QRectF:
        """The handle that hangs on timestep k, kept within the axis."""
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(10, bold=True, mono=True))
        width = metrics.horizontalAdvance(f"t={self.since + 1}") + theme.px(14)
        centre = float(self.axis.centres[min(self.since, self.axis.length - 1)])
        left = min(
            max(centre - width / 2, self.axis.left - theme.px(4)), self.axis.right - width + theme.px(4)
        )
        return QRectF(left, 0.5, width, theme.px(15))

    def paint_series(self, painter: QPainter) -> None:
        super().paint_series(painter)
        self._paint_handle(painter)

    def _paint_handle(self, painter: QPainter) -> None:
        theme = self.state.theme
        rect = self.handle_rect()
        centre = float(self.axis.centres[min(self.since, self.axis.length - 1)])
        ink = theme.colour("accent" if self._dragging else "muted")
        pen = QPen(ink, theme.scale)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(centre, rect.bottom()), QPointF(centre, self.plot_rect.bottom()))
        painter.setPen(QPen(ink, theme.scale))
        painter.setBrush(theme.colour("accent_soft" if self._dragging else "surface"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setFont(theme.font(10, bold=True, mono=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"t={self.since + 1}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self.handle_rect().adjusted(-4, -4, 4, 4).contains(event.position())
        if near and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self.update()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            x = min(max(event.position().x(), self.axis.left), self.axis.right - 1e-6)
            timestep = self.axis.timestep_at(x)
            if timestep is not None and self._choose_since is not None:
                self._choose_since(timestep)
            return
        if self.handle_rect().contains(event.position()):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
            QToolTip.showText(
                event.globalPosition().toPoint(),
                "Drag: count from another timestep (or Shift+click one, or Shift+arrows on this row)",
                self,
            )
            return
        self.unsetCursor()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False
        self.update()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if turn and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._choose_since is not None:
            self._choose_since(min(max(self.since + turn, 0), self.axis.length - 1))
            return
        super().keyPressEvent(event)
