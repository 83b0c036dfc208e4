"""Who may import what. `lint-imports` proves the layers; here is what it cannot see: processes, and third parties."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "playground"

QT = {"PySide6", "shiboken6", "pyqtgraph", "qtawesome", "ziamath", "ziafont", "latex2mathml"}
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": set(),
    "app": QT | {"numpy", "torch"},
    "bench": QT | {"numpy", "torch", "rich"},
    "bench.peers.jax_scan": {"jax"},
    "cli": set(),
    "cli_commands": {"numpy", "rich"},
    "cli_commands.render": {"numpy", "rich", "PySide6"},
    "cli_commands.window": {"numpy", "rich", "PySide6"},
    "contract": {"numpy"},
    "doctor": {"rich"},
    "engine": {"numpy", "torch", "numba", "llvmlite"},
    "experiment": set(),
    "lessons": {"numpy"},
    "own_core": set(),
    "places": set(),
    "reading": {"numpy", "pandas"},
    "resources": set(),
    "runner": {"numpy"},
    "storage": {"numpy"},
    "tasks": {"numpy"},
    "trace": {"numpy"},
    "ui": QT | {"numpy"},
}
"""The packages beside the standard library that each part may import. The longest name that fits counts."""


def modules() -> list[str]:
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return sorted(".".join(path.parts) for path in paths if not {"assets", "datasets"} & set(path.parts))


def allowed_for(module: str) -> set[str]:
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    part = next((name for name in names if name in ALLOWED), None)
    assert part is not None, (
        f"{module} belongs to no part of the program that is known here: add it to ALLOWED"
    )
    return ALLOWED[part]


def third_parties(tree: ast.AST) -> Iterator[str]:
    """The packages that a module imports anywhere, functions included, but for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            root = name.split(".")[0]
            if root != "playground" and root not in sys.stdlib_module_names:
                yield root
        yield from third_parties(node)


@pytest.mark.parametrize("module", modules())
def test_third_parties_stay_where_they_belong(module: str) -> None:
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    found = set(third_parties(ast.parse(path.read_text(encoding="utf-8"))))
    assert found <= allowed_for(module), f"{path} imports {sorted(found - allowed_for(module))}"


def imported_together(part: str, unwanted: set[str]) -> set[str]:
    """Which of `unwanted` are in sys.modules of a fresh process after every module of this part was imported."""
    names = [
        f"playground.{module}".removesuffix(".__init__")
        for module in modules()
        if module.split(".")[0] == part
    ]
    names = [name for name in names if not name.endswith("__main__")]
    program = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\nprint(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return unwanted & set(done.stdout.split())


@pytest.mark.parametrize("part", ["contract", "engine", "experiment", "runner", "tasks", "trace"])
def test_what_computes_needs_no_qt(part: str) -> None:
    assert imported_together(part, {"PySide6", "pyqtgraph"}) == set()


@pytest.mark.parametrize("part", ["contract", "experiment", "tasks", "trace", "ui"])
def test_what_shows_needs_no_torch(part: str) -> None:
    assert imported_together(part, {"torch", "playground.engine", "playground.runner"}) == set()
