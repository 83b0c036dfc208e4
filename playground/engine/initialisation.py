"""How the weights of a network begin. Everything is drawn from one generator that is passed in.

All ways begin with the same draws, as PyTorch makes them, and then change what they are about; so "chrono" and
"torch" from one seed differ only in the biases that chrono sets. Numbers are drawn in float32 whatever the
model's dtype: a network in float64 is the same network.

torch's recurrent layers have two bias vectors that are added. Where a bias is meant to be b, b is put into
`bias_ih` and 0 into `bias_hh`: in both it would be 2b.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from playground.engine.cells import Cell
from playground.experiment import NetworkSettings

SMALL = 0.1
"""What is left of torch's draws where weights begin small."""


def uniform(parameter: Tensor, bound: float, generator: torch.Generator) -> None:
    """Fill with U(-bound, bound)."""
    drawn = torch.empty(parameter.shape, dtype=torch.float32).uniform_(-bound, bound, generator=generator)
    with torch.no_grad():
        parameter.copy_(drawn)


def initialise_linear(linear: nn.Linear, generator: torch.Generator) -> None:
    """As torch.nn.Linear does it: weights and biases from U(-1/sqrt(in), 1/sqrt(in))."""
    bound = 1.0 / math.sqrt(linear.in_features)
    uniform(linear.weight, bound, generator)
    uniform(linear.bias, bound, generator)


def initialise_layer(
    layer: nn.Module,
    cell: Cell,
    network: NetworkSettings,
    longest_sequence: int,
    generator: torch.Generator,
) -> None:
    """Fill the parameters of one recurrent layer of this cell; the arguments are explained at `make_model`.

    Raises ValueError on an initialisation that is not in the table.
    """
    if network.initialisation not in INITIALISATIONS:
        known = ", ".join(INITIALISATIONS)
        raise ValueError(f"There is no initialisation called {network.initialisation!r}; there are {known}.")
    units = network.units
    bound = 1.0 / math.sqrt(units)
    for parameter in layer.parameters():
        uniform(parameter, bound, generator)
    initialise = INITIALISATIONS[network.initialisation]
    initialise(layer, cell, units, network.forget_gate_bias, longest_sequence, generator)
    for block, more in (
        (cell.input_block, network.input_gate_bias),
        (cell.output_block, network.output_gate_bias),
    ):
        if block is not None and more:
            _add_to_bias(layer, block, units, more)


def _as_torch(
    layer: nn.Module, cell: Cell, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """As torch's recurrent layers do it: everything from U(-1/sqrt(H), 1/sqrt(H)), which is already there."""


def _orthogonal(
    layer: nn.Module, cell: Cell, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """Each gate's recurrent matrix orthogonal: it turns the hidden state without stretching it (Saxe et al. 2014)."""
    recurrent = getattr(layer, "weight_hh", None)
    if recurrent is None:  # a network without memory has none
        return
    blocks = []
    for _ in range(recurrent.shape[0] // units):
        block = torch.empty(units, units, dtype=torch.float32)
        blocks.append(nn.init.orthogonal_(block, generator=generator))
    with torch.no_grad():
        recurrent.copy_(torch.cat(blocks))


def _forget_bias(
    layer: nn.Module, cell: Cell, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """The gate that keeps the memory begins at sigmoid(bias) (Gers et al. 2000; Jozefowicz et al. 2015).

    Cells without such a gate stay as torch makes them.
    """
    if cell.forget_block is not None:
        _set_bias(layer, cell.forget_block, torch.full((units,), bias))


def _small(
    layer: nn.Module, cell: Cell, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """A tenth of torch's draws, and the forget gate at sigmoid(bias).

    Gers and Schmidhuber 2001 begin with weights within 0.1 of zero: no gate depends on anything yet, and the
    candidate is what learns first. That is how counters come about (docs/recipes.md).
    """
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.mul_(SMALL)
    _forget_bias(layer, cell, units, bias, longest, generator)


def _chrono(
    layer: nn.Module, cell: Cell, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """Memory spans of all lengths up to the longest sequence (Tallec and Ollivier 2018, section 3).

    Bias of the forget gate log U(1, T_max - 1), of the input gate minus that; in the GRU only the update gate's,
    for the two are one there. Cells without such a gate stay as torch makes them.
    """
    if cell.forget_block is None:
        return
    span = torch.empty(units).uniform_(1.0, max(float(longest) - 1.0, 1.0 + 1e-6), generator=generator)
    _set_bias(layer, cell.forget_block, span.log())
    if cell.input_block is not None:
        _set_bias(layer, cell.input_block, -span.log())


def _set_bias(layer: nn.Module, block: int, values: Tensor) -> None:
    """Make the bias of this row block `values` in total, over torch's two vectors."""
    bias_ih, bias_hh = layer.get_parameter("bias_ih"), layer.get_parameter("bias_hh")
    units = values.shape[0]
    rows = slice(block * units, (block + 1) * units)
    with torch.no_grad():
        bias_ih[rows] = values.to(bias_ih.dtype)
        bias_hh[rows] = 0.0


def _add_to_bias(layer: nn.Module, block: int, units: int, more: float) -> None:
    """Move the bias of this row block by `more`, in one of torch's two vectors."""
    with torch.no_grad():
        layer.get_parameter("bias_ih")[block * units : (block + 1) * units] += more


Initialise = Callable[[nn.Module, Cell, int, float, int, torch.Generator], None]

INITIALISATIONS: dict[str, Initialise] = {
    "torch": _as_torch,
    "orthogonal": _orthogonal,
    "forget_bias": _forget_bias,
    "small": _small,
    "chrono": _chrono,
}
"""By the name that an experiment uses: what is changed after torch's own draws."""
