"""Verdicts are decided by counts; the oracles are exact binomial sums and networks whose skill is known."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from playground.trace.verdict import (
    CONFIDENCE,
    MemoryVerdict,
    Verdict,
    binomial_band,
    binomial_distribution,
    memory_verdict,
    shared_confidence,
)

DISTANCES = (0, 5, 10, 20, 40, 60)
ASKED = (256,) * 6


def judged(*right: int) -> MemoryVerdict:
    return memory_verdict(DISTANCES, right, ASKED)


@pytest.mark.parametrize(("asked", "rate"), [(1, 0.5), (20, 0.5), (64, 0.95), (300, 0.25)])
def test_distribution_equals_exact_fractions(asked: int, rate: float) -> None:
    p = Fraction(rate)
    exact = [float(comb(asked, k) * p**k * (1 - p) ** (asked - k)) for k in range(asked + 1)]
    assert binomial_distribution(asked, rate) == pytest.approx(exact, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("asked", [1, 7, 64, 256, 500])
@pytest.mark.parametrize("rate", [0.5, 0.95])
@pytest.mark.parametrize("confidence", [0.9, 0.99, 0.999])
def test_band_leaves_out_exactly_what_each_tail_allows(asked: int, rate: float, confidence: float) -> None:
    low, high = binomial_band(asked, rate, confidence)
    chances = binomial_distribution(asked, rate)
    tail = (1 - confidence) / 2
    assert sum(chances[:low]) <= tail
    assert sum(chances[high + 1 :]) <= tail
    assert sum(chances[: low + 1]) > tail, "one count less would also be explained by luck"
    assert sum(chances[high:]) > tail


def test_known_band_of_a_hundred_tosses() -> None:
    # The textbook's 95 % region of 100 fair tosses: 40 to 60.
    assert binomial_band(100, 0.5, 0.95) == (40, 60)


def test_guessers_are_rarely_called_anything_else() -> None:
    random = np.random.default_rng(7)
    counts = random.binomial(256, 0.5, size=(2000, len(DISTANCES)))
    kinds = [judged(*map(int, row)).kind for row in counts]
    wrong = sum(kind is not Verdict.NEVER_LEARNED for kind in kinds)
    assert wrong / len(kinds) <= 1 - CONFIDENCE


def test_networks_right_at_the_criterion_are_called_right() -> None:
    random = np.random.default_rng(8)
    counts = random.binomial(256, 0.95, size=(2000, len(DISTANCES)))
    kinds = [judged(*map(int, row)).kind for row in counts]
    assert sum(kind is Verdict.REMEMBERS for kind in kinds) / len(kinds) >= CONFIDENCE


def test_each_verdict() -> None:
    assert judged(256, 256, 256, 255, 256, 256).kind is Verdict.REMEMBERS
    forgot = judged(256, 250, 180, 130, 126, 131)
    assert (forgot.kind, forgot.lost_from) == (Verdict.FORGOT, 20)
    assert judged(128, 131, 120, 140, 127, 125).kind is Verdict.NEVER_LEARNED
    assert judged(200, 200, 200, 200, 200, 200).kind is Verdict.LEARNING
    learning = judged(200, 190, 128, 128, 128, 128)
    assert (learning.kind, learning.lost_from) == (Verdict.LEARNING, 10)
    unsteady = judged(256, 256, 250, 230, 205, 200)
    assert (unsteady.kind, unsteady.worst_distance) == (Verdict.UNSTEADY, 60)
    assert judged(9, 10, 8, 0, 12, 7).kind is Verdict.NO_ANSWER


def test_forgot_is_never_said_of_one_that_was_not_right_with_nothing_in_between() -> None:
    random = np.random.default_rng(9)
    for _ in range(300):
        right = [int(count) for count in random.integers(0, 257, 6)]
        verdict = judged(*right)
        if verdict.kind is Verdict.FORGOT:
            assert right[0] >= 0.85 * 256
            assert verdict.lost_from is not None
            lost = DISTANCES.index(verdict.lost_from)
            assert all(count <= 256 * 0.65 for count in right[lost:])


def test_lost_once_and_found_again_is_not_forgotten() -> None:
    verdict = judged(256, 256, 128, 256, 256, 256)
    assert verdict.kind is Verdict.UNSTEADY
    assert verdict.worst_distance == 10


def test_few_questions_claim_little() -> None:
    # 8 of 10 at every distance: luck with a coin, too.
    assert memory_verdict((0, 20), (8, 8), (10, 10)).kind is Verdict.NEVER_LEARNED


def test_chance_need_not_be_a_half() -> None:
    assert memory_verdict((0, 10), (32, 31), (256, 256), chance=1 / 8).kind is Verdict.NEVER_LEARNED
    assert memory_verdict((0, 10), (256, 31), (256, 256), chance=1 / 8).kind is Verdict.FORGOT


def test_several_comparisons_are_stricter() -> None:
    assert shared_confidence(1) == CONFIDENCE
    assert shared_confidence(5) == pytest.approx(0.998)


@pytest.mark.parametrize(
    ("distances", "right", "asked"),
    [
        ((), (), ()),
        ((0, 5), (1,), (2, 2)),
        ((5, 0), (1, 1), (2, 2)),
        ((0, 5), (3, 1), (2, 2)),
    ],
)
def test_what_does_not_belong_together_is_refused(
    distances: tuple[int, ...], right: tuple[int, ...], asked: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"\."):
        memory_verdict(distances, right, asked)


def test_a_band_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs questions"):
        binomial_band(0, 0.5)
