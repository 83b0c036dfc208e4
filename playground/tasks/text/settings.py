"""The settings of a character task."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.stream_task import StreamSettings, at_a_time


@dataclass(frozen=True)
class TextSettings(StreamSettings):
    """The same for a text: how many characters at a time, and of how many different ones it is made."""

    sequence_length: int = at_a_time(64, "characters")
    vocabulary_cap: int = setting(
        128,
        Words("Different characters", "Vocabulary cap"),
        "At most so many symbols: the most frequent characters, and one symbol for all others.",
        minimum=2,
        maximum=1000,
    )


@dataclass(frozen=True)
class NameSettings(TextSettings):
    """The same, shorter: names are short."""

    sequence_length: int = at_a_time(32, "characters")


@dataclass(frozen=True)
class TextFileSettings(TextSettings):
    """A text of the user's. `file`: its path; empty: the documentation of Python, until a file is chosen."""

    file: str = ""
