"""The libraries of the system that Qt needs on Linux, and which of them are missing.

Standard library only: `scripts/set_up.py` asks this module before anything is installed. The list was verified on a
bare Debian 12: the first group lets Qt load and draw offscreen, the second opens a window on X11.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Purpose = Literal["drawing", "window"]

FONT_PACKAGE = "fonts-dejavu-core"
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".pfb"})


@dataclass(frozen=True)
class SystemLibrary:
    """A shared library by its `soname`, the Debian and Ubuntu `package` it comes in, and what it is needed for."""

    soname: str
    package: str
    purpose: Purpose


SYSTEM_LIBRARIES = (
    SystemLibrary("libglib-2.0.so.0", "libglib2.0-0", "drawing"),
    SystemLibrary("libEGL.so.1", "libegl1", "drawing"),
    SystemLibrary("libGL.so.1", "libgl1", "drawing"),
    SystemLibrary("libfontconfig.so.1", "libfontconfig1", "drawing"),
    SystemLibrary("libdbus-1.so.3", "libdbus-1-3", "drawing"),
    SystemLibrary("libxkbcommon.so.0", "libxkbcommon0", "drawing"),
    SystemLibrary("libxcb-cursor.so.0", "libxcb-cursor0", "window"),
    SystemLibrary("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "window"),
    SystemLibrary("libxcb-icccm.so.4", "libxcb-icccm4", "window"),
    SystemLibrary("libxcb-keysyms.so.1", "libxcb-keysyms1", "window"),
    SystemLibrary("libxcb-shape.so.0", "libxcb-shape0", "window"),
)


def missing_libraries() -> tuple[SystemLibrary, ...]:
    """The libraries that cannot be loaded here; none on other systems than Linux."""
    if sys.platform != "linux":
        return ()
    return tuple(library for library in SYSTEM_LIBRARIES if not _loads(library.soname))


def has_fonts() -> bool:
    """Whether the system has any font; without one Qt draws boxes. Always True on other systems than Linux."""
    if sys.platform != "linux":
        return True
    return any(
        name.lower().endswith(tuple(FONT_SUFFIXES))
        for folder in _font_folders()
        for _, _, names in os.walk(folder)
        for name in names
    )


def missing_packages() -> tuple[str, ...]:
    """The Debian and Ubuntu packages to install here, in a fixed order."""
    packages = [library.package for library in missing_libraries()]
    return tuple(packages if has_fonts() else [*packages, FONT_PACKAGE])


def install_command(packages: tuple[str, ...]) -> str:
    """The command that installs these packages on Debian and Ubuntu, for a person to copy."""
    prefix = "" if is_root() else "sudo "
    return (
        f"{prefix}apt-get update && {prefix}apt-get install -y --no-install-recommends {' '.join(packages)}"
    )


def is_root() -> bool:
    """Whether this process may install packages itself. False on Windows."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def explain_import_error(error: ImportError) -> str | None:
    """A sentence for an import that failed because a system library is missing; None for any other failure."""
    found = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object file", str(error))
    if found is None:
        return None
    soname = found.group(1)
    packages = missing_packages() or tuple(
        library.package for library in SYSTEM_LIBRARIES if library.soname == soname
    )
    remedy = (
        f"on Debian or Ubuntu install it with: {install_command(packages)}"
        if packages
        else "install the package of your system that contains it"
    )
    return f"The window toolkit Qt cannot start because the system library {soname} is missing; {remedy}"


def _loads(soname: str) -> bool:
    # Loading is the question itself: it finds a library wherever the linker does, and notices a broken one.
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _font_folders() -> tuple[Path, ...]:
    home = Path(os.path.expanduser("~"))
    data_home = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", data_home / "fonts")
