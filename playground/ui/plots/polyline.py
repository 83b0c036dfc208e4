"""Points from numpy to Qt without a Python loop, and colours between two colours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPolygonF
from shiboken6 import Shiboken


def polyline(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    """The points (x[k], y[k]) in the form that QPainter.drawPolyline takes."""
    polygon = QPolygonF()
    polygon.resize(len(x))
    if len(x):
        # A QPolygonF is one block of pairs of doubles; written directly this takes 5 microseconds instead of 500.
        memory = np.frombuffer(Shiboken.VoidPtr(polygon.data(), len(x) * 16, True), np.float64).reshape(-1, 2)
        memory[:, 0] = x
        memory[:, 1] = y
    return polygon


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """`share` (0..1) of the first colour, the rest of the second; opaque, so that lines on lines do not add up."""
    parts = [round(share * a + (1 - share) * b) for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)]
    return QColor(*parts)


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
        while groups and total / members - groups[-1][0] / groups[-1][1] < distance * (members + groups[-1][1]) / 2:
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
