"""Which task is learned: a box with all tasks, grouped by family, and one sentence about the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from playground.tasks import TASKS
from playground.tasks.task import Task
from playground.tasks.task_words import FAMILIES
from playground.ui.state import UiState


class _TaskBox(QComboBox):
    """The wheel scrolls the form, not the tasks."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class TaskChooser(QWidget):
    """`changed` is called with the name of the task somebody chose. Marked as pending while another one runs."""

    def __init__(self, state: UiState, changed: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._changed = state, changed
        self.box = _TaskBox()
        self.box.setAccessibleName("Task")
        self.box.setToolTip(
            "What is learned. Another task brings its own settings and the recipe it is learned by."
        )
        self.box.setMaxVisibleItems(24)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(self._activated)
        self.sentence = QLabel()
        self.sentence.setProperty("role", "muted")
        self.sentence.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.box)
        self._column.addWidget(self.sentence)
        self.restyle()

    @property
    def name(self) -> str:
        """The name of the task that is shown."""
        return str(self.box.currentData())

    def show_task(self, task: Task, *, pending: bool) -> None:
        """Show this task, and whether it waits to be applied."""
        self.box.setCurrentIndex(self.box.findData(task.name))
        if self.box.property("pending") is not pending:
            self.box.setProperty("pending", pending)
            self.box.style().polish(self.box)
        measured = TASKS[task.name].recipe.measured
        self.sentence.setText(task.question + (f" {measured}" if pending and measured else ""))
        self.sentence.setToolTip(task.criterion[self._state.vocabulary])
        self.box.setAccessibleDescription(self.sentence.text())

    @Slot()
    def restyle(self) -> None:
        """Take sizes and words from the state again."""
        self._column.setSpacing(self._state.theme.px(4))
        chosen = self.box.currentData()
        model = QStandardItemModel(self.box)
        for family, title in FAMILIES.items():
            members = TASKS.lines_of(family)
            if not members:
                continue
            heading = QStandardItem(title[self._state.vocabulary])
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            font = self._state.theme.font(11, bold=True)
            heading.setFont(font)
            model.appendRow(heading)
            for task in members:
                entry = QStandardItem(task.title)
                entry.setData(task.name, Qt.ItemDataRole.UserRole)
                entry.setToolTip(task.question)
                model.appendRow(entry)
        self.box.setModel(model)
        if chosen is not None:
            self.box.setCurrentIndex(self.box.findData(chosen))

    @Slot(int)
    def _activated(self, position: int) -> None:
        name = self.box.itemData(position)
        if name is not None:
            self._changed(str(name))
