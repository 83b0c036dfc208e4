"""What happens to the memory between two batches: four ways, each of which can be trained, with the loss to be seen."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.tasks.batching import CARRY, MEMORY_MODE_WORDS, MEMORY_MODES, RESET, SHUFFLED, UNCUT
from playground.tasks.memory_tasks.echo import EchoSettings
from playground.ui.batch_trials import ECHOES, UPDATES, EchoChoice, memory_trial, memory_trials
from playground.ui.panels.panel import Panel
from playground.ui.plots.loss_race import LossRace, RaceLine
from playground.ui.segment import Segment
from playground.ui.state import UiState
from playground.ui.trials import TrialResult, TrialRuns

LOOKS: dict[str, tuple[str, tuple[float, ...]]] = {
    CARRY: ("long_term", ()),
    RESET: ("forget", (5.0, 2.0)),
    UNCUT: ("learn", (9.0, 2.5)),
    SHUFFLED: ("use", (1.5, 1.8)),
}
"""The role whose colour a way has, and its dashes."""

SHORT_TITLES = {CARRY: "carry", RESET: "reset", UNCUT: "not cut", SHUFFLED: "shuffled"}


class BatchMemory(Panel):
    """Chooses a way (`memory_chosen`), trains it beside the run, and draws all that were trained."""

    memory_chosen = Signal(str)

    def __init__(self, state: UiState, trials: TrialRuns, parent: QWidget | None = None) -> None:
        super().__init__(state, "The memory between two batches", parent)
        self._trials = trials
        self._memory = CARRY
        self._choice: EchoChoice = ECHOES[0]
        self.ways = Segment(
            state,
            "The memory between batches",
            [(key, title.capitalize(), MEMORY_MODE_WORDS[key]) for key, title in SHORT_TITLES.items()],
        )
        self.ways.show_choice(CARRY)
        self.ways.chosen.connect(self.choose)
        self.body.addWidget(self.ways)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.words)
        self.race = LossRace(
            state, (math.log(EchoSettings().letters), f"guessing one of {EchoSettings().letters} letters")
        )
        self.race.setAccessibleName("Loss of each way while it is trained")
        self.body.addWidget(self.race, 1)
        self._buttons = QHBoxLayout()
        self.echo = Segment(state, "The echo", [(c.key, c.title, c.sentence) for c in ECHOES])
        self.echo.show_choice(self._choice.key)
        self.echo.chosen.connect(self._echo_chosen)
        self.one = QPushButton("Train this way")
        self.one.setToolTip(
            "Trains an LSTM on the echo in the chosen way, beside your run, which is not touched."
        )
        self.all = QPushButton("Train all four")
        self.all.setProperty("kind", "primary")
        self.all.setToolTip("Trains all four ways one after the other: same network, same stream, same seed.")
        self.one.clicked.connect(self.train_one)
        self.all.clicked.connect(self.train_all)
        self._buttons.addWidget(self.echo)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self.one)
        self._buttons.addWidget(self.all)
        self.body.addLayout(self._buttons)
        trials.changed.connect(self.refresh)
        self.restyle()

    @property
    def memory(self) -> str:
        """The way that is chosen."""
        return self._memory

    @property
    def echo_choice(self) -> EchoChoice:
        """What is learned."""
        return self._choice

    @Slot(str)
    def choose(self, memory: str) -> None:
        """Another way."""
        self._memory = memory
        self.ways.show_choice(memory)
        self.memory_chosen.emit(memory)
        self.refresh()

    @Slot(str)
    def _echo_chosen(self, key: str) -> None:
        self._choice = next(choice for choice in ECHOES if choice.key == key)
        self._trials.forget()
        self.refresh()

    @Slot()
    def train_one(self) -> None:
        """Train the chosen way, or give up what trains."""
        if self._trials.busy:
            self._trials.stop()
        else:
            self._trials.start([memory_trial(self._choice, self._memory)])

    @Slot()
    def train_all(self) -> None:
        """Train all ways, or give up what trains."""
        if self._trials.busy:
            self._trials.stop()
        else:
            self._trials.start(memory_trials(self._choice))

    @Slot()
    def refresh(self) -> None:
        """Take what the trials found."""
        theme = self.state.theme
        lines = []
        failure = ""
        for memory in MEMORY_MODES:
            result = self._trials.results.get(memory)
            if result is None:
                continue
            failure = failure or result.failure
            curve = result.record.curve("lstm")
            role, dashes = LOOKS[memory]
            asked = np.isfinite(
                curve.asked_loss[:UPDATES]
            )  # at the beginning of a pass nothing can be asked yet
            lines.append(
                RaceLine(
                    SHORT_TITLES[memory],
                    curve.updates[:UPDATES][asked],
                    curve.asked_loss[:UPDATES][asked],
                    theme.role_ink(role),
                    dashes,
                    strong=memory == self._memory,
                )
            )
        empty = f"{self._choice.title}: {self._choice.sentence} Press “Train all four”."
        self.race.show_lines(tuple(lines), UPDATES, empty)
        self.words.setText(failure or self._sentence())
        busy = self._trials.busy and self._trials.current in MEMORY_MODES
        for button, words in ((self.one, "Train this way"), (self.all, "Train all four")):
            said = "Stop" if busy and button is self.all else words
            if button.text() != said:
                button.setText(said)
        self.one.setEnabled(not self._trials.busy)
        self.all.setEnabled(busy or not self._trials.busy)
        self.race.setAccessibleDescription(self._sentence())

    def _sentence(self) -> str:
        """What the way is; once it was trained, what came of it."""
        words = MEMORY_MODE_WORDS[self._memory]
        result = self._trials.results.get(self._memory)
        if result is None or not result.done:
            return words
        return f"{words} {outcome(result)}"

    def restyle(self) -> None:
        self._buttons.setSpacing(self.state.theme.px(8))
        self.refresh()


def outcome(result: TrialResult) -> str:
    """What the last updates of a trial show: right answers on its own mini-sequences, and how fast it went."""
    curve = result.record.curve("lstm")
    rights = curve.right[-50:]
    known = rights[rights == rights]  # NaN where nothing was asked
    right = f"{100 * float(known.mean()):.0f} % right" if len(known) else "nothing was asked yet"
    rate = f", {result.updates_per_second:,.0f} updates a second" if result.updates_per_second else ""
    return f"After {min(result.done, result.trial.updates):,} updates: {right}{rate}."
