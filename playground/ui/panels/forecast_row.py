"""Forecast and truth of a series on the time axis: what was known and said up to the playhead, and what came after."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPen

from playground.tasks.series.series import Values
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.task import EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.plots.polyline import polyline
from playground.ui.plots.time_rows import TimeRow
from playground.ui.series_values import forecasts_of, positions_of
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title

TO_COME = 0.28
"""Opacity of what lies after the playhead."""
HIGH, LOW, LOWEST = 104, 66, 40
"""Unscaled heights: where there is room, in a low window, in a lecture."""


class ForecastRow(TimeRow):
    """The truth as it came in, and every network's forecast of each value, made one timestep before it.

    A forecast stands at the timestep of the value that it is of, so that the two can be compared; the next ones stand
    as rings right of the playhead. For another task than a series it shows nothing.
    """

    stretch = 0
    base_height = HIGH

    def __init__(self, state: UiState, *, follows_moment: bool = True) -> None:
        """`follows_moment`: it shows what the networks say at the moment shown; otherwise what it is given."""
        self._task: SeriesTask | None = None
        self._low = False
        self._sequence: EventSequence | None = None
        self._truth: Values = np.empty(0)
        self._forecasts: dict[str, Values] = {}
        self._traces: tuple[SequenceTrace, ...] = ()
        super().__init__(state, "Forecast", "and truth")
        state.timestep_changed.connect(self._timestep_changed)
        if follows_moment:
            state.moment_changed.connect(self.refresh)
        self._follows_moment = follows_moment
        state.network_changed.connect(self._network_changed)

    def rescale(self) -> None:
        self.base_height = HIGH if not self._low else LOWEST if self.state.lecture else LOW
        self.setFixedHeight(self.state.theme.px(self.base_height))
        self.update()

    def set_low(self, low: bool) -> None:
        """Less high, where every pixel counts."""
        self._low = low
        self.rescale()

    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """What is read."""
        self._task = task if isinstance(task, SeriesTask) else None
        self._sequence, self._traces, self._forecasts = sequence, (), {}
        if self._task is not None:
            self._truth = self._task.series.values[positions_of(sequence)]
            unit = self._task.series.unit
            self.set_label("Forecast", f"and truth, in {unit}" if unit else "and truth")
        if self._follows_moment:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Take what the networks say at the moment that is shown."""
        if self._task is None or self._sequence is None or not self.isVisible():
            return
        view, shown = self.state.what_if, dict(self.state.moment.traces)
        if view is not None and self.state.shows_changed and not view.edits_events:
            shown |= view.changed
        self.show_traces(shown)

    def show_traces(self, shown: Mapping[str, SequenceTrace]) -> None:
        """What these networks say; those that read something else are left out."""
        if self._task is None or self._sequence is None:
            return
        traces = tuple(trace for trace in shown.values() if trace.length == self._sequence.length)
        if len(traces) != len(self._traces) or any(
            a is not b for a, b in zip(traces, self._traces, strict=True)
        ):
            self._traces = traces
            self._forecasts = {
                trace.network: forecasts_of(self._task, self._sequence, trace) for trace in traces
            }
            self.update()

    @property
    def forecasts(self) -> Mapping[str, Values]:
        """By network (T,): what it forecasts at each timestep, in the unit of the series."""
        return self._forecasts

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self.update_columns()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self.update_columns()

    # -- painting
    def _range(self) -> tuple[float, float]:
        low, high = float(self._truth.min()), float(self._truth.max())
        room = 0.08 * (high - low) or 1.0
        return low - room, high + room

    def paint_row(self, painter: QPainter) -> None:
        if self._task is None or self._sequence is None or self._sequence.length != self.axis.length:
            return
        theme = self.state.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self._range()
        top, bottom = theme.px(4), self.height() - theme.px(4)
        left, right = float(self.axis.edges[0]), float(self.axis.edges[-1])
        self._paint_ground(painter, left, right, top, bottom)
        x = self.axis.centres

        def place(values: Values) -> Values:
            share = np.clip((values - low) / (high - low), -0.05, 1.05)
            return np.asarray(bottom - share * (bottom - top), np.float64)

        self._paint_scale(painter, low, high, top, bottom)
        painter.save()
        painter.setClipRect(QRectF(left, 0, right - left, self.height()))
        here = min(self.state.timestep, len(x) - 1)
        for first, last, opacity in ((here, len(x), TO_COME), (0, here + 1, 1.0)):
            painter.setOpacity(opacity)
            painter.setPen(QPen(theme.colour("text"), 2.0 * theme.scale))
            painter.drawPolyline(polyline(x[first:last], place(self._truth[first:last])))
            for key, values in self._forecasts.items():
                opened = key == self.state.network
                painter.setPen(QPen(theme.network(key), (1.8 if opened else 1.2) * theme.scale))
                # what was said at t stands at t + 1
                at, said = x[1:], place(values[:-1])
                begin = max(first - 1, 0)
                painter.drawPolyline(polyline(at[begin : last - 1], said[begin : last - 1]))
        painter.setOpacity(1.0)
        self._paint_next(painter, place, here)
        painter.restore()

    def _paint_ground(self, painter: QPainter, left: float, right: float, top: float, bottom: float) -> None:
        """What only warms the memory up stands on another ground."""
        assert self._sequence is not None
        theme = self.state.theme
        counted = np.flatnonzero(self._sequence.asked)
        if len(counted) and counted[0] > 0:
            until = float(self.axis.edges[min(int(counted[0]) + 1, self.axis.length)])
            painter.fillRect(QRectF(left, top, until - left, bottom - top), theme.colour("sunken"))
            painter.setFont(theme.font(10))
            painter.setPen(theme.colour("muted"))
            words = "warming up"
            if not self._low and painter.fontMetrics().horizontalAdvance(words) + theme.px(12) < until - left:
                place = QRectF(left + theme.px(5), top, until - left, bottom - top - theme.px(1))
                painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_scale(self, painter: QPainter, low: float, high: float, top: float, bottom: float) -> None:
        assert self._task is not None
        theme, decimals = self.state.theme, self._task.series.decimals
        painter.setFont(theme.font(10))
        line = painter.fontMetrics().height()
        for share in (0.12, 0.88):
            y = bottom - share * (bottom - top)
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(self.axis.left, y), QPointF(self.axis.right, y))
            painter.setPen(theme.colour("muted"))
            words = f"{low + share * (high - low):,.{decimals}f}"
            box = QRectF(0, y - line / 2, self.axis.left - theme.px(6), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_next(self, painter: QPainter, place: object, here: int) -> None:
        """The value that was just read, and what each network says comes next."""
        assert callable(place)
        theme, x = self.state.theme, self.axis.centres
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        at = QPointF(float(x[here]), float(place(self._truth[here : here + 1])[0]))
        painter.drawEllipse(at, theme.px(3.5), theme.px(3.5))
        if here + 1 >= len(x):
            return
        painter.setBrush(theme.colour("surface"))
        for key, values in self._forecasts.items():
            painter.setPen(QPen(theme.network(key), 2 * theme.scale))
            y = float(place(values[here : here + 1])[0])
            painter.drawEllipse(QPointF(float(x[here + 1]), y), theme.px(4), theme.px(4))

    def words_at(self, timestep: int, position: QPointF) -> str:
        if self._task is None or self._sequence is None or timestep >= self._sequence.length:
            return ""
        series = self._task.series
        lines = [f"timestep {timestep + 1}, {self._sequence.events[timestep].title}"]
        if timestep > 0:
            lines += [
                f"{network_title(key, self.state.vocabulary)} had said: {series.in_words(float(values[timestep - 1]))}"
                for key, values in self._forecasts.items()
            ]
        return "\n".join(lines)
