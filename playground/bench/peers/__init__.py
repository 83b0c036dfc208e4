"""Everybody who is raced: the same update done in other ways. One file a way, one line in this table.

Each module has `make(start) -> Updates`: begins at the start's weights, and each call does so many updates with the
batches in their order and returns the loss of the last one. `tests/system/test_peers.py` holds their losses together.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.bench.same_start import SameStart

Updates = Callable[[int], float]

OURS, REFERENCE, TORCH, FUSED, LOOP, JAX, NUMPY = (
    "ours",
    "ours, reference path",
    "torch.nn, Adam",
    "torch.nn, fused Adam",
    "torch.nn cell in a loop",
    "JAX jit and scan",
    "numpy by hand",
)


@dataclass(frozen=True)
class Way:
    """One way of doing an update. `needs`: the package that it cannot do without."""

    name: str
    module: str
    what: str
    gates_seen: bool
    """Whether every gate of every timestep can be looked at while it trains."""
    needs: str = ""
    cells: tuple[str, ...] = ("rnn", "lstm", "gru", "guide_lstm")
    function: str = "make"

    def is_there(self) -> bool:
        """Whether the package it needs is installed. Nothing is imported."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None

    def make(self, start: SameStart) -> Updates:
        """This way, at the start. Imports what it needs."""
        module = importlib.import_module(f"playground.bench.peers.{self.module}")
        updates: Updates = getattr(module, self.function)(start)
        return updates


WAYS = (
    Way(TORCH, "torch_module", "nn.RNN, nn.LSTM, nn.GRU and torch.optim.Adam as everybody uses them", False),
    Way(OURS, "ours", "our compiled kernels, every gate of every timestep recorded", True),
    Way(JAX, "jax_scan", "one jitted update, lax.scan over the timesteps", False, needs="jax"),
    Way(FUSED, "torch_module", "the same with Adam(fused=True)", False, function="make_fused"),
    Way(NUMPY, "numpy_bptt", "hand-written backpropagation through time", True, cells=("rnn", "lstm", "gru")),
    Way(LOOP, "torch_cell", "nn.RNNCell, nn.LSTMCell, nn.GRUCell in a loop over the timesteps", True,
        cells=("rnn", "lstm", "gru")),
    Way(REFERENCE, "ours", "our equations under torch's autograd", True, function="make_reference"),
)  # fmt: skip
"""The first is what all are compared with."""
