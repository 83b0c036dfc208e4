"""The Batches page: how a long sequence becomes batches, and what happens to the memory between them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.tasks import TASKS
from playground.tasks.batching import places_read
from playground.tasks.stream_task import StreamSettings
from playground.ui.batch_sources import (
    EXAMPLES,
    OWN,
    TYPED,
    RibbonSource,
    example_source,
    numbers_sources,
    own_source,
    run_source,
    typed_source,
)
from playground.ui.batch_trials import SEED, CutStream
from playground.ui.monitor import RunMonitor
from playground.ui.panels.batch_cutting import BatchCutting, SourceEntry, entry_of
from playground.ui.panels.batch_memory import BatchMemory
from playground.ui.panels.batch_speed import BatchSpeed
from playground.ui.state import UiState
from playground.ui.trials import TrialRuns

CUTTING_SHARE, BELOW_SHARE = 11, 10
"""Of the height."""


class BatchesPage(QWidget):
    """Composition only: every card takes what it shows from the state, the monitor and the page's own trials."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._monitor = monitor
        self._own: RibbonSource | None = None
        self.setAccessibleName("Batches")
        self.trials = TrialRuns(monitor.spare_runner, self)
        self.cutting = BatchCutting(state)
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
        self.cutting.cut_changed.connect(self._show_cut)
        self.cutting.file_wished.connect(self._open_file)
        monitor.experiment_changed.connect(self._offer)
        for panel in (self.cutting, self.memory, self.speed):
            panel.installEventFilter(self)
        state.appearance_changed.connect(self.restyle)
        self._offer()
        self._show_cut()
        self.restyle()

    # -- what can be cut
    @Slot()
    def _offer(self) -> None:
        """Offer what there is: the run may learn another thing now."""
        entries = [entry_of(source) for source in numbers_sources()]
        entries.append(
            SourceEntry(TYPED, "Typed text", lambda: typed_source(""), "A text that you type or paste.")
        )
        of_run = run_source(self._monitor.experiment, self._monitor.task)
        if of_run is not None:
            entries.append(entry_of(of_run))
        for key, task in EXAMPLES.items():
            entries.append(_example(key, TASKS[task].title))
        if self._own is not None:
            entries.append(entry_of(self._own))
        self.cutting.offer(entries)

    def take_own_data(self, task_name: str, settings: StreamSettings) -> None:
        """Cut a file of the user's that was read. Raises ReadingError with a sentence."""
        self._own = own_source(task_name, settings)
        self._offer()
        self.cutting.choose_source(OWN)

    @Slot()
    def _open_file(self) -> None:
        """The window opens files: what was read comes back by `take_own_data`."""
        own_data: Any = getattr(self.window(), "own_data", None)
        if own_data is not None:
            own_data.open_file()

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
    def _show_cut(self) -> None:
        """Another sequence, or another way to cut it."""
        batching = self.cutting.batching
        stream = CutStream(self.cutting.shown_source, batching.batch_size, batching.sequence_length)
        self.memory.show_stream(stream)
        self.speed.show_stream(stream)
        self._show_memory()

    @Slot()
    def _show_memory(self) -> None:
        memory = self.memory.memory
        self.cutting.show_memory(memory, places_read(self.cutting.batching, memory, SEED))

    @Slot()
    def restyle(self) -> None:
        """Take sizes from the theme again."""
        gap = self.state.theme.px(12)
        self._column.setSpacing(gap)
        self._below.setSpacing(gap)


def _example(key: str, title: str) -> SourceEntry:
    return SourceEntry(key, title, lambda: example_source(key), "Comes with the program.")
