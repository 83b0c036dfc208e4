"""`playground bench`: its table, its numbers, and that each measurement measures. Nothing here is timed."""

from __future__ import annotations

import importlib
import io
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from playground import cli
from playground.bench import machine, measurement_table, report
from playground.bench.measurement_table import MEASUREMENTS, NAMES, Measurement, chosen
from playground.bench.progress import BenchProgress
from playground.bench.records import Record, Target, percentile
from playground.bench.session import QUICK_UPDATES, UPDATES, BenchSession
from playground.trace.snapshot import Progress, RunState, TrainingSnapshot

# -- the command


def test_wrong_names_are_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "cells", "fram"]) == cli.WRONG_USE
    assert capsys.readouterr().err == (
        "playground bench: There is no measurement 'fram'; did you mean 'frame'?\n"
    )


def test_help_names_every_measurement(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "--help"]) == cli.DONE
    said = capsys.readouterr().out
    assert all(f"\n  {name} " in said for name in NAMES)


def test_names_are_measured_in_the_order_of_the_table() -> None:
    assert chosen(()) == list(MEASUREMENTS)
    assert [measurement.name for measurement in chosen(("history", "cells"))] == ["cells", "history"]


@pytest.mark.parametrize("name", NAMES)
def test_every_measurement_has_its_function(name: str) -> None:
    assert callable(chosen((name,))[0].function())


def test_every_measurement_says_what_is_to_be_reached() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for measurement in MEASUREMENTS:
        assert any(letter.isdigit() for letter in measurement.to_reach), measurement.name


def measuring(monkeypatch: pytest.MonkeyPatch, *records: Record) -> None:
    """`playground bench` gives these records."""
    monkeypatch.setattr(BenchSession, "run", lambda session, measurements: iter(records))


@pytest.mark.parametrize(("value", "code"), [(1.0, cli.DONE), (3.0, cli.FAILED)])
def test_a_missed_target_is_exit_code_1(
    value: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measuring(monkeypatch, Record("cells: a", value, "ms", Target(below=2.0)), Record("cells: b", 9.0))
    assert cli.main(["bench", "cells", "--json"]) == code
    assert json.loads(capsys.readouterr().out) == [
        {"measurement": "cells: a", "value": value, "unit": "ms", "target": "< 2", "met": code == 0},
        {"measurement": "cells: b", "value": 9.0, "unit": "", "target": None, "met": None},
    ]


def test_the_whole_command_in_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "playground", "bench", "pause", "--quick", "--json"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    records = json.loads(done.stdout)
    assert all(set(record) == {"measurement", "value", "unit", "target", "met"} for record in records)
    by_name = {record["measurement"]: record for record in records}
    assert by_name["machine: cores"]["value"] == os.cpu_count()
    assert by_name["pause: networks not at the same update afterwards"]["value"] == 0
    assert by_name["pause: updates done after a pause"]["value"] == 0
    longest = by_name["pause: lands while training on 60 flowers, longest of 20"]
    assert longest["unit"] == "ms"
    assert longest["met"] == (longest["value"] <= 15.0)


# -- records


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]  # 100 .. 1
    assert [percentile(values, percent) for percent in (0.5, 50, 95, 99, 100)] == [1, 50, 95, 99, 100]
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([7.0], 99) == 7.0
    assert math.isnan(percentile([], 50))


@pytest.mark.parametrize(
    ("target", "good", "bad", "words"),
    [
        (Target(below=8.0), (7.999, 0.0), (8.0, math.nan, math.inf, None, "8"), "< 8"),
        (Target(at_least=28.0), (28.0, 30.0), (27.9, math.nan, None), ">= 28"),
        (Target(at_most=1e-10), (1e-10, 0.0), (1.1e-10, math.nan), "<= 1e-10"),
        (Target(at_least=45.0, at_most=55.0), (45.0, 50.0, 55.0), (44.9, 55.1), "45 to 55"),
        (Target(at_least=0.0, at_most=0.0), (0.0,), (1.0, -1.0), "0"),
    ],
)
def test_targets(target: Target, good: tuple[object, ...], bad: tuple[object, ...], words: str) -> None:
    assert str(target) == words
    assert all(target.met_by(value) for value in good)  # type: ignore[arg-type]
    assert not any(target.met_by(value) for value in bad)  # type: ignore[arg-type]


