"""Settings as fields of frozen dataclasses: range, unit, label and help live in the field's metadata, once.

The experiment panel, the command line, validation and the help texts are all made from this.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.contract.cell_description import Words


@dataclass(frozen=True)
class SettingSpec:
    """What a form and a validator need to know about one setting.

    `minimum` and `maximum` are inclusive. `choices` maps each allowed value to its label. `logarithmic`: stepping
    multiplies rather than adds. `only_for`: the cells (or None: all) that have this setting. `only_when`: asked with
    the settings it stands among, whether it changes anything there (None: always).
    """

    label: Words
    help: Words
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] | None = None
    logarithmic: bool = False
    only_for: tuple[str, ...] | None = None
    only_when: Callable[[Any], bool] | None = None

    def applies_to(self, settings: Any) -> bool:
        """Whether this setting of `settings` changes anything. Of a network, its `cell` is asked for as well."""
        if self.only_for is not None and getattr(settings, "cell", None) not in self.only_for:
            return False
        return self.only_when is None or self.only_when(settings)


def setting(
    default: Any,
    label: str | Words,
    help: str | Words,
    *,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: Mapping[str, str] | None = None,
    logarithmic: bool = False,
    only_for: Iterable[str] | None = None,
    only_when: Callable[[Any], bool] | None = None,
) -> Any:
    """A dataclass field with its `SettingSpec`. A plain string is said alike in both vocabularies."""
    spec = SettingSpec(
        label if isinstance(label, Words) else Words(label, label),
        help if isinstance(help, Words) else Words(help, help),
        unit,
        minimum,
        maximum,
        choices,
        logarithmic,
        None if only_for is None else tuple(only_for),
        only_when,
    )
    return dataclasses.field(default=default, metadata={"setting": spec})


def setting_specs(owner: Any) -> dict[str, SettingSpec]:
    """The settings of a dataclass (or an instance of one) by field name, in order."""
    return {
        entry.name: entry.metadata["setting"]
        for entry in dataclasses.fields(owner)
        if "setting" in entry.metadata
    }


def setting_problem(spec: SettingSpec, value: Any, default: Any) -> str | None:
    """Why `value` is not allowed here, as a sentence; None when it is. The type asked for is that of `default`."""
    name = spec.label.textbook
    if isinstance(default, tuple):
        return _range_problem(spec, value, default)
    if isinstance(default, bool):
        return None if isinstance(value, bool) else f"{name} is either on or off, not {value!r}."
    if spec.choices is not None:
        allowed = ", ".join(spec.choices)
        return None if value in spec.choices else f"{name} is one of {allowed}, not {value!r}."
    if isinstance(default, int):
        if not isinstance(value, int) or isinstance(value, bool):
            return f"{name} is a whole number, not {value!r}."
    elif not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return f"{name} is a number, not {value!r}."
    return _bounds_problem(spec, value)


def _bounds_problem(spec: SettingSpec, value: float) -> str | None:
    name, unit = spec.label.textbook, f" {spec.unit}" if spec.unit else ""
    if spec.minimum is not None and value < spec.minimum:
        return f"{name} must be at least {spec.minimum:g}{unit}; {value:g} is too small."
    if spec.maximum is not None and value > spec.maximum:
        return f"{name} can be at most {spec.maximum:g}{unit}; {value:g} is too large."
    return None


def _range_problem(spec: SettingSpec, value: Any, default: tuple[Any, ...]) -> str | None:
    name = spec.label.textbook
    if not isinstance(value, tuple) or len(value) != len(default):
        return f"{name} is a range, two whole numbers like {default[0]} and {default[1]}, not {value!r}."
    for end in value:
        if not isinstance(end, int) or isinstance(end, bool):
            return f"{name} is a range of whole numbers; {end!r} is not one."
        problem = _bounds_problem(spec, end)
        if problem is not None:
            return problem
    if value[0] > value[1]:
        return f"{name} goes from the smaller number to the larger: {value[0]} is more than {value[1]}."
    return None
