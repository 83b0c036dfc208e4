"""Another sequence of a task: held out, with its events, as the task itself would make it."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks import TASKS
from playground.tasks.fresh_sequence import fresh_sequence
from playground.tasks.nature_show import NATURE, NatureShow


def test_another_programme_is_told_as_the_task_tells_it() -> None:
    task = NatureShow()
    seen = set()
    for number in range(1, 9):
        found = fresh_sequence(task, number)
        assert found is not None
        names = [event.name for event in found.events]
        same = task.sequence(names)
        np.testing.assert_array_equal(found.inputs, same.inputs)
        assert found.asked[-1]  # every one ends with a question that has an answer
        nature = any(name in NATURE for name in names)
        assert task.answers[int(found.targets[-1])].name == ("wolf" if nature else "dog")
        seen.add(tuple(names))
    assert len(seen) == 8


@pytest.mark.parametrize("name", ["names", "embedded-reber"])
def test_symbols_are_those_of_the_held_out_batch(name: str) -> None:
    task = TASKS[name]()
    first, again, other = (fresh_sequence(task, number) for number in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    np.testing.assert_array_equal(first.inputs, again.inputs)
    assert not np.array_equal(first.inputs, other.inputs)
    assert [task.events()[symbol] for symbol in first.inputs] == list(first.events)
    assert first.asked.any()


def test_what_cannot_be_told_is_not() -> None:
    assert fresh_sequence(TASKS["adding"](), 1) is None
