"""Interventions as JSON, and back: a list of small objects, each with its `kind`.

    [{"kind": "hold", "quantity": "forget_gate", "value": 0.0, "since": 3},
     {"kind": "set", "state": "cell_state", "value": 0.0, "at": 10},
     {"kind": "replace", "at": 1, "event": "poodle"}]

Timesteps, units and layers are counted from one, as on screen. What is left out has its default. Nonsense
gets a sentence.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    InterventionError,
    Numbers,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)

KINDS: dict[str, type] = {
    "hold": HoldQuantity,
    "set": SetMemory,
    "replace": ReplaceEvent,
    "insert": InsertEvent,
    "remove": RemoveEvent,
}
COUNTED = ("at", "since", "layer")
LISTED = ("timesteps", "units")


def to_json(interventions: Sequence[Intervention]) -> str:
    """The text of a file that `from_json` reads back as the same interventions."""
    rows = [json.dumps(to_object(intervention)) for intervention in interventions]
    return "[" + ",\n ".join(rows) + "]\n"


def to_object(intervention: Intervention) -> dict[str, Any]:
    """One intervention as an object of JSON; what has its default is left out."""
    kind = next(name for name, record in KINDS.items() if type(intervention) is record)
    found: dict[str, Any] = {"kind": kind}
    for name, field in _fields(kind).items():
        value = getattr(intervention, name)
        if value == field.default:
            continue
        if name in COUNTED:
            value = value + 1
        elif name in LISTED:
            value = [each + 1 for each in value]
        elif isinstance(value, tuple):
            value = list(value)
        found[name] = value
    return found


def from_json(text: str) -> tuple[Intervention, ...]:
    """The interventions in this text. Raises InterventionError with a sentence for anything else."""
    return tuple(from_object(row, place) for place, row in enumerate(rows_of(text, "interventions"), start=1))


def rows_of(text: str, what: str) -> list[Any]:
    """The list that a text of JSON is; `what` says what of. Raises InterventionError with a sentence for any other."""
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise InterventionError(
            f"This is no list of {what}: line {error.lineno} is not JSON ({error.msg})."
        ) from None
    except RecursionError:
        raise InterventionError(f"This is no list of {what}: it has lists in lists without end.") from None
    if not isinstance(rows, list):
        raise InterventionError(
            f"{what.capitalize()} are written as a list in square brackets; this is none."
        )
    return rows


def from_object(row: object, place: int = 1) -> Intervention:
    """One intervention from an object of JSON; `place` is its number in the list, for the sentence."""
    where = f"Intervention {place}"
    if not isinstance(row, Mapping):
        raise InterventionError(f'{where} is not an object such as {{"kind": "hold", ...}}.')
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise InterventionError(f"{where} is of no known kind: it must be one of {', '.join(KINDS)}.")
    fields = _fields(kind)
    for name in row:
        if name != "kind" and name not in fields:
            raise InterventionError(
                f"{where} says {name!r}, which means nothing to the kind {kind!r}; it knows {', '.join(fields)}."
            )
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in row:
            values[name] = _READERS[name](row[name], f"{where}, {name}")
        elif field.required:
            raise InterventionError(f"{where} does not say its {name!r}, which the kind {kind!r} needs.")
    made: Intervention = KINDS[kind](**values)
    return made


class _Field:
    """One field of a record: what it is when nobody says it, and whether somebody must."""

    def __init__(self, default: object, required: bool) -> None:
        self.default, self.required = default, required


def _fields(kind: str) -> dict[str, _Field]:
    from dataclasses import MISSING, fields

    return {field.name: _Field(field.default, field.default is MISSING) for field in fields(KINDS[kind])}


def _name(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise InterventionError(f"{where}: a name is expected, not {value!r}.")
    return value


def _words(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InterventionError(f"{where}: words are expected, not {value!r}.")
    return value


def _count(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InterventionError(f"{where}: a whole number from 1 on is expected, not {value!r}.")
    return value - 1


def _counts(value: object, where: str) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise InterventionError(f"{where}: a list of whole numbers from 1 on is expected, not {value!r}.")
    return tuple(_count(each, where) for each in value)


def _maybe_count(value: object, where: str) -> int | None:
    return None if value is None else _count(value, where)


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InterventionError(f"{where}: a number is expected, not {value!r}.")
    return float(value)


def _numbers(value: object, where: str) -> Numbers:
    if isinstance(value, list) and value:
        return tuple(_number(each, where) for each in value)
    return _number(value, where)


_READERS: dict[str, Callable[[object, str], Any]] = {
    "quantity": _name,
    "state": _name,
    "event": _name,
    "origin": _words,
    "value": _numbers,
    "at": _count,
    "since": _count,
    "layer": _maybe_count,
    "timesteps": _counts,
    "units": _counts,
}
