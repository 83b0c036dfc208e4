"""The card "Short against long": how long each unit's short-term and long-term memory stay as they are."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.trace.snapshot import UnitMeasures
from playground.ui.panels.memory_chart import MemoryChart
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_row_base import STALE_OPACITY
from playground.ui.panels.memory_scales import ValueScale
from playground.ui.panels.memory_words import layer_words
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState
from playground.ui.vocabulary import network_in_a_sentence, network_title, word

SCALE = ValueScale(
    0.25, 64.0, logarithmic=True, ticks=((0.25, "¼"), (1.0, "1"), (4.0, "4"), (16.0, "16"), (64.0, "64"))
)


def time_in_words(value: float, longest: int) -> str:
    """ "2.3 timesteps"; what never falls within the sequences is said so."""
    if math.isnan(value):
        return "never moves at all"
    if math.isinf(value):
        return f"stays longer than {longest} timesteps"
    return f"stays for {value:.1f} timesteps"


class ChangeChart(MemoryChart):
    """A dot for each unit: across how long its short-term memory stays, up how long its long-term memory does."""

    least_height = 170

    def __init__(self, state: UiState) -> None:
        self._short: NDArray[np.float64] = np.zeros(0)
        self._long: NDArray[np.float64] = np.zeros(0)
        self._longest = 1
        self._plot: tuple[object, QRectF] = (None, QRectF())
        self.stale = False
        super().__init__(
            state,
            "How long each unit's memories stay as they are",
            "Left and Right choose a unit, Return selects it on every page.",
        )
        state.units_changed.connect(self.update)

    def show_times(
        self, short: NDArray[np.float64], long: NDArray[np.float64], longest: int, *, stale: bool = False
    ) -> None:
        """Autocorrelation times (H,) of hidden and cell state; empty for a network that has not both."""
        self._short, self._long, self._longest, self.stale = short, long, longest, stale
        if self.mark is not None and self.mark[0] >= len(short):
            self.set_mark(None)
        self._describe()
        self.update()

    def count(self) -> tuple[int, int]:
        return len(self._short), 1

    @property
    def plot_rect(self) -> QRectF:
        """The square of the dots. Asked for at every dot, so it is kept."""
        theme = self.state.theme
        key = (self.size(), theme)
        if self._plot[0] != key:
            metrics = QFontMetricsF(theme.font(10))
            left = metrics.horizontalAdvance("64") + metrics.height() + theme.px(12)
            foot = 2 * metrics.height() + theme.px(4)
            self._plot = (key, self.chart_rect.adjusted(left, theme.px(12), -theme.px(26), -foot))
        return self._plot[1]

    def point(self, unit: int) -> QPointF:
        """Where a unit's dot stands."""
        rect = self.plot_rect
        across, up = (self._fraction(values[unit]) for values in (self._short, self._long))
        return QPointF(rect.left() + across * rect.width(), rect.bottom() - up * rect.height())

    @staticmethod
    def _fraction(value: float) -> float:
        return 0.0 if math.isnan(value) else 1.0 if math.isinf(value) else SCALE.fraction(value)

    def mark_at(self, position: QPointF) -> tuple[int, int] | None:
        if not len(self._short) or not self.plot_rect.adjusted(-10, -10, 10, 10).contains(position):
            return None
        away = [(self.point(unit) - position) for unit in range(len(self._short))]
        lengths = [math.hypot(each.x(), each.y()) for each in away]
        return lengths.index(min(lengths)), 0

    def words_of(self, mark: tuple[int, int]) -> str:
        unit = mark[0]
        if unit >= len(self._short):
            return ""
        short, long = (word(key, self.state.vocabulary).lower() for key in ("short_term", "long_term"))
        return (
            f"unit {unit + 1}: its {long} {time_in_words(float(self._long[unit]), self._longest)}, "
            f"its {short} {time_in_words(float(self._short[unit]), self._longest)}"
        )

    def act_on(self, mark: tuple[int, int]) -> None:
        self.state.toggle_unit(mark[0])

    def paint_chart(self, painter: QPainter) -> None:
        if not len(self._short):
            return
        theme = self.state.theme
        rect = self.plot_rect
        painter.setOpacity(STALE_OPACITY if self.stale else 1.0)
        self._paint_axes(painter, rect)
        pen = QPen(theme.colour("muted"), 1.2 * theme.scale)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(rect.bottomLeft(), rect.topRight())
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        units = range(len(self._short))
        dots = {unit: self._dot_rect(unit) for unit in units}
        taken: list[QRectF] = []
        for unit in sorted(units, key=lambda unit: not self._stands_out(unit)):
            dot = dots[unit]
            self._paint_dot(painter, unit, dot.center(), dot.width() / 2)
            text, out = str(unit + 1), self._stands_out(unit)
            width, height = metrics.horizontalAdvance(text), metrics.height()
            y = dot.center().y() - height / 2
            beside = [QRectF(dot.right() + theme.px(2), y, width, height)]
            beside.append(QRectF(dot.left() - theme.px(2) - width, y, width, height))
            others = [*taken, *(each for other, each in dots.items() if other != unit)]
            free = [box for box in beside if not any(box.intersects(other) for other in others)]
            if free or out:
                box = (free or beside)[0]
                taken.append(box)
                painter.setPen(theme.colour("text" if out else "muted"))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _dot_rect(self, unit: int) -> QRectF:
        """A unit's dot."""
        point, radius = self.point(unit), (5.0 if self._stands_out(unit) else 3.6) * self.state.theme.scale
        return QRectF(point.x() - radius, point.y() - radius, 2 * radius, 2 * radius)

    def _stands_out(self, unit: int) -> bool:
        return unit in self.state.units or (self.mark is not None and self.mark[0] == unit)

    def _paint_dot(self, painter: QPainter, unit: int, point: QPointF, radius: float) -> None:
        theme = self.state.theme
        out = self._stands_out(unit)
        colour = QColor(theme.role("long_term"))
        colour.setAlphaF(0.9 if out else 0.6)
        painter.setBrush(colour)
        painter.setPen(QPen(theme.colour("text"), 1.6 * theme.scale) if out else Qt.PenStyle.NoPen)
        painter.drawEllipse(point, radius, radius)

    def _paint_axes(self, painter: QPainter, rect: QRectF) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        for value, text in SCALE.ticks:
            x = rect.left() + SCALE.fraction(value) * rect.width()
            y = rect.bottom() - SCALE.fraction(value) * rect.height()
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            painter.setPen(theme.colour("muted"))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QPointF(rect.left() - width - theme.px(6), y + metrics.ascent() / 2 - 1), text)
            painter.drawText(QPointF(x - width / 2, rect.bottom() + metrics.ascent() + theme.px(3)), text)
        vocabulary = self.state.vocabulary
        painter.setPen(theme.role_ink("short_term"))
        below = QRectF(0, rect.bottom() + metrics.height() + theme.px(2), self.width(), metrics.height())
        short = f"{word('short_term', vocabulary)} stays, timesteps"
        painter.drawText(below.adjusted(rect.left(), 0, 0, 0), Qt.AlignmentFlag.AlignHCenter, short)
        painter.setPen(theme.role_ink("long_term"))
        painter.save()
        painter.translate(metrics.ascent(), rect.center().y())
        painter.rotate(-90)
        long = metrics.elidedText(
            f"{word('long_term', vocabulary)} stays",
            Qt.TextElideMode.ElideRight,
            rect.height() + theme.px(30),
        )
        painter.drawText(QPointF(-metrics.horizontalAdvance(long) / 2, 0), long)
        painter.restore()


