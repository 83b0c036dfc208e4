"""A shelf of all events that can come in: to be dragged onto the strip, or chosen with keys."""

from __future__ import annotations

import math

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from playground.tasks.task import Event
from playground.ui.drawings import drawing
from playground.ui.state import UiState

EVENT_MIME = "application/x-playground-event"
"""What is dragged: the name of an event, and for one of the strip "\\n" and its timestep."""

CELL, TALLEST = 34, 3
"""Unscaled px of a picture with its frame; the most lines of pictures."""
MOST_TILES = 40


class EventShelf(QWidget):
    """Pictures in a row or two. A click or letters choose one; dragging takes it along. An event of the strip that is
    dropped here is left out (`dropped` tells its timestep); a double click uses the one chosen (`used`)."""

    chosen = Signal(str)
    used = Signal()
    dropped = Signal(int)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self._events: tuple[Event, ...] = ()
        self._chosen = ""
        self._hovered = -1
        self._pressed: QPoint | None = None
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pictures to put in")

    @property
    def event_name(self) -> str:
        """The name of the event that is chosen; "" where there is none."""
        return self._chosen

    @property
    def events(self) -> tuple[Event, ...]:
        """What lies on the shelf."""
        return self._events

    def show_events(self, events: tuple[Event, ...]) -> None:
        """Lay these out."""
        if events == self._events:
            return
        self._events = events[:MOST_TILES]
        if self._chosen not in [event.name for event in self._events]:
            self._chosen = self._events[0].name if self._events else ""
        self.restyle()

    def choose(self, name: str) -> None:
        """Choose this one."""
        if name != self._chosen and name in [event.name for event in self._events]:
            self._chosen = name
            self.setAccessibleDescription(name)
            self.chosen.emit(name)
            self.update()

    def choose_by_letter(self, letter: str) -> bool:
        """The next event whose title begins with this letter; whether there is one."""
        names = [event.name for event in self._events]
        start = names.index(self._chosen) + 1 if self._chosen in names else 0
        for event in (*self._events[start:], *self._events[:start]):
            if event.title.lower().startswith(letter.lower()):
                self.choose(event.name)
                return True
        return False

    def restyle(self) -> None:
        """Take sizes again."""
        self.setFixedHeight(self._lines() * self._cell())
        self.update()

    # -- geometry
    def _columns(self) -> int:
        return max(1, int(self.width() // self._state.theme.px(CELL)))

    def _lines(self) -> int:
        return min(TALLEST, max(1, math.ceil(len(self._events) / self._columns())))

    def _cell(self) -> int:
        return self._state.theme.px(CELL)

    def tile(self, number: int) -> QRectF:
        """Where a picture lies."""
        cell = self._cell()
        return QRectF((number % self._columns()) * cell, (number // self._columns()) * cell, cell, cell)

    def tile_at(self, position: QPointF) -> int:
        """The number of the picture there; -1 for none."""
        for number in range(len(self._events)):
            if self.tile(number).contains(position):
                return number
        return -1

    def sizeHint(self) -> QSize:
        return QSize(self._state.theme.px(200), self._lines() * self._cell())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restyle()

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, each in enumerate(self._events):
            box = self.tile(number).adjusted(1, 1, -1, -1)
            if each.name == self._chosen:
                painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
                painter.setBrush(theme.colour("accent_soft"))
                painter.drawRoundedRect(box, theme.px(6), theme.px(6))
            elif number == self._hovered:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("sunken"))
                painter.drawRoundedRect(box, theme.px(6), theme.px(6))
            painter.drawPixmap(box.topLeft() + QPointF(theme.px(3), theme.px(3)), self._picture(each))
        painter.end()

    def _picture(self, event: Event) -> QPixmap:
        theme = self._state.theme
        size = self._cell() - theme.px(8)
        if event.drawing:
            return drawing(event.drawing, size, self.devicePixelRatioF())
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setFont(theme.font(13, mono=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, (event.short or event.title)[:3])
        painter.end()
        return pixmap

    # -- hands
    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.tile_at(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.choose(self._events[number].name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.tile_at(event.position())
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            far = (event.position().toPoint() - self._pressed).manhattanLength()
            if far >= QApplication.startDragDistance():
                self._pressed = None
                start_drag(
                    self, self._chosen, self._picture(next(e for e in self._events if e.name == self._chosen))
                )
            return
        if number != self._hovered:
            self._hovered = number
            self.update()
        words = f"{self._events[number].title}: drag it onto the strip." if number >= 0 else ""
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tile_at(event.position()) >= 0:
            self.used.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged(event.mimeData())[1] is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        timestep = dragged(event.mimeData())[1]
        if timestep is not None:
            event.acceptProposedAction()
            self.dropped.emit(timestep)


def start_drag(source: QWidget, name: str, picture: QPixmap, timestep: int | None = None) -> None:
    """Take an event along with the pointer until it is let go."""
    carried = QMimeData()
    text = name if timestep is None else f"{name}\n{timestep}"
    carried.setData(EVENT_MIME, text.encode())
    drag = QDrag(source)
    drag.setMimeData(carried)
    drag.setPixmap(picture)
    drag.setHotSpot(QPoint(picture.width() // 2, picture.height() // 2))
    drag.exec(Qt.DropAction.CopyAction)


def dragged(carried: QMimeData) -> tuple[str, int | None]:
    """The name of the event that is dragged, and its timestep if it comes from the strip; "" for anything else."""
    if not carried.hasFormat(EVENT_MIME):
        return "", None
    name, _, timestep = bytes(carried.data(EVENT_MIME).data()).decode().partition("\n")
    return name, int(timestep) if timestep else None
