"""Another sequence of a task: held out, with its events, as the task itself would make it."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks import TASKS
from playground.tasks.fresh_sequence import FRESH_SEED, fresh_sequence
from playground.tasks.memory_tasks.adding import AddingSettings
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


@pytest.mark.parametrize("numbers", ["0..1", "1997"])
def test_numbers_are_those_of_the_held_out_batch_as_they_are_written(numbers: str) -> None:
    task = TASKS["adding"](AddingSettings(length=30, numbers=numbers))
    for number in range(1, 9):
        found = fresh_sequence(task, number)
        batch = task.held_out(FRESH_SEED + number, 1)[0]
        assert found is not None
        np.testing.assert_array_equal(found.inputs[:, 1], batch.inputs[:, 0, 1])  # the marks
        np.testing.assert_allclose(found.inputs[:, 0], batch.inputs[:, 0, 0], atol=0.005)
        assert [event.value for event in found.events] == pytest.approx(found.inputs[:, 0].tolist())
        assert found.asked.tolist() == [False] * (found.length - 1) + [True]
        marked = [float(event.name.removesuffix("+")) for event in found.events if event.marked]
        assert len(marked) == 2
        right = sum(marked) if numbers == "0..1" else 0.5 + sum(marked) / 4
        assert float(found.targets[-1, 0]) == pytest.approx(right, abs=1e-6)


def test_what_cannot_be_told_is_not() -> None:
    task = TASKS["adding"](AddingSettings(length=30))
    task.event_names = lambda inputs: None  # type: ignore[method-assign]
    assert fresh_sequence(task, 1) is None
