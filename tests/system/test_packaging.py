"""The wheel: what is in it, and that it runs from another folder with nothing of the checkout beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from playground import __version__

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    command = [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own; the dependencies come from the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    command = [*pip, "--no-deps", "--no-index", "--target", str(folder), str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed command, run in `folder`: with `installed` before everything else on the path."""
    name = "playground.exe" if os.name == "nt" else "playground"
    return subprocess.run(
        [str(installed / "bin" / name), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def test_wheel_has_every_asset_and_data_set(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("assets", "datasets"):
        here = {
            f"playground/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / kind).rglob("*")
            if path.is_file()
        }
        assert here - names == set()
        assert len(here) > 3


def test_wheel_has_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"sequence_playground-{__version__}-py3-none-any.whl"
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"playground", f"sequence_playground-{__version__}.dist-info"}
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "__pycache__" in name]


def test_wheel_asks_for_what_pyproject_pins(wheel: Path) -> None:
    metadata = zipfile.ZipFile(wheel).read(f"sequence_playground-{__version__}.dist-info/METADATA").decode()
    assert "Requires-Dist: torch~=2.13.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata


def test_command_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "--help")
    assert done.returncode == 0, done.stderr
    assert "train" in done.stdout
    assert done.stderr == ""


def test_doctor_finds_everything_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, found["commands"] or done.stderr
    assert found["ready"] is True
    places = {check["name"]: check["found"] for check in found["checks"]}
    assert str(installed) in places["Sequence Playground"]
    assert places["Drawings"] == str(installed / "playground/assets/drawings")


def test_wrong_use_of_the_installed_command(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "trian")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "playground: There is no command 'trian'; did you mean 'train'?\n"
