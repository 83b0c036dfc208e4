"""The doctor: what it finds here is true, and what it would say on a poorer machine is useful."""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import socket
import sys
from pathlib import Path

import pytest

from playground.doctor import checks, report, system_libraries
from playground.doctor.checks import Check
from playground.doctor.display import Display, find_display
from playground.doctor.probes import Probe, ProbeResult
from playground.doctor.requirements import Requirement, requirements

DRAWN = ProbeResult(
    {
        "qt": "6.11.3",
        "platform": "xcb",
        "families": 3,
        "font": "Sans",
        "lacking": [],
        "screen": "800x600 at 1x",
    }
)


@pytest.fixture(scope="module")
def here() -> list[Check]:
    return checks.all_checks()


def test_everything_the_tests_need_is_found(here: list[Check]) -> None:
    found = {check.name: check for check in here}
    for name in ("numpy", "PySide6-Essentials", "torch", "ziamath"):
        assert found[name].state == "good"
    assert found["Qt"].found.startswith("6.11.")
    assert found["Font"].state == "good"
    assert found["Drawings"].state == "good"
    assert found["Settings folder"].found == os.environ["PLAYGROUND_SETTINGS"]
    assert found["Display"].state == "note"  # the tests draw offscreen


def test_the_fast_path_is_looked_at(
    here: list[Check], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = next(check for check in here if check.name == "Fast path")
    assert found.state in ("good", "note")
    assert found.found.startswith(("ready, loaded in ", "not compiled yet", "failed"))

    monkeypatch.setenv("PLAYGROUND_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # the program is found wherever the user is
    probe = Probe(checks.KERNELS_PROBE, {"PYTHONPATH": checks._path_to_this_program()})
    found = checks.kernel_check(probe.result())
    assert (found.found, found.state) == ("not compiled yet", "note")
    assert "takes the reference path" in found.problem
    assert not list(tmp_path.iterdir())  # looking changes nothing


def test_what_is_said_of_the_fast_path() -> None:
    ready = {"state": "ready", "sentence": "It is.", "seconds": 0.412, "folder": "/a/b"}
    assert checks.kernel_check(ProbeResult(ready)).found == "ready, loaded in 0.4 s from /a/b"
    assert checks.kernel_check(ProbeResult(ready)).state == "good"
    failed = checks.kernel_check(ProbeResult({**ready, "state": "failed", "sentence": "It broke."}))
    assert (failed.found, failed.problem, failed.state) == ("failed", "It broke.", "note")
    unknown = checks.kernel_check(ProbeResult({}, "no numpy"))
    assert "(no numpy)" in unknown.problem


def test_versions_are_those_that_are_installed(here: list[Check]) -> None:
    found = {check.name: check.found for check in here if check.group == "Python packages"}
    assert found == {name: importlib.metadata.version(name) for name in found}
    assert set(found) == {requirement.name for requirement in requirements()}


@pytest.mark.parametrize(
    ("specifier", "version", "admitted"),
    [
        (">=6.11.2,<6.12", "6.11.2", True),
        (">=6.11.2,<6.12", "6.11.3", True),
        (">=6.11.2,<6.12", "6.11.1", False),
        (">=6.11.2,<6.12", "6.12.0", False),
        (">=6.11.2,<6.12", "6.12", False),
        ("~=2.13.0", "2.13.0+cpu", True),
        ("~=2.13.0", "2.13.4", True),
        ("~=2.13.0", "2.14.0", False),
        (">=2.2,<3", "2.10.1", True),
        (">=2.2,<3", "2.1.9", False),
        ("!=1.5", "1.5.0", False),
        ("", "0.1", True),
    ],
)
def test_ranges_of_versions(specifier: str, version: str, admitted: bool) -> None:
    assert Requirement("x", specifier).admits(version) is admitted


def test_ranges_agree_with_the_packaging_library() -> None:
    specifiers = pytest.importorskip("packaging.specifiers")
    versions = ("0.9", "1.0", "1.2", "1.2.0", "1.2.9", "1.3", "1.10", "2", "2.0.1")
    for text in (">=1.2", "<1.3", "~=1.2.0", "~=1.2", ">=1.2,<2", "==1.2", "!=1.2", ">1.2", "<=1.2"):
        for version in versions:
            assert Requirement("x", text).admits(version) == (version in specifiers.SpecifierSet(text)), (
                text,
                version,
            )


def test_a_package_that_is_missing_or_of_another_version_comes_with_its_command() -> None:
    missing = checks.package_check(Requirement("sequence-playground-surely-not", ">=1"))
    assert missing.state == "missing"
    assert missing.command.endswith("-m pip install 'sequence-playground-surely-not>=1'")
    wrong = checks.package_check(Requirement("numpy", "<1"))
    assert "is not known to work here; wanted is <1" in wrong.problem


def test_no_display_is_a_note_and_drawing_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: ())
    qt, display, *_ = checks.window_checks(Display("none", "There is no display here."), DRAWN, None)
    assert qt.state == "good"
    assert display.state == "note"
    assert "train, render and bench work without it" in display.problem


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries are Linux's")
def test_a_missing_library_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = next(each for each in system_libraries.SYSTEM_LIBRARIES if "cursor" in each.soname)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: (cursor,))
    monkeypatch.setattr(system_libraries, "has_fonts", lambda: True)
    broken = ProbeResult({}, 'Could not load the Qt platform plugin "xcb"')
    found = checks.window_checks(Display("X11 :0"), DRAWN, broken)
    assert [check.state for check in found] == ["good", "missing", "missing"]
    assert "libxcb-cursor0" in found[1].command
    assert "libxcb-cursor.so.0" in found[2].problem
    # Without a display the same library is only worth a note.
    assert [check.state for check in checks.window_checks(Display("none", "None."), DRAWN, None)][2] == "note"


