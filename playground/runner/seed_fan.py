"""Many trainings of one experiment in the background: a few threads, one network each, results as they come.

Threads and not processes: the kernels let go of the interpreter while they compute, so that two threads keep two cores
busy and the window free (docs/decisions has the numbers). Torch is imported on these threads, never on the window's.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from playground.contract.seed_fan import EACH, LOOK_BACK, FanProgress, FanRequest, FanTraining, SeedFan
from playground.trace.horizon import fingerprint

if TYPE_CHECKING:  # torch comes with the engine
    from playground.engine.trainer import Trainer
    from playground.tasks.task import Batch, Task

MOST_WORKERS = 2
"""Threads: on a machine with more cores the interpreter would be the limit."""

BLOCK_UPDATES = 10
"""Updates in one go: some milliseconds."""

ASIDE_SECONDS = 0.03
NICENESS = 5
"""Where the system allows it, these threads stand back behind the window's."""

HELD_OUT_SEED = 60
"""The same questions for every network: those of `runner.questions`."""


@dataclass(frozen=True)
class Job:
    """One network to be trained: from this seed, at this distance (None: as the experiment says)."""

    network: str
    seed: int
    distance: int | None


def jobs_of(request: FanRequest) -> list[Job]:
    """Every training, in the order in which they are done: seed by seed, so that whole lines appear early."""
    lengths: tuple[int | None, ...] = request.distances if request.trained_at == EACH else (None,)
    return [
        Job(network, seed, length)
        for seed in request.seeds
        for length in lengths
        for network in request.networks
    ]


def train_one(
    job: Job,
    request: FanRequest,
    held_out: Callable[[Task, int], list[Batch]],
    wanted: Callable[[], bool],
    stop: np.ndarray,
) -> FanTraining | None:
    """Train one network to its end and ask it; None when it is no longer wanted. Never raises for what users do.

    `wanted` is asked between blocks of updates; `stop` (1,) is looked at within them.
    """
    from playground.engine.records import Interruption
    from playground.engine.trainer import Trainer

    try:
        experiment = request.experiment.trained_from(job.seed, job.distance)
        trainer = Trainer(experiment, networks=(job.network,))
    except ValueError as error:  # ExperimentError: its text is a sentence
        return _failed(job, 0, str(error))
    interruption = Interruption(stop, 1)
    latest: deque[float] = deque(maxlen=LOOK_BACK)
    reached = False
    while trainer.update < request.updates and not reached:
        if not wanted():
            return None
        try:
            done = trainer.do_updates(min(BLOCK_UPDATES, request.updates - trainer.update), interruption)
        except ArithmeticError as error:  # TrainingDiverged: its text is a sentence
            return _failed(job, trainer.update, str(error))
        if done is None:
            return None
        latest.extend(each.networks[job.network].right for each in done.updates)
        reached = len(latest) == LOOK_BACK and sum(latest) >= request.criterion * LOOK_BACK
    return _asked(trainer, job, request, reached, held_out, wanted)


def _asked(
    trainer: Trainer,
    job: Job,
    request: FanRequest,
    reached: bool,
    held_out: Callable[[Task, int], list[Batch]],
    wanted: Callable[[], bool],
) -> FanTraining | None:
    distances = request.distances if job.distance is None else (job.distance,)
    right, asked = [], []
    for distance in distances:
        batches = held_out(trainer.task, distance)
        asked.append(sum(int(batch.asked.sum()) for batch in batches))
        hits = 0
        for batch in batches:
            if not wanted():
                return None
            hits += trainer.count_right(job.network, [batch])
        right.append(hits)
    head = trainer.models[job.network].head
    return FanTraining(
        job.network,
        job.seed,
        job.distance,
        trainer.update,
        reached,
        tuple(distances),
        tuple(right),
        tuple(asked),
        fingerprint(head.weight.detach().numpy(), head.bias.detach().numpy()),
    )


def _failed(job: Job, update: int, sentence: str) -> FanTraining:
    return FanTraining(job.network, job.seed, job.distance, update, False, (), (), (), failure=sentence)


class _Fan:
    """One fan under way: what is left to do, what is known, and whether anybody still wants it."""

    def __init__(self, fan_id: int, request: FanRequest, clock: Callable[[], float]) -> None:
        self.fan_id, self.request = fan_id, request
        self.lock = threading.Lock()
        self.jobs = deque(jobs_of(request))
        self.total = len(self.jobs)
        self.results: list[FanTraining] = []
        self.done = 0
        self.stop = np.zeros(1, np.int64)
        self.began = clock()
        self.ended: float | None = None
        self._held_out: dict[int, list[Batch]] = {}

    @property
    def wanted(self) -> bool:
        return self.stop[0] == 0

    def held_out(self, task: Task, distance: int) -> list[Batch]:
        """The questions at a distance, made once: they do not depend on what a task is trained with."""
        from playground.engine.evaluation import merged

        with self.lock:
            if distance not in self._held_out:
                batches = task.held_out(HELD_OUT_SEED, self.request.questions, distance)
                self._held_out[distance] = merged(batches, 96)
            return self._held_out[distance]


