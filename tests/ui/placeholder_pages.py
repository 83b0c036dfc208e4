"""Small pages for tests of the shell: an event strip, and something to show and hide."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider, QSpinBox, QVBoxLayout, QWidget

from playground.ui.monitor import RunMonitor
from playground.ui.page_table import PAGES
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.panel import Panel
from playground.ui.plots.time_rows import TimeStack
from playground.ui.state import UiState


class PlainPage(QWidget):
    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__()
        probe = monitor.task.probe()
        self.strip = EventStripRow(state)
        self.stack = TimeStack(state)
        self.stack.set_rows([self.strip])
        self.stack.set_timeline(probe.length)
        self.strip.show_events(probe.events)
        self.panels = [Panel(state, f"Panel {number}") for number in range(1, 6)]
        self.experiment = Panel(state, "Experiment")
        self.form_handle = QPushButton("Experiment")
        self.form_handle.setAccessibleName("Experiment")
        self.form_handle.setToolTip("Shows and hides the experiment.")
        self.form_handle.setCheckable(True)
        self.form_handle.setChecked(True)
        self.form_handle.toggled.connect(self.experiment.setVisible)
        self.field = QLineEdit()
        self.number = QSpinBox()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self.stack,
            *self.panels,
            self.experiment,
            self.form_handle,
            self.field,
            self.number,
            self.slider,
        ):
            column.addWidget(part)

    def lecture_groups(self) -> list[list[QWidget]]:
        return [list(self.panels[:2]), list(self.panels[2:])]

    def lecture_hidden(self) -> list[QWidget]:
        return [self.experiment]


class PlayingPage(PlainPage):
    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(state, monitor)
        self.plays = False
        self.tab = ""
        self.stage = 3
        self.stages_turned = 0
        self.values_left = 0
        self.unfolded = False
        self.pinned = False
        self.side = self.panels[2]

    def open_tab(self, key: str) -> None:
        self.tab = key

    def open_stage(self, number: int) -> None:
        self.stage = number

    def turn_stage(self, direction: int) -> None:
        self.stages_turned += direction

    def toggle_unfolded(self) -> None:
        self.unfolded = not self.unfolded

    def pin_moment(self) -> None:
        self.pinned = True

    def follow_back(self) -> None:
        self.values_left += 1

    def toggle_play(self) -> None:
        self.plays = not self.plays


class WritingPage(PlainPage):
    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(state, monitor)
        self.texts = self.opened = 0
        self.can_open = True

    def write_again(self) -> None:
        self.texts += 1

    def open_sequence(self) -> None:
        self.opened += 1


class BrokenPage(QLabel):
    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        raise RuntimeError("no such panel")


_KINDS = {"step": "PlayingPage", "generate": "WritingPage"}

PLACEHOLDERS = tuple(
    replace(page, target=f"{__name__}:{_KINDS.get(page.key, 'PlainPage')}", about_sequence=True)
    for page in PAGES
)
"""One for every page of the window."""
