"""The rows "If asked now" and "Gradient": what the memory would answer, and how far back the answer can be traced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from playground.ui.panels.memory_row_base import Series
from playground.ui.panels.memory_rows import BarRow, LineRow
from playground.ui.panels.memory_scales import SMALL_SHARES, ValueScale, answer_scale
from playground.ui.panels.memory_words import asked_words, gradient_words
from playground.ui.state import UiState


class AskedRow(LineRow):
    """What each network would answer if the question came right after timestep t."""

    definition = "asked"

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        self._rivals = ("wolf", "dog")
        super().__init__(state, "If asked now", "", answer_scale(*self._rivals), choose_since)
        self.set_rivals(*self._rivals)

    def set_rivals(self, first: str, second: str) -> None:
        super().set_rivals(first, second)
        self._rivals = (first, second)
        if first == second:  # an answer that is a number has no rival
            self.set_label("If asked now", "nothing to weigh")
            self.set_value_scale(ValueScale(0.0, 1.0, ticks=()))
            return
        self.brief = f"{second} or {first}?"
        self.set_label("If asked now", f"{second} or {first}?\n50 %: a coin toss")
        self.set_value_scale(answer_scale(first, second))

    def sentence(self, series: Series, timestep: int) -> str:
        return asked_words(
            series.network, self.state.vocabulary, float(series.values[timestep]), self._rivals, timestep
        )

    def paint_series(self, painter: QPainter) -> None:
        theme = self.state.theme
        y = self.y_of(0.5)
        pen = QPen(theme.colour("muted"), theme.scale)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(self.axis.left, y), QPointF(self.axis.right, y))
        super().paint_series(painter)


class GradientRow(BarRow):
    """How much of the gradient of the answer reaches each timestep: bars where there is room, lines elsewhere."""

    definition = "gradient"
    brief = "log scale"
    head_room = 4

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        super().__init__(
            state, "Gradient", "that reaches each timestep, log scale", SMALL_SHARES, choose_since
        )

    def show_series(self, series: Sequence[Series], *, stale: bool = False, message: str = "") -> None:
        noted = [
            replace(line, note="no gradient") if len(line.values) and np.isnan(line.values).all() else line
            for line in series
        ]
        super().show_series(noted, stale=stale, message=message)

    def sentence(self, series: Series, timestep: int) -> str:
        value = float(series.values[timestep])
        return gradient_words(series.network, self.state.vocabulary, value, timestep, len(series.values) - 1)
