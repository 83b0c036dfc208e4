"""The card "Gradient through time": what learning meets on its way back, apart for both memories, and the clip norm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from playground.trace.snapshot import LossGradient, MemoryMeasures
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_row_base import Series
from playground.ui.panels.memory_rows import LineRow
from playground.ui.panels.memory_scales import ValueScale
from playground.ui.panels.memory_words import capitalised, listed, power_of_ten
from playground.ui.panels.panel import Panel
from playground.ui.plots.time_rows import TimeStack
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.vocabulary import network_in_a_sentence, network_title, word

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

SCALE = ValueScale(
    1e-8, 100.0, logarithmic=True, ticks=((1e-8, "10⁻⁸"), (1e-4, "10⁻⁴"), (1.0, "1"), (100.0, "100"))
)
IN_LECTURE = ValueScale(SCALE.low, SCALE.high, logarithmic=True, ticks=SCALE.ticks[:-1])
"""The same with fewer numbers beside it: large digits would touch."""
MOST_ROWS, MOST_IN_LECTURE = 5, 3

STATES = {
    "cell_state": ("long_term", "long_term_symbol"),
    "hidden_state": ("short_term", "short_term_symbol"),
}
"""By state: its role, and the key of its symbol."""


def norm_in_words(value: float) -> str:
    """A length of a gradient: plainly where one can imagine it, as a power of ten where not."""
    if value == 0.0:
        return "0"
    return f"{value:.2g}" if 0.001 <= value < 1000 else f"about {power_of_ten(value)}"


class NetworkGradientRow(LineRow):
    """One network: a line for each of its memories, one for all weights together, and the clip norm."""

    definition = "loss_gradient"
    faint_lines = ""
    base_height = 47

    def __init__(self, state: UiState) -> None:
        self.network = ""
        self._found: LossGradient | None = None
        super().__init__(state, "", "", SCALE)

    def show_gradient(self, network: str, found: LossGradient, *, stale: bool) -> None:
        """Show this network's gradient."""
        self.network, self._found = network, found
        vocabulary = self.state.vocabulary
        length = len(next(iter(found.states.values())))
        lines = [
            Series(network, word(STATES[name][1], vocabulary), found.states[name], role=STATES[name][0])
            for name in STATES
            if name in found.states
        ]
        lines.append(Series(network, "all weights", np.full(length, found.weights), role="text"))
        lines.append(
            Series(network, f"clip norm {found.clip_norm:g}", np.full(length, found.clip_norm), role="muted")
        )
        self.set_label(network_title(network, vocabulary), clip_words(found), f"network:{network}")
        self.show_series(lines, stale=stale)

    def pen_of(self, series: Series) -> QPen:
        """The clip norm is dashed; the line of all weights is thin."""
        pen = super().pen_of(series)
        if series.role == "muted":
            pen.setDashPattern([4.0, 3.0])
        if series.role in ("muted", "text"):
            pen.setWidthF(1.3 * self.state.theme.scale)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def dotted(self, series: Series) -> bool:
        """Only what changes from timestep to timestep has dots."""
        return series.role not in ("muted", "text")

    def sentence(self, series: Series, timestep: int) -> str:
        who = network_in_a_sentence(self.network, self.state.vocabulary)
        if self._found is None:
            return ""
        if series.role == "muted":
            return f"the clip norm of {who} is {self._found.clip_norm:g}: {clip_words(self._found)}"
        if series.role == "text":
            return (
                f"the gradient of all weights of {who} together is {norm_in_words(self._found.weights)} long"
            )
        memory = word(series.role, self.state.vocabulary).lower()
        value = float(series.values[timestep])
        return f"timestep {timestep + 1}: {norm_in_words(value)} of gradient reaches the {memory} of {who}"


def clip_words(found: LossGradient) -> str:
    """What the clip norm does to this gradient."""
    if found.shortened:
        share = percent(found.clip_norm / found.weights).replace(" ", "\u00a0")
        return f"clipping shortens it to {share}"
    return "below the clip norm: used as it is"


