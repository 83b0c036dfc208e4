"""The guide's LSTM and its backward pass. The equations and their words are in `engine/cells/guide_lstm.py`.

    i, f, N, V = sigmoid, sigmoid, tanh, sigmoid of W [STM_{t-1}, E_t] + b
    kept = LTM_{t-1} f                     LTM_t = kept + N i
    U = tanh(W_u kept + b_u)               STM_t = U V

Backward, with dx for the derivative of the loss by x, and dLTM_t arriving from timestep t + 1:

    dU = dSTM_t V (1 - U²)                 dV = dSTM_t U V (1 - V)
    dN = dLTM_t i (1 - N²)                 di = dLTM_t N i (1 - i)
    dkept = dLTM_t + dU W_u
    df = dkept LTM_{t-1} f (1 - f)         dLTM_{t-1} = dkept f
"""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.product import add_product, fill
from playground.engine.kernels.scalars import ONE, sigmoid, tanh


@compiled
def forward(
    gates: Array,
    hidden: Array,
    cell: Array,
    kept: Array,
    use: Array,
    weight_hh_t: Array,
    weight_use_t: Array,
    bias_use: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps first..last-1: gates (T, B, 4H), which hold W E_t + b, and both memories (T + 1, B, H)."""
    for t in range(first, last):
        add_product(gates[t], hidden[t], weight_hh_t)  # (B, 4H)
        _remember(gates[t], cell[t], cell[t + 1], kept[t])
        fill(use[t], bias_use)
        add_product(use[t], kept[t], weight_use_t)  # (B, H)
        _put_to_use(gates[t], use[t], hidden[t + 1])


@compiled
def backward(
    gates: Array,
    cell: Array,
    use: Array,
    d_hidden: Array,
    d_long_term: Array,
    d_sums: Array,
    d_use: Array,
    weight_hh: Array,
    weight_use: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps last-1..first: the loss by the four sums (C + 1, B, 4H) and by the use network's (C + 1, B, H)."""
    for t in range(last - 1, first - 1, -1):
        add_product(d_hidden[t], d_sums[t + 1 - first], weight_hh)  # (B, H)
        _put_to_use_backward(gates[t], use[t], d_hidden[t], d_long_term, d_sums[t - first], d_use[t - first])
        add_product(d_long_term, d_use[t - first], weight_use)  # (B, H): now it is dkept
        _keep_backward(gates[t], cell[t], d_long_term, d_sums[t - first])


@compiled
def _remember(gates: Array, previous_cell: Array, cell: Array, kept: Array) -> None:
    """One timestep: the four gates, what is kept and the new memory. (B, 4H), and (B, H) each."""
    B, H = cell.shape
    for b in range(B):
        i, f, n, v = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H : 3 * H], gates[b, 3 * H :]
        before, c, k = previous_cell[b], cell[b], kept[b]
        for j in range(H):
            i_j, f_j, n_j, v_j = sigmoid(i[j]), sigmoid(f[j]), tanh(n[j]), sigmoid(v[j])
            k_j = before[j] * f_j
            i[j], f[j], n[j], v[j] = i_j, f_j, n_j, v_j
            k[j], c[j] = k_j, k_j + n_j * i_j


@compiled
def _put_to_use(gates: Array, use: Array, hidden: Array) -> None:
    B, H = hidden.shape
    for b in range(B):
        v, u, h = gates[b, 3 * H :], use[b], hidden[b]
        for j in range(H):
            u_j = tanh(u[j])
            u[j], h[j] = u_j, u_j * v[j]


@compiled
def _put_to_use_backward(
    gates: Array, use: Array, d_hidden: Array, d_long_term: Array, d_sums: Array, d_use: Array
) -> None:
    B, H = d_hidden.shape
    for b in range(B):
        i, n, v = gates[b, :H], gates[b, 2 * H : 3 * H], gates[b, 3 * H :]
        di, dn, dv = d_sums[b, :H], d_sums[b, 2 * H : 3 * H], d_sums[b, 3 * H :]
        u, dh, dl, du = use[b], d_hidden[b], d_long_term[b], d_use[b]
        for j in range(H):
            i_j, n_j, v_j, u_j, dh_j, dl_j = i[j], n[j], v[j], u[j], dh[j], dl[j]
            du[j] = dh_j * v_j * (ONE - u_j * u_j)
            dv[j] = dh_j * u_j * v_j * (ONE - v_j)
            dn[j] = dl_j * i_j * (ONE - n_j * n_j)
            di[j] = dl_j * n_j * i_j * (ONE - i_j)


@compiled
def _keep_backward(gates: Array, previous_cell: Array, d_kept: Array, d_sums: Array) -> None:
    """d_kept goes in as that, and comes out as dLTM_{t-1}."""
    B, H = d_kept.shape
    for b in range(B):
        f, df, before, dk = gates[b, H : 2 * H], d_sums[b, H : 2 * H], previous_cell[b], d_kept[b]
        for j in range(H):
            f_j, dk_j = f[j], dk[j]
            df[j] = dk_j * before[j] * f_j * (ONE - f_j)
            dk[j] = dk_j * f_j
