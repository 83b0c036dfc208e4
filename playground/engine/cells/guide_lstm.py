"""The guide's LSTM: its use gate has a small network of its own.

    f_t = sigmoid(W_f [STM_{t-1}, E_t] + b_f)              forget gate
    N_t = tanh   (W_n [STM_{t-1}, E_t] + b_n)              learn gate: new information ...
    i_t = sigmoid(W_i [STM_{t-1}, E_t] + b_i)              ... and how much of it is let in
    LTM_t = LTM_{t-1} * f_t + N_t * i_t                    remember gate
    U_t = tanh   (W_u (LTM_{t-1} * f_t) + b_u)             use gate: what the kept memory has to say ...
    V_t = sigmoid(W_v [STM_{t-1}, E_t] + b_v)              ... and how much of it is put to use
    STM_t = U_t * V_t

Where it differs from the standard LSTM: the answer at t comes from what the forget gate kept, not from the memory
that was just written. What is learned at t can be put to use at t+1 at the earliest, and the use gate can mix
memory units (W_u is a whole matrix). That makes it fussier to train.

The parameters are the standard LSTM's (row blocks i, f, g = N, o = V), and weight_use (H, H), bias_use (H,).
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import (
    Affine,
    AffineTerm,
    BiasTerm,
    CellDescription,
    Factor,
    Pointwise,
    Quantity,
    Words,
)
from playground.engine.cells.cell import Cell, Quantities, Weights, torch_shapes
from playground.engine.cells.lstm import (
    F_BLOCK,
    HIDDEN_STATE,
    I_BLOCK,
    O_BLOCK,
    OUTPUT_GATE,
    memory_equations,
    memory_quantities,
    output_gate_equation,
)


class GuideLSTM(Cell):
    """STM = U * V with U = tanh(W_u (LTM_{t-1} * f_t) + b_u)."""

    key = "guide_lstm"
    forget_block, input_block, output_block = F_BLOCK, I_BLOCK, O_BLOCK

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """Four row blocks (i, f, N, V) and the use gate's own matrix and bias."""
        return torch_shapes(4, inputs, units) | {"weight_use": (units, units), "bias_use": (units,)}

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, 4H) is W E_t + b of the four gates that see the event."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, 4H)
        i, f, n, v = sums.chunk(4, dim=-1)  # each (B, H)

        now.forget_gate = torch.sigmoid(f)  # (B, H)
        now.kept_memory = before.cell_state * now.forget_gate  # (B, H)

        now.input_gate = torch.sigmoid(i)  # (B, H)
        now.candidate = torch.tanh(n)  # (B, H)
        now.learned = now.candidate * now.input_gate  # (B, H)

        now.cell_state = now.kept_memory + now.learned  # (B, H)

        u = torch.addmm(weights.bias_use, now.kept_memory, weights.weight_use_t)  # (B, H)
        now.use_candidate = torch.tanh(u)  # (B, H)
        now.output_gate = torch.sigmoid(v)  # (B, H)
        now.hidden_state = now.use_candidate * now.output_gate  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        return CellDescription(
            name=self.key,
            title=Words("LSTM with the guide's use gate", "LSTM with the guide's use gate"),
            states=("hidden_state", "cell_state"),
            quantities=(*memory_quantities(), USE_CANDIDATE, OUTPUT_GATE_OF_GUIDE, HIDDEN_STATE),
            equations=(
                *memory_equations(),
                Affine(
                    "use_candidate",
                    (AffineTerm("kept_memory", "weight_use", 0),),
                    (BiasTerm("bias_use", 0),),
                    "tanh",
                    "use",
                    Words(
                        r"U_t = \tanh(W_u\,(\mathrm{LTM}_{t-1} \cdot f_t) + b_u)",
                        r"u_t = \tanh(W_u\,(c_{t-1} \odot f_t) + b_u)",
                    ),
                ),
                output_gate_equation(O_BLOCK),
                Pointwise(
                    "hidden_state",
                    ((Factor("use_candidate"), Factor("output_gate")),),
                    "identity",
                    "use",
                    Words(r"\mathrm{STM}_t = U_t \cdot V_t", r"h_t = u_t \odot o_t"),
                ),
            ),
            source=(
                "The guide's LSTM, with learn, forget, remember and use gate; "
                "all but the use gate as in Gers, Schmidhuber and Cummins 2000."
            ),
            running=Words(
                "The guide's LSTM is running: its use gate has a small network of its own.",
                "The guide's LSTM is running: h = u ⊙ o, with a tanh layer u on the kept cell state.",
            ),
        )


CELL = GuideLSTM()

USE_CANDIDATE = Quantity(
    "use_candidate",
    Words("Use network", "Output candidate"),
    Words("U", "u"),
    role="use",
    span="minus_one_to_one",
    is_gate=True,
    teaches=Words(
        "What the use gate's own small network makes of the long-term memory that the forget gate kept.",
        "A tanh layer on the kept cell state; it takes the place of tanh(c_t) in the standard LSTM.",
    ),
)

OUTPUT_GATE_OF_GUIDE = Quantity(
    OUTPUT_GATE.name,
    OUTPUT_GATE.title,
    OUTPUT_GATE.symbol,
    role=OUTPUT_GATE.role,
    span=OUTPUT_GATE.span,
    is_gate=True,
    teaches=Words(
        "How much of what the use network says is put to use now: 0 keeps it back, 1 lets all of it out.",
        "The factor between the output candidate and the hidden state: 0 hides a unit, 1 shows it.",
    ),
)
