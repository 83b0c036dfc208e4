"""Why batches at all: how many mini-sequences a second are learned from, measured on this machine on the spot."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from playground.ui.batch_trials import SPEED_BATCHES, SPEED_TIMESTEPS, speed_key, speed_trials
from playground.ui.panels.panel import Panel
from playground.ui.plots.rate_bars import RateBar, RateBars
from playground.ui.state import UiState
from playground.ui.trials import TrialRuns


class BatchSpeed(Panel):
    """Bars for several batch sizes; nothing is shown that was not measured here and now."""

    def __init__(self, state: UiState, trials: TrialRuns, parent: QWidget | None = None) -> None:
        super().__init__(state, "Why batches?", parent)
        self._trials = trials
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.words)
        self.bars = RateBars(state)
        self.bars.setAccessibleName("Mini-sequences a second by batch size")
        self.body.addWidget(self.bars, 1)
        self.measure = QPushButton("Measure")
        self.measure.setToolTip(
            "Really trains the same LSTM with 1, 2, 8 and 32 rows for a moment, beside your run, and counts."
        )
        self.measure.clicked.connect(self.start)
        self.title_row.addWidget(self.measure)
        trials.changed.connect(self.refresh)
        self.restyle()

    @Slot()
    def start(self) -> None:
        """Measure, or give up measuring."""
        if self._trials.busy:
            self._trials.stop()
        else:
            self._trials.start(speed_trials())

    def rates(self) -> dict[int, float]:
        """By batch size: mini-sequences a second, of those that were measured to the end."""
        found = {}
        for batch in SPEED_BATCHES:
            result = self._trials.results.get(speed_key(batch))
            if result is not None and result.finished and result.updates_per_second > 0:
                found[batch] = batch * result.updates_per_second
        return found

    @Slot()
    def refresh(self) -> None:
        """Take what was measured."""
        rates = self.rates()
        bars = []
        for batch in SPEED_BATCHES:
            rate = rates.get(batch)
            under_way = self._trials.current == speed_key(batch)
            words = f"{rate:,.0f} a second" if rate is not None else "measuring" if under_way else "–"
            bars.append(RateBar(f"{batch} row{'s' if batch > 1 else ''}", rate, words))
        self.bars.show_bars(tuple(bars))
        first, last = SPEED_BATCHES[0], SPEED_BATCHES[-1]
        failure = next((r.failure for r in self._trials.results.values() if r.failure), "")
        if failure:
            sentence = failure
        elif first in rates and last in rates:
            sentence = (
                f"Side by side, {last} rows are learned from {rates[last] / rates[first]:.1f} times as fast as one: "
                "one update reads all of them, and its fixed cost is paid once."
            )
        else:
            sentence = (
                f"Mini-sequences of {SPEED_TIMESTEPS} timesteps a second: "
                "rows that are read side by side share the cost of an update."
            )
        self.words.setText(sentence)
        self.bars.setAccessibleDescription(sentence)
        busy = self._trials.busy
        measuring = busy and (self._trials.current or "").startswith("batch")
        said = "Stop" if measuring else "Measure"
        if self.measure.text() != said:
            self.measure.setText(said)
        self.measure.setEnabled(measuring or not busy)

    def restyle(self) -> None:
        self.refresh()
