"""The LSTM of 1997 and its backward pass. The equations and their words are in `engine/cells/lstm_1997.py`.

    i, g, o = sigmoid, tanh, sigmoid of W x_t + U h_{t-1} + b
    c_t = c_{t-1} + i g
    h_t = o tanh(c_t)

Backward, with dx for the derivative of the loss by x, and dc_t arriving from timestep t + 1 on the straight way:

    dc_t += dh_t o (1 - tanh²(c_t))
    di = dc_t g i (1 - i)     dg = dc_t i (1 - g²)     do = dh_t tanh(c_t) o (1 - o)
    dc_{t-1} = dc_t           dh_{t-1} += di, dg, do through U

The straight way multiplies by nothing: the constant error carousel.
"""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.product import add_product
from playground.engine.kernels.scalars import ONE, sigmoid, tanh


@compiled
def forward(
    gates: Array, hidden: Array, cell: Array, tanh_cell: Array, weight_hh_t: Array, first: int, last: int
) -> None:
    """Timesteps first..last-1: gates (T, B, 3H), which hold W x_t + b, and states (T + 1, B, H)."""
    for t in range(first, last):
        add_product(gates[t], hidden[t], weight_hh_t)  # (B, 3H)
        _remember(gates[t], cell[t], cell[t + 1], tanh_cell[t], hidden[t + 1])


@compiled
def backward(
    gates: Array,
    tanh_cell: Array,
    d_hidden: Array,
    d_cell: Array,
    d_sums: Array,
    weight_hh: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps last-1..first, from the loss by the hidden states to that by the three sums, (C + 1, B, 3H)."""
    for t in range(last - 1, first - 1, -1):
        add_product(d_hidden[t], d_sums[t + 1 - first], weight_hh)  # (B, H)
        _remember_backward(gates[t], tanh_cell[t], d_hidden[t], d_cell, d_sums[t - first])


@compiled
def _remember(gates: Array, previous_cell: Array, cell: Array, tanh_cell: Array, hidden: Array) -> None:
    """One timestep: everything after the sums. (B, 3H), and (B, H) each."""
    B, H = hidden.shape
    for b in range(B):
        i, g, o = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H :]
        before, c, tanh_c, h = previous_cell[b], cell[b], tanh_cell[b], hidden[b]
        for j in range(H):
            i_j, g_j, o_j = sigmoid(i[j]), tanh(g[j]), sigmoid(o[j])
            c_j = before[j] + i_j * g_j
            t_j = tanh(c_j)
            i[j], g[j], o[j] = i_j, g_j, o_j
            c[j], tanh_c[j], h[j] = c_j, t_j, o_j * t_j


@compiled
def _remember_backward(gates: Array, tanh_cell: Array, d_hidden: Array, d_cell: Array, d_sums: Array) -> None:
    """One timestep back. (B, 3H) and (B, H) each; d_cell goes in as what arrives and comes out as dc_t."""
    B, H = d_hidden.shape
    for b in range(B):
        i, g, o = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H :]
        di, dg, do = d_sums[b, :H], d_sums[b, H : 2 * H], d_sums[b, 2 * H :]
        tanh_c, dh, dc = tanh_cell[b], d_hidden[b], d_cell[b]
        for j in range(H):
            i_j, g_j, o_j, t_j, dh_j = i[j], g[j], o[j], tanh_c[j], dh[j]
            dc_j = dc[j] + dh_j * o_j * (ONE - t_j * t_j)
            di[j] = dc_j * g_j * i_j * (ONE - i_j)
            dg[j] = dc_j * i_j * (ONE - g_j * g_j)
            do[j] = dh_j * t_j * o_j * (ONE - o_j)
            dc[j] = dc_j
