"""The pages of the window, in one table. A page is imported when it is first turned to.

A page is a `QWidget` made with `(state, monitor)`. The shell asks it for, where it has them:

- `lecture_groups() -> list[list[QWidget]]`: its panels in groups of at most three, shown one group at a time;
- `lecture_hidden() -> list[QWidget]`: what is never shown in lecture mode (the experiment panel);
- `toggle_play()`: what Space does on this page; without it Space trains and pauses;
- `form_handle`: a checkable button that shows and hides the experiment (remembered between two starts);
- `turn_by(places)`, `turn_to_end(last)`: what the arrows (a clicker) and Home and End do; without them they
  move the playhead through the sequence;
- `start_lazily()`: called after the window's first paint, for what takes long to import or to build.
- `opened_panel()`: the panel that is worked with, which a lecture begins at;
- `command_wanted` (a signal with the id of a command): what it wants the window to do;
- `take_own_data(task_name, settings)`: takes a file that the user opened, to cut it without learning it.

A page that shows the run's sequence has an `EventStrip`, which the window's first paint waits for.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.contract.cell_description import Words

if TYPE_CHECKING:  # the command line reads the names of the pages, without a window
    from PySide6.QtWidgets import QWidget

    from playground.ui.monitor import RunMonitor
    from playground.ui.state import UiState


@dataclass(frozen=True)
class PageEntry:
    """One page: `number` is its place in the rail and its key (Ctrl+number), whatever other pages there are.

    `target` is "module:Class".
    """

    key: str
    title: Words
    icon: str
    number: int
    help: Words
    target: str
    about_sequence: bool = False
    """Whether it shows the run's sequence: only then the status line tells what happens at the timestep."""

    def build(self, state: UiState, monitor: RunMonitor) -> QWidget:
        """The page, imported and made now. Raises whatever its module raises."""
        from PySide6.QtWidgets import QWidget

        module, name = self.target.split(":")
        page = getattr(importlib.import_module(module), name)(state, monitor)
        if not isinstance(page, QWidget):
            raise TypeError(f"The page {self.key} is not a widget.")
        return page


PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "train",
        Words("Train", "Train"),
        "train",
        2,
        Words(
            "Watch all networks learn side by side, and look into one of them while it does.",
            "Watch all networks learn side by side, and look into one of them while it does.",
        ),
        "playground.ui.pages.train:TrainPage",
        about_sequence=True,
    ),
    PageEntry(
        "step",
        Words("Step", "Step"),
        "step",
        3,
        Words(
            "Read one sequence event by event and see what every gate does to the memories.",
            "Read one sequence timestep by timestep and see what every gate does to the states.",
        ),
        "playground.ui.pages.step:StepPage",
        about_sequence=True,
    ),
    PageEntry(
        "memory",
        Words("Memory", "Memory"),
        "memory",
        4,
        Words(
            "Compare what the networks still remember at every timestep, and how long it lasts.",
            "Compare the states of the networks at every timestep, and the gradient that reaches them.",
        ),
        "playground.ui.pages.memory:MemoryPage",
        about_sequence=True,
    ),
    PageEntry(
        "generate",
        Words("Generate", "Generate"),
        "generate",
        5,
        Words(
            "Let networks write texts and forecast series, better and better while they train.",
            "Sample from character-level networks while they train; run forecasts of series freely.",
        ),
        "playground.ui.pages.generate:GeneratePage",
    ),
    PageEntry(
        "batches",
        Words("Batches", "Batches"),
        "batches",
        6,
        Words(
            "See how a long sequence is cut into batches, and what happens to the memory between them.",
            "See how a long sequence is cut into batches, and what happens to the state between them.",
        ),
        "playground.ui.pages.batches:BatchesPage",
    ),
)
"""Lessons (1) take their number when they exist."""


def page_help(key: str) -> Words:
    """What a page is for; nothing for a key that is not in the table."""
    return next((page.help for page in PAGES if page.key == key), Words("", ""))


def shows_sequence(key: str) -> bool:
    """Whether the page with this key shows the run's sequence; True for a key that is not in the table."""
    return all(page.about_sequence for page in PAGES if page.key == key)
