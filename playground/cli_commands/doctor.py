"""`playground doctor`: what is on this machine, what is missing, and the command that installs it."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How the answer is printed."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int:
    """Looks and prints. Returns 0 when nothing is missing, else 1."""
    from playground.doctor.checks import all_checks
    from playground.doctor.report import print_json, print_table

    checks = all_checks()
    if args.json:
        print_json(checks)
    else:
        print_table(checks)
    return 1 if any(check.state == "missing" for check in checks) else 0
