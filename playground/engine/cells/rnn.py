"""The plain recurrent network: its short-term memory is all the memory it has.

    h_t = tanh(W x_t + U h_{t-1} + b)

Every timestep writes over the whole memory, and on the way back every timestep multiplies the gradient by the
same U and by the slope of the tanh: over many timesteps what was seen, and what could be learned from it, fades.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor

from playground.contract.cell_description import Activation, CellDescription, Quantity, Span, Words
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes

SQUEEZES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}
LATEX = {"tanh": r"\tanh", "sigmoid": r"\sigma", "relu": r"\mathrm{relu}"}
SPANS: dict[str, Span] = {"tanh": "minus_one_to_one", "sigmoid": "zero_to_one", "relu": "unbounded"}


class RNN(Cell):
    """Elman's network, with tanh or relu (as torch.nn.RNN, weight for weight) or with sigmoid."""

    key = "rnn"

    def __init__(self, activation: Activation = "tanh") -> None:
        if activation not in SQUEEZES:
            raise ValueError(
                f"The RNN squeezes its sum with tanh, sigmoid or relu; {activation!r} is none of them."
            )
        self.activation: Activation = activation

    def with_activation(self, activation: str) -> Cell:
        """The same network with tanh, sigmoid or relu. Raises ValueError on anything else."""
        return RNN(cast(Activation, activation))

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """One row block."""
        return torch_shapes(1, inputs, units)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, H) is W x_t + b."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, H)
        now.hidden_state = SQUEEZES[self.activation](sums)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and the one equation, with the activation that was chosen."""
        squeeze = LATEX[self.activation]
        return CellDescription(
            name=self.key,
            title=Words("RNN", "RNN"),
            states=("hidden_state",),
            quantities=(
                Quantity(
                    "hidden_state",
                    Words("Short-term memory", "Hidden state"),
                    Words("STM", "h"),
                    role="short_term",
                    span=SPANS[self.activation],
                    teaches=Words(
                        "All the memory an RNN has: every event writes over the whole of it.",
                        "The only state of an RNN, computed anew from x_t and h_{t-1} at every timestep.",
                    ),
                ),
            ),
            equations=(
                gate_equation(
                    "hidden_state",
                    0,
                    self.activation,
                    "short_term",
                    Words(
                        rf"\mathrm{{STM}}_t = {squeeze}(W\,[\mathrm{{STM}}_{{t-1}}, E_t] + b)",
                        rf"h_t = {squeeze}(W\,x_t + U\,h_{{t-1}} + b)",
                    ),
                ),
            ),
            source="Elman 1990, Finding structure in time; as torch.nn.RNN.",
            running=Words(
                "The plain RNN is running: every event writes over the whole of its memory.",
                "The plain RNN is running, as in torch.nn.RNN: its state is computed anew at every timestep.",
            ),
        )


CELL = RNN()