class ChangePanel(Panel):
    """The card with the scatter of one network's units."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "Short against long", parent)
        self.question = WhatIsThis(state, "change_times", self)
        self.title_row.insertWidget(1, self.question)
        self.chart = ChangeChart(state)
        self.body.addWidget(self.chart)
        self._shown: tuple[UnitMeasures | None, str, bool, str] = (None, "", False, "")
        self.restyle()

    def show_measures(
        self, measures: UnitMeasures | None, network: str, *, stale: bool = False, message: str = ""
    ) -> None:
        """Show this network's units; of one without both memories, say so."""
        self._shown = (measures, network, stale, message)
        vocabulary = self.state.vocabulary
        long = word("long_term", vocabulary).lower()
        nothing = np.zeros(0)
        if measures is None:
            self.chart.show_times(nothing, nothing, 1)
            self.chart.set_summary(message or "Reading fresh sequences …")
            return
        times = measures.change_times
        if "cell_state" not in times:
            self.chart.show_times(nothing, nothing, 1)
            who = network_in_a_sentence(network, vocabulary)
            has = "has no memory at all" if not times else f"has no {long}"
            self.chart.set_summary(f"{who[0].upper()}{who[1:]} {has}: there is nothing to set it against.")
            return
        self.chart.show_times(times["hidden_state"], times["cell_state"], measures.longest, stale=stale)
        title = network_title(network, vocabulary) + layer_words(measures.layer, measures.depth)
        self.chart.set_summary(
            f"{title}: on the diagonal both change equally fast; above it the {long} is slower."
        )

    def restyle(self) -> None:
        self.question.rescale()
        self.chart.rescale()
        measures, network, stale, message = self._shown
        self.show_measures(measures, network, stale=stale, message=message)
