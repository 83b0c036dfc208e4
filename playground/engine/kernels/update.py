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
from playground.engine.kernels.head import LOSS, NORM, cross_entropy, squared_error
from playground.engine.kernels.inputs import sum_by_row, take_rows
from playground.engine.kernels.memory import Array, Memory, Shape, Workplace
from playground.engine.kernels.parameters import Offsets, pack, unpack
from playground.engine.kernels.product import (
    add,
    add_column_sums,
    add_product,
    add_product_of_transposed,
    clear,
    copy,
    fill,
    product,
    rows,
    transpose,
)
from playground.engine.kernels.rests import Rest
from playground.engine.kernels.rules import apply_rule, norm_of
from playground.engine.kernels.still import is_wanted

ABANDONED = -1

Kernel = Callable[..., int]
"""`train_block`, compiled."""


class Batches(NamedTuple):
    """The batches of n updates one behind the other: `lengths` timesteps and `distinct_counts` distinct inputs each."""

    distinct: Array  # (sum of U, I); none where inputs are symbols
    rows: NDArray[
        np.int64
    ]  # (sum of T B,): which distinct input of its batch is shown, or which symbol; time-major
    targets: NDArray[np.int64]  # (sum of T B,); none for squared error
    values: Array  # (sum of T B, K): targets of squared error; none for classes
    asked: NDArray[np.uint8]  # (sum of T B,)
    loss_weights: Array  # (sum of T B,)
    lengths: NDArray[np.int64]  # (n,)
    distinct_counts: NDArray[np.int64]  # (n,): I where inputs are symbols
    carried: NDArray[np.uint8]  # (n,): whether memory goes on from the batch before


class Recipe(NamedTuple):
    """How a gradient becomes new weights."""

    rule: int
    learning_rates: NDArray[np.float64]  # (n,): of each update of the block
    clip_norm: float
    updates_before: int
    """How many updates the network has had before this block."""
    tolerance: float
    """Squared error: how near to its target what is right must be."""


