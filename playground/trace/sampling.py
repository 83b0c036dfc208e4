"""How one symbol is chosen: pure functions on what a network gives, the same for engine, page and test.

K symbols. Temperature, then top-k, then top-p, each on what the one before left, as is usual (Holtzman et al. 2020
for top-p, "The curious case of neural text degeneration"). The draw is the inversion of the cumulative distribution
with the likeliest symbol first, so that a bar chart in that order shows where the random number fell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def softmax(logits: NDArray) -> Vector:
    """(..., K) the probabilities of these logits."""
    logits = np.asarray(logits, dtype=np.float64)
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Vector = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def ranked(chances: NDArray) -> NDArray[np.int64]:
    """(K,) the symbols, the likeliest first; equally likely ones in their own order."""
    return np.argsort(-np.asarray(chances), kind="stable")


def sampling_chances(logits: NDArray, temperature: float, top_k: int = 0, top_p: float = 1.0) -> Vector:
    """(K,) how likely each symbol is to be drawn; they sum to one. `top_k` 0: all.

    Temperature 0 leaves the likeliest symbol alone. Raises ValueError for logits that are not finite.
    """
    logits = np.asarray(logits, dtype=np.float64)
    if not np.isfinite(logits).all():
        raise ValueError("The network's outputs are not finite numbers, so nothing can be drawn from them.")
    if temperature <= 0:
        chances = np.zeros(len(logits))
        chances[ranked(logits)[0]] = 1.0
        return chances
    with np.errstate(over="ignore"):
        chances = softmax(np.clip((logits - logits.max()) / temperature, -745.0, 0.0))
    order = ranked(chances)
    if 0 < top_k < len(chances):
        chances[order[top_k:]] = 0.0
        chances /= chances.sum()
    if top_p < 1.0:
        before = np.cumsum(chances[order]) - chances[order]  # what the likelier ones have together
        chances[order[before >= top_p]] = 0.0
        chances /= chances.sum()
    return chances


def drawn_symbol(chances: NDArray, random_number: float) -> int:
    """The symbol, of chances (K,), whose interval this random number (0 <= u < 1) falls into."""
    order = ranked(chances)
    place = int(np.searchsorted(np.cumsum(np.asarray(chances)[order]), random_number, side="right"))
    possible = int(np.count_nonzero(chances))
    return int(order[min(place, possible - 1)])  # rounding may leave the sum just below one


def interval(chances: NDArray, symbol: int) -> tuple[float, float]:
    """From where to where the random number has to fall for this symbol: (low, high), high - low its chance."""
    order = ranked(chances)
    place = int(np.flatnonzero(order == symbol)[0])
    low = float(np.asarray(chances)[order[:place]].sum())
    return low, low + float(chances[symbol])
