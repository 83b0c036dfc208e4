"""Products of matrices, cut into tiles, and the small change around them. Nothing is checked here."""

from __future__ import annotations

import numpy as np

from playground.engine.kernels.compiled import compiled, part, stay_apart
from playground.engine.kernels.memory import Array
from playground.engine.kernels.tiles import TILE_ROWS, VECTOR, make_tile

_OVERWRITE, _ADD = np.int64(0), np.int64(1)  # for a plain 0 or 1 numba would compile the product again

_DEPTH = 256
"""Terms of the inner sum done at once: so many rows of a strip of `right` stay in the fastest cache."""

_many_by_two, _many_by_one, _many_by_rest = (
    make_tile(TILE_ROWS, 2),
    make_tile(TILE_ROWS, 1),
    make_tile(TILE_ROWS, 1, masked=True),
)
_one_by_four, _one_by_one, _one_by_rest = make_tile(1, 4), make_tile(1, 1), make_tile(1, 1, masked=True)


@compiled
def product(out: Array, left: Array, right: Array) -> None:
    """out (M, N) = left (M, K) @ right (K, N)."""
    _product(out, left, left.strides[0], left.strides[1], right, left.shape[1], _OVERWRITE)


@compiled
def add_product(out: Array, left: Array, right: Array) -> None:
    """out (M, N) += left (M, K) @ right (K, N)."""
    _product(out, left, left.strides[0], left.strides[1], right, left.shape[1], _ADD)


@compiled
def add_product_of_transposed(out: Array, left: Array, right: Array) -> None:
    """out (M, N) += left.T @ right for left (K, M) and right (K, N): the gradient of a matrix. `left` may be wider."""
    _product(out, left, left.strides[1], left.strides[0], right, left.shape[0], _ADD)


@compiled
def _product(out: Array, left: Array, to_row: int, to_term: int, right: Array, depth: int, add: int) -> None:
    stay_apart()
    rows, columns = out.shape
    many = rows - rows % TILE_ROWS
    for first in range(0, depth, _DEPTH):
        last = min(depth, first + _DEPTH)
        adds = add != 0 or first > 0
        column = 0
        while column < columns:  # strips of `right`, each for all rows while it is in the cache
            rest = columns - column
            if rest >= 2 * VECTOR:
                for row in range(0, many, TILE_ROWS):
                    _many_by_two(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                column += 2 * VECTOR
            elif rest >= VECTOR:
                for row in range(0, many, TILE_ROWS):
                    _many_by_one(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                column += VECTOR
            else:
                for row in range(0, many, TILE_ROWS):
                    _many_by_rest(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                column = columns
        for row in range(many, rows):  # the last rows one by one, four vectors wide: enough sums under way
            column = 0
            while column < columns:
                rest = columns - column
                if rest >= 4 * VECTOR:
                    _one_by_four(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                    column += 4 * VECTOR
                elif rest >= VECTOR:
                    _one_by_one(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                    column += VECTOR
                else:
                    _one_by_rest(out, row, column, left, to_row, to_term, right, first, last, rest, adds)
                    column = columns


@compiled
def add_column_sums(out: Array, matrix: Array) -> None:
    """out (N,) += the sum of the rows of matrix (M, N or more)."""
    stay_apart()
    for row in range(matrix.shape[0]):
        for column in range(out.shape[0]):
            out[column] += matrix[row, column]


@compiled
def transpose(out: Array, matrix: Array) -> None:
    """out[:N, :M] = matrix (M, N) transposed."""
    stay_apart()
    for row in range(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            out[column, row] = matrix[row, column]


@compiled
def fill(out: Array, row: Array) -> None:
    """Every row of out (M, N) = row (N,)."""
    stay_apart()
    for m in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[m, column] = row[column]


@compiled
def add(out: Array, matrix: Array) -> None:
    """out (M, N) += matrix (M, N)."""
    stay_apart()
    for m in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[m, column] += matrix[m, column]


@compiled
def clear(out: Array) -> None:
    """out (M, N) = 0."""
    stay_apart()
    for m in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[m, column] = 0.0


@compiled
def copy(out: Array, matrix: Array) -> None:
    """out (M, N) = matrix (M, N)."""
    stay_apart()
    for m in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[m, column] = matrix[m, column]


@part
def rows(array: Array, first: int, last: int) -> Array:
    """(M, B, W) -> the rows of first..last-1 under each other, ((last - first) B, W). A view."""
    return array[first:last].reshape((last - first) * array.shape[1], array.shape[2])
