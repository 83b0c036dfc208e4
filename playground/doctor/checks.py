"""What is looked at on a machine. Each look is a `Check`: what was found, and, if it is missing, how to get it."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playground import __version__, resources
from playground.doctor import system_libraries
from playground.doctor.display import Display, find_display
from playground.doctor.probes import KERNELS_PROBE, QT_PROBE, TORCH_PROBE, Probe, ProbeResult
from playground.doctor.requirements import Requirement, requirements
from playground.places import settings_folder

State = Literal["good", "note", "missing"]
"""A note is worth knowing and stops nothing: a server has no display."""

RESOURCES = (
    ("Drawings", resources.asset, "drawings"),
    ("Pictures of the nature show", resources.dataset, "nature_show/pixels.npz"),
)


@dataclass(frozen=True)
class Check:
    """One look at the machine. `problem` is a sentence and `command` what mends it, both empty when all is well."""

    group: str
    name: str
    found: str
    state: State = "good"
    problem: str = ""
    command: str = ""


def all_checks() -> list[Check]:
    """Looks at everything; takes about as long as importing torch once."""
    display = find_display()
    torch = Probe(TORCH_PROBE)
    kernels = Probe(KERNELS_PROBE, {"PYTHONPATH": _path_to_this_program()})
    drawing = Probe(QT_PROBE, {"QT_QPA_PLATFORM": "offscreen"})
    window = Probe(QT_PROBE) if display.available else None
    drawn = drawing.result()
    return [
        Check("Program", "Sequence Playground", f"{__version__} in {Path(resources.__file__).parent}"),
        Check("Program", "Python", f"{platform.python_version()} ({sys.executable})"),
        Check("Program", "System", f"{platform.system()} {platform.release()} on {platform.machine()}"),
        *(package_check(requirement) for requirement in requirements()),
        *window_checks(display, drawn, window.result() if window else None),
        font_check(drawn),
        *training_checks(torch.result()),
        kernel_check(kernels.result()),
        *file_checks(),
    ]


def package_check(requirement: Requirement) -> Check:
    """Whether a Python package is here, in a version that is known to work."""
    found = requirement.installed_version()
    command = shlex.join([sys.executable, "-m", "pip", "install", str(requirement)])
    if found is None:
        sentence = f"The Python package {requirement.name} is not installed."
        return Check("Python packages", requirement.name, "not installed", "missing", sentence, command)
    if not requirement.admits(found):
        sentence = f"{requirement.name} {found} is not known to work here; wanted is {requirement.specifier}."
        return Check("Python packages", requirement.name, found, "missing", sentence, command)
    return Check("Python packages", requirement.name, found)


def window_checks(display: Display, drawn: ProbeResult, shown: ProbeResult | None) -> list[Check]:
    """Whether Qt draws here, and whether it opens windows. `shown` None: there is no display to try."""
    packages = system_libraries.missing_packages()
    command = system_libraries.install_command(packages) if packages else ""
    checks = []
    if drawn.succeeded:
        checks.append(Check("Window", "Qt", f"{drawn.answer['qt']}, draws pictures"))
    else:
        sentence = f"Qt does not start: {drawn.complaint}."
        checks.append(Check("Window", "Qt", "does not start", "missing", sentence, command))
    if shown is None:
        sentence = f"{display.problem} The window cannot open; train, render and bench work without it."
        checks.append(Check("Window", "Display", display.name, "note", sentence))
    elif shown.succeeded:
        found = f"{display.name}, {shown.answer['screen']}, through Qt's {shown.answer['platform']} plugin"
        checks.append(Check("Window", "Display", found))
    else:
        sentence = f"Qt cannot open a window on {display.name}: {shown.complaint}."
        checks.append(Check("Window", "Display", display.name, "missing", sentence, command))
    return checks + _library_checks(display)


def _library_checks(display: Display) -> list[Check]:
    if sys.platform != "linux":
        return []
    missing = system_libraries.missing_libraries()
    if not missing:
        return [Check("Window", "System libraries", "all there")]
    needed = display.available or any(library.purpose == "drawing" for library in missing)
    names = ", ".join(library.soname for library in missing)
    command = system_libraries.install_command(tuple(library.package for library in missing))
    sentence = f"Qt needs {names}" + (", or it opens no window." if needed else " to open a window on X11.")
    return [
        Check(
            "Window", "System libraries", "not all there", "missing" if needed else "note", sentence, command
        )
    ]


def font_check(drawn: ProbeResult) -> Check:
    """Whether there is a font that has letters and the signs of the formulas."""
    if not drawn.succeeded:
        return Check("Window", "Font", "not known, for Qt does not start", "note")
    lacking = drawn.answer["lacking"]
    if drawn.answer["families"] and "E" not in lacking:
        found = f"{drawn.answer['font']} ({drawn.answer['families']} families)"
        if not lacking:
            return Check("Window", "Font", found)
        return Check("Window", "Font", found, "note", f"No font here has the sign {' '.join(lacking)}.")
    command = (
        system_libraries.install_command((system_libraries.FONT_PACKAGE,)) if sys.platform == "linux" else ""
    )
    return Check(
        "Window", "Font", "none", "missing", "There is no font here: text would be drawn as boxes.", command
    )


def training_checks(torch: ProbeResult) -> list[Check]:
    """Whether torch runs here, and on how many cores."""
    if torch.succeeded:
        answer = torch.answer
        found = f"{answer['torch']}, imported in {answer['seconds']:.1f} s"
        checks = [Check("Training", "torch", found)]
    else:
        wanted = next((str(each) for each in requirements() if each.name == "torch"), "torch")
        command = shlex.join([sys.executable, "-m", "pip", "install", "--force-reinstall", wanted])
        sentence = f"torch does not start: {torch.complaint}."
        checks = [Check("Training", "torch", "does not start", "missing", sentence, command)]
    there = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else there
    cores = f"{there}" if usable == there else f"{there}, of which this process may use {usable}"
    checks.append(Check("Training", "Processor cores", cores))
    checks.append(
        Check("Training", "Threads", "1 trains, 1 draws: for small networks more threads are slower")
    )
    return checks


def kernel_check(kernels: ProbeResult) -> Check:
    """Whether the fast path is ready: the kernels compiled for this machine, and found sound by loading them."""
    if not kernels.succeeded:
        sentence = (
            f"The fast path could not be looked at ({kernels.complaint}); training takes the reference path."
        )
        return Check("Training", "Fast path", "not known", "note", sentence)
    answer = kernels.answer
    if answer["state"] == "ready":
        return Check(
            "Training", "Fast path", f"ready, loaded in {answer['seconds']:.1f} s from {answer['folder']}"
        )
    if answer["state"] == "absent":
        sentence = (
            "The fast path has not been compiled on this machine yet: that happens once, beside the window, when it is "
            "first opened (some 20 s); until then training takes the reference path."
        )
        return Check("Training", "Fast path", "not compiled yet", "note", sentence)
    return Check("Training", "Fast path", answer["state"], "note", answer["sentence"])


def _path_to_this_program() -> str:
    """What PYTHONPATH must be for another Python to find this very program, installed or not."""
    before = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(Path(resources.__file__).parents[1]), *([before] if before else [])])


def file_checks() -> list[Check]:
    """Whether the program's own files are here, and whether it can remember settings."""
    checks = []
    for name, find, relative in RESOURCES:
        try:
            checks.append(Check("Files", name, str(find(relative))))
        except resources.ResourceMissing as missing:
            checks.append(Check("Files", name, "not found", "missing", str(missing)))
    folder = settings_folder()
    refusal = _why_not_writable(folder)
    if refusal is None:
        checks.append(Check("Files", "Settings folder", str(folder)))
    else:
        sentence = f"Settings cannot be remembered, for nothing can be written to {folder}: {refusal}."
        checks.append(Check("Files", "Settings folder", str(folder), "missing", sentence))
    return checks


def _why_not_writable(folder: Path) -> str | None:
    # The folder itself is made when there is something to keep; until then its nearest parent must take it.
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            return None
    except OSError as error:
        return error.strerror or str(error)
