"""The GRU: one state, two gates, no separate long-term memory.

    r_t = sigmoid(W_r x_t + U_r h_{t-1} + b_r)                       reset gate
    z_t = sigmoid(W_z x_t + U_z h_{t-1} + b_z)                       update gate
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + b_hn))           candidate
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}                            hidden state

The update gate is a forget gate and an input gate in one: what is kept, z, and what is written, 1 - z, always add
up to one. (In the paper z and 1 - z are the other way round; torch's z is the share that is *kept*.)

The parameters are torch.nn.GRU's, weight for weight: row blocks r, z, n. The two biases of the candidate are not
alike: the reset gate multiplies only the one beside U_n.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import (
    INPUTS,
    Affine,
    AffineTerm,
    BiasTerm,
    CellDescription,
    Factor,
    Pointwise,
    Quantity,
    Words,
)
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes

R_BLOCK, Z_BLOCK, N_BLOCK = range(3)
"""Which H rows of the weights belong to which gate."""


class GRU(Cell):
    """The gated recurrent unit in torch's form: reset after the product."""

    key = "gru"
    forget_block = Z_BLOCK  # torch's GRU keeps the share z; what is let in is the rest of it

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """Three row blocks: r, z, n."""
        return torch_shapes(3, inputs, units)

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """(T, B, 3H): W x_t + b_ih only; bias_hh belongs to the product with the hidden state, inside the reset."""
        return torch.nn.functional.linear(inputs, weights.weight_ih, weights.bias_ih)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, 3H) is W x_t + b_ih of both gates and the candidate."""
        from_hidden = torch.addmm(weights.bias_hh, before.hidden_state, weights.weight_hh_t)  # (B, 3H)
        input_r, input_z, now.candidate_input = from_inputs.chunk(3, dim=-1)  # each (B, H)
        hidden_r, hidden_z, now.candidate_hidden = from_hidden.chunk(3, dim=-1)  # each (B, H)

        now.reset_gate = torch.sigmoid(input_r + hidden_r)  # (B, H)
        now.update_gate = torch.sigmoid(input_z + hidden_z)  # (B, H)
        # addcmul(a, r, m) is a + r * m, and lerp(n, h, z) is (1 - z) * n + z * h, in one call each
        n = torch.addcmul(now.candidate_input, now.reset_gate, now.candidate_hidden)  # (B, H)
        now.candidate = torch.tanh(n)  # (B, H)
        now.hidden_state = torch.lerp(now.candidate, before.hidden_state, now.update_gate)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        return CellDescription(
            name=self.key,
            title=Words("GRU", "GRU"),
            states=("hidden_state",),
            quantities=QUANTITIES,
            equations=(
                gate_equation(
                    "reset_gate",
                    R_BLOCK,
                    "sigmoid",
                    "use",
                    Words(
                        r"r_t = \sigma(W_r\,[\mathrm{STM}_{t-1}, E_t] + b_r)",
                        r"r_t = \sigma(W_r\,x_t + U_r\,h_{t-1} + b_r)",
                    ),
                ),
                gate_equation(
                    "update_gate",
                    Z_BLOCK,
                    "sigmoid",
                    "forget",
                    Words(
                        r"z_t = \sigma(W_z\,[\mathrm{STM}_{t-1}, E_t] + b_z)",
                        r"z_t = \sigma(W_z\,x_t + U_z\,h_{t-1} + b_z)",
                    ),
                ),
                Affine(
                    "candidate_input",
                    (AffineTerm(INPUTS, "weight_ih", N_BLOCK),),
                    (BiasTerm("bias_ih", N_BLOCK),),
                    "identity",
                    "learn",
                    Words(r"a_t = W_n\,E_t + b_n", r"a_t = W_n\,x_t + b_n"),
                ),
                Affine(
                    "candidate_hidden",
                    (AffineTerm("previous_hidden_state", "weight_hh", N_BLOCK),),
                    (BiasTerm("bias_hh", N_BLOCK),),
                    "identity",
                    "learn",
                    Words(r"m_t = U_n\,\mathrm{STM}_{t-1} + b_m", r"m_t = U_n\,h_{t-1} + b_m"),
                ),
                Pointwise(
                    "candidate",
                    ((Factor("candidate_input"),), (Factor("reset_gate"), Factor("candidate_hidden"))),
                    "tanh",
                    "learn",
                    Words(r"N_t = \tanh(a_t + r_t \cdot m_t)", r"n_t = \tanh(a_t + r_t \odot m_t)"),
                ),
                Pointwise(
                    "hidden_state",
                    (
                        (Factor("update_gate", "complement"), Factor("candidate")),
                        (Factor("update_gate"), Factor("previous_hidden_state")),
                    ),
                    "identity",
                    "remember",
                    Words(
                        r"\mathrm{STM}_t = (1 - z_t) \cdot N_t + z_t \cdot \mathrm{STM}_{t-1}",
                        r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
                    ),
                ),
            ),
            source="Cho et al. 2014, Learning phrase representations; in the form of torch.nn.GRU.",
            running=Words(
                "The GRU is running: one memory, and what is not kept of it is made new.",
                "The GRU is running, as in torch.nn.GRU: one state, reset and update gate.",
            ),
        )


CELL = GRU()


QUANTITIES = (
    Quantity(
        "reset_gate",
        Words("Reset gate", "Reset gate"),
        Words("r", "r"),
        role="use",
        span="zero_to_one",
        is_gate=True,
        teaches=Words(
            "How much of the memory has a say in the new information: 0 looks at the event alone.",
            "The factor on the recurrent part of the candidate: 0 makes the candidate from x_t alone.",
        ),
    ),
    Quantity(
        "update_gate",
        Words("Update gate", "Update gate"),
        Words("z", "z"),
        role="forget",
        span="zero_to_one",
        is_gate=True,
        teaches=Words(
            "The share of each unit's memory that is kept; the rest is filled with new information.",
            "The factor on the previous hidden state, as a forget gate; the candidate gets 1 - z.",
        ),
    ),
    Quantity(
        "candidate_input",
        Words("From the event", "Candidate's input part"),
        Words("a", "a"),
        role="learn",
        span="unbounded",
        teaches=Words(
            "What the event itself brings to the new information, before it is squeezed.",
            "The inputs' share of the sum inside the candidate's tanh.",
        ),
    ),
    Quantity(
        "candidate_hidden",
        Words("From the memory", "Candidate's recurrent part"),
        Words("m", "m"),
        role="learn",
        span="unbounded",
        teaches=Words(
            "What the memory brings to the new information, before the reset gate.",
            "The hidden state's share of the sum inside the candidate's tanh, before the reset gate.",
        ),
    ),
    Quantity(
        "candidate",
        Words("New information", "Candidate"),
        Words("N", "n"),
        role="learn",
        span="minus_one_to_one",
        is_gate=True,
        teaches=Words(
            "What would be put in the place of the part of the memory that is not kept.",
            "The proposed hidden state, mixed with the old one by the update gate.",
        ),
    ),
    Quantity(
        "hidden_state",
        Words("Short-term memory", "Hidden state"),
        Words("STM", "h"),
        role="short_term",
        span="minus_one_to_one",
        teaches=Words(
            "The one memory of a GRU, short-term and long-term at once: part of it kept, the rest made new.",
            "The only state of a GRU: a weighted mean of the candidate and the previous hidden state.",
        ),
    ),
)
