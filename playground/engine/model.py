"""A whole network: events -> linear encoder -> recurrent layers -> linear head -> logits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from playground.engine.cells import CELLS, Cell, Quantities, Weights
from playground.engine.initialisation import initialise_layer, initialise_linear
from playground.experiment import NetworkSettings

LayerStates = Mapping[str, Tensor]
"""The states of one layer by name, each (B, H); empty for a network without memory."""

States = tuple[LayerStates, ...]
"""The states of a model, one entry a layer."""

Check = Callable[[], None]
"""Called at every timestep; it may raise to abandon the computation."""

ENCODED_SIZE = 16
"""E: what the encoder makes of the pixels."""

LARGEST_UNENCODED_INPUT = 64
"""Inputs up to this size go to the cell as they are; pixels go through the encoder."""


def nothing() -> None:
    """The check that never objects."""


class RecurrentLayer(nn.Module):
    """One layer of a cell: its parameters by torch's names, and the loop over the timesteps."""

    def __init__(self, cell: Cell, inputs: int, units: int, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.cell = cell
        self.units = units
        for name, shape in cell.parameter_shapes(inputs, units).items():
            self.register_parameter(name, nn.Parameter(torch.zeros(shape, dtype=dtype)))

    def weights(self) -> Weights:
        """The parameters as attributes, for the equations. The live ones, not copies."""
        return Weights(**cast(dict[str, Tensor], self._parameters))

    def first_states(self, inputs: Tensor) -> dict[str, Tensor]:
        """The states before the first timestep: zeros (B, H) for inputs (T, B, I)."""
        return {name: inputs.new_zeros(inputs.shape[1], self.units) for name in self.cell.states}

    def timesteps(
        self,
        inputs: Tensor,
        states: LayerStates | None = None,
        check: Check = nothing,
        empty: Callable[[int], Quantities] = lambda timestep: Quantities(),
    ) -> Iterator[Quantities]:
        """The quantities of each timestep in turn, for inputs (T, B, I).

        `empty(t)` makes the record that timestep t's quantities are written to; interventions put in one that
        changes what is written.
        """
        weights = self.weights()
        before = Quantities(**(self.first_states(inputs) if states is None else states))
        # unbind, not indexing: the backward pass of x[t] fills a tensor of the size of x for every t
        for timestep, from_inputs in enumerate(self.cell.project(weights, inputs).unbind()):
            check()
            now = empty(timestep)
            self.cell.timestep(weights, from_inputs, before, now)
            yield now
            before = now

    def forward(
        self, inputs: Tensor, states: LayerStates | None = None, check: Check = nothing
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """(T, B, I) -> hidden states (T, B, H), and the states after the last timestep."""
        if not self.cell.states:  # no timestep needs another one: all of them at once
            check()
            now = Quantities()
            weights = self.weights()
            self.cell.timestep(weights, self.cell.project(weights, inputs), Quantities(), now)
            return now.hidden_state, {}
        now = Quantities()
        hidden_states = []
        for now in self.timesteps(inputs, states, check):
            if check is not nothing and now.hidden_state.requires_grad:
                now.hidden_state.register_hook(lambda gradient: check())  # on the way back too
            hidden_states.append(now.hidden_state)
        return torch.stack(hidden_states), {name: getattr(now, name) for name in self.cell.states}


class SequenceModel(nn.Module):
    """events (T, B, I) -> encoder (I -> E, only for large inputs) -> recurrent layers (H) -> head -> logits (T, B, K).

    T timesteps (at least one), B sequences of a batch, I inputs, E encoded inputs, H units of each layer, K answers.
    """

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        units: int,
        layers: int,
        answers: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.cell = cell
        self.input_size = input_size
        self.units = units
        self.answers = answers
        encoded = input_size > LARGEST_UNENCODED_INPUT
        self.encoder = zero_linear(input_size, ENCODED_SIZE, dtype) if encoded else None
        first = ENCODED_SIZE if encoded else input_size
        self.recurrent = nn.ModuleList(
            RecurrentLayer(cell, first if layer == 0 else units, units, dtype) for layer in range(layers)
        )
        self.head = zero_linear(units, answers, dtype)

    @property
    def layers(self) -> int:
        """The number of recurrent layers."""
        return len(self.recurrent)

    @property
    def recurrent_layers(self) -> list[RecurrentLayer]:
        """The recurrent layers, the first one first."""
        return [cast(RecurrentLayer, layer) for layer in self.recurrent]

    @property
    def dtype(self) -> torch.dtype:
        """The floating type of all weights."""
        return self.head.weight.dtype

    def encode(self, inputs: Tensor) -> Tensor:
        """(T, B, I) -> (T, B, E): what the first recurrent layer sees."""
        return inputs if self.encoder is None else self.encoder(inputs)

    def read(
        self, encoded: Tensor, states: States | None = None, check: Check = nothing
    ) -> tuple[Tensor, States]:
        """(T, B, E) -> hidden states of the last layer (T, B, H), and all layers' states after the last timestep."""
        hidden_state = encoded
        last_states = []
        for index, layer in enumerate(self.recurrent_layers):
            hidden_state, after = layer(hidden_state, None if states is None else states[index], check)
            last_states.append(after)
        return hidden_state, tuple(last_states)

    def run(
        self, inputs: Tensor, states: States | None = None, check: Check = nothing
    ) -> tuple[Tensor, States]:
        """(T, B, I) -> logits (T, B, K), and the states after the last timestep, to carry the memory over."""
        hidden_state, states = self.read(self.encode(inputs), states, check)
        return self.head(hidden_state), states

    def forward(self, inputs: Tensor, states: States | None = None, check: Check = nothing) -> Tensor:
        """(T, B, I) -> logits (T, B, K), from zero states or from those given.

        `check` is called at every timestep of every layer, in the backward pass too; what it raises goes through.
        """
        return self.run(inputs, states, check)[0]


def zero_linear(inputs: int, outputs: int, dtype: torch.dtype) -> nn.Linear:
    """A linear layer of zeros, to be initialised. `nn.Linear` alone would draw from torch's global generator, which
    all threads share."""
    linear = nn.utils.skip_init(nn.Linear, inputs, outputs, dtype=dtype)
    for parameter in linear.parameters():
        nn.init.zeros_(parameter)
    return linear


def make_model(
    network: NetworkSettings,
    input_size: int,
    answers: int,
    generator: torch.Generator,
    dtype: torch.dtype = torch.float32,
    longest_sequence: int = 64,
) -> SequenceModel:
    """A new network with these settings, its weights drawn from `generator` alone (in float32, then cast).

    `longest_sequence`: T_max of the chrono initialisation, in timesteps. Raises KeyError on an unknown cell and
    ValueError on an unknown initialisation or activation, each with a sentence.
    """
    if network.cell not in CELLS:
        raise KeyError(f"There is no cell called {network.cell!r}; there are {', '.join(CELLS)}.")
    cell = CELLS[network.cell].with_activation(network.activation)
    model = SequenceModel(cell, input_size, network.units, network.layers, answers, dtype)
    if model.encoder is not None:
        initialise_linear(model.encoder, generator)
    for layer in model.recurrent_layers:
        initialise_layer(layer, cell, network, longest_sequence, generator)
    initialise_linear(model.head, generator)
    return model


def network_generator(seed: int, cell: str) -> torch.Generator:
    """The generator of one network's first weights: it depends on seed and cell, never on the other networks."""
    digest = hashlib.blake2b(f"weights/{seed}/{cell}".encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(
        int.from_bytes(digest, "little") >> 1
    )  # 63 bits: manual_seed is signed


def flat_weights(model: nn.Module) -> NDArray[np.float32]:
    """A copy of all parameters in order as one vector; float32, exact for a float32 model."""
    parts = [parameter.detach().numpy().ravel() for parameter in model.parameters()]
    return np.concatenate(parts).astype(np.float32, copy=False)


def load_flat_weights(model: nn.Module, vector: NDArray[np.float32]) -> None:
    """Put back what `flat_weights` gave. Raises ValueError when the vector is not of this model's size."""
    parameters = list(model.parameters())
    size = sum(parameter.numel() for parameter in parameters)
    if vector.shape != (size,):
        raise ValueError(f"These weights are of another network: {vector.size} numbers, but it has {size}.")
    values = torch.from_numpy(np.array(vector, dtype=np.float32))
    with torch.no_grad():
        at = 0
        for parameter in parameters:
            parameter.copy_(values[at : at + parameter.numel()].view_as(parameter))
            at += parameter.numel()
