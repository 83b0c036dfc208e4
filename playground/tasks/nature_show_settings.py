"""The settings of the nature show."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.setting import setting
from playground.tasks.task import TaskSettings


@dataclass(frozen=True)
class NatureShowSettings(TaskSettings):
    """How many flowers and trees lie between the telling pictures and the question, and whether the number grows."""

    flowers: tuple[int, int] = setting(
        (0, 40),
        "Flowers between",
        "How many flowers and trees come between the telling pictures and the last one. "
        "Each batch draws its number from this range.",
        minimum=0,
        maximum=60,
    )
    curriculum: bool = setting(
        False,
        "Curriculum",
        "On: every network begins with few flowers and gets two more whenever it is right 95 % of the time. "
        "Off: the whole range from the first update on.",
    )
