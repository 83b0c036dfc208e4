"""A run that was made before, played back through the Runner protocol: the window cannot tell the difference.

Measurements of the window use it, so that they measure the window and not the training beside it; tests use it, because
what it does is known beforehand. Everything happens inside `poll` and `answers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from playground.contract.preparation import Preparation
from playground.contract.runner import Question, TraceRequest
from playground.experiment import Experiment
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import (
    Answer,
    Progress,
    ReplayProgress,
    RequestFailure,
    RunFailure,
    RunState,
    TraceAnswer,
    TrainingSnapshot,
)


@dataclass(frozen=True, eq=False)
class RecordedRun:
    """What is played: the traces of the probe at some updates (0 among them), and the whole course of every network."""

    moments: Mapping[int, Mapping[str, SequenceTrace]]
    curves: Mapping[str, Progress]

    @property
    def length(self) -> int:
        """The number of updates."""
        return max((len(curve.updates) for curve in self.curves.values()), default=0)

    def newest(self, update: int) -> int:
        """The last update at or before this one that has traces."""
        if update in self.moments:
            return update
        return max(known for known in self.moments if known <= update)


class PlaybackRunner:
    """Plays a `RecordedRun`. While it trains, every poll goes on by `updates_a_poll`; the run ends with the record.

    A replay to an update that is not kept takes `replay_polls` calls of `answers`, with progress in between.
    """

    def __init__(
        self,
        recorded: RecordedRun,
        *,
        updates_a_poll: int = 15,
        kept: frozenset[int] | None = None,
        replay_polls: int = 3,
    ) -> None:
        self.recorded = recorded
        self.updates_a_poll = updates_a_poll
        self.update = 0
        self.state = RunState.LOADING
        self.failure: RunFailure | None = None
        self.speed: float | None = None
        self.requests: list[Question] = []
        """Every request that was ever made, in order."""
        self._kept = np.array(sorted(recorded.moments if kept is None else kept), np.int64)
        self._replay_polls = replay_polls
        self._run_id = 0
        self._told = 0
        self._fresh = False
        self._next_request = 1
        self._waiting: dict[int, tuple[Question, int]] = {}

    @property
    def run_id(self) -> int:
        """The id of the run that was loaded last."""
        return self._run_id

    def load(self, experiment: Experiment) -> int:
        """The record from its beginning, as a new run."""
        self._run_id += 1
        self.rewind()
        return self._run_id

    def start(self) -> None:
        """Go on with every poll."""
        self._become(RunState.TRAINING)

    def pause(self) -> None:
        """Stand still."""
        self._become(RunState.PAUSED)

    def one_update(self) -> None:
        """One update on, then stand still."""
        self._become(RunState.PAUSED)
        self.advance(1)

    def rewind(self) -> None:
        """Back to update 0."""
        self.update = self._told = 0
        self.failure = None
        self.state = RunState.PAUSED
        self._fresh = True

    def restore(self) -> None:
        """Forget the failure."""
        self.failure = None
        self._become(RunState.PAUSED)

    def set_speed(self, updates_per_second: float | None) -> None:
        """Remember the speed; the playback has its own."""
        self.speed = updates_per_second

    def show_sequence(self, sequence: EventSequence | None) -> None:
        """The playback knows only the probe."""

    def stand_aside(self, still: bool = False) -> None:
        """Nothing to wait for."""

    def go_on(self) -> None:
        """Nothing that waited."""

    def preparation(self) -> Preparation | None:
        """Nothing is prepared."""
        return None

    def advance(self, updates: int) -> None:
        """Go on by so many updates; the next poll tells them all at once."""
        self.update = min(self.update + updates, self.recorded.length)
        self._fresh = True

    def fail(self, sentence: str, advice: str) -> None:
        """Let the run fail here."""
        self.failure = RunFailure(self._run_id, self.update, sentence, advice)
        self._become(RunState.FAILED)

    def poll(self) -> TrainingSnapshot | None:
        """The newest moment, if there is a new one."""
        if self.state is RunState.TRAINING:
            self.advance(self.updates_a_poll)
        if not self._fresh:
            return None
        self._fresh = False
        first, self._told = self._told, self.update
        progress = {
            network: Progress(
                curve.updates[first : self.update],
                curve.loss[first : self.update],
                curve.asked_loss[first : self.update],
                curve.right[first : self.update],
                curve.level[first : self.update],
            )
            for network, curve in self.recorded.curves.items()
        }
        return TrainingSnapshot(
            run_id=self._run_id,
            update=self.update,
            state=self.state,
            traces=self._traces(self.update),
            progress=progress,
            kept_updates=self._kept[self._kept <= self.update],
            updates_per_second=450.0 if self.state is RunState.TRAINING else 0.0,
            sequences_seen=32 * self.update,
            failure=self.failure,
        )

    def request(self, request: Question) -> int:
        """Ask for the traces of a moment; how long memories last is not recorded."""
        request_id = self._next_request
        self._next_request += 1
        self.requests.append(request)
        self._waiting[request_id] = (request, self._replay_polls)
        return request_id

    def cancel(self, request_id: int) -> None:
        """Give a request up."""
        self._waiting.pop(request_id, None)

    def answers(self) -> list[Answer]:
        """What can be answered now."""
        found: list[Answer] = []
        for request_id, (request, polls) in list(self._waiting.items()):
            if not isinstance(request, TraceRequest):
                found.append(RequestFailure(request_id, self._run_id, "A recorded run does not know that."))
                del self._waiting[request_id]
                continue
            wanted = self.update if request.update is None else request.update
            if wanted > self.update:
                sentence = f"Update {wanted:,} has not been reached yet: the run stands at {self.update:,}."
                found.append(RequestFailure(request_id, self._run_id, sentence))
                del self._waiting[request_id]
                continue
            kept = int(self._kept[np.searchsorted(self._kept, wanted, side="right") - 1])
            if request.exact and kept != wanted and polls > 0:
                at = kept + (wanted - kept) * (self._replay_polls - polls) // self._replay_polls
                found.append(ReplayProgress(request_id, self._run_id, at, wanted))
                self._waiting[request_id] = (request, polls - 1)
                continue
            reached = wanted if request.exact or request.update is None else kept
            found.append(TraceAnswer(request_id, self._run_id, reached, self._traces(reached)))
            del self._waiting[request_id]
        return found

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good."""
        self.state = RunState.STOPPED
        return True

    def _become(self, state: RunState) -> None:
        self.state = state
        self._fresh = True

    def _traces(self, update: int) -> dict[str, SequenceTrace]:
        traces = self.recorded.moments[self.recorded.newest(update)]
        return {name: replace(trace, run_id=self._run_id, update=update) for name, trace in traces.items()}
