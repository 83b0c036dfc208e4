"""A block of whole updates of one network in one call: forward, loss, backward, clip, rule, again and again.

This is the one function that Python calls, and it never asks Python for anything: the interpreter's lock is free
while it runs. Weights go from row to row: row u of `weights` is what the network is after u updates of the block.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels import layer as layers
from playground.engine.kernels.compiled import compiled, kept
from playground.engine.kernels.head import LOSS, NORM, cross_entropy
from playground.engine.kernels.inputs import sum_by_row, take_rows
from playground.engine.kernels.memory import Array, Shape, Workplace
from playground.engine.kernels.parameters import Offsets, pack, unpack
from playground.engine.kernels.product import (
    add_column_sums,
    add_product,
    add_product_of_transposed,
    clear,
    copy,
    fill,
    product,
    rows,
)
from playground.engine.kernels.rules import apply_rule, norm_of

ABANDONED = -1

Kernel = Callable[..., int]
"""`train_block`, compiled."""


class Batches(NamedTuple):
    """The batches of n updates one behind the other: `lengths` timesteps and `distinct_counts` distinct inputs each."""

    distinct: Array  # (sum of U, I)
    rows: NDArray[np.int64]  # (sum of T B,): which distinct input of its batch is shown, time-major
    targets: NDArray[np.int64]  # (sum of T B,)
    asked: NDArray[np.uint8]  # (sum of T B,)
    loss_weights: Array  # (sum of T,)
    lengths: NDArray[np.int64]  # (n,)
    distinct_counts: NDArray[np.int64]  # (n,)


class Recipe(NamedTuple):
    """How a gradient becomes new weights."""

    rule: int
    learning_rate: float
    clip_norm: float
    updates_before: int
    """How many updates the network has had before this block."""


def train_block(
    shape: Shape,
    recipe: Recipe,
    batches: Batches,
    offsets: Offsets,
    weights: Array,
    gradient: Array,
    moments: Array,
    work: Workplace,
    results: NDArray[np.float64],
    urgency: NDArray[np.int64],
    enough: int,
) -> int:
    """As many updates as there are batches, or fewer: it ends before one whose loss or gradient is no finite number.

    weights (n + 1, P): row 0 is where it begins, the others are written. gradient (P,), moments (2, P): changed.
    results (n, 4): see `head`. Returns how many updates were done; where that is fewer than n, their row of
    `results` says what was found. ABANDONED once `urgency` (1,), which another thread may write to, is `enough`: it
    is looked at after each chunk of timesteps of each layer.
    """
    from_input = from_row = from_timestep = 0
    count = batches.lengths.shape[0]
    for u in range(count):
        T, U = batches.lengths[u], batches.distinct_counts[u]
        N = T * shape.batch
        unpack(work.weights, work.turned, weights[u], offsets, shape, shape.cell == layers.GRU)
        wanted = gradients_of(
            shape,
            work,
            batches.distinct[from_input : from_input + U],
            batches.rows[from_row : from_row + N],
            batches.targets[from_row : from_row + N],
            batches.asked[from_row : from_row + N],
            batches.loss_weights[from_timestep : from_timestep + T],
            results[u],
            urgency,
            enough,
        )
        if not wanted:
            return ABANDONED
        pack(gradient, work.gradient, offsets, shape, shape.cell == layers.GRU)
        norm = norm_of(gradient)
        results[u, NORM] = norm
        if not (math.isfinite(results[u, LOSS]) and math.isfinite(norm)):
            return u
        factor = np.float32(min(1.0, recipe.clip_norm / (norm + 1e-6)))
        number = recipe.updates_before + u + 1
        apply_rule(
            recipe.rule, weights[u + 1], weights[u], gradient, moments, factor, number, recipe.learning_rate
        )
        from_input, from_row, from_timestep = from_input + U, from_row + N, from_timestep + T
    return count


@compiled
def gradients_of(
    shape: Shape,
    work: Workplace,
    distinct: Array,
    index: NDArray[np.int64],
    targets: NDArray[np.int64],
    asked: NDArray[np.uint8],
    loss_weights: Array,
    result: NDArray[np.float64],
    urgency: NDArray[np.int64],
    enough: int,
) -> bool:
    """The loss of one batch, and its gradient by all weights. A chunk of timesteps is taken through all layers and the
    head before the next one, and back likewise. False when it was abandoned."""
    weights, turned, gradient, memory = work.weights, work.turned, work.gradient, work.memory
    timesteps, L, C = loss_weights.shape[0], shape.layers, shape.chunk
    gradient.whole[:] = 0.0
    result[:] = 0.0

    U = distinct.shape[0]
    projected, encoded = memory.projected[:U], memory.encoded[:U]
    fill(projected, turned.bias[0])
    if shape.has_encoder:
        fill(encoded, weights.encoder_bias[0])
        add_product(encoded, distinct, turned.encoder)  # (U, E)
        add_product(projected, encoded, turned.first)  # (U, R)
    else:
        add_product(projected, distinct, turned.first)  # (U, R)

    for first in range(0, timesteps, C):
        last = min(timesteps, first + C)
        for k in range(L):
            if k == 0:
                take_rows(memory.gates[0], projected, index, first, last)
            else:
                sums = rows(memory.gates[k], first, last)  # (C B, R)
                fill(sums, turned.bias[k])
                add_product(sums, rows(memory.hidden_state[k - 1], first + 1, last + 1), turned.weight_ih[k])
            layers.forward(shape, memory, turned, weights, k, first, last)
            if urgency[0] >= enough:
                return False
        hidden = rows(memory.hidden_state[L - 1], first + 1, last + 1)  # (C B, H)
        logits = memory.logits[: (last - first) * shape.batch]  # (C B, K')
        fill(logits, weights.head_bias[0])
        add_product(logits, hidden, turned.head)
        cross_entropy(logits, targets, asked, loss_weights, first, last, shape.batch, result)
        d_logits = logits  # the loss by them has been put in their place
        product(rows(memory.d_hidden[L - 1], first, last), d_logits, weights.head)  # (C B, H)
        add_product_of_transposed(gradient.head, d_logits, hidden)  # (K', H)
        add_column_sums(gradient.head_bias[0], d_logits)  # (K',)

    d_projected, d_encoded = memory.d_projected[:U], memory.d_encoded[:U]
    clear(d_projected)
    for k in range(L):  # nothing comes back from after the last timestep
        clear(memory.d_carried[k])
        clear(memory.d_recurrent[k, timesteps - (timesteps - 1) // C * C])
    for chunk in range((timesteps - 1) // C, -1, -1):
        first, last = chunk * C, min(timesteps, chunk * C + C)
        for k in range(L - 1, -1, -1):
            layers.backward(shape, memory, weights, k, first, last)
            layers.add_recurrent_gradients(shape, memory, gradient, k, first, last)
            if k == 0:
                sum_by_row(d_projected, memory.d_sums[0], index, first, last)
            else:
                d_sums = rows(memory.d_sums[k], 0, last - first)  # (C B, R)
                below = rows(memory.hidden_state[k - 1], first + 1, last + 1)  # (C B, H)
                add_product_of_transposed(gradient.weight_ih[k], d_sums, below)  # (R, H)
                add_column_sums(gradient.bias_ih[k], d_sums)  # (R,)
                product(rows(memory.d_hidden[k - 1], first, last), d_sums, weights.weight_ih[k])  # (C B, H)
            copy(memory.d_recurrent[k, C], memory.d_recurrent[k, 0])  # for the chunk before
            if urgency[0] >= enough:
                return False

    add_column_sums(gradient.bias_ih[0], d_projected)
    if shape.has_encoder:
        add_product_of_transposed(gradient.first, d_projected, encoded)  # (R, E)
        product(d_encoded, d_projected, weights.first)  # (U, E)
        add_product_of_transposed(gradient.encoder, d_encoded, distinct)  # (E, I)
        add_column_sums(gradient.encoder_bias[0], d_encoded)
    else:
        add_product_of_transposed(gradient.first, d_projected, distinct)  # (R, I)
    return True


def kernel(folder: Path) -> Kernel:
    """`train_block`, compiled already where this folder holds it, else compiled by its first call."""
    return cast(Kernel, kept(train_block, folder))
