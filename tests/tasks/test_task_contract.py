"""The contract of tasks: every task of the table keeps it, and the helper that checks it finds what is broken."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.tasks import TASKS
from playground.tasks.task import SQUARED_ERROR, Batch, PictureBatch, TaskDefaults, dense
from tests.engine.tiny_task import TinyTask
from tests.tasks.conformance import assert_conforms, assert_same_batch


@pytest.mark.parametrize("name", TASKS)
def test_every_task_of_the_table_keeps_the_contract(name: str) -> None:
    assert_conforms(TASKS[name](None))


def test_pictures_are_looked_up_only_when_they_are_wanted() -> None:
    bank = np.arange(12, dtype=np.float32).reshape(4, 3)
    rows = np.array([[3, 1], [0, 1]])
    batch = PictureBatch(
        targets=rows, asked=rows > 0, loss_weights=np.ones(2, np.float32), distance=0, rows=rows, bank=bank
    )
    assert "inputs" not in vars(batch)
    np.testing.assert_array_equal(batch.inputs, bank[rows])
    assert batch.inputs is batch.inputs
    with pytest.raises(AttributeError, match="no colour"):
        _ = batch.colour  # type: ignore[attr-defined]


def test_symbols_stand_for_one_hot_vectors() -> None:
    np.testing.assert_array_equal(
        dense(np.array([[2], [0]]), 3), np.array([[[0, 0, 1]], [[1, 0, 0]]], np.float32)
    )
    vectors = np.zeros((2, 3), np.float32)
    assert dense(vectors, 3) is vectors


def test_the_usual_criterion_is_the_largest_output_or_all_values_within_the_tolerance() -> None:
    class Values(TaskDefaults):
        loss = SQUARED_ERROR
        tolerance = 0.5

    classes = Batch(
        inputs=np.zeros((1, 3), np.int64),
        targets=np.array([[0, 1, 1]]),
        asked=np.ones((1, 3), np.bool_),
        loss_weights=np.ones(1, np.float32),
        distance=0,
    )
    outputs = np.array([[[1, 0], [1, 0], [0, 1]]], np.float32)
    np.testing.assert_array_equal(TaskDefaults().right(classes, outputs), [[True, False, True]])
    values = dataclasses.replace(classes, targets=np.array([[[1, 0], [1, 0.4], [0.6, 1]]], np.float32))
    np.testing.assert_array_equal(Values().right(values, outputs), [[True, True, False]])


def test_a_rate_of_guessing_is_said_as_a_sentence() -> None:
    share, words = TASKS["nature-show"](None).baseline()
    assert share == 0.5
    assert words.guide == "Somebody who remembers nothing is right 50 % of the time."


def test_the_checks_find_a_batch_that_depends_on_what_was_asked_before() -> None:
    class Counting(TinyTask):
        def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
            return super().batch(seed + len(self.batches_made), update, level, batch_size)

    task = Counting()
    first, second = task.batch(1, 1, 2, 8), task.batch(1, 1, 2, 8)
    with pytest.raises(AssertionError, match="inputs"):
        assert_same_batch(first, second)
