"""What a cell is: its description, the shapes of its weights, and one timestep of its equations in torch.

A cell file is read from top to bottom: the words, the equations as a description (for diagrams, formulas and
checks), and the same equations in torch. `now` and `before` hold the quantities of this timestep and of the one
before it, so that the torch lines look like those of a book:

    now.forget_gate = torch.sigmoid(f)                                   # (B, H)

Letters in shapes: T timesteps, B sequences of a batch, I inputs, H units of the layer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Activation,
    Affine,
    AffineTerm,
    BiasTerm,
    CellDescription,
    Role,
    Words,
)
from playground.engine.described_cell import DescribedCell


class Quantities:
    """The quantities of one timestep, each (B, H), as attributes named as in the cell's description."""

    def __init__(self, **values: Tensor) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Tensor:  # asked only when the attribute is missing
        raise AttributeError(f"No quantity called {name} has been computed at this timestep.")

    if TYPE_CHECKING:  # for mypy: any quantity may be set; at run time plain attributes are the fastest

        def __setattr__(self, name: str, value: Tensor) -> None: ...


class Weights(Quantities):
    """The parameters of one layer as attributes named as in torch: weight_ih, weight_hh, bias_ih, bias_hh.

    Each matrix is also there transposed, once for all timesteps: `h @ weight_hh_t` (B, H) @ (H, rows) is the book's
    U h for every row h of a batch.
    """

    def __init__(self, **values: Tensor) -> None:
        super().__init__(**values)
        self.__dict__.update({name + "_t": value.t() for name, value in values.items() if value.ndim == 2})


class Cell(ABC):
    """One kind of recurrent cell. Frozen and shared: it holds no weights and no state.

    Works in any floating dtype, on any device, with any leading batch shape, under autograd or without it.
    """

    key: ClassVar[str]
    """Its name in the table of networks (`contract/network_catalogue.py`) and in an experiment."""
    forget_block: ClassVar[int | None] = None
    """The row block of the gate that keeps the old memory, if there is one: initialisations open it."""
    input_block: ClassVar[int | None] = None
    """The row block of a gate of its own that lets new things in, if there is one."""
    output_block: ClassVar[int | None] = None
    """The row block of the gate that shows the memory, if there is one."""

    @abstractmethod
    def describe(self) -> CellDescription:
        """The words and equations of this cell; see `description`."""

    @abstractmethod
    def parameter_shapes(self, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters by name, in torch's order, for I inputs and H units."""

    @abstractmethod
    def timestep(self, weights: Weights, from_inputs: Tensor, before: Quantities, now: Quantities) -> None:
        """Compute every quantity of the description and set it on `now`.

        `from_inputs` (B, rows) is this timestep's part of `project`; `before` has the states (B, H).
        """

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """(T, B, rows): what the inputs (T, B, I) and the biases add to the sums, for all timesteps in one product.

        Both bias vectors of torch go in here; a cell that needs one of them elsewhere says so itself.
        """
        timesteps, batch, size = inputs.shape
        flat = torch.addmm(weights.bias_ih + weights.bias_hh, inputs.reshape(-1, size), weights.weight_ih_t)
        return flat.view(timesteps, batch, -1)

    def with_activation(self, activation: str) -> Cell:
        """This cell with another activation, where that is a matter of choice; itself where it is not."""
        return self

    @cached_property
    def description(self) -> CellDescription:
        """The words and equations of this cell, in the order of computation."""
        return self.describe()

    @cached_property
    def described(self) -> DescribedCell:
        """The description as something that can be carried out: how traces are made."""
        return DescribedCell(self.description)

    @property
    def states(self) -> tuple[str, ...]:
        """The quantities that are carried to the next timestep; none for a network without memory."""
        return self.description.states


def torch_shapes(blocks: int, inputs: int, units: int) -> dict[str, tuple[int, ...]]:
    """The four parameters that torch gives a recurrent layer with this many row blocks (4 for the LSTM)."""
    return {
        "weight_ih": (blocks * units, inputs),
        "weight_hh": (blocks * units, units),
        "bias_ih": (blocks * units,),
        "bias_hh": (blocks * units,),
    }


def gate_equation(target: str, block: int, activation: Activation, stage: Role, latex: Words) -> Affine:
    """target = activation(W x_t + U h_{t-1} + b): inputs and previous hidden state through row block `block`."""
    return Affine(
        target,
        (
            AffineTerm(PREVIOUS + "hidden_state", "weight_hh", block),
            AffineTerm(INPUTS, "weight_ih", block),
        ),
        (BiasTerm("bias_ih", block), BiasTerm("bias_hh", block)),
        activation,
        stage,
        latex,
    )
