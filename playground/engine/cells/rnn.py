"""The plain recurrent network: its short-term memory is all the memory it has.

    h_t = tanh(W x_t + U h_{t-1} + b)

Every timestep writes over the whole memory, and on the way back every timestep multiplies the gradient by the
same U and by the slope of the tanh: over many timesteps what was seen, and what could be learned from it, fades.
"""

from __future__ import annotations

import torch
from torch import Tensor

from playground.contract.cell_description import CellDescription, Quantity, Words
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes


class RNN(Cell):
    """Elman's network, with tanh (as torch.nn.RNN, weight for weight) or with sigmoid."""

    key = "rnn"

    def __init__(self, activation: str = "tanh") -> None:
        if activation not in ("tanh", "sigmoid"):
            raise ValueError(
                f"The RNN squeezes its sum with tanh or with sigmoid; {activation!r} is neither."
            )
        self.activation = activation

    def with_activation(self, activation: str) -> Cell:
        """The same network with tanh or sigmoid. Raises ValueError on anything else."""
        return RNN(activation)

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """One row block."""
        return torch_shapes(1, inputs, units)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `from_inputs` (B, H) is W x_t + b."""
        squeeze = torch.tanh if self.activation == "tanh" else torch.sigmoid
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, H)
        now.hidden_state = squeeze(sums)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and the one equation, with the activation that was chosen."""
        tanh = self.activation == "tanh"
        squeeze = r"\tanh" if tanh else r"\sigma"
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
                    span="minus_one_to_one" if tanh else "zero_to_one",
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
                    "tanh" if tanh else "sigmoid",
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
