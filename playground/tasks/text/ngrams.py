"""What counting reaches: the loss of character frequencies and of an interpolated 3-gram model, on the same text.

    P(c | a, b) = w3 n(a,b,c)/n(a,b) + w2 n(b,c)/n(b) + w1 n(c)/N + w0 1/K

The weights are tuned on the training part alone: counts from its first nine tenths, weights by expectation-maximisation
on its last tenth (deleted interpolation, Jelinek and Mercer 1980); then the counts are made again from all of it.
Where a context was never seen, its term gives its weight to the shorter ones. Losses are in nats per symbol; every
symbol counts, the line end too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDS = 30
"""Rounds of expectation-maximisation; it has settled long before."""

LEAST_WEIGHT = 1e-4
"""No term is trusted so little that a triple never seen becomes impossible."""

MOST_TRAINED = 1_000_000
"""Symbols of the training part that are counted at most: more change nothing in the third digit."""

FloatVector = NDArray[np.float64]


@dataclass(frozen=True)
class Baselines:
    """Losses on the held-out part in nats per symbol. weights: w3, w2, w1, w0 of the 3-gram model; they sum to one.

    frequent: how often the most frequent symbol of the training part is right (0..1).
    """

    unigram: float
    trigram: float
    weights: tuple[float, float, float, float]
    frequent: float


class Trigrams:
    """Counts of one, two and three symbols in a row. K symbols; contexts are numbered b and a K + b."""

    def __init__(self, symbols: NDArray[Any], kinds: int) -> None:
        self.kinds = kinds
        s = symbols.astype(np.int64)
        self.ones = np.bincount(s, minlength=kinds).astype(np.float64)  # (K,)
        self.twos = _Counts(s[:-1] * kinds + s[1:])
        self.pairs = _Counts(s[:-2] * kinds + s[1:-1])
        self.threes = _Counts((s[:-2] * kinds + s[1:-1]) * kinds + s[2:])
        self.firsts = np.bincount(s[:-1], minlength=kinds).astype(np.float64)  # (K,) how often b is a context

    def parts(self, symbols: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """(N - 2, 4) the four probabilities of every symbol from the third on, and whether each context was seen."""
        s = symbols.astype(np.int64)
        a, b, c = s[:-2], s[1:-1], s[2:]
        pair, single = self.pairs.of(a * self.kinds + b), self.firsts[b]
        three, two = self.threes.of((a * self.kinds + b) * self.kinds + c), self.twos.of(b * self.kinds + c)
        probabilities = np.stack(
            [
                three / np.maximum(pair, 1.0),
                two / np.maximum(single, 1.0),
                self.ones[c] / max(self.ones.sum(), 1.0),
                np.full(len(c), 1.0 / self.kinds),
            ],
            axis=1,
        )
        everywhere = np.ones(len(c), dtype=np.bool_)
        return probabilities, np.stack([pair > 0, single > 0, everywhere, everywhere], axis=1)


class _Counts:
    """How often each key occurs: sorted keys, so that any number of symbols needs no table of all triples."""

    def __init__(self, keys: NDArray[np.int64]) -> None:
        self.keys, counts = np.unique(keys, return_counts=True)
        self.counts = counts.astype(np.float64)

    def of(self, keys: NDArray[np.int64]) -> FloatVector:
        """(N,) the count of each of these keys, 0 for one that never occurred."""
        if len(self.keys) == 0:
            return np.zeros(len(keys))
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.counts[place], 0.0)


def mixed(parts: NDArray[np.float64], seen: NDArray[np.bool_], weights: FloatVector) -> FloatVector:
    """(N,) the interpolated probabilities: weights of contexts never seen go to the others in proportion."""
    there = seen * weights  # (N, 4)
    return (there * parts).sum(axis=1) / there.sum(axis=1)


def tuned_weights(parts: NDArray[np.float64], seen: NDArray[np.bool_]) -> FloatVector:
    """The weights (4,) by expectation-maximisation from equal ones: each round, the share that each term has in the
    probabilities. With every context seen this never lowers the likelihood."""
    weights = np.full(4, 0.25)
    for _ in range(ROUNDS):
        there = seen * weights  # (N, 4)
        share = there * parts  # (N, 4)
        total = share.sum(axis=1, keepdims=True)  # (N, 1)
        responsible = (share / np.maximum(total, 1e-300)).sum(axis=0)  # (4,)
        possible = (there / there.sum(axis=1, keepdims=True)).sum(axis=0)  # (4,)
        # a term is judged only where it could speak: its weight relative to what it was given there
        weights = weights * responsible / np.maximum(possible, 1e-300)
        weights = np.maximum(weights, LEAST_WEIGHT) / np.maximum(weights, LEAST_WEIGHT).sum()
    return weights


def baselines(training: NDArray[Any], held_out: NDArray[Any], kinds: int) -> Baselines:
    """What counting reaches on the held-out part. At least ten symbols of each are needed: ValueError with a sentence.

    The held-out part is read as it follows the training part: its first symbol has the last two of that as context.
    """
    if len(training) < 10 or len(held_out) < 1:
        raise ValueError("The text is too short to count anything: it needs at least ten characters.")
    training = training[-MOST_TRAINED:]
    tenth = max(1, len(training) // 10)
    counted = Trigrams(training[:-tenth], kinds)
    weights = tuned_weights(*counted.parts(training[-tenth - 2 :]))
    model = Trigrams(training, kinds)
    probability = mixed(*model.parts(np.concatenate([training[-2:], held_out])), weights)
    # one more of each than was seen, so that a symbol that training never had is not impossible
    frequencies = (model.ones + 1.0) / (model.ones.sum() + kinds)
    return Baselines(
        unigram=float(-np.log(frequencies[held_out]).mean()),
        trigram=float(-np.log(probability).mean()),
        weights=(float(weights[0]), float(weights[1]), float(weights[2]), float(weights[3])),
        frequent=float((held_out == int(model.ones.argmax())).mean()),
    )


def bits(nats: float) -> float:
    """A loss in bits per symbol."""
    return nats / math.log(2.0)


def perplexity(nats: float) -> float:
    """Of how many equally likely symbols one would have to choose to be as uncertain."""
    return math.exp(min(nats, 700.0))
