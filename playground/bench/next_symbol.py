"""The task of the race: random symbols, and at every timestep the next one is to be said. Nothing can be learned."""

from __future__ import annotations

import numpy as np

from playground.bench.sizes import Size
from playground.tasks.task import Answer, Batch, TaskDefaults

BATCHES = 8
"""So many batches there are; then they come again."""


class NextSymbol(TaskDefaults):
    """As a `Task`, as much of it as training needs. Batch u is number (u - 1) % BATCHES of those of this size."""

    name = "next-symbol"
    title = "The next symbol"
    symbolic = True

    def __init__(self, size: Size) -> None:
        self.input_size = size.symbols
        self.answers = tuple(Answer(k, f"{k}", f"{k}") for k in range(size.symbols))
        self.symbols = np.random.default_rng(1).integers(
            size.symbols, size=(BATCHES, size.timesteps + 1, size.batch)
        )  # (8, T + 1, B)

    def batch(self, seed: int, update: int, level: int, batch_size: int) -> Batch:
        """That of this update; seed, level and batch size are settled."""
        drawn = self.symbols[(update - 1) % BATCHES]
        timesteps = len(drawn) - 1
        return Batch(
            inputs=drawn[:-1],
            targets=drawn[1:],
            asked=np.ones(drawn[1:].shape, np.bool_),
            loss_weights=np.full(timesteps, 1.0 / timesteps, np.float32),
            distance=0,
        )
