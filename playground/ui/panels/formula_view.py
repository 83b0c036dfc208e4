"""One formula with this timestep's numbers: symbols, the sum with its parts named, the result as a bar, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.contract.cell_description import CellDescription
from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import Line, Piece, sum_lines
from playground.ui.formula_rendering import draw_formula
from playground.ui.formula_stock import FormulaStock
from playground.ui.state import UiState
from playground.ui.step_words import told
from playground.ui.text_sizes import line_height, text_width, wrapped_height

FORMULA_SIZE = 17
SUM_SIZE = 13
NARROW = 370
LOW = 140
"""Unscaled height below which everything stands closer together."""


@dataclass(frozen=True)
class FormulaContent:
    """What is shown: LaTeX, lines of the sum, the value, its share of the range (0..1 or -1..1), two sentences."""

    latex: str
    role: str
    lines: tuple[Line, ...]
    value: float
    share: float
    signed: bool
    first: str
    second: str

    @property
    def spoken(self) -> str:
        """All of it as plain text."""
        return " ".join([*(line.text for line in self.lines), self.first, self.second]).strip()


def formula_content(
    trace: SequenceTrace, name: str, unit: int, timestep: int, state: UiState
) -> FormulaContent:
    """The formula of a quantity, with its numbers for one unit at one timestep (both 0-based)."""
    vocabulary = state.vocabulary
    quantity = trace.description.quantity(name)
    value = float(value_at(trace.top, name, timestep)[unit])
    bound = state.value_ranges.bound(trace, name)
    first, second = told(trace, name, unit, timestep, vocabulary)
    return FormulaContent(
        trace.description.equation(name).latex[vocabulary],
        quantity.role,
        tuple(sum_lines(trace, name, unit, timestep, vocabulary)),
        value,
        value / bound,
        quantity.span != "zero_to_one",
        first,
        second,
    )


class FormulaView(QWidget):
    """Paints a `FormulaContent`; what there is no room for (the second sentence, the bar) is left out whole. A click
    on the numbers calls `unfold`."""

    def __init__(self, state: UiState, unfold: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._state, self._unfold = state, unfold
        if unfold is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Click to see where the numbers come from.")
        self._content: FormulaContent | None = None
        self._highest = 0
        self._rows_of: tuple[FormulaContent, float, float, float] | None = None
        self._rows: list[list[tuple[float, Piece]]] = []
        self._stock = FormulaStock(self)
        self._stock_of: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Formula with numbers")

    @property
    def content(self) -> FormulaContent | None:
        """What is shown now."""
        return self._content

    def show_content(self, content: FormulaContent | None) -> None:
        """Show this, or nothing."""
        if content != self._content:
            self._content = content
            self.setAccessibleDescription(content.spoken if content is not None else "")
            self._make_room()
            self.update()

    def expect(self, description: CellDescription) -> None:
        """The formulas of this cell may be shown next: they are set while the window rests."""
        theme, vocabulary = self._state.theme, self._state.vocabulary
        key = (description, theme, vocabulary)
        if key != self._stock_of:
            self._stock_of = key
            formulas = [equation.latex[vocabulary] for equation in description.equations]
            self._stock.want(formulas, theme.px(FORMULA_SIZE), theme.colour("text"))

    def _make_room(self) -> None:
        """What was needed once at this width is kept: panels below give way a few times, not each time."""
        needed = 0 if self._content is None else int(np.ceil(self._needed(self._content, low=True)))
        if needed > self._highest and not self._state.lecture:
            self._highest = needed
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        theme = self._state.theme
        narrow = self.width() < theme.px(NARROW)  # sums and sentences take a line more
        return QSize(theme.px(200), max(theme.px(122 if narrow else 104), self._highest))

    def sizeHint(self) -> QSize:
        theme = self._state.theme
        return QSize(theme.px(360), theme.px(190))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._unfold is not None:
            self._unfold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._highest = 0
            self.updateGeometry()
        self._make_room()  # a higher one is laid out less densely

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._content is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, self._content)
        painter.end()

    def _paint(self, painter: QPainter, content: FormulaContent) -> None:
        theme = self._state.theme
        width = float(self.width())
        words = theme.font(13)
        word_height = line_height(theme, 13)
        first_height = self._text_height(content.first, width)
        second_height = self._text_height(content.second, width) if content.second else 0.0
        sums = self._sum_rows(content, width)
        low = self._is_low()
        sum_height = line_height(theme, self._sum_size(), mono=True) + theme.px(1 if low else 2)
        formula_height = theme.px(24 if low else 28)
        gap = theme.px(3 if low else 6)
        needed = self.essential_height()
        room = self.height() - needed
        show_second = second_height > 0 and room >= second_height
        room -= second_height if show_second else 0.0
        bar_height = theme.px(8)
        show_bar = room >= bar_height + theme.px(8)
        room -= bar_height + theme.px(8) if show_bar else 0.0
        extra = max(0.0, min(theme.px(8), room / 5))

        top = extra / 2
        place = QRectF(0, top, width, formula_height)
        draw_formula(painter, content.latex, theme.px(FORMULA_SIZE), theme.colour("text"), place)
        top += formula_height + extra
        for row in sums:
            self._paint_row(painter, row, top, sum_height)
            top += sum_height
        top += gap + extra
        painter.setFont(words)
        painter.setPen(theme.colour("text"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(0, top, width, first_height + word_height), flags, content.first)
        top += first_height
        if show_second:
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(0, top, width, second_height + word_height), flags, content.second)
            top += second_height
        if show_bar:
            self._paint_bar(painter, content, QRectF(0, top + theme.px(8) + extra, width, bar_height))

    def essential_height(self) -> float:
        """What formula, sum and first sentence take at this width: the rest may be left out, these may not."""
        content = self._content
        if content is None:
            return 0.0
        return self._needed(content, self._is_low())

    def _needed(self, content: FormulaContent, low: bool) -> float:
        """The same, closer together or not."""
        theme, width = self._state.theme, float(self.width())
        line = line_height(theme, self._sum_size(), mono=True) + theme.px(1 if low else 2)
        lines = len(self._sum_rows(content, width))
        return (
            theme.px(24 if low else 28)
            + lines * line
            + theme.px(3 if low else 6)
            + self._text_height(content.first, width)
        )

    def _is_low(self) -> bool:
        """Whether everything stands closer together."""
        content = self._content
        if self.height() < self._state.theme.px(LOW):
            return True
        return content is not None and self.height() < self._needed(content, low=False)

    def _sum_size(self) -> float:
        """Smaller figures in a low panel; never in a lecture."""
        low = self.height() < self._state.theme.px(LOW)
        return 12.0 if low and not self._state.lecture else SUM_SIZE

    def _text_height(self, text: str, width: float) -> float:
        return wrapped_height(self._state.theme, text, 13, width)

    def _paint_bar(self, painter: QPainter, content: FormulaContent, track: QRectF) -> None:
        theme = self._state.theme
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, radius, radius)
        share = max(-1.0, min(1.0, content.share)) if content.share == content.share else 0.0
        middle = track.center().x() if content.signed else track.left()
        length = share * (track.width() / 2 if content.signed else track.width())
        bar = QRectF(min(middle, middle + length), track.top(), abs(length), track.height())
        painter.setBrush(theme.role(content.role))
        painter.drawRoundedRect(bar, min(radius, bar.width() / 2), radius)
        if content.signed:
            painter.setPen(QPen(theme.colour("muted"), 1))
            painter.drawLine(QPointF(middle, track.top() - 2), QPointF(middle, track.bottom() + 2))

    # -- lines of the sum
    def _sum_rows(self, content: FormulaContent, width: float) -> list[list[tuple[float, Piece]]]:
        """The lines, broken where they do not fit, before a plus or minus; each row is a list of (x, piece)."""
        key = (content, width, self._sum_size(), self._state.theme.scale)
        if self._rows_of is None or self._rows_of[0] is not content or self._rows_of[1:] != key[1:]:
            self._rows_of, self._rows = key, self._broken(content, width)
        return self._rows

    def _broken(self, content: FormulaContent, width: float) -> list[list[tuple[float, Piece]]]:
        theme, size = self._state.theme, self._sum_size()
        indent = text_width(theme, "  ", size, mono=True)
        rows: list[list[tuple[float, Piece]]] = []
        for line in content.lines:
            row: list[tuple[float, Piece]] = []
            x = 0.0
            for group in _groups(line):
                widths = [
                    text_width(theme, piece.text, size, bold=piece.number, mono=True) for piece in group
                ]
                if row and x + sum(widths) > width:
                    rows.append(row)
                    row, x = [], indent
                for piece, length in zip(group, widths, strict=True):
                    row.append((x, piece))
                    x += length
            rows.append(row)
        return rows

    def _paint_row(
        self, painter: QPainter, row: list[tuple[float, Piece]], top: float, height: float
    ) -> None:
        theme, size = self._state.theme, self._sum_size()
        fonts = {bold: theme.font(size, bold=bold, mono=True) for bold in (False, True)}
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for x, piece in row:
            painter.setFont(fonts[piece.number])
            painter.setPen(self._ink(piece.ink))
            width = text_width(theme, piece.text, size, bold=piece.number, mono=True)
            painter.drawText(QRectF(x, top, width + 2, height), flags, piece.text)

    def _ink(self, ink: str) -> QColor:
        theme = self._state.theme
        return theme.role_ink(ink) if ink in dict(theme.palette.role_inks) else theme.colour(ink)


def _groups(line: Line) -> list[list[Piece]]:
    """Pieces that stay together: a new group begins with each plus or minus between two parts."""
    groups: list[list[Piece]] = []
    for piece in line.pieces:
        if not groups or piece.text in (" + ", " − "):
            groups.append([])
        groups[-1].append(piece)
    return groups
