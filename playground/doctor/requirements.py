"""The Python packages that the program needs, in which versions, and which are here. Standard library only."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from dataclasses import dataclass

from playground.resources import checkout_root

DISTRIBUTION = "sequence-playground"


@dataclass(frozen=True)
class Requirement:
    """A package and the range of versions it must lie in, as pyproject.toml writes it: ">=6.11.2,<6.12"."""

    name: str
    specifier: str

    def __str__(self) -> str:
        return f"{self.name}{self.specifier}"

    def admits(self, version: str) -> bool:
        """Whether this version lies in the range. Only the numbers count: 2.13.0+cpu is 2.13.0."""
        return all(_holds(version, clause) for clause in self.specifier.split(",") if clause)

    def installed_version(self) -> str | None:
        """The version that is installed here; None when there is none."""
        try:
            return importlib.metadata.version(self.name)
        except importlib.metadata.PackageNotFoundError:
            return None


def requirements() -> tuple[Requirement, ...]:
    """What the program needs to run: from pyproject.toml in a checkout, from the metadata of an installed wheel."""
    root = checkout_root()
    if root is not None:
        with (root / "pyproject.toml").open("rb") as file:
            lines = tomllib.load(file)["project"]["dependencies"]
    else:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    return tuple(_read(line) for line in lines if "extra ==" not in line)


def _read(line: str) -> Requirement:
    found = re.match(r"\s*([A-Za-z0-9._-]+)\s*\(?([^;)]*)", line)
    if found is None:
        raise ValueError(f"This is not a requirement: {line!r}.")
    # The metadata of a wheel orders the clauses anew; the lower bound reads better first.
    clauses = sorted(found[2].replace(" ", "").strip().split(","), key=lambda clause: clause.startswith("<"))
    return Requirement(found[1], ",".join(clauses))


def _holds(version: str, clause: str) -> bool:
    found = re.fullmatch(r"(~=|>=|<=|==|!=|>|<)([\d.]+)", clause)
    if found is None:
        raise ValueError(f"This is not a range of versions: {clause!r}.")
    operator, bound = found[1], _numbers(found[2])
    here = _numbers(version)
    alike = len(bound) - 1
    width = max(len(here), len(bound))
    here += (0,) * (width - len(here))
    bound += (0,) * (width - len(bound))
    if operator == "~=":  # at least this, and alike but for the last number that is written
        return here >= bound and here[:alike] == bound[:alike]
    return {
        ">=": here >= bound,
        "<=": here <= bound,
        "==": here == bound,
        "!=": here != bound,
        ">": here > bound,
        "<": here < bound,
    }[operator]


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
