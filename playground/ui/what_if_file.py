"""A list of what-ifs as a file: JSON that a person can read, write and hand in.

    [{"kind": "hold", "quantity": "forget_gate", "value": 0.0},
     {"together": [{"kind": "set", "state": "cell_state", "value": [0.1, 0.7], "at": 10}], "network": "lstm",
      "on": false}]

A line of the list is one intervention as in `contract.intervention_json`, or several `together`; `network` is the only
one it is meant for, `on` whether it is switched on. Pure, but for `read_file` and `write_file`; no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playground.contract.intervention import Intervention, InterventionError
from playground.contract.intervention_json import from_object, rows_of, to_object
from playground.reading.files import ReadingError, checked_size
from playground.ui.what_if_list import Entry

LARGEST_FILE = 4 << 20
MOST_ENTRIES = 500
FILE_KINDS = "What-ifs (*.json);;All files (*)"
_KEYS = ("together", "network", "on")

ReadEntry = tuple[tuple[Intervention, ...], str, bool]
"""Interventions, the only network they are meant for ("": all), and whether they are on."""


def to_text(entries: Sequence[Entry]) -> str:
    """The text of a file that `from_text` reads back as the same list."""
    rows = []
    for entry in entries:
        objects = [to_object(each) for each in entry.interventions]
        row: dict[str, Any] = objects[0] if len(objects) == 1 else {"together": objects}
        if entry.network or not entry.on:
            row = {"together": objects}
            row |= {"network": entry.network} if entry.network else {}
            row |= {} if entry.on else {"on": False}
        rows.append(json.dumps(row))
    return "[" + ",\n ".join(rows) + "]\n"


def from_text(text: str) -> tuple[ReadEntry, ...]:
    """The lines of such a text. Raises InterventionError with a sentence for anything else."""
    rows = rows_of(text, "what-ifs")
    if not rows:
        raise InterventionError("The list of what-ifs is empty: there is nothing in it to try.")
    if len(rows) > MOST_ENTRIES:
        raise InterventionError(f"The list has {len(rows):,} what-ifs; up to {MOST_ENTRIES} are read.")
    return tuple(_entry(row, place) for place, row in enumerate(rows, start=1))


def _entry(row: object, place: int) -> ReadEntry:
    if not isinstance(row, Mapping) or "together" not in row:
        return (from_object(row, place),), "", True
    where = f"Intervention {place}"
    for name in row:
        if name not in _KEYS:
            raise InterventionError(f"{where} says {name!r} beside 'together'; it knows {', '.join(_KEYS)}.")
    together, network, on = row["together"], row.get("network", ""), row.get("on", True)
    if not isinstance(together, list) or not together:
        raise InterventionError(f"{where}: 'together' must be a list of at least one intervention.")
    if not isinstance(network, str):
        raise InterventionError(f"{where}: 'network' must be the name of a network, not {network!r}.")
    if not isinstance(on, bool):
        raise InterventionError(f"{where}: 'on' must be true or false, not {on!r}.")
    return tuple(from_object(each, place) for each in together), network, on


def read_file(path: Path) -> tuple[ReadEntry, ...]:
    """The list in a file. Raises InterventionError or ReadingError, both with a sentence."""
    checked_size(path, LARGEST_FILE, "lists of what-ifs")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ReadingError(
            f"'{path.name}' is not written as text (UTF-8): it is no list of what-ifs."
        ) from None
    except OSError as error:
        raise ReadingError(f"'{path.name}' cannot be read: {error.strerror}.") from error
    return from_text(text)


def write_file(path: Path, entries: Sequence[Entry]) -> None:
    """Write the list. Raises ReadingError with a sentence where that is not possible."""
    try:
        path.write_text(to_text(entries), encoding="utf-8")
    except OSError as error:
        raise ReadingError(
            f"The what-ifs could not be written to '{path.name}': {error.strerror}."
        ) from error
