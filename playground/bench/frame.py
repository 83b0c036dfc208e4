"""What one frame of the Train page costs the window, by itself: no training beside it, nothing else in the process.

The page and all its cards are the real ones, in a shown window; the traces are those of five networks that are really
trained for a moment. Only the long course of the curves is made up (noisy, as real ones are), so that this takes
seconds and can be repeated while working on a card. `measurements/frame.py` measures the same beside real training.
"""

from __future__ import annotations

import os
import time

import numpy as np

from playground.bench.experiments import all_networks
from playground.bench.playback import PlaybackRunner, RecordedRun
from playground.bench.records import percentile
from playground.experiment import Experiment
from playground.trace.snapshot import Progress

UPDATES_A_FRAME = 15


def recorded_run(experiment: Experiment, updates: int, traced: int = 24) -> RecordedRun:
    """Real traces of `traced` updates, repeated in turn, under made-up curves of `updates` updates."""
    from playground.engine.trainer import Trainer

    trainer = Trainer(experiment, 1)
    probe = trainer.task.probe()
    known = []
    for _ in range(traced):
        known.append({network: trainer.trace(network, probe) for network in trainer.networks})
        trainer.do_update()
    moments = {update: known[update % traced] for update in range(updates + 1)}
    rng = np.random.default_rng(1)
    curves = {}
    for place, network in enumerate(trainer.networks):
        when = np.arange(1, updates + 1)
        loss = 0.7 * np.exp(-when / (300.0 * (1 + place))) + rng.exponential(0.05, updates)
        right = np.clip(1.0 - 0.7 * loss + rng.normal(0.0, 0.08, updates), 0.0, 1.0)
        asked = loss.astype(np.float32)
        curves[network] = Progress(
            when.astype(np.int64), asked, asked, right.astype(np.float32), np.zeros(updates, np.int32)
        )
    return RecordedRun(moments, curves)


def measure_page(
    updates: int = 10_000,
    frames: int = 300,
    size: tuple[int, int] = (1600, 900),
    units: tuple[int, ...] = (),
    experiment: Experiment | None = None,
) -> dict[str, float]:
    """Milliseconds of `frames` frames after `updates` updates, each with new traces and longer curves: from the poll to
    the end of painting, with these units followed as lines. Keys: p50, p95, p99, longest; of that poll_p95 (all that
    comes before painting); cpu_p95 (the processor's time on this thread, which other programs do not lengthen)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

    from playground.app import take_apart
    from playground.ui.appearance import Appearance
    from playground.ui.monitor import RunMonitor
    from playground.ui.pages.train import TrainPage
    from playground.ui.state import UiState

    application = QApplication.instance() or QApplication([])
    experiment = experiment if experiment is not None else all_networks()
    recorded = recorded_run(experiment, updates + (frames + 30) * UPDATES_A_FRAME)
    runner = PlaybackRunner(
        recorded, updates_a_poll=UPDATES_A_FRAME, kept=_kept_like_the_history(recorded.length)
    )
    state = UiState()
    monitor = RunMonitor(runner, state, experiment)
    monitor.begin()
    window = QWidget()
    window.setObjectName("ground")
    appearance = Appearance(state, window, "light", window)
    appearance.dress()
    column = QVBoxLayout(window)
    column.addWidget(TrainPage(state, monitor))
    window.resize(*size)
    window.show()
    runner.advance(updates)
    monitor.poll_once()
    state.set_timestep(state.length - 1)
    state.set_units(units)
    application.processEvents()
    runner.start()
    for _ in range(20):
        monitor.poll_once()
        application.processEvents()
    costs, polls, processor = [], [], []
    for _ in range(frames):
        began, began_processor = time.perf_counter(), time.thread_time()
        monitor.poll_once()
        polled = time.perf_counter()
        application.processEvents()
        ended = time.perf_counter()
        processor.append(1000.0 * (time.thread_time() - began_processor))
        polls.append(1000.0 * (polled - began))
        costs.append(1000.0 * (ended - began))
    take_apart(window)
    return {
        "p50": percentile(costs, 50),
        "p95": percentile(costs, 95),
        "p99": percentile(costs, 99),
        "longest": max(costs),
        "poll_p95": percentile(polls, 95),
        "cpu_p95": percentile(processor, 95),
    }


def _kept_like_the_history(updates: int) -> frozenset[int]:
    """About as many kept updates as a real run has: the latest 256, and 500 before them."""
    return frozenset(range(max(0, updates - 256), updates + 1)) | frozenset(
        range(0, updates, max(1, updates // 500))
    )


if __name__ == "__main__":
    for updates, units in ((100, ()), (10_000, ()), (10_000, tuple(range(8))), (100_000, ())):
        numbers = {name: round(value, 2) for name, value in measure_page(updates, units=units).items()}
        print(f"{updates:>7,} updates, {len(units)} units followed: {numbers}")
