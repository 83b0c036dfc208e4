"""The question that a kernel asks between timesteps: whether its work is still wanted. It rests where it is to."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy import int64
from numpy.typing import NDArray

from playground.engine.kernels.compiled import compiled
from playground.engine.kernels.rests import PIECE_MICROSECONDS, SLEEP, TAKEN, WANTED, Rest


@intrinsic
def _sleep(context, address, microseconds):  # type: ignore[no-untyped-def]
    """Call the C function `int (unsigned)` at this address. What it does to memory the compiler cannot know, so cells
    that another thread writes are read anew after it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address, microseconds = arguments
        word = ir.IntType(32)
        function = builder.inttoptr(address, ir.FunctionType(word, [word]).as_pointer())
        builder.call(function, [builder.trunc(microseconds, word)])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


sleep: Any = _sleep


@compiled
def is_wanted(urgency: NDArray[int64], enough: int, rest: Rest) -> bool:
    """Whether to go on, after the rest that is wanted now: False once `urgency` (1,) is `enough`, which ends it."""
    while urgency[0] < enough and rest[TAKEN] < rest[WANTED] and rest[SLEEP] != 0:
        sleep(rest[SLEEP], PIECE_MICROSECONDS)
        rest[TAKEN] += 1
    return urgency[0] < enough
