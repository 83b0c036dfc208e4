"""Rows of measures on the shared time axis: lines and bars for every network, labelled directly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip

from playground.ui.panels.memory_controls import ScaleToggle, WhatIsThis
from playground.ui.panels.memory_scales import SHARES, SMALL_SHARES, ValueScale, answer_scale, spread_labels
from playground.ui.panels.memory_words import (
    asked_words,
    forget_product_words,
    gradient_words,
    survives_words,
)
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH

TICK_ROOM = 40
"""Unscaled px left of the axis for the numbers of the value axis."""
STALE_OPACITY = 0.35
MOST_DOTS = 24
"""Up to so many timesteps every value has its dot."""


@dataclass(frozen=True, eq=False)
class Series:
    """One network's line: values (T,), NaN where there is none. `faint`: a thin dotted companion without a label."""

    network: str
    name: str
    values: NDArray[np.float64]
    faint: bool = False
    note: str = ""
    """Said behind the name, where there is no line to look at: "no gradient"."""


class MeasureRow(TimeRow):
    """A measure over time for several networks, with a value axis, direct labels and its definition one click away.

    Hovering tells the nearest line's value in words. Shift+click gives the timestep to `choose_since`. Focused with
    Tab, the row tells the values at the playhead to screen readers.
    """

    stretch = 5
    base_height = 54
    definition = ""
    head_room = 6
    foot_room = 5

    def __init__(
        self,
        state: UiState,
        title: str,
        subtitle: str,
        scale: ValueScale,
        choose_since: Callable[[int], None] | None = None,
    ) -> None:
        self._question: WhatIsThis | None = None
        self._series: tuple[Series, ...] = ()
        self._scale = scale
        self._stale = False
        self._message = ""
        self._choose_since = choose_since
        super().__init__(state, title, subtitle, "text")
        self._question = WhatIsThis(state, self.definition, self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    # -- what it shows
    def show_series(self, series: Sequence[Series], *, stale: bool = False, message: str = "") -> None:
        """Show these lines; `stale` ones belong to another moment than the one shown and stand back. `message`: why
        there is nothing, in a few words."""
        self._series, self._stale, self._message = tuple(series), stale, message
        self._describe()
        self.update()

    @property
    def series(self) -> tuple[Series, ...]:
        """What is shown now."""
        return self._series

    @property
    def value_scale(self) -> ValueScale:
        """The value axis."""
        return self._scale

    def set_value_scale(self, scale: ValueScale) -> None:
        """Another value axis."""
        self._scale = scale
        self.update()

    def set_rivals(self, first: str, second: str) -> None:
        """The two answers that the question is about, as they are called."""
        if self._question is not None:
            self._question.rivals = (first, second)

    def sentence(self, series: Series, timestep: int) -> str:
        """The value of one line in words."""
        return ""

    def describe_now(self) -> str:
        """All values at the playhead, in words."""
        timestep = self.state.timestep
        said = [
            self.sentence(series, timestep)
            for series in self._series
            if not series.faint and timestep < len(series.values)
        ]
        return ". ".join(said)

    def _describe(self) -> None:
        if self.hasFocus():
            self.setAccessibleDescription(self.describe_now())

    # -- geometry
    @property
    def plot_rect(self) -> QRectF:
        """Where values are drawn."""
        theme = self.state.theme
        top, bottom = theme.px(self.head_room), theme.px(self.foot_room)
        return QRectF(self.axis.left, top, self.axis.right - self.axis.left, max(1.0, self.height() - top - bottom))

    def y_of(self, value: float) -> float:
        """The height of a value, in pixels; NaN for NaN."""
        rect = self.plot_rect
        return rect.bottom() - self._scale.fraction(value) * rect.height()

    def nearest(self, timestep: int, y: float) -> Series | None:
        """The line that passes closest to this height at this timestep."""
        best, distance = None, math.inf
        for series in self._series:
            if timestep >= len(series.values):
                continue
            value = float(series.values[timestep])
            away = abs(self.y_of(value) - y) if not math.isnan(value) else abs(self.plot_rect.bottom() - y) + 1
            if away < distance:
                best, distance = series, away
        return best

    def words_at(self, timestep: int, position: QPointF) -> str:
        series = self.nearest(timestep, position.y())
        return "" if series is None else self.sentence(series, timestep)

    # -- hands
    def mousePressEvent(self, event: QMouseEvent) -> None:
        timestep = self.axis.timestep_at(event.position().x())
        if (
            timestep is not None
            and self._choose_since is not None
            and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self._choose_since(timestep)
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.buttons():
            return
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # -- painting
    def rescale(self) -> None:
        super().rescale()
        if self._question is not None:
            self._question.rescale()
            self._place_controls()

    def set_axis(self, axis: object) -> None:
        super().set_axis(axis)  # type: ignore[arg-type]
        self._place_controls()

    def set_label(self, title: str, subtitle: str = "", ink: str | None = None) -> None:
        super().set_label(title, subtitle, ink)
        self._place_controls()

    def _place_controls(self) -> None:
        if self._question is None:
            return
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(13, bold=True))
        left = metrics.horizontalAdvance(self._title) + theme.px(5)
        top = (metrics.height() - self._question.height()) / 2
        self._question.move(round(left), max(0, round(top)))

    def _paint_label(self, painter: QPainter) -> None:
        theme = self.state.theme
        width = self.axis.left - theme.px(TICK_ROOM)
        painter.setPen(self.label_colour())
        painter.setFont(theme.font(13, bold=True))
        height = painter.fontMetrics().height()
        painter.drawText(QRectF(0, 0, self.axis.left, height), Qt.AlignmentFlag.AlignLeft, self._title)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(11))
        room = QRectF(0, height, width, min(self.height() - height, 2.2 * painter.fontMetrics().height()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, self._subtitle)

    def paint_row(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_focus(painter)
        self._paint_column(painter)
        self._paint_axis(painter)
        if self._message and not self._series:
            painter.setPen(self.state.theme.colour("muted"))
            painter.setFont(self.state.theme.font(12))
            painter.drawText(self.plot_rect, Qt.AlignmentFlag.AlignCenter, self._message)
            return
        painter.setOpacity(STALE_OPACITY if self._stale else 1.0)
        self.paint_series(painter)
        self._paint_names(painter)
        painter.setOpacity(1.0)

    def _paint_focus(self, painter: QPainter) -> None:
        if not self.hasFocus():
            return
        theme = self.state.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))

    def _paint_column(self, painter: QPainter) -> None:
        timestep = min(self.state.timestep, self.axis.length - 1)
        left, right = float(self.axis.edges[timestep]), float(self.axis.edges[timestep + 1])
        painter.fillRect(QRectF(left, 0, right - left, self.height()), self.state.theme.colour("pending_soft"))

    def _paint_axis(self, painter: QPainter) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        heights = [self.y_of(value) for value, _ in self._scale.ticks]
        places = spread_labels(heights, metrics.height() - theme.px(2), -theme.px(2), self.height() + theme.px(2))
        for (_, text), y, place in zip(self._scale.ticks, heights, places, strict=True):
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(self.axis.left, y), QPointF(self.axis.right, y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, place - metrics.height() / 2, self.axis.left - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_series(self, painter: QPainter) -> None:
        """Paint the lines; faint ones first, so that they stand behind."""
        for series in sorted(self._series, key=lambda series: not series.faint):
            self._paint_line(painter, series)

    def pen_of(self, series: Series) -> QPen:
        """The pen of a line: the network's colour and its line style."""
        theme = self.state.theme
        width = (1.2 if series.faint else 2.0) * theme.scale
        pen = QPen(theme.network(series.network), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        dash = [1.0, 2.0] if series.faint else NETWORK_DASH.get(series.network, [])
        if dash:
            pen.setDashPattern(dash)
        return pen

    def _paint_line(self, painter: QPainter, series: Series) -> None:
        theme = self.state.theme
        points = self.points_of(series)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.pen_of(series))
        run = QPolygonF()
        for point in [*points, None]:
            if point is None:
                if run.size() > 1:
                    painter.drawPolyline(run)
                run = QPolygonF()
            else:
                run.append(point)
        if series.faint:
            return
        colour = theme.network(series.network)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if len(points) <= MOST_DOTS:
            for point in points:
                if point is not None:
                    painter.drawEllipse(point, 1.8 * theme.scale, 1.8 * theme.scale)
        here = self.state.timestep
        if here < len(points) and points[here] is not None:
            painter.setPen(QPen(theme.colour("surface"), 1.5 * theme.scale))
            painter.drawEllipse(points[here], 4.0 * theme.scale, 4.0 * theme.scale)
        self._paint_beyond(painter, series, points, colour)

    def _paint_beyond(
        self, painter: QPainter, series: Series, points: list[QPointF | None], colour: QColor
    ) -> None:
        """A small arrow where a value lies above the axis."""
        theme = self.state.theme
        size = 3.5 * theme.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point, value in zip(points, series.values, strict=True):
            if point is not None and self._scale.beyond(float(value)) > 0:
                tip = QPointF(point.x(), point.y() - 1.6 * size)
                corners = [tip, point + QPointF(size, -0.3 * size), point + QPointF(-size, -0.3 * size)]
                painter.drawPolygon(QPolygonF(corners))

    def points_of(self, series: Series) -> list[QPointF | None]:
        """Where the values of a line stand; None where there is none."""
        count = min(len(series.values), self.axis.length)
        return [
            None
            if math.isnan(series.values[timestep])
            else QPointF(float(self.axis.centres[timestep]), self.y_of(float(series.values[timestep])))
            for timestep in range(count)
        ]

    def _paint_names(self, painter: QPainter) -> None:
        theme = self.state.theme
        labelled = [series for series in self._series if not series.faint and len(series.values)]
        font = theme.font(11, bold=True)
        metrics = QFontMetricsF(font)
        height = metrics.height() - theme.px(2)
        wanted = [self._end_height(series) for series in labelled]
        left = self.axis.right + theme.px(12)
        room = self.width() - left
        places = spread_labels(wanted, height, -theme.px(1), self.height() + theme.px(1))
        for series, line_end, place in zip(labelled, wanted, places, strict=True):
            ink = theme.network_ink(series.network)
            if abs(place - line_end) > theme.px(3) and not math.isnan(series.values[-1]):
                leader = QPen(ink, 0.8 * theme.scale)
                painter.setPen(leader)
                start = QPointF(self.axis.right + theme.px(1), line_end)
                painter.drawLine(start, QPointF(left - theme.px(3), place))
            painter.setPen(ink)
            painter.setFont(font)
            box = QRectF(left, place - metrics.height() / 2, room, metrics.height())
            text = metrics.elidedText(series.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            if series.note:
                painter.setFont(theme.font(10))
                offset = metrics.horizontalAdvance(series.name) + theme.px(4)
                rest = box.adjusted(offset, 0, 0, 0)
                note = QFontMetricsF(painter.font()).elidedText(series.note, Qt.TextElideMode.ElideRight, rest.width())
                painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, note)

    def _end_height(self, series: Series) -> float:
        finite = series.values[~np.isnan(series.values)]
        return self.y_of(float(finite[-1])) if len(finite) else self.plot_rect.bottom()


class SurvivesRow(MeasureRow):
    """How much of timestep k's memory is left at t, and the product of the forget factors; k hangs on a handle."""

    definition = "survives"
    head_room = 20
    base_height = 60

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        self.since = 0
        self._dragging = False
        self._toggle: ScaleToggle | None = None
        super().__init__(state, "What survives", "", SHARES, choose_since)
        self._toggle = ScaleToggle(state, "What survives", self._switch_scale, self)
        self.show_since(0)
        self._place_controls()

    @property
    def toggle(self) -> ScaleToggle:
        """The switch between linear and log."""
        assert self._toggle is not None
        return self._toggle

    def show_since(self, since: int) -> None:
        """From which timestep (0-based) survival is counted."""
        self.since = since
        self.set_label("What survives", f"of timestep {since + 1}'s memory")
        self.update()

    def sentence(self, series: Series, timestep: int) -> str:
        words = forget_product_words if series.faint else survives_words
        value = float(series.values[timestep])
        if series.faint and math.isnan(value):
            return ""
        return words(series.network, self.state.vocabulary, value, self.since, timestep)

    def _switch_scale(self, logarithmic: bool) -> None:
        self.set_value_scale(SMALL_SHARES if logarithmic else SHARES)

    def _place_controls(self) -> None:
        super()._place_controls()
        if self._toggle is not None:
            theme = self.state.theme
            used = QFontMetricsF(theme.font(13, bold=True)).height() + QFontMetricsF(theme.font(11)).height()
            self._toggle.move(0, round(used + theme.px(4)))

    def rescale(self) -> None:
        super().rescale()
        if self._toggle is not None:
            self._toggle.rescale()
            self._place_controls()

    # -- the handle
    def handle_rect(self) -> QRectF:
        """The handle that hangs on timestep k, kept within the axis."""
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(10, bold=True, mono=True))
        width = metrics.horizontalAdvance(f"t={self.since + 1}") + theme.px(14)
        centre = float(self.axis.centres[min(self.since, self.axis.length - 1)])
        left = min(max(centre - width / 2, self.axis.left - theme.px(4)), self.axis.right - width + theme.px(4))
        return QRectF(left, 0.5, width, theme.px(15))

    def paint_series(self, painter: QPainter) -> None:
        super().paint_series(painter)
        self._paint_handle(painter)
        if any(series.faint for series in self.series):
            self._paint_key(painter)

    def _paint_key(self, painter: QPainter) -> None:
        """What the dotted lines are, above the plot at the right."""
        theme = self.state.theme
        painter.setFont(theme.font(10))
        text = "forget gates alone"
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(text)
        box = QRectF(self.axis.right - width - theme.px(4), 1, width + 1, metrics.height())
        sample = theme.px(18)
        if box.left() - sample - theme.px(4) < self.handle_rect().right():
            return
        painter.setPen(theme.colour("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        pen = QPen(theme.colour("muted"), 1.2 * theme.scale)
        pen.setDashPattern([1.0, 2.0])
        painter.setPen(pen)
        y = box.center().y()
        painter.drawLine(QPointF(box.left() - sample, y), QPointF(box.left() - theme.px(4), y))

    def _paint_handle(self, painter: QPainter) -> None:
        theme = self.state.theme
        rect = self.handle_rect()
        centre = float(self.axis.centres[min(self.since, self.axis.length - 1)])
        ink = theme.colour("accent" if self._dragging else "muted")
        pen = QPen(ink, theme.scale)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(centre, rect.bottom()), QPointF(centre, self.plot_rect.bottom()))
        painter.setPen(QPen(ink, theme.scale))
        painter.setBrush(theme.colour("accent_soft" if self._dragging else "surface"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setFont(theme.font(10, bold=True, mono=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"t={self.since + 1}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = self.handle_rect().adjusted(-4, -4, 4, 4).contains(event.position())
        if near and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self.update()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            x = min(max(event.position().x(), self.axis.left), self.axis.right - 1e-6)
            timestep = self.axis.timestep_at(x)
            if timestep is not None and self._choose_since is not None:
                self._choose_since(timestep)
            return
        if self.handle_rect().contains(event.position()):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
            QToolTip.showText(
                event.globalPosition().toPoint(),
                "Drag: count from another timestep (or Shift+click one, or Shift+arrows on this row)",
                self,
            )
            return
        self.unsetCursor()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False
        self.update()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if turn and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._choose_since is not None:
            self._choose_since(min(max(self.since + turn, 0), self.axis.length - 1))
            return
        super().keyPressEvent(event)


class AskedRow(MeasureRow):
    """What each network would answer if the question came right after timestep t."""

    definition = "asked"

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        self._rivals = ("wolf", "dog")
        super().__init__(state, "If asked now", "dog or wolf?", answer_scale(*self._rivals), choose_since)

    def set_rivals(self, first: str, second: str) -> None:
        super().set_rivals(first, second)
        self._rivals = (first, second)
        self.set_label("If asked now", f"{second} or {first}?")
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
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("muted"))
        text = "a coin toss"
        metrics = QFontMetricsF(painter.font())
        rect = QRectF(
            self.axis.left + theme.px(4), y + theme.px(1), metrics.horizontalAdvance(text), metrics.height()
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft, text)


class GradientRow(MeasureRow):
    """How much of the gradient of the answer reaches each timestep: bars where there is room, lines elsewhere."""

    definition = "gradient"
    head_room = 4

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        super().__init__(state, "Gradient", "that reaches each timestep, log scale", SMALL_SHARES, choose_since)

    def show_series(self, series: Sequence[Series], *, stale: bool = False, message: str = "") -> None:
        noted = [
            replace(line, note="no gradient") if len(line.values) and np.isnan(line.values).all() else line
            for line in series
        ]
        super().show_series(noted, stale=stale, message=message)

    def sentence(self, series: Series, timestep: int) -> str:
        value = float(series.values[timestep])
        return gradient_words(series.network, self.state.vocabulary, value, timestep, len(series.values) - 1)

    @property
    def with_bars(self) -> bool:
        """Whether the columns are wide enough for a bar for each network."""
        return self.axis.folded is None and self.axis.column_width >= 5 * self.state.theme.scale * max(1, len(self._series))

    def bar_rect(self, position: int, timestep: int) -> QRectF:
        """The bar of the network at this position in the list; of height 0 where no gradient arrives."""
        theme = self.state.theme
        column = float(self.axis.edges[timestep + 1] - self.axis.edges[timestep])
        width = min(column * 0.78 / len(self._series), theme.px(22))
        left = float(self.axis.centres[timestep]) + (position - len(self._series) / 2) * width
        value = float(self._series[position].values[timestep])
        top = self.y_of(0.0 if math.isnan(value) else value)
        if value > 0:
            top = min(top, self.plot_rect.bottom() - 1.5 * theme.scale)  # too small for the axis, but not nothing
        gap = min(1.5 * theme.scale, 0.15 * width)
        return QRectF(left + gap / 2, top, width - gap, self.plot_rect.bottom() - top)

    def nearest(self, timestep: int, y: float) -> Series | None:
        if not self.with_bars or not self._series:
            return super().nearest(timestep, y)
        x = self._hover_x
        distances = [abs(self.bar_rect(i, timestep).center().x() - x) for i in range(len(self._series))]
        return self._series[distances.index(min(distances))]

    def words_at(self, timestep: int, position: QPointF) -> str:
        self._hover_x = position.x()
        return super().words_at(timestep, position)

    _hover_x = 0.0

    def paint_series(self, painter: QPainter) -> None:
        if not self.with_bars:
            super().paint_series(painter)
            return
        theme = self.state.theme
        painter.setPen(Qt.PenStyle.NoPen)
        for position, series in enumerate(self._series):
            painter.setBrush(theme.network(series.network))
            for timestep in range(min(len(series.values), self.axis.length)):
                rect = self.bar_rect(position, timestep)
                if rect.height() > 0:
                    radius = min(2.0 * theme.scale, rect.width() / 3, rect.height() / 2)
                    painter.drawRoundedRect(rect, radius, radius)
