"""What counting reaches, against sums by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.tasks.text.ngrams import (
    LEAST_WEIGHT,
    Trigrams,
    baselines,
    bits,
    mixed,
    perplexity,
    tuned_weights,
)

ABAB = np.array([0, 1, 0, 1, 0, 2, 0, 1], dtype=np.uint8)  # a b a b a c a b


def test_counts_by_hand() -> None:
    model = Trigrams(ABAB, 3)
    parts, seen = model.parts(np.array([0, 1, 0]))  # what follows "ab": a
    # n(aba)=2 of n(ab.)=2; n(ba)=2 of n(b.)=2; n(a)=4 of 8; one of three
    np.testing.assert_allclose(parts, [[1.0, 1.0, 0.5, 1 / 3]])
    assert seen.all()
    parts, _ = model.parts(np.array([1, 0, 2]))  # "ba" is followed by b once, by c once
    np.testing.assert_allclose(parts, [[0.5, 0.25, 0.125, 1 / 3]])
    parts, seen = model.parts(np.array([2, 2, 0]))  # "cc" was never seen, c was followed by a
    np.testing.assert_allclose(parts, [[0.0, 1.0, 0.5, 1 / 3]])
    assert seen.tolist() == [[False, True, True, True]]


def test_the_mixture_by_hand() -> None:
    parts = np.array([[1.0, 0.5, 0.25, 0.125], [0.0, 0.5, 0.25, 0.125]])
    seen = np.array([[True] * 4, [False, True, True, True]])
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    first = 0.4 + 0.15 + 0.05 + 0.0125
    second = (0.15 + 0.05 + 0.0125) / 0.6
    np.testing.assert_allclose(mixed(parts, seen, weights), [first, second])


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_probabilities_of_all_symbols_sum_to_one(seed: int) -> None:
    generator = np.random.default_rng(seed)
    model = Trigrams(generator.integers(5, size=60), 5)
    context = generator.integers(5, size=2)
    parts, seen = zip(*(model.parts(np.array([*context, symbol])) for symbol in range(5)), strict=True)
    weights = generator.dirichlet(np.ones(4))
    assert mixed(np.concatenate(parts), np.concatenate(seen), weights).sum() == pytest.approx(1.0)


def test_the_weights_are_the_best_ones() -> None:
    """On a grid around them no other weights give a smaller loss."""
    generator = np.random.default_rng(3)
    parts = generator.random((400, 4)) * np.array([1.0, 0.6, 0.3, 0.2])
    seen = np.ones((400, 4), dtype=np.bool_)
    found = tuned_weights(parts, seen)
    best = -np.log(mixed(parts, seen, found)).mean()
    assert found.sum() == pytest.approx(1.0)
    for _ in range(300):
        other = generator.dirichlet(np.ones(4))
        assert -np.log(mixed(parts, seen, other)).mean() >= best - 1e-3


def test_a_term_that_never_helps_loses_its_weight() -> None:
    parts = np.tile([0.9, 0.1, 0.1, 0.1], (50, 1))
    weights = tuned_weights(parts, np.ones_like(parts, dtype=np.bool_))
    assert weights[0] > 0.99
    assert weights[1:].min() >= 0.9 * LEAST_WEIGHT


def test_the_frequencies_by_hand() -> None:
    training = np.array([0] * 6 + [1] * 3 + [2] * 3)
    found = baselines(training, np.array([0, 1]), 3)
    assert found.unigram == pytest.approx(-(math.log(7 / 15) + math.log(4 / 15)) / 2)
    assert found.frequent == 0.5


def test_a_text_with_a_rule_is_foreseen_by_three_and_not_by_one() -> None:
    text = np.tile([0, 0, 1, 1], 500)
    found = baselines(text[:1800], text[1800:], 2)
    assert found.unigram == pytest.approx(math.log(2), abs=1e-3)
    assert found.trigram < 0.01
    assert found.weights[0] > 0.9


def test_chance_alone_is_not_foreseen() -> None:
    text = np.random.default_rng(1).integers(4, size=40_000)
    found = baselines(text[:36_000], text[36_000:], 4)
    assert found.unigram == pytest.approx(math.log(4), abs=0.01)
    assert found.trigram == pytest.approx(math.log(4), abs=0.01)
    with pytest.raises(ValueError, match="too short to count"):
        baselines(text[:5], text[5:], 4)


def test_a_loss_in_other_words() -> None:
    assert bits(math.log(2)) == pytest.approx(1.0)
    assert perplexity(math.log(27)) == pytest.approx(27.0)
