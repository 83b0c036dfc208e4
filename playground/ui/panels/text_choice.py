"""Nothing to write or forecast yet: the texts and series that networks can learn, each one click away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.text.corpus import SOURCES
from playground.ui.monitor import RunMonitor
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState

OWN = ("text", "series")
"""Those that need a file of the user's."""


class TextChoice(Panel):
    """Shown while the run learns something else."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "What should they learn to write, or to forecast?", parent)
        self._monitor = monitor
        self.words = QLabel(
            "A network that reads one character at a time and says the next can write; one that reads a series can "
            "forecast it. Choose: a new run begins with it, and the run there is now ends."
        )
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.words)
        self._grid = QGridLayout()
        self.buttons: dict[str, QPushButton] = {}
        texts: list[tuple[type[Any], str]] = [
            (task, SOURCES[task.source].label) for task in TASKS.classes_of("text") if task.name != "text"
        ]
        series: list[tuple[type[Any], str]] = [
            (task, task.__doc__ or "") for task in TASKS.classes_of("series") if task.name != "series"
        ]
        for column, choices in ((0, texts), (2, series)):
            for row, (task, label) in enumerate(choices):
                button = QPushButton(task.title)
                button.setProperty("task", task.name)
                button.setToolTip(f"Begins a new run: {label}")
                button.clicked.connect(self._chosen)
                words = QLabel(label)
                words.setProperty("role", "muted")
                words.setWordWrap(True)
                self._grid.addWidget(button, row, column)
                self._grid.addWidget(words, row, column + 1)
                self.buttons[task.name] = button
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.body.addLayout(self._grid)
        self.own = QLabel(
            "Your own: drop a text or a table (CSV) on this window, open one (Ctrl+O), or paste copied text (Ctrl+V)."
        )
        self.own.setProperty("role", "muted")
        self.body.addWidget(self.own)
        self.body.addStretch(1)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.restyle()

    @Slot()
    def _chosen(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._monitor.apply(Experiment.of_task(str(sender.property("task"))))

    def restyle(self) -> None:
        theme = self.state.theme
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(8))
        for button in self.buttons.values():
            button.setMinimumWidth(theme.px(180))
