"""The column at the side of the Step page: a row of tabs, and the panel of the tab that is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.tasks.task import EventSequence, Task
from playground.ui.monitor import RunMonitor
from playground.ui.panels.panel import Panel
from playground.ui.segment import Segment
from playground.ui.state import UiState
from playground.ui.step_tabs import STEP_TABS, StepTab


class StepSide(QWidget):
    """One panel at a time, made when its tab is first opened. `bar` is the row of tabs; the page puts it where there is
    room for it. A `key` is that of a tab in the table."""

    turned = Signal(str)
    """Another tab is open."""

    def __init__(self, state: UiState, monitor: RunMonitor, tabs: Sequence[StepTab] = STEP_TABS) -> None:
        super().__init__()
        self.state, self._monitor = state, monitor
        self._tabs = {tab.key: tab for tab in tabs}
        self._panels: dict[str, Panel] = {}
        self._shown: tuple[Task, EventSequence] | None = None
        self._key = ""
        words = state.vocabulary
        choices = [(tab.key, tab.title[words], f"{tab.help[words]} Key {tab.shortcut}.") for tab in tabs]
        self.bar = Segment(state, "What stands here", choices)
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.bar.chosen.connect(self.open)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.open(tabs[0].key)

    @property
    def key(self) -> str:
        """The tab that is open."""
        return self._key

    @property
    def tab(self) -> StepTab:
        """The entry of the tab that is open."""
        return self._tabs[self._key]

    def panel(self, key: str) -> Panel:
        """The panel of a tab, made now if it was not yet."""
        if key not in self._panels:
            panel = self._tabs[key].build(self.state, self._monitor)
            panel.hide()
            self._panels[key] = panel
            self._column.addWidget(panel, 1)
            if self._shown is not None:
                self._tell(panel)
        return self._panels[key]

    @Slot(str)
    def open(self, key: str) -> None:
        """Open a tab."""
        if key == self._key or key not in self._tabs:
            return
        panel = self.panel(key)
        if self._key:
            self._panels[self._key].hide()
        self._key = key
        self.bar.show_choice(key)
        panel.show()
        self.turned.emit(key)

    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """Tell all panels what is read."""
        self._shown = (task, sequence)
        for panel in self._panels.values():
            self._tell(panel)

    def _tell(self, panel: Panel) -> None:
        if self._shown is not None and hasattr(panel, "show_sequence"):
            panel.show_sequence(*self._shown)
