"""The tasks of the literature on remembering: one module a task, and one table that lists them. numpy only."""

from __future__ import annotations

from typing import Any

from playground.tasks.memory_tasks.adding import Adding
from playground.tasks.memory_tasks.anbn import AnBn
from playground.tasks.memory_tasks.anbncn import AnBnCn
from playground.tasks.memory_tasks.continual_reber import ContinualReber
from playground.tasks.memory_tasks.copy_memory import CopyMemory
from playground.tasks.memory_tasks.delayed_recall import DelayedRecall
from playground.tasks.memory_tasks.echo import Echo
from playground.tasks.memory_tasks.embedded_reber import EmbeddedReber
from playground.tasks.memory_tasks.long_lag import LongLag
from playground.tasks.memory_tasks.parity import Parity
from playground.tasks.memory_tasks.temporal_order import TemporalOrder

MEMORY_TASKS: tuple[type[Any], ...] = (
    DelayedRecall,
    TemporalOrder,
    Adding,
    EmbeddedReber,
    ContinualReber,
    AnBn,
    AnBnCn,
    LongLag,
    CopyMemory,
    Parity,
    Echo,
)
"""In the order in which they are offered."""

__all__ = ["MEMORY_TASKS"]
