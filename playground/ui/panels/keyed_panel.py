"""A card with keys of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.ui.panels.panel import RADIUS, Panel
from playground.ui.state import UiState

LIST_KEYS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
    }
)
"""What a list is gone through with."""


class KeyedPanel(Panel):
    """While it has the keyboard a frame says so, and the keys that it `keeps` reach it rather than the window's
    commands; subclasses do them in `keyPressEvent`."""

    def __init__(self, state: UiState, title: str, parent: QWidget | None = None) -> None:
        super().__init__(state, title, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keeps(self, event: QKeyEvent) -> bool:
        """Whether this key is the panel's."""
        return Qt.Key(event.key()) in LIST_KEYS

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.keeps(event):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
        radius = theme.px(RADIUS)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), radius, radius)
        painter.end()
