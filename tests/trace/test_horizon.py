"""The line and the band over many seeds."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.seed_fan import FanTraining
from playground.trace.horizon import fingerprint, horizon_distances, horizon_points


def training(
    seed: int, right: tuple[int, ...], distances: tuple[int, ...] = (0, 20), network: str = "lstm"
) -> FanTraining:
    return FanTraining(network, seed, None, 100, True, distances, right, (100,) * len(distances))


def test_points_are_medians_and_extremes_in_the_order_of_seeds() -> None:
    found = horizon_points([training(3, (100, 50)), training(1, (90, 60)), training(2, (80, 100))])
    first, second = found["lstm"]
    assert (first.distance, second.distance) == (0, 20)
    assert first.rates == (0.9, 0.8, 1.0)
    assert [each.seed for each in first.trainings] == [1, 2, 3]
    assert (first.median, first.low, first.high) == (0.9, 0.8, 1.0)
    assert first.quartiles == (pytest.approx(0.85), pytest.approx(0.95))
    assert (second.median, second.low, second.high) == (0.6, 0.5, 1.0)


def test_an_even_number_has_the_mean_of_the_middle_ones() -> None:
    (point,) = horizon_points([training(1, (100,), (5,)), training(2, (50,), (5,))])["lstm"]
    assert point.median == 0.75


def test_networks_trained_at_one_length_join_to_one_line() -> None:
    found = horizon_points(
        [training(1, (70,), (20,)), training(1, (99,), (0,)), training(1, (50,), (0,), "rnn")]
    )
    assert [point.distance for point in found["lstm"]] == [0, 20]
    assert [point.distance for point in found["rnn"]] == [0]


def test_a_training_that_failed_has_no_point() -> None:
    failed = FanTraining("lstm", 1, 5, 3, False, (), (), (), failure="It diverged.")
    assert dict(horizon_points([failed])) == {}


def test_distances_go_beyond_what_was_trained() -> None:
    assert horizon_distances(40) == (0, 5, 10, 15, 20, 30, 40, 60)
    assert horizon_distances(40, 40) == (0, 5, 10, 15, 20, 30, 40)
    assert horizon_distances(0) == (0,)
    assert horizon_distances(2) == (0, 1, 2, 3)


def test_a_fingerprint_knows_every_bit() -> None:
    weights, bias = np.ones((3, 4), np.float32), np.zeros(3, np.float32)
    other = weights.copy()
    other[1, 2] = np.nextafter(np.float32(1), np.float32(2))
    assert fingerprint(weights, bias) == fingerprint(weights.copy(), bias.copy())
    assert fingerprint(weights, bias) != fingerprint(other, bias)
