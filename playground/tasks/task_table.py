"""The form of the table of tasks: light lines to choose from; the module of a task is imported when it is wanted."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TaskLine:
    """One task as it is offered before it is chosen.

    `name`, `title`, `question` and `family` are those of its class, so that they can be shown without it (a test
    compares them). `target` is "module:Class", the module as seen from `playground.tasks`.
    """

    name: str
    title: str
    question: str
    family: str
    target: str

    def task_class(self) -> type[Any]:
        """Its class, imported now. Raises whatever its module raises."""
        module, name = self.target.split(":")
        found: type[Any] = getattr(importlib.import_module(f"playground.tasks.{module}"), name)
        return found


class TaskTable(Mapping[str, type[Any]]):
    """The class of every task by its name; a task is imported when it is first asked for, on any thread.

    `lines` are all tasks in the order in which they are offered, and cost nothing.
    """

    def __init__(self, lines: tuple[TaskLine, ...]) -> None:
        self.lines = lines
        self._by_name = {line.name: line for line in lines}

    def __getitem__(self, name: str) -> type[Any]:
        return self._by_name[name].task_class()

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def lines_of(self, family: str) -> list[TaskLine]:
        """The tasks of a family, in their order."""
        return [line for line in self.lines if line.family == family]

    def classes_of(self, family: str) -> list[type[Any]]:
        """The classes of a family, imported now."""
        return [line.task_class() for line in self.lines_of(family)]
