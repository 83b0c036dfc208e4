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

from playground.engine.cells import gru, lstm

GateBlocks = tuple[int | None, int | None]
"""Which row block holds the gate that keeps the old memory, and which the one that lets the new in (if any)."""

GATE_BLOCKS: dict[str, GateBlocks] = {
    "lstm": (lstm.F_BLOCK, lstm.I_BLOCK),
    "guide_lstm": (lstm.F_BLOCK, lstm.I_BLOCK),
    "gru": (gru.Z_BLOCK, None),
}
"""The cells whose memory is kept by a gate. torch's GRU keeps the share z, so z is its forget gate."""


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
    cell: str,
    units: int,
    initialisation: str,
    forget_gate_bias: float,
    longest_sequence: int,
    generator: torch.Generator,
) -> None:
    """Fill the parameters of one recurrent layer; the arguments are explained at `make_model`.

    Raises ValueError on an initialisation that is not in the table.
    """
    if initialisation not in INITIALISATIONS:
        known = ", ".join(INITIALISATIONS)
        raise ValueError(f"There is no initialisation called {initialisation!r}; there are {known}.")
    bound = 1.0 / math.sqrt(units)
    for parameter in layer.parameters():
        uniform(parameter, bound, generator)
    INITIALISATIONS[initialisation](layer, cell, units, forget_gate_bias, longest_sequence, generator)


def _as_torch(
    layer: nn.Module, cell: str, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """As torch's recurrent layers do it: everything from U(-1/sqrt(H), 1/sqrt(H)), which is already there."""


def _orthogonal(
    layer: nn.Module, cell: str, units: int, bias: float, longest: int, generator: torch.Generator
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
    layer: nn.Module, cell: str, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """The gate that keeps the memory begins at sigmoid(bias) (Gers et al. 2000; Jozefowicz et al. 2015).

    RNN and no memory have no such gate and stay as torch makes them.
    """
    keeps, _ = GATE_BLOCKS.get(cell, (None, None))
    if keeps is not None:
        _set_bias(layer, keeps, torch.full((units,), bias))


def _chrono(
    layer: nn.Module, cell: str, units: int, bias: float, longest: int, generator: torch.Generator
) -> None:
    """Memory spans of all lengths up to the longest sequence (Tallec and Ollivier 2018, section 3).

    Bias of the forget gate log U(1, T_max - 1), of the input gate minus that; in the GRU only the update gate's,
    for the two are one there. RNN and no memory have no such gate and stay as torch makes them.
    """
    keeps, lets_in = GATE_BLOCKS.get(cell, (None, None))
    if keeps is None:
        return
    span = torch.empty(units).uniform_(1.0, max(float(longest) - 1.0, 1.0 + 1e-6), generator=generator)
    _set_bias(layer, keeps, span.log())
    if lets_in is not None:
        _set_bias(layer, lets_in, -span.log())


def _set_bias(layer: nn.Module, block: int, values: Tensor) -> None:
    """Make the bias of this row block `values` in total, over torch's two vectors."""
    bias_ih, bias_hh = layer.get_parameter("bias_ih"), layer.get_parameter("bias_hh")
    units = values.shape[0]
    rows = slice(block * units, (block + 1) * units)
    with torch.no_grad():
        bias_ih[rows] = values.to(bias_ih.dtype)
        bias_hh[rows] = 0.0


Initialise = Callable[[nn.Module, str, int, float, int, torch.Generator], None]

INITIALISATIONS: dict[str, Initialise] = {
    "torch": _as_torch,
    "orthogonal": _orthogonal,
    "forget_bias": _forget_bias,
    "chrono": _chrono,
}
"""By the name that an experiment uses: what is changed after torch's own draws."""
