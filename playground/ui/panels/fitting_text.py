"""A line of text that is never cut off: of several ways to say it, the longest that there is room for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState


class FittingText(QWidget):
    """Takes whatever width the layout gives it. `tone` "muted" is plain text, "chip" stands on an amber ground.

    Changing words never moves anything around it, so it may change 30 times a second.
    """

    def __init__(self, state: UiState, *, right: bool = False) -> None:
        super().__init__()
        self.state = state
        self._words: tuple[str, ...] = ("",)
        self._tone = "muted"
        self._right = right
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(0)

    def say(self, *words: str, tone: str = "muted") -> None:
        """The same thing in several lengths, the longest first. An empty last one: better nothing than cut off."""
        if (words, tone) != (self._words, self._tone):
            self._words, self._tone = words, tone
            self.setAccessibleName(words[0])
            self.update()

    @property
    def words(self) -> str:
        """The longest way of saying it."""
        return self._words[0]

    @property
    def shown(self) -> str:
        """What there is room for now."""
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(12, bold=self._tone == "chip"))
        room = self.width() - (theme.px(20) if self._tone == "chip" else 0)
        for words in self._words:
            if metrics.horizontalAdvance(words) <= room:
                return words
        return metrics.elidedText(self._words[-1], Qt.TextElideMode.ElideRight, room)

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(120), theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.state.theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.shown
        if not words:
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chip = self._tone == "chip"
        font = theme.font(12, bold=chip)
        painter.setFont(font)
        side = Qt.AlignmentFlag.AlignRight if self._right else Qt.AlignmentFlag.AlignLeft
        if not chip:
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(self.rect()), side | Qt.AlignmentFlag.AlignVCenter, words)
            return
        width = QFontMetricsF(font).horizontalAdvance(words) + theme.px(20)
        box = QRectF(self.width() - width if self._right else 0, 1, width, self.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("pending_soft"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(theme.colour("pending_ink"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
