"""What the runner prepares beside training, as the window hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playground.contract.runner import Runner

if TYPE_CHECKING:
    from playground.contract.preparation import Preparation

POLLS_OF_A_LOOK = 10
"""Every so many polls the runner is asked what it prepares: three times a second."""


class PreparationWatch:
    """Asks a runner what it prepares, until that is over for its run. GUI thread.

    `changed()` is called when it has come on by at least one per cent or is over; `over(sentence)` gets what became of
    something that was under way, and once why something cannot be prepared at all.
    """

    def __init__(self, changed: Callable[[], None], over: Callable[[str], None]) -> None:
        self._changed, self._over = changed, over
        self._polls = 0
        self._told_run = 0
        self._told = ""
        self.preparation: Preparation | None = None
        """What is prepared, as long as it is under way."""

    def poll(self, runner: Runner, run_id: int) -> None:
        """Called with every poll; looks at every tenth."""
        self._polls += 1
        if self._polls % POLLS_OF_A_LOOK or self._told_run == run_id:
            return
        found = runner.preparation()
        if found is not None and not found.under_way:  # until the next run begins nothing else can come
            self._told_run = run_id
            in_vain = found.fraction < 1.0 and found.sentence != self._told
            if self.preparation is not None or in_vain:
                self._told = found.sentence
                self._over(found.sentence)
            found = None
        if _per_cent(found) != _per_cent(self.preparation):
            self.preparation = found
            self._changed()


def _per_cent(preparation: Preparation | None) -> int | None:
    return None if preparation is None else int(100.0 * preparation.fraction)
