"""A network without memory: it sees each event alone, like a regular network for image recognition.

    h_t = tanh(W x_t + b)

It is what the others are measured against: at the ambiguous picture it can only guess.
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
    Quantity,
    Words,
)
from playground.engine.cells.cell import Cell, Quantities, Weights


class NoMemory(Cell):
    """h_t = tanh(W x_t + b); nothing is carried to the next timestep."""

    key = "no_memory"

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """One matrix and one bias: there is no previous hidden state to multiply."""
        return {"weight_ih": (units, inputs), "bias_ih": (units,)}

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """(T, B, H): W x_t + b for all timesteps; with no memory this is the whole computation but the tanh."""
        return torch.nn.functional.linear(inputs, weights.weight_ih, weights.bias_ih)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep; `before` is not asked for anything."""
        now.hidden_state = torch.tanh(from_inputs)  # (B, H)

    def describe(self) -> CellDescription:
        """Words and the one equation."""
        return CellDescription(
            name=self.key,
            title=Words("Network without memory", "Feed-forward network"),
            states=(),
            quantities=(
                Quantity(
                    "hidden_state",
                    Words("Hidden layer", "Hidden layer"),
                    Words("h", "h"),
                    role="inputs",
                    span="minus_one_to_one",
                    teaches=Words(
                        "What the network makes of this one event; nothing of it is left at the next.",
                        "The activation of the hidden layer for x_t alone; no state is carried to t+1.",
                    ),
                ),
            ),
            equations=(
                Affine(
                    "hidden_state",
                    (AffineTerm(INPUTS, "weight_ih", 0),),
                    (BiasTerm("bias_ih", 0),),
                    "tanh",
                    "inputs",
                    Words(r"h_t = \tanh(W\,E_t + b)", r"h_t = \tanh(W\,x_t + b)"),
                ),
            ),
            source="A multilayer perceptron with one hidden layer (Rumelhart, Hinton and Williams 1986).",
            running=Words(
                "The network without memory is running: it sees each event alone.",
                "The feed-forward network is running: no state is carried from one timestep to the next.",
            ),
        )


CELL = NoMemory()
