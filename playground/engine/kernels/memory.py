"""The arrays that a kernel works in, by name: made once, for the longest block so far, and used again and again.

Letters in shapes: L layers, T timesteps, B sequences of a batch, H units, R rows of the stacked gates (4H for the
LSTM), C timesteps of a chunk, U distinct inputs of a batch, I their size, E the size after the encoder (I without
one), K answers, K' that rounded up to whole vectors, N = T * B. All float32, all contiguous.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

CHUNK_ROWS = 256
"""About so many rows (timesteps x sequences) are worked through before the next step of the work is done with them:
what was just written is then still in the cache."""

ANSWERS_TO = 16
"""Answers are padded to a multiple of this."""

NEVER = np.float32(-1e30)
"""The bias of an answer that is only there to fill a vector."""


class Shape(NamedTuple):
    """The sizes of one network, and which one it is."""

    cell: int
    layers: int
    units: int
    rows: int
    batch: int
    chunk: int
    inputs: int
    encoded: int
    has_encoder: int
    answers: int
    has_memory: int
    squeeze: int
    """What the RNN squeezes with: a code of `rnn`."""
    symbols: int
    """1 where inputs are symbols: then the I one-hot vectors are the distinct inputs of every batch, and not made."""
    squared: int
    """1 where the loss is the squared error, 0 where it is the cross-entropy."""


class Parameters(NamedTuple):
    """The parameters of a network, or their gradient, by torch's names; of no size what the cell has not."""

    whole: Array  # all that follows, one after the other
    first: Array  # (R, E): weight_ih of the first layer
    weight_ih: Array  # (L, R, H): of the layers above it
    weight_hh: Array  # (L, R, H)
    bias_ih: Array  # (L, R)
    bias_hh: Array  # (L, R)
    weight_use: Array  # (L, H, H)
    bias_use: Array  # (L, H)
    weight_peephole: Array  # (L, 3H): of the input, forget and output gate
    encoder: Array  # (E, I)
    encoder_bias: Array  # (1, E)
    head: Array  # (K', H): zeros for answers that are not there
    head_bias: Array  # (1, K'): for those so low that they never are


class Turned(NamedTuple):
    """The matrices of `Parameters` turned round, and the sum of the biases that are added to the inputs' product."""

    first: Array  # (E, R)
    weight_ih: Array  # (L, H, R)
    weight_hh: Array  # (L, H, R)
    weight_use: Array  # (L, H, H)
    encoder: Array  # (I, E)
    head: Array  # (H, K')
    bias: Array  # (L, R)


class Memory(NamedTuple):
    """What one forward and backward pass writes down. What stays of every timestep is the first part."""

    gates: Array  # (L, T, B, R) after their squeezing: every gate of every timestep
    hidden_state: Array  # (L, T + 1, B, H), at 0 zeros or what was carried: [t + 1] is that after timestep t
    cell_state: Array  # (L, T + 1, B, H) likewise
    output_part: (
        Array  # (L, T, B, H): tanh(c_t) of the LSTM, the guide's use candidate, the GRU's candidate_hidden
    )
    kept: Array  # (L, T, B, H): the guide's kept memory

    from_hidden: Array  # (B, R): the GRU's U h_{t-1} + b_hh
    d_hidden: Array  # (L, T, B, H): the loss by the hidden states
    d_carried: Array  # (L, B, H): the loss by the state that goes to the timestep before on the straight way
    d_sums: Array  # (L, C + 1, B, R): by the sums inside the gates, this chunk's, and the next chunk's first
    d_recurrent: Array  # the same array; for the GRU another one: by the sums' recurrent part
    d_use: Array  # (L, C + 1, B, H): by the sum inside the guide's use network

    logits: Array  # (C * B, K'): then the loss by them
    encoded: Array  # (U, E)
    projected: Array  # (U, R): W x + b of every distinct input
    d_projected: Array  # (U, R)
    d_encoded: Array  # (U, E)


class Workplace(NamedTuple):
    """Everything that a kernel works in."""

    weights: Parameters
    turned: Turned
    gradient: Parameters
    memory: Memory


