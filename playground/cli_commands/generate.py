"""`playground generate TASK`: trains a network on a text, then lets it write. Only the text goes to stdout.

`run` gets: task (a key of TASK_SETTINGS that is a text), file, memory (or None), network (a cell), updates (int or
None: the recipe's), training_seed, and the settings of writing.
"""

from __future__ import annotations

import argparse
import sys

from playground.cli_commands.own_data import add_data_arguments, settings_from
from playground.cli_commands.parser import decimal_number, network_name, one_of, whole_number
from playground.contract.generation import GenerationSettings
from playground.contract.setting import setting_specs
from playground.experiment import DEFAULT_SEED
from playground.tasks import TASKS

EPILOG = """\
examples:
  playground generate names --updates 1000 --length 200
  playground generate headlines --prompt "Elmbridge " --temperature 0.7 --seed 3
  playground generate text --file my-novel.txt --updates 3000 --length 1000 > sample.txt
"""

TEXTS = tuple(name for name, task in TASKS.items() if task.family == "text")
"""The tasks that can write."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is learned, and how it is written."""
    parser.epilog = EPILOG
    specs = setting_specs(GenerationSettings)
    parser.add_argument(
        "task", metavar="TASK", type=one_of("text to write from", TEXTS), help=", ".join(TEXTS)
    )
    parser.add_argument(
        "--updates", type=whole_number(1, 1_000_000), metavar="N", help="optimiser updates before writing"
    )
    parser.add_argument(
        "--network",
        type=network_name,
        default="lstm",
        metavar="NAME",
        help="which network learns and writes (default: lstm)",
    )
    parser.add_argument("--training-seed", type=whole_number(0, 2**31 - 1), default=DEFAULT_SEED, metavar="S")
    parser.add_argument("--prompt", default="", metavar="TEXT", help="what the network reads first")
    parser.add_argument(
        "--length", type=whole_number(1, 20_000), default=400, metavar="N", help="characters to write"
    )
    for name in ("temperature", "top_p"):
        spec = specs[name]
        low, high = float(spec.minimum or 0), float(spec.maximum or 0)
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=decimal_number(low, high),
            default=1.0,
            metavar="T" if name == "temperature" else "P",
            help=spec.help.textbook,
        )
    parser.add_argument(
        "--top-k", type=whole_number(0, 1000), default=0, metavar="K", help=specs["top_k"].help.textbook
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 2**31 - 1), default=1, metavar="S", help=specs["seed"].help.textbook
    )
    parser.add_argument("--stop-at-newline", action="store_true", help="end with the first line")
    add_data_arguments(parser, tables=False)


def run(args: argparse.Namespace) -> int:
    """Trains, then writes. Returns the exit code: 1 when training had to stop early."""
    from playground.cli_commands.errors import CommandError
    from playground.cli_commands.stream_report import made_task, train_streams
    from playground.cli_commands.training_report import compile_first
    from playground.engine.generation import generate
    from playground.tasks.text.character_task import CharacterTask

    settings = settings_from(args)
    task = made_task(args.task, settings)
    assert isinstance(task, CharacterTask)
    compile_first()
    results = train_streams(task, settings, (args.network,), args.updates, (args.training_seed,))
    result = results[0]
    for notice in task.corpus.notices:
        print(notice, file=sys.stderr)
    if result.failure:
        raise CommandError(result.failure)
    print(
        f"{result.update:,} updates in {result.seconds:.1f} s; held-out loss {result.loss:.3f} nats per character "
        f"(3-gram model: {task.baselines.trigram:.3f}).",
        file=sys.stderr,
    )
    written = generate(
        result.model,
        task.vocabulary,
        GenerationSettings(
            temperature=args.temperature,
            top_k=args.top_k,
            top_p=args.top_p,
            prompt=args.prompt,
            length=args.length,
            seed=args.seed,
            stop_at_newline=args.stop_at_newline,
        ),
    )
    assert written is not None
    if written.notice:
        print(written.notice, file=sys.stderr)
    print(written.prompt + written.text.removesuffix("\n"))
    return 0
