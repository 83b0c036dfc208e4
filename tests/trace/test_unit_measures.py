"""How fast units change and what they know: against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from playground.trace.memory import (
    autocorrelation,
    autocorrelation_time,
    correlations,
    half_life_of_bias,
)


@pytest.mark.parametrize(("bias", "timesteps"), [(0, 1.0), (1, 2.21), (2, 5.46), (3, 14.27), (5, 103.2)])
def test_half_lives_of_biases_are_those_of_the_closed_form(bias: float, timesteps: float) -> None:
    assert half_life_of_bias(bias) == pytest.approx(timesteps, rel=5e-3)
    factor = 1 / (1 + np.exp(-bias))
    assert factor ** half_life_of_bias(bias) == pytest.approx(0.5)


def test_half_lives_of_extreme_biases_are_finite_numbers() -> None:
    assert half_life_of_bias(-10) == pytest.approx(np.log(2) / 10, rel=1e-4)
    assert half_life_of_bias(10) == pytest.approx(np.log(2) * np.exp(10), rel=1e-3)


def test_a_unit_that_alternates_has_changed_before_one_timestep_is_over() -> None:
    values = np.tile([1.0, -1.0], 50)[:, None, None]  # r(k) = (-1)^k
    correlation = autocorrelation([values])
    assert correlation[:3, 0] == pytest.approx([1, -1, 1])
    # the line from 1 at lag 0 to -1 at lag 1 crosses 1/e at (1 - 1/e) / 2
    assert autocorrelation_time(correlation)[0] == pytest.approx((1 - 1 / np.e) / 2)


def test_a_unit_that_forgets_by_a_constant_factor_takes_as_long_as_that_says() -> None:
    rng = np.random.default_rng(1)
    factor, timesteps = 0.8, 400
    values = np.zeros((timesteps, 200, 1))
    values[0] = rng.standard_normal((200, 1))
    for t in range(1, timesteps):
        values[t] = factor * values[t - 1] + np.sqrt(1 - factor**2) * rng.standard_normal((200, 1))
    correlation = autocorrelation([values])
    assert correlation[:8, 0] == pytest.approx(factor ** np.arange(8), abs=0.02)  # r(k) = f^k
    assert autocorrelation_time(correlation)[0] == pytest.approx(-1 / np.log(factor), rel=0.05)


def test_a_unit_that_latches_never_changes_and_one_that_is_still_tells_nothing() -> None:
    latched = np.repeat([[1.0, -1.0]], 6, axis=0)[..., None]  # (T, B, 1): one value for each sequence
    assert autocorrelation_time(autocorrelation([latched]))[0] == np.inf
    assert np.isnan(autocorrelation_time(autocorrelation([np.zeros((6, 2, 1))]))[0])


def test_sequences_of_different_lengths_are_weighed_by_their_pairs() -> None:
    short, long = np.array([1.0, -1.0])[:, None, None], np.array([1.0, 1.0, -1.0, -1.0])[:, None, None]
    # lag 1: pairs -1 | 1, -1, 1; over 4 pairs; lag 2 and 3 only in the longer one
    assert autocorrelation([short, long])[:, 0] == pytest.approx([1, 0, -1, -1])
    assert autocorrelation([np.ones((1, 3, 2))]).shape == (1, 2)
    np.testing.assert_array_equal(autocorrelation([long], 2), autocorrelation([long])[:2])


def test_correlations_are_pearsons() -> None:
    rng = np.random.default_rng(2)
    fact = rng.standard_normal(300)
    values = np.stack([2 * fact + 1, -fact, fact + rng.standard_normal(300), np.full(300, 3.0)], axis=1)
    found = correlations(values, fact)
    assert found[:2] == pytest.approx([1, -1])
    assert found[2] == pytest.approx(np.corrcoef(values[:, 2], fact)[0, 1])
    assert np.isnan(found[3])


def test_moments_where_a_fact_is_not_known_are_left_out() -> None:
    fact = np.array([0.0, 1.0, np.nan, 2.0])
    values = np.array([[0.0], [1.0], [99.0], [2.0]])
    assert correlations(values, fact)[0] == pytest.approx(1.0)
    assert np.isnan(correlations(values, np.full(4, np.nan))).all()
    assert np.isnan(correlations(values, np.ones(4))).all()
