"""The probe, live: one fixed sequence, and everything the opened network remembers and decides while it reads it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from playground.contract.cell_description import CellDescription, Quantity
from playground.trace.memory import UNIT_ORDERS
from playground.ui.monitor import RunMonitor
from playground.ui.panels.answers_row import AnswersRow
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.network_chooser import NetworkChooser
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.panels.probe_rows import LABEL_WIDTH, RIGHT_MARGIN, ScaledHeatRow
from playground.ui.panels.unit_lines import QuantityChip, UnitLine, UnitLineRow
from playground.ui.plots.time_rows import TimeRow, TimeStack
from playground.ui.state import UiState
from playground.ui.task_words import event_word
from playground.ui.vocabulary import network_title, word

if TYPE_CHECKING:
    from playground.trace.sequence_trace import SequenceTrace

ORDER_HELD_SECONDS = 1.5
"""While training, units change places at most this often: a heat map that reshuffles itself all the time is noise."""

NOTE_TURN = 1
"""Which frames the number of the update is written in while news come quickly; see `RunMonitor.has_turn`."""

HIGH_STRIP, LOW_STRIP = EventStripRow.base_height, 58
LEAST_ROW, LOWEST_ROW = 13, ScaledHeatRow.base_height
"""Unscaled heights: of the strip, of a heat map that one can still read, and of one that has to do for a while."""

WIDE_ENOUGH_FOR_THE_ORDER = 760
"""Unscaled width from which the order of the units has room in the title's row."""

CLICK_HINT = "Click a line of a heat map to follow that unit."
SHORT_CLICK_HINT = "Click a line to follow that unit."


def shown_quantities(description: CellDescription) -> tuple[Quantity, ...]:
    """What has a heat map: the memories, the long-term one first, then every gate in the order of computation."""
    names = [
        name for name in ("cell_state", "hidden_state") if name in {q.name for q in description.quantities}
    ]
    memories = tuple(description.quantity(name) for name in names)
    return memories + tuple(gate for gate in description.gates if gate.name not in names)


