"""The user comes first: while the window answers a key or the mouse, training stands aside."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject

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
            self._monitor.window_works()
        return False
