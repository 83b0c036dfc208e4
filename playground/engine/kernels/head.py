"""The head: logits from the hidden state, softmax, cross-entropy, and the way back.

loss = sum_t loss_weights[t] mean_b -log softmax(logits[t, b])[target], so its derivative by the logits of one row is
(softmax - one-hot of the target) times loss_weights[t] / B.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.scalars import ONE, exp_of_negative

Index = NDArray[np.int64]
Flags = NDArray[np.uint8]
Results = NDArray[np.float64]

LOSS, ASKED_LOSS, RIGHT, NORM = range(4)
"""What an update reports: the loss, sums over the asked timesteps of their cross-entropy and of right answers, and
the norm of the gradient before it is clipped."""
RESULTS = 4


@compiled
def cross_entropy(
    logits: Array,
    targets: Index,
    asked: Flags,
    loss_weights: Array,
    first: int,
    last: int,
    batch: int,
    result: Results,
) -> None:
    """Timesteps first..last-1: `logits` (C B, K') become the loss by them, and `result` is added to.

    targets and asked (T B,), loss_weights (T,).
    """
    for t in range(first, last):
        weight = np.float32(loss_weights[t] / batch)
        for b in range(batch):
            n = t * batch + b
            row, target = logits[n - first * batch], targets[n]
            largest = _largest(row)
            of_target = row[target] - largest
            total = np.float32(0.0)
            for k in range(row.shape[0]):
                e = exp_of_negative(row[k] - largest)
                row[k] = e
                total += e
            found = math.log(total) - of_target  # -log softmax(logits)[target]
            result[LOSS] += found * weight
            if asked[n]:
                result[ASKED_LOSS] += found
                result[RIGHT] += of_target == np.float32(0.0)
            scale = weight * (ONE / total)
            for k in range(row.shape[0]):
                row[k] *= scale
            row[target] -= weight


@compiled
def _largest(row: Array) -> np.float32:
    largest = row[0]
    for k in range(1, row.shape[0]):
        largest = row[k] if row[k] > largest else largest
    return largest
