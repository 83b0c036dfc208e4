"""Where a number comes from: its sum line by line, the pixels over the drawing, the way it was followed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.tasks.task import Event
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.unfolding import PixelShares, Place, pixel_shares, unfold
from playground.ui.panels.formula_pixels import (
    is_picture,
    paint_pixels,
    pixel_at,
    pixel_words,
    pixels_in_words,
)
from playground.ui.panels.formula_rows import (
    UnfoldedRow,
    UnfoldedSum,
    longest_share,
    place_words,
    unfolded_sum,
)
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width, wrapped_height

ROW, LEAST_ROW = 23, 19
CRUMBS = 22
LARGEST_PICTURE, SMALLEST_PICTURE = 150, 84
LEAST_LINES = 5
BESIDE = 560
"""Unscaled width from which the picture stands beside the lines."""


class UnfoldedView(QWidget):
    """Paints an `UnfoldedSum`. A click on a line that can be followed, or Return on the chosen one, follows it; a click
    on a crumb goes back to it. Up and Down choose a line while it has the keyboard."""

    def __init__(
        self, state: UiState, follow: Callable[[Place], None], back_to: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.state, self._follow, self._back_to = state, follow, back_to
        self._trace: SequenceTrace | None = None
        self._place: Place | None = None
        self._trail: tuple[Place, ...] = ()
        self._event: Event | None = None
        self._sum: UnfoldedSum | None = None
        self._pixels: PixelShares | None = None
        self._hovered = -1
        self._chosen = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Where the number comes from")

    # -- what is shown
    @property
    def sum(self) -> UnfoldedSum | None:
        """What is shown now."""
        return self._sum

    @property
    def pixels(self) -> PixelShares | None:
        """What every pixel adds; None where no picture came in."""
        return self._pixels

    @property
    def trail(self) -> tuple[Place, ...]:
        """The numbers it was followed from, the first one first."""
        return self._trail

    def show_number(
        self, trace: SequenceTrace | None, place: Place | None, trail: tuple[Place, ...], event: Event | None
    ) -> None:
        """Unfold this number of a trace; None: nothing. `event` is what came in at its timestep."""
        self._trace, self._place, self._trail, self._event = trace, place, trail, event
        self._chosen = -1
        self._lay_out()

    def _lay_out(self) -> None:
        """As many lines as there is room for."""
        trace, place = self._trace, self._place
        if trace is None or place is None:
            self._sum = self._pixels = None
        else:
            found = unfold(trace, place)
            seen = is_picture(self._event, trace.inputs.shape[1]) and not found.reads_layer_below
            self._pixels = pixel_shares(trace, found) if seen else None
            title = self._event.title if self._event is not None else ""
            self._sum = unfolded_sum(trace, found, self._most_rows(), title, self.state.vocabulary)
            self.setAccessibleDescription(self._sum.spoken)
        self.update()

    def _most_rows(self) -> int:
        room = self.height() - self._crumbs_height() - self._picture_height() - self._total_height()
        return max(LEAST_LINES, int(room // self.state.theme.px(LEAST_ROW if self._is_low() else ROW)))

    def _is_low(self) -> bool:
        return self.height() < self.state.theme.px(330)

    # -- geometry
    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(360), theme.px(360))

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        picture = 0 if self._pixels is None else self.state.theme.px(SMALLEST_PICTURE + 8)
        rows = (LEAST_LINES + 2) * theme.px(LEAST_ROW)
        return QSize(theme.px(200), rows + (picture if not self.state.lecture else 0))

    def _crumbs_height(self) -> float:
        return float(self.state.theme.px(CRUMBS)) if self._trail else 0.0

    def _is_wide(self) -> bool:
        """Whether the picture stands beside the lines, and not below them."""
        return self._pixels is not None and self.width() >= self.state.theme.px(BESIDE)

    def _picture_side(self) -> float:
        """The side of the picture where it stands beside the lines."""
        theme = self.state.theme
        words = 4.5 * line_height(theme, 12)
        return min(self.height() - words - theme.px(4), self.width() * 0.3, float(theme.px(260)))

    def _rows_width(self) -> float:
        if not self._is_wide():
            return float(self.width())
        return self.width() - self._picture_side() - self.state.theme.px(28)

    def _picture_height(self) -> float:
        """What the picture takes below the lines; nothing where only the least number of lines would be left."""
        theme = self.state.theme
        if self._pixels is None or self._is_wide():
            return 0.0
        spare = (
            self.height() - self._crumbs_height() - self._total_height() - LEAST_LINES * theme.px(LEAST_ROW)
        )
        side = min(float(theme.px(LARGEST_PICTURE)), self.height() * 0.34, spare - theme.px(10))
        return side + theme.px(10) if side >= theme.px(SMALLEST_PICTURE) * 0.75 else 0.0

    def _total_height(self) -> float:
        return 1.2 * self.state.theme.px(ROW)

    def _row_height(self) -> float:
        theme = self.state.theme
        count = len(self._sum.rows) if self._sum is not None else 0
        room = self.height() - self._crumbs_height() - self._picture_height() - self._total_height()
        return max(theme.px(LEAST_ROW) * 0.9, min(float(theme.px(ROW + 3)), room / max(1, count)))

    def row_rect(self, number: int) -> QRectF:
        """Where a line is."""
        height = self._row_height()
        return QRectF(0, self._crumbs_height() + number * height, self._rows_width(), height)

    def row_at(self, position: QPointF) -> int:
        """The line that is there; -1 where there is none."""
        rows = self._sum.rows if self._sum is not None else ()
        return next((n for n in range(len(rows)) if self.row_rect(n).contains(position)), -1)

    def picture_rect(self) -> QRectF:
        """Where the picture with its pixels is; empty where there is none."""
        if self._is_wide():
            side = self._picture_side()
            return QRectF(self.width() - side - 2, 2, side, side)
        side = self._picture_height() - self.state.theme.px(10)
        if side <= 0:
            return QRectF()
        return QRectF(self.state.theme.px(2), self.height() - side - 2, side, side)

    def _crumb_rects(self) -> list[tuple[int, str, QRectF]]:
        """The numbers it was followed from, as far as they fit: the latest ones."""
        theme, trace = self.state.theme, self._trace
        if trace is None or not self._trail:
            return []
        found: list[tuple[int, str, QRectF]] = []
        left, gap = 0.0, theme.px(14)
        words = [
            place_words(trace.description, place, self.state.vocabulary, trace.depth) for place in self._trail
        ]
        first = len(words)
        room = float(self.width() - theme.px(20))
        while first > 0 and room >= text_width(theme, words[first - 1], 12) + gap:
            first -= 1
            room -= text_width(theme, words[first], 12) + gap
        first = min(first, len(words) - 1)
        for number in range(first, len(words)):
            width = text_width(theme, words[number], 12) + theme.px(4)
            found.append((number, words[number], QRectF(left + theme.px(16), 0, width, theme.px(CRUMBS))))
            left += width + gap
        return found

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sum is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_crumbs(painter)
        longest = longest_share(self._sum.rows)
        for number, row in enumerate(self._sum.rows):
            self._paint_row(painter, row, self.row_rect(number), number, longest)
        self._paint_total(painter, self._sum)
        self._paint_picture(painter)
        painter.end()

    def _paint_crumbs(self, painter: QPainter) -> None:
        theme = self.state.theme
        crumbs = self._crumb_rects()
        painter.setFont(theme.font(12))
        if crumbs:
            painter.setPen(theme.colour("muted"))
            left = QRectF(0, 0, theme.px(14), theme.px(CRUMBS))
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, "‹")
        for _, words, box in crumbs:
            painter.setPen(theme.colour("accent"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, words)
            painter.setPen(theme.colour("muted"))
            arrow = QRectF(box.right(), box.top(), theme.px(14), box.height())
            painter.drawText(arrow, Qt.AlignmentFlag.AlignVCenter, "›")

    def _paint_row(
        self, painter: QPainter, row: UnfoldedRow, box: QRectF, number: int, longest: float
    ) -> None:
        theme = self.state.theme
        if number in (self._hovered, self._chosen) and row.place is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if number == self._chosen else "sunken"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.px(5), theme.px(5))
        amount_width = text_width(theme, "−00.00", 13, bold=True, mono=True) + theme.px(4)
        indent = theme.px(18) if row.level else theme.px(2)
        arrow = theme.px(14)
        right = box.right() - arrow
        columns = self._columns(right - amount_width - theme.px(6))
        has_pair = bool(row.pair and row.amount)
        label = QRectF(box.left() + indent, box.top(), columns[0] - indent, box.height())
        if not has_pair:  # no bar is so long that the label could not lean over to it
            natural = text_width(theme, row.label, 13) + theme.px(4)
            label.setWidth(min(max(natural, label.width()), columns[1] - indent))
        bar = QRectF(columns[1], 0, right - amount_width - theme.px(6) - columns[1], 0)
        painter.setFont(theme.font(13))
        painter.setPen(self._ink(row.ink))
        words = QFontMetricsF(painter.font()).elidedText(
            row.label, Qt.TextElideMode.ElideRight, label.width()
        )
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(theme.font(12, mono=True))
        painter.setPen(theme.colour("muted"))
        first = columns[0] if has_pair else label.right() + theme.px(8)
        place = QRectF(first, box.top(), max(0.0, right - first), box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.pair)
        if row.amount:
            if bar.width() >= theme.px(18):
                self._paint_bar(painter, row, bar, box, longest)
            painter.setFont(theme.font(13, bold=True, mono=True))
            painter.setPen(self._ink(row.ink if row.ink != "muted" else "text"))
            cell = QRectF(right - amount_width, box.top(), amount_width, box.height())
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.amount)
        if row.place is not None:
            painter.setFont(theme.font(13, bold=True))
            painter.setPen(theme.colour("accent" if number == self._hovered else "muted"))
            painter.drawText(QRectF(right, box.top(), arrow, box.height()), Qt.AlignmentFlag.AlignCenter, "›")

    def _columns(self, right: float) -> tuple[float, float]:
        """Where what was multiplied begins, and where the bars do: the same for all lines, so that bars compare."""
        theme = self.state.theme
        rows = self._sum.rows if self._sum is not None else ()
        pairs = [row for row in rows if row.pair and row.amount]
        labels = [text_width(theme, row.label, 13) for row in pairs]
        products = [text_width(theme, row.pair, 12, mono=True) for row in pairs]
        first = min(max(labels, default=0.0) + theme.px(12), right * 0.45)
        return first, min(first + max(products, default=0.0) + theme.px(10), right - theme.px(40))

    def _paint_bar(
        self, painter: QPainter, row: UnfoldedRow, bar: QRectF, box: QRectF, longest: float
    ) -> None:
        theme = self.state.theme
        middle, half = bar.center().x(), bar.width() / 2
        length = half * max(-1.0, min(1.0, row.share / longest)) if row.share == row.share else 0.0
        thick = min(theme.px(10), box.height() * 0.5)
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.drawLine(QPointF(middle, box.top() + 2), QPointF(middle, box.bottom() - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("positive" if length >= 0 else "negative"))
        painter.drawRect(
            QRectF(min(middle, middle + length), box.center().y() - thick / 2, abs(length), thick)
        )

    def _paint_total(self, painter: QPainter, content: UnfoldedSum) -> None:
        theme = self.state.theme
        top = self.row_rect(len(content.rows)).top()
        painter.setPen(QPen(theme.colour("border_strong"), 1))
        painter.drawLine(QPointF(0, top + 1.5), QPointF(self._rows_width(), top + 1.5))
        box = QRectF(0, top + 2, self._rows_width(), self._total_height() - 4)
        painter.setFont(theme.font(13, bold=True, mono=True))
        painter.setPen(theme.role_ink(content.result_ink))
        painter.drawText(box.adjusted(theme.px(2), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, content.result)
        painter.setPen(theme.colour("text"))
        right = box.adjusted(0, 0, -theme.px(14), 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, content.total)

    def _paint_picture(self, painter: QPainter) -> None:
        box = self.picture_rect()
        if box.isEmpty() or self._pixels is None or self._event is None:
            return
        theme = self.state.theme
        paint_pixels(painter, theme, self._event, self._pixels, box, self.devicePixelRatioF())
        left = box.right() + theme.px(12)
        words = QRectF(left, box.top(), self.width() - left, box.height())
        if self._is_wide():
            words = QRectF(box.left(), box.bottom() + theme.px(4), box.width(), self.height() - box.bottom())
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
        texts = pixels_in_words(self._pixels)
        fitting = [text for text in texts if wrapped_height(theme, text, 12, words.width()) <= words.height()]
        painter.drawText(words, flags, (fitting or texts[-1:])[0])

    def _ink(self, ink: str) -> QColor:
        theme = self.state.theme
        return theme.role_ink(ink) if ink in dict(theme.palette.role_inks) else theme.colour(ink)

    # -- pointing and keys
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        rows = self._sum.rows if self._sum is not None else ()
        words = rows[row].tip if row >= 0 else ""
        on_crumb = any(box.contains(event.position()) for _, _, box in self._crumb_rects())
        pixel = (
            pixel_at(self.picture_rect(), self._pixels, event.position())
            if self._pixels is not None
            else None
        )
        if pixel is not None and self._pixels is not None:
            words = pixel_words(self._pixels, pixel)
        if on_crumb:
            words = "Back to this number. Backspace goes back by one."
        follows = row >= 0 and rows[row].place is not None
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if follows or on_crumb else Qt.CursorShape.ArrowCursor
        )
        if row != self._hovered:
            self._hovered = row
            self.update()
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        for number, _, box in self._crumb_rects():
            if box.contains(event.position()):
                self._back_to(number)
                return
        self._go(self.row_at(event.position()))

    def _go(self, row: int) -> None:
        rows = self._sum.rows if self._sum is not None else ()
        place = rows[row].place if 0 <= row < len(rows) else None
        if place is not None:
            self._follow(place)

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in keys
        ):
            event.accept()  # they choose a line and follow it, and no command of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = self._sum.rows if self._sum is not None else ()
        follows = [number for number, row in enumerate(rows) if row.place is not None]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self._chosen)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and follows:
            turn = 1 if event.key() == Qt.Key.Key_Down else -1
            here = follows.index(self._chosen) + turn if self._chosen in follows else 0
            self._chosen = follows[max(0, min(len(follows) - 1, here))]
            self.update()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._chosen = -1
        self.update()

    def resizeEvent(self, event: object) -> None:
        self._lay_out()
