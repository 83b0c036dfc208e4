"""Drives a runner in tests as a window would: by polling, and by waiting for news rather than sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from playground.contract.runner import HorizonRequest, TraceRequest
from playground.engine.trainer import Trainer
from playground.experiment import Experiment
from playground.runner.sync_runner import SyncRunner
from playground.runner.thread_runner import ThreadRunner
from playground.runner.training_run import TrainingRun
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import (
    Answer,
    HorizonAnswer,
    ReplayProgress,
    RequestFailure,
    RunState,
    TraceAnswer,
    TrainingSnapshot,
)
from tests.engine.tiny_task import TinyTask

AnyRunner = ThreadRunner | SyncRunner
MakeRun = Callable[[Experiment, int], TrainingRun]
PATIENCE_SECONDS = 30.0


def tiny_run(experiment: Experiment, run_id: int, moment_bytes: int | None = None) -> TrainingRun:
    """A run on the TinyTask, with a curriculum so that levels matter too; `moment_bytes` 1 keeps the fewest moments."""
    trainer = Trainer(experiment, run_id, task=TinyTask(curriculum=True))
    return TrainingRun(trainer) if moment_bytes is None else TrainingRun(trainer, moment_bytes)


def forgetful_run(experiment: Experiment, run_id: int) -> TrainingRun:
    """A run that keeps the fewest moments: 8 recent, 8 before them."""
    return tiny_run(experiment, run_id, moment_bytes=1)


def make_runner(kind: str, make_run: MakeRun = tiny_run) -> AnyRunner:
    return ThreadRunner(make_run) if kind == "thread" else SyncRunner(make_run, updates_per_poll=3)


@contextmanager
def running(kind: str, make_run: MakeRun = tiny_run) -> Iterator[Driver]:
    """A driver of a new runner of this kind, stopped at the end."""
    runner = make_runner(kind, make_run)
    try:
        yield Driver(runner)
    finally:
        assert runner.stop(PATIENCE_SECONDS)


class Driver:
    """A runner and everything it said."""

    def __init__(self, runner: AnyRunner) -> None:
        self.runner = runner
        self.snapshots: list[TrainingSnapshot] = []
        self.answered: list[Answer] = []
        self.curve: dict[str, list[tuple[int, float, float, float, int]]] = {}

    @property
    def latest(self) -> TrainingSnapshot:
        return self.snapshots[-1]

    def poll(self) -> TrainingSnapshot | None:
        """Once, as the window's timer does."""
        snapshot = self.runner.poll()
        if snapshot is not None:
            self.snapshots.append(snapshot)
            for network, gained in snapshot.progress.items():
                columns = (gained.updates, gained.loss, gained.asked_loss, gained.right, gained.level)
                rows = list(zip(*(column.tolist() for column in columns), strict=True))
                self.curve.setdefault(network, []).extend(rows)
        self.answered += self.runner.answers()
        return snapshot

    def until(self, done: Callable[[], bool]) -> None:
        """Poll until `done`; fails after a long while."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            remaining = deadline - time.monotonic()
            assert remaining > 0.0, f"It never happened; last: {self._last_words()}"
            self.poll()
            if not done():
                self.runner.wait_for_news(remaining)

    def _last_words(self) -> str:
        if not self.snapshots:
            return "nothing was said"
        return f"update {self.latest.update}, {self.latest.state}, {self.latest.failure}"

    def until_state(self, state: RunState) -> TrainingSnapshot:
        self.until(lambda: bool(self.snapshots) and self.latest.state is state)
        return self.latest

    def until_update(self, update: int) -> TrainingSnapshot:
        """Until the run has come so far (in the current era: the last snapshot is at or beyond it)."""
        self.until(lambda: bool(self.snapshots) and self.latest.update >= update)
        return self.latest

    def load(self, experiment: Experiment) -> int:
        """Load and wait until it is ready."""
        run_id = self.runner.load(experiment)
        self.until(
            lambda: (
                bool(self.snapshots)
                and self.latest.run_id == run_id
                and self.latest.state is not RunState.LOADING
            )
        )
        return run_id

    def train_to(self, update: int) -> TrainingSnapshot:
        """Exactly to this update, by single updates, however the runner is polled."""
        for _ in range(update - self.latest.update):
            self.runner.one_update()
        self.until(lambda: self.latest.update == update and self.latest.state is RunState.PAUSED)
        return self.latest

    def pause(self) -> TrainingSnapshot:
        """Pause, and the snapshot that says so."""
        self.runner.pause()
        self.traces()  # answered after the pause was said, so the snapshot that waits is no older
        self.poll()
        return self.until_state(RunState.PAUSED)

    def ask(self, request: TraceRequest | HorizonRequest) -> TraceAnswer | HorizonAnswer | RequestFailure:
        """Ask and wait for the answer."""
        return self.answer_to(self.runner.request(request))

    def answer_to(self, request_id: int) -> TraceAnswer | HorizonAnswer | RequestFailure:
        def final() -> list[Answer]:
            return [
                answer
                for answer in self.answered
                if answer.request_id == request_id and not isinstance(answer, ReplayProgress)
            ]

        self.until(lambda: bool(final()))
        (answer,) = final()
        assert not isinstance(answer, ReplayProgress)
        return answer

    def traces(self, request: TraceRequest = TraceRequest()) -> TraceAnswer:  # noqa: B008 - frozen
        """The answer to a request that must succeed."""
        answer = self.ask(request)
        assert isinstance(answer, TraceAnswer), answer
        return answer


def trained(experiment: Experiment, update: int) -> Trainer:
    """The oracle: a trainer of its own that did so many updates and nothing else."""
    trainer = tiny_run(experiment, 0).trainer
    for _ in range(update):
        trainer.do_update()
    return trainer


def same_bits(one: SequenceTrace, other: SequenceTrace) -> bool:
    """Whether two traces hold the same numbers: everything computed, and the weights it was computed with."""
    pairs = [
        (one.logits, other.logits),
        (one.head_weights, other.head_weights),
        (one.head_bias, other.head_bias),
    ]
    for left, right in zip(one.layers, other.layers, strict=True):
        pairs += [(left.quantities[name], right.quantities[name]) for name in left.quantities]
        pairs += [(left.weights[name], right.weights[name]) for name in left.weights]
    return all(np.array_equal(left.view(np.uint32), right.view(np.uint32)) for left, right in pairs)


def assert_stands_at(answer: TraceAnswer | TrainingSnapshot, experiment: Experiment, update: int) -> None:
    """These traces of the probe are, bit for bit, those of a run trained to this update by itself."""
    assert answer.update == update
    oracle = trained(experiment, update)
    for network, trace in answer.traces.items():
        assert trace.update == update
        assert same_bits(trace, oracle.trace(network, oracle.task.probe()))
