"""Forecast against truth, in a window of the series that follows the place where the free-running forecast begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.tasks.series.series import Series
from playground.ui.plots.calm_ranges import round_values
from playground.ui.plots.polyline import polyline, spread
from playground.ui.state import UiState

GUTTER = 66
OVERVIEW = 34
LEAST_SHOWN, ZOOM = 12, 1.25


@dataclass(frozen=True, eq=False)
class ForecastLine:
    """One network: one_ahead (M,) from position `first` on, free (F,) from `start` on, in the unit of the series."""

    title: str
    network: str
    first: int
    one_ahead: NDArray[np.float64]
    start: int
    free: NDArray[np.float64]


class ForecastPlot(QWidget):
    """The window, and below it the whole series with what is trained on and what is held out.

    A click or drag moves the start; the wheel shows more or less.
    """

    start_chosen = Signal(int)

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self.state = state
        self._series: Series | None = None
        self._lines: tuple[ForecastLine, ...] = ()
        self._start = 0
        self._horizon = 1
        self._shown = 96
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Forecast against truth")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what is shown
    def show_series(self, series: Series | None, start: int, horizon: int) -> None:
        """This series, with the free-running forecast from `start` on."""
        if series is not self._series:
            self._series = series
            self._shown = max(LEAST_SHOWN, 3 * horizon)
        self._start, self._horizon = start, max(1, horizon)
        self.update()

    def show_lines(self, lines: tuple[ForecastLine, ...]) -> None:
        """What the networks forecast."""
        self._lines = lines
        self.update()

    @property
    def window(self) -> tuple[int, int]:  # type: ignore[override]
        """The positions that are shown, the last one exclusive. It may reach beyond the end of the series."""
        series = self._series
        if series is None:
            return 0, 1
        first = max(0, min(self._start - self._shown // 3, series.length + self._horizon - self._shown))
        return first, first + self._shown

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(300), theme.px(150))

    def _area(self) -> QRectF:
        theme = self.state.theme
        bottom = theme.px(OVERVIEW + 46)
        left = theme.px(GUTTER)
        metrics = QFontMetricsF(theme.font(12, bold=True))
        right = max(
            [metrics.horizontalAdvance(line.title) for line in self._lines], default=theme.px(40)
        ) + theme.px(12)
        return QRectF(
            left,
            theme.px(8),
            max(20.0, self.width() - left - right),
            max(20.0, self.height() - bottom - theme.px(8)),
        )

    def _overview(self) -> QRectF:
        theme = self.state.theme
        area = self._area()
        return QRectF(area.left(), self.height() - theme.px(OVERVIEW + 16), area.width(), theme.px(OVERVIEW))

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        series = self._series
        if series is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        first, last = self.window
        low, high = self._range(series, first, last)
        self._paint_ground(painter, series, area, first, last)
        self._paint_scale(painter, series, area, low, high, first, last)
        painter.save()
        painter.setClipRect(area.adjusted(-1, -4, 1, 4))
        self._paint_lines(painter, series, area, first, last, low, high)
        painter.restore()
        self._paint_labels(painter, area, first, last, low, high)
        self._paint_overview(painter, series)
        if self.hasFocus():
            painter.setPen(QPen(self.state.theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _range(self, series: Series, first: int, last: int) -> tuple[float, float]:
        """Of the true values that are shown, with room: a forecast that leaves it is cut at the edge."""
        values = series.values[first : min(last, series.length)]
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        room = 0.15 * (high - low) or 1.0
        return low - room, high + room

    def _x(self, area: QRectF, positions: NDArray[Any] | float, first: int, last: int) -> NDArray[np.float64]:
        x: NDArray[np.float64] = area.left() + area.width() * (
            np.asarray(positions, np.float64) - first
        ) / max(last - first - 1, 1)
        return x

    def _y(
        self, area: QRectF, values: NDArray[np.floating] | float, low: float, high: float
    ) -> NDArray[np.float64]:
        share = (np.asarray(values, np.float64) - low) / (high - low)
        y: NDArray[np.float64] = area.bottom() - area.height() * np.clip(share, -0.1, 1.1)
        return y

    def _paint_ground(self, painter: QPainter, series: Series, area: QRectF, first: int, last: int) -> None:
        """What is trained on has another ground than what is held out; what is forecast freely, a third."""
        theme = self.state.theme
        split = float(np.clip(self._x(area, series.split - 0.5, first, last), area.left(), area.right()))
        if split > area.left():
            painter.fillRect(
                QRectF(area.left(), area.top(), split - area.left(), area.height()), theme.colour("sunken")
            )
        begin = float(np.clip(self._x(area, self._start - 0.5, first, last), area.left(), area.right()))
        end = float(
            np.clip(self._x(area, self._start + self._horizon - 0.5, first, last), area.left(), area.right())
        )
        painter.fillRect(QRectF(begin, area.top(), end - begin, area.height()), theme.colour("pending_soft"))
        painter.setPen(QPen(theme.colour("playhead"), 1.5 * theme.scale))
        painter.drawLine(QPointF(begin, area.top()), QPointF(begin, area.bottom()))
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("pending_ink"))
        painter.drawText(QPointF(begin + theme.px(4), area.top() + theme.px(12)), "on its own from here")
        if split > area.left() + theme.px(60):
            painter.setPen(theme.colour("muted"))
            painter.drawText(QPointF(area.left() + theme.px(4), area.bottom() - theme.px(5)), "trained on")

    def _paint_scale(
        self, painter: QPainter, series: Series, area: QRectF, low: float, high: float, first: int, last: int
    ) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(11))
        line = QFontMetricsF(painter.font()).height()
        values, decimals = round_values(low, high, max(2, min(6, int(area.height() / theme.px(44)))))
        for value in values:
            y = float(self._y(area, value, low, high))
            painter.setPen(QPen(theme.colour("grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - line / 2, area.left() - theme.px(6), line)
            painter.drawText(
                box,
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{value:,.{decimals}f}",
            )
        painter.setPen(theme.colour("muted"))
        for share in (0.0, 0.5, 1.0):
            position = round(first + share * (last - 1 - first))
            if position >= series.length:
                continue
            x = float(self._x(area, position, first, last))
            box = QRectF(x - theme.px(80), area.bottom() + theme.px(4), theme.px(160), line)
            if share == 0.0:
                box, side = QRectF(x, box.top(), box.width(), line), Qt.AlignmentFlag.AlignLeft
            elif share == 1.0:
                box, side = QRectF(x - box.width(), box.top(), box.width(), line), Qt.AlignmentFlag.AlignRight
            else:
                side = Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, side, series.time_in_words(position))

    def _paint_lines(
        self, painter: QPainter, series: Series, area: QRectF, first: int, last: int, low: float, high: float
    ) -> None:
        theme = self.state.theme
        positions = np.arange(first, min(last, series.length))
        truth = polyline(
            self._x(area, positions, first, last), self._y(area, series.values[positions], low, high)
        )
        painter.setPen(QPen(theme.colour("text"), 2.4 * theme.scale))
        painter.drawPolyline(truth)
        for line in self._lines:
            colour = theme.network(line.network)
            for begin, values, width, dashes in (
                (line.first, line.one_ahead, 1.4, ()),
                (line.start, line.free, 2.2, (4.0, 2.0)),
            ):
                from_, to = max(first, begin), min(last, begin + len(values))
                if to <= from_:
                    continue
                at = np.arange(from_, to)
                pen = QPen(colour, width * theme.scale)
                if dashes:
                    pen.setDashPattern(list(dashes))
                painter.setPen(pen)
                painter.drawPolyline(
                    polyline(
                        self._x(area, at, first, last),
                        self._y(area, values[from_ - begin : to - begin], low, high),
                    )
                )

    def _paint_labels(
        self, painter: QPainter, area: QRectF, first: int, last: int, low: float, high: float
    ) -> None:
        theme = self.state.theme
        painter.setFont(theme.font(12, bold=True))
        height = QFontMetricsF(painter.font()).height()
        named: list[tuple[str, QColor, float]] = []
        series = self._series
        assert series is not None
        end = min(last, series.length) - 1
        named.append(("truth", theme.colour("text"), float(self._y(area, series.values[end], low, high))))
        for line in self._lines:
            at = min(last, line.start + len(line.free)) - 1
            if len(line.free) and at >= line.start:
                value = line.free[at - line.start]
            elif len(line.one_ahead):
                value = line.one_ahead[min(max(end - line.first, 0), len(line.one_ahead) - 1)]
            else:
                continue
            named.append(
                (line.title, theme.network_ink(line.network), float(self._y(area, value, low, high)))
            )
        places = spread([place for _, _, place in named], height, area.top() + height / 2, area.bottom())
        for (title, ink, _), y in zip(named, places, strict=True):
            painter.setPen(ink)
            painter.drawText(
                QRectF(area.right() + theme.px(6), y - height / 2, self.width(), height),
                Qt.AlignmentFlag.AlignLeft,
                title,
            )

    def _paint_overview(self, painter: QPainter, series: Series) -> None:
        theme = self.state.theme
        box = self._overview()
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(box)
        split = box.left() + box.width() * series.split / series.length
        painter.fillRect(
            QRectF(box.left(), box.top(), split - box.left(), box.height()), theme.colour("sunken")
        )
        columns = max(2, min(int(box.width()), series.length))
        edges = np.linspace(0, series.length, columns + 1).astype(np.int64)[:-1]
        lows, highs = np.minimum.reduceat(series.values, edges), np.maximum.reduceat(series.values, edges)
        low, high = float(lows.min()), float(highs.max())
        span = (high - low) or 1.0
        x = np.repeat(box.left() + box.width() * (np.arange(columns) + 0.5) / columns, 2)
        both = np.stack([lows, highs], axis=1).ravel()
        y = box.bottom() - 2 - (box.height() - 4) * (both - low) / span
        painter.setPen(QPen(theme.colour("muted"), 1))
        painter.drawPolyline(polyline(np.ascontiguousarray(x), np.ascontiguousarray(y)))
        first, last = self.window
        left = box.left() + box.width() * first / series.length
        right = min(box.right(), box.left() + box.width() * last / series.length)
        painter.setPen(QPen(theme.colour("playhead"), 1.6 * theme.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, box.top(), max(right - left, 3.0), box.height()))
        painter.setFont(theme.font(10))
        painter.setPen(theme.colour("muted"))
        line = QFontMetricsF(painter.font()).height()
        below = QRectF(box.left(), box.bottom() + 1, box.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"trained on: {series.split:,} values")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"held out: the last {series.held_out:,}")

    # -- mouse and keyboard
    def position_at(self, point: QPointF) -> int | None:
        """The position of the series under a point of the plot or of the overview."""
        series = self._series
        if series is None:
            return None
        overview = self._overview()
        if overview.contains(point):
            return int((point.x() - overview.left()) / overview.width() * series.length)
        area = self._area()
        if not area.contains(point):
            return None
        first, last = self.window
        return first + round((point.x() - area.left()) / area.width() * (last - first - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position())
        if position is not None:
            self.start_chosen.emit(position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position())
        series = self._series
        if series is None or position is None:
            QToolTip.hideText()
            return
        if event.buttons() & Qt.MouseButton.LeftButton and self._overview().contains(event.position()):
            self.start_chosen.emit(position)
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(position), self)

    def words_at(self, position: int) -> str:
        """What hovering says: when, the true value, and every network's forecasts."""
        series = self._series
        if series is None:
            return ""
        known = position < series.length
        lines = [series.time_in_words(position) if known else "after the end of the series"]
        if known:
            lines.append(f"truth: {series.in_words(float(series.values[position]))}")
        for line in self._lines:
            if 0 <= position - line.start < len(line.free):
                lines.append(
                    f"{line.title}, on its own: {series.in_words(float(line.free[position - line.start]))}"
                )
            if 0 <= position - line.first < len(line.one_ahead):
                lines.append(
                    f"{line.title}, one ahead: {series.in_words(float(line.one_ahead[position - line.first]))}"
                )
        return "\n".join(lines)

    def wheelEvent(self, event: QWheelEvent) -> None:
        series = self._series
        turn = event.angleDelta().y()
        if series is not None and turn:
            shown = round(self._shown / ZOOM if turn > 0 else self._shown * ZOOM)
            self._shown = max(LEAST_SHOWN, min(shown, series.length))
            self.update()
        event.accept()
