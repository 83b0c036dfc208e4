"""Why batches at all: how many mini-sequences a second are learned from, measured on this machine on the spot."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from playground.ui.batch_trials import (
    SPEED_BATCHES,
    SPEED_KEYS,
    SPEED_TIMESTEPS,
    CutStream,
    speed_key,
    speed_trials,
)
from playground.ui.panels.panel import Panel
from playground.ui.plots.rate_bars import RateBar, RateBars
from playground.ui.state import UiState
from playground.ui.trials import TrialRuns


class BatchSpeed(Panel):
    """Bars for several batch sizes; nothing is shown that was not measured here and now."""

    def __init__(self, state: UiState, trials: TrialRuns, parent: QWidget | None = None) -> None:
        super().__init__(state, "Why batches?", parent)
        self._trials = trials
        self._stream: CutStream | None = None
        self._problem = ""
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
            return
        try:
            trials = speed_trials(self._stream)
            self._problem = ""
        except OSError as error:  # a typed text is kept in a file before it is learned
            self._problem = f"The typed text could not be kept: {error.strerror}."
            self.refresh()
            return
        self._trials.start(trials)

    def show_stream(self, stream: CutStream) -> None:
        """The sequence above: it is what is measured, if it can be learned; else an echo is. Another one, or other
        timesteps, and what was measured does not hold any more."""
        learned = None if stream.problem() else stream
        before = self._stream
        same = (before is None) == (learned is None) and (
            before is None
            or learned is None
            or (before.source, before.timesteps) == (learned.source, learned.timesteps)
        )
        self._stream = learned
        if not same:
            self._trials.forget(SPEED_KEYS)
        self.refresh()

    @property
    def learned_from(self) -> str:
        """What the mini-sequences are made of."""
        if self._stream is None:
            return f"{SPEED_TIMESTEPS} letters of an echo"
        assert self._stream.source.task is not None
        return f"{self._stream.timesteps} {self._stream.source.task.things} of the sequence above"

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
            if self._too_few(batch):
                words = "too short for it"
            bars.append(RateBar(f"{batch} row{'s' if batch > 1 else ''}", rate, words))
        self.bars.show_bars(tuple(bars))
        first, last = SPEED_BATCHES[0], SPEED_BATCHES[-1]
        failures = (self._trials.results[key].failure for key in SPEED_KEYS if key in self._trials.results)
        failure = self._problem or next((failure for failure in failures if failure), "")
        if failure:
            sentence = failure
        elif first in rates and last in rates:
            sentence = (
                f"Side by side, {last} rows are learned from {rates[last] / rates[first]:.1f} times as fast as one: "
                "one update reads all of them, and its fixed cost is paid once."
            )
        else:
            sentence = (
                f"How many mini-sequences of {self.learned_from} are learned from in a second? Rows that are read "
                "side by side share the cost of an update."
            )
        self.words.setText(sentence)
        self.bars.setAccessibleDescription(sentence)
        busy = self._trials.busy
        measuring = busy and (self._trials.current or "").startswith("batch")
        said = "Stop" if measuring else "Measure"
        if self.measure.text() != said:
            self.measure.setText(said)
        self.measure.setEnabled(measuring or not busy)

    def _too_few(self, batch: int) -> bool:
        """Whether the sequence is too short for so many rows."""
        stream = self._stream
        return stream is not None and stream.source.length <= batch * stream.timesteps

    def restyle(self) -> None:
        self.refresh()