class ThreadSeedFan(SeedFan):
    """`contract.seed_fan.SeedFan` on threads of its own, made when the first fan is started."""

    def __init__(
        self,
        workers: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        niceness: int = NICENESS,
    ) -> None:
        """`workers`: how many threads; None: as many as there are cores, at most `MOST_WORKERS`."""
        self._count = workers if workers is not None else max(1, min(MOST_WORKERS, os.cpu_count() or 1))
        self._clock = clock
        self._niceness = niceness
        self._changed = threading.Condition()
        self._may_work = threading.Event()
        self._may_work.set()
        self._fan: _Fan | None = None
        self._fan_id = 0
        self._stopped = False
        self._threads: list[threading.Thread] = []

    # -- the side that is spoken to
    def start(self, request: FanRequest) -> int:
        """Begin, and give up whatever was under way; returns the id of this fan."""
        self.cancel()
        with self._changed:
            self._fan_id += 1
            self._fan = _Fan(self._fan_id, request, self._clock)
            if not self._threads and not self._stopped:
                self._threads = [
                    threading.Thread(target=self._work, name=f"seed fan {number + 1}", daemon=False)
                    for number in range(self._count)
                ]
                for thread in self._threads:
                    thread.start()
            self._changed.notify_all()
        return self._fan_id

    def cancel(self) -> None:
        """Train no more; what is known already stays known."""
        fan = self._fan
        if fan is not None:
            with fan.lock:
                fan.stop[0] = 1
                fan.jobs.clear()
                fan.ended = self._clock() if fan.ended is None else fan.ended
        self._may_work.set()

    def results(self) -> list[FanTraining]:
        """What became known of the newest fan since the last call."""
        fan = self._fan
        if fan is None:
            return []
        with fan.lock:
            found, fan.results = fan.results, []
        return found

    @property
    def progress(self) -> FanProgress:
        """How far the newest fan has come."""
        fan = self._fan
        if fan is None:
            return FanProgress()
        with fan.lock:
            until = self._clock() if fan.ended is None else fan.ended
            return FanProgress(fan.fan_id, fan.done, fan.total, fan.ended is None, until - fan.began)

    def stand_aside(self, still: bool = False) -> None:
        """The window has work to do now: training waits between two blocks until `go_on`, or some 30 ms."""
        self._may_work.clear()

    def go_on(self) -> None:
        """The window rests."""
        self._may_work.set()

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good and wait for the threads; True when they ended in time. May be called twice."""
        self.cancel()
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until the newest fan has ended; False after `timeout` seconds. For tests and measurements."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.progress.running, timeout)

    # -- the threads
    def _work(self) -> None:
        _stand_back(self._niceness)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._has_jobs())
                if self._stopped:
                    return
                fan = self._fan
            assert fan is not None
            self._do_jobs(fan)
            with self._changed:
                self._changed.notify_all()

    def _has_jobs(self) -> bool:
        return self._fan is not None and bool(self._fan.jobs)

    def _do_jobs(self, fan: _Fan) -> None:
        while (job := self._next(fan)) is not None:
            try:
                found = train_one(job, fan.request, fan.held_out, lambda: self._go_on_with(fan), fan.stop)
            except Exception as error:  # a fault of ours: say so rather than die in silence
                found = _failed(job, 0, f"This network could not be trained: {error}")
            if found is None:
                return
            with fan.lock:
                if not fan.wanted:
                    return
                fan.results.append(found)
                fan.done += 1
                if fan.done == fan.total:
                    fan.ended = self._clock()

    def _next(self, fan: _Fan) -> Job | None:
        with fan.lock:
            return fan.jobs.popleft() if fan.jobs and fan.wanted else None

    def _go_on_with(self, fan: _Fan) -> bool:
        """Asked between blocks: the place to stand aside."""
        if not self._may_work.is_set() and not self._may_work.wait(ASIDE_SECONDS):
            self._may_work.set()
        return fan.wanted


def _stand_back(niceness: int) -> None:
    """Let the window's thread go first, where the system lets a thread say so."""
    if niceness and hasattr(os, "setpriority"):
        try:
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
        except (OSError, AttributeError):
            return
