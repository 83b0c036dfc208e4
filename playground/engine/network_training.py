"""One network while it is trained: its weights, its optimiser's moments, its place in the curriculum.

An update has two halves. `prepare` computes everything that will be different and changes nothing; `commit` puts
it in place and cannot fail. So an update that is abandoned half-way, or that goes wrong in another network, has
never happened.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from playground.engine.cells import CELLS
from playground.engine.model import make_model, network_generator
from playground.engine.optimisers import OPTIMISERS, Moments, clipped, flatten_parameters
from playground.engine.records import FlatWeights, NetworkCheckpoint, NetworkResult, TrainingDiverged
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import Batch, CurriculumState, Task

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class TensorBatch:
    """A batch as tensors of their own: inputs (T, B, I), targets (T, B), asked (T, B), loss_weights (T,).

    Copies, never views of numpy's arrays: torch's memory always begins at a multiple of 64 bytes, numpy's does not,
    and the last bit of a matrix product may depend on where its numbers lie.
    """

    inputs: Tensor
    targets: Tensor
    asked: Tensor
    loss_weights: Tensor

    @staticmethod
    def of(batch: Batch) -> TensorBatch:
        """A copy of this batch."""
        return TensorBatch(
            torch.tensor(batch.inputs),
            torch.tensor(batch.targets),
            torch.tensor(batch.asked),
            torch.tensor(batch.loss_weights),
        )


@dataclass(frozen=True, eq=False)
class PreparedUpdate:
    """What one network will be after the update, and what the update found."""

    weights: Tensor
    moments: Moments
    curriculum: CurriculumState
    result: NetworkResult


class NetworkTraining:
    """One network of an experiment and everything that its future depends on. Training thread only."""

    def __init__(self, settings: NetworkSettings, training: TrainingSettings, task: Task) -> None:
        self.settings = settings
        self.task = task
        self.model = make_model(
            settings, task.input_size, len(task.answers), network_generator(training.seed, settings.cell)
        )
        self.weights = flatten_parameters(self.model)  # (P,)
        self.parameters = tuple(self.model.parameters())
        self.optimiser = OPTIMISERS[training.optimiser]
        self.moments = self.optimiser.first_moments(self.weights)
        self.curriculum = task.first_level()

    def prepare(self, batch: TensorBatch, update: int, check: Check) -> PreparedUpdate:
        """Everything that this update (counted from 1) changes, without changing it.

        `check` is called between timesteps, forward and backward, and may raise to abandon. Raises
        TrainingDiverged when loss or gradient is not a finite number.
        """
        logits = self.model(batch.inputs, check=check)  # (T, B, K)
        loss, result = self.judge(logits, batch)
        if not math.isfinite(result.loss):
            raise self._diverged("loss", result.loss, update)
        gradients = torch.autograd.grad(loss, self.parameters)
        gradient = torch.cat([part.reshape(-1) for part in gradients])  # (P,)
        norm = torch.linalg.vector_norm(gradient).item()
        if not math.isfinite(norm):
            raise self._diverged("gradient", norm, update)
        gradient = clipped(gradient, norm, self.settings.clip_norm)
        weights, moments = self.optimiser.rule(
            self.weights, gradient, self.moments, update, self.settings.learning_rate
        )
        return PreparedUpdate(weights, moments, self.task.next_level(self.curriculum, result.right), result)

    def judge(self, logits: Tensor, batch: TensorBatch) -> tuple[Tensor, NetworkResult]:
        """The loss sum_t loss_weights[t] mean_b CE[t, b] as a tensor, and all that is reported of this update."""
        log_probabilities = torch.log_softmax(logits, dim=-1)  # (T, B, K)
        cross_entropy = -log_probabilities.gather(-1, batch.targets[..., None])[..., 0]  # (T, B)
        loss = batch.loss_weights @ cross_entropy.mean(dim=1)  # ()
        asked_loss = cross_entropy.detach()[batch.asked].mean()
        right = (logits.detach().argmax(dim=-1) == batch.targets)[batch.asked].to(torch.float32).mean()
        result = NetworkResult(loss.item(), asked_loss.item(), right.item(), self.curriculum.level)
        return loss, result

    def commit(self, prepared: PreparedUpdate) -> None:
        """Put a prepared update in place."""
        self.weights.copy_(prepared.weights)
        self.moments = prepared.moments
        self.curriculum = prepared.curriculum

    def flat_weights(self) -> FlatWeights:
        """A copy of all parameters, (P,)."""
        return np.array(self.weights.numpy())

    def load(self, weights: FlatWeights) -> None:
        """Other weights (P,), exactly. Raises ValueError when they are of another network."""
        self._check_size(weights)
        self.weights.copy_(torch.tensor(weights))

    def checkpoint(self) -> NetworkCheckpoint:
        """Everything that the future depends on, copied."""
        arrays = [np.array(tensor.numpy()) for tensor in (self.weights, *self.moments)]
        for array in arrays:
            array.setflags(write=False)
        return NetworkCheckpoint(arrays[0], tuple(arrays[1:]), self.curriculum)

    def restore(self, checkpoint: NetworkCheckpoint) -> None:
        """Back to a checkpoint, bit for bit. Raises ValueError when it is of another network."""
        self._check_size(checkpoint.weights)
        if len(checkpoint.moments) != self.optimiser.moment_count:
            raise ValueError(f"This checkpoint of the {self.title} was made with another optimiser.")
        self.load(checkpoint.weights)
        self.moments = tuple(torch.tensor(moment) for moment in checkpoint.moments)
        self.curriculum = checkpoint.curriculum

    @property
    def title(self) -> str:
        """What the network is called in sentences."""
        return CELLS[self.settings.cell].description.title.textbook

    def _check_size(self, weights: FlatWeights) -> None:
        if weights.shape != tuple(self.weights.shape):
            raise ValueError(
                f"These weights are not the {self.title}'s: {weights.size} numbers instead of {self.weights.numel()}."
            )

    def _diverged(self, what: str, value: float, update: int) -> TrainingDiverged:
        found = "is not a number (NaN)" if math.isnan(value) else "is too large for a number"
        return TrainingDiverged(
            self.settings.cell,
            update,
            f"Training stopped before update {update}: the {what} of the {self.title} {found}.",
            f"Lower the learning rate of the {self.title} (now {self.settings.learning_rate:g}) "
            f"or its clip norm (now {self.settings.clip_norm:g}).",
        )
