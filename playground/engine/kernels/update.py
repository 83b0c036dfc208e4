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
from playground.engine.kernels.layer_weights import (
    EndWeights,
    LayerWeights,
    Offsets,
    end_weights,
    layer_weights,
)
from playground.engine.kernels.memory import Array, Memory, Shape
from playground.engine.kernels.product import (
    add_column_sums,
    add_product,
    add_product_of_transposed,
    fill,
    product,
    rows,
    transpose,
)
from playground.engine.kernels.rules import apply_rule, norm_of

Kernel = Callable[..., int]
"""`train_block`, compiled."""

NEVER = np.float32(-1e30)
"""The bias of an answer that is only there to fill a vector."""


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
    memory: Memory,
    results: NDArray[np.float64],
) -> int:
    """As many updates as there are batches, or fewer: it ends before one whose loss or gradient is no finite number.

    weights (n + 1, P): row 0 is where it begins, the others are written. gradient (P,), moments (2, P): changed.
    results (n, 4): see `head`. Returns how many updates were done; where that is fewer than n, their row of
    `results` says what was found.
    """
    from_input = from_row = from_timestep = 0
    count = batches.lengths.shape[0]
    for u in range(count):
        T, U = batches.lengths[u], batches.distinct_counts[u]
        N = T * shape.batch
        gradients_of(
            shape,
            memory,
            offsets,
            weights[u],
            gradient,
            batches.distinct[from_input : from_input + U],
            batches.rows[from_row : from_row + N],
            batches.targets[from_row : from_row + N],
            batches.asked[from_row : from_row + N],
            batches.loss_weights[from_timestep : from_timestep + T],
            results[u],
        )
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
    memory: Memory,
    offsets: Offsets,
    weights: Array,
    gradient: Array,
    distinct: Array,
    index: NDArray[np.int64],
    targets: NDArray[np.int64],
    asked: NDArray[np.uint8],
    loss_weights: Array,
    result: NDArray[np.float64],
) -> None:
    """The loss of one batch and its gradient by all weights (P,). A chunk of timesteps is taken through all layers
    and the head before the next one, and back likewise."""
    timesteps, L, C = loss_weights.shape[0], shape.layers, shape.chunk
    turn_round(shape, memory, offsets, weights)
    ends, end_gradient = end_weights(weights, offsets, shape), end_weights(gradient, offsets, shape)
    gradient[:] = 0.0
    result[:] = 0.0
    project_inputs(shape, memory, layer_weights(weights, offsets, shape, 0), ends, distinct)

    for first in range(0, timesteps, C):
        last = min(timesteps, first + C)
        for k in range(L):
            own = layer_weights(weights, offsets, shape, k)
            if k == 0:
                take_rows(memory.gates[0], memory.projected, index, first, last)
            else:
                sums = rows(memory.gates[k], first, last)  # (C B, R)
                layers.input_bias(shape, memory, own)
                fill(sums, memory.bias)
                add_product(
                    sums, rows(memory.hidden_state[k - 1], first + 1, last + 1), memory.weight_ih_t[k]
                )
            layers.forward(shape, memory, own, k, first, last)
        hidden = rows(memory.hidden_state[L - 1], first + 1, last + 1)  # (C B, H)
        logits = memory.logits[: (last - first) * shape.batch]  # (C B, K')
        fill(logits, memory.head_bias)
        add_product(logits, hidden, memory.head_t)
        cross_entropy(
            logits, targets, asked, loss_weights, first, last, shape.batch, result
        )  # now d loss / d logits
        product(rows(memory.d_hidden[L - 1], first, last), logits, memory.head)  # (C B, H)
        add_product_of_transposed(end_gradient.head, logits, hidden)  # (K, H)
        add_column_sums(end_gradient.head_bias, logits)  # (K,)

    memory.d_projected[: distinct.shape[0]] = 0.0
    for k in range(L):
        layers.begin_at_the_end(shape, memory, k, timesteps)
    for chunk in range((timesteps - 1) // C, -1, -1):
        first, last = chunk * C, min(timesteps, chunk * C + C)
        for k in range(L - 1, -1, -1):
            own, own_gradient = (
                layer_weights(weights, offsets, shape, k),
                layer_weights(gradient, offsets, shape, k),
            )
            layers.backward(shape, memory, own, k, first, last)
            layers.add_recurrent_gradients(shape, memory, own_gradient, k, first, last)
            if k == 0:
                sum_by_row(memory.d_projected, memory.d_sums[0], index, first, last)
            else:
                d_sums = rows(memory.d_sums[k], 0, last - first)  # (C B, R)
                below = rows(memory.hidden_state[k - 1], first + 1, last + 1)  # (C B, H)
                add_product_of_transposed(own_gradient.weight_ih, d_sums, below)  # (R, H)
                add_column_sums(own_gradient.bias_ih, d_sums)  # (R,)
                product(rows(memory.d_hidden[k - 1], first, last), d_sums, own.weight_ih)  # (C B, H)
            layers.hand_back(shape, memory, k)

    own, own_gradient = layer_weights(weights, offsets, shape, 0), layer_weights(gradient, offsets, shape, 0)
    add_input_gradients(shape, memory, own, own_gradient, end_gradient, distinct)
    for k in range(L):
        layers.finish_biases(shape, layer_weights(gradient, offsets, shape, k))


@compiled
def turn_round(shape: Shape, memory: Memory, offsets: Offsets, weights: Array) -> None:
    """The matrices of the forward pass turned round, so that a product reads neighbouring numbers of them."""
    ends = end_weights(weights, offsets, shape)
    for k in range(shape.layers):
        own = layer_weights(weights, offsets, shape, k)
        transpose(memory.weight_ih_t[k], own.weight_ih)
        transpose(memory.weight_hh_t[k], own.weight_hh)
        transpose(memory.weight_use_t[k], own.weight_use)
    transpose(memory.encoder_t, ends.encoder)
    transpose(memory.head_t, ends.head)
    memory.head_bias[:] = NEVER
    for k in range(shape.answers):  # the rows and columns that fill up stay zero
        memory.head_bias[k] = ends.head_bias[k]
        for j in range(shape.units):
            memory.head[k, j] = ends.head[k, j]


@compiled
def project_inputs(
    shape: Shape, memory: Memory, weights: LayerWeights, ends: EndWeights, distinct: Array
) -> None:
    """`projected` (U, R) = W x + b for every distinct input (U, I), through the encoder if there is one."""
    count = distinct.shape[0]
    projected = memory.projected[:count]
    layers.input_bias(shape, memory, weights)
    fill(projected, memory.bias)
    if shape.has_encoder:
        encoded = memory.encoded[:count]
        fill(encoded, ends.encoder_bias)
        add_product(encoded, distinct, memory.encoder_t)  # (U, E)
        add_product(projected, encoded, memory.weight_ih_t[0])  # (U, R)
    else:
        add_product(projected, distinct, memory.weight_ih_t[0])  # (U, R)


@compiled
def add_input_gradients(
    shape: Shape,
    memory: Memory,
    weights: LayerWeights,
    gradient: LayerWeights,
    end_gradient: EndWeights,
    distinct: Array,
) -> None:
    """The gradients of W, b and the encoder, from `d_projected`."""
    count = distinct.shape[0]
    d_projected = memory.d_projected[:count]
    add_column_sums(gradient.bias_ih, d_projected)
    if shape.has_encoder:
        d_encoded = memory.d_encoded[:count]
        add_product_of_transposed(gradient.weight_ih, d_projected, memory.encoded[:count])  # (R, E)
        product(d_encoded, d_projected, weights.weight_ih)  # (U, E)
        add_product_of_transposed(end_gradient.encoder, d_encoded, distinct)  # (E, I)
        add_column_sums(end_gradient.encoder_bias, d_encoded)
    else:
        add_product_of_transposed(gradient.weight_ih, d_projected, distinct)  # (R, I)


def kernel(folder: Path) -> Kernel:
    """`train_block`, compiled already where this folder holds it, else compiled by its first call."""
    return cast(Kernel, kept(train_block, folder))
