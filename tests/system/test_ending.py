"""A program that has shown all of its pages ends as it should: with exit code 0, and without a word."""

from __future__ import annotations

import subprocess
import sys

SHOW_AND_END = """
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from playground.cli_commands.render import Studio

with Studio(size=(1280, 720), page="train") as studio:
    studio.train(2)
    for key in (Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6, Qt.Key.Key_2):
        QTest.keyClick(studio.window, key, Qt.KeyboardModifier.ControlModifier)
        studio._settle()
"""


def test_a_window_that_has_shown_its_pages_is_gone_before_python_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW_AND_END], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
