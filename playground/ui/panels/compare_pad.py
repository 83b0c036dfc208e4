"""Sequence time across, training time up: one small field in which both moments of a comparison are put."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.theme import sequential_map

MOST_ROWS = 20
"""So many updates of the run have a row, spread evenly over the kept ones; the newest always."""
LEFT, BOTTOM = 58, 20


def pad_rows(kept: NDArray[np.int64], now: int) -> tuple[int, ...]:
    """The updates that have a row, ascending: some of the kept ones, and now."""
    known = np.unique(np.append(kept[kept <= now], now))
    if len(known) <= MOST_ROWS:
        return tuple(int(update) for update in known)
    picked = np.unique(np.rint(np.linspace(0, len(known) - 1, MOST_ROWS)).astype(int))
    return tuple(int(update) for update in known[picked])


class MomentPad(QWidget):
    """A column a timestep, a row a kept update, the newest on top; a cell has the more colour the surer the opened
    network was of the right answer there and then. Drag moves what `moves` says; with Shift the other one.

    `moved(which, timestep, update)`: which is 0 for the upper diagram, 1 for the lower one; update None: now.
    """

    def __init__(self, state: UiState, moved: Callable[[int, int, int | None], None]) -> None:
        super().__init__()
        self.state, self._moved = state, moved
        self.moves = 0
        self.say: Callable[[float], str] = percent
        """A cell's number in words."""
        self._rows: tuple[int, ...] = ()
        self._shares: Mapping[int, NDArray[np.float64]] = {}
        self._length = 1
        self._places: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
        self._live = True
        self._dragging: int | None = None
        self._last: tuple[int, int, int | None] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Sequence time and training time")
        self.setToolTip("")

    @property
    def rows(self) -> tuple[int, ...]:
        """The updates that have a row, ascending."""
        return self._rows

    def show_run(
        self,
        rows: tuple[int, ...],
        shares: Mapping[int, NDArray[np.float64]],
        length: int,
        places: tuple[tuple[int, int], tuple[int, int]],
        live: bool,
    ) -> None:
        """rows: updates, ascending; shares: by update (T,) how sure of the right answer, where known (NaN: there is
        none); places: timestep and update of both diagrams."""
        self._rows, self._shares, self._length = rows, shares, max(1, length)
        self._places, self._live = places, live
        (t1, u1), (t2, u2) = places
        self.setAccessibleDescription(
            f"Above: timestep {t1 + 1} at update {u1}. Below: timestep {t2 + 1} at update {u2}."
        )
        self.update()

    # -- geometry
    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(300), theme.px(170))

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(160), theme.px(84))

    def field(self) -> QRectF:
        """Where the cells are."""
        theme = self.state.theme
        left, bottom = self._left(), theme.px(BOTTOM)
        return QRectF(
            left, theme.px(4), self.width() - left - theme.px(6), self.height() - bottom - theme.px(4)
        )

    def _left(self) -> float:
        metrics = QFontMetricsF(self.state.theme.font(11))
        widest = max((metrics.horizontalAdvance(f"{row:,}") for row in self._rows), default=0.0)
        return max(widest + self.state.theme.px(10), float(self.state.theme.px(LEFT)))

    def cell_rect(self, timestep: int, row: int) -> QRectF:
        """The cell of a timestep in a row (0 is the oldest update, at the bottom)."""
        field = self.field()
        width, height = field.width() / self._length, field.height() / max(1, len(self._rows))
        return QRectF(field.left() + timestep * width, field.bottom() - (row + 1) * height, width, height)

    def place_at(self, position: QPointF) -> tuple[int, int]:
        """(timestep, row) under the pointer, the nearest one outside."""
        field = self.field()
        timestep = int((position.x() - field.left()) / field.width() * self._length)
        row = int((field.bottom() - position.y()) / field.height() * max(1, len(self._rows)))
        return max(0, min(self._length - 1, timestep)), max(0, min(len(self._rows) - 1, row))

    def _row_of(self, update: int) -> float:
        """The row of an update, in between where it has none."""
        if not self._rows:
            return 0.0
        return float(np.interp(update, self._rows, np.arange(len(self._rows))))

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = self.field()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRect(field)
        if self._rows:
            self._paint_shares(painter, field)
            self._paint_words(painter, field)
            for which in (1, 0):
                self._paint_place(painter, which)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2 * theme.scale))
            painter.drawRect(field.adjusted(-1, -1, 1, 1))
        painter.end()

    def _paint_shares(self, painter: QPainter, field: QRectF) -> None:
        lut = sequential_map(self.state.theme.palette, "inputs")
        pixels = np.full((len(self._rows), self._length), self.state.theme.colour("sunken").rgb(), np.uint32)
        for row, update in enumerate(self._rows):
            shares = self._shares.get(update)
            if shares is not None and len(shares) == self._length:
                known = ~np.isnan(shares)
                line = pixels[len(self._rows) - 1 - row]
                line[known] = lut[np.rint(255 * shares[known]).astype(int).clip(0, 255)]
        image = QImage(
            pixels.data, self._length, len(self._rows), 4 * self._length, QImage.Format.Format_RGB32
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(field, image)

    def _paint_words(self, painter: QPainter, field: QRectF) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("muted"))
        height = QFontMetricsF(painter.font()).height()
        shown: list[float] = []
        for row in (len(self._rows) - 1, 0, len(self._rows) // 2):
            centre = self.cell_rect(0, row).center().y()
            centre = max(field.top() + height / 2, min(field.bottom() - height / 2, centre))
            if all(abs(centre - other) >= height for other in shown):
                shown.append(centre)
                box = QRectF(0, centre - height / 2, field.left() - theme.px(6), height)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, f"{self._rows[row]:,}")
        below = QRectF(field.left(), field.bottom() + theme.px(2), field.width(), theme.px(BOTTOM))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "t = 1")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"t = {self._length}")
        words = "update up, timestep across"
        if QFontMetricsF(painter.font()).horizontalAdvance(words) + theme.px(110) < field.width():
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, words)

    def place_rect(self, which: int) -> QRectF:
        """The sign of the upper (0) or the lower (1) diagram's moment."""
        timestep, update = self._places[which]
        row = self._row_of(update)
        cell = self.cell_rect(min(timestep, self._length - 1), 0)
        centre = QPointF(cell.center().x(), cell.center().y() - row * cell.height())
        radius = self.state.theme.px(9)
        return QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)

    def _paint_place(self, painter: QPainter, which: int) -> None:
        """A for what stands above, B for what stands below."""
        theme = self.state.theme
        box = self.place_rect(which)
        if which and self.place_rect(0).center() == box.center():
            right = box.right() + theme.px(8) <= self.width()
            box.translate(theme.px(8 if right else -14), theme.px(4))
        painter.setPen(QPen(theme.colour("surface"), 1.6 * theme.scale))
        painter.setBrush(theme.colour("accent" if which == 0 else "playhead"))
        painter.drawEllipse(box)
        painter.setPen(theme.colour("on_accent"))
        painter.setFont(theme.font(11, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "AB"[which])

    # -- hands
    def _go(self, which: int, timestep: int, row: int) -> None:
        if not self._rows:
            return
        newest = row == len(self._rows) - 1
        wish = (which, timestep, None if newest else self._rows[row])
        if wish != self._last:
            self._last = wish
            self._moved(*wish)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            other = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._dragging = 1 - self.moves if other else self.moves
            self._last = None
            self._go(self._dragging, *self.place_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging is not None:
            self._go(self._dragging, *self.place_at(event.position()))
            return
        timestep, row = self.place_at(event.position())
        words = ""
        if self._rows and self.field().contains(event.position()):
            words = f"Timestep {timestep + 1} at update {self._rows[row]:,}"
            shares = self._shares.get(self._rows[row])
            if shares is not None and timestep < len(shares):
                known = np.isfinite(shares[timestep])
                words += f": {self.say(float(shares[timestep]))}" if known else ": there is nothing to answer"
            words += ". Drag goes there; with Shift the other one does."
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = None

    def event(self, event: QEvent) -> bool:
        arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in arrows:
            event.accept()  # they move through the field
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        turn = turns.get(Qt.Key(event.key()))
        if turn is None or not self._rows:
            event.ignore()
            return
        timestep, update = self._places[self.moves]
        row = round(self._row_of(update)) + turn[1]
        timestep = max(0, min(self._length - 1, timestep + turn[0]))
        self._go(self.moves, timestep, max(0, min(len(self._rows) - 1, row)))
