"""The doctor's findings as a table for people and as JSON for scripts."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from playground.doctor.checks import Check, State

SIGNS: dict[State, str] = {"good": "✓", "note": "–", "missing": "✗"}
COLOURS: dict[State, str] = {"good": "green", "note": "yellow", "missing": "bold red"}


def commands(checks: Sequence[Check]) -> list[str]:
    """The commands that install what is missing, each once."""
    return list(
        dict.fromkeys(check.command for check in checks if check.state == "missing" and check.command)
    )


def conclusion(checks: Sequence[Check]) -> str:
    """One sentence about everything."""
    missing = sum(check.state == "missing" for check in checks)
    if not missing:
        return "Everything that is needed is here."
    things = "One thing is" if missing == 1 else f"{missing} things are"
    return f"{things} missing." + (" This installs what can be installed:" if commands(checks) else "")


def print_json(checks: Sequence[Check], output: TextIO | None = None) -> None:
    """Everything, as one JSON object."""
    ready = not any(check.state == "missing" for check in checks)
    found = {
        "ready": ready,
        "checks": [dataclasses.asdict(check) for check in checks],
        "commands": commands(checks),
    }
    print(json.dumps(found, indent=1), file=output or sys.stdout)


def print_table(checks: Sequence[Check], output: TextIO | None = None) -> None:
    """A table with a sign for each check, then a sentence, then the commands to copy."""
    out = output or sys.stdout
    try:
        _print_with_rich(checks, out)
    except ModuleNotFoundError:
        # rich may be what is missing: that is no reason for the doctor to fall ill.
        _print_plainly(checks, out)
    for command in commands(checks):
        print(f"\n    {command}", file=out)


def _print_with_rich(checks: Sequence[Check], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, highlight=False)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for group, members in groupby(checks, key=lambda check: check.group):
        table.add_row("", Text(group, style="bold"), "")
        for check in members:
            found = Text(check.found)
            if check.problem:
                found.append(f"\n{check.problem}", style=COLOURS[check.state])
            table.add_row(Text(_sign(check, out), style=COLOURS[check.state]), check.name, found)
        table.add_row()
    console.print(table)
    console.print(conclusion(checks))


def _print_plainly(checks: Sequence[Check], out: TextIO) -> None:
    for group, members in groupby(checks, key=lambda check: check.group):
        print(group, file=out)
        for check in members:
            print(f"  {_sign(check, out)} {check.name}: {check.found}", file=out)
            if check.problem:
                print(f"      {check.problem}", file=out)
    print(f"\n{conclusion(checks)}", file=out)


def _sign(check: Check, out: TextIO) -> str:
    sign = SIGNS[check.state]
    try:
        sign.encode(getattr(out, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return {"good": "+", "note": "-", "missing": "x"}[check.state]
    return sign
