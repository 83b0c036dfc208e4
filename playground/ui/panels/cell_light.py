"""What a sub-step lights: everything that takes part stays as it is, its ways are drawn stronger, the rest is faint."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.ui.panels.cell_geometry import Journey, WireSpot
from playground.ui.panels.cell_item_base import Z_WIRE
from playground.ui.panels.cell_wires import WireItem
from playground.ui.theme import Theme

FAINT = 0.24
"""The opacity of what does not take part: still to be seen, no more to be looked at."""
WIDTHS = {"long_term": 6.0, "short_term": 6.0, "inputs": 2.6}
"""Unscaled px of a lit way by what goes along it: event and short-term memory share the bus, the event on top."""
USUAL_WIDTH = 3.6


class LitPaths(QGraphicsItem):
    """The ways of one sub-step, each in the colour of what goes along it; nothing while the whole timestep is shown."""

    def __init__(self, bounds: QRectF, theme: Theme) -> None:
        super().__init__()
        self._bounds, self._theme = bounds, theme
        self._ways: tuple[WireItem, ...] = ()
        self.setZValue(Z_WIRE + 0.5)
        self.setAcceptedMouseButtons(
            Qt.MouseButton.NoButton
        )  # and no cache: it would be as large as the scene

    @property
    def count(self) -> int:
        """How many ways are lit."""
        return len(self._ways)

    def ways_of(self, journeys: Sequence[Journey]) -> list[WireItem]:
        """The ways of these journeys, to be shown with `show_ways`: found once for each sub-step of a diagram."""
        widest_first = sorted(journeys, key=lambda journey: -WIDTHS.get(journey.role, USUAL_WIDTH))
        ways = []
        for number, way in enumerate(widest_first):
            covered = any(way.points[-1] == other.points[-1] for other in widest_first[number + 1 :])
            spot = WireSpot(way.points, way.role, WIDTHS.get(way.role, USUAL_WIDTH), not covered)
            ways.append(WireItem(spot, (), self._theme))
        return ways

    def show_ways(self, ways: Sequence[WireItem]) -> None:
        """Light these."""
        for way in (*self._ways, *ways):  # only there the scene is painted again
            self.update(way.boundingRect())
        self._ways = tuple(ways)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        for way in self._ways:
            way.paint(painter, option, widget)
