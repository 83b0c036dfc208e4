"""The Batches page: how a long sequence becomes batches, and what happens to the memory between them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.tasks.batching import visit
from playground.ui.batch_trials import SEED
from playground.ui.monitor import RunMonitor
from playground.ui.panels.batch_cutting import BatchCutting, text_words, words_source
from playground.ui.panels.batch_memory import BatchMemory
from playground.ui.panels.batch_speed import BatchSpeed
from playground.ui.state import UiState
from playground.ui.trials import TrialRuns

CUTTING_SHARE, BELOW_SHARE = 11, 10
"""Of the height."""

SENTENCE = "The quick brown fox jumps over the lazy dog, and the dog does not mind. "


class BatchesPage(QWidget):
    """Composition only: every card takes what it shows from the state, the monitor and the page's own trials."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAccessibleName("Batches")
        self.trials = TrialRuns(monitor.spare_runner, self)
        self.cutting = BatchCutting(
            state,
            (
                words_source("guide", "Numbers 0 to 10", [str(n) for n in range(11)], 2, 3),
                words_source("numbers", "Numbers 0 to 60", [str(n) for n in range(61)], 3, 5),
                words_source("text", "A text", text_words(6 * SENTENCE), 4, 6),
            ),
        )
        self.memory = BatchMemory(state, self.trials)
        self.speed = BatchSpeed(state, self.trials)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.cutting, CUTTING_SHARE)
        self._below = QHBoxLayout()
        self._below.addWidget(self.memory, 5)
        self._below.addWidget(self.speed, 2)
        self._column.addLayout(self._below, BELOW_SHARE)
        self.memory.memory_chosen.connect(self._show_memory)
        self.cutting.cut_changed.connect(self._show_memory)
        for panel in (self.cutting, self.memory, self.speed):
            panel.installEventFilter(self)
        state.appearance_changed.connect(self.restyle)
        self._show_memory()
        self.restyle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            # A row of hidden panels would still take its share of the height.
            self._column.setStretch(0, 0 if self.cutting.isHidden() else CUTTING_SHARE)
            self._column.setStretch(1, 0 if self.memory.isHidden() and self.speed.isHidden() else BELOW_SHARE)
        return False

    def lecture_groups(self) -> list[list[QWidget]]:
        """First how it is cut, then what becomes of the memory."""
        return [[self.cutting], [self.memory], [self.speed]]

    def turn_by(self, places: int) -> None:
        """The arrows step through the batches here."""
        self.cutting.look_at(self.cutting.batch + places)

    def turn_to_end(self, last: bool) -> None:
        """Home and End: the first and the last batch."""
        self.cutting.look_at(self.cutting.batching.batches - 1 if last else 0)

    @Slot()
    def _show_memory(self) -> None:
        batching, memory = self.cutting.batching, self.memory.memory
        reading = tuple(
            visit(batching, memory, SEED, update + 1).trained for update in range(batching.batches)
        )
        self.cutting.show_memory(memory, reading)

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        gap = self.state.theme.px(12)
        self._column.setSpacing(gap)
        self._below.setSpacing(gap)
