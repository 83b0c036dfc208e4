"""The user comes first: while the window answers a key or the mouse, training stands aside."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QMouseEvent

from playground.ui.monitor import RunMonitor

Kind = QEvent.Type
USERS_EVENTS = frozenset(
    {
        Kind.KeyPress,
        Kind.MouseButtonPress,
        Kind.MouseButtonRelease,
        Kind.MouseMove,
        Kind.Wheel,
        Kind.TouchBegin,
        Kind.TouchUpdate,
    }
)


class WindowFirst(QObject):
    """Watches what comes to a window from outside (a QWindow gets nothing else, so this is cheap)."""

    def __init__(self, window: QObject, monitor: RunMonitor) -> None:
        """`window`: the QWindow of a widget that was shown."""
        super().__init__(monitor)
        self._monitor = monitor
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in USERS_EVENTS:
            self._monitor.window_works(waited_for=_is_waited_for(event))
        return False


def _is_waited_for(event: QEvent) -> bool:
    """Whether somebody waits for what comes of it: not where the mouse only passes."""
    return not (isinstance(event, QMouseEvent) and event.type() is Kind.MouseMove and not event.buttons())
