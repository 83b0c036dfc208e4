"""The loss on what training never sees, as it is compared with the baselines."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from playground.engine.model import SequenceModel
from playground.tasks.task import SQUARED_ERROR, Batch, Loss


def held_out_loss(model: SequenceModel, batches: Iterable[Batch], loss: Loss) -> float:
    """The mean loss of all asked timesteps of these batches, each counted once: nats per symbol, or squared error.

    Memory begins at zero in each batch. NaN when nothing is asked.
    """
    total, asked = 0.0, 0
    with torch.no_grad():
        for batch in batches:
            outputs = model(torch.tensor(batch.inputs))  # (T, B, K)
            targets, counts = torch.tensor(batch.targets), torch.tensor(batch.asked)
            if loss == SQUARED_ERROR:
                each = ((outputs - targets) ** 2).mean(dim=-1)  # (T, B)
            else:
                each = -torch.log_softmax(outputs, dim=-1).gather(-1, targets[..., None])[..., 0]  # (T, B)
            total += float(each[counts].double().sum())
            asked += int(counts.sum())
    return total / asked if asked else float("nan")
