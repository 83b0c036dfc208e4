"""Texts and series learned with the recipe that ships, from several seeds."""

from __future__ import annotations

import dataclasses

from playground.bench.experiments import with_seed
from playground.bench.session import BenchSession
from playground.engine.stream_learning import StreamResult, learn_stream
from playground.experiment import Experiment
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.text.character_task import CharacterTask

SEEDS = 5


def learned(
    session: BenchSession, task: CharacterTask | SeriesTask, network: str, seeds: range
) -> list[StreamResult]:
    """What became of this network with the task's recipe and settings, one result for each seed."""
    experiment = dataclasses.replace(Experiment.of_task(task.name), task=task.settings)
    updates = type(task).recipe.updates
    results = []
    with session.progress.stage(f"{task.title}: {network}", len(seeds) * updates) as done:
        for position, seed in enumerate(seeds):

            def report(update: int, before: int = position * updates) -> None:
                done(before + update)

            result = learn_stream(with_seed(experiment, seed), network, updates, task=task, report=report)
            if result is not None:
                results.append(result)
    return results
