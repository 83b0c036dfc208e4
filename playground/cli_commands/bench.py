"""`playground bench [NAME]`: measures, and prints a table or JSON. The code is in `playground/bench/`.

`run` gets: name (str or None: all of them), json (bool), quick (bool: fewer repetitions, rougher numbers).
"""

from __future__ import annotations

import argparse

from playground.cli_commands.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how it is printed."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="one measurement (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: rougher numbers, sooner")


def run(args: argparse.Namespace) -> int:
    """Measures and prints. Returns the exit code."""
    raise CommandError("Measurements are not part of this version yet: try `playground doctor`.")
