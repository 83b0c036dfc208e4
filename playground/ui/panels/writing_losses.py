"""How well: the loss of every network on text it has never seen, beside what counting reaches on the same text."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from playground.contract.cell_description import Words
from playground.tasks.text.character_task import CharacterTask
from playground.tasks.text.ngrams import Baselines
from playground.ui.background import Background
from playground.ui.panels.panel import Panel
from playground.ui.plots.loss_bars import LossBar, LossBars
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title
from playground.ui.writing import Writing
from playground.ui.writing_words import loss_words, unsure_words

COUNTED_THREES = Words("Counting threes", "3-gram")
COUNTED_ONES = Words("Counting letters", "Unigram")


class WritingLosses(Panel):
    """Bars: shorter is better. The baselines are counted beside the window when they are first seen."""

    def __init__(self, state: UiState, writing: Writing, parent: QWidget | None = None) -> None:
        super().__init__(state, "How surprised is it by unseen text?", parent)
        self._writing = writing
        self._baselines: Baselines | None = None
        self._counted_task: CharacterTask | None = None
        self._background = Background("counting", parent=self)
        self.bars = LossBars(state)
        self.bars.setAccessibleName("Loss on the held-out tenth, in nats a character")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.body.addWidget(self.bars)
        self.body.addWidget(self.words)
        self.body.addStretch(1)
        writing.losses_changed.connect(self.refresh)
        self.restyle()

    def count_baselines(self) -> None:
        """Have them counted, if they were not yet."""
        task = self._writing.task
        if task is None or self._counted_task is task:
            return
        self._baselines = None
        self._counted_task = task
        self._background.begin(lambda progress, given_up: task.baselines, self._counted)

    def _counted(self, baselines: Baselines) -> None:
        if self._counted_task is self._writing.task:
            self._baselines = baselines
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is known."""
        vocabulary = self.state.vocabulary
        losses = self._writing.losses
        if losses:
            self.count_baselines()
        bars = [
            LossBar(network_title(network, vocabulary), loss, f"network:{network}")
            for network, loss in losses.items()
        ]
        if self._baselines is not None and self._writing.task is not None:
            bars += [
                LossBar(COUNTED_THREES[vocabulary], self._baselines.trigram, "muted"),
                LossBar(COUNTED_ONES[vocabulary], self._baselines.unigram, "muted"),
            ]
        self.bars.show_bars(tuple(bars))
        self.words.setText(self._sentence())
        self.bars.setAccessibleDescription(self._sentence())

    def _sentence(self) -> str:
        losses = self._writing.losses
        if not losses:
            return "Asked on the last tenth of the text, which is never trained on."
        best = min(losses, key=lambda network: losses[network])
        title = network_title(best, self.state.vocabulary)
        nats = losses[best]
        words = f"Update {self._writing.losses_update:,}: {title} {loss_words(nats)}."
        if self.state.vocabulary == "guide":
            words += f" It is {unsure_words(nats)}."
        if self._baselines is not None:
            beats = losses[best] < self._baselines.trigram
            words += " Better than counting threes." if beats else " Counting threes is still better."
        return words

    def restyle(self) -> None:
        self.refresh()
