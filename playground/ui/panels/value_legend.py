"""What the colours of the cells mean: gates from 0 to 1, everything else from minus to plus."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState
from playground.ui.theme import diverging_map

BAR = 56


class ValueLegend(QWidget):
    """A short bar of the diverging map between a minus and a plus; a gate's map explains itself by its colour."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colours of the values")
        self.setToolTip(
            "Memories and new information: purple is below zero, green above, pale near zero. "
            "Gates have one colour each: pale is shut (0), full is open (1)."
        )
        state.appearance_changed.connect(self._restyle)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _sign_width(self) -> float:
        return QFontMetricsF(self._state.theme.font(12)).horizontalAdvance("+") + self._state.theme.px(5)

    def sizeHint(self) -> QSize:
        theme = self._state.theme
        return QSize(round(theme.px(BAR) + 2 * self._sign_width()), theme.px(18))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        sign = self._sign_width()
        pixels = np.ascontiguousarray(diverging_map(theme.palette)[None, :])
        image = QImage(pixels.data, 256, 1, 1024, QImage.Format.Format_RGB32)
        bar = QRectF(sign, self.height() / 2 - theme.px(4), self.width() - 2 * sign, theme.px(8))
        painter.drawImage(bar, image)
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(0, 0, sign, self.height()), Qt.AlignmentFlag.AlignVCenter, "−")
        right = QRectF(self.width() - sign, 0, sign, self.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "+")
        painter.end()
