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

Between = Callable[[int, Tensor], Tensor]
"""What becomes of the hidden states (T, B, H) of layer number k on their way to the next layer: dropout."""

ENCODED_SIZE = 16
"""E: what the encoder makes of the pixels, unless a network has an embedding of another size."""

LARGEST_UNENCODED_INPUT = 64
"""Vectors up to this size go to the cell as they are, and so do symbols; pixels go through the encoder."""


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
        """The states before the first timestep: zeros (B, H) for inputs (T, B, I) or symbols (T, B)."""
        like = cast(Tensor, self._parameters["weight_ih"])
        return {name: like.new_zeros(inputs.shape[1], self.units) for name in self.cell.states}

    def project(self, weights: Weights, inputs: Tensor) -> Tensor:
        """(T, B, rows): what inputs (T, B, I) and biases add to the sums. Symbols (T, B) each take the row that the
        one-hot vector of theirs would give: every row is computed once, however often it is shown."""
        if inputs.is_floating_point():
            return self.cell.project(weights, inputs)
        everyone = torch.eye(weights.weight_ih.shape[1], dtype=weights.weight_ih.dtype, device=inputs.device)
        return self.cell.project(weights, everyone[:, None])[:, 0][inputs]  # (I, rows) -> (T, B, rows)

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
        for timestep, from_inputs in enumerate(self.project(weights, inputs).unbind()):
            check()
            now = empty(timestep)
            self.cell.timestep(weights, from_inputs, before, now)
            yield now
            before = now

    def forward(
        self, inputs: Tensor, states: LayerStates | None = None, check: Check = nothing
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """(T, B, I), or symbols (T, B) -> hidden states (T, B, H), and the states after the last timestep."""
        if not self.cell.states:  # no timestep needs another one: all of them at once
            check()
            now = Quantities()
            weights = self.weights()
            self.cell.timestep(weights, self.project(weights, inputs), Quantities(), now)
            return now.hidden_state, {}
        now = Quantities()
        hidden_states = []
        for now in self.timesteps(inputs, states, check):
            if check is not nothing and now.hidden_state.requires_grad:
                now.hidden_state.register_hook(lambda gradient: check())  # on the way back too
            hidden_states.append(now.hidden_state)
        return torch.stack(hidden_states), {name: getattr(now, name) for name in self.cell.states}


class SequenceModel(nn.Module):
    """events (T, B, I) -> encoder (I -> E, if there is one) -> recurrent layers (H) -> head -> outputs (T, B, K).

    T timesteps (at least one), B sequences of a batch, I inputs, E encoded inputs, H units of each layer, K answers.
    Events may also be symbols (T, B), whole numbers 0..I-1, each for a one-hot vector; the encoder is then what is
    called an embedding. Outputs are logits, or the numbers themselves where the loss is the squared error.
    """

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        units: int,
        layers: int,
        answers: int,
        dtype: torch.dtype = torch.float32,
        encoded_size: int | None = None,
    ) -> None:
        """`encoded_size`: E, 0 without an encoder; None: an encoder for large inputs alone."""
        super().__init__()
        self.cell = cell
        self.input_size = input_size
        self.units = units
        self.answers = answers
        if encoded_size is None:
            encoded_size = ENCODED_SIZE if input_size > LARGEST_UNENCODED_INPUT else 0
        self.encoder = zero_linear(input_size, encoded_size, dtype) if encoded_size else None
        first = encoded_size or input_size
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
        """(T, B, I), or symbols (T, B) -> (T, B, E): what the first layer sees; without an encoder the inputs."""
        if self.encoder is None:
            return inputs
        if inputs.is_floating_point():
            encoded: Tensor = self.encoder(inputs)
            return encoded
        return nn.functional.embedding(inputs, self.encoder.weight.t()) + self.encoder.bias

    def read(
        self,
        encoded: Tensor,
        states: States | None = None,
        check: Check = nothing,
        between: Between | None = None,
    ) -> tuple[Tensor, States]:
        """(T, B, E) -> hidden states of the last layer (T, B, H), and all layers' states after the last timestep."""
        hidden_state = encoded
        last_states = []
        for index, layer in enumerate(self.recurrent_layers):
            if index and between is not None:
                hidden_state = between(index - 1, hidden_state)
            hidden_state, after = layer(hidden_state, None if states is None else states[index], check)
            last_states.append(after)
        return hidden_state, tuple(last_states)

    def run(
        self,
        inputs: Tensor,
        states: States | None = None,
        check: Check = nothing,
        between: Between | None = None,
    ) -> tuple[Tensor, States]:
        """(T, B, I) -> logits (T, B, K), and the states after the last timestep, to carry the memory over."""
        hidden_state, states = self.read(self.encode(inputs), states, check, between)
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
    *,
    symbolic: bool = False,
) -> SequenceModel:
    """A new network with these settings, its weights drawn from `generator` alone (in float32, then cast).

    `longest_sequence`: T_max of the chrono initialisation, in timesteps. `symbolic`: inputs are symbols, which need no
    encoder however many they are. Raises KeyError on an unknown cell and
    ValueError on an unknown initialisation or activation, each with a sentence.
    """
    if network.cell not in CELLS:
        raise KeyError(f"There is no cell called {network.cell!r}; there are {', '.join(CELLS)}.")
    cell = CELLS[network.cell].with_activation(network.activation)
    encoded_size = network.embedding or (0 if symbolic else None)
    model = SequenceModel(cell, input_size, network.units, network.layers, answers, dtype, encoded_size)
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
