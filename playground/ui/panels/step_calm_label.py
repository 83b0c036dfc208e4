"""A label whose words change at every timestep without moving anything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


class CalmLabel(QLabel):
    """A label for one line at the end of a row: words that need no more room than the widest before them are only
    painted. A `QLabel` lays out its panel, the column and the page anew for each word, which takes longer than to paint
    all of them.

    `exact`: something stands right after it, so that it must be as wide as its words.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.exact = False
        self._words = text
        self._laid_out = text

    def text(self) -> str:
        """What it says."""
        return self._words

    def setText(self, text: str) -> None:
        """Say this."""
        if text == self._words and not self.exact:
            return
        self._words = text
        self.setAccessibleName(text)
        if self.exact or self._width(text) > self._width(self._laid_out):
            self._lay_out()
        else:
            self.update()

    def _lay_out(self) -> None:
        self._laid_out = self._words
        super().setText(self._words)

    def _width(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._lay_out()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), flags, self._words)
        painter.end()
