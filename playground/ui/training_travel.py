"""Where in training time the user wants to go: one wish under way, and the newest after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playground.trace.snapshot import ReplayProgress, RequestFailure, TraceAnswer

Arrival = TraceAnswer | RequestFailure


@dataclass(frozen=True)
class Wish:
    """An update, and whether it must be exactly this one or may be the nearest kept one at or before it."""

    update: int
    exact: bool


class TrainingTravel:
    """The travel to an earlier moment of the run. GUI thread.

    `ask(wish, callback)` asks for the traces there and returns the id for `cancel`; `arrived(answer)` gets them, or
    why there are none; `changed()` is called when a travel begins, goes on or ends.
    """

    def __init__(
        self,
        ask: Callable[[Wish, Callable[[Arrival], None]], int],
        cancel: Callable[[int], None],
        arrived: Callable[[Arrival], None],
        changed: Callable[[], None],
    ) -> None:
        self._ask, self._cancel, self._arrived, self._changed = ask, cancel, arrived, changed
        self._request_id: int | None = None
        self._now: Wish | None = None
        self._next: Wish | None = None
        self.progress: ReplayProgress | None = None
        """How far the replay is that the update has to be computed with; None: none is needed, or known of."""

    @property
    def under_way(self) -> bool:
        """Whether an earlier moment is on its way."""
        return self._request_id is not None

    @property
    def target(self) -> int | None:
        """The update that is wished for; None when none is."""
        wish = self._next or self._now
        return wish.update if wish is not None else None

    def go_to(self, wish: Wish) -> None:
        """Go there, or after what is under way: only the newest wish is remembered, and a replay is given up for it."""
        if self.under_way:
            if self._now == wish:
                self._next = None
                return
            if self._now is not None and not self._now.exact:
                self._next = wish
                return
            self.end()
        self.depart(wish)

    def depart(self, wish: Wish) -> None:
        """Go there now."""
        self._now = wish
        self._request_id = self._ask(wish, self._arrive)
        self._changed()

    def end(self) -> None:
        """Give up what is under way and what was to come after it."""
        under_way, self._request_id = self._request_id, None
        self._now = self._next = self.progress = None
        if under_way is not None:
            self._cancel(under_way)
            self._changed()

    def tell(self, progress: ReplayProgress) -> None:
        """A replay has come on: ours, or another's."""
        if progress.request_id == self._request_id:
            self.progress = progress
            self._changed()

    def _arrive(self, answer: Arrival) -> None:
        wish, self._next = self._next, None
        self._request_id = self._now = self.progress = None
        self._arrived(answer)
        if wish is not None:
            self.depart(wish)
        else:
            self._changed()
