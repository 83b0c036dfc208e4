"""numpy alone: backpropagation through time by hand, the way of a careful tutorial.

What can be done for all timesteps at once is: the inputs' part (a symbol takes its column of W), the head, and the
gradients of all matrices. Only the recurrence is a loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.bench.next_symbol import BATCHES
from playground.bench.peers import Updates
from playground.bench.same_start import BETA_1, BETA_2, CLIP_NORM, EPSILON, LEARNING_RATE, SameStart

Array = NDArray[np.float32]
Weights = dict[str, Array]
Backward = Callable[[Array], tuple[Array, Array, Array, Array]]
"""From the loss by the hidden states (T, B, H) to the loss by the inputs' sums (T, B, R), by the recurrent sums
(T, B, R), and by both biases."""


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp -x)."""
    return np.float32(1.0) / (np.float32(1.0) + np.exp(-x))


def rnn(W: Weights, sums: Array, h: Array) -> Backward:
    """h (T + 1, B, H) from W x + b (T, B, H)."""
    U, b = W["weight_hh"].T, W["bias_hh"]
    for t in range(len(sums)):
        h[t + 1] = np.tanh(sums[t] + h[t] @ U + b)

    def backward(d_hidden: Array) -> tuple[Array, Array, Array, Array]:
        d_sums = np.empty_like(sums)
        carried = np.zeros_like(h[0])
        for t in range(len(sums) - 1, -1, -1):
            d_sums[t] = (d_hidden[t] + carried) * (1.0 - h[t + 1] ** 2)
            carried = d_sums[t] @ W["weight_hh"]
        d_bias = d_sums.sum(axis=(0, 1))
        return d_sums, d_sums, d_bias, d_bias

    return backward


def lstm(W: Weights, sums: Array, h: Array) -> Backward:
    """h (T + 1, B, H) from W x + b (T, B, 4H); gates i, f, g, o."""
    U, b = W["weight_hh"].T, W["bias_hh"]
    H = h.shape[-1]
    gates, c, tanh_c = np.empty_like(sums), np.zeros_like(h), np.empty_like(h)
    for t in range(len(sums)):
        a = sums[t] + h[t] @ U + b
        gates[t] = sigmoid(a)
        gates[t, :, 2 * H : 3 * H] = np.tanh(a[:, 2 * H : 3 * H])
        i, f, g, o = np.split(gates[t], 4, axis=1)
        c[t + 1] = f * c[t] + i * g
        tanh_c[t] = np.tanh(c[t + 1])
        h[t + 1] = o * tanh_c[t]

    def backward(d_hidden: Array) -> tuple[Array, Array, Array, Array]:
        d_sums = np.empty_like(sums)
        carried, dc = np.zeros_like(h[0]), np.zeros_like(h[0])
        for t in range(len(sums) - 1, -1, -1):
            i, f, g, o = np.split(gates[t], 4, axis=1)
            dh = d_hidden[t] + carried
            dc = dc + dh * o * (1.0 - tanh_c[t] ** 2)
            d_sums[t, :, :H] = dc * g * i * (1.0 - i)
            d_sums[t, :, H : 2 * H] = dc * c[t] * f * (1.0 - f)
            d_sums[t, :, 2 * H : 3 * H] = dc * i * (1.0 - g * g)
            d_sums[t, :, 3 * H :] = dh * tanh_c[t] * o * (1.0 - o)
            carried = d_sums[t] @ W["weight_hh"]
            dc = dc * f
        d_bias = d_sums.sum(axis=(0, 1))
        return d_sums, d_sums, d_bias, d_bias

    return backward


