"""Of every memory task of symbols: what a batch says is right is what the rule says of its symbols, one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.tasks import TASKS
from playground.tasks.memory_tasks.continual_reber import ContinualReber
from playground.tasks.memory_tasks.echo import Echo
from playground.tasks.memory_tasks.memory_task import SymbolTask

MEMORY_TASKS = TASKS.classes_of("memory")
SYMBOL_TASKS = [task for task in MEMORY_TASKS if issubclass(task, SymbolTask) and task is not Echo]


@pytest.mark.parametrize("kind", SYMBOL_TASKS)
def test_batches_are_answered_by_the_rule(kind: type[Any]) -> None:
    task = kind(None)
    batches = [task.batch(1, update, task.longest_distance, 8) for update in range(1, 6)]
    for batch in (*batches, *task.held_out(1, 40)):
        targets, asked = task.answers_to(np.array(batch.inputs))
        if kind is ContinualReber and not batch.carried:
            asked &= np.cumsum(asked, axis=0) > 1  # of a held-out stream the first string is not asked
        np.testing.assert_array_equal(batch.asked, asked)
        np.testing.assert_array_equal(batch.targets, targets)


@pytest.mark.parametrize("kind", MEMORY_TASKS)
def test_every_event_and_answer_is_said_in_words(kind: type[Any]) -> None:
    task = kind(None)
    assert all(event.title for event in task.events())
    assert all(answer.title for answer in task.answers)
    assert set(task.facts(task.batch(1, 1, task.longest_distance, 2))) >= set(task.fact_words) - {"timestep"}
    assert kind.__doc__
    assert task.question.endswith("?")
