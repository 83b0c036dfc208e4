"""The LSTM of 1997: a long-term memory that nothing is ever taken away from. There is no forget gate.

    i_t = sigmoid(W_i x_t + U_i h_{t-1} + b_i)     input gate: how much of what is new is written
    g_t = tanh   (W_g x_t + U_g h_{t-1} + b_g)     candidate: what is new
    c_t = c_{t-1} + g_t * i_t                      cell state: the long-term memory
    o_t = sigmoid(W_o x_t + U_o h_{t-1} + b_o)     output gate: how much of it is shown
    h_t = o_t * tanh(c_t)                          hidden state: the short-term memory, and the output

From c_{t-1} to c_t the memory is multiplied by exactly one, and so is the gradient on its way back: the paper's
"constant error carousel". What it cannot do is let go. On a stream without an end the sums grow, tanh(c_t) saturates,
and the memory is stuck at its limit: the reason for the forget gate (Gers, Schmidhuber and Cummins 2000).

Two things are not as in the paper (Hochreiter and Schmidhuber 1997, section 4): its squashing functions were sigmoids
stretched to -2..2 and -1..1 where there is tanh here, and it cut the gradient off at the gates, where here it flows
through everything. With a forget gate that is always one, the standard LSTM is this cell.

The parameters have the row blocks i, g, o, in torch's two matrices and two biases.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import CellDescription, Factor, Pointwise, Words
from playground.engine.cells.cell import Cell, Quantities, Weights, torch_shapes
from playground.engine.cells.lstm import (
    HIDDEN_STATE,
    LEARNED,
    OUTPUT_GATE,
    candidate_equation,
    input_gate_equation,
    memory_quantities,
    output_equations,
)

I_BLOCK, G_BLOCK, O_BLOCK = range(3)
"""Which H rows of the weights belong to which gate."""


class LSTM1997(Cell):
    """c = c + g * i: what is learned stays for ever."""

    key = "lstm_1997"
    input_block, output_block = I_BLOCK, O_BLOCK

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """Three row blocks: i, g, o."""
        return torch_shapes(3, inputs, units)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, 3H) is W x_t + b of both gates and the candidate."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, 3H)
        i, g, o = sums.chunk(3, dim=-1)  # each (B, H)

        now.input_gate = torch.sigmoid(i)  # (B, H)
        now.candidate = torch.tanh(g)  # (B, H)
        now.learned = now.candidate * now.input_gate  # (B, H)

        now.cell_state = before.cell_state + now.learned  # (B, H)

        now.output_gate = torch.sigmoid(o)  # (B, H)
        now.hidden_state = now.output_gate * torch.tanh(now.cell_state)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        return CellDescription(
            name=self.key,
            title=Words("LSTM of 1997", "LSTM of 1997"),
            states=("hidden_state", "cell_state"),
            quantities=(*memory_quantities(forgetting=False), OUTPUT_GATE, HIDDEN_STATE),
            equations=(
                input_gate_equation(I_BLOCK),
                candidate_equation(G_BLOCK),
                LEARNED,
                Pointwise(
                    "cell_state",
                    ((Factor("previous_cell_state"),), (Factor("learned"),)),
                    "identity",
                    "remember",
                    Words(
                        r"\mathrm{LTM}_t = \mathrm{LTM}_{t-1} + N_t \cdot i_t",
                        r"c_t = c_{t-1} + g_t \odot i_t",
                    ),
                ),
                *output_equations(O_BLOCK),
            ),
            source="Hochreiter and Schmidhuber 1997, Long short-term memory, section 4; with tanh for g and h.",
            running=Words(
                "The LSTM of 1997 is running: it has no forget gate, so what it has learned stays for ever.",
                "The LSTM of 1997 is running: no forget gate, c is only ever added to.",
            ),
        )


CELL = LSTM1997()
