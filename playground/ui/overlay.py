"""What lies over the window for a moment: a card on the dimmed window. Esc or a click beside it closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui.state import UiState


class Card(QWidget):
    """The card: radius 12, a border, no shadow."""

    def __init__(self, state: UiState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        radius = theme.px(12)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # a click on the card is not a click beside it


class Overlay(QWidget):
    """Covers `window` and keeps its size. Subclasses fill `card` and say how large it may be (`card_size`)."""

    closed = Signal()

    def __init__(self, state: UiState, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.state = state
        self._window = window
        self.card = Card(state, self)
        self.column = QVBoxLayout(self.card)
        self.setAccessibleName(name)
        self.hide()
        window.installEventFilter(self)
        state.appearance_changed.connect(self.restyle)

    def open(self) -> None:
        """Lie over the window and take the keyboard."""
        self.restyle()
        self.setGeometry(self._window.rect())
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def close_overlay(self) -> None:
        """Go away; the keyboard goes back to the window."""
        if not self.isHidden():
            self.hide()
            self._window.setFocus()
            self.closed.emit()

    def card_size(self) -> tuple[int, int]:
        """Width and height that the card would like, in pixels; never more than the window has."""
        return self.card.sizeHint().width(), self.card.sizeHint().height()

    @Slot()
    def restyle(self) -> None:
        """Take sizes, colours and words from the state again."""
        margin = self.state.theme.px(24)
        self.column.setContentsMargins(margin, margin, margin, margin)
        self.column.setSpacing(self.state.theme.px(12))
        self._place()
        self.update()

    def _place(self) -> None:
        edge = self.state.theme.px(24)
        width, height = self.card_size()
        width, height = min(width, self.width() - 2 * edge), min(height, self.height() - 2 * edge)
        self.card.setGeometry((self.width() - width) // 2, self._top(height), width, height)

    def _top(self, height: int) -> int:
        return (self.height() - height) // 2

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden() and watched is self._window:
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_overlay()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), scrim(self.state))
        painter.end()


def scrim(state: UiState) -> QColor:
    """What dims the window: its own ground, nearly opaque, so that the card stands alone and calm."""
    colour = state.theme.colour("ground")
    colour.setAlphaF(0.82)
    return colour
