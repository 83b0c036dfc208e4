"""Learning-rate schedules: their values, that they are pure, and that both paths follow them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from playground.engine.network_training import TensorBatch
from playground.engine.schedules import SCHEDULES, learning_rate, learning_rates
from playground.experiment import SCHEDULES as OFFERED
from playground.experiment import NetworkSettings
from tests.engine.kernels import both_paths
from tests.engine.random_task import Kind, RandomTask
from tests.engine.test_both_paths import block_of


def settings(schedule: str, **more: float) -> NetworkSettings:
    return NetworkSettings("rnn", learning_rate=0.08, schedule=schedule, schedule_updates=10, units=4, **more)  # type: ignore[arg-type]


def test_every_schedule_that_is_offered_is_there() -> None:
    assert set(SCHEDULES) == set(OFFERED)


def test_constant_is_constant() -> None:
    assert {learning_rate(settings("constant"), update) for update in (1, 10, 10**6)} == {0.08}


def test_by_halves_is_halved_after_each_length() -> None:
    expected = {1: 0.08, 10: 0.08, 11: 0.04, 20: 0.04, 21: 0.02, 51: 0.0025}
    for update, rate in expected.items():
        assert learning_rate(settings("step"), update) == rate


def test_cosine_begins_at_the_rate_and_ends_at_a_hundredth_of_it() -> None:
    rates = [learning_rate(settings("cosine"), update) for update in range(1, 30)]
    assert rates[0] == pytest.approx(0.08)
    assert rates[5] == pytest.approx(0.08 * (0.01 + 0.99 / 2))  # half-way
    assert rates[10:] == pytest.approx([0.0008] * 19)
    assert all(later < earlier for earlier, later in itertools.pairwise(rates[:11]))
    assert rates[2] == pytest.approx(0.08 * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * 0.2))))


def test_the_rates_of_a_block_are_those_of_its_updates() -> None:
    for schedule in SCHEDULES:
        found = learning_rates(settings(schedule), 7, 9)
        assert found.tolist() == [learning_rate(settings(schedule), update) for update in range(7, 16)]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_an_update_goes_as_far_as_its_rate_says(schedule: str) -> None:
    """SGD without momentum yet: the first update moves by rate times gradient, on both paths."""
    task = RandomTask(Kind())
    fast, reference = both_paths(settings(schedule, clip_norm=1e3), task, batch_size=4, optimiser="sgd")
    batch, before = task.batch(1, 1, 0, 4), fast.weights.numpy().copy()
    for update in (1, 8, 25):
        found = fast.prepare_block(block_of(task, [batch], 4), update)
        assert found is not None
        expected = before - learning_rate(settings(schedule), update) * fast.gradient()
        np.testing.assert_allclose(found.weights[0], expected, rtol=0, atol=1e-7)
        moved = reference.prepare(TensorBatch.of(batch), update, lambda: None)
        np.testing.assert_allclose(moved.weights.numpy(), expected, rtol=0, atol=1e-6)
