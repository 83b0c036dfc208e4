"""How a task is spoken of where the window has a sentence of its own for it: what comes in, what must be remembered."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import Words

FAMILIES: dict[str, Words] = {
    "nature": Words("The guide's story", "The guide's story"),
    "memory": Words("Memory experiments", "Memory tasks of the literature"),
    "text": Words("Texts", "Text"),
    "series": Words("Numbers over time", "Time series"),
}
"""The groups in which tasks are offered, in their order."""


@dataclass(frozen=True)
class TaskWords:
    """Words for sentences that are about any task.

    `event`: what comes in at a timestep, one of it ("picture"); `remembered`: what must be kept, as an object ("the
    bear"); `asked_at`: where the counted answer is given, to follow "loss" and "right answers" ("on the last
    picture"; empty: the window finds words); `story`: one or two sentences on what is seen and what must be found out.
    """

    event: str = ""
    remembered: str = "the beginning"
    asked_at: str = ""
    story: Words = Words("", "")
