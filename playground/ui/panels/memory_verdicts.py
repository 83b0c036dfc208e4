""" "What the measurement says": one line for each network, decided by counting right answers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.trace.verdict import MemoryVerdict
from playground.ui.panels.memory_chart import fit_title
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_row_base import STALE_OPACITY
from playground.ui.panels.memory_words import PLAIN_WORDS, MemoryWords, verdict_details, verdict_headlines
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH
from playground.ui.vocabulary import network_title

SAMPLE_WIDTH = 26
SAMPLE_GAP = 7


class VerdictList(QWidget):
    """Each network with its line, its name and its verdict; the numbers below it where there is room for them."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._verdicts: dict[str, MemoryVerdict] = {}
        self._message = ""
        self.stale = False
        self.settled = True
        self.words = PLAIN_WORDS
        self.setMouseTracking(True)
        self.setAccessibleName("Verdicts")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_verdicts(
        self,
        verdicts: Mapping[str, MemoryVerdict],
        message: str,
        *,
        stale: bool,
        settled: bool,
        words: MemoryWords,
    ) -> None:
        """Show these; `message` stands there while there are none. `settled`: see `verdict_headlines`."""
        self.settled, self.words = settled, words
        self._verdicts, self._message, self.stale = dict(verdicts), message, stale
        self.setAccessibleDescription(" ".join(self.sentences()) or message)
        self.rescale()

    def rescale(self) -> None:
        """Take sizes from the theme again: at least a line for each network."""
        lines = max(4, len(self._verdicts))
        gap = self.state.theme.px(3)
        self.setMinimumHeight(round(lines * (self._line_height() + gap)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lines = max(4, len(self._verdicts))
        return QSize(10, round(lines * (2 * self._line_height() + self.state.theme.px(6))))

    def sentences(self) -> list[str]:
        """One sentence for each network."""
        vocabulary = self.state.vocabulary
        said = []
        for key, verdict in self._verdicts.items():
            headline = verdict_headlines(verdict, settled=self.settled, words=self.words)[0]
            said.append(
                f"{network_title(key, vocabulary)} {headline}: {verdict_details(verdict, self.words)[0]}."
            )
        return said

    def _layout(self) -> tuple[int, bool]:
        """How many lines each network gets (1-3), and whether the headline stands beside the name."""
        beside = all(
            self._fits(key, verdict_headlines(verdict, settled=self.settled, words=self.words)[0])
            for key, verdict in self._verdicts.items()
        )
        share = self.height() / max(1, len(self._verdicts))
        line, detail = self._line_height(), QFontMetricsF(self.state.theme.font(11)).height()
        if not beside and share >= 2 * line + detail:
            return 3, False
        return (2 if share >= line + detail else 1), True

    def _fits(self, key: str, headline: str) -> bool:
        """Whether this headline has room beside the network's name."""
        theme = self.state.theme
        free = self.width() - theme.px(SAMPLE_WIDTH + SAMPLE_GAP + 6)
        name = QFontMetricsF(theme.font(12, bold=True)).horizontalAdvance(
            network_title(key, self.state.vocabulary)
        )
        return name + QFontMetricsF(theme.font(12)).horizontalAdvance(headline) <= free

    def _line_height(self) -> float:
        return QFontMetricsF(self.state.theme.font(12)).height()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        count = len(self._verdicts)
        if count:
            line = min(count - 1, int(event.position().y() / self.height() * count))
            QToolTip.showText(event.globalPosition().toPoint(), self.sentences()[max(0, line)], self)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._verdicts:
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("muted"))
            painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self._message)
            painter.end()
            return
        painter.setOpacity(STALE_OPACITY if self.stale else 1.0)
        lines, beside = self._layout()
        share = min(self.height() / len(self._verdicts), lines * self._line_height() + theme.px(8))
        for position, (key, verdict) in enumerate(self._verdicts.items()):
            box = QRectF(0, position * share, self.width(), share)
            self._paint_verdict(painter, box, key, verdict, lines, beside)
        painter.end()

    def _paint_verdict(
        self, painter: QPainter, box: QRectF, key: str, verdict: MemoryVerdict, lines: int, beside: bool
    ) -> None:
        theme = self.state.theme
        bold = theme.font(12, bold=True)
        height = self._line_height()
        pen = QPen(theme.network(key), 2.0 * theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if NETWORK_DASH.get(key):
            pen.setDashPattern(NETWORK_DASH[key])
        painter.setPen(pen)
        y = box.top() + height / 2
        painter.drawLine(QPointF(0, y), QPointF(theme.px(SAMPLE_WIDTH), y))
        left = float(theme.px(SAMPLE_WIDTH + SAMPLE_GAP))
        name = network_title(key, self.state.vocabulary)
        line = QRectF(left, box.top(), box.width() - left, height)
        self._write(painter, line, name, bold, theme.network_ink(key))
        headline, short = verdict_headlines(verdict, settled=self.settled, words=self.words)
        detail, short_detail = verdict_details(verdict, self.words)
        if QFontMetricsF(theme.font(11)).horizontalAdvance(detail) > line.width():
            detail = short_detail
        if beside:
            headline = headline if self._fits(key, headline) else short
            after = QFontMetricsF(bold).horizontalAdvance(name) + theme.px(5)
            self._write(
                painter, line.adjusted(after, 0, 0, 0), headline, theme.font(12), theme.colour("text")
            )
            rest = [detail]
        else:
            if QFontMetricsF(theme.font(12)).horizontalAdvance(headline) > line.width():
                headline = short
            rest = [headline, detail]
        for number, text in enumerate(rest[: lines - 1], start=1):
            below = line.translated(0, number * height)
            first = text is headline
            ink = theme.colour("text" if first else "muted")
            self._write(painter, below, text, theme.font(12 if first else 11), ink)

    @staticmethod
    def _write(painter: QPainter, box: QRectF, text: str, font: QFont, ink: QColor) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)


class VerdictPanel(Panel):
    """The card with the verdicts."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "What the measurement says", parent)
        self.question = WhatIsThis(state, "verdict", self)
        self.title_row.insertWidget(1, self.question)
        self.list = VerdictList(state)
        self.body.addWidget(self.list)
        self.restyle()

    def show_verdicts(
        self,
        verdicts: Mapping[str, MemoryVerdict],
        message: str = "",
        *,
        stale: bool = False,
        settled: bool = True,
        words: MemoryWords = PLAIN_WORDS,
    ) -> None:
        """Show these verdicts; see `VerdictList.show_verdicts`."""
        self.list.show_verdicts(verdicts, message, stale=stale, settled=settled, words=words)

    def restyle(self) -> None:
        self.question.rescale()
        self.list.rescale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_title(self, ("What the measurement says", "The measurement says", "The verdict"), self.question)
