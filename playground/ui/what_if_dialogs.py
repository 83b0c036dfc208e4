"""Saving and opening a list of what-ifs: the two dialogs, and what is said afterwards. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from playground.contract.intervention import InterventionError
from playground.reading.files import ReadingError
from playground.ui.state import UiState
from playground.ui.what_if import WhatIf
from playground.ui.what_if_file import FILE_KINDS, read_file, write_file

ENDING = ".json"
Complain = Callable[[str, str], None]
"""Shows a title and a sentence: why a file cannot be used."""


def ask_where(window: QWidget, saving: bool, task_name: str) -> str:
    """The file that the user names in the system's dialog; "" for none."""
    if saving:
        suggested = f"what-if-{task_name}{ENDING}"
        return QFileDialog.getSaveFileName(window, "Save the what-ifs", suggested, FILE_KINDS)[0]
    return QFileDialog.getOpenFileName(window, "Open what-ifs", "", FILE_KINDS)[0]


def save_to(path: Path, state: UiState, what_if: WhatIf, complain: Complain) -> None:
    """Write the whole list to this file, what is off included; without an ending it gets ".json"."""
    path = path if path.suffix else path.with_suffix(ENDING)
    try:
        write_file(path, what_if.entries)
    except ReadingError as error:
        complain(path.name, str(error))
        return
    count = len(what_if.entries)
    state.set_status(f"{count} what-if{'s' if count != 1 else ''} saved as {path.name}.")


def open_from(path: Path, state: UiState, what_if: WhatIf, complain: Complain) -> None:
    """Put the list of this file in the place of the one there is. A bad file gets a sentence, and the list stays."""
    try:
        what_if.put(read_file(path))
    except (InterventionError, ReadingError) as error:
        complain(path.name, str(error))
        return
    count = len(what_if.entries)
    state.set_status(f"{count} what-if{'s' if count != 1 else ''} from {path.name}. Ctrl+Z takes them back.")
