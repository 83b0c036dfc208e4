"""The memory tasks of the literature: how many of ten seeds meet the criterion of the paper, and how soon."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from playground.bench.memory_trials import TRIALS
from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.bench.solving import Solution, Trial, solve
from playground.engine.cells import CELLS


def measure(session: BenchSession) -> Iterator[Record]:
    """Seeds that meet the criterion, updates and seconds until then, and the value on fresh sequences."""
    seeds = range(1, session.repetitions(10, 3) + 1)
    for trial in TRIALS:
        for network in trial.networks:
            yield from summary(trial, network, _solve_all(session, trial, network, seeds))


def summary(trial: Trial, network: str, solutions: Sequence[Solution]) -> Iterator[Record]:
    """The records of one network on one task."""
    title = f"memory-tasks: {trial.title}, {CELLS[network].description.title.textbook}"
    solved = [solution for solution in solutions if solution.solved]
    target = Target(at_least=len(solutions)) if network in trial.expected else None
    limit = Target(below=trial.within) if target and trial.within else None
    yield Record(
        f"{title}, {trial.criterion.words}", float(len(solved)), f"of {len(solutions)} seeds", target
    )
    values = [solution.value for solution in solutions]
    worst = max(values) if trial.criterion.below else min(values)
    yield Record(f"{title}, on fresh sequences, median", statistics.median(values))
    yield Record(f"{title}, on fresh sequences, worst", worst)
    if solved:
        updates = statistics.median(solution.update or 0 for solution in solved)
        yield Record(f"{title}, time, median", statistics.median(s.seconds or 0.0 for s in solved), "s")
        yield Record(f"{title}, time, longest", max(s.seconds or 0.0 for s in solved), "s", limit)
        yield Record(f"{title}, updates, median", float(updates), "updates")


def _solve_all(session: BenchSession, trial: Trial, network: str, seeds: range) -> list[Solution]:
    most = trial.most_updates
    title = f"{trial.title}: {CELLS[network].description.title.textbook}"
    solutions = []
    with session.progress.stage(title, len(seeds) * most) as done:
        for position, seed in enumerate(seeds):

            def report(update: int, before: int = position * most) -> None:
                done(before + update)

            solutions.append(solve(trial, network, seed, report))
    return solutions
