"""How every kernel function is compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import njit, types
from numba.extending import intrinsic

FAST = {"reassoc", "contract", "arcp", "nsz", "afn"}
"""Sums in any order, so that they run in vectors. Not among these: `nnan` and `ninf`. With those the compiler may take
for granted that no number is ever NaN or infinite, and a network that diverges would not be noticed."""

OPTIONS: dict[str, Any] = {
    "nogil": True,
    "fastmath": FAST,
    "error_model": "numpy",
    "boundscheck": False,
    "_nrt": False,
}


@intrinsic
def _stay_apart(context):  # type: ignore[no-untyped-def]
    """Said at the beginning of a function: it is called, never copied to where it is called from. Without this the
    products would be copied to each of their thirty places, and compiling would take minutes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), generate


stay_apart: Any = _stay_apart


FUNCTIONS: list[str] = []
"""The names of all that is `compiled`: for progress."""


def compiled(function: Callable[..., Any]) -> Any:
    """A function that only other kernels call, compiled once for all of them.

    Python cannot call it: the two wrappers for that would take an eighth of the time that compiling takes.
    """
    FUNCTIONS.append(function.__name__)
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **OPTIONS}
    return njit(**options)(function)


def part(function: Callable[..., Any]) -> Any:
    """A small part of other kernels, written out wherever it is called before anything is compiled.

    For functions of single numbers, so that loops over them run in vectors; and for those that return a view of an
    array, because kernels count no references, so none can hand one out. It is slow to compile in large functions.
    """
    return njit(inline="always", **OPTIONS)(function)


def kept(function: Callable[..., Any], folder: Path) -> Any:
    """A function that Python calls, with all that it calls, compiled once for each machine and kept in this folder."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)  # read once, where the function is made
    try:
        return njit(cache=True, **OPTIONS)(function)
    finally:
        config.CACHE_DIR = before
