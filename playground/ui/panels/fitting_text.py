"""A line of text that is never cut off: of several ways to say it, the longest that there is room for."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.state import UiState

_EQUALLY_WIDE = {ord(digit): "0" for digit in "123456789"}


class FittingText(QWidget):
    """Takes whatever width the layout gives it. `tone` "muted" is plain text, "chip" stands on an amber ground.

    Changing words never moves anything around it, so it may change 30 times a second.
    """

    def __init__(self, state: UiState, *, right: bool = False, ground: str = "") -> None:
        """`ground`: the colour of what it stands on, where the card below need not be painted for it."""
        super().__init__()
        self.state = state
        self._ground = ground
        self._fitting: tuple[object, int | None] = (None, None)
        """Which of the ways to say it fits, and for which room and width of words that is so."""
        self._words: tuple[str, ...] = ("",)
        self._tone = "muted"
        self._right = right
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(0)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, bool(ground))

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
        place = self._place_that_fits()
        if place is not None:
            return self._words[place]
        return self._metrics().elidedText(self._words[-1], Qt.TextElideMode.ElideRight, self._room())

    def _place_that_fits(self) -> int | None:
        """Which of the ways to say it fits. All digits are equally wide: a number that counts is not measured anew."""
        widths = tuple(words.translate(_EQUALLY_WIDE) for words in self._words)
        key = (widths, self._tone, self.width(), self.state.theme)
        if self._fitting[0] != key:
            metrics, room = self._metrics(), self._room()
            fits = (k for k, words in enumerate(self._words) if metrics.horizontalAdvance(words) <= room)
            self._fitting = (key, next(fits, None))
        return self._fitting[1]

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.state.theme.font(12, bold=self._tone == "chip"))

    def _room(self) -> int:
        return self.width() - (self.state.theme.px(20) if self._tone == "chip" else 0)

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(120), theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.state.theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.shown
        if not (words or self._ground):
            return
        theme = self.state.theme
        painter = QPainter(self)
        if self._ground:
            painter.fillRect(event.rect(), theme.colour(self._ground))
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
