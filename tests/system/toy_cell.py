"""A cell for one test, as somebody would write it: a leaky memory with one gate of its own kind."""

import torch
from torch import Tensor

from playground.contract.cell_description import CellDescription, Factor, Pointwise, Quantity, Words
from playground.engine.cells.cell import Cell, Quantities, Weights, gate_equation, torch_shapes


class ToyCell(Cell):
    """h_t = l_t * h_{t-1} + l_t: one gate that lets in and keeps."""

    key = "toy_cell"

    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """One row block."""
        return torch_shapes(1, inputs, units)

    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """One timestep."""
        sums = torch.addmm(from_inputs, before.hidden_state, weights.weight_hh_t)  # (B, H)
        now.leak_gate = torch.sigmoid(sums)  # (B, H)
        now.hidden_state = now.leak_gate * before.hidden_state + now.leak_gate  # (B, H)

    def describe(self) -> CellDescription:
        """Words and equations."""
        gate = Words("Leak gate", "Leak gate")
        teaches = Words("What leaks.", "What leaks.")
        return CellDescription(
            name=self.key,
            title=Words("Toy", "Toy"),
            states=("hidden_state",),
            quantities=(
                Quantity("leak_gate", gate, Words("l", "l"), "forget", "zero_to_one", teaches, is_gate=True),
                Quantity("hidden_state", gate, Words("STM", "h"), "short_term", "unbounded", teaches),
            ),
            equations=(
                gate_equation("leak_gate", 0, "sigmoid", "forget", Words(r"l_t", r"l_t")),
                Pointwise(
                    "hidden_state",
                    ((Factor("leak_gate"), Factor("previous_hidden_state")), (Factor("leak_gate"),)),
                    "identity",
                    "remember",
                    Words(r"h_t = l_t \cdot h_{t-1} + l_t", r"h_t = l_t \odot h_{t-1} + l_t"),
                ),
            ),
            source="A test.",
            running=Words("The toy is running: it leaks.", "The toy is running: it leaks."),
        )


CELL = ToyCell()
