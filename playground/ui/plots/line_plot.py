"""Growing curves over the updates of a run: a smoothed line over the pale raw one, labels at the lines' ends.

What a frame costs does not depend on how long the run is. The curves come as `CurveSummary` (at most 1,000 points),
and they are painted into a pixmap that is kept: a frame paints only the piece at the right that is new, some pixels
wide, and copies the rest. All of it is painted again only when a range, the size or the theme changes, which the
calm ranges make rare. Two cards with five networks: 2 ms a frame instead of 15 (and pyqtgraph, which paints
everything every time, is not needed for the first page).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.ui.plots.calm_ranges import tick_distance
from playground.ui.plots.curve_summary import CurveSummary
from playground.ui.plots.polyline import Stroke, mixed, polyline, spread
from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH

PALE = 0.3
"""How much of its network's colour the raw line has."""
GUTTER = 62
"""Unscaled px left of the curves, for the words of the ticks."""
WORTH_PAINTING = 0.6
"""Pixels that the curves must have grown by before a frame paints them again: a dozen updates at 10,000."""
LEAST_HEIGHT = 64
PIXELS_A_SAMPLE = 1.5
"""The smoothed line has a point every so many pixels."""


@dataclass(frozen=True)
class ValueScale:
    """The vertical axis: low..high from the bottom to the top, with labelled ticks; logarithmic or linear."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool = False

    def fraction(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where values stand, 0 at the bottom and 1 at the top; a little beyond for whatever is off the scale."""
        if self.logarithmic:
            with np.errstate(divide="ignore"):
                logs = np.log(np.maximum(values, 0.0))
            place = (logs - math.log(self.low)) / math.log(self.high / self.low)
        else:
            place = (values - self.low) / (self.high - self.low)
        clipped: NDArray[np.float64] = np.fmin(np.fmax(place, -0.2), 1.2)  # these two pass over NaN
        return clipped


@dataclass(frozen=True)
class PlottedCurve:
    """One network's curve. Entry k of the summary is update k + 1."""

    network: str
    title: str
    summary: CurveSummary


