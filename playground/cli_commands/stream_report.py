"""Networks trained on a text or a series, with a progress bar on stderr, and what they reach beside the baselines."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from playground.cli_commands.errors import CommandError
from playground.cli_commands.own_data import stream_experiment
from playground.engine.stream_learning import StreamResult, learn_stream
from playground.experiment import ExperimentError
from playground.reading.files import ReadingError
from playground.tasks import TASKS
from playground.tasks.batching import BatchingError
from playground.tasks.series.series import Errors
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.task import TaskSettings
from playground.tasks.text.character_task import CharacterTask
from playground.tasks.text.ngrams import bits, perplexity
from playground.ui.vocabulary import network_title

StreamTask = CharacterTask | SeriesTask
TABLE_WIDTH = 110


def made_task(name: str, settings: TaskSettings) -> StreamTask:
    """The task, its file read. Raises CommandError with a sentence."""
    try:
        task: StreamTask = TASKS[name](settings)
    except ReadingError as error:
        raise CommandError(str(error)) from error
    return task


def train_streams(
    task: StreamTask,
    settings: TaskSettings,
    networks: tuple[str, ...] | None,
    updates: int | None,
    seeds: Iterable[int],
    device: str = "cpu",
) -> list[StreamResult]:
    """Every chosen network with every seed, one after the other on this thread; the bar goes to stderr.

    Raises CommandError with a sentence when the task cannot be trained.
    """
    wanted = type(task).recipe.updates if updates is None else updates
    results = []
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    try:
        experiments = [stream_experiment(task.name, settings, networks, seed) for seed in seeds]
        jobs = [(each, network.cell) for each in experiments for network in each.enabled_networks]
        with bar:
            shown = bar.add_task("", total=len(jobs) * wanted)
            for position, (experiment, cell) in enumerate(jobs):
                title = network_title(cell, "guide")
                bar.update(shown, description=f"{title}, seed {experiment.training.seed}")

                def report(update: int, done: int = position * wanted) -> None:
                    bar.update(shown, completed=done + update)

                result = learn_stream(experiment, cell, wanted, task=task, report=report, device=device)
                if result is not None:
                    results.append(result)
    except (BatchingError, ExperimentError) as error:
        raise CommandError(str(error)) from error
    return results


def stream_json(task: StreamTask, results: Sequence[StreamResult]) -> str:
    """The results and the baselines as JSON text. JSON has no NaN: it becomes null."""
    rows = []
    for result in results:
        row: dict[str, Any] = {
            "network": result.network,
            "seed": result.seed,
            "updates": result.update,
            "seconds": round(result.seconds, 3),
            "held_out_loss": _number(result.loss),
            "failure": result.failure,
        }
        if isinstance(task, CharacterTask):
            row |= {"bits": _number(result.bits), "perplexity": _number(result.perplexity)}
        elif result.errors is not None:
            row |= _errors_json(result.errors)
        rows.append(row)
    baselines: dict[str, Any]
    if isinstance(task, CharacterTask):
        baselines = {"unigram": task.baselines.unigram, "trigram": task.baselines.trigram}
    else:
        baselines = {naive.title: _errors_json(errors) for naive, errors in task.naive_errors}
    found = {"task": task.name, "notices": list(_notices(task)), "baselines": baselines, "results": rows}
    return json.dumps(found, indent=1)


def print_stream_report(task: StreamTask, results: Sequence[StreamResult]) -> None:
    """A table of what the networks reach, the baselines among them, and what has to be told about the data."""
    console = Console()
    console = console if console.is_terminal else Console(width=TABLE_WIDTH)
    table = _text_table(task, results) if isinstance(task, CharacterTask) else _series_table(task, results)
    console.print(table)
    for notice in _notices(task):
        console.print(notice, soft_wrap=True)
    for result in results:
        if result.failure:
            console.print(f"{_title(result)}: {result.failure}", style="red", soft_wrap=True)


def _text_table(task: CharacterTask, results: Sequence[StreamResult]) -> Table:
    held_out = len(task.corpus.held_out)
    table = Table(
        title=f"Loss on {held_out:,} held-out characters of '{task.corpus.title}'", title_justify="left"
    )
    for heading in ("Who says what comes next", "Nats", "Bits", "Perplexity", "Updates", "Seconds"):
        table.add_column(heading, justify="left" if heading.startswith("Who") else "right", no_wrap=True)
    for title, nats in (
        ("character frequencies", task.baselines.unigram),
        ("3-gram model, interpolated", task.baselines.trigram),
    ):
        table.add_row(
            title, f"{nats:.3f}", f"{bits(nats):.3f}", f"{perplexity(nats):.2f}", "", "", style="dim"
        )
    table.add_section()
    for result in results:
        losses = (f"{result.loss:.3f}", f"{result.bits:.3f}", f"{result.perplexity:.2f}")
        table.add_row(_title(result), *losses, f"{result.update:,}", f"{result.seconds:.1f}")
    return table


def _series_table(task: SeriesTask, results: Sequence[StreamResult]) -> Table:
    series = task.series
    count = min(series.held_out, len(task.held_out_all()[0].asked))
    unit = f" ({series.unit})" if series.unit else ""
    table = Table(
        title=f"One-step forecasts of the last {count:,} values of '{series.title}'", title_justify="left"
    )
    for heading in ("Who forecasts", f"MAE{unit}", "MAPE", "MSE", "Updates", "Seconds"):
        table.add_column(heading, justify="left" if heading.startswith("Who") else "right", no_wrap=True)
    for naive, errors in task.naive_errors:
        table.add_row(naive.title, *_error_cells(errors), "", "", style="dim")
    table.add_section()
    for result in results:
        if result.errors is not None:
            cells = _error_cells(result.errors)
            table.add_row(_title(result), *cells, f"{result.update:,}", f"{result.seconds:.1f}")
    return table


def _error_cells(errors: Errors) -> tuple[str, str, str]:
    share = "–" if math.isnan(errors.mape) else f"{errors.mape:.2f} %"
    return f"{errors.mae:,.4g}", share, f"{errors.mse:,.4g}"


def _errors_json(errors: Errors) -> dict[str, float | None]:
    return {name: _number(value) for name, value in dataclasses.asdict(errors).items()}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _title(result: StreamResult) -> str:
    return f"{network_title(result.network, 'guide')}, seed {result.seed}"


def _notices(task: StreamTask) -> tuple[str, ...]:
    if isinstance(task, CharacterTask):
        return task.corpus.notices
    plainly = getattr(task, "plainly", None)
    return task.notices if plainly is None else (*task.notices, plainly.textbook)
