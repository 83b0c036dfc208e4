"""Whether a window can be shown here, found out without starting Qt (which aborts the process when it cannot)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WINDOWLESS_PLATFORMS = frozenset({"offscreen", "minimal", "minimalegl", "vnc", "linuxfb"})
"""Values of QT_QPA_PLATFORM with which Qt draws but no window is seen on a screen."""


@dataclass(frozen=True)
class Display:
    """Where windows appear. `problem` is empty when they do, else a sentence that says why not."""

    name: str
    problem: str = ""

    @property
    def available(self) -> bool:
        """Whether a window can be shown."""
        return not self.problem


def find_display(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> Display:
    """The display of this session, in a few milliseconds at most. On Windows and macOS there always is one."""
    variables = os.environ if environment is None else environment
    chosen = variables.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen in WINDOWLESS_PLATFORMS:
        return Display(
            f"none: QT_QPA_PLATFORM is {chosen}", f"QT_QPA_PLATFORM={chosen} draws without a window."
        )
    if system in ("win32", "darwin"):
        return Display("Windows" if system == "win32" else "macOS")
    wayland = variables.get("WAYLAND_DISPLAY")
    if wayland and _accepts(Path(variables.get("XDG_RUNTIME_DIR", "")) / wayland):
        return Display(f"Wayland {wayland}")
    x11 = variables.get("DISPLAY")
    if x11:
        return _find_x11(x11)
    return Display("none", "There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set.")


def _find_x11(name: str) -> Display:
    found = re.fullmatch(r"(?:(?:[a-z]+/)?(?P<host>[^:/]*)):(?P<number>\d+)(?:\.\d+)?", name)
    if found is None:
        return Display("none", f"DISPLAY is '{name}', which does not name a display (like ':0').")
    number = int(found["number"])
    if found["host"] in ("", "unix"):
        # X listens on the abstract name, on the file, or on both.
        reached = _accepts(Path(f"/tmp/.X11-unix/X{number}")) or _accepts_abstract(
            f"/tmp/.X11-unix/X{number}"
        )
    else:
        reached = _accepts_network(found["host"], 6000 + number)
    if not reached:
        return Display("none", f"DISPLAY is '{name}', but no X server answers there.")
    return Display(f"X11 {name}")


def _accepts(path: Path) -> bool:
    import socket  # here and below: a start that asks no display needs none

    if not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _accepts_abstract(name: str) -> bool:
    import socket

    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(f"\0{name}")
        except OSError:
            return False
    return True


def _accepts_network(host: str, port: int) -> bool:
    # Forwarded by ssh, mostly: localhost:10.0
    import socket

    try:
        with socket.create_connection((host, port), timeout=1.0):
            return True
    except OSError:
        return False
