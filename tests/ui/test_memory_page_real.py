"""The Memory page over networks that were really trained: what it shows is what the engine measures."""

import dataclasses

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.engine.gradients import memory_measures
from playground.experiment import Experiment, NetworkSettings
from playground.runner.factory import make_run
from playground.runner.sync_runner import SyncRunner
from playground.runner.training_run import TrainingRun
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.ui.monitor import RunMonitor
from playground.ui.pages.memory import MemoryPage
from playground.ui.panels.memory_inquiry import HORIZON_DISTANCES, HORIZON_SEQUENCES
from playground.ui.state import UiState

EXPERIMENT = Experiment(
    task=NatureShowSettings(flowers=(0, 3)),
    networks=(
        NetworkSettings("rnn", units=6),
        NetworkSettings("lstm", units=8, initialisation="forget_bias"),
        NetworkSettings("gru", units=5),
    ),
)


def test_what_is_shown_is_what_the_engine_measures(qtbot: QtBot) -> None:
    runs: list[TrainingRun] = []

    def remembered(experiment: Experiment, run_id: int) -> TrainingRun:
        runs.append(make_run(experiment, run_id))
        return runs[-1]

    state = UiState()
    monitor = RunMonitor(SyncRunner(remembered, updates_per_poll=15), state, EXPERIMENT)
    page = MemoryPage(state, monitor)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    monitor.begin()
    monitor.poll_once()
    monitor.start()
    monitor.poll_once()
    monitor.poll_once()
    monitor.pause()
    page.choose_since(1)
    for _ in range(6):
        monitor.poll_once()
        QApplication.processEvents()
    (run,) = runs
    trainer = run.trainer
    assert page.shown_update == trainer.update == 30
    task = trainer.task
    for series in page.stack_panel.gradient_row.series:
        oracle = memory_measures(
            trainer.models[series.network],
            task.probe(),
            since=1,
            rivals=task.rivals,
            asking_inputs=task.asking_inputs(),
            network=series.network,
            update=30,
        )
        assert series.values == pytest.approx(oracle.gradient)
        rows = page.stack_panel
        survives = next(
            each for each in rows.survives_row.series if each.network == series.network and not each.faint
        )
        asked = next(each for each in rows.asked_row.series if each.network == series.network)
        assert survives.values == pytest.approx(oracle.survives, nan_ok=True)
        assert asked.values == pytest.approx(oracle.asked_now)
    horizon = page.inquiries.horizon.answer
    assert horizon is not None
    assert horizon.distances == HORIZON_DISTANCES
    assert set(horizon.asked) == {HORIZON_SEQUENCES}
    assert horizon.update == 30
    assert set(horizon.right) == {"rnn", "lstm", "gru"}
    assert len(page.verdict_panel.list.sentences()) == 3
    assert not page.stack_panel.survives_row._stale
    monitor.stop()


def test_a_page_over_one_network_alone(qtbot: QtBot) -> None:
    state = UiState()
    only = dataclasses.replace(EXPERIMENT, networks=(NetworkSettings("no_memory", units=4),))
    monitor = RunMonitor(SyncRunner(), state, only)
    page = MemoryPage(state, monitor)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    monitor.begin()
    for _ in range(4):
        monitor.poll_once()
        QApplication.processEvents()
    stack = page.stack_panel
    assert stack.long_network == ""
    assert stack.short_network == "no_memory"
    assert [row for row in stack.state_rows if not row.isHidden()] == [stack.rival_row]
    assert (
        "no half-life" in page.half_life_panel.chart.reading
        or "forget gate" in page.half_life_panel.chart.reading
    )
    monitor.stop()
