"""The GRU and its backward pass. The equations and their words are in `engine/cells/gru.py`.

    r, z = sigmoid of W x_t + b_ih + U h_{t-1} + b_hh
    m = U_n h_{t-1} + b_hn                       candidate_hidden
    n = tanh(W_n x_t + b_n + r m)
    h_t = n + z (h_{t-1} - n)

Backward, with dx for the derivative of the loss by x:

    dn = dh_t (1 - z) (1 - n²)     dz = dh_t (h_{t-1} - n) z (1 - z)     dr = dn m r (1 - r)
    dm = dn r                      dh_{t-1} += dh_t z, and dr, dz, dm through U
"""

from __future__ import annotations

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.product import add_product, fill
from playground.engine.kernels.scalars import ONE, sigmoid, tanh


@compiled
def forward(
    gates: Array,
    from_hidden: Array,
    candidate_hidden: Array,
    hidden: Array,
    weight_hh_t: Array,
    bias_hh: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps first..last-1: gates (T, B, 3H), which hold W x_t + b_ih, and the hidden states (T + 1, B, H)."""
    for t in range(first, last):
        fill(from_hidden, bias_hh)
        add_product(from_hidden, hidden[t], weight_hh_t)  # (B, 3H)
        _mix(gates[t], from_hidden, candidate_hidden[t], hidden[t], hidden[t + 1])


@compiled
def backward(
    gates: Array,
    candidate_hidden: Array,
    hidden: Array,
    d_hidden: Array,
    d_carried: Array,
    d_sums: Array,
    d_recurrent: Array,
    weight_hh: Array,
    first: int,
    last: int,
) -> None:
    """Timesteps last-1..first: the loss by the sums from the inputs and by those from the state, (C + 1, B, 3H)."""
    for t in range(last - 1, first - 1, -1):
        add_product(d_hidden[t], d_recurrent[t + 1 - first], weight_hh)  # (B, H)
        _mix_backward(
            gates[t],
            candidate_hidden[t],
            hidden[t],
            d_hidden[t],
            d_carried,
            d_sums[t - first],
            d_recurrent[t - first],
        )


@compiled
def _mix(
    gates: Array, from_hidden: Array, candidate_hidden: Array, previous_hidden: Array, hidden: Array
) -> None:
    """One timestep: everything after the sums. (B, 3H), and (B, H) each."""
    B, H = hidden.shape
    for b in range(B):
        r, z, n = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H :]
        hidden_r, hidden_z, hidden_n = from_hidden[b, :H], from_hidden[b, H : 2 * H], from_hidden[b, 2 * H :]
        m, before, h = candidate_hidden[b], previous_hidden[b], hidden[b]
        for j in range(H):
            m_j = hidden_n[j]
            r_j, z_j = sigmoid(r[j] + hidden_r[j]), sigmoid(z[j] + hidden_z[j])
            n_j = tanh(n[j] + r_j * m_j)
            r[j], z[j], n[j], m[j] = r_j, z_j, n_j, m_j
            h[j] = n_j + z_j * (before[j] - n_j)


@compiled
def _mix_backward(
    gates: Array,
    candidate_hidden: Array,
    previous_hidden: Array,
    d_hidden: Array,
    d_carried: Array,
    d_sums: Array,
    d_recurrent: Array,
) -> None:
    """One timestep back; d_carried goes in and out as what reaches the hidden state straight, through z."""
    B, H = d_hidden.shape
    for b in range(B):
        r, z, n = gates[b, :H], gates[b, H : 2 * H], gates[b, 2 * H :]
        dr, dz, dn = d_sums[b, :H], d_sums[b, H : 2 * H], d_sums[b, 2 * H :]
        dr_hidden, dz_hidden, dm = d_recurrent[b, :H], d_recurrent[b, H : 2 * H], d_recurrent[b, 2 * H :]
        m, before, dh, carried = candidate_hidden[b], previous_hidden[b], d_hidden[b], d_carried[b]
        for j in range(H):
            r_j, z_j, n_j, dh_j = r[j], z[j], n[j], dh[j] + carried[j]
            dn_j = dh_j * (ONE - z_j) * (ONE - n_j * n_j)
            dz_j = dh_j * (before[j] - n_j) * z_j * (ONE - z_j)
            dr_j = dn_j * m[j] * r_j * (ONE - r_j)
            dr[j], dz[j], dn[j] = dr_j, dz_j, dn_j
            dr_hidden[j], dz_hidden[j], dm[j] = dr_j, dz_j, dn_j * r_j
            carried[j] = dh_j * z_j
