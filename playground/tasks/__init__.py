"""What is learned: one module a task, and one table that lists them. numpy only."""

from __future__ import annotations

from typing import Any

from playground.tasks.memory_tasks import MEMORY_TASKS
from playground.tasks.nature_show import NatureShow
from playground.tasks.series.series_task import SERIES_TASKS
from playground.tasks.task import Task
from playground.tasks.text.character_task import CHARACTER_TASKS

_ALL: tuple[type[Any], ...] = (NatureShow, *MEMORY_TASKS, *CHARACTER_TASKS, *SERIES_TASKS)

TASKS: dict[str, type[Any]] = {task.name: task for task in _ALL}
"""The class of every task by its name on the command line; `TASKS[name](settings)` is a Task, with None one whose
settings are all at their defaults. `settings_type` says what its settings are."""

__all__ = ["TASKS", "NatureShow", "Task"]
