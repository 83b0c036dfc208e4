"""The picture of batching: a long sequence is cut before one's eyes into rows and mini-sequences.

What is drawn comes from `tasks.batching`, which training reads its batches from.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.tasks.batching import CARRY, RESET, SHUFFLED, UNCUT, Batching
from playground.tasks.task import IntArray
from playground.ui.plots.batch_places import (
    INPUT,
    LEFT_OVER,
    ONLY_TARGET,
    PIECES,
    RIBBON,
    ROWS,
    TAIL,
    TARGET_SHARE,
    BatchPlaces,
    PlacedCell,
    places,
)
from playground.ui.state import UiState

MOTION_MS = 420
LABEL_WIDTH = 62
BESIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
HEADER = 30
"""Unscaled px above the mini-sequences, for their numbers."""


class BatchMap(QWidget):
    """One long sequence, cut. Left and Right (and a click) choose the mini-sequence that is looked at."""

    batch_chosen = Signal(int)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._batching = Batching(11, 2, 3)
        self._word: Callable[[int], str] = str
        self._wide = 1.0
        self._stage = PIECES
        self._batch = 0
        self._memory = CARRY
        self._places: IntArray | None = None
        self._before: BatchPlaces | None = None
        self._progress = 1.0
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(MOTION_MS)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._motion.valueChanged.connect(self._moved)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("The sequence, cut into batches")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what is shown
    def show_batching(self, batching: Batching, word: Callable[[int], str], letters: int = 2) -> None:
        """Another sequence, or another way to cut it. `word(position)` is what stands at a position, written with at
        most so many letters."""
        wide = max(1.0, 0.3 * letters + 0.3)
        if (batching, word, wide) != (self._batching, self._word, self._wide):
            self._batching, self._word, self._wide = batching, word, wide
            self._batch = min(self._batch, batching.batches - 1)
            self._stop_motion()

    def show_stage(self, stage: str) -> None:
        """Cut further, or put together again; visibly, where things may move."""
        if stage == self._stage:
            return
        self._before = self.placed()
        self._stage = stage
        self._motion.stop()
        if self.state.motion and self.isVisible():
            self._progress = 0.0
            self._motion.start()
        else:
            self._stop_motion()

    def show_batch(self, batch: int) -> None:
        """Look at this mini-sequence of all rows."""
        self._batch = min(max(batch, 0), self._batching.batches - 1)
        self.update()

    def show_memory(self, memory: str, places: IntArray | None = None) -> None:
        """How memory goes from batch to batch, and when each mini-sequence is read (0-based), if not one after the
        other."""
        self._memory, self._places = memory, places
        self.update()

    @property
    def stage(self) -> str:
        """How far it is cut."""
        return self._stage

    @property
    def moving(self) -> bool:
        """Whether the cutting is under way."""
        return self._progress < 1.0

    def placed(self) -> BatchPlaces:
        """Where everything stands at the end of the motion."""
        theme = self.state.theme
        return places(self._batching, self._stage, self._batch, self._area(), theme.scale, self._wide)

    def _area(self) -> QRectF:
        theme = self.state.theme
        label = 0 if self._stage == RIBBON else theme.px(LABEL_WIDTH)
        header = theme.px(HEADER) if self._stage == PIECES else theme.px(4)
        return QRectF(
            label,
            header,
            max(40.0, self.width() - label - theme.px(8)),
            max(20.0, self.height() - header - theme.px(6)),
        )

    @Slot("QVariant")
    def _moved(self, progress: float) -> None:
        self._progress = float(progress)
        self.update()

    def _stop_motion(self) -> None:
        self._motion.stop()
        self._before, self._progress = None, 1.0
        self.update()

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(320), theme.px(120))

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        placed = self.placed()
        settled = self._progress >= 1.0
        if self._stage == PIECES and settled:
            self._paint_current(painter, placed)
        before = self._before.by_position if self._before is not None and not settled else {}
        for cell in placed.cells:
            self._paint_cell(painter, cell, self._box(cell, before))
        if settled:
            self._paint_folds(painter, placed)
            if self._stage != RIBBON:
                self._paint_rows(painter, placed)
            if self._stage == PIECES:
                self._paint_targets(painter, placed)
                self._paint_arrows(painter, placed)
                self._paint_heads(painter, placed)
                self._paint_ends(painter, placed)
        if self.hasFocus():
            painter.setPen(QPen(self.state.theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _box(self, cell: PlacedCell, before: dict[int, PlacedCell]) -> QRectF:
        start = before.get(cell.position)
        if start is None:
            return cell.box
        p = self._progress
        return QRectF(
            start.box.x() + (cell.box.x() - start.box.x()) * p,
            start.box.y() + (cell.box.y() - start.box.y()) * p,
            start.box.width() + (cell.box.width() - start.box.width()) * p,
            start.box.height() + (cell.box.height() - start.box.height()) * p,
        )

    def _row_colour(self, row: int) -> QColor:
        """Rows alternate between two quiet grounds, so that one sees in the ribbon where it is cut."""
        return self.state.theme.colour("accent_soft" if row % 2 == 0 else "sunken")

    def _paint_cell(self, painter: QPainter, cell: PlacedCell, box: QRectF) -> None:
        theme = self.state.theme
        inner = box.adjusted(1, 1, -1, -1)
        dim = self._stage == PIECES and cell.kind in (LEFT_OVER, TAIL)
        painter.setPen(
            QPen(theme.colour("border_strong"), 1, Qt.PenStyle.DashLine if dim else Qt.PenStyle.SolidLine)
        )
        if cell.kind == ONLY_TARGET or dim:
            painter.setBrush(theme.colour("surface"))
        else:
            painter.setBrush(self._row_colour(cell.row))
        radius = min(theme.px(5), inner.height() / 4)
        painter.drawRoundedRect(inner, radius, radius)
        if dim:
            painter.save()
            painter.setClipRect(inner)
            painter.setPen(QPen(theme.colour("border"), 1))
            for offset in range(-int(inner.height()), int(inner.width()), max(4, theme.px(6))):
                painter.drawLine(
                    QPointF(inner.left() + offset, inner.bottom()),
                    QPointF(inner.left() + offset + inner.height(), inner.top()),
                )
            painter.restore()
        self._paint_word(painter, cell.position, inner, "muted" if dim else "text")

    def _paint_word(
        self, painter: QPainter, position: int, box: QRectF, colour: str, share: float = 0.46
    ) -> None:
        theme = self.state.theme
        word = self._word(position)
        pixels = max(8.0, min(box.height() * share / theme.scale, 18.0))
        font = theme.font(round(pixels), bold=colour == "text")
        font.setPixelSize(max(8, round(box.height() * share)))
        metrics = QFontMetricsF(font)
        while metrics.horizontalAdvance(word) > box.width() - 2 and font.pixelSize() > 7:
            font.setPixelSize(font.pixelSize() - 1)
            metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_folds(self, painter: QPainter, placed: BatchPlaces) -> None:
        """Where cells are left out: a sign in every row, and under the first how many."""
        theme = self.state.theme
        painter.setPen(theme.colour("muted"))
        for fold in placed.folds:
            words = f"{fold.hidden:,} more"
            if QFontMetricsF(theme.font(10)).horizontalAdvance(words) > fold.box.width():
                words = f"{fold.hidden:,}"
            if self._stage == ROWS and fold.row == 0:  # there is no room between two rows
                painter.setFont(theme.font(10))
                painter.drawText(fold.box, Qt.AlignmentFlag.AlignCenter, words)
                continue
            painter.setFont(theme.font(13, bold=True))
            painter.drawText(fold.box, Qt.AlignmentFlag.AlignCenter, "…")
            if fold.row == 0:
                painter.setFont(theme.font(10))
                below = QRectF(
                    fold.box.left(), fold.box.bottom(), fold.box.width(), TARGET_SHARE * placed.cell
                )
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_rows(self, painter: QPainter, placed: BatchPlaces) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(12, bold=True))
        seen: set[int] = set()
        lowest = 0.0
        for cell in placed.cells:
            lowest = max(lowest, cell.box.bottom())
            if cell.row in seen:
                continue
            seen.add(cell.row)
            painter.setPen(theme.colour("text"))
            painter.drawText(self._label_box(cell.box), BESIDE, f"Row {cell.row + 1}")
        rest = hidden_words(placed)
        if rest:
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("muted"))
            line = QFontMetricsF(painter.font()).height()
            below = TARGET_SHARE * placed.cell if self._stage == PIECES else 0.0
            top = min(lowest + below + theme.px(2), self.height() - line)
            painter.drawText(QRectF(0, top, self.width(), line), Qt.AlignmentFlag.AlignLeft, rest)

    def _label_box(self, first: QRectF) -> QRectF:
        """The room left of the first cell of a row."""
        theme = self.state.theme
        return QRectF(
            first.left() - theme.px(LABEL_WIDTH), first.top(), theme.px(LABEL_WIDTH - 12), first.height()
        )

    def _paint_ends(self, painter: QPainter, placed: BatchPlaces) -> None:
        """What is not trained on, by name."""
        theme = self.state.theme
        font = theme.font(11)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        line = QFontMetricsF(font).height()
        left = [cell for cell in placed.cells if cell.kind == LEFT_OVER]
        if left:
            top = [cell.box for cell in left if cell.row == left[0].row]
            box = QRectF(
                top[0].left() - theme.px(40),
                top[0].top() - theme.px(6) - line,
                top[-1].right() - top[0].left() + theme.px(80),
                line,
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, "left over")
        for cell in placed.cells:
            if cell.kind == ONLY_TARGET:
                box = cell.box.adjusted(-theme.px(60), cell.box.height(), theme.px(60), line)
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, "only a target")

    def _paint_targets(self, painter: QPainter, placed: BatchPlaces) -> None:
        """Under each input what the network is asked for there: the position after it."""
        theme = self.state.theme
        high = TARGET_SHARE * placed.cell
        for cell in placed.cells:
            if cell.kind != INPUT:
                continue
            box = QRectF(cell.box.left(), cell.box.bottom(), cell.box.width(), high).adjusted(1, 0, -1, 0)
            colour = "text" if cell.batch == self._batch else "muted"
            self._paint_word(painter, cell.position + 1, box, colour, 0.5)
        first = next((cell for cell in placed.cells if cell.kind == INPUT), None)
        if first is not None:
            painter.setFont(theme.font(10))
            painter.setPen(theme.colour("muted"))
            box = QRectF(first.box.left(), first.box.bottom(), 1, high)
            painter.drawText(self._label_box(box), BESIDE, "targets")

    def _columns(self, placed: BatchPlaces) -> dict[int, QRectF]:
        """By mini-sequence: the box around all of its rows, targets included."""
        found: dict[int, QRectF] = {}
        high = TARGET_SHARE * placed.cell
        for cell in placed.cells:
            if cell.batch is not None and cell.kind == INPUT:
                box = cell.box.adjusted(0, 0, 0, high)
                found[cell.batch] = found[cell.batch].united(box) if cell.batch in found else box
        return found

    def _paint_current(self, painter: QPainter, placed: BatchPlaces) -> None:
        theme = self.state.theme
        box = self._columns(placed).get(self._batch)
        if box is None:
            return
        reach = theme.px(5)
        painter.setPen(QPen(theme.colour("playhead"), 1.5 * theme.scale))
        painter.setBrush(theme.colour("pending_soft"))
        painter.drawRoundedRect(box.adjusted(-reach, -reach, reach, reach * 0.4), theme.px(8), theme.px(8))

    def _paint_heads(self, painter: QPainter, placed: BatchPlaces) -> None:
        theme = self.state.theme
        columns = self._columns(placed)
        font = theme.font(11, bold=True)
        painter.setFont(font)
        line = QFontMetricsF(font).height()
        for batch, box in columns.items():
            words = [f"Batch {batch + 1:,}", f"{batch + 1:,}"]
            if self._places is not None and batch < len(self._places):
                place = int(self._places[batch]) + 1
                words = [f"Batch {batch + 1:,}: read as no. {place:,}", f"no. {place:,}", f"{place:,}"]
            room = box.width() + theme.px(20)
            metrics = QFontMetricsF(font)
            text = next((w for w in words if metrics.horizontalAdvance(w) <= room), words[-1])
            painter.setPen(theme.colour("pending_ink" if batch == self._batch else "muted"))
            head = QRectF(box.center().x() - room, box.top() - theme.px(7) - line, 2 * room, line)
            painter.drawText(head, Qt.AlignmentFlag.AlignHCenter, text)

    def _paint_arrows(self, painter: QPainter, placed: BatchPlaces) -> None:
        """From each mini-sequence to the next one of its row: what goes on of the memory, and of the gradient."""
        theme = self.state.theme
        by_place = {
            (c.row, c.batch): c for c in placed.cells if c.kind == INPUT
        }  # the last cell of each wins
        firsts: dict[tuple[int, int | None], PlacedCell] = {}
        for cell in placed.cells:
            firsts.setdefault((cell.row, cell.batch), cell)
        for (row, batch), last in by_place.items():
            if batch is None or (row, batch + 1) not in firsts:
                continue
            start = QPointF(last.box.right() + theme.px(3), last.box.center().y())
            end = QPointF(firsts[row, batch + 1].box.left() - theme.px(3), start.y())
            self._paint_arrow(painter, start, end)

    def _paint_arrow(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        theme = self.state.theme
        memory, gradient = theme.role("long_term"), theme.colour("danger_ink")
        if self._memory == RESET:
            middle = (start + end) / 2
            painter.setPen(QPen(theme.colour("border_strong"), 1.4 * theme.scale))
            painter.setBrush(theme.colour("surface"))
            radius = min(theme.px(8), (end.x() - start.x()) / 2)
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(10, bold=True))
            painter.drawText(
                QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius),
                Qt.AlignmentFlag.AlignCenter,
                "0",
            )
            return
        up = theme.px(5)
        pen = QPen(memory, 2 * theme.scale)
        if self._memory == SHUFFLED:
            pen.setDashPattern([1.5, 1.8])
        painter.setPen(pen)
        a, b = start - QPointF(0, up), end - QPointF(0, up)
        painter.drawLine(a, b)
        self._paint_head(painter, a, b, memory)
        if self._memory == SHUFFLED:
            painter.setPen(theme.colour("danger_ink"))
            painter.setFont(theme.font(12, bold=True))
            painter.drawText(
                QRectF(start.x(), start.y() - up * 0.5, end.x() - start.x(), theme.px(18)),
                Qt.AlignmentFlag.AlignCenter,
                "?",
            )
            return
        a, b = end + QPointF(0, up), start + QPointF(0, up)
        pen = QPen(gradient, 1.4 * theme.scale)
        painter.setPen(pen)
        if self._memory == UNCUT:
            painter.drawLine(a, b)
            self._paint_head(painter, a, b, gradient)
            return
        middle = (a + b) / 2
        painter.drawLine(a, middle + QPointF(theme.px(3), 0))
        cut = theme.px(4)
        painter.drawLine(middle + QPointF(-1, -cut), middle + QPointF(-1, cut))

    def _paint_head(self, painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
        size = self.state.theme.px(5)
        along = math.copysign(1.0, end.x() - start.x())
        painter.setBrush(colour)
        painter.drawPolygon(
            [end, end + QPointF(-along * size, -size * 0.7), end + QPointF(-along * size, size * 0.7)]
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # -- mouse and keyboard
    def _cell_at(self, point: QPointF) -> PlacedCell | None:
        high = TARGET_SHARE if self._stage == PIECES else 0.0
        for cell in self.placed().cells:
            if cell.box.adjusted(0, 0, 0, high * cell.box.height()).contains(point):
                return cell
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None and cell.batch is not None and self._stage == PIECES:
            self.batch_chosen.emit(cell.batch)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is None:
            QToolTip.hideText()
            return
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(cell), self)

    def words_at(self, cell: PlacedCell) -> str:
        """What hovering over a cell says."""
        word = self._word(cell.position)
        where = f"Position {cell.position:,}: {word}"
        if cell.kind == INPUT:
            assert cell.batch is not None
            after = self._word(cell.position + 1)
            return f"{where}\nrow {cell.row + 1}, batch {cell.batch + 1}; asked for there: {after}"
        if cell.kind == LEFT_OVER:
            return f"{where}\nleft over at the end of row {cell.row + 1}: too few for another mini-sequence"
        if cell.kind == ONLY_TARGET:
            return f"{where}\nnever read: it is only the target of the input before it"
        return f"{where}\nleft over at the end: rows are of equal length"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() in moves:
            self.batch_chosen.emit(
                min(max(self._batch + moves[Qt.Key(event.key())], 0), self._batching.batches - 1)
            )
        else:
            super().keyPressEvent(event)


def hidden_words(placed: BatchPlaces) -> str:
    """How many rows and mini-sequences there was no room for: "and 28 more rows, 438 more batches"."""
    parts = []
    for count, what in ((placed.hidden_rows, "row"), (placed.hidden_batches, "batch")):
        if count:
            more = what if count == 1 else {"row": "rows", "batch": "batches"}[what]
            parts.append(f"{count:,} more {more}")
    return f"and {', '.join(parts)}" if parts else ""
