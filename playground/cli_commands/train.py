"""`playground train TASK`: trains without a window and prints how well each network does.

`run` gets: task (a key of TASK_SETTINGS), networks (tuple of cells in the order of the experiment; None: its
defaults), updates (int or None: those of the task's recipe), seeds (how many: 1..K; None: the default seed), flowers
(the longest distance that is trained, or None: the task's own), curriculum (bool), device (one of DEVICES), json
(bool); and what `own_data` adds: file, memory, column, time_column, missing, separator, decimal, calendar.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from playground.cli_commands.errors import UsageError
from playground.cli_commands.own_data import add_data_arguments, settings_from
from playground.cli_commands.parser import CollectNetworks, network_name, one_of, whole_number
from playground.contract.network_catalogue import NETWORKS
from playground.contract.setting import setting_specs
from playground.experiment import DEFAULT_SEED, TASK_SETTINGS
from playground.tasks import TASKS
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.tasks.task import TaskSettings

EPILOG = """\
examples:
  playground train nature-show
  playground train nature-show --seeds 10 --json
  playground train temporal-order --network lstm-1997 --network rnn
  playground train nature-show --network lstm --network rnn --flowers 20 --updates 500
  playground train text --file my-novel.txt --updates 2000
  playground train series --file demand.csv --column load
"""

DEVICES = ("cpu", "cuda", "mps")
"""Where networks can be trained: on the processor, or by PyTorch on a graphics card of NVIDIA's or Apple's."""

NATURE_SHOW = "nature-show"

NETWORK_NAMES = tuple(line.typed for line in NETWORKS)
"""The networks as they are written on the command line: guide-lstm for the cell guide_lstm."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked of a training run."""
    parser.epilog = EPILOG
    parser.add_argument(
        "task",
        metavar="TASK",
        type=one_of("task", TASK_SETTINGS),
        help="what is learned (`playground tasks` lists all)",
    )
    parser.add_argument(
        "--network",
        dest="networks",
        action=CollectNetworks,
        type=network_name,
        metavar="NAME",
        help=f"train this network; may be given again ({', '.join(NETWORK_NAMES)})",
    )
    parser.add_argument(
        "--updates", type=whole_number(1, 1_000_000), metavar="N", help="optimiser updates of every network"
    )
    parser.add_argument(
        "--seeds",
        type=whole_number(1, 1000),
        metavar="K",
        help=f"train with seeds 1 to K (default: only seed {DEFAULT_SEED}, as in the window)",
    )
    most = int(setting_specs(NatureShowSettings)["flowers"].maximum or 0)
    parser.add_argument(
        "--flowers", type=whole_number(0, most), metavar="N", help="train with 0 to N flowers in between"
    )
    parser.add_argument(
        "--curriculum",
        action="store_true",
        help="begin with few flowers, and more when a network is 95 %% right",
    )
    parser.add_argument(
        "--device",
        type=one_of("device", DEVICES),
        default="cpu",
        metavar="DEVICE",
        help=f"where PyTorch computes ({', '.join(DEVICES)}); others than cpu take the reference path",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    add_data_arguments(parser, tables=True)


def run(args: argparse.Namespace) -> int:
    """Trains and prints. Returns the exit code: 1 when a network's training had to stop early."""
    from playground.cli_commands.training_report import compile_first, print_report, report_json, train_all

    if args.task != NATURE_SHOW and (args.flowers is not None or args.curriculum):
        option = "--curriculum" if args.flowers is None else "--flowers"
        raise UsageError(
            f"{option} is about the nature show; '{args.task}' has settings of its own in the window."
        )

    seeds = (DEFAULT_SEED,) if args.seeds is None else range(1, args.seeds + 1)
    settings = settings_from(args)
    if TASKS[args.task].family in ("text", "series"):
        return _run_stream(args, settings, seeds)
    compile_first(device=args.device)
    results = train_all(
        task=args.task,
        networks=args.networks,
        updates=args.updates or TASKS[args.task].recipe.updates,
        seeds=seeds,
        flowers=args.flowers,
        curriculum=args.curriculum,
        device=args.device,
    )
    if args.json:
        print(report_json(args.task, results))
    else:
        print_report(results)
    return 1 if any(result.failure for result in results) else 0


def _run_stream(args: argparse.Namespace, settings: TaskSettings, seeds: Iterable[int]) -> int:
    """The same for a text or a series, whose held-out loss stands beside its baselines."""
    from playground.cli_commands.stream_report import (
        made_task,
        print_stream_report,
        stream_json,
        train_streams,
    )
    from playground.cli_commands.training_report import compile_first

    task = made_task(args.task, settings)
    compile_first(device=args.device)
    results = train_streams(task, settings, args.networks, args.updates, seeds, args.device)
    if args.json:
        print(stream_json(task, results))
    else:
        print_stream_report(task, results)
    return 1 if any(result.failure for result in results) else 0
