"""How a symbol is chosen: limits of temperature, mass of top-k and top-p, inversion of the cumulative sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.trace.sampling import drawn_symbol, interval, ranked, sampling_chances, softmax

LOGITS = np.log(np.array([0.1, 0.4, 0.2, 0.3]))
logit_lists = st.lists(st.floats(-30, 30), min_size=2, max_size=20)


def test_temperature_one_is_the_softmax() -> None:
    np.testing.assert_allclose(sampling_chances(LOGITS, 1.0), [0.1, 0.4, 0.2, 0.3])
    np.testing.assert_allclose(softmax(LOGITS), [0.1, 0.4, 0.2, 0.3])


def test_temperature_is_a_power_of_the_probabilities() -> None:
    squared = np.array([0.01, 0.16, 0.04, 0.09])
    np.testing.assert_allclose(sampling_chances(LOGITS, 0.5), squared / squared.sum())


@given(logit_lists)
def test_a_low_temperature_becomes_the_likeliest_and_a_high_one_chance(logits: list[float]) -> None:
    array = np.array(logits)
    assert sampling_chances(array, 0.0).tolist() == [
        float(index == int(array.argmax())) for index in range(len(array))
    ]
    np.testing.assert_allclose(sampling_chances(array, 1e9), 1 / len(array), atol=1e-6)
    if np.sort(array)[-1] - np.sort(array)[-2] > 1e-3:
        np.testing.assert_allclose(sampling_chances(array, 1e-6), sampling_chances(array, 0.0), atol=1e-12)


@given(logit_lists, st.floats(0.05, 5), st.integers(0, 25), st.floats(0.01, 1))
def test_chances_are_a_distribution_over_the_likeliest(
    logits: list[float], temperature: float, top_k: int, top_p: float
) -> None:
    chances = sampling_chances(np.array(logits), temperature, top_k, top_p)
    assert chances.sum() == pytest.approx(1.0)
    kept = chances > 0
    assert kept.any()
    if top_k:
        assert kept.sum() <= top_k
    assert np.array(logits)[kept].min() >= np.array(logits)[~kept].max(initial=-np.inf) - 1e-9


def test_top_k_keeps_the_mass_of_the_k_likeliest() -> None:
    np.testing.assert_allclose(sampling_chances(LOGITS, 1.0, top_k=2), [0, 4 / 7, 0, 3 / 7])
    np.testing.assert_allclose(sampling_chances(LOGITS, 1.0, top_k=9), [0.1, 0.4, 0.2, 0.3])


@pytest.mark.parametrize(
    ("top_p", "kept"),
    [(0.3, [1]), (0.4, [1]), (0.41, [1, 3]), (0.75, [1, 2, 3]), (0.95, [0, 1, 2, 3]), (1.0, [0, 1, 2, 3])],
)
def test_top_p_keeps_as_few_as_have_the_mass(top_p: float, kept: list[int]) -> None:
    chances = sampling_chances(LOGITS, 1.0, top_p=top_p)
    assert np.flatnonzero(chances).tolist() == kept
    whole = np.array([0.1, 0.4, 0.2, 0.3])
    np.testing.assert_allclose(chances[kept], whole[kept] / whole[kept].sum())


def test_top_p_comes_after_top_k() -> None:
    # of the two that are left the likelier has 4/7 > 0.5
    assert np.flatnonzero(sampling_chances(LOGITS, 1.0, top_k=2, top_p=0.5)).tolist() == [1]


@pytest.mark.parametrize(
    ("number", "symbol"),
    [(0.0, 1), (0.399, 1), (0.4, 3), (0.69, 3), (0.71, 2), (0.89, 2), (0.91, 0), (0.9999999, 0)],
)
def test_the_draw_inverts_the_cumulative_sum_with_the_likeliest_first(number: float, symbol: int) -> None:
    chances = np.array([0.1, 0.4, 0.2, 0.3])
    assert drawn_symbol(chances, number) == symbol
    low, high = interval(chances, symbol)
    assert low - 1e-12 <= number < high + 1e-12


@given(logit_lists, st.floats(0, 1, exclude_max=True), st.integers(0, 5))
def test_what_is_drawn_is_possible_and_its_interval_holds_the_number(
    logits: list[float], number: float, top_k: int
) -> None:
    chances = sampling_chances(np.array(logits), 1.0, top_k)
    symbol = drawn_symbol(chances, number)
    assert chances[symbol] > 0
    low, high = interval(chances, symbol)
    assert high - low == pytest.approx(chances[symbol])
    assert low - 1e-9 <= number <= high + 1e-9


def test_many_draws_have_the_frequencies() -> None:
    chances = sampling_chances(LOGITS, 0.7)
    numbers = np.random.default_rng(1).random(20_000)
    drawn = np.bincount([drawn_symbol(chances, number) for number in numbers], minlength=4) / 20_000
    np.testing.assert_allclose(drawn, chances, atol=0.012)


def test_what_is_no_number_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="not finite numbers, so nothing can be drawn"):
        sampling_chances(np.array([0.0, np.nan]), 1.0)


def test_equally_likely_symbols_keep_their_order() -> None:
    assert ranked(np.array([0.25, 0.25, 0.5, 0.0])).tolist() == [2, 0, 1, 3]
