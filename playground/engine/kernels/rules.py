"""The rules of `engine/optimisers.py` over the flat vector of all weights, and clipping: the same equations in loops.

W weights, g gradient, m and v moments, all (P,). The moments are changed in place; new weights go to `out`.
"""

from __future__ import annotations

import math

import numpy as np

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array

ADAM, SGD, RMSPROP = range(3)
RULE_CODES = {"adam": ADAM, "sgd": SGD, "rmsprop": RMSPROP}

f32 = np.float32
EPSILON = f32(1e-8)


@compiled
def norm_of(g: Array) -> float:
    """The length of the gradient; infinite, and the update refused, where its square is too large for float32."""
    total = f32(0.0)
    for p in range(g.shape[0]):
        total += g[p] * g[p]
    return math.sqrt(total)


@compiled
def apply_rule(
    rule: int, out: Array, W: Array, g: Array, moments: Array, factor: f32, update: int, learning_rate: float
) -> None:
    """New weights from the gradient times `factor` (which clips it). `update` counts from 1; moments (2, P)."""
    if rule == ADAM:
        _adam(out, W, g, moments[0], moments[1], factor, update, learning_rate)
    elif rule == SGD:
        _sgd(out, W, g, moments[0], factor, f32(learning_rate))
    else:
        _rmsprop(out, W, g, moments[0], factor, f32(learning_rate))


@compiled
def _adam(
    out: Array, W: Array, g: Array, m: Array, v: Array, factor: f32, update: int, learning_rate: float
) -> None:
    """Kingma and Ba 2015, algorithm 1."""
    beta_1, beta_2 = 0.9, 0.999
    rate = f32(learning_rate / (1.0 - beta_1**update))
    unbiased = f32(1.0 / math.sqrt(1.0 - beta_2**update))
    keep_m, add_m, keep_v, add_v = f32(beta_1), f32(1.0 - beta_1), f32(beta_2), f32(1.0 - beta_2)
    for p in range(W.shape[0]):
        gradient = g[p] * factor
        m[p] = keep_m * m[p] + add_m * gradient
        v[p] = keep_v * v[p] + add_v * gradient * gradient
        out[p] = W[p] - rate * m[p] / (np.sqrt(v[p]) * unbiased + EPSILON)


@compiled
def _sgd(out: Array, W: Array, g: Array, m: Array, factor: f32, learning_rate: f32) -> None:
    """Momentum 0.9 (Polyak 1964)."""
    momentum = f32(0.9)
    for p in range(W.shape[0]):
        m[p] = momentum * m[p] + g[p] * factor
        out[p] = W[p] - learning_rate * m[p]


@compiled
def _rmsprop(out: Array, W: Array, g: Array, v: Array, factor: f32, learning_rate: f32) -> None:
    """Hinton's lecture 6e, 2012."""
    keep, add = f32(0.99), f32(1.0 - 0.99)
    for p in range(W.shape[0]):
        gradient = g[p] * factor
        v[p] = keep * v[p] + add * gradient * gradient
        out[p] = W[p] - learning_rate * gradient / (np.sqrt(v[p]) + EPSILON)