class LinePlot(QWidget):
    """Curves of several networks over updates 0..`stop`.

    `words_at(update)` gives the hover's words, `chosen(update)` is called when somebody clicks or drags on the plot.
    """

    def __init__(self, state: UiState, scale: ValueScale) -> None:
        super().__init__()
        self.state = state
        self.words_at: Callable[[int], str] | None = None
        self.chosen: Callable[[int], None] | None = None
        self.empty_sentences: tuple[str, ...] = ("",)
        """What is said while there is no curve, the longest way first."""
        self._scale = scale
        self._reference: tuple[float, str, str] | None = None
        self._curves: list[PlottedCurve] = []
        self._stop = 20.0
        self._marker: int | None = None
        self._hover: int | None = None
        self._canvas: QPixmap | None = None
        self._painted: dict[str, tuple[int, int]] = {}
        """By network: from which update on the next frame must paint again, and the size of its bins."""
        self._runs: dict[str, tuple[int, float]] = {}
        """By network: how long its smoothed line is, in pixels, up to one of its points that is settled."""
        self._ends: dict[str, float] = {}
        """By network: the height at which its smoothed line ends, in pixels."""
        self._strokes: dict[str, tuple[QPen, Stroke]] = {}
        """By network: how the raw line is drawn, and the smoothed one."""
        self._labels: dict[str, tuple[str, QPixmap]] = {}
        self._painted_length = 0
        self._label_width = 0.0
        self._area: QRectF | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the card below need not be painted
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.restyle()

    # -- what is shown
    def show_curves(self, curves: list[PlottedCurve]) -> None:
        """These curves, as they are now. Called for every frame; paints only what is worth it."""
        if [(c.network, c.title) for c in curves] != [(c.network, c.title) for c in self._curves]:
            self._curves = curves
            self._measure_labels()
            self.repaint_all()
        self._curves = curves
        if self._canvas is None or self._advance() >= WORTH_PAINTING:
            self.update()

    def _advance(self) -> float:
        """How many pixels the curves have grown since they were painted last; a run that went back counts too."""
        reached = max((len(curve.summary) for curve in self._curves), default=0)
        return abs(reached - self._painted_length) * self.area.width() / self._stop

    def catch_up(self) -> None:
        """Paint what was too little to be worth a frame: the run stands still now."""
        if self._advance() > 0:
            self.update()

    def set_ranges(self, stop: float, scale: ValueScale) -> None:
        """The last update on the horizontal axis, and the vertical axis. Everything is painted again on a change."""
        if stop != self._stop or scale != self._scale:
            self._stop, self._scale = stop, scale
            self.repaint_all()

    def set_reference(self, reference: tuple[float, str, str] | None) -> None:
        """A value with a dashed line, how it is written, and what it means in two short words; None: no such line."""
        if reference != self._reference:
            self._reference = reference
            self.repaint_all()

    @property
    def reference(self) -> tuple[float, str, str] | None:
        """What is drawn dashed."""
        return self._reference

    def set_marker(self, update: int | None) -> None:
        """Mark the update that is looked at; None: no mark."""
        if update != self._marker:
            self._marker = update
            self.update()

    @property
    def stop(self) -> float:
        """The last update on the horizontal axis."""
        return self._stop

    @property
    def scale(self) -> ValueScale:
        """The vertical axis."""
        return self._scale

    def repaint_all(self) -> None:
        """Paint everything at the next frame, whatever it costs."""
        self._canvas = None
        self._area = None
        self.update()

    def restyle(self) -> None:
        """Take sizes and colours from the theme again."""
        self.setMinimumHeight(self.state.theme.px(LEAST_HEIGHT))
        self._strokes = {}
        self._measure_labels()
        self.repaint_all()

    def minimumSizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(160), theme.px(LEAST_HEIGHT))

    # -- geometry
    @property
    def area(self) -> QRectF:
        """Where the curves are, without labels and ticks."""
        if self._area is None:
            theme = self.state.theme
            title = self._reference[2] if self._reference is not None else ""
            needed = QFontMetricsF(theme.font(11)).horizontalAdvance(title) + theme.px(8)
            gutter = max(float(theme.px(GUTTER)), math.ceil(needed))
            self._area = QRectF(
                gutter,
                theme.px(7),
                max(1.0, self.width() - gutter - self._label_width - theme.px(12)),
                max(1.0, self.height() - theme.px(7) - theme.px(20)),
            )
        return self._area

    def x_of(self, update: float) -> float:
        """The pixel of an update."""
        area = self.area
        return area.left() + area.width() * update / self._stop

    def update_at(self, x: float) -> int | None:
        """The update under this pixel; None left or right of the curves."""
        area = self.area
        reached = max((len(curve.summary) for curve in self._curves), default=0)
        if not reached or not area.left() - 4 <= x <= area.right() + 4:
            return None
        return min(max(round((x - area.left()) / area.width() * self._stop), 0), reached)

    def _y_of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        area = self.area
        y: NDArray[np.float64] = area.bottom() - area.height() * self._scale.fraction(values)
        return y

    def _measure_labels(self) -> None:
        metrics = QFontMetricsF(self.state.theme.font(12, bold=True))
        widths = [metrics.horizontalAdvance(curve.title) for curve in self._curves]
        self._label_width = max([*widths, self.state.theme.px(44)])
        self._labels = {}

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        self._painted_length = max((len(curve.summary) for curve in self._curves), default=0)
        if self._canvas is None or self._bins_changed():
            self._canvas = self._new_canvas()
            self._runs = {}
            self._paint_frame()
            self._paint_curves(0)
        else:
            self._paint_curves(min((start for start, _ in self._painted.values()), default=0))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if any(len(curve.summary) for curve in self._curves):
            self._paint_labels(painter)
            self._paint_marker(painter)
            self._paint_hover(painter)
        else:
            self._paint_empty(painter)
        painter.end()

    def _new_canvas(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        canvas = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        canvas.setDevicePixelRatio(ratio)
        canvas.fill(self.state.theme.colour("surface"))
        return canvas

    def _bins_changed(self) -> bool:
        for curve in self._curves:
            start, size = self._painted.get(curve.network, (0, 1))
            if size != curve.summary.bin_size or len(curve.summary) < start:
                return True
        return False

    def _paint_frame(self) -> None:
        """Ticks and their words; the lines of the grid belong to the curves' area."""
        assert self._canvas is not None
        theme, area = self.state.theme, self.area
        painter = QPainter(self._canvas)
        painter.setFont(theme.font(11))
        line = painter.fontMetrics().height()
        right = area.left() - theme.px(8)
        two_lines = line * 1.85
        middle = self._reference_place()
        top = -10 * two_lines  # where it is in nobody's way
        if middle is not None and self._reference is not None:
            _, written, title = self._reference
            top = min(max(middle - two_lines / 2, 0.0), area.bottom() + line / 2 - two_lines)
            for colour, words, offset in (("text", written, 0.0), ("muted", title, line * 0.85)):
                painter.setPen(theme.colour(colour))
                painter.drawText(QRectF(0, top + offset, right, line), Qt.AlignmentFlag.AlignRight, words)
        painter.setPen(theme.colour("muted"))
        for (_, words), y in zip(self._scale.ticks, self._tick_places(), strict=True):
            if y + line / 2 <= top + theme.px(2) or y - line / 2 >= top + two_lines - theme.px(2):
                painter.drawText(
                    QRectF(0, y - line / 2, right, line),
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                    words,
                )
        top = area.bottom() + theme.px(5)
        words_width = theme.px(80)
        ticks = self._update_ticks()
        for update in ticks:
            painter.drawText(
                QRectF(self.x_of(update) - words_width / 2, top, words_width, line),
                Qt.AlignmentFlag.AlignHCenter,
                f"{update:,}",
            )
        painter.drawText(QRectF(0, top, right, line), Qt.AlignmentFlag.AlignRight, "updates")
        painter.end()

    def _tick_places(self) -> list[float]:
        values = np.array([value for value, _ in self._scale.ticks])
        return [float(y) for y in self._y_of(values)]

    def _reference_place(self) -> float | None:
        """The pixel of the dashed line; None where there is none on this scale."""
        if self._reference is None:
            return None
        value = np.array([self._reference[0]])
        return float(self._y_of(value)[0]) if 0.0 <= float(self._scale.fraction(value)[0]) <= 1.0 else None

    def _update_ticks(self) -> list[int]:
        theme = self.state.theme
        distance = tick_distance(self._stop, max(2, int(self.area.width() / theme.px(74))))
        return list(range(0, int(self._stop) + 1, distance))

    def _paint_curves(self, first: int) -> None:
        """Paint the area from update `first` to the right again: ground, grid, reference, raw lines, smoothed lines."""
        assert self._canvas is not None
        theme, area = self.state.theme, self.area
        left = area.left() if first <= 0 else max(area.left(), math.floor(self.x_of(first)) - theme.px(2))
        over = theme.px(2)  # a thick line at the top of the scale is not cut in half
        clip = QRectF(left, area.top() - over, area.right() + over - left, area.height() + 2 * over)
        painter = QPainter(self._canvas)
        painter.setClipRect(clip)
        painter.fillRect(clip, theme.colour("surface"))
        self._paint_grid(painter, left)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groups = self._alike()
        for curves in groups:
            self._paint_raw(painter, curves, first)
        for curves in groups:
            self._paint_smoothed(painter, curves, first)
        for curve in self._curves:
            summary = curve.summary
            last_bin = (summary.bins - 1) * summary.bin_size
            self._painted[curve.network] = (
                max(0, min(summary.settled, last_bin) - self._stride),
                summary.bin_size,
            )
        painter.end()

    def _alike(self) -> list[list[PlottedCurve]]:
        """The curves that have something to be painted, those together that have their points at the same updates:
        as a rule all, and what is computed at once for them costs little more than for one."""
        groups: dict[tuple[int, int, int], list[PlottedCurve]] = {}
        for curve in self._curves:
            begun, _ = self._runs.get(curve.network, (0, 0.0))
            if len(curve.summary):
                groups.setdefault((len(curve.summary), curve.summary.bin_size, begun), []).append(curve)
        return list(groups.values())

    def _paint_grid(self, painter: QPainter, left: float) -> None:
        theme, area = self.state.theme, self.area
        painter.setPen(QPen(theme.colour("grid"), 1))
        for y in self._tick_places():
            painter.drawLine(QPointF(left, round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
        middle = self._reference_place()
        if middle is None:
            return
        y = round(middle) + 0.5
        pen = QPen(theme.colour("border_strong"), 1)
        pen.setDashPattern([4, 4])
        pen.setDashOffset(left - area.left())
        painter.setPen(pen)
        painter.drawLine(QPointF(left, y), QPointF(area.right(), y))

    @property
    def _stride(self) -> int:
        """Updates between two points of the smoothed lines; the same as long as range and width are."""
        return max(1, round(PIXELS_A_SAMPLE * self._stop / max(self.area.width(), 1.0)))

    def _paint_raw(self, painter: QPainter, curves: list[PlottedCurve], first: int) -> None:
        summaries = [curve.summary for curve in curves]
        size, bins = summaries[0].bin_size, summaries[0].bins
        begin = max(0, first // size - 1)
        if begin >= bins:
            return
        updates = 1 + size * (begin + np.arange(bins - begin) + 0.5) - 0.5  # (b,) the middle of each bin
        values = np.stack([summary.least()[begin:] for summary in summaries])  # (N, b)
        if size > 1:
            updates = np.repeat(updates, 2)  # (2b,)
            greatest = np.stack([summary.greatest()[begin:] for summary in summaries])
            values = np.stack([values, greatest], axis=2).reshape(len(curves), -1)  # (N, 2b)
        x, y = self._x_of_all(updates), self._y_of(values)
        for curve, heights in zip(curves, y, strict=True):
            painter.setPen(self._strokes_of(curve.network)[0])
            painter.drawPolyline(polyline(x, heights))

    def _paint_smoothed(self, painter: QPainter, curves: list[PlottedCurve], first: int) -> None:
        length, stride = len(curves[0].summary), self._stride
        start, _ = self._runs.get(curves[0].network, (0, 0.0))
        places = np.arange(start * stride, length, stride)
        if places[-1] != length - 1:
            places = np.append(places, length - 1)
        x = self._x_of_all(places + 1.0)  # (k,)
        within = curves[0].summary.windows_around(places)
        y = self._y_of(np.stack([curve.summary.mean_of(*within) for curve in curves]))  # (N, k)
        begin = max(0, int(np.searchsorted(places, first)) - 3)
        gone = np.hypot(np.diff(x[: begin + 1]), np.diff(y[:, : begin + 1])).sum(axis=1)  # (N,) pixels
        for curve, heights, way in zip(curves, y, gone.tolist(), strict=True):
            run = self._runs.get(curve.network, (0, 0.0))[1] + way
            if begin:
                self._runs[curve.network] = (start + begin, run)
            stroke = self._strokes_of(curve.network)[1]
            if length == 1:
                painter.setPen(QPen(stroke.colour, 1.5 * stroke.width))
                painter.drawPoint(QPointF(x[0], heights[0]))
            stroke.draw(painter, polyline(x[begin:], heights[begin:]), run)
            self._ends[curve.network] = float(heights[-1])

    def _strokes_of(self, network: str) -> tuple[QPen, Stroke]:
        if network not in self._strokes:
            theme = self.state.theme
            raw = QPen(mixed(theme.network(network), theme.colour("surface"), PALE), theme.scale)
            dashes = tuple(NETWORK_DASH.get(network, ()))
            self._strokes[network] = (raw, Stroke(theme.network(network), 2 * theme.scale, dashes))
        return self._strokes[network]

    def _x_of_all(self, updates: NDArray[np.floating]) -> NDArray[np.float64]:
        area = self.area
        x: NDArray[np.float64] = area.left() + np.asarray(updates, np.float64) * (area.width() / self._stop)
        return x

    def _paint_labels(self, painter: QPainter) -> None:
        theme, area = self.state.theme, self.area
        font = theme.font(12, bold=True)
        painter.setFont(font)
        line = QFontMetricsF(font).height()
        shown = [curve for curve in self._curves if len(curve.summary)]
        ends = [self._ends[curve.network] for curve in shown]
        apart = line - theme.px(2)
        low_plot = area.height() < apart * len(shown)  # then the labels take the room beside the ticks too
        lowest = self.height() - line * 0.5 if low_plot else area.bottom() - line * 0.1
        places = spread(ends, apart, line * 0.4, lowest)
        for curve, y in zip(shown, places, strict=True):
            left = self.x_of(len(curve.summary)) + theme.px(8)
            painter.drawPixmap(QPointF(left - 2, round(y - line / 2) + 1), self._label(curve))

    def _label(self, curve: PlottedCurve) -> QPixmap:
        """The name of a network on the card's ground, written once: text costs more than anything else here."""
        kept = self._labels.get(curve.network)
        if kept is None or kept[0] != curve.title:
            theme, ratio = self.state.theme, self.devicePixelRatioF()
            font = theme.font(12, bold=True)
            height = QFontMetricsF(font).height()
            size = QRectF(0, 0, self._label_width + theme.px(4) + 2, height - 2)
            pixmap = QPixmap(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(theme.colour("surface"))
            painter = QPainter(pixmap)
            painter.setFont(font)
            painter.setPen(theme.network_ink(curve.network))
            box = size.adjusted(2, -1, 0, 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, curve.title)
            painter.end()
            kept = self._labels[curve.network] = (curve.title, pixmap)
        return kept[1]

    def _paint_marker(self, painter: QPainter) -> None:
        if self._marker is None:
            return
        theme, area = self.state.theme, self.area
        x = self.x_of(self._marker)
        painter.setPen(QPen(theme.colour("playhead"), 1.5 * theme.scale))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        font = theme.font(11, bold=True)
        words = f"{self._marker:,}"
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(words) + theme.px(10), metrics.height() + theme.px(2)
        left = min(max(x - width / 2, area.left()), self.width() - width - 1)
        box = QRectF(left, area.bottom() + theme.px(3), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("pending_soft"))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        painter.setPen(theme.colour("pending_ink"))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_hover(self, painter: QPainter) -> None:
        if self._hover is None:
            return
        theme, area = self.state.theme, self.area
        x = self.x_of(self._hover)
        painter.setPen(QPen(theme.colour("muted"), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if self._hover == 0:
            return
        for curve in self._curves:
            if self._hover <= len(curve.summary):
                y = float(self._y_of(curve.summary.smoothed_at(np.array([self._hover - 1])))[0])
                painter.setPen(QPen(theme.colour("surface"), 1.5 * theme.scale))
                painter.setBrush(theme.network(curve.network))
                painter.drawEllipse(QPointF(x, y), 3.5 * theme.scale, 3.5 * theme.scale)

    def _paint_empty(self, painter: QPainter) -> None:
        theme, area = self.state.theme, self.area
        font = theme.font(13)
        metrics = QFontMetricsF(font)
        room = area.width() - theme.px(24)
        fitting = [words for words in self.empty_sentences if metrics.horizontalAdvance(words) <= room]
        words = fitting[0] if fitting else self.empty_sentences[-1]
        size = QRectF(0, 0, metrics.horizontalAdvance(words) + theme.px(24), metrics.height() + theme.px(12))
        size.moveCenter(area.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(size, size.height() / 2, size.height() / 2)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        painter.drawText(size, Qt.AlignmentFlag.AlignCenter, words)

    # -- the mouse
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        update = self.update_at(event.position().x())
        if update != self._hover:
            self._hover = update
            self.update()
        if update is None or self.words_at is None:
            QToolTip.hideText()
            return
        if event.buttons() & Qt.MouseButton.LeftButton and self.chosen is not None:
            self.chosen(update)
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(update), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        update = self.update_at(event.position().x())
        if update is not None and self.chosen is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen(update)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.repaint_all()
