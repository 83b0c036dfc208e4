"""Nothing to write or forecast yet: the texts and series that networks can learn, each one click away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.text.corpus import SOURCES
from playground.ui.background import Background
from playground.ui.monitor import RunMonitor
from playground.ui.panels.panel import Panel
from playground.ui.panels.task_tile import Sample, TaskTile
from playground.ui.state import UiState

COLUMNS = 2
SAMPLE_CHARACTERS, SAMPLE_LINES, NAMES_IN_A_LINE = 2400, 24, 12
SAMPLE_SEQUENCES = 2
"""Of a series so many lengths of its probe are shown, its latest values."""


def text_sample(task: Any) -> Sample:
    """The beginning of a text, without empty lines and addresses of people; short things stand beside each other."""
    lines = [line.rstrip() for line in task.corpus.text(0, SAMPLE_CHARACTERS).split("\n")]
    lines = [line for line in lines if line.strip() and "@" not in line]
    if task.corpus.lines and max(map(len, lines)) < 24:
        lines = [", ".join(lines[at : at + NAMES_IN_A_LINE]) for at in range(0, len(lines), NAMES_IN_A_LINE)]
    return Sample(lines=tuple(lines[:SAMPLE_LINES]))


def series_sample(task: Any) -> Sample:
    """The latest values of a series."""
    series = task.series
    return Sample(values=np.array(series.values[-SAMPLE_SEQUENCES * series.probe_length :], np.float64))


class TaskTiles(Panel):
    """The tasks of one family as tiles; the last is for a file of the user's. Shown while something else is learned.

    Their samples are read beside the window when they are first seen.
    """

    own_wanted = Signal()
    """The user has a file."""

    def __init__(
        self,
        state: UiState,
        monitor: RunMonitor,
        title: str,
        sentence: str,
        tasks: Mapping[type[Any], str],
        own: tuple[str, str],
        sample_of: Callable[[Any], Sample],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(state, title, parent)
        self._monitor, self._sample_of = monitor, sample_of
        self._tasks = tuple(tasks)
        self._background = Background("samples", parent=self)
        self._asked = False
        self.words = QLabel(sentence)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.words)
        self._grid = QGridLayout()
        self.buttons: dict[str, TaskTile] = {}
        for place, (task, label) in enumerate(tasks.items()):
            tile = TaskTile(state, task.title, label[:1].upper() + label[1:])
            tile.setProperty("task", task.name)
            tile.setToolTip(f"Begins a new run that learns it: {label}")
            tile.clicked.connect(self._chosen)
            self._grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
            self.buttons[task.name] = tile
        self.own = TaskTile(state, *own, dashed=True)
        self.own.setToolTip(
            "Asks for the file; you see what is in it before anything is learned. Key Ctrl+O."
        )
        self.own.clicked.connect(self.own_wanted)
        row, column = divmod(len(tasks), COLUMNS)
        self._grid.addWidget(self.own, row, column, 1, COLUMNS - column)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.body.addLayout(self._grid, 1)
        self.restyle()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            tasks, sample_of = self._tasks, self._sample_of
            self._background.begin(
                lambda progress, given_up: [sample_of(task(None)) for task in tasks if not given_up()],
                self._read,
            )

    def _read(self, samples: list[Sample]) -> None:
        for tile, sample in zip(self.buttons.values(), samples, strict=True):
            tile.show_sample(sample)

    @Slot()
    def _chosen(self) -> None:
        sender = self.sender()
        if isinstance(sender, TaskTile):
            self._monitor.apply(Experiment.of_task(str(sender.property("task"))))

    def restyle(self) -> None:
        theme = self.state.theme
        self._grid.setSpacing(theme.px(10))
        for tile in (*self.buttons.values(), self.own):
            tile.restyle()


def text_tiles(state: UiState, monitor: RunMonitor) -> TaskTiles:
    """The texts."""
    return TaskTiles(
        state,
        monitor,
        "What should they learn to write?",
        "A network that reads one character at a time and says the next can write. A click begins a new run; the run "
        "there is now ends.",
        {task: SOURCES[task.source].label for task in TASKS.classes_of("text") if task.name != "text"},
        ("Your own text …", "Choose a file, drop it on the window, or paste text (Ctrl+V)."),
        text_sample,
    )


def series_tiles(state: UiState, monitor: RunMonitor) -> TaskTiles:
    """The series."""
    return TaskTiles(
        state,
        monitor,
        "Or to forecast?",
        "One that reads a series value by value and says the next can forecast it. A click begins a new run; the run "
        "there is now ends.",
        {task: task.__doc__ or "" for task in TASKS.classes_of("series") if task.name != "series"},
        ("Your own table …", "Choose a file (CSV or TSV), or drop it on the window."),
        series_sample,
    )
