"""Makes `.venv` with everything the program needs, and installs the few system libraries that Qt asks for.

Called by `make run` and `make test` (through set_up.sh, which finds a Python), and by hand on Windows:
`py scripts/set_up.py`. Standard library only. It may be run again at any time: what is there stays.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playground.doctor import system_libraries

VENV = ROOT / ".venv"
READY_TO_RUN = VENV / "ready-to-run"
READY_TO_TEST = VENV / "ready-to-test"


class SetUpError(Exception):
    """The set-up cannot go on; the message is a sentence for the user."""


def main(argv: list[str] | None = None) -> int:
    """Sets up what the arguments ask for. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Set up Sequence Playground in .venv.")
    parser.add_argument("--test", action="store_true", help="also what the tests need")
    parser.add_argument("--torch-index", default="", metavar="URL", help="a further index to take torch from")
    args = parser.parse_args(argv)
    try:
        if sys.version_info < (3, 11):
            raise SetUpError(f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}.")
        install_system_packages(wanted_packages())
        python = make_environment()
        install_dependencies(python, args.test, args.torch_index)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    READY_TO_RUN.touch()
    if args.test:
        READY_TO_TEST.touch()
    return 0


def wanted_packages() -> tuple[str, ...]:
    """The Debian packages that are missing: Qt's libraries, a font, and venv where Debian has split it off."""
    packages = system_libraries.missing_packages()
    if importlib.util.find_spec("ensurepip") is None:
        packages += (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)
    return packages


def install_system_packages(packages: tuple[str, ...]) -> None:
    """Installs them on Debian and Ubuntu where that needs no password; otherwise says how to."""
    if not packages:
        return
    if shutil.which("apt-get") is None:
        sonames = ", ".join(library.soname for library in system_libraries.missing_libraries())
        print(f"Missing on this system: {sonames or 'a font'}. Please install the packages that contain it.")
        return
    prefix = _privilege()
    command = system_libraries.install_command(packages)
    if prefix is None:
        print(f"Some system packages are missing. Please install them with:\n\n    {command}\n")
        return
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for apt in (["apt-get", "update", "-qq"], install):
        # An update that fails for one foreign package source is no reason to stop: the install decides.
        done = subprocess.run([*prefix, *apt], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise SetUpError(
            f"The system packages could not be installed. Please try by hand:\n\n    {command}\n"
        )


def make_environment() -> Path:
    """The Python of `.venv`, made anew when there is none or when it no longer runs."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not _runs(python):
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
        if made.returncode != 0:
            raise SetUpError(f"The environment {VENV} could not be made; the lines above say why.")
    return python


def install_dependencies(python: Path, test: bool, torch_index: str) -> None:
    """Installs the program, editable, with the pinned ranges of pyproject.toml."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    if not sys.stdout.isatty():
        command += ["--quiet", "--progress-bar", "off"]
    if torch_index:
        command += ["--extra-index-url", torch_index]
    print("Installing the dependencies into .venv (once; Qt and torch are large)", flush=True)
    installed = subprocess.run([*command, "--editable", f"{ROOT}[test]" if test else str(ROOT)], check=False)
    if installed.returncode != 0:
        raise SetUpError(
            f"The dependencies could not be installed; the lines above say why. The command was:\n\n"
            f"    {shlex.join(installed.args)}\n"
        )


def _privilege() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it needs no password, None otherwise."""
    if system_libraries.is_root():
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"] if asked.returncode == 0 else None


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    wanted = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([str(python), "-c", wanted], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())
