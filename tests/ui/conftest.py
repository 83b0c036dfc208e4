"""A run of the window without an engine: what tests of the monitor and its parts begin with."""

from __future__ import annotations

import pytest

from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState
from tests.ui.fake_runner import FakeRunner
from tests.ui.shell import canned_traces


@pytest.fixture
def state() -> UiState:
    return UiState()


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(canned_traces)


@pytest.fixture
def monitor(runner: FakeRunner, state: UiState) -> RunMonitor:
    monitor = RunMonitor(runner, state)
    monitor.begin()
    monitor.poll_once()
    return monitor
