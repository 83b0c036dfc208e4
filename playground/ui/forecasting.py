"""What networks forecast of a series: asked for again while the run trains and the page is seen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.contract.runner import ForecastRequest
from playground.tasks.series.series_task import SeriesTask
from playground.trace.generated import Forecast
from playground.trace.snapshot import ForecastAnswer, RequestFailure
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
        self.problem = ""
        self._seen = False
        self._asked: int | None = None
        self._asked_of: tuple[int, int, int, bool] | None = None
        self._series: SeriesTask | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.look)
        monitor.snapshot_changed.connect(self.look)
        state.moment_changed.connect(self._moment_changed)
        monitor.run_changed.connect(self._begin_anew)
        monitor.experiment_changed.connect(self._begin_anew)

    @property
    def task(self) -> SeriesTask | None:
        """The series that is learned; None while something else is."""
        task: object = self._monitor.task
        if not isinstance(task, SeriesTask):
            return None
        if task is not self._series:
            self._series = task
            self.horizon = max(8, min(task.series.probe_length, task.series.held_out))
            self.start = task.series.split + min(task.series.held_out // 2, 2 * self.horizon)
        return task

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
            self._ask()

    @Slot()
    def look(self) -> None:
        """Ask again, if there is something new to be told."""
        if not self._seen or self.task is None or self._monitor.loading or not self._state.moment.traces:
            return
        if self._asked is None and not self._rest.isActive() and self._wish() != self._asked_of:
            self._ask()
            self._rest.start()

    def _wish(self) -> tuple[int, int, int, bool]:
        moment = self._state.moment
        update = self._monitor.snapshot.update if moment.live else moment.update
        return self._monitor.snapshot.run_id, update, self.start, moment.live

    def _ask(self) -> None:
        if self._asked is not None:
            self._monitor.cancel(self._asked)
        self._asked_of = self._wish()
        moment = self._state.moment
        self._asked = self._monitor.request(
            ForecastRequest(
                self.start, self.horizon, update=None if moment.live else moment.update, exact=not moment.live
            ),
            self._told,
        )

    def _told(self, answer: ForecastAnswer | RequestFailure) -> None:
        self._asked = None
        if isinstance(answer, RequestFailure):
            self._say(answer.sentence)
            return
        self._say("")
        self.forecasts, self.update = answer.forecasts, answer.update
        self.changed.emit()

    @Slot()
    def _moment_changed(self) -> None:
        if not self._state.moment.live:
            self.look()

    @Slot()
    def _begin_anew(self) -> None:
        if self._asked is not None:
            self._monitor.cancel(self._asked)
        self._asked = self._asked_of = None
        self.forecasts = {}
        self._rest.stop()
        self._say("")
        self.changed.emit()
        self.look()

    def _say(self, sentence: str) -> None:
        if sentence != self.problem:
            self.problem = sentence
            self.problem_changed.emit()
