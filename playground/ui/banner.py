"""A banner above the page: a hint, a warning or a failure, with what to do about it. Never a dialog: nothing stops."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.icons import icon_pixmap, set_icon
from playground.ui.state import UiState

MOODS = {
    "hint": ("accent_soft", "accent", "hint", "accent"),
    "danger": ("danger_soft", "danger_ink", "warning", "danger_ink"),
    "pending": ("pending_soft", "pending", "loading", "pending_ink"),
}
"""By mood: ground, border, icon, and the icon's colour."""


@dataclass(frozen=True)
class BannerButton:
    """A button of a banner: the command it does, its words, its kind ("primary" or "plain")."""

    command: str
    title: str
    kind: str = "plain"
    icon: str = ""


class Banner(QWidget):
    """One sentence, one line of advice, and the buttons that help. `chosen` tells which command was asked for."""

    chosen = Signal(str)
    dismissed = Signal()

    def __init__(self, state: UiState, mood: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._mood = mood
        self._ground, self._border, self._icon_name, self._ink = MOODS[mood]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = QLabel(self)
        self._picture.setAccessibleName("")
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setProperty("role", "heading")
        self._advice = QLabel(self)
        self._advice.setWordWrap(True)
        self._advice.setProperty("role", "sentence")
        words = QVBoxLayout()
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        self._words = words
        self._buttons: list[tuple[QPushButton, BannerButton]] = []
        self._close = QPushButton(self)
        self._close.setProperty("kind", "icon")
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Closes this message.")
        self._close.clicked.connect(self._dismiss)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        state.appearance_changed.connect(self.restyle)
        self.hide()
        self.restyle()

    def say(self, sentence: str, advice: str = "", buttons: tuple[BannerButton, ...] = ()) -> None:
        """Show these words and buttons."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(advice)
        if tuple(entry for _, entry in self._buttons) != buttons:
            self._make_buttons(buttons)
        self.show()

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._sentence.text()

    @property
    def advice(self) -> str:
        """What to do."""
        return self._advice.text()

    def button(self, command: str) -> QPushButton:
        """The button of a command. Raises KeyError."""
        for widget, entry in self._buttons:
            if entry.command == command:
                return widget
        raise KeyError(command)

    def _make_buttons(self, buttons: tuple[BannerButton, ...]) -> None:
        for widget, _ in self._buttons:
            self._row.removeWidget(widget)
            widget.deleteLater()
        self._buttons = []
        for entry in buttons:
            widget = QPushButton(entry.title, self)
            widget.setProperty("kind", entry.kind)
            widget.setProperty("command", entry.command)
            widget.setAccessibleName(entry.title)
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            widget.clicked.connect(self._choose)
            self._row.insertWidget(self._row.count() - 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)
            self._buttons.append((widget, entry))
        self.restyle()

    @Slot()
    def _choose(self) -> None:
        widget = self.sender()
        if isinstance(widget, QPushButton):
            self.chosen.emit(str(widget.property("command")))

    @Slot()
    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    @Slot()
    def restyle(self) -> None:
        """Take colours and sizes from the theme again."""
        theme = self._state.theme
        self._row.setContentsMargins(theme.px(16), theme.px(10), theme.px(8), theme.px(10))
        self._row.setSpacing(theme.px(12))
        self._words.setSpacing(theme.px(2))
        size = theme.px(22)
        self._picture.setPixmap(
            icon_pixmap(self._icon_name, theme.colour(self._ink), size, self.devicePixelRatioF())
        )
        self._picture.setFixedSize(size, size)
        set_icon(self._close, "close", theme, "muted")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget, entry in self._buttons:
            if entry.icon:
                set_icon(widget, entry.icon, theme, "on_accent" if entry.kind == "primary" else "text")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour(self._ground))
        painter.setPen(QPen(theme.colour(self._border), 1))
        radius = theme.px(10)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
