"""Networks trained one after the other, with a progress bar on stderr, and what became of them as table or JSON."""

from __future__ import annotations

import dataclasses
import json
import statistics
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from playground.engine.kernels.readiness import Readiness, compile_and_load
from playground.engine.learning import FRESH_SEQUENCES, LearningResult, learn
from playground.engine.trainer import REFERENCE, path_from_environment
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.ui.vocabulary import network_title

TABLE_WIDTH = 120
"""Columns of the table where there is no terminal to ask."""

DISTANCES = (0, 2, 5, 10, 20, 40, 60)
"""Numbers of flowers and trees at which right answers are counted for the JSON's `right_at`."""


def experiment_for(
    task: str, networks: Sequence[str] | None, seed: int, flowers: int | None, curriculum: bool
) -> Experiment:
    """This task with its recipe and what the command line asked for. Raises ExperimentError."""
    defaults = Experiment.of_task(task)
    settings = defaults.task
    if isinstance(settings, NatureShowSettings):
        settings = dataclasses.replace(settings, curriculum=curriculum)
    if flowers is not None and isinstance(settings, NatureShowSettings):
        settings = dataclasses.replace(settings, flowers=(min(settings.flowers[0], flowers), flowers))
    chosen = defaults.networks
    if networks is not None:
        chosen = tuple(
            dataclasses.replace(network, enabled=network.cell in networks) for network in defaults.networks
        )
    training = dataclasses.replace(defaults.training, seed=seed)
    return dataclasses.replace(defaults, task=settings, networks=chosen, training=training).validated()


def compile_first(quiet: bool = False, device: str = "cpu") -> None:
    """The kernels, once for each machine, before any second is counted; progress on stderr. Where they cannot be had,
    or do not compute on this device, one line says why, and training takes the reference path."""
    if path_from_environment() == REFERENCE:
        return
    if device != "cpu":
        if not quiet:
            Console(stderr=True).print(
                f"Training on {device} takes the reference path: the fast path is for the processor."
            )
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet,
    )
    with bar:
        shown = bar.add_task("Compiling the fast path, once for this machine", total=1.0, visible=False)

        def report(now: Readiness) -> None:
            bar.update(shown, completed=now.fraction, visible=True)

        found = compile_and_load(report)
    if not found.ready and not quiet:
        Console(stderr=True).print(found.sentence)


def train_all(
    *,
    task: str,
    networks: Sequence[str] | None,
    updates: int,
    seeds: Iterable[int],
    flowers: int | None,
    curriculum: bool,
    quiet: bool = False,
    device: str = "cpu",
) -> list[LearningResult]:
    """Every chosen network with every seed, one after the other on this thread; the bar goes to stderr."""
    experiments = [experiment_for(task, networks, seed, flowers, curriculum) for seed in seeds]
    jobs = [
        (experiment, network.cell) for experiment in experiments for network in experiment.enabled_networks
    ]
    results: list[LearningResult] = []
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet,
    )
    with bar:
        shown = bar.add_task("", total=len(jobs) * updates)
        for position, (experiment, cell) in enumerate(jobs):
            title = network_title(cell, "guide")
            bar.update(shown, description=f"{title}, seed {experiment.training.seed}")

            def report(update: int, done: int = position * updates) -> None:
                bar.update(shown, completed=done + update)

            longest = TASKS[task](experiment.task).longest_distance
            distances = DISTANCES if isinstance(experiment.task, NatureShowSettings) else ()
            result = learn(
                experiment, cell, updates, longest=longest, distances=distances, report=report, device=device
            )
            if result is not None:
                results.append(result)
    return results


def report_json(task: str, results: Sequence[LearningResult]) -> str:
    """The results as JSON text; `right_at` is keyed by the number of flowers."""
    rows = [dataclasses.asdict(result) for result in results]
    return json.dumps({"task": task, "results": rows}, indent=1)


def print_report(results: Sequence[LearningResult], console: Console | None = None) -> None:
    """One line for every network and seed, and a summary for every network when there are several seeds."""
    if console is None:
        console = Console()
        console = console if console.is_terminal else Console(width=TABLE_WIDTH)
    table = Table(title=f"Right answers on {FRESH_SEQUENCES:,} fresh sequences", title_justify="left")
    for heading in ("Network", "Seed", "Right", "At the longest", "Updates to 95 %", "Seconds to 95 %"):
        table.add_column(heading, justify="left" if heading == "Network" else "right", no_wrap=True)
    networks = list(dict.fromkeys(result.network for result in results))
    for network in networks:
        title = network_title(network, "guide")
        own = [result for result in results if result.network == network]
        for result in own:
            table.add_row(title, str(result.seed), *_cells(result))
        if len(own) > 1:
            table.add_row(f"{title}, median", f"{len(own)} seeds", *_median_cells(own), style="bold")
        table.add_section()
    console.print(table)
    for result in results:
        if result.failure:
            title = network_title(result.network, "guide")
            console.print(f"{title}, seed {result.seed}: {result.failure}", style="red")


def _cells(result: LearningResult) -> tuple[str, ...]:
    return (
        f"{result.right:.1%}",
        f"{result.right_longest:.1%}",
        "never" if result.updates_to_95 is None else f"{result.updates_to_95:,}",
        "–" if result.seconds_to_95 is None else f"{result.seconds_to_95:.2f}",
    )


def _median_cells(results: Sequence[LearningResult]) -> tuple[str, ...]:
    reached = [result for result in results if result.updates_to_95 is not None]
    lasting = [(result.updates_to_95 or 0, result.seconds_to_95 or 0.0) for result in reached]
    most = len(reached) * 2 > len(results)  # with half of them never there, there is no median
    return (
        f"{statistics.median(result.right for result in results):.1%}",
        f"{statistics.median(result.right_longest for result in results):.1%}",
        (f"{statistics.median(updates for updates, _ in lasting):,.0f}" if most else "never")
        + f" ({len(reached)} of {len(results)})",
        f"{statistics.median(seconds for _, seconds in lasting):.2f}" if most else "–",
    )
