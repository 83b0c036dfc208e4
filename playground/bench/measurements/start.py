"""From the start of the process to the first paint of event strip and Train button. The real program, started anew."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playground.bench.records import Record, Target
from playground.bench.session import BenchSession
from playground.doctor.display import find_display

FIRST_PAINT_S = Target(below=0.6)
PATIENCE_SECONDS = 60.0


def measure(session: BenchSession) -> Iterator[Record]:
    """Seconds; the first start compiles what is not compiled yet, warms the disk's cache, and is not counted."""
    count = session.repetitions(5, 3)
    paints, costs, engines = [], [], []
    with (
        session.progress.stage("Starting the window", count + 1) as done,
        tempfile.TemporaryDirectory() as folder,
    ):
        for number in range(count + 1):
            times = start_once(Path(folder))
            if number:
                paints.append(times["first_paint_seconds"])
                costs.append(times["first_paint_processor_seconds"])
                engines.append(times["engine_ready_seconds"])
            done(number + 1)
    yield Record(
        f"start: first paint, warm, median of {count}", statistics.median(paints), "s", FIRST_PAINT_S
    )
    yield Record(f"start: first paint, warm, longest of {count}", max(paints), "s")
    yield Record(f"start: first paint, warm, processor time, least of {count}", min(costs), "s")
    yield Record(f"start: networks are made, warm, median of {count}", statistics.median(engines), "s")


def start_once(folder: Path) -> dict[str, float]:
    """The times of one start, in seconds. Raises RuntimeError with what the program said when it does not come up."""
    report = folder / "startup.json"
    report.unlink(missing_ok=True)
    environment = {**os.environ, "PLAYGROUND_SETTINGS": str(folder), "PLAYGROUND_STARTUP_REPORT": str(report)}
    # Whoever has set this compiles every module at every start: nobody's program that was installed does.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not find_display().available:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["PLAYGROUND_STARTED_AT"] = repr(time.monotonic())
    program = subprocess.Popen(
        [sys.executable, "-m", "playground"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and program.poll() is None:
            times = _read(report)
            if "engine_ready_seconds" in times and "first_paint_seconds" in times:
                return times
            time.sleep(0.05)
        code = program.poll()
        program.terminate()
        _, complaint = program.communicate(timeout=PATIENCE_SECONDS)
        ended = "it did not paint in time" if code is None else f"it ended with exit code {code}"
        raise RuntimeError(f"the window did not come up, {ended}. {complaint.strip()[-500:]}")
    finally:
        if program.poll() is None:
            program.terminate()
        program.communicate(timeout=PATIENCE_SECONDS)


def _read(report: Path) -> dict[str, float]:
    try:
        times: dict[str, float] = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not yet there, or not yet whole
        return {}
    return times
