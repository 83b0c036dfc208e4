"""Lines and bars for several networks on the shared time axis. Reusable: subclasses say what the values mean."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from playground.ui.panels.memory_row_base import MeasureRow, Series
from playground.ui.theme import NETWORK_DASH

MOST_DOTS = 24
"""Up to so many timesteps every value has its dot."""


class LineRow(MeasureRow):
    """A line for each network in its colour and line style; faint companions are thin and dotted.

    NaN leaves a gap; what lies above the axis has a small arrow at its upper edge.
    """

    def paint_series(self, painter: QPainter) -> None:
        """Paint the lines; faint ones first, so that they stand behind."""
        for series in sorted(self._series, key=lambda series: not series.faint):
            self._paint_line(painter, series)

    def pen_of(self, series: Series) -> QPen:
        """The pen of a line: the network's colour and its line style."""
        theme = self.state.theme
        width = (1.2 if series.faint else 2.0) * theme.scale
        pen = QPen(self.colour_of(series), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        own = [] if series.role else NETWORK_DASH.get(series.network, [])
        dash = [1.0, 2.0] if series.faint else own
        if dash:
            pen.setDashPattern(dash)
        return pen

    def dotted(self, series: Series) -> bool:
        """Whether the values of a line have dots, and its place at the playhead a larger one."""
        return not series.faint

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
        colour = self.colour_of(series)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if not self.dotted(series):
            return
        if len(points) <= MOST_DOTS:
            for point in points:
                if point is not None:
                    painter.drawEllipse(point, 1.8 * theme.scale, 1.8 * theme.scale)
        here = self.state.timestep
        at_playhead = points[here] if here < len(points) else None
        if at_playhead is not None:
            painter.setPen(QPen(theme.colour("surface"), 1.5 * theme.scale))
            painter.drawEllipse(at_playhead, 4.0 * theme.scale, 4.0 * theme.scale)
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


class BarRow(LineRow):
    """A group of bars at each timestep, one for each network in the order of the list; lines in narrow columns."""

    _hover_x = 0.0

    @property
    def with_bars(self) -> bool:
        """Whether the columns are wide enough for a bar for each network."""
        return self.axis.folded is None and self.axis.column_width >= 5 * self.state.theme.scale * max(
            1, len(self._series)
        )

    def bar_rect(self, position: int, timestep: int) -> QRectF:
        """The bar of the network at this position in the list; of height 0 where no gradient arrives."""
        theme = self.state.theme
        column = float(self.axis.edges[timestep + 1] - self.axis.edges[timestep])
        width = min(column * 0.78 / len(self._series), theme.px(22))
        left = float(self.axis.centres[timestep]) + (position - len(self._series) / 2) * width
        value = float(self._series[position].values[timestep])
        top = self.y_of(0.0 if math.isnan(value) else value)
        if value > 0:
            top = min(
                top, self.plot_rect.bottom() - 1.5 * theme.scale
            )  # too small for the axis, but not nothing
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
