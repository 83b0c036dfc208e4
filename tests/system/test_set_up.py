"""The set-up: what it would install, and what it says when it cannot. Nothing is installed here."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from playground.doctor import system_libraries

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def set_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "scripts/set_up.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Commands:
    """Stands for the system: remembers the commands it is asked to run, and answers with `codes`."""

    def __init__(self, **codes: int) -> None:
        self.codes = codes
        self.asked: list[list[str]] = []

    def __call__(self, command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        self.asked.append(command)
        code = next((code for word, code in self.codes.items() if word in command), 0)
        return subprocess.CompletedProcess(command, code)


@pytest.fixture
def commands(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    made = Commands()
    monkeypatch.setattr(set_up.subprocess, "run", made)
    monkeypatch.setattr(set_up.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_libraries, "is_root", lambda: True)
    return made


def test_nothing_missing_installs_nothing(set_up: ModuleType, commands: Commands) -> None:
    set_up.install_system_packages(())
    assert commands.asked == []


def test_root_installs_without_questions(set_up: ModuleType, commands: Commands) -> None:
    set_up.install_system_packages(("libegl1", "libgl1"))
    assert commands.asked == [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libegl1", "libgl1"],
    ]


def test_sudo_is_used_where_it_asks_for_no_password(
    set_up: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_libraries, "is_root", lambda: False)
    set_up.install_system_packages(("libegl1",))
    assert commands.asked[0] == ["sudo", "-n", "true"]
    assert all(command[0] == "sudo" for command in commands.asked)
    assert commands.asked[-1][-1] == "libegl1"


def test_without_rights_the_exact_command_is_printed(
    set_up: ModuleType,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(system_libraries, "is_root", lambda: False)
    commands.codes["sudo"] = 1
    set_up.install_system_packages(("libegl1",))
    expected = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1"
    assert expected in capsys.readouterr().out
    assert commands.asked == [["sudo", "-n", "true"]]


def test_a_failed_installation_is_a_sentence(set_up: ModuleType, commands: Commands) -> None:
    commands.codes["install"] = 100
    with pytest.raises(set_up.SetUpError, match="could not be installed"):
        set_up.install_system_packages(("libegl1",))


def test_other_systems_are_told_what_is_missing(
    set_up: ModuleType,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(set_up.shutil, "which", lambda name: None)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: system_libraries.SYSTEM_LIBRARIES[:2])
    set_up.install_system_packages(("libglib2.0-0", "libegl1"))
    assert "libglib-2.0.so.0, libEGL.so.1" in capsys.readouterr().out
    assert commands.asked == []


def test_a_further_index_reaches_pip(set_up: ModuleType, commands: Commands) -> None:
    set_up.install_dependencies(Path("python"), True, "wheels-for-cpu")
    (command,) = commands.asked
    assert command[command.index("--extra-index-url") + 1] == "wheels-for-cpu"
    assert command[-1].endswith("[test]")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_python_that_does_not_suit_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["sh", str(ROOT / "scripts/set_up.sh")],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert (
        done.stderr == f"PYTHON={old} is not a Python 3.11 or later: name another one, or leave PYTHON out.\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_no_python_at_all_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "scripts/set_up.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Sequence Playground needs Python 3.11 or later and found none")


def test_libraries_are_found_by_loading_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    absent = system_libraries.SystemLibrary("libsurely-not-there.so.9", "surely-not-there", "drawing")
    monkeypatch.setattr(system_libraries, "SYSTEM_LIBRARIES", (absent,))
    assert system_libraries.missing_libraries() == (absent,)
    monkeypatch.setattr("sys.platform", "win32")
    assert system_libraries.missing_libraries() == ()
    assert system_libraries.has_fonts()


def test_the_library_table_names_each_package_once() -> None:
    packages = [library.package for library in system_libraries.SYSTEM_LIBRARIES]
    assert len(packages) == len(set(packages))


def test_system_libraries_need_nothing_installed() -> None:
    # The set-up imports this module before there is any package.
    program = "import sys; import playground.doctor.system_libraries; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"numpy", "rich", "PySide6"} & set(done.stdout.split())
