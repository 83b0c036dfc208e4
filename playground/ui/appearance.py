"""Light, dark or as the system: turns the user's choice into the theme, and dresses the window in it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from playground.ui.state import UiState
from playground.ui.style_sheet import qt_palette, style_sheet

THEME_CHOICES = ("system", "light", "dark")


class Appearance(QObject):
    """Keeps `state.dark` equal to what was chosen, follows the system where that was chosen, and styles `window`.

    GUI thread.
    """

    def __init__(
        self, state: UiState, window: QWidget, choice: str = "system", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._window = window
        self._choice = choice
        self._dressed: tuple[str, float] | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        state.appearance_changed.connect(self.dress)
        self._follow()
        self.dress()

    @property
    def choice(self) -> str:
        """ "system", "light" or "dark"."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Choose a theme, or to follow the system."""
        self._choice = choice
        self._follow()

    def toggle(self) -> None:
        """The other of light and dark; from then on the system is not followed."""
        self.choose("light" if self._state.dark else "dark")

    def _follow(self) -> None:
        dark = self._choice == "dark" or (self._choice == "system" and system_is_dark())
        self._state.set_appearance(dark=dark)

    @Slot()
    def _system_changed(self) -> None:
        self._follow()

    @Slot()
    def dress(self) -> None:
        """Put palette and style sheet on; only when theme or scale really changed."""
        theme = self._state.theme
        if self._dressed == (theme.palette.name, theme.scale):
            return
        self._dressed = (theme.palette.name, theme.scale)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(qt_palette(theme))
        self._window.setStyleSheet(style_sheet(theme))


def system_is_dark() -> bool:
    """Whether the system asks for a dark theme now; light where it does not say."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
