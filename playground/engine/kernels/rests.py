"""Kernels stand still for a moment while the window works for somebody who waits: how they know, and how they sleep.

A kernel asks nobody's leave to compute beside the window, but the two may be the two threads of one core, and then
the window takes a third longer. So where somebody has pressed a key, kernels sleep in small pieces until the window
has painted: between two timesteps, at the end of an update, and before they go back to Python, which is the window's
then. What they compute does not depend on it.

numba is not imported here: the runner knows the cells of a rest, too.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

WANTED, TAKEN, SLEEP = range(3)
"""The cells of a rest, int64: how many pieces are wanted, written by whoever speaks for the window; how many were
slept, set to 0 by the same and counted up by the kernel; the address of the C function that sleeps for so many
microseconds, 0 where there is none, written by whoever calls the kernel."""

PIECE_MICROSECONDS = 100
"""How long a piece is asked to be. Linux makes 150 of it."""

Rest = NDArray[np.int64]


def no_rest() -> Rest:
    """(3,) the cells of a rest that nobody wants."""
    return np.zeros(3, np.int64)


def pieces_of(seconds: float) -> int:
    """So many pieces take no longer than this, as long as the machine has nothing else to do."""
    return int(seconds * 1e6 / (1.5 * PIECE_MICROSECONDS))


@cache
def sleep_address() -> int:
    """Where `usleep` of the C library lies in this process; 0 where there is none, so nobody rests.

    It is given to the kernel as a number, not linked to it: machine code that is kept in a file holds no address. Not
    on Windows: what sleeps there sleeps for 16 ms at a time, and a pause would have to wait for it.
    """
    if sys.platform == "win32":
        return 0
    try:
        import ctypes

        return ctypes.cast(ctypes.CDLL(None).usleep, ctypes.c_void_p).value or 0
    except (ImportError, OSError, AttributeError):
        return 0
