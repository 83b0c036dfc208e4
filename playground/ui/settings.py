"""What the window remembers between two starts: a JSON file in the user's settings folder.

A file that cannot be read, or comes from another version, is set aside as settings.json.broken-N and never fatal.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import os
from dataclasses import dataclass
from pathlib import Path

from playground.places import settings_folder
from playground.ui.appearance import THEME_CHOICES
from playground.ui.run_words import SPEEDS

VERSION = 1
FILE_NAME = "settings.json"
VOCABULARIES = ("guide", "textbook")

log = logging.getLogger(__name__)


class SettingsBroken(ValueError):
    """The settings file says something that cannot be; the message is half a sentence for the user."""


@dataclass
class WindowSettings:
    """The settings. `geometry` is Qt's own record of place and size, as hexadecimal digits; empty: not yet known.

    `speed`: updates a second, 0 for one at a time, None for full speed; 50 at first, so that a class sees it happen.
    `trained_once`: no first hint any more.
    """

    geometry: str = ""
    maximised: bool = False
    theme: str = "system"
    vocabulary: str = "guide"
    page: str = "train"
    speed: float | None = 50.0
    motion: bool = True
    panel_open: bool = True

    def to_json(self) -> str:
        """As the text of the file."""
        return json.dumps({"version": VERSION, **dataclasses.asdict(self)}, indent=1)

    @staticmethod
    def from_json(text: str) -> WindowSettings:
        """From the text of the file, every value checked for its type. Raises SettingsBroken."""
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise SettingsBroken("it is not JSON") from error
        if not isinstance(raw, dict):
            raise SettingsBroken("it does not hold settings")
        if raw.pop("version", None) != VERSION:
            raise SettingsBroken("it belongs to another version")
        known = {entry.name for entry in dataclasses.fields(WindowSettings)}
        settings = WindowSettings(**{name: value for name, value in raw.items() if name in known})
        settings._check()
        return settings

    def _check(self) -> None:
        for name in ("geometry", "theme", "vocabulary", "page"):
            if not isinstance(getattr(self, name), str):
                raise SettingsBroken(f"'{name}' is not text")
        for name in ("maximised", "motion", "panel_open"):
            if not isinstance(getattr(self, name), bool):
                raise SettingsBroken(f"'{name}' is neither on nor off")
        if self.theme not in THEME_CHOICES:
            raise SettingsBroken(f"there is no theme '{self.theme}'")
        if self.vocabulary not in VOCABULARIES:
            raise SettingsBroken(f"there is no vocabulary '{self.vocabulary}'")
        speed = self.speed
        if speed is not None:
            if isinstance(speed, bool) or not isinstance(speed, int | float) or not math.isfinite(speed):
                raise SettingsBroken("the speed is not a number")
            if speed not in [offered for offered, _, _ in SPEEDS]:
                raise SettingsBroken("there is no such speed")
        try:
            bytes.fromhex(self.geometry)
        except ValueError as error:
            raise SettingsBroken("the place of the window cannot be read") from error


class SettingsFile:
    """The file itself. `problem` is a sentence for the status line when something went wrong with it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder if folder is not None else settings_folder()) / FILE_NAME
        self.problem = ""

    def read(self) -> WindowSettings:
        """The settings in the file; the defaults where there is none or it had to be set aside."""
        try:
            return WindowSettings.from_json(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return WindowSettings()
        except (SettingsBroken, UnicodeDecodeError) as error:
            why = str(error) if isinstance(error, SettingsBroken) else "it is not text"
            self._set_aside(why)
        except OSError as error:
            self.problem = f"{self.path} could not be read ({error.strerror}); the usual settings are used."
        return WindowSettings()

    def write(self, settings: WindowSettings) -> bool:
        """Write the file, whole or not at all; whether it worked. A full disk is no reason not to close a window."""
        beside = self.path.with_name(f"{FILE_NAME}.{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(settings.to_json(), encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            self.problem = f"The settings could not be written to {self.path} ({error.strerror})."
            log.info(self.problem)
            return False
        return True

    def _set_aside(self, why: str) -> None:
        number = 1
        while (aside := self.path.with_name(f"{FILE_NAME}.broken-{number}")).exists():
            number += 1
        try:
            self.path.replace(aside)
        except OSError:
            self.problem = f"{self.path} was not used, because {why}; the usual settings are."
            return
        self.problem = (
            f"The old settings were set aside as {aside.name}, because {why}; the usual ones are used."
        )
