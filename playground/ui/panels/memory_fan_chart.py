"""The chart of the seed fan: a median line and a band for each network, and a dot for each network of each seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from playground.contract.seed_fan import FanTraining
from playground.trace.horizon import HorizonPoint
from playground.ui.panels.memory_chart import MemoryChart
from playground.ui.panels.memory_scales import ValueScale, spread_labels
from playground.ui.panels.memory_words import capitalised, in_between
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.theme import NETWORK_DASH
from playground.ui.vocabulary import network_in_a_sentence, network_title

BAND_OPACITY = 0.13
DOT_OPACITY = 0.55
BESIDE = 5.0
"""Unscaled px between the dots of two networks at the same distance."""


@dataclass(frozen=True)
class Entry:
    """One dot: a network of one seed at one distance."""

    network: str
    distance: int
    rate: float
    right: int
    asked: int
    training: FanTraining


def scale_for(chance: float) -> ValueScale:
    """From a little below chance to all right; rates below stand at the lower edge."""
    low = max(0.0, chance - 0.1)
    ticks = {round(value, 2) for value in (chance, (1.0 + chance) / 2, 1.0)}
    return ValueScale(low, 1.0, ticks=tuple((value, f"{100 * value:.0f} %") for value in sorted(ticks)))


class FanChart(MemoryChart):
    """Columns are distances; the lines of a column are its dots, network by network, seed by seed."""

    least_height = 128
    chosen = Signal(object)
    """A `FanTraining` whose network is to be opened."""

    def __init__(self, state: UiState) -> None:
        self._points: Mapping[str, tuple[HorizonPoint, ...]] = {}
        self._distances: tuple[int, ...] = ()
        self._networks: tuple[str, ...] = ()
        self._chance = 0.5
        self._fillers = ""
        self._scale = scale_for(0.5)
        self._invitation = ""
        self._plot: tuple[object, QRectF] = (None, QRectF())
        self._columns: list[list[Entry]] = []
        super().__init__(
            state,
            "Right answers against what lies in between, many seeds",
            "Left and Right choose the distance, Up and Down the seed, Return opens its network on the Step page.",
        )

    def show_points(
        self,
        points: Mapping[str, tuple[HorizonPoint, ...]],
        distances: tuple[int, ...],
        networks: tuple[str, ...],
        chance: float,
        fillers: str,
    ) -> None:
        """Show what is known so far; `distances` and `networks` are those that will be known."""
        self._points, self._distances, self._networks = points, distances, networks
        self._chance, self._fillers, self._scale = chance, fillers, scale_for(chance)
        self._columns = [self._entries_at(distance) for distance in distances]
        if self.mark is not None and self.mark[1] >= max(1, len(self._columns[self.mark[0]])):
            self.set_mark(None)
        self._describe()
        self.update()

    def set_invitation(self, text: str) -> None:
        """What is said in the middle while there is nothing to see."""
        if text != self._invitation:
            self._invitation = text
            self.update()

    def _entries_at(self, distance: int) -> list[Entry]:
        found = []
        for network in self._networks:
            for point in self._points.get(network, ()):
                if point.distance != distance:
                    continue
                for rate, training in zip(point.rates, point.trainings, strict=True):
                    place = training.distances.index(distance)
                    right, asked = training.right[place], training.asked[place]
                    found.append(Entry(network, distance, rate, right, asked, training))
        return found

    # -- columns and lines
    def count(self) -> tuple[int, int]:
        return len(self._distances), max((len(entries) for entries in self._columns), default=0)

    def entry(self, mark: tuple[int, int]) -> Entry | None:
        """What is marked."""
        column, line = mark
        if column >= len(self._columns) or not self._columns[column]:
            return None
        return self._columns[column][min(line, len(self._columns[column]) - 1)]

    def words_of(self, mark: tuple[int, int]) -> str:
        entry = self.entry(mark)
        if entry is None:
            return f"{capitalised(in_between(self._distances[mark[0]], self._fillers))}: not known yet"
        who = capitalised(network_in_a_sentence(entry.network, self.state.vocabulary))
        training = entry.training
        ended = "then it was right" if training.reached else "the limit"
        return (
            f"{who}, seed {training.seed}, {in_between(entry.distance, self._fillers)}: right {percent(entry.rate)} "
            f"({entry.right} of {entry.asked}) after {training.update:,} updates, {ended}. Click opens this network."
        )

    def act_on(self, mark: tuple[int, int]) -> None:
        entry = self.entry(mark)
        if entry is not None:
            self.chosen.emit(entry.training)

    # -- geometry
    @property
    def plot_rect(self) -> QRectF:
        """Where the lines are. Asked for at every dot, so it is kept."""
        theme = self.state.theme
        key = (self.size(), theme, self.state.vocabulary, self._networks)
        if self._plot[0] != key:
            ticks = QFontMetricsF(theme.font(10))
            left = ticks.horizontalAdvance("100 %") + theme.px(8)
            names = QFontMetricsF(theme.font(12, bold=True))
            widths = [
                names.horizontalAdvance(network_title(each, self.state.vocabulary)) for each in self._networks
            ]
            right = max(widths, default=0.0) + theme.px(18)
            foot = 2 * ticks.height() + theme.px(8)
            self._plot = (key, self.chart_rect.adjusted(left, theme.px(8), -right, -foot))
        return self._plot[1]

    def point(self, distance: float, rate: float, network: str = "") -> QPointF:
        """Where a rate at a distance stands; dots of several networks stand beside each other."""
        rect = self.plot_rect
        longest = max(self._distances[-1], 1) if self._distances else 1
        inner = rect.adjusted(self.state.theme.px(14), 0, -self.state.theme.px(14), 0)
        beside = 0.0
        if network in self._networks and len(self._networks) > 1:
            place = self._networks.index(network) - (len(self._networks) - 1) / 2
            beside = place * BESIDE * self.state.theme.scale
        y = rect.bottom() - self._scale.fraction(rate) * rect.height()
        return QPointF(inner.left() + inner.width() * distance / longest + beside, y)

    def mark_at(self, position: QPointF) -> tuple[int, int] | None:
        if not self.plot_rect.adjusted(-8, -12, 8, 12).contains(position):
            return None
        best, nearest = None, float("inf")
        for column, entries in enumerate(self._columns):
            for line, entry in enumerate(entries):
                away = self.point(entry.distance, entry.rate, entry.network) - position
                length = 2 * abs(away.x()) + abs(away.y())
                if length < nearest:
                    best, nearest = (column, line), length
        return best

    # -- painting
    def paint_chart(self, painter: QPainter) -> None:
        self._paint_axes(painter)
        for network in reversed(self._networks):
            self._paint_band(painter, network)
        for network in reversed(self._networks):
            self._paint_line(painter, network)
        self._paint_dots(painter)
        self._paint_names(painter)
        if self._invitation:
            painter.setFont(self.state.theme.font(13))
            painter.setPen(self.state.theme.colour("muted"))
            middle = self.plot_rect.adjusted(0, 0, 0, -0.2 * self.plot_rect.height())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(middle, int(flags), self._invitation)

    def _paint_axes(self, painter: QPainter) -> None:
        theme = self.state.theme
        rect = self.plot_rect
        painter.setFont(theme.font(10))
        metrics = QFontMetricsF(painter.font())
        for tick, text in self._scale.ticks:
            y = self.point(0, tick).y()
            pen = QPen(theme.colour("muted" if tick == round(self._chance, 2) else "grid"), 1)
            if tick == round(self._chance, 2):
                pen.setDashPattern([3, 4])
            painter.setPen(pen)
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - metrics.height() / 2, rect.left() - theme.px(6), metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        free_from = -1e9
        for distance in self._distances:
            x = self.point(distance, 0).x()
            width = metrics.horizontalAdvance(str(distance))
            if x - width / 2 < free_from:
                continue
            free_from = x + width / 2 + theme.px(6)
            box = QRectF(x - width, rect.bottom() + theme.px(6), 2 * width, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(distance))
        below = QRectF(
            rect.left(), rect.bottom() + theme.px(6) + metrics.height(), rect.width(), metrics.height()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{self._fillers} in between")
        painter.drawText(
            QRectF(
                rect.left() + theme.px(4),
                self.point(0, self._chance).y() + theme.px(1),
                rect.width(),
                metrics.height(),
            ),
            Qt.AlignmentFlag.AlignLeft,
            "guessing",
        )

    def _paint_band(self, painter: QPainter, network: str) -> None:
        points = self._points.get(network, ())
        if len(points) < 2:
            return
        colour = QColor(self.state.theme.network(network))
        colour.setAlphaF(BAND_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.setRenderHint(
            QPainter.RenderHint.Antialiasing, False
        )  # of a large pale area nobody sees the edge
        for edges in ([(p.low, p.high) for p in points], [p.quartiles for p in points]):
            upper = [self.point(p.distance, high) for p, (_, high) in zip(points, edges, strict=True)]
            lower = [self.point(p.distance, low) for p, (low, _) in zip(points, edges, strict=True)]
            painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_line(self, painter: QPainter, network: str) -> None:
        theme = self.state.theme
        points = [self.point(point.distance, point.median) for point in self._points.get(network, ())]
        pen = QPen(theme.network(network), 2.4 * theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if NETWORK_DASH.get(network):
            pen.setDashPattern(NETWORK_DASH[network])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

    def _paint_dots(self, painter: QPainter) -> None:
        theme = self.state.theme
        marked = self.entry(self.mark) if self.mark is not None else None
        for entry in (entry for entries in self._columns for entry in entries):
            colour = QColor(theme.network(entry.network))
            same = marked is not None and entry.training is marked.training
            colour.setAlphaF(1.0 if same else DOT_OPACITY)
            painter.setPen(
                QPen(theme.colour("text"), 1.5 * theme.scale) if entry == marked else Qt.PenStyle.NoPen
            )
            painter.setBrush(colour)
            radius = (4.5 if same else 2.4) * theme.scale
            painter.drawEllipse(self.point(entry.distance, entry.rate, entry.network), radius, radius)

    def _paint_names(self, painter: QPainter) -> None:
        theme = self.state.theme
        known = [
            (network, self._points[network][-1]) for network in self._networks if self._points.get(network)
        ]
        font = theme.font(12, bold=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        ends = [self.point(point.distance, point.median) for _, point in known]
        places = spread_labels([end.y() for end in ends], metrics.height(), 0, self.chart_rect.bottom())
        left = self.plot_rect.right() + theme.px(6)
        for (network, _), place in zip(known, places, strict=True):
            painter.setPen(theme.network_ink(network))
            box = QRectF(left, place - metrics.height() / 2, self.width() - left, metrics.height())
            painter.drawText(
                box, Qt.AlignmentFlag.AlignVCenter, network_title(network, self.state.vocabulary)
            )