def make_workplace(
    shape: Shape, timesteps: int, distinct: int, *, cell_state: bool, kept: bool, gru: bool
) -> Workplace:
    """Arrays for blocks of at most so many timesteps and distinct inputs."""
    weights, gradient = make_parameters(shape, kept), make_parameters(shape, kept)
    weights.head_bias[:] = NEVER
    L, H, R, K = shape.layers, shape.units, shape.rows, padded(shape.answers)
    turned = Turned(
        first=aligned_zeros((shape.encoded, R)),
        weight_ih=aligned_zeros((L, H, R)),
        weight_hh=aligned_zeros((L, H, R)),
        weight_use=aligned_zeros((L, H, H)),
        encoder=aligned_zeros((shape.inputs * shape.has_encoder, shape.encoded)),
        head=aligned_zeros((H, K)),
        bias=aligned_zeros((L, R)),
    )
    memory = make_memory(shape, timesteps, distinct, cell_state=cell_state, kept=kept, gru=gru)
    return Workplace(weights, turned, gradient, memory)


def make_parameters(shape: Shape, kept: bool) -> Parameters:
    """Zeros for all parameters of a network of this shape, each beginning at a multiple of 64 bytes."""
    L, H, R, E, K = shape.layers, shape.units, shape.rows, shape.encoded, padded(shape.answers)
    sizes = (
        (R, E),
        (L, R, H),
        (L, R * shape.has_memory, H),
        (L, R),
        (L, R),
        (L, H * kept, H),
        (L, H),
        (L, 3 * H),
        (E * shape.has_encoder, shape.inputs),
        (1, E),
        (K, H),
        (1, K),
    )
    places = [-(-int(np.prod(size)) // 16) * 16 for size in sizes]
    whole = aligned_zeros((sum(places),))
    starts = np.cumsum([0, *places])
    parts = [
        whole[start : start + int(np.prod(size))].reshape(size)
        for start, size in zip(starts, sizes, strict=False)
    ]
    return Parameters(whole, *parts)


def make_memory(
    shape: Shape, timesteps: int, distinct: int, *, cell_state: bool, kept: bool, gru: bool
) -> Memory:
    """Arrays for blocks of at most so many timesteps and distinct inputs."""
    L, T, B, H, R, C = shape.layers, timesteps, shape.batch, shape.units, shape.rows, shape.chunk
    K, U, E = padded(shape.answers), distinct, shape.encoded

    def zeros(*sizes: int) -> Array:
        return aligned_zeros(sizes)

    d_sums = zeros(L, C + 1, B, R)
    return Memory(
        gates=zeros(L, T, B, R),
        hidden_state=zeros(L, T + 1, B, H),
        cell_state=zeros(L, (T + 1) * cell_state, B, H),
        output_part=zeros(L, T * (cell_state or gru), B, H),
        kept=zeros(L, T * kept, B, H),
        from_hidden=zeros(B * gru, R),
        d_hidden=zeros(L, T, B, H),
        d_carried=zeros(L, B, H),
        d_sums=d_sums,
        d_recurrent=zeros(L, C + 1, B, R) if gru else d_sums,
        d_use=zeros(L, (C + 1) * kept, B, H),
        logits=zeros(C * B, K),
        encoded=zeros(U * shape.has_encoder, E),
        projected=zeros(U, R),
        d_projected=zeros(U, R),
        d_encoded=zeros(U * shape.has_encoder, E),
    )


def padded(answers: int) -> int:
    """K': the answers rounded up to whole vectors."""
    return -(-answers // ANSWERS_TO) * ANSWERS_TO


def aligned_zeros(sizes: tuple[int, ...]) -> Array:
    """Zeros that begin at a multiple of 64 bytes: a vector then never lies across two lines of the cache."""
    count = math.prod(sizes)
    raw = np.zeros(count + 16, np.float32)
    first = -(raw.ctypes.data // 4) % 16
    return raw[first : first + count].reshape(sizes)
