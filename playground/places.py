"""Where this program keeps what belongs to its user. The folders are named, never made, here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

SETTINGS_VARIABLE = "PLAYGROUND_SETTINGS"
"""Names another folder for the settings: for tests, and for a class that shares one machine."""

CACHE_VARIABLE = "PLAYGROUND_CACHE"
"""Names another folder for what can always be made again: the compiled kernels."""

_FOLDER = "sequence-playground"


def settings_folder() -> Path:
    """The folder of the settings file: where this system keeps the settings of programs."""
    chosen = os.environ.get(SETTINGS_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming") / _FOLDER
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support" / _FOLDER
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / _FOLDER


def cache_folder() -> Path:
    """The folder for what can always be made again: where this system keeps the caches of programs."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / _FOLDER / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches" / _FOLDER
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / _FOLDER
