"""Builds the wheel, installs it into a wholly empty environment and runs it from another folder.

Called by `make release-test`. What is downloaded is what a user of the wheel would download.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    ["--version"],
    ["--help"],
    ["doctor"],
    ["train", "nature-show", "--network", "lstm", "--updates", "20"],
    ["render", "train", "train.png", "--updates", "20"],
)


def main() -> int:
    """Returns 0 when every command does what it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch-index", default="", metavar="URL")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sequence-playground-release-") as name:
        folder = Path(name)
        wheel = build(folder / "wheel")
        program = install(wheel, folder / "environment", args.torch_index)
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        failed = [command for command in COMMANDS if not runs([str(program), *command], elsewhere)]
        if not (elsewhere / "train.png").is_file():
            failed.append(["no picture was written"])
    print(json.dumps({"wheel": wheel.name, "failed": failed}))
    return 1 if failed else 0


def build(folder: Path) -> Path:
    """The wheel of this checkout, built with a backend of its own."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, torch_index: str) -> Path:
    """The command `playground` in a new environment that has nothing but the wheel and what it asks for."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    command = [str(scripts / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if torch_index:
        command += ["--extra-index-url", torch_index]
    subprocess.run([*command, str(wheel)], check=True)
    return scripts / "playground"


def runs(command: list[str], folder: Path) -> bool:
    """Whether this ends with code 0, in an environment without anything that could point back to the checkout."""
    clean = {
        name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    print(f"\n$ playground {' '.join(command[1:])}", flush=True)
    return subprocess.run(command, cwd=folder, env=clean, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
