"""A runner that does as it is told, at once and without an engine: for tests of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

TraceMaker = Callable[[int, int], Mapping[str, SequenceTrace]]


def no_traces(run_id: int, update: int) -> Mapping[str, SequenceTrace]:
    return {}


class FakeRunner:
    """Follows the protocol. Each poll while training does `updates_per_poll` updates; requests wait for `answer`."""

    def __init__(
        self, traces: TraceMaker = no_traces, *, loading_polls: int = 0, updates_per_poll: int = 1
    ) -> None:
        self._traces = traces
        self.calls: list[object] = []
        self.requests: dict[int, Question] = {}
        self.answer_at_once = True
        self.updates_per_poll = updates_per_poll
        self.loading_polls = loading_polls
        self.stopped = False
        self.experiment: Experiment | None = None
        self.failure: RunFailure | None = None
        self._run_id = 0
        self._update = 0
        self._told = 0
        self._state = RunState.LOADING
        self._news = False
        self._sequence: EventSequence | None = None
        self._answers: list[Answer] = []
        self._next_request = 0
        self.speed: float | None = None
        self.updates_per_second = 12.0
        self.prepared: Preparation | None = None
        self.mailbox: TrainingSnapshot | None = None
        """A snapshot that lies there already: it is taken before any other."""

    def tell_traces(self, traces: TraceMaker) -> None:
        """Tell these from now on."""
        self._traces = traces

    @property
    def run_id(self) -> int:
        return self._run_id

    def load(self, experiment: Experiment) -> int:
        self.calls.append(("load", experiment))
        self._sequence = None
        self.experiment = experiment
        self._run_id += 1
        self._update = self._told = 0
        self._state = RunState.LOADING if self.loading_polls else RunState.PAUSED
        self._news = True
        self.failure = None
        return self._run_id

    def start(self) -> None:
        self.calls.append("start")
        if self._state is RunState.PAUSED:
            self._state = RunState.TRAINING
            self._news = True

    def pause(self) -> None:
        self.calls.append("pause")
        if self._state is RunState.TRAINING:
            self._state = RunState.PAUSED
            self._news = True

    def one_update(self) -> None:
        self.calls.append("one_update")
        if self._state in (RunState.PAUSED, RunState.TRAINING):
            self._update += 1
            self._state = RunState.PAUSED
            self._news = True

    def rewind(self) -> None:
        self.calls.append("rewind")
        self._sequence = None
        self._update = self._told = 0
        self._state = RunState.PAUSED
        self.failure = None
        self._news = True

    def restore(self) -> None:
        self.calls.append("restore")
        self.failure = None
        self._state = RunState.PAUSED
        self._news = True

    def fail(self, sentence: str = "The LSTM's loss is not a number any more.") -> None:
        self.failure = RunFailure(self._run_id, self._update, sentence, "Try a lower learning rate.", "lstm")
        self._state = RunState.FAILED
        self._news = True

    def show_sequence(self, sequence: EventSequence | None) -> None:
        self.calls.append(("show_sequence", sequence))
        self._sequence = sequence
        self._news = True

    def stand_aside(self, still: bool = False) -> None:
        pass

    def go_on(self) -> None:
        pass

    def preparation(self) -> Preparation | None:
        return self.prepared

    def set_speed(self, updates_per_second: float | None) -> None:
        self.calls.append(("set_speed", updates_per_second))
        self.speed = updates_per_second

    def poll(self) -> TrainingSnapshot | None:
        if self.mailbox is not None:
            snapshot, self.mailbox = self.mailbox, None
            return snapshot
        if self._state is RunState.LOADING:
            self.loading_polls -= 1
            if self.loading_polls > 0:
                return None
            self._state = RunState.PAUSED
            self._news = True
        if self._state is RunState.TRAINING:
            self._update += self.updates_per_poll
            self._news = True
        if not self._news:
            return None
        self._news = False
        return self.snapshot()

    def snapshot(self) -> TrainingSnapshot:
        first, self._told = self._told + 1, self._update
        updates = np.arange(first, self._update + 1, dtype=np.int64)
        assert self.experiment is not None
        networks = [network.cell for network in self.experiment.enabled_networks]
        return TrainingSnapshot(
            self._run_id,
            self._update,
            self._state,
            self._traces(self._run_id, self._update),
            {network: progress(updates) for network in networks},
            np.arange(0, self._update + 1, 10, dtype=np.int64),
            self.updates_per_second if self._state is RunState.TRAINING else 0.0,
            32 * self._update,
            failure=self.failure,
            sequence=self._sequence,
        )

    def request(self, request: Question) -> int:
        self._next_request += 1
        self.calls.append(("request", request))
        self.requests[self._next_request] = request
        if self.answer_at_once:
            self.answer(self._next_request)
        return self._next_request

    def answer(self, request_id: int, update: int | None = None) -> None:
        request = self.requests[request_id]
        assert isinstance(request, TraceRequest)
        at = update if update is not None else self._update if request.update is None else request.update
        self._answers.append(TraceAnswer(request_id, self._run_id, at, self._traces(self._run_id, at)))

    def answer_progress(self, request_id: int, at: int, target: int) -> None:
        self._answers.append(ReplayProgress(request_id, self._run_id, at, target))

    def answer_failure(self, request_id: int, sentence: str) -> None:
        self._answers.append(RequestFailure(request_id, self._run_id, sentence))

    def cancel(self, request_id: int) -> None:
        self.calls.append(("cancel", request_id))

    def answers(self) -> list[Answer]:
        answers, self._answers = self._answers, []
        return answers

    def stop(self, timeout: float = 5.0) -> bool:
        self.stopped = True
        self._state = RunState.STOPPED
        return True


def progress(updates: np.ndarray) -> Progress:
    """Curves whose values tell the update they belong to: loss = 1/u, asked loss = 2/u, right = u/1000."""
    values = updates.astype(np.float32)
    return Progress(updates, 1 / values, 2 / values, values / 1000, (updates % 7).astype(np.int32))
