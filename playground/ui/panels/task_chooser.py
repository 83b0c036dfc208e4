"""Which task is learned: a box with all tasks, grouped by family, and one sentence about the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from playground.contract.cell_description import Words
from playground.tasks import TASKS
from playground.tasks.task import Task
from playground.tasks.task_words import FAMILIES
from playground.ui.state import UiState

FLAGS_ROLE = Qt.ItemDataRole.UserRole.value - 1
"""Where the items of a box keep their flags: so a heading cannot be chosen."""


SMALLER = 2
"""px that the letters of a long title may be smaller by, before it is cut with a sign."""


class _TaskBox(QComboBox):
    """The wheel scrolls the form, not the tasks. A title that is too long is written smaller, then cut with a sign."""

    def shown_title(self) -> tuple[str, QFont]:
        """What is written in the box, and how."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(control, option, field, self).width() - 2
        font = QFont(self.font())
        for _ in range(SMALLER):
            if QFontMetricsF(font).horizontalAdvance(self.currentText()) <= room:
                break
            font.setPixelSize(QFontInfo(font).pixelSize() - 1)
        elided = QFontMetricsF(font).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        return elided, font

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText, font = self.shown_title()
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.setFont(font)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

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
        self._headings: dict[int, Words] = {}
        self._fill()
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
        font = self._state.theme.font(11, bold=True)
        for position, title in self._headings.items():
            self.box.setItemText(position, title[self._state.vocabulary])
            self.box.setItemData(position, font, Qt.ItemDataRole.FontRole)

    def _fill(self) -> None:
        """All tasks, family by family. Done once: a list that is replaced while Qt looks at it may crash the window.

        No model and no item is made here, so none has a Python half that outlives it.
        """
        for family, title in FAMILIES.items():
            members = TASKS.lines_of(family)
            if not members:
                continue
            position = self.box.count()
            self._headings[position] = title
            self.box.addItem(title[self._state.vocabulary])
            self.box.setItemData(position, Qt.ItemFlag.NoItemFlags.value, FLAGS_ROLE)
            for task in members:
                self.box.addItem(task.title, task.name)
                self.box.setItemData(self.box.count() - 1, task.question, Qt.ItemDataRole.ToolTipRole)
        self.box.setCurrentIndex(self.box.findData(next(iter(TASKS))))

    @Slot(int)
    def _activated(self, position: int) -> None:
        name = self.box.itemData(position)
        if name is not None:
            self._changed(str(name))
