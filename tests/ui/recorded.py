"""A run that was made up: known curves, canned traces. And a window part that shows it, polled by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.bench.playback import PlaybackRunner, RecordedRun
from playground.engine.cells import CELLS
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import Progress
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from tests.ui.canned import canned_trace

ALL = ("no_memory", "rnn", "lstm", "guide_lstm", "gru")


def progress(asked_loss: np.ndarray, right: np.ndarray | None = None) -> Progress:
    """A course with these losses on the last picture, one an update."""
    count = len(asked_loss)
    losses = np.asarray(asked_loss, np.float32)
    rates = np.full(count, 0.5, np.float32) if right is None else np.asarray(right, np.float32)
    return Progress(np.arange(1, count + 1), losses, losses, rates, np.zeros(count, np.int32))


def probe_traces(networks: Sequence[str] = ALL, *, seed: int = 3) -> dict[str, SequenceTrace]:
    """Canned traces of the nature show's probe: ten timesteps, twelve answers, its targets."""
    task = TASKS["nature-show"](None)
    probe = task.probe()
    return {
        key: canned_trace(
            CELLS[key].description,
            answers=len(task.answers),
            length=probe.length,
            targets=probe.targets,
            seed=seed + place,
        )
        for place, key in enumerate(networks)
    }


def recorded_run(updates: int = 300, networks: Sequence[str] = ALL, *, traced_every: int = 10) -> RecordedRun:
    """Losses that fall from network to network at another speed; other traces every `traced_every` updates."""
    rng = np.random.default_rng(5)
    when = np.arange(1, updates + 1)
    curves = {}
    for place, network in enumerate(networks):
        loss = 0.01 + 0.68 * np.exp(-when * place / 200.0) + rng.exponential(0.02, updates)
        curves[network] = progress(loss, np.clip(1.0 - 0.7 * loss, 0.0, 1.0))
    moments = {
        update: probe_traces(networks, seed=3 + update // traced_every)
        for update in range(0, updates + 1, traced_every)
    }
    return RecordedRun(moments, curves)


@dataclass
class Played:
    """A recorded run as the window sees it."""

    state: UiState
    runner: PlaybackRunner
    monitor: RunMonitor

    def play(self, updates: int, *, at_once: bool = True) -> None:
        """Go on by so many updates, told at once or one after the other."""
        for _ in range(1 if at_once else updates):
            self.runner.advance(updates if at_once else 1)
            self.poll()

    def poll(self, times: int = 1) -> None:
        for _ in range(times):
            self.monitor.poll_once()
            QApplication.processEvents()


def played(recorded: RecordedRun | None = None, **more: object) -> Played:
    """A session at update 0, its first snapshot taken."""
    state = UiState()
    state.motion = False
    runner = PlaybackRunner(recorded if recorded is not None else recorded_run(), **more)  # type: ignore[arg-type]
    networks = tuple(replace(network, enabled=True) for network in Experiment().networks)
    monitor = RunMonitor(runner, state, replace(Experiment(), networks=networks))
    monitor.begin()
    monitor.poll_once()
    return Played(state, runner, monitor)