def gru(W: Weights, sums: Array, h: Array) -> Backward:
    """h (T + 1, B, H) from W x + b (T, B, 3H); gates r, z, candidate n, as torch has them."""
    U, b = W["weight_hh"].T, W["bias_hh"]
    H = h.shape[-1]
    gates, m = np.empty_like(sums), np.empty_like(sums[..., :H])
    for t in range(len(sums)):
        recurrent = h[t] @ U + b
        r_and_z = gates[t, :, : 2 * H] = sigmoid(sums[t, :, : 2 * H] + recurrent[:, : 2 * H])
        m[t] = recurrent[:, 2 * H :]
        n = gates[t, :, 2 * H :] = np.tanh(sums[t, :, 2 * H :] + r_and_z[:, :H] * m[t])
        h[t + 1] = n + r_and_z[:, H:] * (h[t] - n)

    def backward(d_hidden: Array) -> tuple[Array, Array, Array, Array]:
        d_sums, d_recurrent = np.empty_like(sums), np.empty_like(sums)
        carried = np.zeros_like(h[0])
        for t in range(len(sums) - 1, -1, -1):
            r, z, n = np.split(gates[t], 3, axis=1)
            dh = d_hidden[t] + carried
            dn = dh * (1.0 - z) * (1.0 - n * n)
            d_sums[t, :, :H] = dn * m[t] * r * (1.0 - r)
            d_sums[t, :, H : 2 * H] = dh * (h[t] - n) * z * (1.0 - z)
            d_sums[t, :, 2 * H :] = dn
            d_recurrent[t] = d_sums[t]
            d_recurrent[t, :, 2 * H :] = dn * r
            carried = dh * z + d_recurrent[t] @ W["weight_hh"]
        return d_sums, d_recurrent, d_sums.sum(axis=(0, 1)), d_recurrent.sum(axis=(0, 1))

    return backward


FORWARD: dict[str, Callable[[Weights, Array, Array], Backward]] = {"rnn": rnn, "lstm": lstm, "gru": gru}


def gradients(
    cell: str, W: Weights, symbols: NDArray[np.int64], targets: NDArray[np.int64]
) -> tuple[float, Weights]:
    """The mean cross-entropy of one batch, symbols and targets (T, B), and its gradient by all weights."""
    T, B = symbols.shape
    N, H = T * B, W["weight_hh"].shape[1]
    sums = W["weight_ih"].T[symbols] + W["bias_ih"]  # (T, B, R)
    h = np.zeros((T + 1, B, H), np.float32)
    backward = FORWARD[cell](W, sums, h)

    said = h[1:].reshape(N, H)
    logits = said @ W["head_weight"].T + W["head_bias"]  # (N, V)
    logits -= logits.max(axis=1, keepdims=True)
    exponentials = np.exp(logits)
    totals = exponentials.sum(axis=1, keepdims=True)
    every, right = np.arange(N), targets.reshape(-1)
    loss = float(np.mean(np.log(totals[:, 0]) - logits[every, right]))
    d_logits = exponentials / totals
    d_logits[every, right] -= 1.0
    d_logits /= np.float32(N)

    d_sums, d_recurrent, d_bias_ih, d_bias_hh = backward((d_logits @ W["head_weight"]).reshape(T, B, H))
    one_hot = np.eye(W["weight_ih"].shape[1], dtype=np.float32)[symbols.reshape(-1)]  # (N, V)
    return loss, {
        "weight_ih": d_sums.reshape(N, -1).T @ one_hot,
        "weight_hh": d_recurrent.reshape(N, -1).T @ h[:-1].reshape(N, H),
        "bias_ih": d_bias_ih,
        "bias_hh": d_bias_hh,
        "head_weight": d_logits.T @ said,
        "head_bias": d_logits.sum(axis=0),
    }


def make(start: SameStart) -> Updates:
    """Adam and clipping by hand, too."""
    W: Weights = {name: array.copy() for name, array in start.parameters.items()}
    m = {name: np.zeros_like(array) for name, array in W.items()}
    v = {name: np.zeros_like(array) for name, array in W.items()}
    inputs, targets = start.inputs, start.targets
    done = 0

    def updates(count: int) -> float:
        nonlocal done
        loss = 0.0
        for _ in range(count):
            loss, gradient = gradients(start.cell, W, inputs[done % BATCHES], targets[done % BATCHES])
            done += 1
            norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradient.values()))
            factor = np.float32(min(1.0, CLIP_NORM / (norm + 1e-6)))
            rate = np.float32(LEARNING_RATE / (1.0 - BETA_1**done))
            unbiased = np.float32(1.0 / math.sqrt(1.0 - BETA_2**done))
            for name, g in gradient.items():
                g *= factor
                m[name] += np.float32(1.0 - BETA_1) * (g - m[name])
                v[name] += np.float32(1.0 - BETA_2) * (g * g - v[name])
                W[name] -= rate * m[name] / (np.sqrt(v[name]) * unbiased + np.float32(EPSILON))
        return loss

    return updates
