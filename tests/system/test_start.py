"""What the start of the window costs: not the time, which depends on the machine, but what is imported for it."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import enum
import sys
from playground.cli_commands import window
from playground.app import build_window, make_application

def enumerations(kind):
    for child in kind.__subclasses__():
        yield child
        yield from enumerations(child)

application = make_application()
shown = build_window(None)
painted = []
shown.first_painted.connect(lambda: painted.append(sorted(sys.modules)))
shown.show()
while not painted:
    application.processEvents()
made = [kind for kind in enumerations(enum.Enum) if kind.__module__.startswith("PySide6")]
print("\\n".join(painted[0]))
print(len(made))
"""

NEVER = (
    "torch numba llvmlite pandas pyqtgraph qtawesome ziamath ziafont jax rich scipy matplotlib "
    "asyncio concurrent.futures multiprocessing unittest sqlite3 importlib.metadata logging.handlers socket difflib "
    "numpy.random numpy.testing numpy.ma numpy.fft numpy.polynomial numpy.f2py "
    "playground.engine playground.runner playground.bench playground.reading"
).split()
"""Packages and modules that no first paint needs."""

NOT_WITH_THE_RUNNER = (
    "torch numba pandas playground.tasks.text playground.tasks.series playground.tasks.memory_tasks".split()
)
"""The runner is imported on the window's thread, just after the first paint: what takes long waits for its own."""

PAGES_AND_TASKS = {
    "playground.ui.pages": {"train"},
    "playground.tasks": {
        "nature_show",
        "nature_show_settings",
        "pictures",
        "recipe",
        "task",
        "task_table",
        "task_words",
    },
}
"""Of these packages, all that may be there: the page that is shown, the task that is learned."""

LATER = (
    "playground.ui.command_palette playground.ui.shortcut_sheet playground.ui.tour playground.ui.own_data "
    "playground.ui.own_data_overlay playground.ui.what_if_commands playground.ui.panels.experiment_form"
).split()
"""Parts of the window that are made when somebody asks for them, or when it has been painted."""

MOST_MODULES = 100
"""Modules of our own: a new one on this way is a millisecond for everybody, each time."""


MOST_ENUMERATIONS = 240
"""Enumerations of Qt, which PySide makes in Python when a class is first used: 0.2 ms each. Many at once mean that
something asked for all classes there are, as the docstring of any of Qt's methods does (`functools.wraps`)."""


def said_by(program: str) -> list[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def those_of(name: str, modules: list[str]) -> list[str]:
    return [module for module in modules if module == name or module.startswith(f"{name}.")]


def test_the_first_paint_imports_nothing_that_it_does_not_need() -> None:
    modules = said_by(PROGRAM)
    assert "playground.ui.pages.train" in modules
    for name in (*NEVER, *LATER):
        early = those_of(name, modules)
        assert not early, f"{early[0]} is imported before the first paint; import it where it is used."
    for package, allowed in PAGES_AND_TASKS.items():
        early = [module.removeprefix(f"{package}.") for module in modules if module.startswith(f"{package}.")]
        assert set(early) <= allowed, f"of {package}, before the first paint: {set(early) - allowed}"
    own = [module for module in modules if module.startswith("playground")]
    assert len(own) <= MOST_MODULES, (
        f"{len(own)} modules before the first paint: import what comes later later."
    )
    assert int(modules[-1]) <= MOST_ENUMERATIONS, f"{modules[-1]} enumerations of Qt before the first paint"


def test_the_runner_is_imported_fast() -> None:
    modules = said_by(
        "import sys, playground.runner.thread_runner, playground.runner.seed_fan; print(*sys.modules)"
    )
    assert "playground.runner.conductor" in modules
    for name in NOT_WITH_THE_RUNNER:
        assert not those_of(name, modules), f"{name} is imported with the runner; import it where it is used."
