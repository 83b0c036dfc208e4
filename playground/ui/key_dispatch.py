"""Keys to commands. A key that a field, a slider or a button needs goes to it first; all others do their command.

Qt's own rules decide most of it: a text field claims letters, Space and the arrows before any shortcut. What they do
not know is added here for the one widget that has the keyboard: a button reached with Tab keeps Space and Return, a
slider or a list keeps the arrows. PageUp and PageDown are never given away: they are a clicker's buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from shiboken6 import isValid

from playground.ui.commands import Command, CommandTable

Key = Qt.Key
_ARROWS = frozenset({Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down})
_RETURN = frozenset({Key.Key_Return, Key.Key_Enter})
_TYPING = (
    _ARROWS
    | {Key.Key_Home, Key.Key_End, Key.Key_Space}
    | {Key(code) for code in range(Key.Key_0, Key.Key_9 + 1)}
)
KEPT_KEYS: tuple[tuple[type[QWidget], frozenset[Key]], ...] = (
    (QLineEdit, _TYPING | {Key.Key_Plus, Key.Key_Minus} | _RETURN),
    (QAbstractSpinBox, _TYPING | {Key.Key_Plus, Key.Key_Minus} | _RETURN),
    (QComboBox, frozenset({Key.Key_Space, Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End}) | _RETURN),
    (QAbstractSlider, _ARROWS | {Key.Key_Home, Key.Key_End}),
    (QAbstractItemView, _ARROWS | {Key.Key_Home, Key.Key_End, Key.Key_Space} | _RETURN),
    (QAbstractButton, _RETURN | {Key.Key_Space}),
)
"""By kind of widget: the keys that it keeps while it has the keyboard."""


class KeyDispatch(QObject):
    """Makes one shortcut a key, and does the first possible command of that key.

    `possible` tells whether a command can be done now, `do` does it. GUI thread.
    """

    _focused: QWidget | None = None
    """On the class: a window that is being taken apart still moves the focus, when this object has lost its own."""

    def __init__(
        self,
        window: QWidget,
        commands: CommandTable,
        possible: Callable[[Command], bool],
        do: Callable[[Command], None],
    ) -> None:
        super().__init__(window)
        self._possible = possible
        self._do = do
        self._by_key = commands.by_key()
        self._shortcuts: dict[str, QShortcut] = {}
        for key, entries in self._by_key.items():
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setAutoRepeat(any(command.repeats for command in entries))
            shortcut.setObjectName(key)
            shortcut.activated.connect(self._activated)
            shortcut.activatedAmbiguously.connect(self._activated)
            self._shortcuts[key] = shortcut
        self._releasing = [
            (self._shortcuts[key], entries)
            for key, entries in self._by_key.items()
            if any(command.releases_key for command in entries)
        ]
        self.refresh()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def refresh(self) -> None:
        """Give keys back that mean something else while their command is not possible (Tab)."""
        for shortcut, entries in self._releasing:
            shortcut.setEnabled(any(self._possible(command) for command in entries))

    @Slot()
    def _activated(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut):
            self._do_first(self._by_key[shortcut.objectName()])

    def _do_first(self, entries: Iterable[Command]) -> None:
        for command in entries:
            if self._possible(command):
                self._do(command)
                return

    @Slot(QWidget, QWidget)
    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if self._focused is not None and isValid(self._focused):
            self._focused.removeEventFilter(self)
        self._focused = None
        if now is None or not isValid(self) or now.window() is not self.parent():
            return
        if isinstance(now, QAbstractButton) and QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            # A button that was clicked must not keep Space: the next Space is meant for the run.
            now.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            now.clearFocus()
            return
        self._focused = now
        now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and keeps(watched, event)
        ):
            event.accept()
            return True
        return False


def keeps(widget: QObject, event: QKeyEvent) -> bool:
    """Whether this widget, having the keyboard, needs this key for itself."""
    plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if plain != Qt.KeyboardModifier.NoModifier:
        return False
    for kind, keys in KEPT_KEYS:
        if isinstance(widget, kind):
            return event.key() in keys
    return False
