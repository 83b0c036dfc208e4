"""The LSTM: a long-term memory that is changed only by gates.

    f_t = sigmoid(W_f x_t + U_f h_{t-1} + b_f)     forget gate: how much of each memory unit is kept
    i_t = sigmoid(W_i x_t + U_i h_{t-1} + b_i)     input gate: how much of what is new is written
    g_t = tanh   (W_g x_t + U_g h_{t-1} + b_g)     candidate: what is new
    c_t = c_{t-1} * f_t + g_t * i_t                cell state: the long-term memory
    o_t = sigmoid(W_o x_t + U_o h_{t-1} + b_o)     output gate: how much of it is shown
    h_t = o_t * tanh(c_t)                          hidden state: the short-term memory, and the output

Why it remembers: from c_{t-1} to c_t there is one multiplication, by f_t, and no squeezing. Where the forget gate
is near 1 the memory goes through unchanged, and so does the gradient on its way back.

The parameters are torch.nn.LSTM's, weight for weight: the four gates are stacked in the order i, f, g, o.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import (
    Affine,
    CellDescription,
    Equation,
    Factor,
    Pointwise,
    Quantity,
    Words,
)
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes

I_BLOCK, F_BLOCK, G_BLOCK, O_BLOCK = range(4)
"""Which H rows of the weights belong to which gate."""


class LSTM(Cell):
    """The standard LSTM: h = o * tanh(c)."""

    key = "lstm"
    forget_block, input_block, output_block = F_BLOCK, I_BLOCK, O_BLOCK

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """Four row blocks: i, f, g, o."""
        return torch_shapes(4, inputs, units)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, 4H) is W x_t + b of all four gates."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, 4H)
        i, f, g, o = sums.chunk(4, dim=-1)  # each (B, H)

        now.forget_gate = torch.sigmoid(f)  # (B, H)
        now.kept_memory = before.cell_state * now.forget_gate  # (B, H)

        now.input_gate = torch.sigmoid(i)  # (B, H)
        now.candidate = torch.tanh(g)  # (B, H)
        now.learned = now.candidate * now.input_gate  # (B, H)

        now.cell_state = now.kept_memory + now.learned  # (B, H)

        now.output_gate = torch.sigmoid(o)  # (B, H)
        now.hidden_state = now.output_gate * torch.tanh(now.cell_state)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        return CellDescription(
            name=self.key,
            title=Words("LSTM", "LSTM"),
            states=("hidden_state", "cell_state"),
            quantities=(*memory_quantities(), OUTPUT_GATE, HIDDEN_STATE),
            equations=(
                *memory_equations(),
                *output_equations(O_BLOCK),
            ),
            source=(
                "Hochreiter and Schmidhuber 1997; with the forget gate of Gers, Schmidhuber and Cummins 2000; "
                "as torch.nn.LSTM."
            ),
            running=Words(
                "The standard LSTM is running: it uses its long-term memory through tanh.",
                "The standard LSTM is running, as in torch.nn.LSTM: h = o ⊙ tanh(c).",
            ),
        )


CELL = LSTM()

OUTPUT_GATE = Quantity(
    "output_gate",
    Words("Use gate", "Output gate"),
    Words("V", "o"),
    role="use",
    span="zero_to_one",
    is_gate=True,
    teaches=Words(
        "How much of each unit's long-term memory is put to use now: 0 keeps it to itself, 1 shows all of it.",
        "The factor between tanh(c_t) and the hidden state: 0 hides a unit's cell state, 1 shows it.",
    ),
)

HIDDEN_STATE = Quantity(
    "hidden_state",
    Words("Short-term memory", "Hidden state"),
    Words("STM", "h"),
    role="short_term",
    span="minus_one_to_one",
    teaches=Words(
        "What the network works with now: the answer is read from it, and every gate sees it at the next event.",
        "The output of the cell; it goes to the layer above, to the answer, and into every gate at t+1.",
    ),
)


def memory_quantities(*, forgetting: bool = True) -> tuple[Quantity, ...]:
    """Everything that has to do with the long-term memory: shared by all LSTMs, with or without a forget gate."""
    return (*FORGETTING, *LEARNING) if forgetting else LEARNING


FORGETTING = (
    Quantity(
        "forget_gate",
        Words("Forget gate", "Forget gate"),
        Words("f", "f"),
        role="forget",
        span="zero_to_one",
        is_gate=True,
        teaches=Words(
            "The share of each unit's long-term memory that is kept: 1 keeps all of it, 0 forgets it.",
            "The factor on the previous cell state: 1 keeps a unit's cell state, 0 erases it.",
        ),
    ),
    Quantity(
        "kept_memory",
        Words("What is kept", "Kept cell state"),
        Words("kept", "kept"),
        role="forget",
        span="unbounded",
        teaches=Words(
            "The long-term memory after the forget gate, before anything new is added.",
            "The previous cell state times the forget gate: the first half of the cell update.",
        ),
    ),
)

LEARNING = (
    Quantity(
        "input_gate",
        Words("Ignore factor", "Input gate"),
        Words("i", "i"),
        role="learn",
        span="zero_to_one",
        is_gate=True,
        teaches=Words(
            "How much of the new information is let in: 0 ignores the event, 1 learns all of it.",
            "The factor on the candidate: 0 writes nothing to the cell state, 1 writes all of it.",
        ),
    ),
    Quantity(
        "candidate",
        Words("New information", "Candidate"),
        Words("N", "g"),
        role="learn",
        span="minus_one_to_one",
        is_gate=True,
        teaches=Words(
            "What the event and the short-term memory together would like to add to the long-term memory.",
            "The proposed change of the cell state, made from the inputs and the previous hidden state.",
        ),
    ),
    Quantity(
        "learned",
        Words("Learn gate", "Candidate × input gate"),
        Words("learned", "learned"),
        role="learn",
        span="minus_one_to_one",
        teaches=Words(
            "What the learn gate lets through: the new information, less what is ignored.",
            "The candidate times the input gate: the second half of the cell update.",
        ),
    ),
    Quantity(
        "cell_state",
        Words("Long-term memory", "Cell state"),
        Words("LTM", "c"),
        role="long_term",
        span="unbounded",
        teaches=Words(
            "The memory that can last: what was kept plus what was learned, with nothing squeezed in between.",
            "The state on the straight path through time: it changes only by the gates' products and a sum.",
        ),
    ),
)


def input_gate_equation(block: int) -> Affine:
    """i_t, its rows in row block `block`."""
    return gate_equation(
        "input_gate",
        block,
        "sigmoid",
        "learn",
        Words(
            r"i_t = \sigma(W_i\,[\mathrm{STM}_{t-1}, E_t] + b_i)",
            r"i_t = \sigma(W_i\,x_t + U_i\,h_{t-1} + b_i)",
        ),
    )


def candidate_equation(block: int) -> Affine:
    """g_t, its rows in row block `block`."""
    return gate_equation(
        "candidate",
        block,
        "tanh",
        "learn",
        Words(
            r"N_t = \tanh(W_n\,[\mathrm{STM}_{t-1}, E_t] + b_n)",
            r"g_t = \tanh(W_g\,x_t + U_g\,h_{t-1} + b_g)",
        ),
    )


KEPT_MEMORY = Pointwise(
    "kept_memory",
    ((Factor("previous_cell_state"), Factor("forget_gate")),),
    "identity",
    "forget",
    Words(r"\mathrm{kept}_t = \mathrm{LTM}_{t-1} \cdot f_t", r"\mathrm{kept}_t = c_{t-1} \odot f_t"),
)

LEARNED = Pointwise(
    "learned",
    ((Factor("candidate"), Factor("input_gate")),),
    "identity",
    "learn",
    Words(r"\mathrm{learned}_t = N_t \cdot i_t", r"\mathrm{learned}_t = g_t \odot i_t"),
)

NEW_CELL_STATE = Pointwise(
    "cell_state",
    ((Factor("kept_memory"),), (Factor("learned"),)),
    "identity",
    "remember",
    Words(
        r"\mathrm{LTM}_t = \mathrm{LTM}_{t-1} \cdot f_t + N_t \cdot i_t",
        r"c_t = c_{t-1} \odot f_t + g_t \odot i_t",
    ),
)

SHOWN_MEMORY = Pointwise(
    "hidden_state",
    ((Factor("output_gate"), Factor("cell_state", "tanh")),),
    "identity",
    "use",
    Words(r"\mathrm{STM}_t = V_t \cdot \tanh(\mathrm{LTM}_t)", r"h_t = o_t \odot \tanh(c_t)"),
)


def output_gate_equation(block: int) -> Affine:
    """o_t, its rows in row block `block`."""
    return gate_equation(
        "output_gate",
        block,
        "sigmoid",
        "use",
        Words(
            r"V_t = \sigma(W_v\,[\mathrm{STM}_{t-1}, E_t] + b_v)",
            r"o_t = \sigma(W_o\,x_t + U_o\,h_{t-1} + b_o)",
        ),
    )


def output_equations(block: int) -> tuple[Equation, ...]:
    """Output gate and hidden state in the order of computation."""
    return (output_gate_equation(block), SHOWN_MEMORY)


def memory_equations() -> tuple[Equation, ...]:
    """Forget gate, learn gate and remember gate in the order of computation: shared like `memory_quantities`."""
    return (
        gate_equation(
            "forget_gate",
            F_BLOCK,
            "sigmoid",
            "forget",
            Words(
                r"f_t = \sigma(W_f\,[\mathrm{STM}_{t-1}, E_t] + b_f)",
                r"f_t = \sigma(W_f\,x_t + U_f\,h_{t-1} + b_f)",
            ),
        ),
        KEPT_MEMORY,
        input_gate_equation(I_BLOCK),
        candidate_equation(G_BLOCK),
        LEARNED,
        NEW_CELL_STATE,
    )
