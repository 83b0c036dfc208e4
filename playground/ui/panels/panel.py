"""The card that every panel is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.ui.state import UiState

RADIUS = 12
MARGIN, EDGE = 16, 12.0
"""Unscaled px left and right, above and below."""


class Panel(QWidget):
    """A quiet card: radius 12, hairline border, no shadow, a title at the top left and room for controls beside it.

    `body` is the layout for the content, `title_row` the one beside the title. Subclasses implement `restyle` (called
    when theme, scale or vocabulary change, and once at the end of their own constructor) and own no data.
    """

    title_kind: type[QLabel] = QLabel
    note_kind: type[QLabel] = QLabel

    def __init__(self, state: UiState, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAccessibleName(title)
        self._edge = EDGE
        self._layout = QVBoxLayout(self)
        self.title_row = QHBoxLayout()
        self.title = self.title_kind(title)
        self.title.setProperty("role", "heading")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.note = self.note_kind("")
        self.note.setProperty("role", "muted")
        self.title_row.addWidget(self.title)
        self.title_row.addWidget(self.note)
        self.title_row.addStretch(1)
        self._layout.addLayout(self.title_row)
        self.body = QVBoxLayout()
        self._layout.addLayout(self.body, 1)
        state.appearance_changed.connect(self._appearance_changed)
        self._rescale()

    def set_title(self, title: str, note: str = "") -> None:
        """The heading, and a muted note beside it. An empty title takes no room."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if title:
            self.setAccessibleName(title)

    def set_edge(self, edge: float) -> None:
        """So much room (unscaled px) above and below what is on the card: less than usual where every pixel counts."""
        if edge != self._edge:
            self._edge = edge
            self._rescale()

    def restyle(self) -> None:
        """Take colours, sizes and words from the state again."""

    @Slot()
    def _appearance_changed(self) -> None:
        self._rescale()
        self.restyle()
        self.update()

    def _rescale(self) -> None:
        theme = self.state.theme
        margin = theme.px(MARGIN)
        self._layout.setContentsMargins(margin, theme.px(self._edge), margin, theme.px(self._edge))
        self._layout.setSpacing(theme.px(8))
        self.body.setSpacing(theme.px(8))
        self.title_row.setSpacing(theme.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        radius = theme.px(RADIUS)
        painter = QPainter(self)
        if self.rect().adjusted(radius, 1, -radius, -1).contains(event.rect()):
            painter.fillRect(event.rect(), theme.colour("surface"))  # away from border and corners
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
