"""The LSTM with peepholes and its backward pass. The equations and their words: `engine/cells/peephole_lstm.py`.

    i, f = sigmoid of W x_t + U h_{t-1} + b + p c_{t-1}
    g = tanh of W x_t + U h_{t-1} + b
    c_t = f c_{t-1} + i g
    o = sigmoid of W x_t + U h_{t-1} + b + p_o c_t
    h_t = o tanh(c_t)

Backward, with dx for the derivative of the loss by x, and dc_t arriving from timestep t + 1 on the straight way:

    do = dh_t tanh(c_t) o (1 - o)
    dc_t += dh_t o (1 - tanh²(c_t)) + do p_o                    the output gate sees the new memory
    di = dc_t g i (1 - i)     df = dc_t c_{t-1} f (1 - f)     dg = dc_t i (1 - g²)
    dc_{t-1} = dc_t f + di p_i + df p_f                         the other two see the one before
    dh_{t-1} += di, df, dg, do through U
    dp_i += di c_{t-1}        dp_f += df c_{t-1}              dp_o += do c_t
"""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.product import add_product
from playground.engine.kernels.scalars import ONE, sigmoid, tanh


@compiled
def forward(
    gates: Array,
    hidden: Array,
    cell: Array,
    tanh_cell: Array,
    weight_hh_t: Array,
    peepholes: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps first..last-1: gates (T, B, 4H), which hold W x_t + b, states (T + 1, B, H), peepholes (3H,)."""
    for t in range(first, last):
        add_product(gates[t], hidden[t], weight_hh_t)  # (B, 4H)
        _remember(gates[t], cell[t], cell[t + 1], tanh_cell[t], hidden[t + 1], peepholes)


@compiled
def backward(
    gates: Array,
    cell: Array,
    tanh_cell: Array,
    d_hidden: Array,
    d_cell: Array,
    d_sums: Array,
    weight_hh: Array,
    peepholes: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps last-1..first, from the loss by the hidden states to that by the four sums, (C + 1, B, 4H)."""
    for t in range(last - 1, first - 1, -1):
        add_product(d_hidden[t], d_sums[t + 1 - first], weight_hh)  # (B, H)
        _remember_backward(gates[t], cell[t], tanh_cell[t], d_hidden[t], d_cell, d_sums[t - first], peepholes)


@compiled
def add_peephole_gradients(d_peepholes: Array, d_sums: Array, cell: Array, first: int, last: int) -> None:
    """d_peepholes (3H,) of i, f, o += what these timesteps add, from d_sums (C + 1, B, 4H) and cell (T + 1, B, H)."""
    B, H = cell.shape[1], cell.shape[2]
    dp_i, dp_f, dp_o = d_peepholes[:H], d_peepholes[H : 2 * H], d_peepholes[2 * H :]
    for t in range(first, last):
        for b in range(B):
            di, df, do = (
                d_sums[t - first, b, :H],
                d_sums[t - first, b, H : 2 * H],
                d_sums[t - first, b, 3 * H :],
            )
            before, c = cell[t, b], cell[t + 1, b]
            for j in range(H):
                dp_i[j] += di[j] * before[j]
                dp_f[j] += df[j] * before[j]
                dp_o[j] += do[j] * c[j]


@compiled
def _remember(
    gates: Array, previous_cell: Array, cell: Array, tanh_cell: Array, hidden: Array, peepholes: Array
) -> None:
    """One timestep: everything after the sums. (B, 4H), (B, H) each, and (3H,)."""
    B, H = hidden.shape
    p_i, p_f, p_o = peepholes[:H], peepholes[H : 2 * H], peepholes[2 * H :]
    for b in range(B):
        i, f, g, o = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H : 3 * H], gates[b, 3 * H :]
        before, c, tanh_c, h = previous_cell[b], cell[b], tanh_cell[b], hidden[b]
        for j in range(H):
            before_j = before[j]
            i_j, f_j, g_j = sigmoid(i[j] + p_i[j] * before_j), sigmoid(f[j] + p_f[j] * before_j), tanh(g[j])
            c_j = f_j * before_j + i_j * g_j
            t_j, o_j = tanh(c_j), sigmoid(o[j] + p_o[j] * c_j)
            i[j], f[j], g[j], o[j] = i_j, f_j, g_j, o_j
            c[j], tanh_c[j], h[j] = c_j, t_j, o_j * t_j


@compiled
def _remember_backward(
    gates: Array,
    previous_cell: Array,
    tanh_cell: Array,
    d_hidden: Array,
    d_cell: Array,
    d_sums: Array,
    peepholes: Array,
) -> None:
    """One timestep back. (B, 4H), (B, H) each, and (3H,); d_cell goes in as what arrives and comes out as dc_{t-1}."""
    B, H = d_hidden.shape
    p_i, p_f, p_o = peepholes[:H], peepholes[H : 2 * H], peepholes[2 * H :]
    for b in range(B):
        i, f, g, o = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H : 3 * H], gates[b, 3 * H :]
        di, df, dg, do = d_sums[b, :H], d_sums[b, H : 2 * H], d_sums[b, 2 * H : 3 * H], d_sums[b, 3 * H :]
        before, tanh_c, dh, dc = previous_cell[b], tanh_cell[b], d_hidden[b], d_cell[b]
        for j in range(H):
            i_j, f_j, g_j, o_j, t_j, dh_j = i[j], f[j], g[j], o[j], tanh_c[j], dh[j]
            do_j = dh_j * t_j * o_j * (ONE - o_j)
            dc_j = dc[j] + dh_j * o_j * (ONE - t_j * t_j) + do_j * p_o[j]
            di_j = dc_j * g_j * i_j * (ONE - i_j)
            df_j = dc_j * before[j] * f_j * (ONE - f_j)
            di[j], df[j], do[j] = di_j, df_j, do_j
            dg[j] = dc_j * i_j * (ONE - g_j * g_j)
            dc[j] = dc_j * f_j + di_j * p_i[j] + df_j * p_f[j]
