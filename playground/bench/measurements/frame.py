"""The Train page while five networks train at full speed beside it: what a frame costs, how fresh it is, how late."""

from __future__ import annotations

import time
from collections.abc import Iterator

from playground.bench.long_run import LongRun
from playground.bench.probes import Frame, FrameProbe, LatenessProbe, PaintProbe
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession

FRAME_MS = Target(below=8.0)
FRAMES_A_SECOND = Target(at_least=28.0)
LATENESS_MS = Target(below=16.0)


def measure(session: BenchSession) -> Iterator[Record]:
    """Milliseconds and frames a second, in the window's own event loop with its own timer."""
    run = session.long_run()
    run.show_page("train")
    seconds = float(session.repetitions(20, 6))
    where = f"after {run.updates:,} updates"
    with session.progress.stage("Watching the Train page, one update at a time", 1) as done:
        still = _watch_single_updates(run, session.repetitions(100, 30))
        done(1)
    yield from _costs(f"frame: page update {where}, training one at a time", still.frames, None)

    with session.progress.stage("Watching the Train page while training", 2) as done:
        run.train()
        run.spin(1.0)
        probe, elapsed, updates = _watch(run, seconds)
        done(1)
        lateness = _lateness(run, seconds)
        run.pause()
        done(2)
    yield from _costs(f"frame: page update {where}, training at full speed", probe.frames, FRAME_MS)
    up_to_date = probe.up_to_date / elapsed
    yield Record(
        "frame: times a second that the page shows the newest trace", up_to_date, "/s", FRAMES_A_SECOND
    )
    yield Record("frame: traces painted", len(probe.frames) / elapsed, "/s")
    yield Record("frame: updates of five networks meanwhile", updates / elapsed, "/s")
    yield Record("frame: age of a trace when it is painted, p95", 1000.0 * percentile(probe.ages, 95), "ms")
    yield Record("frame: lateness of the event loop, p50", percentile(lateness, 50), "ms")
    yield Record("frame: lateness of the event loop, p99", percentile(lateness, 99), "ms", LATENESS_MS)
    yield Record("frame: lateness of the event loop, longest", max(lateness), "ms")


def _costs(title: str, frames: list[Frame], target: Target | None) -> Iterator[Record]:
    totals = [frame.total for frame in frames]
    yield Record(f"{title}, p50", percentile(totals, 50), "ms")
    yield Record(f"{title}, p95", percentile(totals, 95), "ms", target)
    painting = [frame.painting for frame in frames]
    yield Record(f"{title}, painting alone, p95", percentile(painting, 95), "ms")
    work = [frame.work for frame in frames]
    yield Record(f"{title}, processor time alone, p95", percentile(work, 95), "ms")


def _watch_single_updates(run: LongRun, count: int) -> FrameProbe:
    """Frames without anybody beside: the training thread rests while the page is brought up to date."""
    window = run.window
    paints = PaintProbe(window)
    probe = FrameProbe(run.runner, lambda: window.state.moment.update, paints)
    for _ in range(count):
        run.do_one_update()
        run.spin(0.04)
    probe.stop()
    paints.remove()
    return probe


def _watch(run: LongRun, seconds: float) -> tuple[FrameProbe, float, int]:
    """The frames of so many seconds, how long it really took, and how many updates were done meanwhile."""
    window = run.window
    paints = PaintProbe(window)
    probe = FrameProbe(run.runner, lambda: window.state.moment.update, paints)
    before, began = window.monitor.snapshot.update, time.perf_counter()
    run.spin(seconds)
    elapsed = time.perf_counter() - began
    probe.stop()
    paints.remove()
    return probe, elapsed, window.monitor.snapshot.update - before


def _lateness(run: LongRun, seconds: float) -> list[float]:
    probe = LatenessProbe(run.window)
    probe.start()
    run.spin(seconds)
    return probe.stop().milliseconds
