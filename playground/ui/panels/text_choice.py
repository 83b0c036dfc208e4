"""Nothing to write yet: the texts that a network can learn to write, each one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from playground.experiment import Experiment
from playground.tasks.text.character_task import CHARACTER_TASKS
from playground.tasks.text.corpus import SOURCES
from playground.ui.monitor import RunMonitor
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState


class TextChoice(Panel):
    """Shown while the run learns something else."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "Which text should they learn to write?", parent)
        self._monitor = monitor
        self.words = QLabel(
            "A network that reads one character at a time and says the next can write. Choose a text: a new run begins "
            "with it, and the run there is now ends."
        )
        self.words.setWordWrap(True)
        self.words.setProperty("role", "sentence")
        self.body.addWidget(self.words)
        self._grid = QGridLayout()
        self.buttons: dict[str, QPushButton] = {}
        row = 0
        for task in CHARACTER_TASKS:
            if task.source not in SOURCES or task.name == "text":
                continue
            button = QPushButton(task.title)
            button.setProperty("task", task.name)
            button.setToolTip(
                f"Begins a new run that learns to write like this: {SOURCES[task.source].label}."
            )
            button.clicked.connect(self._chosen)
            label = QLabel(SOURCES[task.source].label)
            label.setProperty("role", "muted")
            self._grid.addWidget(button, row, 0)
            self._grid.addWidget(label, row, 1)
            self.buttons[task.name] = button
            row += 1
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.own = QLabel("Your own text: drop a text file anywhere on this window.")
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
