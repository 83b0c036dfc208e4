"""The table of tasks: what a line says is what its class says, and nothing is imported before it is wanted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from playground.tasks import TASKS
from playground.tasks.task_table import TaskLine, TaskTable
from playground.tasks.task_words import FAMILIES


@pytest.mark.parametrize("line", TASKS.lines, ids=lambda line: line.name)
def test_a_line_says_what_its_class_says(line: TaskLine) -> None:
    task = line.task_class()
    assert TASKS[line.name] is task
    assert (task.name, task.title, task.question, task.family) == (
        line.name,
        line.title,
        line.question,
        line.family,
    )


def test_every_name_is_there_once_and_every_family_is_offered() -> None:
    names = [line.name for line in TASKS.lines]
    assert list(TASKS) == names
    assert len(set(names)) == len(names) == len(TASKS)
    assert {line.family for line in TASKS.lines} == set(FAMILIES)
    assert [line.name for family in FAMILIES for line in TASKS.lines_of(family)] == names


def test_what_is_not_there_is_said_without_an_import() -> None:
    table = TaskTable((TaskLine("lost", "Lost", "Where?", "memory", "no_such_module:Lost"),))
    assert "lost" in table
    assert "found" not in table
    with pytest.raises(KeyError):
        table["found"]
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        table["lost"]


def test_a_task_is_imported_when_it_is_wanted_and_no_sooner() -> None:
    program = """
import sys
from playground.experiment import TASK_SETTINGS, Experiment
from playground.tasks import TASKS
TASKS["nature-show"](Experiment().task)
tasks = [line.target.split(":")[0] for line in TASKS.lines[1:]]
early = [task for task in tasks if f"playground.tasks.{task}" in sys.modules]
assert not early, early
assert Experiment.of_task("echo").task == TASK_SETTINGS["echo"]()
late = sorted({task for task in tasks if f"playground.tasks.{task}" in sys.modules})
assert late == ["memory_tasks.echo"], late
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
