"""How a what-if spreads through time: one unit's memories and the answer, true line thin, changed line strong."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.tasks.task import Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure, plain_symbol, title_of
from playground.ui.panels.event_marks import runs
from playground.ui.panels.panel import Panel
from playground.ui.plots.polyline import Stroke, polyline
from playground.ui.plots.time_rows import TimeRow, TimeStack
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.what_if_view import WhatIfView

ROW_HEIGHT = 30
ROOM_FOR_ALL = 980
"""Unscaled height of the window from which both memories have a row."""
MEMORIES = ("cell_state", "hidden_state")
SHADE = 0.22


@dataclass(frozen=True, eq=False)
class Pair:
    """Two lines over the changed row: true (T,) with NaN where an event was put in, changed (T,); their bounds."""

    true: NDArray[np.float64]
    changed: NDArray[np.float64]
    low: float
    high: float
    middle: float | None = None


def aligned(view: WhatIfView, true: NDArray[np.floating]) -> NDArray[np.float64]:
    """(T, ...) true values (T_true, ...) at the places of the changed row; NaN where an event was put in."""
    length = view.sequence.length
    found = np.full((length, *true.shape[1:]), np.nan)
    for slot in view.slots:
        if slot.true is not None and slot.changed is not None and slot.true < len(true):
            found[slot.changed] = true[slot.true]
    return found


def most_changed_unit(view: WhatIfView, network: str, name: str, layer: int = -1) -> int:
    """The unit of a layer whose `name` differs most between both worlds, summed over time; 0 where none does."""
    true = aligned(view, view.true[network].value(name, layer))  # (T, H)
    away = np.nansum(np.abs(view.changed[network].value(name, layer) - true), axis=0)  # (H,)
    return int(np.argmax(away))


def state_pair(
    view: WhatIfView, network: str, name: str, unit: int, unbounded: bool, layer: int = -1
) -> Pair:
    """One unit's memory in both worlds: between -1 and 1, or, where it has no bound, between round numbers."""
    true = aligned(view, view.true[network].value(name, layer)[:, unit])
    changed = view.changed[network].value(name, layer)[:, unit].astype(np.float64)
    bound = round_bound(float(np.nanmax(np.abs([true, changed])))) if unbounded else 1.0
    return Pair(true, changed, -bound, bound, 0.0)


def round_bound(largest: float) -> float:
    """The next of ... 1, 2, 5, 10, 20, 50 ... that is not below this; at least 1."""
    bound = 1.0
    for times in itertools.cycle((2.0, 2.5, 2.0)):
        if bound >= largest or not np.isfinite(largest):
            break
        bound *= times
    return bound


def answer_pair(view: WhatIfView, network: str, rivals: tuple[int, int]) -> Pair:
    """P(first rival) / (P(first) + P(second)) in both worlds: what the network leans to, at every timestep."""

    def share(trace: SequenceTrace) -> NDArray[np.float64]:
        first, second = (trace.probabilities[:, rival].astype(np.float64) for rival in rivals)
        both = first + second
        return np.divide(first, both, out=np.full_like(first, 0.5), where=both > 0)

    return Pair(aligned(view, share(view.true[network])), share(view.changed[network]), 0.0, 1.0, 0.5)


