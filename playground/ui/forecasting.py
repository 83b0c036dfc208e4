"""What networks forecast of a series: asked for again while the run trains and the page is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot

from playground.contract.runner import ForecastRequest
from playground.tasks.series.series_task import SeriesTask
from playground.trace.generated import Forecast
from playground.trace.snapshot import ForecastAnswer, RequestFailure
from playground.ui.asking import Asking
from playground.ui.monitor import RunMonitor
from playground.ui.state import UiState

REST_MS = 700
"""Between two answers that are asked for by themselves."""


class Forecasting(QObject):
    """One for a Generate page. GUI thread. `start`: the first position (0-based) of the free-running forecast."""

    changed = Signal()
    """Newer forecasts came, or they are of another start."""
    problem_changed = Signal()

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state, self._monitor = state, monitor
        self.forecasts: Mapping[str, Forecast] = {}
        self.update = 0
        self.start = 0
        self.horizon = 0
        self._seen = False
        self._series: SeriesTask | None = None
        self.asking = Asking(monitor, REST_MS, self._ask, self._told, self)
        self.asking.rested.connect(self.look)
        self.asking.problem_changed.connect(self.problem_changed)
        monitor.snapshot_changed.connect(self.look)
        state.moment_changed.connect(self._moment_changed)
        monitor.run_changed.connect(self._begin_anew)
        monitor.experiment_changed.connect(self._begin_anew)

    @property
    def task(self) -> SeriesTask | None:
        """The series that is learned; None while something else is."""
        if self._monitor.task.family != "series":
            return None
        task = cast(SeriesTask, self._monitor.task)
        if task is not self._series:
            self._series = task
            self.horizon = max(8, min(task.series.probe_length, task.series.held_out))
            self.start = task.series.split + min(task.series.held_out // 2, 2 * self.horizon)
        return task

    @property
    def problem(self) -> str:
        """Why there is no forecast, as a sentence; empty when there is one."""
        return self.asking.problem

    def set_seen(self, seen: bool) -> None:
        """Whether anybody sees the page: only then anything is asked."""
        self._seen = seen
        if seen:
            self.look()

    def set_start(self, position: int) -> None:
        """Where the free-running forecast begins; kept within the held-out part."""
        task = self.task
        if task is None:
            return
        position = max(task.series.split, min(position, task.series.length))
        if position != self.start:
            self.start = position
            self.changed.emit()
            self.asking.ask(self._wish())

    @Slot()
    def look(self) -> None:
        """Ask again, if there is something new to be told."""
        if not self._seen or self.task is None or self._monitor.loading or not self._state.moment.traces:
            return
        self.asking.look(self._wish())

    def _wish(self) -> tuple[int, int, int, bool]:
        moment = self._state.moment
        update = self._monitor.snapshot.update if moment.live else moment.update
        return self._monitor.snapshot.run_id, update, self.start, moment.live

    def _ask(self, callback: Callable[[ForecastAnswer | RequestFailure], None]) -> int:
        moment = self._state.moment
        update = None if moment.live else moment.update
        request = ForecastRequest(self.start, self.horizon, update=update, exact=not moment.live)
        return self._monitor.request(request, callback)

    def _told(self, answer: ForecastAnswer) -> None:
        self.forecasts, self.update = answer.forecasts, answer.update
        self.changed.emit()

    @Slot()
    def _moment_changed(self) -> None:
        if not self._state.moment.live:
            self.look()

    @Slot()
    def _begin_anew(self) -> None:
        self.asking.forget()
        self.forecasts = {}
        self.changed.emit()
        self.look()
