"""What every network has learned after training with the defaults, over many seeds, and the RNN with the curriculum."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from playground.bench.experiments import with_curriculum, with_seed
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.engine.cells import CELLS
from playground.engine.learning import LearningResult, learn
from playground.experiment import Experiment
from playground.tasks import TASKS

UPDATES = 1000
"""As `playground train` without --updates."""

DISTANCES = (0, 5, 10, 20, 40)
"""Flowers and trees in between at which the RNN is asked."""

LSTMS = ("lstm", "guide_lstm")
FEWEST_RIGHT = Target(at_least=99.0)
CHANCE = Target(at_least=45.0, at_most=55.0)
RNN_MEDIAN = Target(at_most=60.0)
SECONDS = Target(below=5.0)


def measure(session: BenchSession) -> Iterator[Record]:
    """Right answers in per cent on 2,000 fresh sequences, and how soon 95 % are reached."""
    seeds = range(1, session.repetitions(10, 3) + 1)
    experiment = Experiment()
    for network in experiment.enabled_networks:
        results = _train(session, experiment, network.cell, seeds)
        yield from summary(network.cell, results)
    results = _train(session, with_curriculum(experiment), "rnn", seeds)
    yield from summary("rnn", results, " with the curriculum", judged=False)


def summary(
    network: str, results: Sequence[LearningResult], how: str = "", *, judged: bool = True
) -> Iterator[Record]:
    """The records of one network's results; `judged`: against the targets."""
    title = f"learning: {CELLS[network].description.title.textbook}{how}"
    count = f"{len(results)} seeds"
    right = [100.0 * result.right for result in results]
    longest = [100.0 * result.right_longest for result in results]
    lstm, chance = judged and network in LSTMS, judged and network == "no_memory"
    lowest = FEWEST_RIGHT if lstm else CHANCE if chance else None
    yield Record(f"{title}, right, lowest of {count}", min(right), "%", lowest)
    middle = RNN_MEDIAN if judged and network == "rnn" else None
    yield Record(f"{title}, right, median of {count}", statistics.median(right), "%", middle)
    if chance:
        yield Record(f"{title}, right, highest of {count}", max(right), "%", CHANCE)
        return
    yield Record(f"{title}, right at the longest distance, lowest of {count}", min(longest), "%")
    yield Record(
        f"{title}, right at the longest distance, median of {count}", statistics.median(longest), "%"
    )
    if network == "rnn":
        for distance in DISTANCES:
            rates = [100.0 * result.right_at[distance] for result in results]
            yield Record(f"{title}, right at {distance} flowers, median", statistics.median(rates), "%")
    yield from _time_to_95(title, results, SECONDS if judged and network == "lstm" else None)


def _time_to_95(title: str, results: Sequence[LearningResult], target: Target | None) -> Iterator[Record]:
    reached = [result for result in results if result.updates_to_95 is not None]
    yield Record(f"{title}, seeds that reached 95 %", float(len(reached)), f"of {len(results)}")
    if len(reached) * 2 <= len(results):  # with half of them never there, there is no median
        if target is not None:
            yield Record(f"{title}, time to 95 %, median", None, "s", target)
        return
    updates = statistics.median(result.updates_to_95 or 0 for result in reached)
    seconds = statistics.median(result.seconds_to_95 or 0.0 for result in reached)
    yield Record(f"{title}, updates to 95 %, median", updates, "updates")
    yield Record(f"{title}, time to 95 %, median", seconds, "s", target)


def _train(session: BenchSession, experiment: Experiment, cell: str, seeds: range) -> list[LearningResult]:
    title = CELLS[cell].description.title.textbook
    results = []
    with session.progress.stage(f"Training the {title}", len(seeds) * UPDATES) as done:
        for position, seed in enumerate(seeds):

            def report(update: int, before: int = position * UPDATES) -> None:
                done(before + update)

            result = learn(
                with_seed(experiment, seed),
                cell,
                UPDATES,
                longest=TASKS[experiment.task_name](experiment.task).longest_distance,
                distances=DISTANCES if cell == "rnn" else (),
                report=report,
            )
            if result is not None:
                results.append(result)
    return results
