"""From events to the first layer, each distinct input once.

A batch shows the same pictures again and again: the encoder and W x + b are computed once for each of the U distinct
inputs, and every timestep takes its row. A symbol is the special case whose input is one-hot: its row is a column of W
plus b. On the way back the rows' losses are summed first, so every product again has U rows instead of T B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.memory import Array

Index = NDArray[np.int64]


@compiled
def take_rows(gates: Array, projected: Array, index: Index, first: int, last: int) -> None:
    """gates (T, B, R) of timesteps first..last-1 = each sequence's row of projected (U, R)."""
    batch = gates.shape[1]
    for t in range(first, last):
        for b in range(batch):
            source, target = projected[index[t * batch + b]], gates[t, b]
            for row in range(target.shape[0]):
                target[row] = source[row]


@compiled
def sum_by_row(d_projected: Array, d_sums: Array, index: Index, first: int, last: int) -> None:
    """d_projected (U, R) of each distinct input += d_sums (C + 1, B, R) wherever it was shown."""
    batch = d_sums.shape[1]
    for t in range(first, last):
        for b in range(batch):
            source, target = d_sums[t - first, b], d_projected[index[t * batch + b]]
            for row in range(target.shape[0]):
                target[row] += source[row]