def test_a_machine_without_fonts() -> None:
    boxes = ProbeResult({**DRAWN.answer, "families": 0, "lacking": list("Eσ")})
    assert checks.font_check(boxes).state == "missing"
    latin = ProbeResult({**DRAWN.answer, "lacking": ["σ"]})
    assert checks.font_check(latin).problem == "No font here has the sign σ."


def test_a_probe_that_crashes_reports_its_last_words() -> None:
    crashed = Probe("import os, sys; print('first', file=sys.stderr, flush=True); os.abort()").result()
    assert not crashed.succeeded
    assert crashed.complaint == "first"
    assert Probe("raise ImportError('libEGL.so.1: no')").result().complaint == "ImportError: libEGL.so.1: no"
    assert Probe("print(1, 2)").result().complaint == "it ended with code 0"


def test_a_probe_is_not_misled_by_a_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise RuntimeError('the wrong json')")
    monkeypatch.chdir(tmp_path)
    assert Probe("import json; print(json.dumps({'right': True}))").result().answer == {"right": True}


def test_a_settings_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLAYGROUND_SETTINGS", str(tmp_path / "file" / "settings"))
    check = checks.file_checks()[-1]
    assert check.state == "missing"
    assert check.problem.startswith("Settings cannot be remembered")


@pytest.mark.parametrize(
    ("environment", "system", "available", "words"),
    [
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False, "draws without a window"),
        ({"QT_QPA_PLATFORM": "offscreen:configfile=x"}, "win32", False, "draws without a window"),
        ({}, "linux", False, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({}, "darwin", True, ""),
        ({}, "win32", True, ""),
        ({"DISPLAY": ":6543"}, "linux", False, "no X server answers there"),
        ({"DISPLAY": "nonsense"}, "linux", False, "does not name a display"),
        ({"WAYLAND_DISPLAY": "wayland-77"}, "linux", False, "neither DISPLAY"),
    ],
)
def test_displays(environment: dict[str, str], system: str, available: bool, words: str) -> None:
    display = find_display(environment, system)
    assert display.available is available
    assert words in display.problem


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs unix sockets")
def test_a_wayland_server_that_listens_is_found(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert find_display(environment, "linux") == Display("Wayland wayland-0")


def test_table_and_json_say_the_same() -> None:
    found = [
        Check("Program", "Python", "3.11"),
        Check("Window", "Display", "none", "note", "There is no display."),
        Check("Window", "Font", "none", "missing", "There is no font.", "install font"),
        Check("Window", "Qt", "none", "missing", "There is no Qt.", "install font"),
    ]
    table, text = io.StringIO(), io.StringIO()
    report.print_table(found, table)
    report.print_json(found, text)
    for check in found:
        assert check.name in table.getvalue()
        assert check.problem in table.getvalue()
    assert (
        "2 things are missing. This installs what can be installed:\n\n    install font\n" in table.getvalue()
    )
    read = json.loads(text.getvalue())
    assert read["ready"] is False
    assert read["commands"] == ["install font"]
    assert [Check(**each) for each in read["checks"]] == found


def test_the_doctor_needs_no_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    out = io.StringIO()
    report.print_table([Check("Program", "rich", "not installed", "missing", "No rich.", "get rich")], out)
    assert "✗ rich: not installed" in out.getvalue()
    assert out.getvalue().endswith("    get rich\n")


def test_all_is_well() -> None:
    assert report.conclusion([Check("Program", "Python", "3.11")]) == "Everything that is needed is here."
