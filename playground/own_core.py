"""Where the thread that trains runs: on one core of its own choice, so that the window finds another one free.

Left alone, Linux likes to wake the window's thread on the core where it was told of news: that of the training
thread, which is never idle. Measured on two cores with nothing else at work, training at full speed: the update of the
Train page took 9.3 ms (p95) before and 7.9 ms with this.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "linux":

    def keep_to_one_core() -> None:
        """Keep the calling thread to the last of the cores it may run on, where there are several. What it starts has
        to call `use_all_cores`: a process begins with the cores of the thread that started it."""
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) >= 2:
            _settle({cores[-1]})
            try:
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # it never interrupts the window
            except OSError:
                pass  # not allowed here: that is as it was

    def use_all_cores() -> None:
        """Let the calling thread run on every core of this machine again."""
        _settle(set(range(os.cpu_count() or 1)))

    def _settle(cores: set[int]) -> None:
        try:
            os.sched_setaffinity(0, cores)
        except OSError:
            pass  # not allowed here: that is as it was

else:  # other systems tell apart by themselves who waits for whom

    def keep_to_one_core() -> None:
        """Nothing to do here."""

    def use_all_cores() -> None:
        """Nothing to do here."""
