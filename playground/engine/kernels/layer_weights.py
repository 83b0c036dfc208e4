"""The parameters of a network as matrices: views of the flat vector that torch's modules are views of, too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.compiled import part
from playground.engine.kernels.memory import Array, Shape

Offsets = NDArray[np.int64]


class LayerWeights(NamedTuple):
    """The parameters of one recurrent layer by torch's names, or a gradient in their places; empty what it has not."""

    weight_ih: Array  # (R, E) or, above the first layer, (R, H)
    weight_hh: Array  # (R, H)
    bias_ih: Array  # (R,)
    bias_hh: Array  # (R,)
    weight_use: Array  # (H, H)
    bias_use: Array  # (H,)


class EndWeights(NamedTuple):
    """The parameters before and behind the recurrent layers."""

    encoder: Array  # (E, I)
    encoder_bias: Array  # (E,)
    head: Array  # (K, H)
    head_bias: Array  # (K,)


PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_use", "bias_use")
"""Of a layer, in this order in the table of offsets; the parameters before and behind are the last row."""

ENDS = ("encoder.weight", "encoder.bias", "head.weight", "head.bias")

NOT_THERE = -1


@part
def _matrix(vector: Array, offset: int, rows: int, columns: int) -> Array:
    if offset < 0:
        return vector[0:0].reshape(0, columns)
    return vector[offset : offset + rows * columns].reshape(rows, columns)


@part
def _row(vector: Array, offset: int, size: int) -> Array:
    return vector[0:0] if offset < 0 else vector[offset : offset + size]


@part
def layer_weights(vector: Array, offsets: Offsets, shape: Shape, layer: int) -> LayerWeights:
    """Layer `layer` (0-based) of the flat vector (P,)."""
    at = offsets[layer]
    H, R = shape.units, shape.rows
    return LayerWeights(
        _matrix(vector, at[0], R, shape.encoded if layer == 0 else H),
        _matrix(vector, at[1], R, H),
        _row(vector, at[2], R),
        _row(vector, at[3], R),
        _matrix(vector, at[4], H, H),
        _row(vector, at[5], H),
    )


@part
def end_weights(vector: Array, offsets: Offsets, shape: Shape) -> EndWeights:
    """Encoder and head of the flat vector (P,)."""
    at = offsets[shape.layers]
    return EndWeights(
        _matrix(vector, at[0], shape.encoded, shape.inputs),
        _row(vector, at[1], shape.encoded),
        _matrix(vector, at[2], shape.answers, shape.units),
        _row(vector, at[3], shape.answers),
    )
