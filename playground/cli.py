"""The command line: `playground` opens the window, `playground COMMAND` does one thing without it.

Only the parser is built here, from the table COMMANDS. The modules of `cli_commands` are imported when their command
is asked for, and import Qt or torch only when it runs: `playground --help` needs neither.

A module of `cli_commands` has `add_arguments(parser)` and `run(args) -> int`, the exit code. It tells the user of a
failure by raising CommandError (or one of the other errors of EXPECTED) with a sentence.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from playground import __version__
from playground.cli_commands.errors import CommandError
from playground.cli_commands.parser import SentenceParser

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

DEBUG_VARIABLE = "PLAYGROUND_DEBUG"
"""Set to anything, unexpected problems show their traceback: for developers."""


@dataclass(frozen=True)
class Command:
    """One command: its module in `cli_commands` has the same name."""

    name: str
    summary: str

    def module(self) -> ModuleType:
        """Its module, imported now. Cheap: what is heavy is imported when the command runs."""
        return importlib.import_module(f"playground.cli_commands.{self.name}")


COMMANDS = (
    Command("window", "open the window (also without any command)"),
    Command("train", "train the networks of a task here and print how well they do"),
    Command("generate", "train a network on a text, then let it write"),
    Command("tasks", "list what can be learned, one sentence each"),
    Command("render", "draw a page of the window into a PNG after really training"),
    Command("bench", "measure speed and learning, and print the numbers"),
    Command("doctor", "say what is on this machine, what is missing and how to get it"),
)
DEFAULT_COMMAND = "window"

EPILOG = """\
try first:
  playground                          the window: press Train
  playground train nature-show        the same without a window, as a table
  playground tasks                    what else can be learned
  playground COMMAND --help           what a command can do
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit code: 0 done, 1 failed, 2 wrong use, 130 stopped with Ctrl+C."""
    arguments = list(sys.argv[1:] if argv is None else argv) or [DEFAULT_COMMAND]
    try:
        code = _run_or_explain(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read our output has left (`playground ... | head`): no reason for a word, nor for one at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def build_parser(chosen: str | None = None) -> tuple[SentenceParser, dict[str, SentenceParser]]:
    """The parser of the whole program and those of its commands; only `chosen` gets its arguments."""
    parser = SentenceParser(
        prog="playground",
        description="Watch small recurrent networks learn, open them, and see what they remember.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"Sequence Playground {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    parsers: dict[str, SentenceParser] = {}
    for command in COMMANDS:
        own = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
        )
        if command.name == chosen:
            command.module().add_arguments(own)
        parsers[command.name] = own
    return parser, parsers


def _run_or_explain(arguments: list[str]) -> int:
    """Runs, and turns every failure into a sentence on stderr and an exit code."""
    try:
        return _run(arguments)
    except SystemExit as leaving:  # argparse: help, version, wrong use
        return leaving.code if isinstance(leaving.code, int) else WRONG_USE
    except KeyboardInterrupt:
        return _say("Stopped with Ctrl+C.", INTERRUPTED)
    except BrokenPipeError:
        raise
    except CommandError as problem:
        return _say(str(problem), problem.exit_code)
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        return _say(_explain(error), FAILED)


def _run(arguments: list[str]) -> int:
    by_name = {command.name: command for command in COMMANDS}
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    parser, parsers = build_parser(chosen)
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        parsers.get(args.command, parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    return int(by_name[args.command].module().run(args))


def _explain(error: Exception) -> str:
    """A sentence for anything that went wrong. The traceback of a surprise goes into a file, for the report."""
    from playground.doctor.system_libraries import explain_import_error
    from playground.experiment import ExperimentError
    from playground.resources import ResourceMissing

    if isinstance(error, ExperimentError | ResourceMissing):
        return str(error)
    if isinstance(error, ImportError):
        explained = explain_import_error(error)
        if explained is not None:
            return explained
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("playground"):
        return f"The Python package {error.name} is missing: `playground doctor` says how to install it."
    return (
        f"Something went wrong that was not foreseen ({type(error).__name__}: {error}); "
        f"the details are in {_write_details(error)}."
    )


def _write_details(error: Exception) -> str:
    import tempfile  # not needed by anybody whose command works, and not cheap

    path = Path(tempfile.gettempdir()) / "sequence-playground-problem.txt"
    try:
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return f"the traceback that {DEBUG_VARIABLE}=1 shows"
    return str(path)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
