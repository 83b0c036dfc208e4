"""The options of the command line that name a text or a table of the user's, and the settings they make."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from playground.cli_commands.errors import UsageError
from playground.cli_commands.parser import one_of
from playground.experiment import TASK_SETTINGS, Experiment
from playground.reading.table_file import MISSING_WAYS
from playground.tasks.batching import MEMORY_MODES
from playground.tasks.task import TaskSettings

TEXT, SERIES = "text", "series"
"""The tasks that learn a file of the user's."""

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def add_data_arguments(parser: argparse.ArgumentParser, *, tables: bool) -> None:
    """What can be said about a file; `tables`: about a table, too."""
    group = parser.add_argument_group("your own data")
    group.add_argument("--file", metavar="F", help=f"the file that '{TEXT}' or '{SERIES}' learns")
    group.add_argument(
        "--memory",
        type=one_of("way of keeping memory", MEMORY_MODES),
        metavar="WAY",
        help=f"what memory does between batches ({', '.join(MEMORY_MODES)})",
    )
    if not tables:
        return
    group.add_argument(
        "--column", metavar="C", help="the column that is forecast: its name, or its number from 1"
    )
    group.add_argument(
        "--time-column", metavar="C", help="the column of dates, if it is not the first one of dates"
    )
    group.add_argument(
        "--missing",
        type=one_of("way to handle missing values", MISSING_WAYS),
        metavar="WAY",
        help=f"what is done where a value is missing ({', '.join(MISSING_WAYS)})",
    )
    group.add_argument(
        "--separator", type=one_of("separator", SEPARATORS), metavar="NAME", help=", ".join(SEPARATORS)
    )
    group.add_argument(
        "--decimal", type=one_of("decimal sign", ("point", "comma")), metavar="NAME", help="point, comma"
    )
    group.add_argument(
        "--calendar", action="store_true", help="tell the network hour, weekday and time of year too"
    )


def settings_from(args: argparse.Namespace) -> TaskSettings:
    """The task's settings with what the command line asked for. Raises UsageError with a sentence."""
    settings: Any = TASK_SETTINGS[args.task]()
    known = {entry.name for entry in dataclasses.fields(settings)}
    decimal = getattr(args, "decimal", None)
    wanted = {
        "file": None if args.file is None else str(Path(args.file).expanduser()),
        "memory": args.memory,
        "column": getattr(args, "column", None),
        "time_column": getattr(args, "time_column", None),
        "missing": getattr(args, "missing", None),
        "separator": SEPARATORS.get(getattr(args, "separator", None) or ""),
        "decimal": None if decimal is None else {"point": ".", "comma": ","}[decimal],
        "calendar": getattr(args, "calendar", None) or None,
    }
    changes = {name: value for name, value in wanted.items() if value is not None}
    strange = sorted(set(changes) - known)
    if strange:
        option = f"--{strange[0].replace('_', '-')}"
        if strange[0] == "file":
            raise UsageError(
                f"The task '{args.task}' takes no --file: '{TEXT}' and '{SERIES}' learn a file of your own."
            )
        raise UsageError(f"The task '{args.task}' takes no {option}; `playground tasks` lists what there is.")
    if args.task in (TEXT, SERIES) and "file" not in changes:
        kind = "text" if args.task == TEXT else "table"
        raise UsageError(f"Which {kind} is to be learned? Name it with --file.")
    if args.file is not None and not Path(args.file).expanduser().is_file():
        raise UsageError(f"There is no file '{args.file}': look whether its folder and its name are right.")
    made: TaskSettings = dataclasses.replace(settings, **changes)
    return made


def stream_experiment(
    task: str, settings: TaskSettings, networks: tuple[str, ...] | None, seed: int
) -> Experiment:
    """The task's recipe with these settings, networks (None: the recipe's own) and seed. Raises ExperimentError."""
    recipe = Experiment.of_task(task)
    chosen = recipe.networks
    if networks is not None:
        chosen = tuple(dataclasses.replace(network, enabled=network.cell in networks) for network in chosen)
    training = dataclasses.replace(recipe.training, seed=seed)
    return dataclasses.replace(recipe, task=settings, networks=chosen, training=training).validated()
