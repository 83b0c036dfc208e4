"""Asks the runner for what the Memory page shows: measures of memory, and how long memories last.

Never more than one question of each kind is under way. While the networks train, the next one is asked only some time
after the last answer, so that looking costs the training little; when the run stands still, the moment shown is asked
for once, at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from playground.contract.runner import HorizonRequest, TraceRequest, UnitsRequest
from playground.tasks.task import Task
from playground.trace.snapshot import HorizonAnswer, RequestFailure, TraceAnswer, UnitsAnswer
from playground.ui.state import UiState

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

HORIZON_DISTANCES = (0, 5, 10, 20, 40, 60)
SHARES = (0.0, 0.25, 0.5, 1.0, 1.5)
"""Of the longest distance in training: where another task than the nature show is asked."""


def distances_of(task: Task) -> tuple[int, ...]:
    """Where a task is asked: at those of the shares that it has sequences of, each once."""
    if task.judged == "everywhere":
        return HORIZON_DISTANCES
    found = set()
    for share in SHARES:
        try:
            found.add(task.held_out(0, 1, round(share * task.longest_distance))[0].distance)
        except ValueError:  # there are no such sequences
            continue
    return tuple(sorted(found)) or (task.longest_distance,)


HORIZON_SEQUENCES = 256
"""Questions at each distance: enough to tell 88 % from 95 %, few enough for a moment's work."""

MEASURES_PAUSE = 0.08
"""Seconds between an answer with measures and the next question, while training."""
HORIZON_PAUSE = 2.0
"""The same for how long memories last, which takes the runner longer."""


UNITS_PAUSE = 3.0
"""The same for what the units know."""

UNIT_SEQUENCES = 500

A = TypeVar("A", TraceAnswer, HorizonAnswer, UnitsAnswer)


@dataclass(frozen=True)
class Wanted:
    """What an answer has to be about to be the right one. `extra`: whatever else the question depends on."""

    run_id: int
    update: int
    extra: object = None