class PairRow(TimeRow):
    """Two lines and the difference between them, shaded."""

    stretch = 1
    base_height = ROW_HEIGHT

    def __init__(self, state: UiState) -> None:
        self._pair: Pair | None = None
        self._colour = QColor()
        self._percent = False
        super().__init__(state)

    def show_pair(self, pair: Pair | None, colour: QColor, *, as_percent: bool = False) -> None:
        """Show these lines."""
        self._pair, self._colour, self._percent = pair, colour, as_percent
        self.update()

    @property
    def pair(self) -> Pair | None:
        """What is shown."""
        return self._pair

    def _heights(self, line: NDArray[np.float64]) -> NDArray[np.float64]:
        """(T,) where the values of a line are painted."""
        assert self._pair is not None
        edge = self.state.theme.px(4)
        low, high = self._pair.low, self._pair.high
        share = (np.clip(line, low, high) - low) / max(1e-12, high - low)
        heights: NDArray[np.float64] = self.height() - edge - share * (self.height() - 2 * edge)
        return heights

    def paint_row(self, painter: QPainter) -> None:
        pair = self._pair
        if pair is None:
            return
        theme = self.state.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if pair.middle is not None:
            painter.setPen(QPen(theme.colour("border"), 1))
            y = float(self._heights(np.array([pair.middle]))[0])
            painter.drawLine(QPointF(self.axis.left, y), QPointF(self.axis.right, y))
        count = min(len(pair.changed), self.axis.length)
        x = self.axis.centres[:count]
        true, changed = self._heights(pair.true[:count]), self._heights(pair.changed[:count])
        shade = QColor(self._colour)
        shade.setAlphaF(SHADE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        known = runs(tuple(int(t) for t in np.flatnonzero(~np.isnan(true))))
        for first, last in known:
            there, back = slice(first, last + 1), slice(last, None if first == 0 else first - 1, -1)
            around = polyline(
                np.concatenate([x[there], x[back]]), np.concatenate([true[there], changed[back]])
            )
            painter.drawPolygon(around)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for first, last in known:
            part = slice(first, last + 1)
            Stroke(theme.colour("muted"), 1.0 * theme.scale).draw(painter, polyline(x[part], true[part]))
        Stroke(self._colour, 2.6 * theme.scale).draw(painter, polyline(x, changed))
        if count == 1:
            painter.setBrush(self._colour)
            painter.drawEllipse(QPointF(float(x[0]), float(changed[0])), theme.px(3), theme.px(3))

    def words_at(self, timestep: int, position: QPointF) -> str:
        pair = self._pair
        if pair is None or timestep >= len(pair.changed):
            return ""
        say = percent if self._percent else figure
        now, was = float(pair.changed[timestep]), float(pair.true[timestep])
        before = "there is no such event without it" if np.isnan(was) else f"it is {say(was)}"
        return f"timestep {timestep + 1}: it would be {say(now)}, {before}"


class PairRows(QWidget):
    """Long-term memory, short-term memory and answer of the opened network in both worlds, on one time axis.

    The unit is the one that is selected; where none is, the one that changed most. `short`: narrow labels.
    """

    def __init__(self, state: UiState, *, short: bool = False) -> None:
        super().__init__()
        self.state = state
        self._short = short
        self._task: Task | None = None
        self.setAccessibleName("What is and what would be, over time")
        self.rows = [PairRow(state) for _ in range(3)]
        self.stack = TimeStack(state, label_width=64, right_margin=4) if short else TimeStack(state)
        self.stack.set_rows(list(self.rows))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        state.what_if_changed.connect(self.refresh)
        state.units_changed.connect(self.refresh)
        state.layer_changed.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.appearance_changed.connect(self.refresh)

    def show_task(self, task: Task) -> None:
        """Whose answers there are."""
        self._task = task
        self.refresh()

    @property
    def wanted(self) -> bool:
        """Whether there is something to show: the opened network in both worlds."""
        view, network = self.state.what_if, self.state.network
        return (
            view is not None and self.state.shows_changed and network in view.changed and network in view.true
        )

    @Slot()
    def refresh(self) -> None:
        """Show both worlds of the opened network."""
        view, network = self.state.what_if, self.state.network
        if not self.isVisible() or not self.wanted or view is None:
            return
        true = self.state.at_layer(view.true[network])
        if self.stack.axis.length != view.sequence.length:
            self.stack.set_timeline(view.sequence.length, None)
        kept = [name for name in MEMORIES if name in true.description.states]
        little = self._short or self.window().height() < self.state.theme.px(ROOM_FOR_ALL)
        shown = kept[:1] if little else kept  # where there is little room: the memory that lasts
        for row, name in zip(self.rows, MEMORIES, strict=False):
            row.setVisible(name in shown)
            if name in shown:
                self._show_memory(row, view, true, name)
        answer, task = self.rows[-1], self._task
        answer.setVisible(task is not None and true.loss == "cross_entropy" and not self._short)
        if task is not None and true.loss == "cross_entropy":
            first, second = (task.answers[rival].title for rival in task.rivals)
            colour = self.state.theme.network(network)
            answer.show_pair(answer_pair(view, network, task.rivals), colour, as_percent=True)
            answer.set_label(f"{first} or {second}?", "thin: as it is", f"network:{network}")

    def _show_memory(self, row: PairRow, view: WhatIfView, true: SequenceTrace, name: str) -> None:
        description, vocabulary = true.description, self.state.vocabulary
        chosen = bool(self.state.units)
        layer = len(true.layers) - 1
        unit = self.state.unit if chosen else most_changed_unit(view, true.network, name, layer)
        unit = min(unit, true.top.units - 1)
        quantity = description.quantity(name)
        pair = state_pair(view, true.network, name, unit, quantity.span == "unbounded", layer)
        row.show_pair(pair, self.state.theme.role(quantity.role))
        symbol = plain_symbol(description, name, vocabulary)
        title = symbol if self._short else title_of(description, name, vocabulary)
        which = "" if chosen or self._short else ", changed most"
        scale = "" if self._short or pair.high == 1.0 else f" · ±{pair.high:g}"
        row.set_label(title, f"unit {unit + 1}{which}{scale}", quantity.role)

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()


class WhatIfRows(Panel):
    """The card below the strip, on the strip's axis."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "", parent)
        self.set_title("")
        self.setAccessibleName("What is and what would be, over time")
        self.pairs = PairRows(state)
        self.body.addWidget(self.pairs)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.set_edge(8)
        self.hide()
