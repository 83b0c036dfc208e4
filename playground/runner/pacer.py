"""When the next update is due, and how many a second there really are. Pure: the time is always given."""

from __future__ import annotations

from collections import deque

RATE_SECONDS = 1.0
"""The rate is that of the last second."""

CATCH_UP_SECONDS = 0.1
"""How far behind its schedule a run may fall and still catch up; what it lost beyond that is lost."""


class Pacer:
    """A schedule of deadlines, one `1 / speed` after the other: a late update does not make the next one late.

    Times are seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._speed: float | None = None
        self._due = 0.0
        self._done: deque[float] = deque()

    def set_speed(self, updates_per_second: float | None, now: float) -> None:
        """At most so many updates a second from now on; None: no limit. Raises ValueError for 0 and below."""
        if updates_per_second is not None and not updates_per_second > 0.0:
            raise ValueError(f"A speed is more than 0 updates a second, not {updates_per_second}.")
        self._speed = updates_per_second
        self._due = now

    @property
    def limited(self) -> bool:
        """Whether there is a limit."""
        return self._speed is not None

    def begin(self, now: float) -> None:
        """Training starts: the first update is due at once."""
        self._due = now
        self._done.clear()

    def seconds_until_due(self, now: float) -> float:
        """How long to wait for the next update; 0 when it is due."""
        return 0.0 if self._speed is None else max(0.0, self._due - now)

    def note_update(self, now: float) -> None:
        """An update is done."""
        self._done.append(now)
        self._forget_old(now)
        if self._speed is not None:
            self._due = max(self._due + 1.0 / self._speed, now - CATCH_UP_SECONDS)

    def rate(self, now: float) -> float:
        """Updates a second over the last second; 0 while there are not two to tell it from."""
        self._forget_old(now)
        if len(self._done) < 2:
            return 0.0
        span = self._done[-1] - self._done[0]
        return (len(self._done) - 1) / span if span > 0.0 else 0.0

    def _forget_old(self, now: float) -> None:
        while self._done and self._done[0] < now - RATE_SECONDS:
            self._done.popleft()
