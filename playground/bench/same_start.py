"""Where everybody begins who is raced: the same weights, the same batches, the same recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from playground.bench.next_symbol import NextSymbol
from playground.bench.sizes import Size
from playground.engine.network_training import NetworkTraining
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import Task

LEARNING_RATE, CLIP_NORM = 1e-3, 1.0
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True, eq=False)
class SameStart:
    """What a peer is made from. Its parameters have torch's names and shapes, two biases and all:

    weight_ih (R, V), weight_hh (R, H), bias_ih (R,), bias_hh (R,), for the guide's LSTM weight_use (H, H) and bias_use
    (H,), and head_weight (V, H), head_bias (V,). Adam with 1e-3, gradient clipped at norm 1.
    """

    cell: str
    size: Size
    task: NextSymbol
    parameters: Mapping[str, NDArray[np.float32]]

    @property
    def inputs(self) -> NDArray[np.int64]:
        """(8, T, B): the symbols of every batch."""
        return np.ascontiguousarray(self.task.symbols[:, :-1])

    @property
    def targets(self) -> NDArray[np.int64]:
        """(8, T, B): what comes next."""
        return np.ascontiguousarray(self.task.symbols[:, 1:])

    @property
    def as_task(self) -> Task:
        """The task as our engine is told; training asks for no more than it has."""
        return cast(Task, self.task)

    @property
    def network(self) -> NetworkSettings:
        """The network as our engine is told."""
        return NetworkSettings(
            self.cell, units=self.size.units, learning_rate=LEARNING_RATE, clip_norm=CLIP_NORM
        )

    @property
    def training(self) -> TrainingSettings:
        """The training as our engine is told."""
        return TrainingSettings(batch_size=self.size.batch, optimiser="adam", seed=1)


def same_start(cell: str, size: Size) -> SameStart:
    """The start of this cell in this size: the first weights are our own model's."""
    start = SameStart(cell, size, NextSymbol(size), {})
    model = NetworkTraining(start.network, start.training, start.as_task).model
    parameters = {
        name.removeprefix("recurrent.0.").replace("head.", "head_"): parameter.detach().numpy().copy()
        for name, parameter in model.named_parameters()
    }
    return SameStart(cell, size, start.task, parameters)
