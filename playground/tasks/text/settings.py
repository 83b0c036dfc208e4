"""The settings of a character task."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words
from playground.contract.setting import setting
from playground.tasks.batching import CARRY, MEMORY_MODES
from playground.tasks.task import TaskSettings


@dataclass(frozen=True)
class TextSettings(TaskSettings):
    """How a text is cut for training, and what memory does where it is cut."""

    sequence_length: int = setting(
        64,
        Words("Characters at a time", "Sequence length"),
        Words(
            "How many characters of each row one update reads. The network learns from that far back, and no further.",
            "T, timesteps of a mini-sequence: gradients flow back through so many and are cut there.",
        ),
        minimum=2,
        maximum=400,
    )
    memory: str = setting(
        CARRY,
        "Memory between batches",
        "Whether memory goes on from one batch to the next, and whether gradients follow it.",
        choices=MEMORY_MODES,
    )
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

    sequence_length: int = setting(
        32,
        Words("Characters at a time", "Sequence length"),
        Words(
            "How many characters of each row one update reads. The network learns from that far back, and no further.",
            "T, timesteps of a mini-sequence: gradients flow back through so many and are cut there.",
        ),
        minimum=2,
        maximum=400,
    )


@dataclass(frozen=True)
class TextFileSettings(TextSettings):
    """A text of the user's. `file`: its path; empty: the documentation of Python, until a file is chosen."""

    file: str = ""
