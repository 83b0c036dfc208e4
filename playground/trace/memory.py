"""Measures of memory, as plain linear algebra: what survives in a state, half-lives, orders of units.

Letters in shapes: T timesteps, D numbers in the whole state (all layers, short-term and long-term together),
H units of a layer. The Jacobian of timestep t is J_t = d state_t / d state_{t-1}, (D, D), row = new, column = old.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import Words
from playground.trace.in_pieces import drained

if TYPE_CHECKING:
    from playground.trace.sequence_trace import SequenceTrace

Float64Array = NDArray[np.float64]
AnyFloats = NDArray[np.floating[Any]]


MULTIPLICATIONS = 1 << 27
"""Of numbers, between two rests: some ten milliseconds."""


def survival(jacobians: AnyFloats, since: int) -> Float64Array:
    """(T,): how much of the state at `since` is still in the state at t, for jacobians (T, D, D).

    ||J_t ... J_{since+1}|| / sqrt(D) in the Frobenius norm: the root mean square factor by which a small change of
    the state in a random direction is passed on. 1 at `since`, NaN before it. A network without state (D = 0) keeps
    nothing: 0 after `since`. Raises ValueError when there is no timestep `since`.
    """
    return drained(survival_in_pieces(jacobians, since))


def survival_in_pieces(jacobians: AnyFloats, since: int) -> Generator[None, None, Float64Array]:
    """As `survival`, with a rest after every few products."""
    timesteps, size = jacobians.shape[:2]
    survives = _from(since, timesteps)
    if size == 0:
        survives[since + 1 :] = 0.0
        return survives
    product = np.eye(size)
    at_once = max(1, MULTIPLICATIONS // size**3)
    for t in range(since + 1, timesteps):
        if (t - since) % at_once == 0:
            yield None
        product = jacobians[t].astype(np.float64) @ product  # (D, D) = J_t ... J_{since+1}
        survives[t] = np.linalg.norm(product) / np.sqrt(size)
    return survives


def gradient_through_time(jacobians: AnyFloats, last_gradient: AnyFloats) -> Float64Array:
    """(T,): norm of the gradient with respect to the state at each timestep, relative to the one at the last.

    `last_gradient` (D,) is the gradient with respect to the last state; backwards through time each timestep
    multiplies it by the transposed Jacobian: g_{t-1} = J_t^T g_t. NaN everywhere when `last_gradient` is zero.
    """
    timesteps = jacobians.shape[0]
    gradient = last_gradient.astype(np.float64)
    last_norm = float(np.linalg.norm(gradient))
    if last_norm == 0.0:
        return np.full(timesteps, np.nan)
    norms = np.empty(timesteps)
    norms[-1] = last_norm
    for t in range(timesteps - 1, 0, -1):
        gradient = jacobians[t].astype(np.float64).T @ gradient  # (D,)
        norms[t - 1] = np.linalg.norm(gradient)
    return norms / last_norm


def forget_products(forget_gate: AnyFloats, since: int) -> Float64Array:
    """(T, H): the share of each unit's long-term memory at `since` that the forget gate (T, H) has let through to t.

    f_{since+1} * ... * f_t; 1 at `since`, NaN before it. Raises ValueError when there is no timestep `since`.
    """
    timesteps, units = forget_gate.shape
    products = np.repeat(_from(since, timesteps)[:, None], units, axis=1)
    products[since + 1 :] = np.cumprod(forget_gate[since + 1 :].astype(np.float64), axis=0)
    return products


def forget_product(forget_gate: AnyFloats, since: int) -> Float64Array:
    """(T,): the mean of `forget_products` over the units."""
    return forget_products(forget_gate, since).mean(axis=1)


def half_life(forget_factor: AnyFloats) -> Float64Array:
    """After how many timesteps half of a memory is left that is multiplied by `forget_factor` at each.

    ln 0.5 / ln f, elementwise: infinite for f = 1, 0 for f = 0.
    """
    factor = np.asarray(forget_factor, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.log(0.5) / np.minimum(np.log(factor), -0.0)


def half_lives(forget_gate: AnyFloats) -> Float64Array:
    """(H,): the half-life of each unit's long-term memory in timesteps, for a forget gate (T, H).

    That of the constant forget factor that would let through as much over the whole sequence: the geometric mean.
    """
    with np.errstate(divide="ignore"):
        mean_log = np.log(forget_gate.astype(np.float64)).mean(axis=0)  # (H,)
    return half_life(np.exp(mean_log))


def half_life_of_bias(bias: float) -> float:
    """The half-life in timesteps that a forget-gate bias alone would give: ln 0.5 / ln sigmoid(bias).

    1.0, 2.2, 5.5, 14 and 103 for 0, 1, 2, 3 and 5: what remains when all else that the gate sums up is zero.
    """
    log_factor = -np.logaddexp(0.0, -bias)  # ln sigmoid(bias), exact where sigmoid would round to 1
    return float(np.log(0.5) / log_factor) if log_factor else float("inf")


def autocorrelation(values: Sequence[AnyFloats], most_lags: int | None = None) -> Float64Array:
    """(K + 1, H): how alike each of H units is to itself k timesteps later, k = 0..K, over sequences (T, B, H).

    r(k) = sum (x_t - m)(x_{t+k} - m) / n_k, divided by the same at k = 0; m: the unit's mean over everything; n_k: how
    many pairs lie k apart. K + 1 is the longest T, or `most_lags`. NaN for a unit that never changes at all.
    """
    longest = max(len(each) for each in values)
    longest = longest if most_lags is None else min(longest, most_lags)
    units = values[0].shape[-1]
    mean = np.concatenate([each.reshape(-1, units) for each in values]).mean(axis=0, dtype=np.float64)
    sums, pairs = np.zeros((longest, units)), np.zeros(longest)
    for each in values:
        off = each.astype(np.float64) - mean  # (T, B, H)
        timesteps, sequences = off.shape[:2]
        for lag in range(min(timesteps, longest)):
            sums[lag] += np.einsum("tbh,tbh->h", off[: timesteps - lag], off[lag:])
            pairs[lag] += (timesteps - lag) * sequences
    covariance = sums / pairs[:, None]  # (K + 1, H)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Float64Array = np.where(covariance[0] > 1e-12, covariance / covariance[0], np.nan)
    return found


def autocorrelation_time(correlation: AnyFloats) -> Float64Array:
    """(H,): after how many timesteps each unit has changed: where its `autocorrelation` (K + 1, H) first falls to 1/e.

    Between two lags the line between them is taken. Infinite where it never falls so far; NaN where there is none.
    """
    below = correlation < 1.0 / np.e  # (K + 1, H)
    times = np.where(np.isnan(correlation[0]), np.nan, np.inf)
    for unit in np.flatnonzero(below.any(axis=0)):
        lag = int(below[:, unit].argmax())  # at least 1: it is 1 at lag 0
        before, after = correlation[lag - 1, unit], correlation[lag, unit]
        times[unit] = lag - 1 + (before - 1.0 / np.e) / (before - after)
    return times


def correlations(values: AnyFloats, fact: AnyFloats) -> Float64Array:
    """(H,): Pearson's correlation of each of H units (N, H) with a fact (N,) over N moments, -1..1.

    Moments where the fact is NaN are left out. NaN where the unit or the fact never changes.
    """
    known = ~np.isnan(fact)
    if not known.any():
        return np.full(values.shape[1], np.nan)
    x, y = values[known].astype(np.float64), fact[known].astype(np.float64)
    x, y = x - x.mean(axis=0), y - y.mean()  # (N, H), (N,)
    lengths = np.linalg.norm(x, axis=0) * np.linalg.norm(y)  # (H,)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Float64Array = np.where(lengths > 1e-9 * max(1, len(y)), y @ x / lengths, np.nan)
    return found


def as_stored(trace: SequenceTrace, layer: int = -1) -> NDArray[np.int64]:
    """(H,): the units in the order of the weights."""
    return np.arange(trace.layers[layer].units)


def by_half_life(trace: SequenceTrace, layer: int = -1) -> NDArray[np.int64]:
    """(H,): the units from the shortest memory to the longest; as stored where no gate keeps the memory.

    The forget gate of an LSTM, the update gate of a GRU.
    """
    keeps = keeping_gate(trace)
    if keeps is None:
        return as_stored(trace, layer)
    return np.argsort(half_lives(trace.value(keeps, layer)), kind="stable")


def by_change(trace: SequenceTrace, layer: int = -1) -> NDArray[np.int64]:
    """(H,): the units by the timestep at which their memory changes most; those that fall before those that rise.

    The long-term memory where there is one, the hidden state elsewhere.
    """
    name = "cell_state" if trace.description.has_cell_state else "hidden_state"
    values = trace.value(name, layer)  # (T, H)
    first = trace.layers[layer].initial_states.get(name, np.zeros(values.shape[1], np.float32))
    changes = np.diff(values, axis=0, prepend=first[None, :])  # (T, H)
    when = np.abs(changes).argmax(axis=0)  # (H,)
    largest = changes[when, np.arange(values.shape[1])]  # (H,)
    return np.lexsort((largest, when))


def keeping_gate(trace: SequenceTrace) -> str | None:
    """The name of the gate that multiplies the old memory, if the cell has one."""
    names = {quantity.name for quantity in trace.description.quantities}
    return next((name for name in ("forget_gate", "update_gate") if name in names), None)


UNIT_ORDERS: Mapping[str, tuple[Words, Callable[[SequenceTrace, int], NDArray[np.int64]]]] = {
    "stored": (Words("as stored", "as stored"), as_stored),
    "half_life": (Words("by half-life", "by half-life"), by_half_life),
    "change": (Words("by when they change", "by when they change"), by_change),
}
"""The orders in which a heat map can show its units: label, and order(trace, layer) -> unit indices (H,)."""


def _from(since: int, timesteps: int) -> Float64Array:
    """(T,): NaN before `since`, 1 from it on. Raises ValueError with a sentence when it is not one of T timesteps."""
    if not 0 <= since < timesteps:
        raise ValueError(
            f"Survival cannot be counted from timestep {since + 1}: the sequence has {timesteps} timesteps."
        )
    line = np.full(timesteps, np.nan)
    line[since:] = 1.0
    return line
