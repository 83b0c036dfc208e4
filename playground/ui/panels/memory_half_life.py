"""Half-lives of long-term memory: one bar for each unit, from the forget gates the network really used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.trace.memory import half_lives, keeping_gate
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.memory_bias import BiasRuler
from playground.ui.panels.memory_chart import MemoryChart, fit_title
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_scales import ValueScale
from playground.ui.panels.memory_words import (
    LONGEST_HALF_LIFE,
    half_life_number,
    half_life_words,
    layer_words,
)
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title, word

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

SCALE = ValueScale(0.3, LONGEST_HALF_LIFE, logarithmic=True, ticks=((1.0, "1"), (10.0, "10"), (100.0, "100")))
"""Timesteps, logarithmic: what is shorter than a third of a timestep is forgotten at once."""


class HalfLifeChart(MemoryChart):
    """Bars sorted from the longest half-life to the shortest; a click selects the unit everywhere."""

    least_height = 92

    def __init__(self, state: UiState) -> None:
        self._values: NDArray[np.float64] = np.zeros(0)
        self._order: NDArray[np.int64] = np.zeros(0, np.int64)
        self.ruler: float | None = None
        """The half-life in timesteps at which a dashed line is drawn."""
        super().__init__(
            state, "Half-life of every unit", "Left and Right choose a unit, Return selects it on every page."
        )
        state.units_changed.connect(self.update)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """values (H,): half-lives in timesteps; empty for a network without forget gate."""
        self._values = values
        self._order = np.argsort(-values, kind="stable")
        if self.mark is not None and self.mark[0] >= len(values):
            self.set_mark(None)
        self._describe()
        self.update()

    def show_ruler(self, timesteps: float | None) -> None:
        """Draw a dashed line at this half-life; None: none."""
        if timesteps != self.ruler:
            self.ruler = timesteps
            self.update()

    @property
    def values(self) -> NDArray[np.float64]:
        """(H,) what is shown, as stored."""
        return self._values

    def unit_at(self, column: int) -> int:
        """The unit whose bar stands in this column."""
        return int(self._order[column])

    def count(self) -> tuple[int, int]:
        return len(self._values), 1

    @property
    def plot_rect(self) -> QRectF:
        """Where the bars stand."""
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(10))
        left = metrics.horizontalAdvance(SCALE.ticks[-1][1]) + theme.px(8)
        foot = metrics.height() if len(self._values) else theme.px(2)
        return self.chart_rect.adjusted(left, theme.px(9), 0, -foot)

    def bar_rect(self, column: int) -> QRectF:
        """The bar in this column."""
        rect = self.plot_rect
        width = rect.width() / max(1, len(self._values))
        gap = min(self.state.theme.px(3), 0.25 * width)
        height = max(1.5, rect.height() * SCALE.fraction(float(self._values[self._order[column]])))
        return QRectF(rect.left() + column * width + gap / 2, rect.bottom() - height, width - gap, height)

    def mark_at(self, position: QPointF) -> tuple[int, int] | None:
        rect = self.plot_rect
        if not len(self._values) or not rect.adjusted(0, -9, 0, 4).contains(position):
            return None
        column = int((position.x() - rect.left()) / rect.width() * len(self._values))
        return min(max(column, 0), len(self._values) - 1), 0

    def words_of(self, mark: tuple[int, int]) -> str:
        if mark[0] >= len(self._values):
            return ""
        unit = self.unit_at(mark[0])
        return half_life_words(unit, float(self._values[unit]), self.state.vocabulary)

    def act_on(self, mark: tuple[int, int]) -> None:
        self.state.toggle_unit(self.unit_at(mark[0]))

    def paint_chart(self, painter: QPainter) -> None:
        theme = self.state.theme
        rect = self.plot_rect
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        for value, text in SCALE.ticks:
            y = rect.bottom() - SCALE.fraction(value) * rect.height()
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - metrics.height() / 2, rect.left() - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        forget = theme.role("forget")
        for column in range(len(self._values)):
            self._paint_bar(painter, column, forget)
        self._paint_units(painter, metrics)
        if self.ruler is not None and len(self._values):
            y = rect.bottom() - SCALE.fraction(self.ruler) * rect.height()
            pen = QPen(theme.colour("text"), 1.4 * theme.scale)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))

    def _paint_units(self, painter: QPainter, metrics: QFontMetricsF) -> None:
        """Under every bar its unit, where there is room; those that are selected or pointed at always."""
        theme, rect = self.state.theme, self.plot_rect
        if not len(self._values):
            return
        painter.setPen(theme.colour("muted"))
        foot = QRectF(0, rect.bottom(), rect.left() - theme.px(6), metrics.height())
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "unit")
        widest = metrics.horizontalAdvance(str(len(self._values))) + theme.px(2)
        all_fit = widest <= rect.width() / len(self._values)
        for column in range(len(self._values)):
            unit = self.unit_at(column)
            out = unit in self.state.units or (self.mark is not None and self.mark[0] == column)
            if all_fit or out:
                painter.setPen(theme.colour("text" if out else "muted"))
                centre = self.bar_rect(column).center().x()
                box = QRectF(centre - widest, rect.bottom(), 2 * widest, metrics.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(unit + 1))

    def _paint_bar(self, painter: QPainter, column: int, colour: QColor) -> None:
        theme = self.state.theme
        unit = self.unit_at(column)
        bar = self.bar_rect(column)
        selected = unit in self.state.units
        marked = self.mark is not None and self.mark[0] == column
        painter.setBrush(colour)
        painter.setPen(
            QPen(theme.colour("text"), 1.6 * theme.scale) if selected or marked else Qt.PenStyle.NoPen
        )
        radius = min(2.0 * theme.scale, bar.width() / 3)
        painter.drawRoundedRect(bar, radius, radius)
        if float(self._values[unit]) > LONGEST_HALF_LIFE:
            size = min(bar.width() / 2, 4.0 * theme.scale)
            top, middle = bar.top() - 1.0 * theme.scale, bar.center().x()
            painter.setPen(Qt.PenStyle.NoPen)
            corners = [
                QPointF(middle, top - 1.5 * size),
                QPointF(middle + size, top),
                QPointF(middle - size, top),
            ]
            painter.drawPolygon(QPolygonF(corners))


class HalfLifePanel(Panel):
    """The card with the bars of one network's forget gates."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "Half-life", parent)
        self.question = WhatIsThis(state, "half_life", self)
        self.title_row.insertWidget(1, self.question)
        self.chart = HalfLifeChart(state)
        self.body.addWidget(self.chart, 1)
        self.bias = BiasRuler(state, monitor, self.chart.show_ruler)
        self.body.addWidget(self.bias)
        self._trace: SequenceTrace | None = None
        self.restyle()

    def show_trace(self, trace: SequenceTrace | None) -> None:
        """Show the half-lives of this network's units; of one without a gate that keeps the memory, say so."""
        self._trace = trace
        self._fit_title()
        gate = keeping_gate(trace) if trace is not None else None
        self.bias.show_network(trace.network if trace is not None and gate is not None else "")
        self.chart.show_values(
            half_lives(trace.value(gate)) if trace is not None and gate is not None else np.zeros(0)
        )
        if trace is None:
            self.chart.set_summary("Shown for a network with a forget gate.")
            return
        if gate is None:
            who = network_title(trace.network, self.state.vocabulary)
            self.chart.set_summary(f"The {who} has no forget gate, so there is no half-life to tell.")
            return
        name = network_title(trace.network, self.state.vocabulary)
        name += layer_words(len(trace.layers) - 1, trace.depth)
        by = (
            ""
            if gate == "forget_gate"
            else f" by its {trace.description.quantity(gate).title[self.state.vocabulary].lower()}"
        )
        spread = spread_in_words(self.chart.values)
        self.chart.set_summary(f"{name}: timesteps until half of a unit is gone{by}. {spread}")

    def _fit_title(self) -> None:
        memory = word("long_term", self.state.vocabulary).lower()
        fit_title(self, (f"Half-life of {memory}", "Half-life"), self.question)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def restyle(self) -> None:
        self.question.rescale()
        self.bias.rescale()
        self.chart.rescale()
        self.show_trace(self._trace)


def spread_in_words(values: NDArray[np.float64]) -> str:
    """From the shortest half-life to the longest, in words."""
    if not len(values) or math.isnan(float(values.min())):
        return ""
    shortest, longest = (half_life_number(float(each)) for each in (values.min(), values.max()))
    return f"From {shortest} to {longest}." if shortest != longest else f"Every unit: {shortest}."
