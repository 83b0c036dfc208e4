"""What is learned: one module a task, and one table that lists them. numpy only."""

from __future__ import annotations

from typing import Any

from playground.tasks.memory_tasks import MEMORY_TASKS
from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Task

TASKS: dict[str, type[Any]] = {task.name: task for task in (NatureShow, *MEMORY_TASKS)}
"""The class of every task by its name on the command line; `TASKS[name](settings)` is a Task, with None one whose
settings are all at their defaults. `settings_type` says what its settings are."""

__all__ = ["TASKS", "NatureShow", "Task"]
