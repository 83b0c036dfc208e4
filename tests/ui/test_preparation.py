"""What is prepared beside the run: a bar in the status line that goes forward, and a sentence when it is over."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from playground.contract.preparation import Preparation
from playground.engine.kernels import readiness
from playground.engine.kernels.readiness import Readiness, State
from playground.runner.thread_runner import ThreadRunner
from playground.ui.monitor import RunMonitor
from playground.ui.preparation_watch import POLLS_OF_A_LOOK
from playground.ui.run_words import preparation_words
from playground.ui.state import UiState
from playground.ui.status_line import BAR_WIDTH, StatusLine
from tests.ui.fake_runner import FakeRunner

COMPILING = "The fast path is being compiled, once for this machine; the next run can take it."


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def monitor(qtbot: QtBot, runner: FakeRunner) -> Iterator[RunMonitor]:
    monitor = RunMonitor(runner, UiState())
    monitor.begin()
    monitor.poll_once()
    yield monitor
    monitor.stop()


@pytest.fixture
def line(qtbot: QtBot, monitor: RunMonitor) -> StatusLine:
    line = StatusLine(monitor.state, monitor)
    qtbot.addWidget(line)
    line.resize(1200, line.height())
    return line


def look(monitor: RunMonitor) -> None:
    for _ in range(POLLS_OF_A_LOOK):
        monitor.poll_once()


def blue_columns(line: StatusLine) -> int:
    """How many columns of the bar are full."""
    accent = line._state.theme.colour("accent")
    image = line.grab().toImage()
    y = image.height() // 2
    return sum(QColor(image.pixel(x, y)) == accent for x in range(image.width()))


def test_without_preparation_there_is_no_bar(line: StatusLine, monitor: RunMonitor) -> None:
    look(monitor)
    assert monitor.preparation is None
    assert line.share is None
    assert blue_columns(line) == 0


def test_a_bar_goes_forward_and_a_sentence_ends_it(
    qtbot: QtBot, line: StatusLine, monitor: RunMonitor, runner: FakeRunner
) -> None:
    for fraction in (0.25, 0.5, 0.75):
        runner.prepared = Preparation(COMPILING, fraction)
        with qtbot.waitSignal(monitor.preparation_changed):
            look(monitor)
        assert line.share == fraction
        assert line.aside == f"The fast path is being compiled: {100 * fraction:.0f} %"
        assert blue_columns(line) == pytest.approx(fraction * BAR_WIDTH * line.devicePixelRatio(), abs=4)
    runner.prepared = Preparation("The fast path is ready: the next run takes it.", 1.0, under_way=False)
    look(monitor)
    assert line.sentence == "The fast path is ready: the next run takes it."
    assert line.share is None
    assert blue_columns(line) == 0


def test_what_was_over_before_is_not_said(line: StatusLine, monitor: RunMonitor, runner: FakeRunner) -> None:
    runner.prepared = Preparation("The fast path is ready: the next run takes it.", 1.0, under_way=False)
    look(monitor)
    assert monitor.state.status == ""
    assert line.share is None


def test_why_there_is_no_fast_path_is_said_once(
    line: StatusLine, monitor: RunMonitor, runner: FakeRunner
) -> None:
    missing = "The fast path needs numba, which is not installed; training takes the reference path."
    runner.prepared = Preparation(missing, 0.0, under_way=False)
    look(monitor)
    assert line.sentence == missing
    assert line.share is None
    monitor.state.set_status("Something else.")
    monitor.apply(monitor.experiment)  # the next run asks again
    monitor.poll_once()
    look(monitor)
    assert monitor.state.status != missing


def test_nothing_is_said_where_nothing_has_changed(monitor: RunMonitor, runner: FakeRunner) -> None:
    said = []
    monitor.preparation_changed.connect(lambda: said.append(monitor.preparation))
    for fraction in (0.5, 0.501, 0.504, 0.512):
        runner.prepared = Preparation(COMPILING, fraction)
        look(monitor)
    assert [each.fraction for each in said if each is not None] == [0.5, 0.512]


def test_words() -> None:
    assert preparation_words(Preparation(COMPILING, 0.999)) == "The fast path is being compiled: 99 %"


# -- where it comes from


def test_a_runner_tells_what_its_process_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = ThreadRunner()
    monkeypatch.setattr(readiness, "compiled_here", lambda: None)
    assert runner.preparation() is None
    monkeypatch.setattr(
        readiness, "compiled_here", lambda: Readiness(State.COMPILING, COMPILING, 3.0, fraction=0.4)
    )
    assert runner.preparation() == Preparation(COMPILING, 0.4)
    ready = Readiness(State.READY, "The fast path is ready.", fraction=1.0)
    monkeypatch.setattr(readiness, "compiled_here", lambda: ready)
    assert runner.preparation() == Preparation(
        "The fast path is ready: the next run takes it.", 1.0, under_way=False
    )
    failed = Readiness(State.FAILED, "The fast path could not be compiled (x); training takes another.")
    monkeypatch.setattr(readiness, "compiled_here", lambda: failed)
    assert runner.preparation() == Preparation(failed.sentence, 0.0, under_way=False)


@pytest.mark.parametrize("has_numba", [True, False])
def test_who_cannot_compile_is_heard_only_once_that_was_tried(
    has_numba: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(readiness.store, "has_numba", lambda: has_numba)
    monkeypatch.setattr(readiness.store, "kernel_folder", lambda: tmp_path / "none")
    kernels = readiness._Kernels()
    monkeypatch.setattr(readiness, "_kernels", lambda: kernels)
    assert readiness.compiled_here() is None
    if not has_numba:
        readiness.start_compiling()
        found = readiness.compiled_here()
        assert found is not None
        assert found.state is State.MISSING
        assert not found.compiling


@pytest.mark.parametrize("module", [None, ModuleType("half_imported")])
def test_without_the_engine_nothing_is_told(
    module: ModuleType | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if module is None:
        monkeypatch.delitem(sys.modules, "playground.engine.kernels.readiness")
    else:
        monkeypatch.setitem(sys.modules, "playground.engine.kernels.readiness", module)
    assert ThreadRunner().preparation() is None