class Inquiry(Generic[A]):
    """One kind of question, one at a time.

    `ask(update, callback)` asks about an update, or about now with None, and returns the request's id; `received()` is
    called with every news.
    """

    def __init__(
        self,
        ask: Callable[[int | None, Callable[[A | RequestFailure], None]], int],
        received: Callable[[], None],
        pause: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask: Callable[[int | None, Callable[[A | RequestFailure], None]], int] = ask
        self._received = received
        self._pause = pause
        self._clock = clock
        self._request_id: int | None = None
        self._asked_for: Wanted | None = None
        self._failed: Wanted | None = None
        self._answered_at = -1e9
        self._asked_at = self._took = 0.0
        self._answered_extra: object = None
        self.answer: A | None = None
        self.failure = ""
        """Why the last question could not be answered, as a sentence; empty when it was."""

    @property
    def under_way(self) -> bool:
        """Whether a question waits for its answer."""
        return self._request_id is not None

    def give_up(self) -> int | None:
        """Nothing that was answered holds, and what was asked is not wanted any more: its id, to cancel it."""
        request_id = self._request_id
        self.forget()
        return request_id

    def forget(self) -> None:
        """Another run began: nothing that was answered holds, and nothing that was asked will come."""
        self._request_id = self._asked_for = self._failed = self.answer = None
        self.failure = ""
        self._answered_at, self._took = -1e9, 0.0

    def answers_to(self, wanted: Wanted) -> bool:
        """Whether the last answer is about exactly this."""
        return (
            self.answer is not None
            and (self.answer.run_id, self.answer.update) == (wanted.run_id, wanted.update)
            and self._answered_extra == wanted.extra
        )

    def wish(self, wanted: Wanted, *, live: bool, training: bool) -> None:
        """Ask for this if it is not known, nothing is under way, and (while training) it is time again.

        `live`: the newest moment will do; otherwise the one at exactly `wanted.update`.
        """
        if self.under_way or self.answers_to(wanted) or self._failed == wanted:
            return
        changed = self.answer is not None and self._answered_extra != wanted.extra
        pause = max(
            self._pause, self._took
        )  # what takes long is asked less often: learning goes on meanwhile
        if training and live and not changed and self._clock() - self._answered_at < pause:
            return
        self._asked_for, self._asked_at = wanted, self._clock()
        self._request_id = -1
        self._request_id = self._ask(None if live else wanted.update, self._take)

    def _take(self, answer: A | RequestFailure) -> None:
        asked_for, self._asked_for, self._request_id = self._asked_for, None, None
        self._answered_at = self._clock()
        self._took = self._answered_at - self._asked_at
        if isinstance(answer, RequestFailure):
            self._failed, self.failure = asked_for, answer.sentence
        else:
            self._failed, self.failure = None, ""
            self.answer = answer
            self._answered_extra = asked_for.extra if asked_for is not None else None
        self._received()


class MemoryInquiries:
    """The questions of the Memory page about the moment shown: `measures` (since timestep k), `horizon` and `units`.

    Only those in `wanted` are asked: what nobody looks at is not measured.

    `look()` asks what is missing; call it whenever the moment, the run, k or the visibility changed.
    `changed()` is called with every answer. Lives on the GUI thread.
    """

    def __init__(
        self,
        state: UiState,
        monitor: RunMonitor,
        changed: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state, self._monitor, self._changed = state, monitor, changed
        self._distances: tuple[Task, tuple[int, ...]] | None = None
        self.since = 0
        self.wanted: tuple[str, ...] = ("measures", "horizon")
        self.measures: Inquiry[TraceAnswer] = Inquiry(
            self._ask_measures, self._answered, MEASURES_PAUSE, clock
        )
        self.horizon: Inquiry[HorizonAnswer] = Inquiry(
            self._ask_horizon, self._answered, HORIZON_PAUSE, clock
        )

        self.units: Inquiry[UnitsAnswer] = Inquiry(self._ask_units, self._answered, UNITS_PAUSE, clock)

    def forget(self) -> None:
        """Another run began."""
        self.measures.forget()
        self.horizon.forget()
        self.units.forget()

    def sequence_changed(self) -> None:
        """Another sequence is shown: what was measured was about the one before."""
        self.since = min(self.since, self._monitor.sequence.length - 1)
        request_id = self.measures.give_up()
        if request_id is not None:
            self._monitor.cancel(request_id)

    @property
    def wanted_measures(self) -> Wanted:
        """What the measures shown should be about."""
        moment = self._state.moment
        return Wanted(moment.run_id, moment.update, self.since)

    @property
    def wanted_horizon(self) -> Wanted:
        """What the horizon shown should be about."""
        moment = self._state.moment
        return Wanted(moment.run_id, moment.update)

    @property
    def wanted_units(self) -> Wanted:
        """What the measures of the units should be about: the layer that is shown, too."""
        moment = self._state.moment
        return Wanted(moment.run_id, moment.update, self._state.layer)

    def look(self) -> None:
        """Ask for whatever is missing at the moment shown."""
        moment = self._state.moment
        if not moment.traces or not self._monitor.begun:
            return
        how = {"live": moment.live, "training": self._monitor.training}
        if "measures" in self.wanted:
            self.measures.wish(self.wanted_measures, **how)
        if "horizon" in self.wanted:
            self.horizon.wish(self.wanted_horizon, **how)
        if "units" in self.wanted:
            self.units.wish(self.wanted_units, **how)

    def _ask_measures(
        self, update: int | None, callback: Callable[[TraceAnswer | RequestFailure], None]
    ) -> int:
        request = TraceRequest(update=update, exact=update is not None, measure_since=self.since)
        return self._monitor.request(request, callback)

    def _ask_horizon(
        self, update: int | None, callback: Callable[[HorizonAnswer | RequestFailure], None]
    ) -> int:
        task = self._monitor.task
        if self._distances is None or self._distances[0] is not task:
            self._distances = (task, distances_of(task))
        distances = self._distances[1]
        request = HorizonRequest(distances, HORIZON_SEQUENCES, update, exact=update is not None)
        return self._monitor.request(request, callback)

    def _ask_units(self, update: int | None, callback: Callable[[UnitsAnswer | RequestFailure], None]) -> int:
        request = UnitsRequest(UNIT_SEQUENCES, update, exact=update is not None, layer=self._state.layer)
        return self._monitor.request(request, callback)

    def _answered(self) -> None:
        self._changed()
        self.look()
