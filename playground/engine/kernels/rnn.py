"""The RNN: h_t = tanh(W x_t + U h_{t-1} + b), or with sigmoid or relu. Equations, words: `engine/cells/rnn.py`.

Backward: dx = dh_t (1 - h_t²), with sigmoid dh_t h_t (1 - h_t), with relu dh_t where h_t > 0; dh_{t-1} += dx U.
"""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.product import add_product
from playground.engine.kernels.scalars import ONE, ZERO, sigmoid, tanh

SIGMOID, TANH, RELU = range(3)
SQUEEZE_CODES = {"sigmoid": SIGMOID, "tanh": TANH, "relu": RELU}


@compiled
def forward(sums: Array, hidden: Array, weight_hh_t: Array, squeeze: int, first: int, last: int) -> None:
    """Timesteps first..last-1, from W x_t + b (T, B, H) to the hidden states (T + 1, B, H)."""
    for t in range(first, last):
        add_product(sums[t], hidden[t], weight_hh_t)  # (B, H)
        _squeeze(sums[t], hidden[t + 1], squeeze)


@compiled
def backward(
    hidden: Array, d_hidden: Array, d_sums: Array, weight_hh: Array, squeeze: int, first: int, last: int
) -> None:
    """Timesteps last-1..first, from the loss by the hidden states to that by the sums, (C + 1, B, H)."""
    for t in range(last - 1, first - 1, -1):
        add_product(d_hidden[t], d_sums[t + 1 - first], weight_hh)  # (B, H)
        _squeeze_backward(hidden[t + 1], d_hidden[t], d_sums[t - first], squeeze)


@compiled
def _squeeze(sums: Array, hidden: Array, squeeze: int) -> None:
    for b in range(sums.shape[0]):
        x, h = sums[b], hidden[b]
        if squeeze == TANH:
            for j in range(x.shape[0]):
                h[j] = tanh(x[j])
        elif squeeze == RELU:
            for j in range(x.shape[0]):
                h[j] = ZERO if x[j] < ZERO else x[j]  # NaN stays NaN
        else:
            for j in range(x.shape[0]):
                h[j] = sigmoid(x[j])


@compiled
def _squeeze_backward(hidden: Array, d_hidden: Array, d_sums: Array, squeeze: int) -> None:
    for b in range(hidden.shape[0]):
        h, dh, dx = hidden[b], d_hidden[b], d_sums[b]
        if squeeze == TANH:
            for j in range(h.shape[0]):
                dx[j] = dh[j] * (ONE - h[j] * h[j])
        elif squeeze == RELU:
            for j in range(h.shape[0]):
                dx[j] = dh[j] if h[j] > ZERO else ZERO
        else:
            for j in range(h.shape[0]):
                dx[j] = dh[j] * h[j] * (ONE - h[j])