def test_json_has_no_nan() -> None:
    record = Record("a: b", math.nan, "ms", Target(below=1.0))
    assert record.as_json() == {
        "measurement": "a: b",
        "value": None,
        "unit": "ms",
        "target": "< 1",
        "met": False,
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (10_000.0, "10,000"),
        (7.0, "7"),
        (0.5964, "0.596"),
        (15.04, "15.0"),
        (103.2, "103"),
        (9.4e-16, "9.4e-16"),
        (None, "not measured"),
        (math.nan, "not a number"),
        ("AMD EPYC", "AMD EPYC"),
    ],
)
def test_values_in_the_table(value: float | str | None, words: str) -> None:
    assert report.shown(value) == words


def test_the_table() -> None:
    output = io.StringIO()
    records = [
        Record("machine: processor", "Abacus 3"),
        Record("cells: outputs", 2e-16, "", Target(at_most=1e-10)),
        Record("pause: longest", 31.0, "ms", Target(at_most=15.0)),
    ]
    report.print_table(records, output)
    lines = [line.rstrip() for line in output.getvalue().splitlines()]
    assert [line.split() for line in lines if "outputs" in line] == [
        ["outputs", "2.0e-16", "<=", "1e-10", "yes"]
    ] or any("outputs" in line and line.endswith("yes") for line in lines)
    assert any("longest" in line and "31 ms" in line and line.endswith("no") for line in lines)
    assert any(line.startswith("pause: how long a pause takes") for line in lines)
    assert "processor Abacus 3" in lines
    assert lines[-1] == "1 of 2 targets are met."
    assert report.conclusion(records[:2]) == "The target is met."


# -- the session


def quiet_session(quick: bool = True) -> BenchSession:
    return BenchSession(quick=quick, progress=BenchProgress(quiet=True))


def test_what_cannot_be_measured_is_a_missed_target_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(session: BenchSession) -> Iterator[Record]:
        yield Record("start: first", 1.0)
        raise RuntimeError("the window did not come up")

    def works(session: BenchSession) -> Iterator[Record]:
        yield Record("cells: second", 2.0)

    functions: dict[str, Callable[[BenchSession], Iterator[Record]]] = {"start": fails, "cells": works}
    monkeypatch.setattr(Measurement, "function", lambda measurement: functions[measurement.name])
    records = list(BenchSession(quick=True).run(chosen(("start", "cells"))))
    values = {record.measurement: (record.value, record.met) for record in records}
    assert values["start: first"] == (1.0, None)
    assert values["start: measured"] == (None, False)
    assert values["cells: second"] == (2.0, None)
    assert "start could not be measured: RuntimeError: the window did not come up" in capsys.readouterr().err


def test_the_machine_is_in_the_records() -> None:
    records = {record.measurement: record.value for record in quiet_session().run([])}
    assert records["machine: cores"] == os.cpu_count()
    assert "torch 2." in str(records["machine: versions"])


def test_a_quick_session_says_how_long_its_run_is() -> None:
    assert quiet_session().updates == QUICK_UPDATES < UPDATES == 10_000
    assert quiet_session().repetitions(100, 20) == 20
    assert quiet_session(quick=False).repetitions(100, 20) == 100


def test_a_bar_is_as_long_as_its_block(capsys: pytest.CaptureFixture[str]) -> None:
    with BenchProgress().stage("Working", 3) as done:
        for amount in (1, 2, 3):
            done(amount)
    BenchProgress().say("A sentence.")
    assert capsys.readouterr().err.strip() == "A sentence."  # no bar where there is no terminal


