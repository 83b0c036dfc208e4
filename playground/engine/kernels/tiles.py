"""The heart of every product: a small block of the result that stays in the registers of the processor.

A tile of R rows and C columns of `out = left @ right` is R * C running sums. At each term k of the inner sum it reads
one piece of a row of `right` (C numbers side by side, as vectors) and R single numbers of `left`, and does
R * C multiplications with them: so arithmetic, not memory, takes the time (Goto and van de Geijn 2008, Anatomy of
high-performance matrix multiplication). A compiler does not find this by itself in plain loops: they reach two thirds
of the speed. Hence the instructions are written here, in LLVM's vectors, which become those of any processor.

The last columns of a matrix whose width is no multiple of a vector are read and written through a mask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _vector_length() -> int:
    """How many float32 one register of this processor holds."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 16
    return 8 if features.get("avx2") else 4


VECTOR = _vector_length()
"""float32 in a vector."""

TILE_ROWS = 4 if VECTOR == 8 else 8
"""Rows of the largest tile: with two vectors of columns its sums fit into the registers (AVX2 has 16, others 32)."""


def make_tile(rows: int, vectors: int, masked: bool = False) -> Callable[..., None]:
    """An intrinsic that computes one tile of `rows` x (`vectors` * VECTOR) numbers.

    tile(out, row, column, left, to_row, to_term, right, first, last, width, add): out[row:, column:] = (or, with
    `add`, +=) the sum over k from first to last - 1 of left[row:, k] * right[k, column:]. `to_row` and `to_term` are
    the bytes from a number of `left` to its neighbour below and to that of the next term; the other way round, `left`
    is transposed. `masked`: only `width` columns are there. No bounds are checked.
    """

    @intrinsic
    def tile(context, out, row, column, left, to_row, to_term, right, first, last, width, add):  # type: ignore[no-untyped-def]
        number = types.intp
        signature = types.void(
            out, number, number, left, number, number, right, number, number, number, types.boolean
        )

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            arguments = list(arguments)
            for at in (0, 3, 6):
                arguments[at] = cgutils.create_struct_proxy(signature.args[at])(
                    context, builder, arguments[at]
                )
            _generate_tile(builder, *arguments, rows=rows, vectors=vectors, masked=masked)
            return context.get_dummy_value()

        return signature, generate

    return tile


_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, VECTOR)
_MASK = ir.VectorType(ir.IntType(1), VECTOR)
_INDEX = ir.IntType(64)
_INT = ir.IntType(32)
_BYTES = 4
_FUSED = ("contract",)


def _generate_tile(
    builder: Any,
    out: Any,
    row: Any,
    column: Any,
    left: Any,
    to_row: Any,
    to_term: Any,
    right: Any,
    first: Any,
    last: Any,
    width: Any,
    add: Any,
    *,
    rows: int,
    vectors: int,
    masked: bool,
) -> None:
    def index(value: int) -> Any:
        return ir.Constant(_INDEX, value)

    def at(array: Any, r: Any, to_next_row: Any, c: Any, to_next_column: Any) -> Any:
        """Where array[r, c] lies."""
        offset = builder.add(builder.mul(r, to_next_row), builder.mul(c, to_next_column))
        return builder.gep(builder.bitcast(array.data, ir.IntType(8).as_pointer()), [offset])

    def address(array: Any, r: Any, c: Any) -> Any:
        to_next_row, _ = cgutils.unpack_tuple(builder, array.strides)
        return at(array, r, to_next_row, c, index(_BYTES))

    def pointer(where: Any, kind: Any) -> Any:
        return builder.bitcast(where, kind.as_pointer())

    def spread(number: Any, kind: Any = _VECTOR) -> Any:
        """A vector of the same number everywhere."""
        nothing = ir.Constant(kind, ir.Undefined)
        first = builder.insert_element(nothing, number, ir.Constant(_INT, 0))
        return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(_INT, VECTOR), [0] * VECTOR))

    zeros = ir.Constant(_VECTOR, [0.0] * VECTOR)
    mask = None
    if masked:
        indices = ir.VectorType(_INDEX, VECTOR)
        mask = builder.icmp_signed("<", ir.Constant(indices, list(range(VECTOR))), spread(width, indices))

    def load(where: Any) -> Any:
        if masked:
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(_VECTOR, [_VECTOR.as_pointer(), _INT, _MASK, _VECTOR]),
                f"llvm.masked.load.v{VECTOR}f32.p0",
            )
            return builder.call(function, [pointer(where, _VECTOR), ir.Constant(_INT, 4), mask, zeros])
        return builder.load(pointer(where, _VECTOR), align=4)

    def store(vector: Any, where: Any) -> None:
        if masked:
            function = cgutils.get_or_insert_function(
                builder.module,
                ir.FunctionType(ir.VoidType(), [_VECTOR, _VECTOR.as_pointer(), _INT, _MASK]),
                f"llvm.masked.store.v{VECTOR}f32.p0",
            )
            builder.call(function, [vector, pointer(where, _VECTOR), ir.Constant(_INT, 4), mask])
        else:
            builder.store(vector, pointer(where, _VECTOR), align=4)

    def columns_from(vector: int) -> Any:
        return builder.add(column, index(vector * VECTOR))

    cells = [(r, v) for r in range(rows) for v in range(vectors)]
    sums = {cell: cgutils.alloca_once(builder, _VECTOR) for cell in cells}  # LLVM keeps them in registers
    places = {(r, v): address(out, builder.add(row, index(r)), columns_from(v)) for r, v in cells}
    with builder.if_else(add) as (adding, beginning):
        with adding:
            for cell in cells:
                builder.store(load(places[cell]), sums[cell])
        with beginning:
            for cell in cells:
                builder.store(zeros, sums[cell])

    with cgutils.for_range(builder, last, start=first) as loop:
        k = loop.index
        across = [load(address(right, k, columns_from(v))) for v in range(vectors)]
        for r in range(rows):
            number = builder.load(pointer(at(left, builder.add(row, index(r)), to_row, k, to_term), _FLOAT))
            factor = spread(number)
            for v in range(vectors):
                term = builder.fmul(factor, across[v], flags=_FUSED)
                builder.store(builder.fadd(builder.load(sums[r, v]), term, flags=_FUSED), sums[r, v])

    for cell in cells:
        store(builder.load(sums[cell]), places[cell])