def train_block(
    shape: Shape,
    recipe: Recipe,
    batches: Batches,
    offsets: Offsets,
    weights: Array,
    gradient: Array,
    moments: Array,
    states: Array,
    work: Workplace,
    results: NDArray[np.float64],
    urgency: NDArray[np.int64],
    enough: int,
    rest: Rest,
) -> int:
    """As many updates as there are batches, or fewer: it ends before one whose loss or gradient is no finite number.

    weights (n + 1, P): row 0 is where it begins, the others are written. gradient (P,), moments (2, P): changed.
    states (2, L, B, H): hidden and cell states after the batch before; they become those after the last one.
    results (n, 4): see `head`. Returns how many updates were done; where that is fewer than n, their row of
    `results` says what was found. ABANDONED once `urgency` (1,), which another thread may write to, is `enough`: it
    is looked at after each chunk of timesteps of each layer. There, and at the end, it stands still as long as `rest`
    (3,) says.
    """
    from_input = from_row = 0
    count = batches.lengths.shape[0]
    for u in range(count):
        T, U = batches.lengths[u], batches.distinct_counts[u]
        N = T * shape.batch
        D = 0 if shape.symbols else U
        if shape.squared:
            targets, values = batches.targets[:0], batches.values[from_row : from_row + N]
        else:
            targets, values = batches.targets[from_row : from_row + N], batches.values[:0]
        begin_memory(shape, work.memory, states, batches.carried[u])
        unpack(work.weights, work.turned, weights[u], offsets, shape, shape.cell == layers.GRU)
        wanted = gradients_of(
            shape,
            work,
            T,
            U,
            batches.distinct[from_input : from_input + D],
            batches.rows[from_row : from_row + N],
            targets,
            values,
            batches.asked[from_row : from_row + N],
            batches.loss_weights[from_row : from_row + N],
            np.float32(recipe.tolerance),
            results[u],
            urgency,
            enough,
            rest,
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
        rate = recipe.learning_rates[u]
        apply_rule(recipe.rule, weights[u + 1], weights[u], gradient, moments, factor, number, rate)
        keep_memory(shape, work.memory, states, T)
        from_input, from_row = from_input + D, from_row + N
    is_wanted(urgency, enough, rest)  # Python is the window's now: all is done, whatever the answer
    return count


@compiled
def begin_memory(shape: Shape, memory: Memory, states: Array, carried: int) -> None:
    """The states before the first timestep: those that were kept, or zeros."""
    for k in range(shape.layers):
        if carried:
            copy(memory.hidden_state[k, 0], states[0, k])
        else:
            clear(memory.hidden_state[k, 0])
        if memory.cell_state.shape[1] > 0:
            if carried:
                copy(memory.cell_state[k, 0], states[1, k])
            else:
                clear(memory.cell_state[k, 0])


@compiled
def keep_memory(shape: Shape, memory: Memory, states: Array, timesteps: int) -> None:
    """Keep the states after the last timestep."""
    for k in range(shape.layers):
        copy(states[0, k], memory.hidden_state[k, timesteps])
        if memory.cell_state.shape[1] > 0:
            copy(states[1, k], memory.cell_state[k, timesteps])


@compiled
def gradients_of(
    shape: Shape,
    work: Workplace,
    timesteps: int,
    U: int,
    distinct: Array,
    index: NDArray[np.int64],
    targets: NDArray[np.int64],
    values: Array,
    asked: NDArray[np.uint8],
    loss_weights: Array,
    tolerance: np.float32,
    result: NDArray[np.float64],
    urgency: NDArray[np.int64],
    enough: int,
    rest: Rest,
) -> bool:
    """The loss of one batch, and its gradient by all weights. A chunk of timesteps is taken through all layers and the
    head before the next one, and back likewise. False when it was abandoned."""
    weights, turned, gradient, memory = work.weights, work.turned, work.gradient, work.memory
    L, C = shape.layers, shape.chunk
    gradient.whole[:] = 0.0
    result[:] = 0.0

    projected, encoded = memory.projected[:U], memory.encoded[: U * shape.has_encoder]
    fill(projected, turned.bias[0])
    if shape.has_encoder:
        fill(encoded, weights.encoder_bias[0])
        if shape.symbols:
            add(encoded, turned.encoder)  # (U, E)
        else:
            add_product(encoded, distinct, turned.encoder)  # (U, E)
        add_product(projected, encoded, turned.first)  # (U, R)
    elif shape.symbols:
        add(projected, turned.first)  # (U, R)
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
            if not is_wanted(urgency, enough, rest):
                return False
        hidden = rows(memory.hidden_state[L - 1], first + 1, last + 1)  # (C B, H)
        logits = memory.logits[: (last - first) * shape.batch]  # (C B, K')
        fill(logits, weights.head_bias[0])
        add_product(logits, hidden, turned.head)
        if shape.squared:
            squared_error(logits, values, asked, loss_weights, tolerance, first, last, shape.batch, result)
        else:
            cross_entropy(logits, targets, asked, loss_weights, first, last, shape.batch, result)
        d_logits = logits  # the loss by them has been put in their place
        product(rows(memory.d_hidden[L - 1], first, last), d_logits, weights.head)  # (C B, H)
        add_product_of_transposed(gradient.head, d_logits, hidden)  # (K', H)
        add_column_sums(gradient.head_bias[0], d_logits)  # (K',)

    d_projected, d_encoded = memory.d_projected[:U], memory.d_encoded[: U * shape.has_encoder]
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
            if not is_wanted(urgency, enough, rest):
                return False

    add_column_sums(gradient.bias_ih[0], d_projected)
    if shape.has_encoder:
        add_product_of_transposed(gradient.first, d_projected, encoded)  # (R, E)
        product(d_encoded, d_projected, weights.first)  # (U, E)
        add_column_sums(gradient.encoder_bias[0], d_encoded)
        if shape.symbols:
            transpose(gradient.encoder, d_encoded)  # (E, I)
        else:
            add_product_of_transposed(gradient.encoder, d_encoded, distinct)  # (E, I)
    elif shape.symbols:
        transpose(gradient.first, d_projected)  # (R, I)
    else:
        add_product_of_transposed(gradient.first, d_projected, distinct)  # (R, I)
    return True


def kernel(folder: Path) -> Kernel:
    """`train_block`, compiled already where this folder holds it, else compiled by its first call."""
    return cast(Kernel, kept(train_block, folder))
