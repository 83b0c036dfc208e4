"""The big card of the Memory page: events, states and measures of several networks under one time axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from playground.contract.network_catalogue import network_keys, remembers, with_most_memory_first
from playground.trace.memory import UNIT_ORDERS
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import MemoryMeasures
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.forecast_row import ForecastRow
from playground.ui.panels.memory_answers import AskedRow, GradientRow
from playground.ui.panels.memory_influence import InfluenceRow
from playground.ui.panels.memory_row_base import MeasureRow, Series
from playground.ui.panels.memory_state_row import StateRow
from playground.ui.panels.memory_survives import SurvivesRow
from playground.ui.panels.panel import Panel
from playground.ui.plots.time_rows import TimeRow, TimeStack
from playground.ui.state import UiState
from playground.ui.task_words import is_squared
from playground.ui.vocabulary import network_title, word

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

PLAIN = network_keys(cell_state=False, gated=False)
"""The networks without anything that could be called a long-term memory."""
LONG_TERM_PREFERENCE = tuple(key for key in with_most_memory_first() if key not in PLAIN)
SHORT_TERM_PREFERENCE = (
    *(key for key in PLAIN if remembers(key)),
    *network_keys(cell_state=False, gated=True),
    *(key for key in PLAIN if not remembers(key)),
)
LABEL_WIDTH, RIGHT_MARGIN = 168, 100
LECTURE_LABEL_WIDTH, LECTURE_RIGHT_MARGIN = 144, 112
NARROW_LABEL_WIDTH, NARROW_RIGHT_MARGIN = 158, 92
NARROW = 720
"""Below this width (unscaled px) labels and margins are drawn closer."""


def counted(units: int) -> str:
    """ "16 units", "1 unit"."""
    return f"{units} unit{'' if units == 1 else 's'}"


ROOM_FOR_NUMBERS = 505
"""Unscaled height from which the strip has the number of each timestep."""
LOW_STRIP = 54


class MemoryStackPanel(Panel):
    """Strip, states and measures on one axis, with the choice of which networks' states are compared.

    `show_moment` and `show_measures` are given what to show; the panel asks nobody. The rows are public, so that
    lecture mode can show some of them at a time: the card hides itself when all of them are hidden.
    """

    def __init__(
        self,
        state: UiState,
        monitor: RunMonitor,
        choose_since: Callable[[int], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(state, "Update 0", parent)
        self._monitor = monitor
        self._traces: Mapping[str, SequenceTrace] = {}
        self._measures: Mapping[str, MemoryMeasures] = {}
        self._stale = False
        self._message = ""
        self._choices: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self.long_network = ""
        self.short_network = ""
        self._rows_wanted: list[TimeRow] = []
        self.strip = EventStripRow(state, numbers=True)
        self.long_row = StateRow(state, choose_since)
        self.short_row = StateRow(state, choose_since)
        self.rival_row = StateRow(state, choose_since)
        self.survives_row = SurvivesRow(state, choose_since)
        self.asked_row = AskedRow(state, choose_since)
        self.influence_row = InfluenceRow(state, choose_since)
        self.gradient_row = GradientRow(state, choose_since)
        self.stack = TimeStack(state, label_width=LABEL_WIDTH, right_margin=RIGHT_MARGIN)
        self.forecast_row = ForecastRow(state, follows_moment=False)
        self.forecast_row.set_low(True)
        for each in (self.forecast_row, self.asked_row):  # a series shows the one, other tasks the other
            each.setParent(self.stack)
            each.hide()
        self._make_choosers()
        self.body.addWidget(self.stack)
        for row in (*self.state_rows, *self.measure_rows):
            row.installEventFilter(self)
        state.timestep_changed.connect(self._timestep_changed)
        state.units_changed.connect(self._units_changed)
        state.ordering_changed.connect(self._ordering_changed)
        state.network_changed.connect(self._network_opened)
        state.layer_changed.connect(self._layer_changed)
        self._show_task()
        self.restyle()

    @property
    def state_rows(self) -> list[StateRow]:
        """The three heat maps."""
        return [self.long_row, self.short_row, self.rival_row]

    @property
    def measure_rows(self) -> list[MeasureRow]:
        """The rows of measures."""
        return [self.survives_row, self.influence_row, self.asked_row, self.gradient_row]

    # -- what is shown
    @property
    def traces(self) -> Mapping[str, SequenceTrace]:
        """The traces whose states are shown, by network."""
        return self._traces

    def show_moment(self, traces: Mapping[str, SequenceTrace], update: int, when: str) -> None:
        """Show the states of these networks at this update; `when` says which moment that is."""
        self._traces = traces
        self.set_title(f"Update {update:,}", when)
        self._offer_networks()
        self._show_states()

    def show_measures(
        self, measures: Mapping[str, MemoryMeasures], since: int, *, stale: bool = False, message: str = ""
    ) -> None:
        """Show the measures of these networks; `stale`: they belong to another moment than the states."""
        self._measures, self._stale, self._message = measures, stale, message
        if self.survives_row.since != since:
            self.survives_row.show_since(since)
        self.survives_row.counted_from = next((each.since for each in measures.values()), since)
        self._show_lines()

    def _show_task(self) -> None:
        task, sequence = self._monitor.task, self._monitor.sequence
        self.strip.show_events(sequence.events)
        self.stack.set_timeline(sequence.length, self.strip.fold)
        first, second = (task.answers[rival].title for rival in task.rivals)
        for row in self.measure_rows:
            row.set_rivals(first, second)
        self.influence_row.show_numbers(task.loss == "squared_error")
        rows: list[TimeRow] = [self.strip, *self.state_rows, *self.measure_rows]
        if task.family == "series":  # what it forecasts, where others weigh two answers
            self.forecast_row.show_sequence(task, sequence)
            rows = [self.strip, self.forecast_row, *(row for row in rows[1:] if row is not self.asked_row)]
        if rows != self._rows_wanted:
            self._rows_wanted = rows
            self.stack.set_rows(rows)

    def run_changed(self) -> None:
        """Another run: the probe may be another one."""
        self._show_task()

    # -- choosing networks
    def _make_choosers(self) -> None:
        self.long_chooser = self._chooser(
            "Long-term memory of", "Whose long-term and short-term memory the upper rows show."
        )
        self.short_chooser = self._chooser(
            "Compared with", "Which network that has only a short-term memory stands below."
        )
        self.order_chooser = self._chooser(
            "Order of the units",
            "Units can stand in another order, so that those that do the same stand together.",
        )
        self._beside = QLabel("beside")
        self._beside.setProperty("role", "muted")
        self._units_label = QLabel("units")
        self._units_label.setProperty("role", "muted")
        for widget in (
            self.long_chooser,
            self._beside,
            self.short_chooser,
            self._units_label,
            self.order_chooser,
        ):
            self.title_row.addWidget(widget)
        for key in UNIT_ORDERS:
            self.order_chooser.addItem("", key)
        self.long_chooser.activated.connect(self._long_chosen)
        self.short_chooser.activated.connect(self._short_chosen)
        self.order_chooser.activated.connect(self._order_chosen)

    def _chooser(self, name: str, teaches: str) -> QComboBox:
        chooser = QComboBox()
        chooser.setAccessibleName(name)
        chooser.setToolTip(teaches)
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return chooser

    def _offer_networks(self) -> None:
        long_term = tuple(key for key in LONG_TERM_PREFERENCE if key in self._traces)
        with_cell = [key for key in self._traces if self._traces[key].description.has_cell_state]
        long_term += tuple(key for key in with_cell if key not in long_term)
        if self.long_network not in long_term:
            opened = self.state.network
            self.long_network = opened if opened in long_term else (long_term[0] if long_term else "")
        short_term = tuple(
            key
            for key in (*SHORT_TERM_PREFERENCE, *self._traces)
            if key in self._traces
            and not self._traces[key].description.has_cell_state
            and key != self.long_network
        )
        short_term = tuple(dict.fromkeys(short_term))
        if self.short_network not in short_term:
            self.short_network = short_term[0] if short_term else ""
        if (long_term, short_term) != self._choices:
            self._choices = (long_term, short_term)
            self._fill(self.long_chooser, long_term)
            self._fill(self.short_chooser, short_term)
        self._mark(self.long_chooser, self.long_network)
        self._mark(self.short_chooser, self.short_network)
        self._beside.setVisible(bool(long_term and short_term))

    def _fill(self, chooser: QComboBox, keys: Sequence[str]) -> None:
        chooser.clear()
        for key in keys:
            chooser.addItem(network_title(key, self.state.vocabulary), key)
        chooser.setVisible(bool(keys))

    @staticmethod
    def _mark(chooser: QComboBox, key: str) -> None:
        chooser.setCurrentIndex(chooser.findData(key))

    @Slot()
    def _long_chosen(self) -> None:
        self.long_network = str(self.long_chooser.currentData())
        self.state.set_network(self.long_network)
        self._offer_networks()
        self._show_states()
        self._show_lines()

    @Slot()
    def _short_chosen(self) -> None:
        self.short_network = str(self.short_chooser.currentData())
        self._show_states()

    @Slot()
    def _order_chosen(self) -> None:
        self.state.set_ordering(str(self.order_chooser.currentData()))

    @Slot(str)
    def _network_opened(self, network: str) -> None:
        """Somebody opened a network on another page: show it here, on the side where it belongs."""
        if network in self._choices[0]:
            self.long_network = network
        elif network in self._choices[1]:
            self.short_network = network
        else:
            return
        self._offer_networks()
        self._show_states()

    @Slot()
    def _layer_changed(self) -> None:
        self._show_states()

    # -- heat maps
    def _show_states(self) -> None:
        self.forecast_row.show_traces(self._traces)
        vocabulary = self.state.vocabulary
        long_trace, short_trace = (
            self.state.at_layer(self._traces.get(key)) for key in (self.long_network, self.short_network)
        )
        has_cell = long_trace is not None and long_trace.description.has_cell_state
        self._show_state(self.long_row, long_trace, "cell_state" if has_cell else "hidden_state")
        self._show_state(self.short_row, long_trace if has_cell else None, "hidden_state")
        self._show_state(self.rival_row, short_trace, "hidden_state")
        title = network_title(self.long_network, vocabulary) if self.long_network else ""
        units = (
            ""
            if long_trace is None
            else f"{word('long_term_symbol', vocabulary)}, {counted(long_trace.top.units)}{_layer_words(long_trace)}"
        )
        guide = vocabulary == "guide"
        symbol = word("short_term_symbol", vocabulary)
        if has_cell:
            self.long_row.set_label(f"{title} {'long-term' if guide else 'cell state'}", units, "long_term")
            self.short_row.set_label(
                f"{title} {'short-term' if guide else 'hidden state'}", f"{symbol}, its output", "short_term"
            )
        elif long_trace is not None:
            self.long_row.set_label(
                title,
                f"{symbol}, {counted(long_trace.top.units)}{_layer_words(long_trace)}",
                f"network:{self.long_network}",
            )
        if short_trace is not None:
            rival = network_title(self.short_network, vocabulary)
            only = "keeps nothing" if not short_trace.description.states else f"{symbol} is all it has"
            if short_trace.depth > 1:
                only = f"{symbol}{_layer_words(short_trace)}"
            self.rival_row.set_label(rival, only, f"network:{self.short_network}")

    def _show_state(self, row: StateRow, trace: SequenceTrace | None, name: str) -> None:
        if trace is None:
            row.clear()
            self._show_row(row, not self._traces)
            return
        vocabulary = self.state.vocabulary
        quantity = trace.description.quantity(name)
        row.show_values(
            trace.value(name),
            role=quantity.role,
            span="unbounded" if quantity.span == "unbounded" else "minus_one_to_one",
            name=f"{network_title(trace.network, vocabulary)}, {quantity.title[vocabulary].lower()}",
            bound=self.state.value_ranges.bound(trace, name),
            order=self._order(trace),
        )
        self._show_row(row, True)

    def _order(self, trace: SequenceTrace) -> NDArray[np.int64]:
        _, order = UNIT_ORDERS.get(self.state.ordering, UNIT_ORDERS["stored"])
        return order(trace, -1)

    def _show_row(self, row: TimeRow, wanted: bool) -> None:
        """Rows without a network to show take no room. Which of the others are hidden (lecture mode) stays as it is."""
        if wanted == (row in self.stack.rows):
            return
        everything: list[TimeRow] = [self.strip, self.forecast_row, *self.state_rows, *self.measure_rows]
        shown = [each for each in everything if (wanted if each is row else each in self.stack.rows)]
        hidden = [each for each in self.stack.rows if each.isHidden()]
        if len([each for each in hidden if each in self.state_rows]) == 2:
            hidden.append(row)  # the lecture shows other rows now
        self.stack.set_rows(shown)
        for each in hidden:
            each.hide()

    # -- lines
    def _show_lines(self) -> None:
        vocabulary = self.state.vocabulary
        names = {key: network_title(key, vocabulary) for key in self._measures}
        survives: list[Series] = []
        for key, measures in self._measures.items():
            survives.append(Series(key, names[key], measures.survives))
            if measures.forget_product is not None:
                survives.append(Series(key, names[key], measures.forget_product, faint=True))
        self.survives_row.show_series(survives, stale=self._stale, message=self._message)
        for row, values in (
            (self.asked_row, {key: measures.asked_now for key, measures in self._measures.items()}),
            (self.gradient_row, {key: measures.gradient for key, measures in self._measures.items()}),
            (self.influence_row, {key: measures.influence for key, measures in self._measures.items()}),
        ):
            series = [Series(key, names[key], line) for key, line in values.items() if line is not None]
            message = self._message
            if row is self.asked_row and is_squared(self._monitor.task):
                series, message = [], "The answer is a number: there are no two answers to weigh."
            row.show_series(series, stale=self._stale, message=message)

    # -- what changes around it
    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        for row in self.measure_rows:
            row.update()
            if row.hasFocus():
                row.setAccessibleDescription(row.describe_now())

    @Slot()
    def _units_changed(self) -> None:
        for row in self.state_rows:
            row.update()

    @Slot(str)
    def _ordering_changed(self, ordering: str) -> None:
        self._mark(self.order_chooser, ordering)
        self._show_states()

    def restyle(self) -> None:
        vocabulary = self.state.vocabulary
        for index, (title, _) in enumerate(UNIT_ORDERS.values()):
            self.order_chooser.setItemText(index, title[vocabulary])
        self._mark(self.order_chooser, self.state.ordering)
        for chooser in (self.long_chooser, self.short_chooser):
            for index in range(chooser.count()):
                chooser.setItemText(index, network_title(str(chooser.itemData(index)), vocabulary))
        self._fit_margins()
        self._fit_strip()
        self.stack.set_timeline(self.stack.axis.length, self.strip.fold)
        self._show_states()
        self._show_lines()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._follow_rows()
        return super().eventFilter(watched, event)

    def _follow_rows(self) -> None:
        if self.parentWidget() is None:
            return  # not yet on its page: shown now, it would be a window of its own
        shown = any(not row.isHidden() for row in (*self.state_rows, *self.measure_rows))
        if self.isHidden() == shown:
            self.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_margins()
        self._fit_strip()

    def _fit_strip(self) -> None:
        low = self.height() < self.state.theme.px(ROOM_FOR_NUMBERS)
        self.strip.set_numbers(not self.state.lecture and not low)
        if low and not self.state.lecture and self.strip.base_height != LOW_STRIP:
            self.strip.base_height = LOW_STRIP
            self.strip.rescale()

    def _fit_margins(self) -> None:
        narrow = self.width() < self.state.theme.px(NARROW)
        self._units_label.setVisible(not narrow)
        self.order_chooser.setVisible(not narrow)
        if narrow:
            self.stack.set_margins(NARROW_LABEL_WIDTH, NARROW_RIGHT_MARGIN)
        else:
            # the rows of measures have longer labels than the memories
            lecture = self.state.lecture and all(row.isHidden() for row in self.measure_rows)
            self.stack.set_margins(
                LECTURE_LABEL_WIDTH if lecture else LABEL_WIDTH,
                LECTURE_RIGHT_MARGIN if self.state.lecture else RIGHT_MARGIN,
            )

    def hover_position(self, row: TimeRow, timestep: int) -> QPointF:
        """The middle of a column of a row: where a hand would point at it."""
        return QPointF(float(row.axis.centres[timestep]), row.height() / 2)


def _layer_words(trace: SequenceTrace) -> str:
    """Which of several layers it is: ", layer 1"; there is no room for more."""
    return f", layer {len(trace.layers)}" if trace.depth > 1 else ""
