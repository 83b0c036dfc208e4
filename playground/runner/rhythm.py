"""When the window will paint its next frame, told from when it painted the last ones.

What Python does between two blocks of updates has to wait while the window paints; kernels have not. So a block that
would end in the middle of the next painting had better be a little longer: it ends after it, and nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable

SHORTEST, LONGEST = 0.02, 0.06
"""Seconds between two frames; what is not between these is no rhythm."""

FRAMES = 3
"""So many frames are remembered: parts of the window take turns, and the longest of them counts."""


class FrameRhythm:
    """The rhythm of the frames. `begins` and `ends` are told on the window's thread, `free_from` asked on another."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._began = float("-inf")
        self._interval = 0.0
        self._lengths = (0.0,) * FRAMES
        self._painting = False

    def begins(self) -> None:
        """The window begins with a frame."""
        now = self._clock()
        interval = now - self._began
        if interval < SHORTEST:
            return  # the same frame, or one that came late
        self._began, self._painting = now, True
        self._interval = interval if interval <= LONGEST else 0.0

    def ends(self) -> None:
        """What it began with is painted."""
        if self._painting:
            self._painting = False
            self._lengths = (*self._lengths[1:], self._clock() - self._began)

    def free_from(self, at: float, needed: float) -> float:
        """The first moment, not before `at`, from which the window leaves Python alone for `needed` seconds; `at`
        where there is no rhythm. Looks no further than the frame after the last."""
        interval = self._interval
        if not interval or not 0.0 <= at - self._began <= 2.0 * interval:
            return at
        length = max(self._lengths)
        begins = self._began + interval
        return begins + length if begins - needed < at < begins + length else at
