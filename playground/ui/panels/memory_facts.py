"""The card "What does a unit know?": the table, and below it the chosen unit over the probe beside the fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QWidget

from playground.tasks.task import Batch, EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import UnitMeasures
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_facts_table import MOST_LINES, FactLine, FactTable, fact_lines
from playground.ui.panels.memory_row_base import Series
from playground.ui.panels.memory_rows import LineRow
from playground.ui.panels.memory_scales import ValueScale
from playground.ui.panels.memory_words import layer_words
from playground.ui.panels.panel import Panel
from playground.ui.plots.time_rows import TimeStack
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor


def known_facts(task: Task, sequence: EventSequence) -> dict[str, NDArray[np.float32]]:
    """What is known about every timestep of a sequence, (T,) by name."""
    batch = Batch(
        inputs=sequence.inputs[:, None],
        targets=sequence.targets[:, None],
        asked=sequence.asked[:, None],
        loss_weights=np.zeros(sequence.length, np.float32),
        distance=0,
    )
    return {name: np.asarray(values, np.float32)[:, 0] for name, values in task.facts(batch).items()}


def value_range(values: NDArray[np.floating], low: float = -1.0, high: float = 1.0) -> ValueScale:
    """The axis of these values: -1 to 1, or 0 to 1, or as far as they go."""
    known = values[~np.isnan(values)]
    if len(known):
        low, high = min(low, float(known.min())), max(high, float(known.max()))
    return ValueScale(low, high, ticks=((low, _short(low)), (high, _short(high))))


def _short(value: float) -> str:
    """A number with three digits and a real minus sign."""
    return f"{value:.3g}".replace("-", "−")


class KnownRow(LineRow):
    """One line over the probe: a unit's values, or a fact's."""

    definition = "facts"
    base_height = 44
    faint_lines = ""

    def __init__(self, state: UiState) -> None:
        super().__init__(state, "", "", ValueScale(-1, 1, ticks=((-1, "−1"), (1, "1"))))

    def _paint_names(self, painter: QPainter) -> None:
        """The label at the left says what it is."""

    def sentence(self, series: Series, timestep: int) -> str:
        value = float(series.values[timestep])
        said = "not known" if np.isnan(value) else f"{value:.2f}"
        return f"timestep {timestep + 1}: {series.name} {said}"


class FactsPanel(Panel):
    """Given measures and the trace shown, it asks nobody. A click selects the unit on every page."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "What does a unit know?", parent)
        self._monitor = monitor
        self._measures: UnitMeasures | None = None
        self._trace: SequenceTrace | None = None
        self._message = ""
        self._facts: Mapping[str, NDArray[np.float32]] = {}
        self.question = WhatIsThis(state, "facts", self)
        self.title_row.insertWidget(1, self.question)
        self.fact_chooser = QComboBox()
        self.fact_chooser.setAccessibleName("Which fact")
        self.fact_chooser.setToolTip("Show all facts together, or what the units know of one.")
        self.fact_chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fact_chooser.activated.connect(self._fact_chosen)
        self.title_row.addWidget(self.fact_chooser)
        self.table = FactTable(state)
        self.table.chosen.connect(self._line_chosen)
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.strip = EventStripRow(state)
        self.unit_row, self.fact_row = KnownRow(state), KnownRow(state)
        self.stack = TimeStack(state, label_width=168, right_margin=16)
        self.body.addWidget(self.words)
        self.body.addWidget(self.table, 3)
        self.body.addWidget(self.stack, 2)
        state.timestep_changed.connect(self._timestep_changed)
        self.show_task()
        self.stack.set_rows([self.strip, self.unit_row, self.fact_row])
        self.restyle()

    def show_task(self) -> None:
        """Another run: other facts, perhaps."""
        task, sequence = self._monitor.task, self._monitor.sequence
        self.strip.show_events(sequence.events)
        self.stack.set_timeline(sequence.length, self.strip.fold)
        self._facts = known_facts(task, sequence)
        self.fact_chooser.clear()
        self.fact_chooser.addItem("all facts", "")
        for name, words in task.fact_words.items():
            self.fact_chooser.addItem(words[self.state.vocabulary], name)
        self.fact_chooser.setVisible(len(task.fact_words) > 1)

    def show_measures(
        self, measures: UnitMeasures | None, trace: SequenceTrace | None, *, message: str = ""
    ) -> None:
        """Show what the units of this network know; `message`: why nothing is known."""
        self._measures, self._trace, self._message = measures, trace, message
        self._show()

    def _show(self) -> None:
        task, vocabulary = self._monitor.task, self.state.vocabulary
        measures = self._measures
        has_facts = bool(task.fact_words)
        self.table.setVisible(has_facts)
        lines = (
            fact_lines(measures, str(self.fact_chooser.currentData() or "")) if measures is not None else []
        )
        description = self._trace.description if self._trace is not None else None
        self.table.show_lines(lines, description, task.fact_words)
        if not has_facts:
            self.words.setText(
                "Nothing is known about the timesteps of this task, so there is nothing to compare with."
            )
        elif measures is None:
            self.words.setText(self._message or "Reading 500 fresh sequences …")
        else:
            who = network_title(measures.network, vocabulary) + layer_words(measures.layer, measures.depth)
            text = (
                f"{who}, {measures.sequences} fresh sequences. Click a line to see that unit beside the fact."
            )
            if len(lines) > MOST_LINES:
                text += f" The {MOST_LINES} closest of {len(lines):,}."
            self.words.setText(text)
        self._name()
        if self.table.current is None and self.table.lines:
            self.table.current = self.table.lines[0]
        self._show_rows()

    def _name(self) -> None:
        """In a lecture nothing else says whose units they are."""
        measures = self._measures
        whose = network_title(measures.network, self.state.vocabulary) if measures is not None else ""
        told = self.state.lecture and self._monitor.task.fact_words
        self.set_title("What does a unit know?", whose if told else "")

    def _show_rows(self) -> None:
        line, trace = self.table.current, self._trace
        shown = line is not None and trace is not None and line.fact in self._facts
        self.stack.setVisible(shown)
        if not shown or line is None or trace is None:
            return
        try:
            values = trace.value(line.quantity)
            quantity = trace.description.quantity(line.quantity)
        except KeyError:
            self.stack.setVisible(False)
            return
        if line.unit >= values.shape[1]:
            self.stack.setVisible(False)
            return
        unit_values = values[:, line.unit].astype(np.float64)
        title, fact = self.table.words_of(line)
        gate = quantity.span == "zero_to_one"
        self.unit_row.set_value_scale(value_range(unit_values, 0.0 if gate else -1.0))
        role = quantity.role if quantity.role in dict(self.state.theme.palette.roles) else "text"
        self.unit_row.set_label(f"Unit {line.unit + 1}", quantity.title[self.state.vocabulary], role)
        self.unit_row.show_series([Series(trace.network, title, unit_values, role=role)])
        fact_values = self._facts[line.fact].astype(np.float64)
        self.fact_row.set_value_scale(value_range(fact_values, min(0.0, float(np.nanmin(fact_values))), 1.0))
        self.fact_row.set_label("The fact", fact, "text")
        self.fact_row.show_series([Series(trace.network, fact, fact_values, role="text")])

    @Slot()
    def _fact_chosen(self) -> None:
        self.table.current = None
        self._show()

    @Slot(object)
    def _line_chosen(self, line: FactLine) -> None:
        self.state.set_units((line.unit,))
        self._show_rows()

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self.unit_row.update()
        self.fact_row.update()

    def restyle(self) -> None:
        self.question.rescale()
        self._name()
        self.words.setVisible(not self.state.lecture or not self._monitor.task.fact_words)
        self.table.rescale()
        self.stack.set_timeline(self.stack.axis.length, self.strip.fold)
        words = self._monitor.task.fact_words
        for index, each in enumerate(words.values(), start=1):
            if index < self.fact_chooser.count():
                self.fact_chooser.setItemText(index, each[self.state.vocabulary])
        self._show()
