"""What is learned: one module a task, and one table that lists them. numpy only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.tasks.nature_show import NatureShow
from playground.tasks.task import Task

TASKS: dict[str, Callable[[Any], Task]] = {NatureShow.name: NatureShow}
"""Every task by its name on the command line: made from its settings, all of them at their defaults with None."""

__all__ = ["TASKS", "NatureShow", "Task"]
