"""The records as a table for people and as JSON for scripts."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from playground.bench.machine import MACHINE
from playground.bench.measurement_table import MEASUREMENTS
from playground.bench.records import Record, Value

TABLE_WIDTH = 120
"""Columns of the table where there is no terminal to ask."""

WHAT = {measurement.name: measurement.what for measurement in MEASUREMENTS}


def print_json(records: Sequence[Record], output: TextIO | None = None) -> None:
    """All records, as one JSON list; of a single measurement that gives rows of one form, these rows alone."""
    rows = [record for record in records if record.rows_alone]
    alone = rows and len({_name(record) for record in records if not _is_fact(record)}) == 1
    print(
        json.dumps([record.as_json() for record in (rows if alone else records)], indent=1),
        file=output or sys.stdout,
    )


def print_table(records: Sequence[Record], output: TextIO | None = None) -> None:
    """One line a record below the name of its measurement, then the machine, then a sentence about everything."""
    out = output or sys.stdout
    console = Console(file=out, highlight=False)
    if not console.is_terminal:
        console = Console(file=out, highlight=False, width=TABLE_WIDTH)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("Measurement", overflow="fold")
    table.add_column("Measured", justify="right", no_wrap=True)
    table.add_column("Target", justify="right", no_wrap=True)
    table.add_column("Met", justify="center", no_wrap=True)
    for name, group in groupby((record for record in records if not _is_fact(record)), key=_name):
        table.add_row()
        table.add_row(Text(f"{name}: {WHAT.get(name, '')}".rstrip(": "), style="bold"))
        for record in group:
            table.add_row(f"  {_rest(record)}", _measured(record), _wanted(record), _verdict(record))
    console.print(table)
    console.print()
    console.print(", ".join(f"{_rest(record)} {_measured(record)}" for record in records if _is_fact(record)))
    console.print(conclusion(records), style="bold")


def conclusion(records: Sequence[Record]) -> str:
    """One sentence about everything."""
    judged = [record for record in records if record.met is not None]
    missed = [record for record in judged if not record.met]
    if not missed:
        return f"All {len(judged)} targets are met." if len(judged) != 1 else "The target is met."
    return f"{len(judged) - len(missed)} of {len(judged)} targets are met."


def shown(value: Value) -> str:
    """A value with about three digits, never more than were measured."""
    if value is None:
        return "not measured"
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "not a number"
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    if 0.01 <= abs(value) < 1e6:
        return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"
    return f"{value:.1e}"


def _name(record: Record) -> str:
    return record.measurement.partition(": ")[0]


def _rest(record: Record) -> str:
    return record.measurement.partition(": ")[2]


def _is_fact(record: Record) -> bool:
    return _name(record) == MACHINE


def _measured(record: Record) -> str:
    unit = "" if record.value is None or isinstance(record.value, str) else record.unit
    return f"{shown(record.value)} {unit}".rstrip()


def _wanted(record: Record) -> str:
    return "" if record.target is None else f"{record.target} {record.unit}".rstrip()


def _verdict(record: Record) -> Text:
    if record.met is None:
        return Text("")
    return Text("yes", style="green") if record.met else Text("no", style="bold red")