# -- the machine


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_memory_is_that_of_this_process() -> None:
    before = machine.memory_of_this_process()
    block = np.ones(40_000_000 // 8)
    after = machine.memory_of_this_process()
    assert before is not None
    assert after is not None
    assert 38.0 < after - before < 42.0
    assert block[-1] == 1.0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
def test_what_this_program_does_is_not_done_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, everybody, own = [100.0], [50.0], [7.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(machine, "_seconds_of_all_programs", lambda: everybody[0])
    monkeypatch.setattr(machine, "_seconds_of_this_program", lambda: own[0])
    others = machine.OtherPrograms()
    clock[0], everybody[0], own[0] = 110.0, 65.0, 12.0  # 15 s of work in 10 s, 5 of them our own
    assert others.cores() == pytest.approx(1.0)


def test_the_numbers_of_the_system_can_be_read() -> None:
    assert machine.OtherPrograms().cores() is None or sys.platform.startswith("linux")
    assert all(record.value for record in machine.facts())


# -- cells


def test_the_cells_are_torchs_and_it_would_be_seen_if_they_were_not(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = importlib.import_module("playground.bench.measurements.cells")
    shape = (5, 3, 2, 4)
    assert max(cells.deviations("gru", 2, shape)) < 1e-12

    module_with_same_weights = cells.torch_module

    def disturbed(model: object) -> object:
        import torch

        module = module_with_same_weights(model)
        with torch.no_grad():
            module.weight_hh_l0[0, 0] += 1e-6
        return module

    monkeypatch.setattr(cells, "torch_module", disturbed)
    output, gradient = cells.deviations("gru", 2, shape)
    assert output > 1e-10
    assert gradient > 1e-10


# -- learning


def test_the_summary_of_learning() -> None:
    learning = importlib.import_module("playground.bench.measurements.learning")
    from playground.engine.learning import LearningResult

    base = LearningResult("lstm", 1, 0.995, 0.99, {}, 120, 0.6, 1000, 5.0, 0)
    results = [
        base,
        replace(base, seed=2, right=0.985, right_longest=0.97, updates_to_95=200, seconds_to_95=1.0),
        replace(base, seed=3, right=1.0, right_longest=1.0, updates_to_95=None, seconds_to_95=None),
    ]
    found = {record.measurement: record for record in learning.summary("lstm", results)}
    lowest = found["learning: LSTM, right, lowest of 3 seeds"]
    assert (lowest.value, lowest.met) == (98.5, False)
    assert found["learning: LSTM, right, median of 3 seeds"].value == 99.5
    assert found["learning: LSTM, right at the longest distance, lowest of 3 seeds"].value == 97.0
    assert found["learning: LSTM, seeds that reached 95 %"].value == 2
    seconds = found["learning: LSTM, time to 95 %, median"]
    assert (seconds.value, seconds.met) == (0.8, True)
    assert found["learning: LSTM, updates to 95 %, median"].value == 160

    chance = [replace(base, network="no_memory", right=right) for right in (0.47, 0.5, 0.56)]
    found = {record.measurement: record for record in learning.summary("no_memory", chance)}
    assert [record.met for record in found.values()] == [True, None, False]  # lowest, median, highest

    never = [replace(base, network="lstm", updates_to_95=None, seconds_to_95=None)]
    found = {record.measurement: record for record in learning.summary("lstm", never)}
    assert found["learning: LSTM, time to 95 %, median"].met is False

    at = dict.fromkeys(learning.DISTANCES, 0.6)
    rnn = [replace(base, network="rnn", right=right, right_at=at) for right in (0.5, 0.59, 0.99)]
    found = {record.measurement: record for record in learning.summary("rnn", rnn)}
    assert found["learning: RNN, right, median of 3 seeds"].met is True
    assert found["learning: RNN, right at 20 flowers, median"].value == 60.0


# -- pause


def test_networks_at_different_updates_are_seen() -> None:
    pause = importlib.import_module("playground.bench.measurements.pause")

    def progress(last: int) -> Progress:
        column = np.zeros(3, np.float32)
        return Progress(np.arange(last - 2, last + 1), column, column, column, np.zeros(3, np.int32))

    even = TrainingSnapshot(
        run_id=1,
        update=9,
        state=RunState.PAUSED,
        traces={},
        progress={"rnn": progress(9), "lstm": progress(9)},
        kept_updates=np.arange(10),
        updates_per_second=0.0,
        sequences_seen=0,
    )
    assert pause.is_even(even)
    assert not pause.is_even(replace(even, state=RunState.TRAINING))
    assert not pause.is_even(replace(even, progress={"rnn": progress(9), "lstm": progress(8)}))
    assert not pause.is_even(replace(even, update=10))


# -- the window


class ShortSession(BenchSession):
    """Everything once or twice, after a handful of updates."""

    def __init__(self) -> None:
        super().__init__(quick=True, progress=BenchProgress(quiet=True))
        self.updates = 4

    def repetitions(self, usual: int, quick: int) -> int:
        return 2


@pytest.mark.watch_leaks
@pytest.mark.usefixtures("qapp", "settings_folder")
def test_the_window_is_measured_and_closed() -> None:
    session = ShortSession()
    records = {record.measurement: record for record in session.run(chosen(("frame", "keys", "history")))}
    assert not [name for name in records if name.endswith(": measured")]  # all could be measured
    at = "after 4 updates, training"
    for what in (
        "page update",
        "lateness",
        "key to painted timestep while training",
        "a kept moment painted",
    ):
        found = [r for name, r in records.items() if what in name]
        assert found, what
        assert all(isinstance(record.value, float) and record.value >= 0.0 for record in found), what
    work = records[f"frame: page update {at} one at a time, processor time alone, p95"].value
    total = records[f"frame: page update {at} one at a time, p95"].value
    assert isinstance(work, float)
    assert isinstance(total, float)
    assert work > 0.0
    assert total > 0.0
    assert records["history: moments kept after 4 updates"].value == 5.0
    assert sys.getswitchinterval() == pytest.approx(0.005)


@pytest.mark.usefixtures("qapp")
def test_an_event_loop_that_is_held_up_is_late() -> None:
    from PySide6.QtCore import QEventLoop, QObject, QTimer

    from playground.bench.probes import LatenessProbe

    def hold_up() -> None:
        until = time.perf_counter() + 0.05
        while time.perf_counter() < until:
            pass

    parent, loop = QObject(), QEventLoop()
    probe = LatenessProbe(parent)
    probe.start()
    QTimer.singleShot(0, hold_up)
    QTimer.singleShot(100, loop.quit)
    loop.exec()
    lateness = probe.stop().milliseconds
    assert max(lateness) >= 40.0  # held up for 50 ms, 5 ms before it was due


@pytest.mark.usefixtures("qapp")
def test_the_cost_of_a_frame_is_from_the_poll_to_the_end_of_all_its_paintings() -> None:
    from PySide6.QtWidgets import QWidget

    from playground.bench.probes import FrameProbe, Painting, PaintProbe, TimedRunner

    shown = [0]
    runner, window = TimedRunner(), QWidget()
    paints = PaintProbe(window)
    probe = FrameProbe(runner, lambda: shown[0], paints)

    def poll(at: float, update: int | None) -> None:
        assert runner.on_poll is not None
        runner.polled_at = runner.polled_at_work = at
        runner.on_poll()
        if update is not None:
            shown[0] = update
            runner.last_told = replace(TrainingSnapshot.empty(), update=update)

    def paint(began: float, ended: float) -> None:
        assert paints.painted is not None
        paints.painted(Painting(began, ended, began, ended))

    poll(1.000, 1)
    paint(1.002, 1.005)  # 5 ms since the poll, 3 of them painting
    paint(1.010, 1.011)  # one more, for something that came later
    poll(1.033, None)  # nothing new
    paint(1.034, 1.050)  # what is painted now is no frame of the run
    poll(1.066, 2)
    paint(1.068, 1.070)
    poll(1.100, None)
    probe.stop()
    assert [frame.total for frame in probe.frames] == pytest.approx([6.0, 4.0])
    assert [frame.painting for frame in probe.frames] == pytest.approx([4.0, 2.0])
    assert (probe.polls, probe.up_to_date) == (4, 3)
    paints.remove()
    window.deleteLater()


def test_the_table_of_measurements_imports_nothing_heavy() -> None:
    program = (
        "import sys, playground.bench.measurement_table\n"
        "heavy = {'torch', 'PySide6', 'rich', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    assert measurement_table.NAMES
    subprocess.run([sys.executable, "-c", program], check=True)
