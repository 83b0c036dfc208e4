"""The heads: from what the network says to the loss, and the way back.

    loss = sum over timesteps t and sequences b of loss_weights[t, b] l[t, b]

cross-entropy: l = -log softmax(logits)[target]; its derivative by the logits is softmax - one-hot of the target.
squared error: l = mean over k of (output - value)²; its derivative by an output is 2 / K (output - value).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array
from playground.engine.kernels.scalars import ONE, ZERO, exp_of_negative

Index = NDArray[np.int64]
Flags = NDArray[np.uint8]
Results = NDArray[np.float64]

LOSS, ASKED_LOSS, RIGHT, NORM = range(4)
"""What an update reports: the loss, sums over the asked timesteps of their cross-entropy and of right answers, and
the norm of the gradient before it is clipped."""
RESULTS = 4

TWO = np.float32(2.0)


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

    targets, asked and loss_weights (T B,).
    """
    for n in range(first * batch, last * batch):
        row, target, weight = logits[n - first * batch], targets[n], loss_weights[n]
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
            result[RIGHT] += of_target == ZERO
        scale = weight * (ONE / total)
        for k in range(row.shape[0]):
            row[k] *= scale
        row[target] -= weight


@compiled
def squared_error(
    outputs: Array,
    values: Array,
    asked: Flags,
    loss_weights: Array,
    tolerance: np.float32,
    first: int,
    last: int,
    batch: int,
    result: Results,
) -> None:
    """Timesteps first..last-1: `outputs` (C B, K') become the loss by them, and `result` is added to.

    values (T B, K), asked and loss_weights (T B,). Right is what is nearer than `tolerance` in every number.
    """
    answers = values.shape[1]
    for n in range(first * batch, last * batch):
        row, value, weight = outputs[n - first * batch], values[n], loss_weights[n]
        total, near = ZERO, True
        scale = TWO * weight / np.float32(answers)
        for k in range(answers):
            difference = row[k] - value[k]
            total += difference * difference
            near = near and abs(difference) < tolerance
            row[k] = scale * difference
        for k in range(answers, row.shape[0]):  # these are only there to fill a vector
            row[k] = ZERO
        found = total / np.float32(answers)
        result[LOSS] += found * weight
        if asked[n]:
            result[ASKED_LOSS] += found
            result[RIGHT] += near


@compiled
def _largest(row: Array) -> np.float32:
    largest = row[0]
    for k in range(1, row.shape[0]):
        largest = row[k] if row[k] > largest else largest
    return largest
