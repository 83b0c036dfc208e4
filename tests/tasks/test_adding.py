"""Adding: the two forms of the definition, the closed forms of always saying the mean, and the tolerance."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from playground.tasks.memory_tasks.adding import OF_1997, ZERO_TO_ONE, Adding, AddingSettings
from tests.tasks.conformance import assert_conforms

MODERN, OLD = Adding(), Adding(AddingSettings(numbers=OF_1997))


@pytest.mark.parametrize("numbers", [ZERO_TO_ONE, OF_1997])
@pytest.mark.parametrize("length", [6, 25, 100])
def test_keeps_the_contract(numbers: str, length: int) -> None:
    assert_conforms(Adding(AddingSettings(length=length, numbers=numbers)))


@pytest.mark.parametrize("task", [MODERN, OLD])
def test_the_target_is_the_sum_of_the_marked_numbers(task: Adding) -> None:
    places: set[tuple[int, int]] = set()
    for update in range(60):
        batch = task.batch(1, update, 100, 32)
        assert batch.timesteps == 100 if task is MODERN else 100 <= batch.timesteps <= 110
        for row in range(32):
            numbers, marks = batch.inputs[:, row, 0], batch.inputs[:, row, 1]
            first, second = np.flatnonzero(marks == 1)
            places.add((int(first), int(second)))
            total = numbers[first] + numbers[second]
            expected = total if task is MODERN else 0.5 + total / 4
            assert batch.targets[-1, row, 0] == pytest.approx(expected, abs=1e-6)
        assert batch.loss_weights.sum() == batch.loss_weights[-1] == 1
        assert batch.asked[-1].all()
        assert not batch.asked[:-1].any()
    firsts, seconds = ({pair[i] for pair in places} for i in range(2))
    if task is MODERN:
        assert (min(firsts), max(firsts)) == (0, 49)
        assert (min(seconds), max(seconds)) == (50, 99)
    else:
        assert min(firsts) == 0
        assert max(firsts) < 10
        assert max(seconds) <= 48


def test_of_1997_the_ends_are_marked_with_minus_one_and_a_marked_first_number_is_zero() -> None:
    for update in range(40):
        inputs = OLD.batch(1, update, 100, 32).inputs
        assert (inputs[-1, :, 1] == -1).all()
        marked_first = inputs[0, :, 1] == 1
        assert (inputs[0, ~marked_first, 1] == -1).all()
        assert (inputs[0, marked_first, 0] == 0).all()
        assert np.abs(inputs[..., 0]).max() <= 1
        assert inputs[1:-1, :, 0].min() < -0.9


@pytest.mark.parametrize(("task", "mean", "loss"), [(MODERN, 1.0, 1 / 6), (OLD, 0.5, 1 / 24)])
def test_always_saying_the_mean_has_the_loss_and_rate_of_the_closed_form(
    task: Adding, mean: float, loss: float
) -> None:
    targets = np.concatenate([batch.targets[-1, :, 0] for batch in task.held_out(1, 20_000)])
    errors = targets.astype(np.float64) - mean
    tolerance = (
        0.03 if task is MODERN else 0.08
    )  # of 1997 a marked first number is 0, not drawn: a little less
    assert (errors**2).mean() == pytest.approx(loss, rel=tolerance)
    assert task.baseline()[0] == loss
    assert (np.abs(errors) < task.tolerance).mean() == pytest.approx(task.chance, rel=0.12)


def test_the_tolerance_is_four_per_cent_of_the_range() -> None:
    assert (MODERN.tolerance, OLD.tolerance) == (0.08, 0.04)
    batch = MODERN.batch(1, 1, 100, 4)
    for error, right in ((0.079, True), (-0.079, True), (0.081, False)):
        outputs = batch.targets + np.float32(error)
        assert (MODERN.right(batch, outputs)[-1] == right).all()


def test_numbers_have_names() -> None:
    told = MODERN.sequence(["0.25", "0.5+", "1", "0.125+", "0"])
    np.testing.assert_array_equal(told.inputs[:, 0], np.float32([0.25, 0.5, 1, 0.125, 0]))
    np.testing.assert_array_equal(told.inputs[:, 1], [0, 1, 0, 1, 0])
    np.testing.assert_allclose(told.targets[:, 0], [0, 0.5, 0.5, 0.625, 0.625])
    assert told.asked.tolist() == [False] * 4 + [True]
    assert told.events[-1].asking
    assert not MODERN.sequence(["0.5+", "0.5"]).asked.any()  # one mark alone has no sum
    old = OLD.sequence(["-0.5", "0.5+", "-1+", "0"])
    np.testing.assert_array_equal(old.inputs[:, 1], [-1, 1, 1, -1])
    assert old.targets[-1, 0] == 0.5 - 0.5 / 4


@pytest.mark.parametrize("name", ["-0.1", "1.1", "nan", "half", "+"])
def test_what_is_no_number_in_range_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(KeyError, match="takes numbers from 0 to 1"):
        MODERN.sequence([name])


def test_a_name_says_the_number_in_full() -> None:
    """Two digits are enough for the probe and the list of events; a number with more keeps its own name."""
    assert MODERN.sequence(["0.125+"]).events[0].name == "0.125+"
    assert MODERN.sequence(["0.5"]).events[0].name == "0.50"


def test_the_probe_is_seven_tenths_and_eight_tenths() -> None:
    assert MODERN.probe().targets[-1, 0] == pytest.approx(1.5)
    assert OLD.probe().targets[-1, 0] == pytest.approx(0.5 + 1.5 / 4)
    assert MODERN.probe().asked[-1]


def test_what_is_known_is_the_sum_so_far() -> None:
    batch = MODERN.batch(1, 1, 100, 4)
    facts = MODERN.facts(batch)
    np.testing.assert_array_equal(facts["sum"][-1], batch.targets[-1, :, 0])
    np.testing.assert_array_equal(
        facts["marks"][[0, -1]] - facts["marks"][0], [[0] * 4, 2 - facts["marks"][0]]
    )
    assert MODERN.at_distance(30) == dataclasses.replace(MODERN.settings, length=30)
