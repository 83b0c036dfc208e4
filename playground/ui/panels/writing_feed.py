"""The samples: what the networks wrote, newest first, and at the end the very first gibberish."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from playground.tasks.text.vocabulary import named
from playground.ui.panels.network_chooser import NetworkChooser
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.plots.heatmap import cell_colours
from playground.ui.plots.written_text import WrittenText
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title
from playground.ui.writing import Sample, Writing
from playground.ui.writing_words import heading_of

MOST_LINES, FEW = 4, 3
"""The lines of a sample that are shown, unless there are only a few samples."""

NOTHING = ""


class WritingFeed(Panel):
    """A list of samples. A click on a character looks at it; the colours tell what a unit did while it was read."""

    def __init__(self, state: UiState, writing: Writing, parent: QWidget | None = None) -> None:
        super().__init__(state, "What it writes", parent)
        self._writing = writing
        self._texts: dict[int, WrittenText] = {}
        self.chooser = NetworkChooser(state, self)
        controls, self._colours_row = QHBoxLayout(), QHBoxLayout()
        controls.addWidget(self.chooser)
        controls.addStretch(1)
        self.colouring = QComboBox()
        self.colouring.setAccessibleName("Colour of the text")
        self.colouring.setToolTip(
            "Colours each character of the chosen text by what this unit did when it had read it."
        )
        self.colouring.activated.connect(self._colour)
        self._colours_row.addWidget(self.colouring)
        self.unit = QSpinBox()
        self.unit.setPrefix("unit ")
        self.unit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.unit.setAccessibleName("Unit whose values colour the text")
        self.unit.setToolTip("Which unit's values colour the text.")
        self.unit.valueChanged.connect(self._unit_chosen)
        self._colours_row.addWidget(self.unit)
        self._colours_row.addStretch(1)
        self.write = QPushButton("Write")
        self.write.setProperty("kind", "primary")
        self.write.setToolTip(
            "Writes once more with the networks as they are now, with another random seed. Key G."
        )
        self.write.setAccessibleName("Write once more")
        self.write.clicked.connect(writing.write)
        self.title_row.addWidget(self.write)
        self.problem = QLabel()
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.body.addLayout(controls)
        self.body.addLayout(self._colours_row)
        self.body.addWidget(self.problem)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("Samples, newest first")
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.empty = QLabel("Nothing has been written yet. Press Train, or Write.")
        self.empty.setProperty("role", "muted")
        self._column.addWidget(self.empty)
        self._column.addStretch(1)
        self.area.setWidget(self._holder)
        self.body.addWidget(self.area, 1)
        self.told = QLabel()
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.body.addWidget(self.told)
        writing.samples_changed.connect(self.refresh)
        writing.selection_changed.connect(self._mark)
        writing.problem_changed.connect(self._show_problem)
        state.units_changed.connect(self._mark)
        self.restyle()

    def text_of(self, sample: Sample) -> WrittenText:
        """The widget of a sample that is shown."""
        return self._texts[sample.number]

    @Slot()
    def refresh(self) -> None:
        """Show the samples there are, the newest at the top."""
        kept = {sample.number for sample in self._writing.samples}
        for number in [n for n in self._texts if n not in kept]:
            text = self._texts.pop(number)
            self._column.removeWidget(text)
            text.hide()
            text.deleteLater()
        for sample in self._writing.samples:
            if sample.number not in self._texts:
                self._texts[sample.number] = self._made(sample)
                self._column.insertWidget(0, self._texts[sample.number])
        for text in self._texts.values():
            text.allow(0 if len(self._texts) <= FEW else MOST_LINES)
        self.empty.setVisible(not self._texts)
        task = self._writing.task
        notices = task.corpus.notices if task is not None else ()
        self.told.setText(" ".join(notices))  # what was done to the text, before anybody trusts it
        self.told.setVisible(bool(notices))
        self._mark()

    def _made(self, sample: Sample) -> WrittenText:
        title = network_title(sample.network, self.state.vocabulary)
        generated = sample.generated
        heading = heading_of(sample.update, title, generated.settings)
        task = self._writing.task
        flowing = (
            task is not None and task.corpus.lines
        )  # a list of short things: side by side, more of them are seen
        text = WrittenText(self.state, heading, generated.prompt, generated.text, MOST_LINES, flowing=flowing)
        text.chosen = lambda place: self._writing.select(sample, place)
        text.words_at = lambda place: f"“{named(generated.text[place])}”: click to see why it was written"
        return text

    @Slot()
    def _mark(self) -> None:
        selected = self._writing.selected
        for number, text in self._texts.items():
            is_it = selected is not None and selected.number == number
            text.mark(self._writing.place if is_it else None, is_it)
            text.colour(self._colours() if is_it else None)
        self._offer_colours()

    def _offer_colours(self) -> None:
        trace = self._writing.trace
        names = [NOTHING]
        if trace is not None:
            names += [
                q.name
                for q in trace.description.quantities
                if q.is_gate or q.name in trace.description.states
            ]
        if names != [self.colouring.itemData(k) for k in range(self.colouring.count())]:
            chosen = self.colouring.currentData()
            self.colouring.clear()
            for name in names:
                self.colouring.addItem("", name)
            self.colouring.setCurrentIndex(max(0, self.colouring.findData(chosen)))
        for at, name in enumerate(names):
            self.colouring.setItemText(at, self._title(name))
        self.unit.blockSignals(True)
        self.unit.setRange(1, trace.top.units if trace is not None else 1)
        self.unit.setValue(self.state.unit + 1)
        self.unit.blockSignals(False)
        # They say something of the text that is looked at: without one they are not there.
        self.colouring.setVisible(trace is not None)
        self.unit.setVisible(trace is not None and bool(self.colouring.currentData()))

    def _title(self, name: str) -> str:
        trace = self._writing.trace
        if trace is None or name == NOTHING:
            return "No colours"
        return trace.description.quantity(name).title[self.state.vocabulary]

    @Slot(int)
    def _unit_chosen(self, number: int) -> None:
        self.state.set_units((number - 1,))

    def _colours(self) -> NDArray[np.uint32] | None:
        """One colour a written character: the unit's value after it was read."""
        trace, sample = self._writing.trace, self._writing.selected
        name = self.colouring.currentData()
        if trace is None or sample is None or not name:
            return None
        quantity = trace.description.quantity(name)
        unit = min(self.state.unit, trace.top.units - 1)
        first = len(sample.generated.read)
        values = trace.value(name)[first:, unit]
        bound = float(np.abs(trace.value(name)).max()) if quantity.span == "unbounded" else 1.0
        return cell_colours(self.state.theme, values, quantity.role, quantity.span, bound)

    @Slot(int)
    def _colour(self, index: int) -> None:
        self._mark()

    @Slot()
    def _show_problem(self) -> None:
        self.problem.setText(self._writing.problem)
        self.problem.setVisible(bool(self._writing.problem))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.chooser.fit(self.width() - self.state.theme.px(2 * MARGIN))

    def restyle(self) -> None:
        theme = self.state.theme
        self._fit()
        self._colours_row.setSpacing(theme.px(8))
        self.unit.setMinimumWidth(theme.px(96))
        self._column.setSpacing(theme.px(6))
        self.colouring.setMinimumWidth(theme.px(120))
        for text in self._texts.values():
            text.restyle()
        self._mark()
