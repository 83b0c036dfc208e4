"""What every row of measures has: a value axis, names beside the ends of the lines, a definition, hands and words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent

from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_scales import ValueScale, spread_labels
from playground.ui.plots.time_axis import TimeAxis
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState

TICK_ROOM = 54
"""Unscaled px left of the axis for the numbers of the value axis."""
STALE_OPACITY = 0.35


@dataclass(frozen=True, eq=False)
class Series:
    """One network's line: values (T,), NaN where there is none. `faint`: a thin dotted companion without a label."""

    network: str
    name: str
    values: NDArray[np.float64]
    faint: bool = False
    note: str = ""
    """Said behind the name, where there is no line to look at: "no gradient"."""
    role: str = ""
    """Drawn in the colour of this role, or of this colour of the palette, instead of its network's."""


class MeasureRow(TimeRow):
    """A measure over time for several networks, with a value axis, direct labels and its definition one click away.

    Hovering tells the nearest line's value in words. Shift+click gives the timestep to `choose_since`. Focused with
    Tab, the row tells the values at the playhead to screen readers.
    """

    stretch = 5
    base_height = 50
    definition = ""
    faint_lines = "forget gates"
    """What the dotted lines are; empty: their names say so."""
    head_room = 6
    foot_room = 7
    brief = ""
    """The subtitle in few words, for where there is no room for it."""
    subtitle_lines = 2

    def __init__(
        self,
        state: UiState,
        title: str,
        subtitle: str,
        scale: ValueScale,
        choose_since: Callable[[int], None] | None = None,
    ) -> None:
        self._question: WhatIsThis | None = None
        self._plot: tuple[object, QRectF] = (None, QRectF())
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

    def colour_of(self, series: Series, *, ink: bool = False) -> QColor:
        """The colour of a line, or of its name: that of its role if it has one, else of its network."""
        theme = self.state.theme
        if not series.role:
            return theme.network_ink(series.network) if ink else theme.network(series.network)
        if series.role in dict(theme.palette.roles):
            return theme.role_ink(series.role) if ink else theme.role(series.role)
        return theme.colour(series.role)

    # -- geometry
    @property
    def plot_rect(self) -> QRectF:
        """Where values are drawn."""
        key = (self.height(), self.axis.left, self.axis.right, self.state.theme.scale)
        if self._plot[0] != key:
            theme = self.state.theme
            top, bottom = theme.px(self.head_room), theme.px(self.foot_room)
            width, height = self.axis.right - self.axis.left, max(1.0, self.height() - top - bottom)
            self._plot = (key, QRectF(self.axis.left, top, width, height))
        return self._plot[1]

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
            away = (
                abs(self.y_of(value) - y) if not math.isnan(value) else abs(self.plot_rect.bottom() - y) + 1
            )
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

    def set_axis(self, axis: TimeAxis) -> None:
        super().set_axis(axis)
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
        if left + self._question.width() > self._scale_left(
            0.0, metrics.height()
        ):  # it would lie on the scale
            left = self.axis.left - theme.px(TICK_ROOM) - self._question.width()
            top = metrics.height()
        self._question.move(round(left), max(0, round(top)))

    def _scale_left(self, top: float, bottom: float) -> float:
        """Where the numbers of the value axis begin between these heights."""
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(10))
        reach = metrics.height() / 2
        widths = [
            metrics.horizontalAdvance(text)
            for value, text in self._scale.ticks
            if top - reach < self.y_of(value) < bottom + reach
        ]
        return self.axis.left - theme.px(6) - max(widths, default=0.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_controls()

    def _paint_label(self, painter: QPainter) -> None:
        theme = self.state.theme
        width = self.axis.left - theme.px(TICK_ROOM)
        painter.setPen(self.label_colour())
        painter.setFont(theme.font(13, bold=True))
        height = painter.fontMetrics().height()
        painter.drawText(QRectF(0, 0, self.axis.left, height), Qt.AlignmentFlag.AlignLeft, self._title)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(11))
        line = painter.fontMetrics().height()
        room = QRectF(0, height, width, min(self.height() - height, (self.subtitle_lines + 0.2) * line))
        words = self._fitting_subtitle(QFontMetricsF(painter.font()), room)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, words)

    def _fitting_subtitle(self, metrics: QFontMetricsF, room: QRectF) -> str:
        """The subtitle, or in few words, or nothing: never half of it."""
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        for words in (self._subtitle, self.brief):
            needed = metrics.boundingRect(QRectF(0, 0, room.width(), 10_000), flags, words)
            if needed.height() <= room.height() and needed.width() <= room.width() + 1:
                return words
        return ""

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
        painter.fillRect(
            QRectF(left, 0, right - left, self.height()), self.state.theme.colour("pending_soft")
        )

    def _paint_axis(self, painter: QPainter) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        heights = [self.y_of(value) for value, _ in self._scale.ticks]
        places = spread_labels(heights, metrics.height() - theme.px(2), 0.0, float(self.height()))
        for (_, text), y, place in zip(self._scale.ticks, heights, places, strict=True):
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(self.axis.left, y), QPointF(self.axis.right, y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, place - metrics.height() / 2, self.axis.left - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_series(self, painter: QPainter) -> None:
        """Paint the values of every network."""

    def _paint_names(self, painter: QPainter) -> None:
        theme = self.state.theme
        labelled = [series for series in self._series if not series.faint and len(series.values)]
        font = theme.font(11, bold=True)
        metrics = QFontMetricsF(font)
        height = metrics.height() - theme.px(2)
        wanted = [self._end_height(series) for series in labelled]
        left = self.axis.right + theme.px(12)
        room = self.width() - left
        top = 0.0
        if (
            self.faint_lines
            and any(series.faint for series in self._series)
            and (len(labelled) + 1) * height <= self.height()
        ):
            top = self._paint_key(painter, left)
        places = spread_labels(wanted, height, top - theme.px(1), self.height() - theme.px(1))
        for series, line_end, place in zip(labelled, wanted, places, strict=True):
            ink = self.colour_of(series, ink=True)
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
                note = QFontMetricsF(painter.font()).elidedText(
                    series.note, Qt.TextElideMode.ElideRight, rest.width()
                )
                painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, note)

    def _paint_key(self, painter: QPainter, left: float) -> float:
        """What the dotted lines are, above the names; returns where the room below it begins."""
        theme = self.state.theme
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        sample = theme.px(14)
        box = QRectF(left + sample + theme.px(4), 0, self.width() - left - sample, metrics.height())
        painter.setPen(theme.colour("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.faint_lines)
        pen = QPen(theme.colour("muted"), 1.2 * theme.scale)
        pen.setDashPattern([1.0, 2.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, box.center().y()), QPointF(left + sample, box.center().y()))
        return metrics.height()

    def _end_height(self, series: Series) -> float:
        finite = series.values[~np.isnan(series.values)]
        return self.y_of(float(finite[-1])) if len(finite) else self.plot_rect.bottom()
