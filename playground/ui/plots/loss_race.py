"""A small live plot: a few losses over updates, each with its name at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.plots.curve_summary import smoothed
from playground.ui.plots.polyline import polyline, spread
from playground.ui.state import UiState

SMOOTHED_OVER = 15


@dataclass(frozen=True, eq=False)
class RaceLine:
    """One curve: `updates` (n,) and `values` (n,), its name, its colour, its dashes (in widths of the pen)."""

    title: str
    updates: NDArray[np.int64]
    values: NDArray[np.floating]
    colour: QColor
    dashes: tuple[float, ...] = ()
    strong: bool = False


class LossRace(QWidget):
    """Losses over updates. `reference`: a value with a dashed line and its meaning; `unit`: what losses are counted
    in."""

    def __init__(self, state: UiState, reference: tuple[float, str] = (1.0, ""), unit: str = "") -> None:
        super().__init__()
        self.state = state
        self.reference, self.unit = reference, unit
        self.from_zero = True
        self.lines: tuple[RaceLine, ...] = ()
        self.stop = 100
        self.empty = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_lines(self, lines: tuple[RaceLine, ...], stop: int, empty: str = "") -> None:
        """These curves over 0..`stop` updates; `empty` is said while there is none."""
        self.lines, self.stop, self.empty = lines, max(stop, 1), empty
        self.update()

    def show_reference(self, reference: tuple[float, str], unit: str, from_zero: bool = True) -> None:
        """Another thing is learned: what remembers nothing reaches this, counted in this unit. Where zero cannot be
        reached (`from_zero` False) the axis begins near the lowest curve, which is written beside it."""
        self.reference, self.unit, self.from_zero = reference, unit, from_zero
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(200), self.state.theme.px(90))

    def _area(self) -> QRectF:
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(11, bold=True))
        label = max([metrics.horizontalAdvance(line.title) for line in self.lines], default=0.0)
        left, bottom = theme.px(48), theme.px(20)
        return QRectF(
            left,
            theme.px(6),
            max(20.0, self.width() - left - label - theme.px(14)),
            max(20.0, self.height() - bottom - theme.px(6)),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        value, words = self.reference
        shown = [smoothed(line.values, SMOOTHED_OVER) for line in self.lines]
        low, top = value_range(shown, value, self.from_zero)
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())

        def y_of(values: NDArray[np.floating] | float) -> NDArray[np.float64]:
            y: NDArray[np.float64] = area.bottom() - area.height() * np.clip(
                (np.asarray(values, np.float64) - low) / (top - low), 0.0, 1.05
            )
            return y

        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        pen = QPen(theme.colour("border_strong"), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        reference = float(y_of(value))
        painter.drawLine(QPointF(area.left(), reference), QPointF(area.right(), reference))
        painter.setPen(theme.colour("muted"))
        line_height = metrics.height()
        for at, text in ((reference, f"{value:.3g}"), (area.bottom(), f"{low:.3g}")):
            box = QRectF(0, at - line_height / 2, area.left() - theme.px(6), line_height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        above = f"{words}: {value:.3g} {self.unit}" if self.unit else words
        box = QRectF(area.left(), reference - line_height - theme.px(2), area.width(), line_height)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, above)
        below = QRectF(area.left(), area.bottom() + theme.px(3), area.width(), line_height)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{self.stop:,} updates")
        if not any(len(line.values) for line in self.lines):
            painter.setFont(theme.font(12))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty)
            painter.end()
            return
        ends: list[float] = []
        drawn: list[tuple[RaceLine, float]] = []
        for line, values in zip(self.lines, shown, strict=True):
            if not len(values):
                continue
            x = area.left() + area.width() * np.minimum(line.updates, self.stop) / self.stop
            y = y_of(values)
            pen = QPen(line.colour, (2.6 if line.strong else 1.8) * theme.scale)
            if line.dashes:
                pen.setDashPattern(list(line.dashes))
            painter.setPen(pen)
            every = max(1, len(values) // 400)
            painter.drawPolyline(polyline(np.ascontiguousarray(x[::every], np.float64), y[::every]))
            ends.append(float(y[-1]))
            drawn.append((line, float(x[-1])))
        places = spread(ends, line_height, area.top() + line_height / 2, area.bottom())
        for (line, x_end), y_end in zip(drawn, places, strict=True):
            painter.setFont(theme.font(11, bold=line.strong))
            painter.setPen(line.colour)
            box = QRectF(x_end + theme.px(6), y_end - line_height / 2, self.width(), line_height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line.title)
        painter.end()


def value_range(
    curves: Sequence[NDArray[np.floating]], reference: float, from_zero: bool
) -> tuple[float, float]:
    """Bottom and top of the axis: from zero, or from a little below the lowest curve; the reference is always inside,
    and so is what a curve does after its first quarter where the axis begins at zero."""
    known = [values for values in curves if len(values)]
    if from_zero or not known:
        later = [float(np.nanmax(values[len(values) // 4 :])) for values in known]
        return 0.0, max(1.15 * reference, *later, 1e-9)
    lowest = min(reference, *(float(np.nanmin(values)) for values in known))
    low = max(0.0, lowest - 0.15 * (reference - lowest)) if lowest < reference else 0.8 * reference
    return low, max(1.1 * reference - 0.1 * low, low + 1e-9)
