"""Small trainings that a page needs for itself, one after the other, beside the run, which they never touch.

Each trial is a real run of an experiment on a runner of its own; the page draws its curves as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from playground.contract.runner import Runner
from playground.experiment import Experiment
from playground.trace.snapshot import RunState
from playground.ui.run_record import RunRecord

POLL_INTERVAL_MS = 40


@dataclass(frozen=True, eq=False)
class Trial:
    """One small training: this experiment for so many updates, known by `key`."""

    key: str
    experiment: Experiment
    updates: int


@dataclass(eq=False)
class TrialResult:
    """What is known of a trial so far: its curves, how many updates are done, and how fast it went.

    `updates_per_second`: of the time between the first and the last news, by the training thread's own clock; 0.0
    before there are two. `failure`: a sentence, where it stopped by itself.
    """

    trial: Trial
    record: RunRecord = field(default_factory=RunRecord)
    done: int = 0
    finished: bool = False
    failure: str = ""
    updates_per_second: float = 0.0
    first_news: tuple[int, float] | None = None


class TrialRuns(QObject):
    """Runs trials one after the other. GUI thread; the training happens on the runner's thread.

    `make_runner` makes the runner when the first trial starts; who made it stops it (`RunMonitor.spare_runner`).
    """

    changed = Signal()
    """A result grew, a trial began or ended."""

    def __init__(self, make_runner: Callable[[], Runner | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_runner = make_runner
        self._runner: Runner | None = None
        self._waiting: list[Trial] = []
        self._current: TrialResult | None = None
        self._run_id = 0
        self.results: dict[str, TrialResult] = {}
        """The newest result of each key, in the order in which they began."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_INTERVAL_MS)
        self._timer.timeout.connect(self.poll_once)

    @property
    def current(self) -> str | None:
        """The key of the trial that trains now."""
        return self._current.trial.key if self._current is not None else None

    @property
    def busy(self) -> bool:
        """Whether a trial trains or waits."""
        return self._current is not None or bool(self._waiting)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The keys of the trials that wait."""
        return tuple(trial.key for trial in self._waiting)

    def start(self, trials: Sequence[Trial]) -> None:
        """Run these; what trained or waited before is given up. Their earlier results are forgotten."""
        self.stop()
        self._waiting = list(trials)
        for trial in trials:
            self.results.pop(trial.key, None)
        self._begin_next()
        if self.busy:
            self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Give up what trains and what waits; results stay."""
        self._waiting = []
        self._current = None
        self._timer.stop()
        if self._runner is not None:
            self._runner.pause()
        self.changed.emit()

    def forget(self, keys: Sequence[str] | None = None) -> None:
        """Forget these results (None: all), and stop if one of them is under way."""
        wanted = tuple(self.results) if keys is None else tuple(keys)
        under_way = {self.current, *self.waiting}
        for key in wanted:
            self.results.pop(key, None)
        if keys is None or under_way & set(wanted):
            self.stop()
        else:
            self.changed.emit()

    @Slot()
    def poll_once(self) -> None:
        """Take what the runner tells. The timer calls it; tests and pictures too."""
        result, runner = self._current, self._runner
        if result is None or runner is None:
            return
        snapshot = runner.poll()
        if snapshot is None or snapshot.run_id != self._run_id or snapshot.state is RunState.LOADING:
            return
        result.record.take(snapshot)
        result.done = snapshot.update
        if result.first_news is None and snapshot.update > 0:
            result.first_news = (snapshot.update, snapshot.taken_at)
        elif result.first_news is not None and snapshot.taken_at > result.first_news[1]:
            first, at = result.first_news
            result.updates_per_second = (snapshot.update - first) / (snapshot.taken_at - at)
        if snapshot.failure is not None:
            result.failure = f"{snapshot.failure.sentence} {snapshot.failure.advice}".strip()
        if result.failure or result.done >= result.trial.updates:
            result.finished = True
            runner.pause()
            self._begin_next()
        self.changed.emit()

    def _begin_next(self) -> None:
        self._current = None
        if not self._waiting:
            self._timer.stop()
            return
        if self._runner is None:
            self._runner = self._make_runner()
        if self._runner is None:
            self._waiting = []
            return
        trial = self._waiting.pop(0)
        self._current = TrialResult(trial)
        self.results.pop(trial.key, None)
        self.results[trial.key] = self._current
        self._run_id = self._runner.load(trial.experiment)
        self._runner.set_speed(None)
        self._runner.start()
