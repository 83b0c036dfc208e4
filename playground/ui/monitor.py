"""Watches the run for the window: polls the runner 30 times a second and tells everybody on the GUI thread.

The runner trains on a thread of its own and never signals; what it has to say lies in a one-place mailbox. Only this
object asks for it, so no signal ever crosses a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from playground.contract.runner import AskedFor, Runner, TraceRequest
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.task import Event, EventSequence, Task
from playground.trace.snapshot import ReplayProgress, RequestFailure, RunFailure, RunState, TrainingSnapshot
from playground.ui.preparation_watch import PreparationWatch
from playground.ui.run_questions import RunQuestions
from playground.ui.run_record import RunRecord
from playground.ui.run_words import ONE_AT_A_TIME
from playground.ui.shown_moment import ShownMoment
from playground.ui.state import UiState
from playground.ui.training_travel import Wish
from playground.ui.turns import TURNS, TURNS_OF_A_PAGE, Trains, WindowFirst, has_turn

if TYPE_CHECKING:
    from playground.contract.preparation import Preparation
    from playground.contract.runner import Question
    from playground.contract.seed_fan import SeedFan
    from playground.ui.shown_sequence import ShownSequence

POLL_INTERVAL_MS = 33

AnswerT = TypeVar("AnswerT")

log = logging.getLogger(__name__)


class RunMonitor(QObject):
    """The run as the window sees it: the newest snapshot, the curves so far, and every command to the runner.

    Lives on the GUI thread. A callback given to `request` comes at most once, and never after the run it was asked in
    was superseded (`apply`, `rewind`, `restore`) or the request was cancelled: whoever still needs an answer asks
    again on `run_changed`.
    """

    snapshot_changed = Signal()
    """`snapshot` is newer and `record` has grown. At most 30 times a second."""
    run_changed = Signal()
    """Another run began (apply), or this one went back (rewind, restore): curves begin anew."""
    state_changed = Signal()
    """What the run does, its failure, the speed asked for, or the travel through training time changed."""
    preparation_changed = Signal()
    """`preparation` has come on by at least one per cent, or is over. At most three times a second."""
    experiment_changed = Signal()
    """The running experiment was replaced."""

    def __init__(
        self,
        runner: Runner | None,
        state: UiState,
        experiment: Experiment | None = None,
        *,
        speed: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = state
        self.experiment = experiment if experiment is not None else Experiment()
        self.snapshot = TrainingSnapshot.empty()
        self.record = RunRecord()
        self.begun = False
        """Whether the runner was given an experiment (`begin`)."""
        self.engine_ready = False
        """Whether the engine was there at least once: what loads after that are only new networks."""
        self.seed_fan: SeedFan | None = None
        """What trains many seeds in the background; None before the engine is there. Ended with the window."""
        self._runner = runner
        self._speed = speed
        self._run_id = 0
        self._task: tuple[object, Task] | None = None
        self._probe: tuple[Task, EventSequence] | None = None
        self._snapshots = 0
        self._make_spare: Callable[[], Runner] | None = None
        self._spares: list[Runner] = []
        self._went_back = False
        self._wants_training = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_INTERVAL_MS)
        self._timer.timeout.connect(self.poll_once)
        self._first = WindowFirst(self._trainers, self)
        self._pressed_at = -TURNS_OF_A_PAGE  # the number of snapshots when somebody pressed a key
        self._questions = RunQuestions(self._answers_come, self._replaying, self)
        self._moment = ShownMoment(state, self._questions, self._timer.isActive, self.state_changed.emit)
        self._preparation = PreparationWatch(self.preparation_changed.emit, state.set_status)

    # -- beginning and end
    def begin(self, runner: Runner | None = None, make_spare: Callable[[], Runner] | None = None) -> None:
        """Give the runner its experiment: only now the engine is needed. Does nothing the second time.

        `runner`: for a monitor that was made without one, because the window was to come first. `make_spare`: makes
        further runners, for `spare_runner`.
        """
        if self.begun:
            return
        self._make_spare = make_spare
        self._runner = runner if runner is not None else self._runner
        if self._runner is None:
            raise ValueError("A monitor that was made without a runner needs one to begin.")
        self.begun = True
        self._questions.runner = self._runner
        self._runner.set_speed(self._runner_speed())
        self._load(self._runner)
        if self._wants_training:
            self._wants_training = False
            self.start()

    def start_polling(self) -> None:
        """Poll 30 times a second from now on."""
        self._timer.start()

    def stop_polling(self) -> None:
        """Poll no more: the window closes."""
        self._timer.stop()
        self._questions.stop_looking()
        self._first.rest()

    @property
    def polling(self) -> bool:
        """Whether the timer runs."""
        return self._timer.isActive()

    def stop(self, timeout: float = 5.0) -> bool:
        """Poll no more and end the runner for good; True when its thread ended in time. May be called twice."""
        self.stop_polling()
        self._questions.end()
        ended = [runner.stop(timeout) for runner in self._spares]
        if self.seed_fan is not None:
            ended.append(self.seed_fan.stop(timeout))
        return (self._runner is None or self._runner.stop(timeout)) and all(ended)

    def spare_runner(self) -> Runner | None:
        """Another runner, for a page that trains something of its own beside the run; None before the engine is there.

        The monitor ends it with the window.
        """
        if self._make_spare is None:
            return None
        self._spares.append(self._make_spare())
        return self._spares[-1]

    # -- what is known
    @property
    def speed(self) -> float | None:
        """Updates a second asked for; None: as fast as possible; `ONE_AT_A_TIME`: Train does one and waits."""
        return self._speed

    @property
    def task(self) -> Task:
        """What the running experiment learns."""
        key = (self.experiment.task_name, self.experiment.task)
        if self._task is None or self._task[0] != key:
            self._task = (key, TASKS[self.experiment.task_name](self.experiment.task))
        return self._task[1]

    @property
    def shown(self) -> ShownSequence | None:
        """What is shown in the probe's place; None: the probe is."""
        return self._moment.shown

    @property
    def wanted(self) -> ShownSequence | None:
        """What is to be shown, which may still be on its way; None: the probe."""
        return self._moment.wanted

    @property
    def sequence(self) -> EventSequence:
        """The sequence that is shown, which the traces of the moment are of: the probe, or what took its place."""
        if self.shown is not None:
            return self.shown.sequence
        if self._probe is None or self._probe[0] is not self.task:
            self._probe = (self.task, self.task.probe())
        return self._probe[1]

    @property
    def events(self) -> tuple[Event, ...]:
        """Its events alone: at once, for the window's first paint."""
        return self.shown.sequence.events if self.shown is not None else self.task.probe_events()

    @property
    def run_state(self) -> RunState:
        """What the run is doing."""
        return self.snapshot.state

    @property
    def training(self) -> bool:
        """Whether the run trains now (or will, as soon as the engine is there)."""
        return self._wants_training or self.snapshot.state is RunState.TRAINING

    @property
    def loading(self) -> bool:
        """Whether the engine is not there yet."""
        return self.snapshot.state is RunState.LOADING

    @property
    def failure(self) -> RunFailure | None:
        """Why the run stopped, if it did not stop by itself."""
        return self.snapshot.failure

    @property
    def preparation(self) -> Preparation | None:
        """What is prepared beside this run, as long as it is under way."""
        return self._preparation.preparation

    # -- commands
    def start(self) -> None:
        """Train; at the speed "one at a time" do one update. While the engine loads it is remembered."""
        if self._speed == ONE_AT_A_TIME:
            self.one_update()
            return
        if self.loading:
            self._set_wants_training(True)
        if self._runner is not None and self.begun:
            self._runner.start()

    def pause(self) -> None:
        """Stop after the update in flight."""
        self._set_wants_training(False)
        if self._runner is not None and self.begun:
            self._runner.pause()

    def toggle(self) -> None:
        """Train if it is paused, pause if it trains."""
        if self.training:
            self.pause()
        else:
            self.start()

    def one_update(self) -> None:
        """Exactly one update of every network, then pause."""
        self._set_wants_training(False)
        if self._runner is not None and self.begun:
            self._runner.one_update()

    def train_to(self, update: int) -> None:
        """Of a run that stands at update 0: train to exactly this update, then pause."""
        self._set_wants_training(False)
        if self._runner is not None and self.begun:
            for _ in range(update):
                self._runner.one_update()

    def rewind(self) -> None:
        """Back to update 0 of this run, paused."""
        self._set_wants_training(False)
        if self._runner is not None and self.begun:
            self._runner.rewind()
            self._went_back = True
            self._begin_anew()

    def restore(self) -> None:
        """After a failure: back to the last good moment, paused."""
        if self._runner is not None and self.begun:
            self._forget_requests()
            self._runner.restore()

    def set_speed(self, updates_per_second: float | None) -> None:
        """At most so many updates a second; None: as fast as possible; `ONE_AT_A_TIME`: one for each press of Train."""
        if updates_per_second == self._speed:
            return
        self._speed = updates_per_second
        if updates_per_second == ONE_AT_A_TIME:
            self.pause()
        if self._runner is not None and self.begun:
            self._runner.set_speed(self._runner_speed())
        self.state_changed.emit()

    def apply(self, experiment: Experiment) -> None:
        """Start a new run of this experiment, paused at update 0. Raises ExperimentError for an impossible one."""
        experiment.validated()
        other_task = (experiment.task_name, experiment.task) != (
            self.experiment.task_name,
            self.experiment.task,
        )
        self.experiment = experiment
        self._set_wants_training(False)
        if self._runner is not None and self.begun:
            self._load(self._runner)
        self._went_back = False
        if other_task:
            self._moment.begin_task(self.task)
        self._begin_anew()
        self.experiment_changed.emit()

    # -- what is shown
    def show_sequence(self, shown: ShownSequence | None) -> None:
        """Show this sequence on every page in the probe's place, from when its traces are there; None: the probe again.

        One that belongs to an update is shown at that update. Another task, a rewind and an apply bring the probe back.
        """
        if shown is self.wanted or self._runner is None or not self.begun:
            return
        self._moment.show_sequence(shown, None if self.training else self.snapshot.update)

    @Slot()
    def show_another(self) -> None:
        """Show the next of the sequences that no network is trained on; a sentence says so where there are none."""
        self._moment.show_another(self.task, self.show_sequence)

    # -- questions
    def request(
        self, request: AskedFor[AnswerT], callback: Callable[[AnswerT | RequestFailure], None]
    ) -> int:
        """Ask for traces or right answers; `callback` gets the answer on this thread. Returns the id for `cancel`.

        Traces that are asked for without a sequence are those of the sequence that is shown.
        """
        question = cast("Question", request)  # there is nothing else that is asked for
        if isinstance(question, TraceRequest) and question.sequence is None and self.shown is not None:
            question = replace(question, sequence=self.shown.sequence)
        return self._questions.ask(question, callback, look=self.polling)

    @property
    def waiting(self) -> int:
        """How many requests wait for their answer."""
        return self._questions.waiting

    def cancel(self, request_id: int) -> None:
        """Give up a request: its callback never comes."""
        self._questions.cancel(request_id)

    # -- training time
    def go_to(self, update: int, exact: bool = False) -> None:
        """Travel through training time: the moment at `update` becomes `state.moment` and stays.

        Without `exact` the nearest kept update at or before it. While one answer is under way only the newest wish is
        remembered, so a dragged slider never builds a queue.
        """
        self._moment.travel.go_to(Wish(update, exact))

    def back_to_now(self) -> None:
        """Show the newest moment again, and every newer one as it comes."""
        self._moment.back_to_now()

    @property
    def travelling(self) -> bool:
        """Whether an earlier moment is under way."""
        return self._moment.travel.under_way

    @property
    def travel(self) -> ReplayProgress | None:
        """How far the replay is that the earlier moment has to be computed with; None when none is under way."""
        return self._moment.travel.progress

    @property
    def travel_target(self) -> int | None:
        """The update that is wished for while it is under way; None when nothing is."""
        return self._moment.travel.target

    def give_up_travel(self) -> None:
        """Stay where we are: the moment shown is kept, what was under way is given up."""
        self._moment.stay()

    # -- polling
    @Slot()
    def poll_once(self) -> None:
        """Ask the runner once: the newest snapshot, then all answers. The timer calls it; tests and pictures too."""
        self._questions.refuse_early()
        if self._runner is None or not self.begun:
            return
        self._preparation.poll(self._runner, self._run_id)
        if not self._first.waited_for:  # the next frame can wait until that is painted
            snapshot = self._runner.poll()
            if snapshot is not None:
                self.window_works()
                self._take(snapshot)
        self._questions.take_answers()

    def has_turn(self, turn: int) -> bool:
        """Whether a part of the window that is slow to read paints itself for this snapshot; see `ui.turns`."""
        return has_turn(turn, self._snapshots, self.snapshot, self.state.moment.live)

    def window_works(self, waited_for: bool = False) -> None:
        """The window has something to do: training stands aside until that is painted. `waited_for`: for a key, a click
        or a question, not just for the next frame; then compiled kernels stand still, too."""
        if self._runner is not None and self._timer.isActive():
            if waited_for:
                self._pressed_at = self._snapshots
            self._first.work(waited_for)

    def _answers_come(self) -> None:
        self.window_works(waited_for=True)

    def _take(self, snapshot: TrainingSnapshot) -> None:
        if snapshot.run_id != self._run_id or (self._went_back and not _begins_anew(snapshot)):
            return  # made before the command that superseded it
        self._went_back = False
        self._snapshots += 1
        before = self.snapshot
        self.snapshot = snapshot
        if snapshot.state is not RunState.LOADING:
            self._wants_training = False
            self.engine_ready = True
        if self.record.take(snapshot):
            self._forget_requests()
            self._moment.make_live()
            self.run_changed.emit()
        self._moment.take(snapshot, self._page_has_turn)
        if (before.state, before.failure) != (snapshot.state, snapshot.failure):
            if snapshot.failure is not None:
                log.warning("Training stopped: %s", snapshot.failure.sentence)
            self.state_changed.emit()
        self.snapshot_changed.emit()

    def _page_has_turn(self) -> bool:
        """Whether the page that is shown goes on to this snapshot. The Train page is there to watch: it shows all.
        On the others somebody works, and a key seldom waits for numbers that change too often to be read: least where
        one came just now."""
        turns = TURNS_OF_A_PAGE if self._snapshots - self._pressed_at < TURNS_OF_A_PAGE else TURNS
        return self.state.page == "train" or has_turn(
            0, self._snapshots, self.snapshot, self.state.moment.live, turns
        )

    # -- inside
    def _load(self, runner: Runner) -> None:
        self._run_id = self._questions.run_id = runner.load(self.experiment)

    def _trainers(self) -> list[Trains]:
        return [trainer for trainer in (self._runner, self.seed_fan) if trainer is not None]

    def _replaying(self, progress: ReplayProgress) -> None:
        self._moment.travel.tell(progress)

    def _runner_speed(self) -> float | None:
        return None if self._speed == ONE_AT_A_TIME else self._speed

    def _set_wants_training(self, wanted: bool) -> None:
        if wanted != self._wants_training:
            self._wants_training = wanted
            self.state_changed.emit()

    def _begin_anew(self) -> None:
        self._forget_requests()
        self._moment.begin_anew()
        self.record = RunRecord(self._run_id)
        self._moment.make_live()
        self.run_changed.emit()

    def _forget_requests(self) -> None:
        self._moment.travel.end()
        self._questions.cancel_all()


def _begins_anew(snapshot: TrainingSnapshot) -> bool:
    """Whether a snapshot was made after a rewind: it stands at update 0, or its curves begin with update 1."""
    first = [int(entry.updates[0]) for entry in snapshot.progress.values() if len(entry.updates)]
    return snapshot.update == 0 or (bool(first) and min(first) == 1)
