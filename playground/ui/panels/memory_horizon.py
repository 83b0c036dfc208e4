""" "How long does it last?": right answers on held-out sequences against what lies in between, for every network."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.trace.snapshot import HorizonAnswer
from playground.trace.verdict import binomial_band
from playground.ui.panels.memory_chart import MemoryChart, fit_title
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_fan_chart import scale_for
from playground.ui.panels.memory_row_base import STALE_OPACITY
from playground.ui.panels.memory_scales import spread_labels
from playground.ui.panels.memory_words import PLAIN_WORDS, MemoryWords, capitalised, in_between
from playground.ui.panels.panel import Panel
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH
from playground.ui.vocabulary import network_in_a_sentence, network_title


class HorizonChart(MemoryChart):
    """Rates of right answers over the distance; the band is what a guess gives. Rates below the axis (networks that
    do not answer the question yet) are drawn at its lower edge, with a sign."""

    least_height = 138

    def __init__(self, state: UiState) -> None:
        self._answer: HorizonAnswer | None = None
        self._chance = 0.5
        self._scale = scale_for(0.5)
        self._words = PLAIN_WORDS
        self._networks: tuple[str, ...] = ()
        self.stale = False
        self._plot: tuple[object, QRectF] = (None, QRectF())
        super().__init__(
            state,
            "Right answers against what lies in between",
            "Left and Right choose the distance, Up and Down the network.",
        )

    def show_answer(
        self, answer: HorizonAnswer | None, chance: float, words: MemoryWords, *, stale: bool
    ) -> None:
        """Show what was measured; None: nothing yet."""
        self._answer, self._chance, self._words, self.stale = answer, chance, words, stale
        self._scale = scale_for(chance)
        self._networks = tuple(answer.right) if answer is not None else ()
        if self.mark is not None and (answer is None or self.mark[1] >= len(self._networks)):
            self.set_mark(None)
        self._describe()
        self.update()

    def count(self) -> tuple[int, int]:
        return (len(self._answer.distances), len(self._networks)) if self._answer is not None else (0, 0)

    @property
    def plot_rect(self) -> QRectF:
        """Where the lines are."""
        state = self.state
        key = (self.size(), state.theme.scale, state.vocabulary, self._networks)
        if self._plot[0] != key:
            theme = state.theme
            ticks = QFontMetricsF(theme.font(10))
            left = ticks.horizontalAdvance(self._scale.ticks[-1][1]) + theme.px(8)
            foot = 2 * ticks.height() + theme.px(8)
            names = QFontMetricsF(theme.font(11, bold=True))
            widths = [names.horizontalAdvance(network_title(key, state.vocabulary)) for key in self._networks]
            right = max(widths, default=0.0) + theme.px(12)
            self._plot = (
                key,
                self.chart_rect.adjusted(left, theme.px(8), -right, -foot),
            )
        return self._plot[1]

    def point(self, distance: float, rate: float) -> QPointF:
        """Where a rate at a distance stands."""
        rect = self.plot_rect
        longest = self._answer.distances[-1] if self._answer is not None else 60
        y = rect.bottom() - self._scale.fraction(rate) * rect.height()
        return QPointF(rect.left() + rect.width() * distance / max(longest, 1), y)

    def mark_at(self, position: QPointF) -> tuple[int, int] | None:
        if self._answer is None or not self.plot_rect.adjusted(-8, -12, 8, 12).contains(position):
            return None
        best, nearest = None, float("inf")
        for line, network in enumerate(self._networks):
            for column, (distance, rate) in enumerate(
                zip(self._answer.distances, self._answer.rates(network), strict=True)
            ):
                away = self.point(distance, rate) - position
                length = 4 * abs(away.x()) + abs(away.y())
                if length < nearest:
                    best, nearest = (column, line), length
        return best

    def words_of(self, mark: tuple[int, int]) -> str:
        if self._answer is None or mark[1] >= len(self._networks):
            return ""
        column, line = mark
        network = self._networks[line]
        who = capitalised(network_in_a_sentence(network, self.state.vocabulary))
        distance = self._answer.distances[column]
        right, asked = self._answer.right[network][column], self._answer.asked[column]
        where = in_between(distance, self._words.counted)
        return f"{who}, {where}: right {percent(right / asked)} ({right} of {asked})"

    def paint_chart(self, painter: QPainter) -> None:
        self._paint_axes(painter)
        if self._answer is None:
            return
        painter.setOpacity(STALE_OPACITY if self.stale else 1.0)
        theme = self.state.theme
        for line, network in reversed(list(enumerate(self._networks))):
            points = [
                self.point(distance, rate)
                for distance, rate in zip(self._answer.distances, self._answer.rates(network), strict=True)
            ]
            pen = QPen(theme.network(network), 2.0 * theme.scale)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if NETWORK_DASH.get(network):
                pen.setDashPattern(NETWORK_DASH[network])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(points))
            for column, point in enumerate(points):
                marked = self.mark == (column, line)
                painter.setBrush(theme.network(network))
                painter.setPen(QPen(theme.colour("surface"), 1.2 * theme.scale))
                radius = (5.0 if marked else 3.0) * theme.scale
                painter.drawEllipse(point, radius, radius)
                if self._answer.rates(network)[column] < self._scale.low:
                    self._paint_below(painter, point, network)
        self._paint_names(painter)

    def _paint_below(self, painter: QPainter, point: QPointF, network: str) -> None:
        """A small arrow under a rate that lies below the axis."""
        size = 3.0 * self.state.theme.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.state.theme.network(network))
        below = point + QPointF(0, 1.5 * size)
        painter.drawPolygon(
            QPolygonF([below + QPointF(0, size), below + QPointF(size, 0), below + QPointF(-size, 0)])
        )

    def _paint_axes(self, painter: QPainter) -> None:
        theme = self.state.theme
        rect = self.plot_rect
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        if self._answer is not None:
            low, high = binomial_band(self._answer.asked[0], self._chance)
            top, bottom = (self.point(0, count / self._answer.asked[0]).y() for count in (high, low))
            painter.fillRect(QRectF(rect.left(), top, rect.width(), bottom - top), theme.colour("sunken"))
        for tick, text in self._scale.ticks:
            y = self.point(0, tick).y()
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - metrics.height() / 2, rect.left() - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if self._answer is None:
            return
        self._paint_chance(painter, bottom - top, bottom)
        free_from = -1e9
        for distance in self._answer.distances:
            x = self.point(distance, 0).x()
            width = metrics.horizontalAdvance(str(distance))
            if x - width / 2 < free_from:
                continue
            free_from = x + width / 2 + theme.px(6)
            box = QRectF(x - width, rect.bottom() + theme.px(6), 2 * width, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(distance))
        title = self._words.axis
        width = metrics.horizontalAdvance(title)
        middle = min(max(rect.center().x(), width / 2), self.width() - width / 2)
        box = QRectF(
            middle - width / 2, rect.bottom() + theme.px(6) + metrics.height(), width + 1, metrics.height()
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_chance(self, painter: QPainter, height: float, bottom: float) -> None:
        """The name of the band, in its lower edge where it is high enough for it."""
        theme = self.state.theme
        metrics = QFontMetricsF(painter.font())
        if height < 3 * metrics.height():
            return
        right = self.plot_rect.right() - theme.px(4)
        box = QRectF(self.plot_rect.left(), bottom - metrics.height() - theme.px(1), 0, metrics.height())
        box.setRight(right)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._words.guess)

    def _paint_names(self, painter: QPainter) -> None:
        assert self._answer is not None
        theme = self.state.theme
        font = theme.font(11, bold=True)
        metrics = QFontMetricsF(font)
        rect = self.plot_rect
        ends = [self.point(0, self._answer.rates(network)[-1]).y() for network in self._networks]
        places = spread_labels(ends, metrics.height() - theme.px(2), 0, self.chart_rect.bottom())
        left = rect.right() + theme.px(10)
        for network, y, place in zip(self._networks, ends, places, strict=True):
            painter.setPen(QPen(theme.network_ink(network), 0.8 * theme.scale))
            if abs(place - y) > theme.px(3):
                painter.drawLine(QPointF(rect.right() + theme.px(3), y), QPointF(left - theme.px(2), place))
            painter.setFont(font)
            box = QRectF(left, place - metrics.height() / 2, self.width() - left, metrics.height())
            name = metrics.elidedText(
                network_title(network, self.state.vocabulary), Qt.TextElideMode.ElideRight, box.width()
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)


class HorizonPanel(Panel):
    """The card with the chart. It is given what was measured and asks nobody."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "This run: how long?", parent)
        self.question = WhatIsThis(state, "horizon", self)
        self.title_row.insertWidget(1, self.question)
        self.chart = HorizonChart(state)
        self.body.addWidget(self.chart)
        self.restyle()

    def show_answer(
        self,
        answer: HorizonAnswer | None,
        *,
        chance: float = 0.5,
        words: MemoryWords = PLAIN_WORDS,
        stale: bool = False,
        message: str = "",
    ) -> None:
        """Show the newest measurement. `stale`: it is about another moment than the one shown; `message`: why there
        is none."""
        self.chart.show_answer(answer, chance, words, stale=stale)
        if answer is None:
            self.chart.set_summary(message or "Each network is asked fresh sequences: measuring …")
        else:
            self.chart.set_summary(
                f"Right answers at update {answer.update:,}, to {max(answer.asked):,} questions in fresh sequences at "
                "each point."
            )

    def restyle(self) -> None:
        self.question.rescale()
        self.chart.rescale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fit_title(self, ("This run: how long?", "How long?"), self.question)
