"""Rules about the text of the repository itself."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from playground import __version__

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".svg", ".qss", ".sh", ".csv", ".txt", ".ini", ".cfg", ".yml", ".yaml", ""}

# Written in pieces, so that this file is not found by its own search.
UNWANTED = [
    r"(^|[^\w.])/(?:w" + r"ork|f" + r"arm|r" + r"oot|tmp/v)/",
    r"://[^ ]*(?:py" + r"pi|pythonh" + r"osted|npm" + r"js|download\.py" + r"torch)",
]

BLURRED = {"step", "data", "info", "manager", "utils"}
"""Names that say nothing, or two things at once: a timestep and an update are not the same."""


PAGES = {"playground/ui/pages/step.py"}
"""The Step page: in the interface a step is a timestep."""

QT_OVERRIDES = {"data"}
"""Methods whose names Qt chose: QAbstractItemModel.data."""


def tracked_files() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a checkout made by git")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_path_of_a_machine_and_no_registry() -> None:
    found = []
    for path in tracked_files():
        if path.suffix not in TEXT or path.stat().st_size > 2_000_000:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if any(re.search(pattern, line) for pattern in UNWANTED):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def test_names_never_blur() -> None:
    found = []
    for path in sorted((ROOT / "playground").rglob("*.py")):
        if path.stem in BLURRED and path.relative_to(ROOT).as_posix() not in PAGES:
            found.append(f"{path.relative_to(ROOT)} is called {path.stem}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = "" if node.name in QT_OVERRIDES and "ui" in path.parts else node.name
            elif isinstance(node, ast.arg):
                name = node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                name = node.id
            else:
                continue
            if name.lower() in BLURRED:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} calls something {name}")
    assert found == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs/decisions/001-dependencies.md").read_text(encoding="utf-8")
    for line in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        found = re.match(r"[\w-]+", line)
        assert found is not None
        assert f"`{found[0]}" in reasons, (
            f"docs/decisions/001-dependencies.md does not say why {found[0]} is needed"
        )


def test_every_dependency_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        assert "<" in line or "~=" in line, f"{line} may change under us"


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:3]) for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_version_is_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
