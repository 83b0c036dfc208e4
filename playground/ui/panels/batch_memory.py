"""What happens to the memory between two batches: four ways, each of which can be trained, with the loss to be seen."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.tasks.batching import CARRY, MEMORY_MODE_WORDS, MEMORY_MODES, RESET, SHUFFLED, UNCUT
from playground.tasks.memory_tasks.echo import EchoSettings
from playground.ui.batch_trials import (
    ECHOES,
    THIS,
    THIS_TITLE,
    UPDATES,
    CutStream,
    Learned,
    memory_trial,
)
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

LATEST = 100
"""Updates whose mean is said."""

SHORT_TITLES = {CARRY: "carry", RESET: "reset", UNCUT: "not cut", SHUFFLED: "shuffled"}


class BatchMemory(Panel):
    """Chooses a way (`memory_chosen`), trains it beside the run, and draws all that were trained."""

    memory_chosen = Signal(str)

    def __init__(self, state: UiState, trials: TrialRuns, parent: QWidget | None = None) -> None:
        super().__init__(state, "The memory between two batches", parent)
        self._trials = trials
        self._memory = CARRY
        self._choice: Learned = ECHOES[0]
        self._stream: CutStream | None = None
        self._problem = ""
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
        self.race = LossRace(state)
        self.race.setAccessibleName("Loss of each way while it is trained")
        self.body.addWidget(self.race, 1)
        self._buttons = QHBoxLayout()
        self.learned = Segment(
            state,
            "What is learned",
            [
                *((choice.key, choice.title, choice.sentence) for choice in ECHOES),
                (THIS, THIS_TITLE, "The sequence above, cut as it is cut there: say what comes next."),
            ],
        )
        self.learned.show_choice(ECHOES[0].key)
        self.learned.chosen.connect(self._learned_chosen)
        self.one = QPushButton("Train this way")
        self.one.setToolTip("Trains a small LSTM in the chosen way, beside your run, which is not touched.")
        self.all = QPushButton("Train all four")
        self.all.setProperty("kind", "primary")
        self.all.setToolTip("Trains all four ways one after the other: same network, same stream, same seed.")
        self.one.clicked.connect(self.train_one)
        self.all.clicked.connect(self.train_all)
        self._buttons.addWidget(self.learned)
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
    def choice(self) -> Learned:
        """What is learned."""
        return self._choice

    def show_stream(self, stream: CutStream) -> None:
        """The sequence above is another, or cut in another way: what was learned of the one before is forgotten."""
        before = self._stream
        if before is not None and (before.source, before.rows, before.timesteps) == (
            stream.source,
            stream.rows,
            stream.timesteps,
        ):
            return
        self._stream = stream
        button = self.learned.button(THIS)
        problem = stream.problem()
        button.setEnabled(not problem)
        button.setToolTip(problem or stream.sentence)
        if isinstance(self._choice, CutStream):
            self._learn(ECHOES[0] if problem else stream)

    @Slot(str)
    def choose(self, memory: str) -> None:
        """Another way."""
        self._memory = memory
        self.ways.show_choice(memory)
        self.memory_chosen.emit(memory)
        self.refresh()

    @Slot(str)
    def _learned_chosen(self, key: str) -> None:
        if key == THIS:
            assert self._stream is not None
            self._learn(self._stream)
        else:
            self._learn(next(choice for choice in ECHOES if choice.key == key))

    def _learn(self, choice: Learned) -> None:
        """Learn this from now on."""
        self._choice = choice
        self._problem = ""
        self.learned.show_choice(THIS if isinstance(choice, CutStream) else choice.key)
        self._trials.forget(tuple(MEMORY_MODES))
        self.refresh()

    @Slot()
    def train_one(self) -> None:
        """Train the chosen way, or give up what trains."""
        self._train((self._memory,))

    @Slot()
    def train_all(self) -> None:
        """Train all ways, or give up what trains."""
        self._train(tuple(MEMORY_MODES))

    def _train(self, ways: tuple[str, ...]) -> None:
        if self._trials.busy:
            self._trials.stop()
            return
        try:
            trials = [memory_trial(self._choice, memory) for memory in ways]
        except OSError as error:  # a typed text is kept in a file before it is learned
            self._problem = f"The typed text could not be kept: {error.strerror}."
            self.refresh()
            return
        self._problem = ""
        self._trials.start(trials)

    @Slot()
    def refresh(self) -> None:
        """Take what the trials found."""
        theme = self.state.theme
        lines = []
        failure = self._problem
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
                    f"{SHORT_TITLES[memory]} {reached(result, self._choice)}".rstrip(),
                    curve.updates[:UPDATES][asked],
                    curve.asked_loss[:UPDATES][asked],
                    theme.role_ink(role),
                    dashes,
                    strong=memory == self._memory,
                )
            )
        title = THIS_TITLE if isinstance(self._choice, CutStream) else self._choice.title
        empty = f"{title}: {self._choice.sentence} Press “Train all four”."
        self.race.show_reference(*_reference(self._choice), from_zero=not isinstance(self._choice, CutStream))
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
        carried = self._trials.results.get(CARRY)
        if carried is not None and not (carried.finished and result.finished):
            carried = None
        return f"{words} {outcome(result, self._choice, None if result is carried else carried)}"

    def restyle(self) -> None:
        self._buttons.setSpacing(self.state.theme.px(8))
        self.refresh()


def _reference(choice: Learned) -> tuple[tuple[float, str], str]:
    """What somebody reaches who remembers nothing, and what it is counted in."""
    if isinstance(choice, CutStream):
        assert choice.source.task is not None
        guess = choice.source.task.memoryless()
        return (guess.loss, guess.title), choice.unit
    letters = EchoSettings().letters
    return (math.log(letters), f"guessing one of {letters} letters"), "nats"


def outcome(result: TrialResult, choice: Learned, carried: TrialResult | None = None) -> str:
    """What the last updates of a trial show on its own mini-sequences, and how fast it went; beside what was reached
    where memory was carried, if that was trained to the end, too."""
    found = reached(result, choice)
    said = f"{found} {choice.unit if isinstance(choice, CutStream) else 'right'}" if found else ""
    rate = f", {result.updates_per_second:,.0f} a second" if result.updates_per_second else ""
    beside = reached(carried, choice) if carried is not None else ""
    carry = f"; with carry {beside}" if beside else ""
    done = min(result.done, result.trial.updates)
    return f"After {done:,} updates{rate}: {said or 'nothing was asked yet'}{carry}."


def reached(result: TrialResult, choice: Learned) -> str:
    """The mean of the last hundred updates: of an echo the right answers, of a text or a series the loss. Empty where
    nothing was asked in them."""
    curve = result.record.curve("lstm")
    # a trial goes on for some updates before it is paused: all ways are judged on the same batches
    values = (curve.asked_loss if isinstance(choice, CutStream) else curve.right)[: result.trial.updates]
    values = values[-LATEST:]
    known = values[np.isfinite(values)]  # NaN where nothing was asked
    if not len(known):
        return ""
    mean = float(known.mean())
    return f"{mean:.3g}" if isinstance(choice, CutStream) else f"{100 * mean:.0f} %"
