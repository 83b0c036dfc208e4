"""Points from numpy to Qt without a Python loop, and colours between two colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from shiboken6 import Shiboken


def polyline(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """The points (x[k], y[k]) in the form that QPainter.drawPolyline takes."""
    polygon = QPolygonF()
    polygon.resize(len(x))
    if len(x):
        # A QPolygonF is one block of pairs of doubles; written directly this takes 5 microseconds instead of 500.
        block: Any = Shiboken.VoidPtr(polygon.data(), len(x) * 16, True)  # type: ignore[call-arg, arg-type]
        memory = np.frombuffer(block, np.float64).reshape(-1, 2)
        memory[:, 0] = x
        memory[:, 1] = y
    return polygon


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: colour, width in pixels, and dashes in widths (none: solid)."""

    colour: QColor
    width: float
    dashes: tuple[float, ...] = ()

    def draw(self, painter: QPainter, points: QPolygonF, begun: float = 0.0) -> None:
        """Draw the line through `points`, smoothly if the painter is; dashes go on after `begun` pixels.

        A thick line costs Qt's rasteriser fifteen times a thin one. So this draws four or five thin ones close beside
        each other, which look the same.
        """
        pen = QPen(self.colour, 1.0)
        if self.dashes:
            pen.setDashPattern([part * self.width for part in self.dashes])
            pen.setDashOffset(begun)
        painter.setPen(pen)
        away = 0.4 * (self.width - 1.0)
        if away <= 0.0 or self.width > 2.2:
            painter.drawPolyline(points)
        if away > 0.0:
            for right, down in ((away, away), (-2 * away, 0.0), (0.0, -2 * away), (2 * away, 0.0)):
                painter.translate(right, down)
                painter.drawPolyline(points)
            painter.translate(-away, away)


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """`share` (0..1) of the first colour, the rest of the second; opaque, so that lines on lines do not add up."""
    return QColor(
        round(share * first.red() + (1 - share) * second.red()),
        round(share * first.green() + (1 - share) * second.green()),
        round(share * first.blue() + (1 - share) * second.blue()),
    )


def spread(places: list[float], distance: float, low: float, high: float) -> list[float]:
    """Each of `places` moved as little as needed to be at least `distance` from the others, within low..high.

    Labels at the ends of lines stand at the line where there is room, and in the lines' order where there is not.
    Where not even all of low..high is enough, they stand evenly in it.
    """
    if not places:
        return []
    order = sorted(range(len(places)), key=lambda k: places[k])
    distance = min(distance, (high - low) / max(len(places) - 1, 1))
    # Neighbours that touch become one group, which stands around the mean of where its members want to be.
    groups: list[tuple[float, int]] = []  # (sum of the members' places, members)
    for k in order:
        total, members = places[k], 1
        while (
            groups
            and total / members - groups[-1][0] / groups[-1][1] < distance * (members + groups[-1][1]) / 2
        ):
            before = groups.pop()
            total, members = total + before[0], members + before[1]
        groups.append((total, members))
    wanted = [
        total / members + distance * (member - (members - 1) / 2)
        for total, members in groups
        for member in range(members)
    ]
    lowest = low
    for position, place in enumerate(wanted):
        wanted[position] = max(place, lowest)
        lowest = wanted[position] + distance
    highest = high
    for position in reversed(range(len(wanted))):
        wanted[position] = min(wanted[position], highest)
        highest = wanted[position] - distance
    moved = [0.0] * len(places)
    for k, place in zip(order, wanted, strict=True):
        moved[k] = place
    return moved
