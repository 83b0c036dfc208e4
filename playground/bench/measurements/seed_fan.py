"""How long does it last, over 10 seeds: 160 trainings beside the open Memory page, and whether the window feels it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from playground.bench.probes import LatenessProbe
from playground.bench.records import Record, Target, percentile
from playground.bench.session import BenchSession
from playground.bench.window_stand import WindowStand
from playground.contract.seed_fan import EACH
from playground.experiment import Experiment
from playground.runner.seed_fan import ThreadSeedFan
from playground.ui.pages.memory import MemoryPage

FIRST_SECONDS = Target(below=2.0)
ALL_SECONDS = Target(below=60.0)
LATENESS_MS = Target(below=25.0)
PATIENCE_SECONDS = 600.0
NETWORKS = ("lstm", "rnn")


def measure(session: BenchSession) -> Iterator[Record]:
    """As a user does it: the section is open, the button is pressed, the chart grows; the run itself stands still."""
    seeds = session.repetitions(10, 3)
    stand = WindowStand(Experiment())
    try:
        stand.window.monitor.seed_fan = ThreadSeedFan()
        page = stand.show_page("memory")
        if not isinstance(page, MemoryPage):
            raise RuntimeError("The Memory page could not be opened.")
        page.show_section("horizon")
        stand.spin(1.0)  # what the page asks of the run is answered
        still = _lateness(stand, 3.0)
        desk = page.fan_panel.desk
        probe = LatenessProbe(stand.window)
        probe.start()
        began = time.perf_counter()
        desk.start(EACH, NETWORKS, seeds, 500)
        with session.progress.stage("Training many seeds", desk.progress.total) as done:
            stand.wait_for(lambda: bool(desk.found[EACH].trainings), "the first network is trained")
            first = time.perf_counter() - began
            while desk.progress.running:
                stand.spin(0.25)
                done(desk.progress.done)
                if time.perf_counter() - began > PATIENCE_SECONDS:
                    raise TimeoutError("The trainings did not end.")
        seconds = time.perf_counter() - began
        lateness = probe.stop().milliseconds
        found = desk.found[EACH]
    finally:
        stand.close()
    count = found.request.trainings
    updates = sum(training.update for training in found.trainings)
    early = sum(training.reached for training in found.trainings)
    whole = ALL_SECONDS if seeds == 10 else None
    yield Record("seed-fan: first point", first, "s", FIRST_SECONDS)
    yield Record(f"seed-fan: {count} trainings of at most 500 updates", seconds, "s", whole)
    yield Record("seed-fan: of them ended early because they were right", early, "")
    yield Record("seed-fan: updates together", updates / seconds, "/s")
    yield Record("seed-fan: lateness of the event loop without it, p99", percentile(still, 99), "ms")
    yield Record("seed-fan: lateness of the event loop, p50", percentile(lateness, 50), "ms")
    yield Record("seed-fan: lateness of the event loop, p99", percentile(lateness, 99), "ms", LATENESS_MS)
    yield Record("seed-fan: lateness of the event loop, longest", max(lateness), "ms")


def _lateness(stand: WindowStand, seconds: float) -> list[float]:
    probe = LatenessProbe(stand.window)
    probe.start()
    stand.spin(seconds)
    return probe.stop().milliseconds
