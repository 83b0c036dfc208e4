"""How long a pause takes to land while five networks train on 60 flowers, and whether it is one."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playground.bench.experiments import all_networks
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession
from playground.runner.thread_runner import ThreadRunner
from playground.trace.snapshot import RunState, TrainingSnapshot

FLOWERS = (60, 60)
LANDED_MS = Target(at_most=15.0)
NEVER = Target(at_least=0.0, at_most=0.0)

SHORTEST_TRAINING, LONGEST_TRAINING = 0.03, 0.15
"""Seconds before a pause: drawn at random, so that it falls anywhere into an update of about 60 ms."""

POLL_SECONDS = 0.033
QUIET_SECONDS = 0.05
"""After a pause nothing may happen: looked for as long as this."""


@dataclass
class Pauses:
    """What a number of pauses were like: how long each took to land (ms), and how many were not clean."""

    milliseconds: list[float]
    uneven: int = 0
    """Pauses after which the networks did not stand at one update."""
    restless: int = 0
    """Pauses after which training went on."""
    update_ms: float = 0.0
    """The mean time of an update while it trained, for comparison."""


def measure(session: BenchSession) -> Iterator[Record]:
    """Milliseconds from the call of `pause` until the training thread has obeyed it."""
    count = session.repetitions(100, 20)
    pauses = pause_often(session, count)
    title = f"pause: lands while training on {FLOWERS[1]} flowers"
    yield Record("pause: one update of five networks takes, mean", pauses.update_ms, "ms")
    yield Record(f"{title}, p50 of {count}", percentile(pauses.milliseconds, 50), "ms")
    yield Record(f"{title}, p99 of {count}", percentile(pauses.milliseconds, 99), "ms")
    yield Record(f"{title}, longest of {count}", max(pauses.milliseconds), "ms", LANDED_MS)
    yield Record("pause: networks not at the same update afterwards", float(pauses.uneven), "", NEVER)
    yield Record("pause: updates done after a pause", float(pauses.restless), "", NEVER)


def pause_often(session: BenchSession, count: int) -> Pauses:
    """Train and pause `count` times on the real thread."""
    runner = ThreadRunner()
    try:
        runner.load(all_networks(FLOWERS))
        runner.settle(60.0)
        return _pause_often(session, runner, count)
    finally:
        runner.stop()


def _pause_often(session: BenchSession, runner: ThreadRunner, count: int) -> Pauses:
    draw = random.Random(count)
    pauses = Pauses([])
    trained = 0.0
    before = _newest(runner)
    with session.progress.stage("Pausing", count) as done:
        for number in range(1, count + 1):
            began = time.perf_counter()
            runner.start()
            _poll_for(runner, draw.uniform(SHORTEST_TRAINING, LONGEST_TRAINING))
            asked = time.perf_counter()
            runner.pause()
            runner.settle()
            landed = time.perf_counter()
            pauses.milliseconds.append(1000.0 * (landed - asked))
            trained += asked - began
            at_pause = _newest(runner)
            time.sleep(QUIET_SECONDS)
            later = runner.poll()
            pauses.uneven += not is_even(at_pause)
            pauses.restless += later is not None and later.update != at_pause.update
            done(number)
    pauses.update_ms = 1000.0 * trained / max(1, at_pause.update - before.update)
    return pauses


def is_even(snapshot: TrainingSnapshot) -> bool:
    """Whether it is paused with the traces and curves of all networks at its own update."""
    curves = [progress.updates for progress in snapshot.progress.values()]
    return (
        snapshot.state is RunState.PAUSED
        and all(trace.update == snapshot.update for trace in snapshot.traces.values())
        and all(not len(updates) or updates[-1] == snapshot.update for updates in curves)
        and len({len(updates) for updates in curves}) <= 1
    )


def _newest(runner: ThreadRunner) -> TrainingSnapshot:
    """The snapshot of the pause itself: older ones may still wait to be taken."""
    deadline = time.perf_counter() + 5.0
    while time.perf_counter() < deadline:
        runner.wait_for_news(1.0)
        snapshot = runner.poll()
        if snapshot is not None and snapshot.state is RunState.PAUSED:
            return snapshot
    raise TimeoutError("The training thread told of no pause within 5 seconds.")


def _poll_for(runner: ThreadRunner, seconds: float) -> None:
    """Take snapshots as often as the window does."""
    until = time.perf_counter() + seconds
    while (left := until - time.perf_counter()) > 0.0:
        runner.poll()
        time.sleep(min(POLL_SECONDS, left))
