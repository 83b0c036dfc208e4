"""One network while it is trained: its weights, its optimiser's moments, its place in the curriculum.

An update has two halves. `prepare` computes everything that will be different and changes nothing; `commit` puts
it in place and cannot fail. So an update that is abandoned half-way, or that goes wrong in another network, has
never happened.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from playground.engine.cells import CELLS
from playground.engine.model import Between, States, make_model, network_generator
from playground.engine.optimisers import OPTIMISERS, Moments, clipped, flatten_parameters
from playground.engine.records import FlatWeights, NetworkCheckpoint, NetworkResult, TrainingDiverged
from playground.engine.schedules import learning_rate
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import SQUARED_ERROR, Batch, CurriculumState, Task

Check = Callable[[], None]

CPU = torch.device("cpu")


@dataclass(frozen=True, eq=False)
class TensorBatch:
    """A batch as tensors of their own, with the shapes of `Batch`.

    Copies, never views of numpy's arrays: torch's memory always begins at a multiple of 64 bytes, numpy's does not,
    and the last bit of a matrix product may depend on where its numbers lie.
    """

    inputs: Tensor
    targets: Tensor
    asked: Tensor
    loss_weights: Tensor
    carried: bool = False

    @staticmethod
    def of(batch: Batch, device: torch.device = CPU) -> TensorBatch:
        """A copy of this batch, on this device."""
        return TensorBatch(
            torch.tensor(batch.inputs, device=device),
            torch.tensor(batch.targets, device=device),
            torch.tensor(batch.asked, device=device),
            torch.tensor(batch.loss_weights, device=device),
            batch.carried,
        )


@dataclass(frozen=True, eq=False)
class PreparedUpdate:
    """What one network will be after the update, and what the update found.

    weights (P,), moments (P,) each, states (S, L, B, H): S states a layer, L layers, B sequences, H units.
    """

    weights: Tensor
    moments: Moments
    curriculum: CurriculumState
    result: NetworkResult
    states: Tensor


class NetworkTraining:
    """One network of an experiment and everything that its future depends on. Training thread only."""

    def __init__(
        self,
        settings: NetworkSettings,
        training: TrainingSettings,
        task: Task,
        device: torch.device = CPU,
    ) -> None:
        self.settings = settings
        self.task = task
        self.device = device
        self.seed = training.seed
        self.model = make_model(
            settings,
            task.input_size,
            len(task.answers),
            network_generator(training.seed, settings.cell),
            longest_sequence=task.longest_sequence,
            symbolic=task.symbolic,
        ).to(device)
        self.weights = flatten_parameters(self.model)  # (P,)
        size = (len(self.model.cell.states), settings.layers, training.batch_size, settings.units)
        self.states = torch.zeros(size, device=device)  # (S, L, B, H) after the last update's batch
        self.parameters = tuple(self.model.parameters())
        self.optimiser = OPTIMISERS[training.optimiser]
        self.moments = self.optimiser.first_moments(self.weights)
        self.curriculum = task.first_level()

    def prepare(self, batch: TensorBatch, update: int, check: Check) -> PreparedUpdate:
        """Everything that this update (counted from 1) changes, without changing it.

        `check` is called between timesteps, forward and backward, and may raise to abandon. Raises
        TrainingDiverged when loss or gradient is not a finite number.
        """
        before = self._unstacked(self.states) if batch.carried else None
        outputs, after = self.model.run(batch.inputs, before, check, self._dropout(update))  # (T, B, K)
        loss, result = self.judge(outputs, batch)
        if not math.isfinite(result.loss):
            raise self._diverged("loss", result.loss, update)
        gradients = torch.autograd.grad(loss, self.parameters)
        gradient = torch.cat([part.reshape(-1) for part in gradients])  # (P,)
        norm = torch.linalg.vector_norm(gradient).item()
        if not math.isfinite(norm):
            raise self._diverged("gradient", norm, update)
        gradient = clipped(gradient, norm, self.settings.clip_norm)
        weights, moments = self.optimiser.rule(
            self.weights, gradient, self.moments, update, learning_rate(self.settings, update)
        )
        curriculum = self.task.next_level(self.curriculum, result.right)
        return PreparedUpdate(weights, moments, curriculum, result, self._stacked(after))

    def _dropout(self, update: int) -> Between | None:
        """Dropout between layers (Zaremba et al. 2014): a unit of a timestep is hidden with this rate, the others grow
        by as much. Which ones is a pure function of seed, cell, update and layer."""
        rate = self.settings.dropout
        if rate == 0.0 or self.settings.layers == 1:
            return None

        def between(layer: int, hidden_state: Tensor) -> Tensor:
            digest = hashlib.blake2b(
                f"dropout/{self.seed}/{self.settings.cell}/{update}/{layer}".encode(), digest_size=8
            ).digest()
            generator = torch.Generator().manual_seed(int.from_bytes(digest, "little") >> 1)
            stays = torch.rand(hidden_state.shape, generator=generator) >= rate  # (T, B, H)
            return hidden_state * (stays.to(hidden_state) / (1.0 - rate))

        return between

    def _stacked(self, states: States) -> Tensor:
        """(S, L, B, H), without the gradient: memory that is carried on is a number to the next update."""
        names = self.model.cell.states
        if not names:
            return self.states
        return torch.stack([torch.stack([layer[name] for layer in states]) for name in names]).detach()

    def _unstacked(self, states: Tensor) -> States:
        names = self.model.cell.states
        return tuple(
            {name: states[s, layer] for s, name in enumerate(names)} for layer in range(self.settings.layers)
        )

    def judge(self, outputs: Tensor, batch: TensorBatch) -> tuple[Tensor, NetworkResult]:
        """The loss of outputs (T, B, K), see `Batch`, as a tensor; and all that is reported of this update."""
        if self.task.loss == SQUARED_ERROR:
            difference = outputs - batch.targets  # (T, B, K)
            losses = (difference * difference).mean(dim=-1)  # (T, B)
            is_right = (difference.detach().abs() < self.task.tolerance).all(dim=-1)  # (T, B)
        else:
            log_probabilities = torch.log_softmax(outputs, dim=-1)  # (T, B, K)
            losses = -log_probabilities.gather(-1, batch.targets[..., None])[..., 0]  # (T, B)
            is_right = outputs.detach().argmax(dim=-1) == batch.targets  # (T, B)
        if batch.loss_weights.ndim == 1:
            loss = batch.loss_weights @ losses.mean(dim=1)  # ()
        else:
            loss = (batch.loss_weights * losses).sum()  # ()
        asked_loss = losses.detach()[batch.asked].mean()
        right = is_right[batch.asked].to(torch.float32).mean()
        result = NetworkResult(loss.item(), asked_loss.item(), right.item(), self.curriculum.level)
        return loss, result

    def commit(self, prepared: PreparedUpdate) -> None:
        """Put a prepared update in place."""
        self.weights.copy_(prepared.weights)
        self.moments = prepared.moments
        self.curriculum = prepared.curriculum
        self.states.copy_(prepared.states)

    def flat_weights(self) -> FlatWeights:
        """A copy of all parameters, (P,)."""
        return np.array(self.weights.numpy(force=True))

    def load(self, weights: FlatWeights) -> None:
        """Other weights (P,), exactly. Raises ValueError when they are of another network."""
        self._check_size(weights)
        self.weights.copy_(torch.tensor(weights))

    def checkpoint(self) -> NetworkCheckpoint:
        """Everything that the future depends on, copied."""
        arrays = [np.array(tensor.numpy(force=True)) for tensor in (self.weights, self.states, *self.moments)]
        for array in arrays:
            array.setflags(write=False)
        return NetworkCheckpoint(arrays[0], tuple(arrays[2:]), self.curriculum, arrays[1])

    def restore(self, checkpoint: NetworkCheckpoint) -> None:
        """Back to a checkpoint, bit for bit. Raises ValueError when it is of another network."""
        self._check_size(checkpoint.weights)
        if len(checkpoint.moments) != self.optimiser.moment_count:
            raise ValueError(f"This checkpoint of the {self.title} was made with another optimiser.")
        if checkpoint.states is not None and checkpoint.states.shape != tuple(self.states.shape):
            raise ValueError(
                f"This checkpoint of the {self.title} was made with another batch or other layers."
            )
        self.load(checkpoint.weights)
        self.moments = tuple(torch.tensor(moment, device=self.device) for moment in checkpoint.moments)
        if checkpoint.states is None:
            self.states.zero_()
        else:
            self.states.copy_(torch.tensor(checkpoint.states))
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
            f"Lower the learning rate of the {self.title} (now {learning_rate(self.settings, update):g}) "
            f"or its clip norm (now {self.settings.clip_norm:g}).",
        )
