"""The description of a cell: its quantities and equations as plain records, in the order of computation.

Diagram, formulas with numbers, checks of every trace and exports are all made from this one description; the
equations in `engine/cells/` compute the same thing in torch. Two kinds of equation are enough for every cell
here:

- `Affine`:     target = activation(sum over sources of W @ source + biases), where a W may be diagonal
- `Pointwise`:  target = activation(sum over products of elementwise factors)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Activation = Literal["identity", "sigmoid", "tanh", "relu"]
Through = Literal["identity", "tanh", "complement"]
Span = Literal["zero_to_one", "minus_one_to_one", "unbounded"]
Role = Literal["inputs", "short_term", "long_term", "forget", "learn", "remember", "use"]
"""What a quantity is for. One role, one colour, everywhere."""

INPUTS = "inputs"
PREVIOUS = "previous_"
"""Prefix of a state as it was one timestep earlier: `previous_hidden_state`, `previous_cell_state`."""


@dataclass(frozen=True)
class Words:
    """One thing said in the guide's words and in the textbook's."""

    guide: str
    textbook: str

    def __getitem__(self, vocabulary: str) -> str:
        return self.guide if vocabulary == "guide" else self.textbook


@dataclass(frozen=True)
class Quantity:
    """A vector of H numbers at every timestep, recorded in every trace under `name`.

    `symbol` is LaTeX without the unit index or the time (a bare letter or name), `title` a few words, `teaches`
    one sentence for the tooltip. A gate's values lie in `span`.
    """

    name: str
    title: Words
    symbol: Words
    role: Role
    span: Span
    teaches: Words
    is_gate: bool = False


@dataclass(frozen=True)
class AffineTerm:
    """`weight` (rows x columns) times `source`; the rows of this equation are block*H .. (block+1)*H.

    `diagonal`: each unit sees only itself in `source`; then `weight` is a vector, and what is added is
    weight * source, unit by unit (a peephole).
    """

    source: str
    weight: str
    block: int
    diagonal: bool = False


@dataclass(frozen=True)
class BiasTerm:
    """A bias vector; the rows of this equation are block*H .. (block+1)*H."""

    bias: str
    block: int


@dataclass(frozen=True)
class Affine:
    """target = activation(sum W @ source + sum b)."""

    target: str
    terms: tuple[AffineTerm, ...]
    biases: tuple[BiasTerm, ...]
    activation: Activation
    stage: Role
    latex: Words


@dataclass(frozen=True)
class Factor:
    """A quantity in a product, as it is, through tanh, or as its complement 1 - x."""

    quantity: str
    through: Through = "identity"


@dataclass(frozen=True)
class Pointwise:
    """target = activation(sum over products of the product of its factors), unit by unit."""

    target: str
    products: tuple[tuple[Factor, ...], ...]
    activation: Activation
    stage: Role
    latex: Words


Equation = Affine | Pointwise


@dataclass(frozen=True)
class CellDescription:
    """One cell: what it is called, what it remembers, and how a timestep is computed.

    `states` are the quantities carried to the next timestep ("hidden_state", and "cell_state" where there is a
    long-term memory); empty for a network without memory. `parameters` maps each parameter's name to the number
    of row blocks of H it has. `source` names paper and equations. `running` is the sentence that says on screen which
    network is opened, above all which of the LSTMs.
    """

    name: str
    title: Words
    states: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    equations: tuple[Equation, ...]
    source: str
    running: Words = Words("", "")

    def __hash__(self) -> int:
        """By name and source: all the rest, hundreds of words, would take longer than what is kept under it."""
        return hash((self.name, self.source, len(self.equations)))

    @property
    def gates(self) -> tuple[Quantity, ...]:
        """The quantities that are gates, in order of computation."""
        return tuple(quantity for quantity in self.quantities if quantity.is_gate)

    @property
    def has_cell_state(self) -> bool:
        """Whether there is a long-term memory beside the short-term one."""
        return "cell_state" in self.states

    def quantity(self, name: str) -> Quantity:
        """The quantity of this name. Raises KeyError with a sentence."""
        for quantity in self.quantities:
            if quantity.name == name:
                return quantity
        raise KeyError(f"The cell {self.name} has no quantity called {name}.")

    def equation(self, target: str) -> Equation:
        """The equation that computes `target`. Raises KeyError with a sentence."""
        for equation in self.equations:
            if equation.target == target:
                return equation
        raise KeyError(f"The cell {self.name} has no equation for {target}.")
