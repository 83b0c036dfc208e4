"""Networks and sequences for the engine's tests: small, seeded, and some of them trained."""

from __future__ import annotations

import numpy as np
import torch

from playground.engine.cells import CELLS
from playground.engine.model import SequenceModel, make_model, network_generator
from playground.experiment import NetworkSettings
from playground.tasks.task import Event, EventSequence

ALL_CELLS = tuple(CELLS)
CELLS_WITH_MEMORY = tuple(key for key, cell in CELLS.items() if cell.states)
IN_TORCH = ("rnn", "lstm", "gru")
ANSWERS = 5
INPUTS = 3


def small_model(
    cell: str,
    *,
    layers: int = 1,
    units: int = 4,
    inputs: int = INPUTS,
    dtype: torch.dtype = torch.float64,
    **settings: object,
) -> SequenceModel:
    network = NetworkSettings(cell, units=units, layers=layers, **settings)  # type: ignore[arg-type]
    return make_model(network, inputs, ANSWERS, network_generator(7, cell), dtype)


def random_tensor(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def random_sequence(timesteps: int, inputs: int = INPUTS, seed: int = 0) -> EventSequence:
    random = np.random.default_rng(seed)
    event = Event("noise", "noise")
    asked = np.zeros(timesteps, dtype=np.bool_)
    asked[-1] = True
    return EventSequence(
        (event,) * timesteps,
        random.standard_normal((timesteps, inputs)).astype(np.float32),
        random.integers(0, ANSWERS, timesteps),
        asked,
    )


def train(model: SequenceModel, updates: int = 40, learning_rate: float = 0.05, timesteps: int = 12) -> None:
    """Teach the model to name the first event's largest input at the last timestep: weights that are really used."""
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for update in range(updates):
        inputs = random_tensor(timesteps, 16, model.input_size, seed=update, dtype=model.dtype)
        targets = inputs[0].argmax(dim=-1) % ANSWERS
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs)[-1], targets).backward()
        optimiser.step()