class GradientPanel(Panel):
    """Strip and one row for each network with a memory. Given measures, it asks nobody."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "Gradient through time", parent)
        self._monitor = monitor
        self._measures: Mapping[str, MemoryMeasures] = {}
        self._stale = False
        self.question = WhatIsThis(state, "loss_gradient", self)
        self.title_row.insertWidget(1, self.question)
        self.strip = EventStripRow(state, numbers=True)
        self.rows = [NetworkGradientRow(state) for _ in range(MOST_ROWS)]
        self.stack = TimeStack(state, label_width=188, right_margin=104)
        for row in self.rows:
            row.setParent(self.stack)  # those that nobody needs stay hidden
            row.hide()
        self.words = QLabel("")
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.words)
        state.timestep_changed.connect(self._timestep_changed)
        self.show_task()
        self.stack.set_rows([self.strip])
        self.restyle()

    def show_task(self) -> None:
        """Another run, or another sequence."""
        sequence = self._monitor.sequence
        self.strip.show_events(sequence.events)
        self.stack.set_timeline(sequence.length, self.strip.fold)

    def show_measures(
        self, measures: Mapping[str, MemoryMeasures], update: int, *, stale: bool = False, message: str = ""
    ) -> None:
        """Show these networks' gradients at this update; `message`: why there are none."""
        self._measures, self._stale = measures, stale
        found = {key: each.loss_gradient for key, each in measures.items() if each.loss_gradient is not None}
        with_memory = {key: gradient for key, gradient in found.items() if gradient.states}
        most = MOST_IN_LECTURE if self.state.lecture else MOST_ROWS
        shown = list(with_memory.items())[:most]
        for row, (key, gradient) in zip(self.rows, shown, strict=False):
            row.rescale()  # it may have been hidden when sizes changed
            row.show_gradient(key, gradient, stale=stale)
        wanted = [self.strip, *self.rows[: len(shown)]]
        if self.stack.rows != wanted:
            self.stack.set_rows(list(wanted))
        self.set_title(
            "Gradient through time", f"of {self._whose_loss()}, at update {update:,}" if shown else ""
        )
        self.words.setVisible(not self.state.lecture or not shown)
        self.words.setText(
            self._sentence(found, list(with_memory)[most:]) if found else message or "measuring …"
        )

    def _whose_loss(self) -> str:
        """What is learned from: the loss of the one question, of all that is asked, or of the last answer alone."""
        asked = int(self._monitor.sequence.asked.sum())
        if asked > 1:
            return f"the mean loss of {asked:,} answers"
        return "the loss of the question" if asked else "the loss of the last answer"

    def _sentence(self, found: Mapping[str, LossGradient], left_out: list[str]) -> str:
        vocabulary = self.state.vocabulary
        short, long = (word(key, vocabulary).lower() for key in ("short_term", "long_term"))
        parts = [
            f"How much the loss would change with the {short} and the {long} at each timestep. Clipping looks at all "
            "weights together: where that line lies above the dashed one, the update is shortened, not bent."
        ]
        without = [network_in_a_sentence(key, vocabulary) for key, each in found.items() if not each.states]
        if without:
            parts.append(f"{capitalised(listed(without))} has no memory for a gradient to go back through.")
        no_cell = [
            network_in_a_sentence(key, vocabulary)
            for key, each in found.items()
            if each.states and "cell_state" not in each.states
        ]
        if no_cell:
            has = "has" if len(no_cell) == 1 else "have"
            parts.append(f"{capitalised(listed(no_cell))} {has} no {long}: one line.")
        if left_out:
            names = listed([network_title(key, vocabulary) for key in left_out])
            parts.append(f"Not shown for want of room: {names}.")
        return " ".join(parts)

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        for row in self.rows:
            row.update()

    def restyle(self) -> None:
        self.question.rescale()
        self.strip.set_numbers(not self.state.lecture)
        for row in self.rows:
            row.set_value_scale(IN_LECTURE if self.state.lecture else SCALE)
        self.stack.set_timeline(self.stack.axis.length, self.strip.fold)
        self._fit_margins()
        for key, each in self._measures.items():
            for row in self.rows:
                if row.network == key and each.loss_gradient is not None and each.loss_gradient.states:
                    row.show_gradient(key, each.loss_gradient, stale=self._stale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_margins()

    def _fit_margins(self) -> None:
        self.stack.set_margins(188, 128 if self.state.lecture else 104)
