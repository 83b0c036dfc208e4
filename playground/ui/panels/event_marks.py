"""What a what-if changed, marked on the event strip: other events, and the timesteps where something is held or set."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from playground.contract.cell_description import CellDescription
from playground.contract.event_edits import Slot
from playground.contract.intervention import HoldQuantity, Intervention, SetMemory
from playground.tasks.task import Event
from playground.ui.drawings import drawing
from playground.ui.plots.time_axis import TimeAxis
from playground.ui.theme import Theme

GHOST = 20
"""Unscaled px of the picture of an event that is not there any more."""
MOST_TRACKS = 3


@dataclass(frozen=True)
class Track:
    """A line under the timesteps (first to last) at which something is held, in the colour of its role."""

    role: str
    timesteps: tuple[int, ...]


@dataclass(frozen=True)
class StripMarks:
    """Everything that is marked. `slots` as in `contract.event_edits`; `true_events` are those of the true row."""

    slots: tuple[Slot, ...]
    true_events: tuple[Event, ...]
    tracks: tuple[Track, ...]
    wedges: tuple[Track, ...]
    """Memories that are set before a timestep reads them."""

    def words_at(self, timestep: int) -> str:
        """What is different about the event of this timestep."""
        for slot in self.slots:
            if slot.changed == timestep and slot.true is None:
                return "put in"
            if slot.changed == timestep and slot.replaced and slot.true is not None:
                return f"in place of {self.true_events[slot.true].title}"
        return ""

    @property
    def changed_timesteps(self) -> tuple[int, ...]:
        """The timesteps with another event than before."""
        return tuple(slot.changed for slot in self.slots if slot.event and slot.changed is not None)

    def paint(self, painter: QPainter, axis: TimeAxis, height: int, theme: Theme, ratio: float) -> None:
        """Paint over the strip."""
        at = 0
        for slot in self.slots:
            if slot.changed is None:
                if slot.true is not None:
                    self._ghost(
                        painter, float(axis.edges[min(at, axis.length)]), slot.true, theme, ratio, True
                    )
                continue
            at = slot.changed + 1
            if slot.event and slot.changed < axis.length:
                self._frame(painter, axis, slot.changed, height, theme)
                right = float(axis.edges[slot.changed + 1])
                if slot.true is not None:
                    self._ghost(
                        painter, right - theme.px(GHOST * 0.7), slot.true, theme, ratio, axis.column_width
                    )
                else:
                    self._plus(painter, right - theme.px(12), theme)
        for number, track in enumerate(self.tracks[:MOST_TRACKS]):
            self._track(painter, axis, track, height - theme.px(2) - number * theme.px(4), theme)
        for number, wedge in enumerate(self.wedges[: 2 * MOST_TRACKS]):
            self._wedge(painter, axis, wedge, number, theme)

    def _frame(self, painter: QPainter, axis: TimeAxis, timestep: int, height: int, theme: Theme) -> None:
        pen = QPen(theme.colour("accent"), 1.8 * theme.scale)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = float(axis.edges[timestep]), float(axis.edges[timestep + 1])
        wide = min(right - left - 2, float(theme.px(100)))
        box = QRectF((left + right) / 2 - wide / 2, 1, wide, height - theme.px(6))
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))

    def _ghost(self, painter: QPainter, x: float, true: int, theme: Theme, ratio: float, room: float) -> None:
        """The true event, small and struck out, around `x`."""
        size = round(max(theme.px(9), min(theme.px(GHOST), 0.55 * room)))  # in a dense row, small
        box = QRectF(max(0.0, x - size / 2), theme.px(2), size, size)
        painter.setPen(QPen(theme.colour("border_strong"), theme.scale))
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(box.adjusted(-2, -2, 2, 2))
        event = self.true_events[true]
        painter.setOpacity(0.6)
        if event.drawing:
            inner = box.adjusted(2, 2, -2, -2)
            painter.drawPixmap(inner.topLeft(), drawing(event.drawing, round(inner.width()), ratio))
        else:
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(11, mono=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, event.title[:2])
        painter.setOpacity(1.0)
        painter.setPen(QPen(theme.colour("danger_ink"), 2 * theme.scale))
        painter.drawLine(box.bottomLeft(), box.topRight())

    def _plus(self, painter: QPainter, x: float, theme: Theme) -> None:
        size = theme.px(14)
        box = QRectF(x - size / 2, theme.px(2), size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(box)
        painter.setPen(QPen(theme.colour("on_accent"), 1.8 * theme.scale))
        middle, arm = box.center(), size * 0.26
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _track(self, painter: QPainter, axis: TimeAxis, track: Track, y: float, theme: Theme) -> None:
        pen = QPen(theme.role(track.role), 3 * theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        for first, last in runs(track.timesteps):
            if first < axis.length:
                right = float(axis.edges[min(last, axis.length - 1) + 1])
                painter.drawLine(QPointF(float(axis.edges[first]) + 2, y), QPointF(right - 2, y))

    def _wedge(self, painter: QPainter, axis: TimeAxis, wedge: Track, number: int, theme: Theme) -> None:
        """A triangle between two events, pointing down: here the memory is another one."""
        painter.setPen(QPen(theme.colour("surface"), theme.scale))
        painter.setBrush(theme.role(wedge.role))
        side = theme.px(7)
        for timestep in wedge.timesteps:
            if timestep < axis.length:
                x, top = float(axis.edges[timestep]), theme.px(1) + number * theme.px(5)
                shape = [QPointF(x - side, top), QPointF(x + side, top), QPointF(x, top + 1.5 * side)]
                painter.drawPolygon(QPolygonF(shape))


def runs(timesteps: tuple[int, ...]) -> list[tuple[int, int]]:
    """Runs of timesteps that follow each other, as (first, last)."""
    found: list[tuple[int, int]] = []
    for timestep in sorted(timesteps):
        if found and timestep == found[-1][1] + 1:
            found[-1] = (found[-1][0], timestep)
        else:
            found.append((timestep, timestep))
    return found


def strip_marks(
    slots: tuple[Slot, ...],
    true_events: tuple[Event, ...],
    length: int,
    interventions: tuple[Intervention, ...],
    description: CellDescription | None,
) -> StripMarks:
    """What is marked for these interventions, on a changed row of this length."""
    tracks, wedges = [], []
    for each in interventions:
        if isinstance(each, HoldQuantity) and description is not None:
            role = description.quantity(each.quantity).role
            tracks.append(Track(role, tuple(each.held_timesteps(length))))
        elif isinstance(each, SetMemory) and description is not None:
            wedge = Track(description.quantity(each.state).role, (each.at,))
            if wedge not in wedges:
                wedges.append(wedge)
    return StripMarks(slots, true_events, tuple(tracks), tuple(wedges))
