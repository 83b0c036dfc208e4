"""The arrays that a kernel works in, by name: made once, for the longest block so far, and used again and again.

Letters in shapes: L layers, T timesteps, B sequences of a batch, H units, R rows of the stacked gates (4H for the
LSTM), C timesteps of a chunk, U distinct inputs of a batch, I their size, E the size after the encoder (I without
one), K answers, K' that rounded up to whole vectors, N = T * B. All float32, all contiguous.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

CHUNK_ROWS = 256
"""About so many rows (timesteps x sequences) are worked through before the next step of the work is done with them:
what was just written is then still in the cache."""

ANSWERS_TO = 16
"""Answers are padded to a multiple of this."""


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
    tanh: int
    """1 where the RNN squeezes with tanh, 0 where with sigmoid."""


class Memory(NamedTuple):
    """Everything that a forward and backward pass writes down. What stays of every timestep is the first part."""

    gates: Array  # (L, T, B, R) after their squeezing: every gate of every timestep
    hidden_state: Array  # (L, T + 1, B, H), zeros at 0: [t + 1] is that after timestep t
    cell_state: Array  # (L, T + 1, B, H) likewise
    output_part: (
        Array  # (L, T, B, H): tanh(c_t) of the LSTM, the guide's use candidate, the GRU's candidate_hidden
    )
    kept: Array  # (L, T, B, H): the guide's kept memory

    from_hidden: Array  # (B, R): the GRU's U h_{t-1} + b_hh
    d_hidden: Array  # (L, T, B, H): the loss by the hidden states
    d_carried: Array  # (L, B, H): the loss by the state that goes to the timestep before on the straight way
    d_sums: (
        Array  # (L, C + 1, B, R): by the sums inside the gates, this chunk's; [C] is the next chunk's first
    )
    d_recurrent: Array  # the same array; for the GRU another one: by the sums' recurrent part
    d_use: Array  # (L, C + 1, B, H): by the sum inside the guide's use network

    logits: Array  # (C * B, K'): then the loss by them
    encoded: Array  # (U, E)
    projected: Array  # (U, R): W x + b of every distinct input
    d_projected: Array  # (U, R)
    d_encoded: Array  # (U, E)

    weight_ih_t: Array  # (L, max(E, H), R): weights turned round, so that their rows are read in order
    weight_hh_t: Array  # (L, H, R)
    weight_use_t: Array  # (L, H, H)
    head: Array  # (K', H): zeros for answers that are not there
    head_t: Array  # (H, K')
    head_bias: Array  # (K',): of answers that are not there, so low that they never are
    encoder_t: Array  # (I, E)
    bias: Array  # (R,)


def make_memory(
    shape: Shape, timesteps: int, distinct: int, *, cell_state: bool, kept: bool, gru: bool
) -> Memory:
    """Arrays for blocks of at most so many timesteps and distinct inputs."""
    L, T, B, H, R, C = shape.layers, timesteps, shape.batch, shape.units, shape.rows, shape.chunk
    K, U, E, I = padded(shape.answers), distinct, shape.encoded, shape.inputs  # noqa: E741

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
        weight_ih_t=zeros(L, max(E, H), R),
        weight_hh_t=zeros(L, H * shape.has_memory, R),
        weight_use_t=zeros(L, H * kept, H),
        head=zeros(K, H),
        head_t=zeros(H, K),
        head_bias=zeros(K),
        encoder_t=zeros(I * shape.has_encoder, E),
        bias=zeros(R),
    )


def padded(answers: int) -> int:
    """K': the answers rounded up to whole vectors."""
    return -(-answers // ANSWERS_TO) * ANSWERS_TO


def aligned_zeros(sizes: tuple[int, ...]) -> Array:
    """Zeros that begin at a multiple of 64 bytes: a vector then never lies across two lines of the cache."""
    count = int(np.prod(sizes))
    raw = np.zeros(count + 16, np.float32)
    first = -(raw.ctypes.data // 4) % 16
    return raw[first : first + count].reshape(sizes)
