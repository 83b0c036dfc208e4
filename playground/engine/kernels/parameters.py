"""The parameters of a network as matrices: copied out of the flat vector before an update, gradients into it after.

In the vector they lie as torch has them, one after the other; here all layers' matrices of one kind are one array, and
what a forward pass multiplies is there turned round as well, so that a product reads neighbouring numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.compiled import compiled, stay_apart
from playground.engine.kernels.memory import Array, Parameters, Shape, Turned
from playground.engine.kernels.product import transpose

Offsets = NDArray[np.int64]
"""(L + 1, 7): where each parameter begins, a row a layer in the order of PARTS; the last row is that of ENDS."""

PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_use", "bias_use", "weight_peephole")
ENDS = ("encoder.weight", "encoder.bias", "head.weight", "head.bias")
NOT_THERE = -1


@compiled
def unpack(
    weights: Parameters, turned: Turned, vector: Array, offsets: Offsets, shape: Shape, own_hidden_bias: bool
) -> None:
    """All parameters of the vector (P,). `own_hidden_bias`: bias_hh is not simply added to bias_ih (the GRU)."""
    L, H, R, E = shape.layers, shape.units, shape.rows, shape.encoded
    for k in range(L):
        at = offsets[k]
        if k == 0:
            _take(weights.first, vector, at[0], R, E)
        else:
            _take(weights.weight_ih[k], vector, at[0], R, H)
            transpose(turned.weight_ih[k], weights.weight_ih[k])
        _take(weights.weight_hh[k], vector, at[1], R, H)
        _take(weights.bias_ih[k : k + 1], vector, at[2], 1, R)
        _take(weights.bias_hh[k : k + 1], vector, at[3], 1, R)
        _take(weights.weight_use[k], vector, at[4], H, H)
        _take(weights.bias_use[k : k + 1], vector, at[5], 1, H)
        _take(weights.weight_peephole[k : k + 1], vector, at[6], 1, 3 * H)
        transpose(turned.weight_hh[k], weights.weight_hh[k])
        transpose(turned.weight_use[k], weights.weight_use[k])
        for row in range(R):
            turned.bias[k, row] = weights.bias_ih[k, row]
            if at[3] != NOT_THERE and not own_hidden_bias:
                turned.bias[k, row] += weights.bias_hh[k, row]
    ends = offsets[L]
    _take(weights.encoder, vector, ends[0], E, shape.inputs)
    _take(weights.encoder_bias, vector, ends[1], 1, E)
    _take(weights.head, vector, ends[2], shape.answers, H)
    _take(weights.head_bias, vector, ends[3], 1, shape.answers)
    transpose(turned.first, weights.first)
    transpose(turned.encoder, weights.encoder)
    transpose(turned.head, weights.head)


@compiled
def pack(vector: Array, gradient: Parameters, offsets: Offsets, shape: Shape, own_hidden_bias: bool) -> None:
    """The gradient as one vector (P,). A bias_hh that is simply added has the gradient of bias_ih."""
    L, H, R, E = shape.layers, shape.units, shape.rows, shape.encoded
    for k in range(L):
        at = offsets[k]
        if k == 0:
            _put(vector, at[0], gradient.first, R, E)
        else:
            _put(vector, at[0], gradient.weight_ih[k], R, H)
        _put(vector, at[1], gradient.weight_hh[k], R, H)
        _put(vector, at[2], gradient.bias_ih[k : k + 1], 1, R)
        bias_hh = gradient.bias_hh if own_hidden_bias else gradient.bias_ih
        _put(vector, at[3], bias_hh[k : k + 1], 1, R)
        _put(vector, at[4], gradient.weight_use[k], H, H)
        _put(vector, at[5], gradient.bias_use[k : k + 1], 1, H)
        _put(vector, at[6], gradient.weight_peephole[k : k + 1], 1, 3 * H)
    ends = offsets[L]
    _put(vector, ends[0], gradient.encoder, E, shape.inputs)
    _put(vector, ends[1], gradient.encoder_bias, 1, E)
    _put(vector, ends[2], gradient.head, shape.answers, H)
    _put(vector, ends[3], gradient.head_bias, 1, shape.answers)


@compiled
def _take(matrix: Array, vector: Array, offset: int, rows: int, columns: int) -> None:
    """matrix[:rows, :columns] from the vector, if it is there."""
    stay_apart()
    if offset != NOT_THERE:
        for row in range(rows):
            for column in range(columns):
                matrix[row, column] = vector[offset + row * columns + column]


@compiled
def _put(vector: Array, offset: int, matrix: Array, rows: int, columns: int) -> None:
    """The other way round."""
    stay_apart()
    if offset != NOT_THERE:
        for row in range(rows):
            for column in range(columns):
                vector[offset + row * columns + column] = matrix[row, column]
