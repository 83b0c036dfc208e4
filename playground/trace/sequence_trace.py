"""What happened inside one network while it read one sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playground.contract.cell_description import PREVIOUS, CellDescription

FloatArray = NDArray[np.float32]


def read_only(array: NDArray) -> NDArray:
    """A copy of `array` that nobody can write to."""
    copy = np.array(array, copy=True)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One recurrent layer: its inputs (T, I), every quantity of its cell by name (T, H), the states before the first
    timestep by name (H,), and read-only copies of the weights it was made with.

    `entering_states`: where an intervention set a memory between two timesteps, what every timestep really read of that
    state (T, H), by name.
    """

    inputs: FloatArray
    quantities: Mapping[str, FloatArray]
    initial_states: Mapping[str, FloatArray]
    weights: Mapping[str, FloatArray]
    entering_states: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """H, the number of units."""
        return next(iter(self.quantities.values())).shape[1]

    def value(self, name: str) -> FloatArray:
        """(T, H) or (T, I): the quantity called `name`, "inputs", or a state one timestep earlier ("previous_...")."""
        if name == "inputs":
            return self.inputs
        if name.startswith(PREVIOUS):
            state = name.removeprefix(PREVIOUS)
            if state in self.entering_states:
                return self.entering_states[state]
            return np.concatenate([self.initial_states[state][None, :], self.quantities[state][:-1]])
        return self.quantities[name]


@dataclass(frozen=True, eq=False)
class SequenceTrace:
    """Everything one network computed on one sequence, at one update of one run.

    `network` is the key of the network in the experiment, `description` that of its cell. inputs (T, I): what came
    in (pixels, one-hot symbols); the first layer's inputs (T, E) are encoder_weights (E, I) @ inputs + encoder_bias
    (E,), or the inputs themselves where there is no encoder (None). probabilities (T, K): what it would say at each
    timestep; logits (T, K); targets (T,) classes. Where `loss` is the squared error, logits and probabilities are both
    the numbers that the network says, and targets (T, K) are numbers too. head_weights (K, H) and head_bias (K,). All
    arrays are read-only copies: a trace never changes, whatever the training thread does.
    """

    network: str
    description: CellDescription
    run_id: int
    update: int
    inputs: FloatArray
    encoder_weights: FloatArray | None
    encoder_bias: FloatArray | None
    layers: tuple[LayerTrace, ...]
    logits: FloatArray
    probabilities: FloatArray
    targets: NDArray[np.int64] | FloatArray
    head_weights: FloatArray
    head_bias: FloatArray
    loss: Literal["cross_entropy", "squared_error"] = "cross_entropy"
    whole: SequenceTrace | None = None
    """Of a part (see `up_to`): the trace that it is a part of."""

    def up_to(self, layer: int) -> SequenceTrace:
        """The lowest layers of this trace, with `layer` (0-based) as the last one: who shows the last layer of a trace
        shows that one then. Itself for the top layer. The answer stays that of the whole network."""
        if layer >= len(self.layers) - 1:
            return self
        return replace(self, layers=self.layers[: layer + 1], whole=self.whole or self)

    @property
    def depth(self) -> int:
        """How many layers the network has, whether this is all of its trace or a part."""
        return len((self.whole or self).layers)

    @property
    def length(self) -> int:
        """The number of timesteps T."""
        return self.probabilities.shape[0]

    @property
    def top(self) -> LayerTrace:
        """The last recurrent layer, which the answer is read from."""
        return self.layers[-1]

    def value(self, name: str, layer: int = -1) -> FloatArray:
        """(T, H) or (T, I): a quantity of a layer by name; see `LayerTrace.value`."""
        return self.layers[layer].value(name)


def frozen_mapping(arrays: Mapping[str, NDArray]) -> Mapping[str, FloatArray]:
    """Read-only copies of `arrays` in a mapping that cannot be changed."""
    return MappingProxyType({name: read_only(array) for name, array in arrays.items()})
