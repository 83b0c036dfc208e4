"""The LSTM with peepholes: its gates look at the long-term memory itself, each unit's at that unit's.

    f_t = sigmoid(W_f x_t + U_f h_{t-1} + p_f * c_{t-1} + b_f)     forget gate
    i_t = sigmoid(W_i x_t + U_i h_{t-1} + p_i * c_{t-1} + b_i)     input gate
    g_t = tanh   (W_g x_t + U_g h_{t-1} + b_g)                     candidate: no peephole
    c_t = c_{t-1} * f_t + g_t * i_t                                cell state
    o_t = sigmoid(W_o x_t + U_o h_{t-1} + p_o * c_t + b_o)         output gate: it sees the new memory
    h_t = o_t * tanh(c_t)                                          hidden state

Why: in the standard LSTM a shut output gate hides the memory from the gates too. With peepholes they can act on what
is remembered while nobody else sees it, which is how counters count (a^n b^n) and clocks tick to the timestep.

The peepholes are one number a unit and gate, not matrices: `weight_peephole` (3H,) has the row blocks i, f, o. All
else is the standard LSTM's, row blocks i, f, g, o.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import Affine, AffineTerm, CellDescription, Words
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes
from playground.engine.cells.lstm import (
    F_BLOCK,
    G_BLOCK,
    HIDDEN_STATE,
    I_BLOCK,
    KEPT_MEMORY,
    LEARNED,
    NEW_CELL_STATE,
    O_BLOCK,
    OUTPUT_GATE,
    SHOWN_MEMORY,
    candidate_equation,
    memory_quantities,
)

I_PEEPHOLE, F_PEEPHOLE, O_PEEPHOLE = range(3)
"""Which H numbers of `weight_peephole` belong to which gate."""


class PeepholeLSTM(Cell):
    """The standard LSTM whose gates also see the cell state, unit by unit."""

    key = "peephole_lstm"
    forget_block, input_block, output_block = F_BLOCK, I_BLOCK, O_BLOCK

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """Four row blocks (i, f, g, o), and the peepholes of i, f, o."""
        return torch_shapes(4, inputs, units) | {"weight_peephole": (3 * units,)}

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, 4H) is W x_t + b of all four gates."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, 4H)
        i, f, g, o = sums.chunk(4, dim=-1)  # each (B, H)
        peephole_i, peephole_f, peephole_o = weights.weight_peephole.chunk(3)  # each (H,)

        now.forget_gate = torch.sigmoid(f + peephole_f * before.cell_state)  # (B, H)
        now.kept_memory = before.cell_state * now.forget_gate  # (B, H)

        now.input_gate = torch.sigmoid(i + peephole_i * before.cell_state)  # (B, H)
        now.candidate = torch.tanh(g)  # (B, H)
        now.learned = now.candidate * now.input_gate  # (B, H)

        now.cell_state = now.kept_memory + now.learned  # (B, H)

        now.output_gate = torch.sigmoid(o + peephole_o * now.cell_state)  # (B, H)
        now.hidden_state = now.output_gate * torch.tanh(now.cell_state)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        return CellDescription(
            name=self.key,
            title=Words("LSTM with peepholes", "LSTM with peepholes"),
            states=("hidden_state", "cell_state"),
            quantities=(*memory_quantities(), OUTPUT_GATE, HIDDEN_STATE),
            equations=(
                with_peephole(
                    gate_equation(
                        "forget_gate",
                        F_BLOCK,
                        "sigmoid",
                        "forget",
                        Words(
                            r"f_t = \sigma(W_f\,[\mathrm{STM}_{t-1}, E_t] + p_f \cdot \mathrm{LTM}_{t-1} + b_f)",
                            r"f_t = \sigma(W_f\,x_t + U_f\,h_{t-1} + p_f \odot c_{t-1} + b_f)",
                        ),
                    ),
                    "previous_cell_state",
                    F_PEEPHOLE,
                ),
                KEPT_MEMORY,
                with_peephole(
                    gate_equation(
                        "input_gate",
                        I_BLOCK,
                        "sigmoid",
                        "learn",
                        Words(
                            r"i_t = \sigma(W_i\,[\mathrm{STM}_{t-1}, E_t] + p_i \cdot \mathrm{LTM}_{t-1} + b_i)",
                            r"i_t = \sigma(W_i\,x_t + U_i\,h_{t-1} + p_i \odot c_{t-1} + b_i)",
                        ),
                    ),
                    "previous_cell_state",
                    I_PEEPHOLE,
                ),
                candidate_equation(G_BLOCK),
                LEARNED,
                NEW_CELL_STATE,
                with_peephole(
                    gate_equation(
                        "output_gate",
                        O_BLOCK,
                        "sigmoid",
                        "use",
                        Words(
                            r"V_t = \sigma(W_v\,[\mathrm{STM}_{t-1}, E_t] + p_v \cdot \mathrm{LTM}_t + b_v)",
                            r"o_t = \sigma(W_o\,x_t + U_o\,h_{t-1} + p_o \odot c_t + b_o)",
                        ),
                    ),
                    "cell_state",
                    O_PEEPHOLE,
                ),
                SHOWN_MEMORY,
            ),
            source=(
                "Gers and Schmidhuber 2000, Recurrent nets that time and count; "
                "Gers, Schraudolph and Schmidhuber 2002, section 2."
            ),
            running=Words(
                "The LSTM with peepholes is running: its gates can look into the long-term memory.",
                "The LSTM with peepholes is running: the gates see c, each unit its own.",
            ),
        )


def with_peephole(gate: Affine, source: str, block: int) -> Affine:
    """This gate, and what each of its units sees of its own memory."""
    peephole = AffineTerm(source, "weight_peephole", block, diagonal=True)
    return Affine(gate.target, (*gate.terms, peephole), gate.biases, gate.activation, gate.stage, gate.latex)


CELL = PeepholeLSTM()
