"""Tries Qt and torch in processes of their own: Qt aborts its process when something is missing, torch may too.

Probes are started together and read later, so that they run side by side.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PATIENCE_SECONDS = 60.0

QT_PROBE = """
import json
from PySide6.QtCore import qVersion
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetrics, QGuiApplication
from PySide6 import QtOpenGL, QtSvg, QtSvgWidgets, QtWidgets  # what the window is made of
application = QGuiApplication([])
screen = application.primaryScreen()
font = QFontInfo(QFont())
metrics = QFontMetrics(QFont())
print(json.dumps({
    "qt": qVersion(),
    "platform": application.platformName(),
    "families": len(QFontDatabase.families()),
    "font": font.family(),
    "lacking": [letter for letter in "E\\u03c3\\u00d7\\u00b7\\u2212" if not metrics.inFontUcs4(ord(letter))],
    "screen": f"{screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio():g}x",
}))
"""

TORCH_PROBE = """
import json, time
began = time.perf_counter()
import torch
print(json.dumps({
    "torch": torch.__version__,
    "seconds": time.perf_counter() - began,
    "threads": torch.get_num_threads(),
    "cuda": torch.cuda.is_available(),
    "sum": float(torch.ones(3).sum()),
}))
"""

KERNELS_PROBE = """
import json, time
from playground.engine.kernels import readiness, store
began = time.perf_counter()
readiness.load()
print(json.dumps({
    "state": readiness.readiness().state.value,
    "sentence": readiness.readiness().sentence,
    "seconds": time.perf_counter() - began,
    "folder": str(store.kernel_folder()),
}))
"""


@dataclass(frozen=True)
class ProbeResult:
    """What a probe answered. `answer` is empty when it failed; `complaint` then says why, in the probe's own words."""

    answer: Mapping[str, Any]
    complaint: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the probe ran to its end."""
        return bool(self.answer)


class Probe:
    """A small Python program that is running in a process of its own and prints one line of JSON."""

    def __init__(self, program: str, environment: Mapping[str, str] | None = None) -> None:
        # -P: a file named like a package, in the folder the user happens to be in, must not be imported.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={
                **os.environ,
                **(environment or {}),
                "PYTHONIOENCODING": "utf-8",
                "PYTHONWARNINGS": "ignore",
            },
        )

    def result(self) -> ProbeResult:
        """Waits for the process, and ends it when it takes longer than PATIENCE_SECONDS."""
        try:
            output, complaint = self._process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return ProbeResult({}, f"it did not answer within {PATIENCE_SECONDS:g} seconds")
        lines = output.strip().splitlines()
        if self._process.returncode == 0 and lines:
            try:
                answer = json.loads(lines[-1])
            except ValueError:
                answer = {}
            if answer:
                return ProbeResult(answer)
        return ProbeResult({}, _last_words(complaint) or f"it ended with code {self._process.returncode}")


def _last_words(complaint: str) -> str:
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    # Qt says what it misses first, and then how the process ended; Python says it last.
    for line in lines:
        if "platform plugin" in line.lower() or line.startswith(("ImportError", "ModuleNotFoundError")):
            return line
    return lines[-1] if lines else ""
