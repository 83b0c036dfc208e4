"""The cell of the opened network at this timestep: a diagram made from its description, with the real vectors in it."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QEvent,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QHideEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from playground.contract.cell_description import INPUTS, PREVIOUS
from playground.tasks.task import Event
from playground.trace.contributions import value_at
from playground.trace.memory import UNIT_ORDERS
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.unfolding import OUTPUT
from playground.ui.cell_words import Piece, figure, plain_symbol, sum_lines, title_of, value_words
from playground.ui.drawings import drawing
from playground.ui.event_pictures import is_its_letter, letter_of
from playground.ui.panels.cell_geometry import Journey
from playground.ui.panels.cell_layer_bar import LayerBar
from playground.ui.panels.cell_layout import arrange
from playground.ui.panels.cell_motion import along
from playground.ui.panels.cell_pictures import cells_picture
from playground.ui.panels.cell_scene import CellScene, CellView, ThemeMetrics
from playground.ui.panels.cell_stage_bar import StageBar, StageCaption
from playground.ui.panels.cell_stages import CellStage, cell_stages, stage_of, stage_story
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.panels.value_legend import ValueLegend
from playground.ui.plots.heatmap import cell_colours
from playground.ui.state import UiState
from playground.ui.step_words import told
from playground.ui.vocabulary import network_title

MOTION_MS = 340
"""How long values travel when the timestep advances."""
DEPARTURE_MS = 16
"""So long after that they depart: a frame, in which the page is painted."""
LOW = 300
"""Unscaled height of the panel below which it has no title in a lecture."""
CARGO_CELLS = 4
"""How many cells of a vector are shown on their way."""
ROOM_FOR_ORDER = 820
"""Unscaled width of the panel from which the order of the units can be chosen in its title."""
ORDER_HELD_SECONDS = 2.0
"""While the networks train, units do not change places more often than that."""


class CellDiagram(Panel):
    """The panel: real vectors before and after, gates, the long-term line, the event. Click a value, a gate, a sign.

    `show_events` tells what the event of every timestep looks like. Everything else comes from the state, by way of
    `trace_shown` and `timestep_shown`: a second diagram beside this one overrides them. A sub-step of the timestep may
    be open (`stage`): its part is lit, and one sentence under the diagram says what it did.
    """

    letter = "A"
    """What it is called when another diagram stands beside it."""
    value_chosen = Signal(str, int)
    """The value of a quantity of a unit was clicked: where does it come from?"""
    stage_changed = Signal(str)
    """Another sub-step is open, by its role; "" the whole timestep."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "Inside the cell", parent)
        self._events: tuple[Event, ...] = ()
        self._built_for: tuple[object, ...] = ()
        self._shown_timestep = -1
        self._stale = True
        self._held = False
        self._colours: dict[str, list[QColor]] = {}
        self._role = ""
        self._beside = False
        self.pins_by_click = False
        self._journeys: list[tuple[Journey, tuple[list[QColor], QPixmap]]] = []
        self._order: NDArray[np.int64] = np.arange(0)
        self._order_of: tuple[object, ...] = ()
        self._order_trace: SequenceTrace | None = None
        self._ordered_at = 0.0
        self.scene = CellScene(self, self)
        self.view = CellView(self.scene)
        self.hint = FittingText(state)
        self.legend = ValueLegend(state)
        self.stage_bar = StageBar(state, self.open_stage)
        self.layer_bar = LayerBar(state)
        self.caption = StageCaption(state)
        self.sign = QLabel(self.view)
        self.sign.setProperty("role", "heading")
        self.sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.sign.hide()
        self.ordering = self._order_chooser()
        self.title_row.insertWidget(2, self.hint, 100)
        self.title_row.addWidget(self.layer_bar)
        self.title_row.addWidget(self.stage_bar)
        self.title_row.addWidget(self.ordering)
        self.title_row.addWidget(self.legend)
        self.body.addWidget(self.view, 1)
        self.caption_row = QHBoxLayout()
        self.caption_row.addWidget(self.caption, 1)
        self.body.addLayout(self.caption_row)
        self.view.viewport().installEventFilter(self)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(MOTION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._animation.valueChanged.connect(self._move_cargo)
        self._animation.finished.connect(self._end_motion)
        self._depart_soon = QTimer(self)
        self._depart_soon.setSingleShot(True)
        self._depart_soon.setInterval(DEPARTURE_MS)
        self._depart_soon.timeout.connect(self._depart)
        self._rebuild_soon = QTimer(self)
        self._rebuild_soon.setSingleShot(True)
        self._rebuild_soon.setInterval(0)
        self._rebuild_soon.timeout.connect(self.refresh)
        state.timestep_changed.connect(self._timestep_changed)
        for signal in (state.moment_changed, state.units_changed, state.layer_changed):
            signal.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.quantity_changed.connect(self._quantity_changed)
        state.ordering_changed.connect(self._ordering_changed)
        self.restyle()

    def _order_chooser(self) -> QComboBox:
        chooser = QComboBox()
        chooser.setAccessibleName("Order of the units")
        chooser.setToolTip(
            "Which unit stands where: as stored, or so that units that last, or change together, are neighbours. Key O."
        )
        for key in UNIT_ORDERS:
            chooser.addItem("", key)
        chooser.activated.connect(self._order_chosen)
        return chooser

    # -- what is shown
    def show_events(self, events: tuple[Event, ...]) -> None:
        """The events of the sequence that the traces were made on."""
        if events != self._events:
            self._events = events
            self.refresh()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        theme = self.state.theme
        self.view.setMinimumSize(theme.px(200), theme.px(100 if self._beside else 150))
        self.view.setBackgroundBrush(
            theme.colour("surface")
        )  # opaque: the card behind it need not be painted again
        for position, (words, _) in enumerate(UNIT_ORDERS.values()):
            self.ordering.setItemText(position, words[self.state.vocabulary])
        self.stage_bar.restyle()
        self.layer_bar.restyle()
        self._built_for = ()
        self._fit_height()
        self.refresh()

    def set_beside(self, beside: bool) -> None:
        """Whether another diagram stands beside this one: then it has half the room, a letter, and no sentence."""
        if beside != self._beside:
            self._beside = beside
            self.restyle()

    # -- where the values come from
    def trace_shown(self) -> SequenceTrace | None:
        """The trace that is drawn."""
        return self.state.trace

    def quantity_in(self, trace: SequenceTrace) -> str:
        """The chosen quantity, or the first one of a cell that has it not."""
        known = [equation.target for equation in trace.description.equations]
        return self.state.quantity if self.state.quantity in known else known[0]

    def timestep_shown(self) -> int:
        """The timestep that is drawn (0-based), before it is fitted to the trace."""
        return self.state.timestep

    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if self._held:
            return
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        trace = self.trace_shown()
        if trace is None or not trace.length:
            self._show_nothing()
            return
        self._build_if_needed(trace)
        self._show_timestep(trace, min(self.timestep_shown(), trace.length - 1))

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        before = self._shown_timestep
        if self._held:
            return
        self.refresh()
        if self._shown_timestep == before + 1:
            self.start_motion()
        else:
            self.stop_motion()

    @Slot(str)
    def _network_changed(self, _: str) -> None:
        self.refresh()

    @Slot(str)
    def _quantity_changed(self, name: str) -> None:
        """What another sub-step computes was chosen: that one is open now."""
        trace = self.trace_shown()
        if self._role and trace is not None:
            stage = stage_of(trace.description, self.state.quantity)
            if stage is not None:
                self._set_role(stage.role)
        self.refresh()

    # -- sub-steps
    @property
    def stage(self) -> CellStage | None:
        """The sub-step that is open; None: the whole timestep is shown."""
        trace = self.trace_shown()
        stages = cell_stages(trace.description) if trace is not None else ()
        return next((stage for stage in stages if stage.role == self._role), None)

    def open_stage(self, number: int) -> None:
        """Open a sub-step of the cell (0-based), with its formula; -1: the whole timestep."""
        trace = self.trace_shown()
        stages = cell_stages(trace.description) if trace is not None else ()
        if number >= len(stages):
            return
        if number < 0:
            self.show_role("")
            return
        stage = stages[number]
        self._set_role(stage.role)
        if self.state.quantity not in stage.targets:
            self.state.set_quantity(stage.headline)  # which shows all of it anew
        else:
            self.refresh()
        self.start_motion()

    def turn_stage(self, direction: int) -> None:
        """The next sub-step (1), in the next timestep after the last one; or the one before (-1)."""
        trace = self.trace_shown()
        if trace is None:
            return
        count = len(cell_stages(trace.description))
        stage = self.stage
        here = cell_stages(trace.description).index(stage) if stage is not None else None
        there = (0 if direction > 0 else count - 1) if here is None else here + direction
        if 0 <= there < count:
            self.open_stage(there)
        elif 0 <= self.state.timestep + direction < trace.length:
            self._held = True  # until both are known, the timestep and its sub-step: shown once
            try:
                self.state.set_timestep(self.state.timestep + direction)
            finally:
                self._held = False
            self.open_stage(there % count)

    def play_on(self) -> bool:
        """One sub-step on; whether there is another one after it in this sequence."""
        self.turn_stage(1)
        trace, stage = self.trace_shown(), self.stage
        if trace is None or stage is None:
            return False
        last = cell_stages(trace.description)[-1] is stage
        return not last or self.state.timestep < trace.length - 1

    def show_role(self, role: str) -> None:
        """Open the sub-step of this role wherever a cell has one; "" the whole timestep."""
        self._set_role(role)
        if not role:
            self.stop_motion()
        self.refresh()

    def _set_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self.stage_changed.emit(role)

    def _show_stage(self, trace: SequenceTrace, timestep: int) -> None:
        stages = cell_stages(trace.description)
        stage = self.stage
        self.stage_bar.show_stages(stages, stages.index(stage) if stage is not None else -1)
        alone = not (self._beside and (self.letter != "A" or self.state.lecture))
        self.stage_bar.setVisible(len(stages) > 1 and alone)
        self.layer_bar.show_layer(len(trace.layers) - 1, trace.depth if alone else 1)
        self.scene.show_stage(stage, trace)
        unit, words = min(self.state.unit, trace.top.units - 1), self.state.vocabulary
        if stage is not None:
            first, second = stage_story(trace, stage, unit, timestep, words)
        elif self.caption.lines > 1:
            first, second = told(trace, self.quantity_in(trace), unit, timestep, words)
        else:
            keys = f"1 to {len(stages)}" if len(stages) > 1 else "1"
            hint = f"Keys {keys}, or Down: this timestep gate by gate."
            self.caption.say(f"{hint} Click a value to see its sum.", hint, strong=False)
            return
        pieces = []
        if self.caption.lines > 1:
            lines = sum_lines(trace, self.quantity_in(trace), unit, timestep, words)
            symbol = plain_symbol(trace.description, self.quantity_in(trace), words)
            pieces = [Piece(f"{symbol} ", trace.description.quantity(self.quantity_in(trace)).role, True)]
            for line in lines:
                pieces += [*line.pieces, Piece(" ", "text")]
            view = self.state.what_if
            if view is not None and view.held(trace, self.quantity_in(trace), unit, timestep):
                value = figure(float(value_at(trace.top, self.quantity_in(trace), timestep)[unit]))
                last = pieces[-2] if len(pieces) > 1 else pieces[-1]
                pieces = [*pieces[:1], Piece(f"is held at {value}; its formula says ", "text"), last]
        shorter = second.replace("would be gone", "is gone").replace(" such", "")
        self.caption.say(f"{first} {second}".strip(), f"{first} {shorter}".strip(), first, pieces=pieces)

    # -- the order of the units
    def _order_for(self, trace: SequenceTrace) -> NDArray[np.int64]:
        key = (self.state.ordering, trace.network, trace.run_id, trace.top.units, len(trace.layers))
        held = self.state.moment.live and time.monotonic() - self._ordered_at < ORDER_HELD_SECONDS
        if key != self._order_of or (self._order_trace is not trace and not held):
            order = UNIT_ORDERS.get(self.state.ordering, UNIT_ORDERS["stored"])[1](trace, -1)
            self._order, self._order_of, self._ordered_at = order, key, time.monotonic()
            self._order_trace = trace
        return self._order

    @Slot(str)
    def _ordering_changed(self, ordering: str) -> None:
        position = self.ordering.findData(ordering)
        if position >= 0:
            self.ordering.setCurrentIndex(position)
        self.refresh()

    @Slot(int)
    def _order_chosen(self, position: int) -> None:
        self.state.set_ordering(str(self.ordering.itemData(position)))

    def _show_nothing(self) -> None:
        self.stop_motion()
        self._built_for = ()
        self.scene.forget()
        self.set_title(self.letter if self._beside else "Inside the cell")
        self.hint.say("Nothing has been read yet: press Train, or do one update.", "Press Train.", "")
        self.caption.say("", strong=False)
        self.stage_bar.hide()
        self.layer_bar.hide()
        self.view.setAccessibleDescription(self.hint.words)

    def _build_if_needed(self, trace: SequenceTrace) -> None:
        size = self.view.viewport().size()
        key = (
            trace.description,
            trace.top.units,
            size.width(),
            size.height(),
            self.state.theme,
            self.state.vocabulary,
        )
        if key == self._built_for:
            return
        self._built_for = key
        self.stop_motion()
        theme = self.state.theme
        layout = arrange(
            trace.description,
            trace.top.units,
            size.width(),
            size.height(),
            self.state.vocabulary,
            ThemeMetrics(theme),
        )
        self.scene.build(layout, trace, theme, self.state.vocabulary)
        self.view.resetTransform()
        whole = self.scene.sceneRect()
        shrink = min(1.0, size.width() / whole.width(), size.height() / whole.height())
        if shrink < 1.0:
            self.view.scale(shrink, shrink)

    def _show_timestep(self, trace: SequenceTrace, timestep: int) -> None:
        self._shown_timestep = timestep
        selected = self.state.units or (self.state.unit,)
        self.scene.show_order(self._order_for(trace))
        self._colours = {}
        packed: dict[str, NDArray[np.uint32]] = {}
        for item in self.scene.vectors:
            name = item.spot.quantity
            if name not in packed:
                packed[name] = self._packed_colours(trace, name, timestep)
            item.show_colours(packed[name], selected)
        self._show_true(trace, timestep)
        chosen = self.quantity_in(trace)
        for box in self.scene.boxes:
            box.show_chosen(chosen)
        for op in self.scene.ops:
            op.show_chosen(chosen)
        event = self._events[timestep] if timestep < len(self._events) else None
        self._show_event(trace, timestep, event)
        self._show_stage(trace, timestep)
        self._show_words(trace, timestep, event)

    def _true_beside(self, trace: SequenceTrace, timestep: int) -> tuple[SequenceTrace, int] | None:
        """While what would be is shown: the true trace beside it, and its timestep of the same event."""
        view = self.state.what_if
        if view is None or not view.is_changed(trace):
            return None
        there = view.true_timestep(timestep)
        true = self.state.at_layer(view.true.get(trace.network))
        return (true, there) if true is not None and there is not None and there < true.length else None

    def _show_true(self, trace: SequenceTrace, timestep: int) -> None:
        """In a corner of every cell that a what-if changed: what is."""
        beside = self._true_beside(trace, timestep)
        for item in self.scene.vectors:
            item.show_true(
                None if beside is None else self._packed_colours(beside[0], item.spot.quantity, beside[1])
            )

    def _packed_colours(self, trace: SequenceTrace, name: str, timestep: int) -> NDArray[np.uint32]:
        """(H,): the colours of a quantity at one timestep."""
        quantity = trace.description.quantity(name.removeprefix(PREVIOUS))
        bound = self.state.value_ranges.bound(trace, quantity.name)
        values = value_at(trace.top, name, timestep)
        return cell_colours(self.state.theme, values, quantity.role, quantity.span, bound)

    def _show_event(self, trace: SequenceTrace, timestep: int, event: Event | None) -> None:
        picture = self.scene.picture
        if picture is None:
            return
        if len(trace.layers) > 1:
            picture.show_picture(self._layer_below(trace, timestep, picture.size))
            return
        if event is not None and event.drawing:
            picture.show_picture(drawing(event.drawing, picture.size, self.devicePixelRatioF()))
        else:
            picture.show_picture(QPixmap(), letter_of(event) if event is not None else "")

    def _layer_below(self, trace: SequenceTrace, timestep: int, side: int) -> QPixmap:
        """What comes in to an upper layer: the units of the layer below, in the colours they have there."""
        below = trace.up_to(len(trace.layers) - 2)
        colours = self._packed_colours(below, OUTPUT, timestep)[self._order_for(trace)]
        return cells_picture(colours, side, self.devicePixelRatioF())

    def _show_words(self, trace: SequenceTrace, timestep: int, event: Event | None) -> None:
        vocabulary = self.state.vocabulary
        for label, spot in ((label, label.spot) for label in self.scene.labels):
            if spot.timed == "event":
                title = event.title if event is not None and not is_its_letter(event) else ""
                label.show_text(f"layer {len(trace.layers) - 1}" if len(trace.layers) > 1 else title)
            elif spot.timed:
                label.show_text(self._state_label(trace, spot.quantity, spot.timed, timestep))
        title = trace.description.title[vocabulary]
        self._say_title(trace, timestep)
        unit = min(self.state.unit, trace.top.units - 1)
        quantity = self.quantity_in(trace)
        first, second = told(trace, quantity, unit, timestep, vocabulary)
        what = f"The event is {event.title}. " if event is not None else ""
        self.view.setAccessibleDescription(
            f"{title}, timestep {timestep + 1} of {trace.length}. {what}"
            f"{title_of(trace.description, quantity, vocabulary)}: {first} {second}"
            f"{f' Sub-step: {self.caption.words}' if self.stage is not None else ''}".strip()
        )

    def _state_label(self, trace: SequenceTrace, name: str, timed: str, timestep: int) -> str:
        symbol = plain_symbol(trace.description, name, self.state.vocabulary)
        when = (
            f"t = {timestep + 1}"
            if timed == "after"
            else f"from t = {timestep}"
            if timestep
            else "before t = 1"
        )
        text = f"{symbol}, {when}"
        state = name.removeprefix(PREVIOUS)
        if trace.description.quantity(state).span == "unbounded":
            text += f" · ±{self.state.value_ranges.bound(trace, state):g}"
        return text

    def _say_title(self, trace: SequenceTrace, timestep: int) -> None:
        title = network_title(trace.network, self.state.vocabulary)
        if self._beside:
            moment = f"update {trace.update:,} · t = {timestep + 1}"
            if self.state.lecture:  # every pixel counts: who and when stand where the diagram leaves room
                self.set_title("")
                self._place_sign(f"{self.letter}  {title} · {moment}")
                return
            self.set_title(f"{self.letter}  {title}")
            self.hint.say(moment, f"update {trace.update:,}", "")
            return
        if self._is_low():
            self.set_title("")  # who and when stand right above already
            return
        inside = "network without memory" if not trace.description.states else title
        self.set_title(f"Inside the {inside}")
        units = trace.top.units
        count = f"{units} unit" if units == 1 else f"{units} units"
        if trace.depth > 1:
            count += f", layer {len(trace.layers)} of {trace.depth}"
        when = f"at t = {timestep + 1}"
        if self._true_beside(trace, timestep) is not None:
            self.hint.say(f"{when} · as it would be · corners: as it is", f"{when} · as it would be", when)
            return
        what = "to pin it" if self.pins_by_click else "to see its sum"
        self.hint.say(f"{when} · {count} · click one {what}", f"{when} · {count}", when)

    def _place_sign(self, words: str) -> None:
        """Below the bus, in the middle."""
        stage = self.stage
        if stage is not None:
            words += f" · {stage.title[self.state.vocabulary]}"
        self.sign.setText(words)
        self.sign.adjustSize()
        place = (self.view.width() - self.sign.width()) // 2
        self.sign.move(place, self.view.height() - self.sign.height())

    def _is_low(self) -> bool:
        """In a lecture on a small projector there is no room for a title."""
        return self.state.lecture and self.height() < self.state.theme.px(LOW)

    def _fit_height(self) -> None:
        """Title and legend where there is room; the buttons of the sub-steps in the title, or beside the sentence."""
        beside, theme = self._beside, self.state.theme
        low = self._is_low() and not beside
        signed = beside and self.state.lecture
        self.sign.setVisible(signed)
        self.hint.setVisible(not low and not signed)
        self.legend.setVisible(not low and not beside)
        self.ordering.setVisible(not low and not beside and self.width() >= theme.px(ROOM_FOR_ORDER))
        self.caption.setVisible(not beside)
        self.caption.set_lines(2 if self.state.lecture else 1)
        self.caption_row.setSpacing(theme.px(12))
        self.stage_bar.set_compact(low)
        self.layer_bar.set_compact(True)
        wanted, other = (self.caption_row, self.title_row) if low else (self.title_row, self.caption_row)
        if wanted.indexOf(self.stage_bar) < 0:
            for bar in (self.stage_bar, self.layer_bar):  # each before the other one: layers stand first
                other.removeWidget(bar)
                wanted.insertWidget(0 if low else wanted.indexOf(self.ordering), bar)
            if not low:
                wanted.removeWidget(self.layer_bar)
                wanted.insertWidget(wanted.indexOf(self.stage_bar), self.layer_bar)
        self.body.setSpacing(theme.px(2 if low or beside else 8))
        self._layout.setSpacing(theme.px(2 if beside else 8))
        edge = theme.px(3 if signed else 5 if beside else 7 if low else 12)
        self._layout.setContentsMargins(theme.px(MARGIN), edge, theme.px(MARGIN), edge)

    # -- DiagramListener
    def value_clicked(self, quantity: str, unit: int, several: bool) -> None:
        """Select the clicked unit and show what its value is made of; with Ctrl or Shift, pin it beside the others, or
        let it go. While `pins_by_click` every click does that."""
        if several or self.pins_by_click:
            self.state.toggle_unit(unit)
            return
        self.state.set_units((unit,))
        if not quantity.startswith(PREVIOUS):
            self.state.set_quantity(quantity)
            self.value_chosen.emit(quantity, unit)

    def quantity_clicked(self, name: str) -> None:
        """Show the formula of what was clicked."""
        self.state.set_quantity(name)

    def words_for_unit(self, quantity: str, unit: int) -> str:
        """The value under the pointer, in words."""
        trace = self.trace_shown()
        if trace is None or unit >= trace.top.units:
            return ""
        timestep = min(self.timestep_shown(), trace.length - 1)
        words = value_words(trace, quantity, unit, timestep, self.state.vocabulary)
        beside = self._true_beside(trace, timestep)
        if beside is None:
            return words
        was, now = (float(value_at(each.top, quantity, t)[unit]) for each, t in (beside, (trace, timestep)))
        return words if figure(was) == figure(now) else f"{words}, as it is {figure(was)}"

    def words_for_quantity(self, name: str) -> str:
        """What this quantity is for, in a sentence."""
        trace = self.trace_shown()
        return trace.description.quantity(name).teaches[self.state.vocabulary] if trace is not None else ""

    # -- motion
    @property
    def moving(self) -> bool:
        """Whether values are on their way."""
        return self._depart_soon.isActive() or self._animation.state() == QAbstractAnimation.State.Running

    def start_motion(self) -> None:
        """Let the values of the timestep, or of its sub-step, travel; what is on its way already arrives at once.

        They depart when the page is painted: first one sees what is, then how it came about.
        """
        self.stop_motion()
        if self.state.motion and self.isVisible() and self.scene.cell_layout is not None:
            self._depart_soon.start()

    @Slot()
    def _depart(self) -> None:
        if self.isVisible() and self.scene.cell_layout is not None:
            self._journeys = [(journey, self._cargo_of(journey)) for journey in self.scene.journeys()]
            self._animation.start()

    def stop_motion(self) -> None:
        """Everything arrives at once."""
        self._depart_soon.stop()
        self._animation.stop()
        self._end_motion()

    @Slot()
    def _end_motion(self) -> None:
        if self.scene.motion is not None:
            self.scene.motion.show_cargo([])

    @Slot(object)
    def _move_cargo(self, progress: float) -> None:
        if self.scene.motion is None:
            return
        cargo = []
        for journey, load in self._journeys:
            if journey.begin <= progress < journey.end:
                share = (progress - journey.begin) / (journey.end - journey.begin)
                cargo.append((along(journey.points, share), *load))
        self.scene.motion.show_cargo(cargo)

    def _cargo_of(self, journey: Journey) -> tuple[list[QColor], QPixmap]:
        trace = self.trace_shown()
        if journey.quantity == INPUTS and trace is not None and len(trace.layers) > 1:
            return [self.state.theme.role("short_term")], QPixmap()
        if journey.quantity == INPUTS:
            event = self._events[self._shown_timestep] if self._shown_timestep < len(self._events) else None
            if event is not None and event.drawing:
                return [], drawing(event.drawing, self.state.theme.px(18), self.devicePixelRatioF())
            return [self.state.theme.role("inputs")], QPixmap()
        return self._few_colours(journey.quantity), QPixmap()

    def _few_colours(self, name: str) -> list[QColor]:
        """The colours of a few units of a quantity at the timestep shown, spread evenly over the vector."""
        trace = self.trace_shown()
        if name not in self._colours and trace is not None:
            packed = self._packed_colours(trace, name, min(self._shown_timestep, trace.length - 1))
            picked = np.unique(np.linspace(0, len(packed) - 1, min(CARGO_CELLS, len(packed))).astype(int))
            self._colours[name] = [QColor.fromRgb(int(packed[unit])) for unit in picked]
        return self._colours.get(name, [])

    # -- Qt
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop_motion()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
        self._rebuild_soon.start()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._rebuild_soon.stop()
            self.refresh()
        return False

    def sizeHint(self) -> QSize:
        theme = self.state.theme
        return QSize(theme.px(760), theme.px(440))
