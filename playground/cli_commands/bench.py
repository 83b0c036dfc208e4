"""`playground bench [NAME...]`: measures, and prints a table or JSON. The code is in `playground/bench/`.

`run` gets: names (list of measurements; empty: all of them), json (bool), quick (bool: fewer repetitions, a shorter
run: rougher numbers, sooner), pictures (a folder or None).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from playground.bench.measurement_table import MEASUREMENTS, NAMES, chosen
from playground.cli_commands.parser import one_of

EPILOG = """\
measurements:
{table}

examples:
  playground bench                     all of them: about half an hour
  playground bench cells pause
  playground bench frame --quick
  playground bench --json > numbers.json
  playground bench ratios --pictures docs/pictures
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to measure, and how it is printed."""
    table = "\n".join(f"  {measurement.name:<12} {measurement.what}" for measurement in MEASUREMENTS)
    parser.epilog = EPILOG.format(table=table)
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        type=one_of("measurement", NAMES),
        help="what to measure; may be several (default: everything)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: rougher numbers, sooner")
    parser.add_argument(
        "--pictures",
        metavar="FOLDER",
        type=Path,
        help="draw ratios and linearity into this folder, with the rows as JSON beside them",
    )


def run(args: argparse.Namespace) -> int:
    """Measures and prints. Returns the exit code: 1 when a target was missed."""
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # before numpy and torch are imported, as in the window
    from playground.bench.report import print_json, print_table
    from playground.bench.session import BenchSession

    session = BenchSession(quick=args.quick, pictures=args.pictures)
    records = list(session.run(chosen(tuple(args.names))))
    if args.json:
        print_json(records)
    else:
        print_table(records)
    return 1 if any(record.met is False for record in records) else 0
