"""The table of what units know: a line for each unit, quantity and fact, the closest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy

from playground.contract.cell_description import CellDescription, Words
from playground.trace.snapshot import UnitMeasures
from playground.ui.cell_words import figure
from playground.ui.state import UiState

LINE_HEIGHT = 24
MOST_LINES = 400
"""Of more than these nobody reads: the table says how many it leaves out."""


@dataclass(frozen=True)
class FactLine:
    """One line of the table."""

    unit: int
    quantity: str
    fact: str
    correlation: float


def fact_lines(measures: UnitMeasures, fact: str = "") -> list[FactLine]:
    """Every unit and quantity with every fact (or with this one), sorted by strength; what is NaN is left out."""
    found = []
    for q, quantity in enumerate(measures.quantities):
        for f, name in enumerate(measures.facts):
            if fact and name != fact:
                continue
            for unit, value in enumerate(measures.correlations[q, f]):
                if not np.isnan(value):
                    found.append(FactLine(unit, quantity, name, float(value)))
    return sorted(found, key=lambda line: (-abs(line.correlation), line.unit, line.quantity, line.fact))


class FactTable(QAbstractScrollArea):
    """Painted line by line, so that 4,000 lines cost no more than the twenty that are seen."""

    chosen = Signal(object)
    """The `FactLine` that was clicked, or reached with the arrows."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self.lines: list[FactLine] = []
        self.current: FactLine | None = None
        self._description: CellDescription | None = None
        self._words: Mapping[str, Words] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("What the units know, the closest first")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        state.units_changed.connect(self.viewport().update)
        self.rescale()

    def show_lines(
        self, lines: list[FactLine], description: CellDescription | None, words: Mapping[str, Words]
    ) -> None:
        """Show these, of the network with this description; `words` are what the facts are called."""
        self.lines, self._description, self._words = lines[:MOST_LINES], description, words
        if self.current is not None:
            same = (self.current.unit, self.current.quantity, self.current.fact)
            self.current = next((x for x in self.lines if (x.unit, x.quantity, x.fact) == same), None)
        self._spread()
        self.viewport().update()
        self._describe()

    def rescale(self) -> None:
        """Take sizes from the theme again."""
        self.setMinimumHeight(self.state.theme.px((2 if self.state.lecture else 4) * LINE_HEIGHT))
        self._spread()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(320), self.state.theme.px(9 * LINE_HEIGHT))

    @property
    def _line(self) -> float:
        """The height of a line: as many whole ones as there is room for, so that none is cut in two."""
        theme = self.state.theme
        least = float(max(theme.px(LINE_HEIGHT), QFontMetricsF(theme.font(12)).height() + 2))
        seen = self.viewport().height()
        return seen / max(1, int(seen / least)) if seen >= least else least

    def _spread(self) -> None:
        bar = self.verticalScrollBar()
        seen = self.viewport().height()
        bar.setRange(0, max(0, round(len(self.lines) * self._line) - seen))
        bar.setPageStep(seen)
        bar.setSingleStep(round(self._line))

    def words_of(self, line: FactLine) -> tuple[str, str]:
        """A quantity's unit, and a fact, in words."""
        vocabulary = self.state.vocabulary
        title = line.quantity
        if self._description is not None:
            title = self._description.quantity(line.quantity).title[vocabulary]
        fact = self._words[line.fact][vocabulary] if line.fact in self._words else line.fact
        return f"{title}, unit {line.unit + 1}", fact

    def choose(self, line: FactLine) -> None:
        """Choose a line and tell it."""
        self.current = line
        self.viewport().update()
        self._describe()
        self.chosen.emit(line)

    def _describe(self) -> None:
        if self.current is not None:
            who, fact = self.words_of(self.current)
            self.setAccessibleDescription(
                f"{who}: correlation {signed(self.current.correlation)} with {fact}"
            )

    # -- hands
    def line_at(self, y: float) -> FactLine | None:
        """The line at this height of what is seen."""
        index = int((y + self.verticalScrollBar().value()) / self._line)
        return self.lines[index] if 0 <= index < len(self.lines) else None

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            line = self.line_at(event.position().y())  # type: ignore[attr-defined]
            if line is not None:
                self.choose(line)
            return True
        return super().viewportEvent(event)

    def event(self, event: QEvent) -> bool:
        own = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in own
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        jumps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        by = jumps.get(Qt.Key(event.key()))
        if by is None or not self.lines:
            super().keyPressEvent(event)
            return
        at = self.lines.index(self.current) if self.current in self.lines else -1
        at = min(max(at + by if at >= 0 else 0, 0), len(self.lines) - 1)
        self.choose(self.lines[at])
        bar = self.verticalScrollBar()
        top = round(at * self._line)
        bar.setValue(min(max(bar.value(), top + round(self._line) - self.viewport().height()), top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        offset, height = self.verticalScrollBar().value(), self._line
        first = int(offset / height)
        for index in range(first, min(len(self.lines), first + int(self.viewport().height() / height) + 2)):
            box = QRectF(0, index * height - offset, self.viewport().width(), height)
            self._paint_line(painter, box, self.lines[index])
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_line(self, painter: QPainter, box: QRectF, line: FactLine) -> None:
        theme = self.state.theme
        if line == self.current or line.unit in self.state.units:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if line == self.current else "sunken"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.px(4), theme.px(4))
        font, mono = theme.font(12), theme.font(12, mono=True)
        number = signed(line.correlation)
        painter.setFont(mono)
        width = QFontMetricsF(mono).horizontalAdvance("+0.00")
        bar_width = float(theme.px(56))
        left = box.left() + theme.px(6)
        self._paint_bar(painter, QRectF(left, box.center().y() - theme.px(3), bar_width, theme.px(6)), line)
        painter.setPen(theme.colour("text"))
        at = QRectF(left + bar_width + theme.px(6), box.top(), width + 2, box.height())
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        rest = QRectF(at.right() + theme.px(10), box.top(), 0, box.height())
        rest.setRight(box.right() - theme.px(4))
        who, fact = self.words_of(line)
        share = 0.46
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        middle = rest.left() + share * rest.width()
        painter.drawText(
            QRectF(rest.left(), rest.top(), middle - rest.left() - theme.px(8), rest.height()),
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(who, Qt.TextElideMode.ElideRight, middle - rest.left() - theme.px(8)),
        )
        painter.setPen(theme.colour("muted"))
        painter.drawText(
            QRectF(middle, rest.top(), rest.right() - middle, rest.height()),
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(fact, Qt.TextElideMode.ElideRight, rest.right() - middle),
        )

    def _paint_bar(self, painter: QPainter, box: QRectF, line: FactLine) -> None:
        """From the middle to the right for +, to the left for -."""
        theme = self.state.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(box, 2, 2)
        half = box.width() / 2
        start = box.center().x()
        long = half * line.correlation
        painter.setBrush(theme.colour("positive" if long > 0 else "negative"))
        painter.drawRect(QRectF(min(start, start + long), box.top(), abs(long), box.height()))
        painter.setPen(QPen(theme.colour("muted"), 1))
        painter.drawLine(QPointF(start, box.top() - 1), QPointF(start, box.bottom() + 1))


def signed(value: float) -> str:
    """A correlation with its sign: "+0.99", "−0.98"."""
    return f"+{figure(value)}" if value >= 0 else figure(value)
