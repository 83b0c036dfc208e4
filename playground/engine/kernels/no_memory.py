"""No memory: h_t = tanh(W x_t + b). The equations and their words are in `engine/cells/no_memory.py`."""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.scalars import ONE, tanh


@compiled
def forward(sums: Array, hidden: Array, first: int, last: int) -> None:
    """Timesteps first..last-1, from W x_t + b (T, B, H) to the hidden states (T + 1, B, H)."""
    for t in range(first, last):
        for b in range(sums.shape[1]):
            x, h = sums[t, b], hidden[t + 1, b]
            for j in range(h.shape[0]):
                h[j] = tanh(x[j])


@compiled
def backward(hidden: Array, d_hidden: Array, d_sums: Array, first: int, last: int) -> None:
    """Timesteps first..last-1, from the loss by the hidden states to that by the sums: dx = dh (1 - h²)."""
    for t in range(first, last):
        for b in range(d_hidden.shape[1]):
            h, dh, dx = hidden[t + 1, b], d_hidden[t, b], d_sums[t - first, b]
            for j in range(h.shape[0]):
                dx[j] = dh[j] * (ONE - h[j] * h[j])