class ProbeView(Panel):
    """Strip, heat maps, answers and followed units of one network on one time axis."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "The fixed sequence", parent)
        self._monitor = monitor
        self._order: NDArray[np.int64] = np.arange(0)
        self._order_of: tuple[object, ...] = ()
        self._ordered_at = 0.0
        self._lines_for: list[str] = []
        """The quantities that have lines, the one chosen last at the end."""
        self._titles_fitted: tuple[object, ...] = ()
        self._note_of: tuple[object, ...] = ()
        """What the note beside the title speaks of, but for the update."""
        self._compact = False
        self._chips: list[QuantityChip] = []
        self._chips_of: tuple[object, ...] = ()

        self.title.setMinimumWidth(1)  # it is fitted to the room there is, so it must not claim any
        self.chooser = NetworkChooser(state)
        self.moment_note = FittingText(
            state, ground="surface"
        )  # a label would lay out everything at every update
        self.title_row.takeAt(self.title_row.count() - 1)
        self.title_row.addWidget(self.moment_note, 1)
        self.title_row.addWidget(self.chooser)
        self.stack = TimeStack(state, label_width=LABEL_WIDTH, right_margin=RIGHT_MARGIN)
        self.strip = EventStripRow(state)
        self.heat_rows: list[ScaledHeatRow] = []
        self.answers_row = AnswersRow(state)
        self.answers_row.hide()
        self.answers_row.setParent(
            self.stack
        )  # not shown before there is a trace, but never a window of its own
        self.line_rows: list[UnitLineRow] = []
        self.body.addWidget(self.stack, 1)
        self._build_foot()

        monitor.experiment_changed.connect(self._take_task)
        monitor.run_changed.connect(self._run_changed)
        monitor.state_changed.connect(self.refresh)
        state.sequence_changed.connect(self._sequence_changed)
        state.moment_changed.connect(self.refresh)
        state.layer_changed.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.ordering_changed.connect(self._ordering_changed)
        state.units_changed.connect(self.refresh)
        self._take_task()
        self.restyle()

    def _build_foot(self) -> None:
        self._foot = QHBoxLayout()
        self.ordering = QComboBox()
        self.ordering.setAccessibleName("Order of the units")
        self.ordering.setToolTip(
            "The same units in another order, so that structure can be seen instead of noise."
        )
        self.ordering.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for key, (words, _) in UNIT_ORDERS.items():
            self.ordering.addItem(words[self.state.vocabulary], key)
        self.ordering.activated.connect(self._ordering_chosen)
        self.ordering_label = QLabel("Units")
        self.ordering_label.setProperty("role", "muted")
        self.ordering_label.setBuddy(self.ordering)
        self.hint = FittingText(self.state, right=True)
        self.clear_units = QPushButton("Follow none")
        self.clear_units.setProperty("kind", "flat")
        self.clear_units.setToolTip("Follows no unit any more.")
        self.clear_units.setAccessibleName("Follow no unit")
        self.clear_units.clicked.connect(self._clear_units)
        self._chip_row = QHBoxLayout()
        for widget in (self.ordering_label, self.ordering):
            self._foot.addWidget(widget)
        self._foot.addWidget(self.hint, 1)
        self._foot.addLayout(self._chip_row)
        self._foot.addWidget(self.clear_units)
        self.body.addLayout(self._foot)

    def set_compact(self, compact: bool) -> None:
        """In a low window the order of the units stands in the title's row, and the foot only comes for units that are
        followed: the heat maps get its height."""
        self._compact = compact
        if compact == (self._foot.indexOf(self.ordering) >= 0):
            if compact:
                self.title_row.insertWidget(self.title_row.indexOf(self.chooser), self.ordering)
            else:
                self._foot.insertWidget(1, self.ordering)
            self.ordering_label.setVisible(not compact)
        self.ordering.setVisible(
            not compact or self.width() / self.state.theme.scale >= WIDE_ENOUGH_FOR_THE_ORDER
        )
        self._show_hint()

    # -- what is shown
    @Slot()
    def refresh(self) -> None:
        """Show the opened network and layer at the moment that is chosen. Does nothing while the card is hidden."""
        if not self.isVisible():
            return
        trace = self.state.trace
        self._show_title(trace)
        if trace is None:
            self._show_placeholders()
            return
        description, vocabulary = trace.description, self.state.vocabulary
        quantities = shown_quantities(description)
        order = self._order_for(trace)
        rows = self._heat_rows_for(len(quantities))
        for row, quantity in zip(rows, quantities, strict=True):
            row.set_label(quantity.title[vocabulary], quantity.symbol[vocabulary], quantity.role)
            row.teaches = quantity.teaches[vocabulary]
            row.show_values(
                trace.value(quantity.name),
                role=quantity.role,
                span=quantity.span,
                name=quantity.title[vocabulary],
                bound=self.state.value_ranges.bound(trace, quantity.name),
                order=order,
            )
        self.answers_row.set_label(
            "It says",
            f"at each {event_word(self._monitor.task)}" if vocabulary == "guide" else "at each timestep",
        )
        self.answers_row.show_answers(trace)
        self._show_chips(description)
        self._arrange(rows, self._show_lines(trace, len(rows)))
        self.stack.set_timeline(trace.length, self.strip.fold)

    def _show_title(self, trace: SequenceTrace | None) -> None:
        moment = self.state.moment
        if trace is None:
            self.set_title("The fixed sequence")
            self._titles_fitted, self._note_of = (), ()
            self.moment_note.say("the networks are being made" if self._monitor.begun else "")
            return
        name = network_title(trace.network, self.state.vocabulary)
        layers = f"layer {len(trace.layers)} of {trace.depth} · " if trace.depth > 1 else ""
        shown = self._monitor.shown
        what = "one fixed sequence" if shown is None else shown.title[self.state.vocabulary]
        what = what[:1].lower() + what[1:]
        if moment.live:
            note_of = (name, layers, what)
            if note_of == self._note_of and not self._monitor.has_turn(NOTE_TURN):
                return  # a number that counts faster than anybody reads
            self._note_of = note_of
            notes = (
                f"update {moment.update:,} · {layers}{what}",
                f"update {moment.update:,}",
                "",
            )
            self._set_fitting_title((f"{name}, live", name), notes)
        else:
            self._note_of = ()
            titles = (
                f"{name} at update {moment.update:,}",
                f"{name} at {moment.update:,}",
                f"At {moment.update:,}",
            )
            self._set_fitting_title(titles, (f"as it was then · {layers}{what}", "as it was then", ""))

    def _set_fitting_title(self, titles: tuple[str, ...], notes: tuple[str, ...]) -> None:
        """The longest title that there is room for; the note takes what is left."""
        theme = self.state.theme
        room = self.width() - self.chooser.sizeHint().width() - theme.px(2 * MARGIN + 2 * 8 + 2)
        if (titles, room) != self._titles_fitted:
            self._titles_fitted = (titles, room)
            metrics = QFontMetricsF(theme.font(15, bold=True))
            title = next((words for words in titles if metrics.horizontalAdvance(words) <= room), titles[-1])
            self.set_title(title)
        self.moment_note.say(*notes)

    def _show_placeholders(self) -> None:
        rows = self._heat_rows_for(3)
        for row, key in zip(rows, ("long_term", "short_term", "forget"), strict=True):
            row.set_label(word(key, self.state.vocabulary), "", "muted")
            row.clear()
        self.answers_row.clear()
        self.answers_row.set_label("", "")
        self._show_chips(None)
        self._arrange(rows, [])
        self.hint.say("The memories appear here as soon as the networks are made.", "")

    def _heat_rows_for(self, count: int) -> list[ScaledHeatRow]:
        while len(self.heat_rows) < count:
            self.heat_rows.append(ScaledHeatRow(self.state))
        return self.heat_rows[:count]

    def _arrange(self, heat_rows: list[ScaledHeatRow], line_rows: list[UnitLineRow]) -> None:
        """Put the rows under each other: the answers go where there is not enough room for them too."""
        count, lines = len(heat_rows), len(line_rows)
        if lines and self._room(count, lines, 2, strip=LOW_STRIP) < LOWEST_ROW * count:
            line_rows, lines = [], 0  # a banner has taken the room; it will not stay
        strip = HIGH_STRIP if self._room(count, lines, 4) >= 14 * count else LOW_STRIP
        if self._room(count, lines, 8, answers=True) >= 22 * count:
            gap = 8
        else:
            gap = 4 if self._room(count, lines, 4, strip=strip) >= LOWEST_ROW * count else 2
        rows: list[TimeRow] = [self.strip, *heat_rows]
        if self._room(count, lines, gap, answers=True) >= 16 * count:
            rows.append(self.answers_row)
        elif lines and self._room(count, lines, 2, answers=True, strip=LOW_STRIP) >= LOWEST_ROW * count:
            rows.append(self.answers_row)  # who follows a unit still wants to know what the network says
            gap, strip = 2, LOW_STRIP
        rows += line_rows
        self._set_strip_height(strip)
        self.stack.set_spacing(gap)
        if rows != self.stack.rows:
            for row in rows:
                if row not in self.stack.rows:
                    row.rescale()  # a row that was away has not heard of another scale
            self.stack.set_rows(rows)
            self.answers_row.raise_()

    def _set_strip_height(self, height: int) -> None:
        if height != self.strip.base_height:
            self.strip.base_height = height
            self.strip.rescale()

    def _room(
        self, heat_rows: int, line_rows: int, gap: int, *, strip: int = HIGH_STRIP, answers: bool = False
    ) -> float:
        """The height that is left for all heat maps together beside such rows, in unscaled pixels."""
        taken = strip + heat_rows * gap + line_rows * (UnitLineRow.base_height + gap)
        taken += (AnswersRow.base_height + gap) if answers else 0
        return self.stack.height() / self.state.theme.scale - taken

    # -- the order of the units
    def _order_for(self, trace: SequenceTrace) -> NDArray[np.int64]:
        key = (self.state.ordering, trace.network, trace.run_id, trace.top.units, len(trace.layers))
        changing = self._monitor.training and self.state.moment.live
        held = changing and time.monotonic() - self._ordered_at < ORDER_HELD_SECONDS
        if key != self._order_of or not held:
            order = UNIT_ORDERS.get(self.state.ordering, UNIT_ORDERS["stored"])[1](trace, -1)
            self._order, self._order_of, self._ordered_at = order, key, time.monotonic()
        return self._order

    @Slot(str)
    def _ordering_changed(self, ordering: str) -> None:
        position = self.ordering.findData(ordering)
        if position >= 0:
            self.ordering.setCurrentIndex(position)
        self.refresh()

    @Slot(int)
    def _ordering_chosen(self, position: int) -> None:
        self.state.set_ordering(str(self.ordering.itemData(position)))

    # -- the followed units
    def _show_chips(self, description: CellDescription | None) -> None:
        """One chip for each quantity that lines can be drawn of; only while a unit is followed."""
        units = self.state.units if description is not None else ()
        quantities = shown_quantities(description) if description is not None and units else ()
        key = (description.name if description is not None else "", self.state.vocabulary, bool(units))
        if key != self._chips_of:
            self._chips_of = key
            for chip in self._chips:
                self._chip_row.removeWidget(chip)
                chip.hide()
                chip.deleteLater()
            self._chips = []
            known = {quantity.name for quantity in quantities}
            if quantities and not known.intersection(self._lines_for):
                self._lines_for = [quantities[0].name]
            for quantity in quantities:
                chip = QuantityChip(self.state, quantity)
                chip.setChecked(quantity.name in self._lines_for)
                chip.clicked.connect(self._chips_chosen)
                self._chip_row.addWidget(chip)
                self._chips.append(chip)
        self.clear_units.setVisible(bool(units))
        self._show_hint()

    def _show_hint(self) -> None:
        units = self.state.units
        if units:
            numbers = ", ".join(str(unit + 1) for unit in units)
            self.hint.say(f"Following unit{'s' if len(units) > 1 else ''} {numbers}:", f"{numbers}:", "")
        else:
            self.hint.say(CLICK_HINT, SHORT_CLICK_HINT, "")
        self.hint.setVisible(bool(units) or not self._compact)

    @Slot()
    def _chips_chosen(self) -> None:
        chip = self.sender()
        if not isinstance(chip, QuantityChip):
            return
        name = chip.quantity.name
        if name not in self._lines_for:
            self._lines_for.append(name)
        elif sum(each.isChecked() for each in self._chips):
            self._lines_for.remove(name)
        self.refresh()

    @Slot()
    def _clear_units(self) -> None:
        self.state.set_units(())

    def _show_lines(self, trace: SequenceTrace, heat_rows: int) -> list[UnitLineRow]:
        """The rows of lines, one for each chosen quantity, the latest choices first where there is not enough room."""
        units = [unit for unit in self.state.units if unit < trace.top.units]
        if not units:
            return []
        vocabulary = self.state.vocabulary
        shown = [q for q in shown_quantities(trace.description) if q.name in self._lines_for]
        while len(shown) > 1 and self._room(heat_rows, len(shown), 4) < LEAST_ROW * heat_rows:
            oldest = min(shown, key=lambda q: self._lines_for.index(q.name))
            self._lines_for.remove(oldest.name)
            shown.remove(oldest)
        for chip in self._chips:
            chip.setChecked(any(chip.quantity.name == q.name for q in shown))
        while len(self.line_rows) < len(shown):
            self.line_rows.append(UnitLineRow(self.state))
        rows = self.line_rows[: len(shown)]
        for row, quantity in zip(rows, shown, strict=True):
            values = trace.value(quantity.name)
            lines = tuple(UnitLine(unit, place, values[:, unit]) for place, unit in enumerate(units))
            bound = self.state.value_ranges.bound(trace, quantity.name)
            low = 0.0 if quantity.span == "zero_to_one" else -bound
            row.show_lines(quantity.title[vocabulary], quantity.role, lines, low, bound)
        return rows

    # -- changes around it
    @Slot()
    def _take_task(self) -> None:
        self._sequence_changed()
        self.refresh()

    @Slot()
    def _sequence_changed(self) -> None:
        """Its traces come with the moment, right after this."""
        task, events = self._monitor.task, self._monitor.events
        everywhere = task.judged == "everywhere"
        self.strip.show_events(events)
        told = not everywhere or task.family == "series"  # else the first paint needs no pictures
        sequence = self._monitor.sequence if told else None
        self.answers_row.name_answers(
            task, None if everywhere or sequence is None else sequence.asked, sequence
        )
        self.stack.set_timeline(len(events), self.strip.fold)

    @Slot()
    def _run_changed(self) -> None:
        self._order_of = ()
        self.refresh()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self.refresh()

    def restyle(self) -> None:
        theme = self.state.theme
        self.title.setMinimumHeight(theme.px(30))
        self._foot.setSpacing(theme.px(8))
        self._chip_row.setSpacing(theme.px(4))
        self.body.setSpacing(theme.px(5))
        for position, (words, _) in enumerate(UNIT_ORDERS.values()):
            self.ordering.setItemText(position, words[self.state.vocabulary])
        self._chips_of = ()
        self._titles_fitted = ()
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()
