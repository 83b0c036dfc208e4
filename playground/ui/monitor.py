"""Watches the run for the window: polls the runner 30 times a second and tells everybody on the GUI thread.

The runner trains on a thread of its own and never signals; what it has to say lies in a one-place mailbox. Only this
object asks for it, so no signal ever crosses a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, overload

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from playground.contract.runner import (
    ChangedRateRequest,
    ForecastRequest,
    HeldOutRequest,
    HorizonRequest,
    Question,
    Runner,
    TraceRequest,
    UnitsRequest,
    WritingRequest,
)
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.task import Event, EventSequence, Task
from playground.trace.snapshot import (
    Answer,
    ChangedRateAnswer,
    ForecastAnswer,
    HeldOutAnswer,
    HorizonAnswer,
    ReplayProgress,
    RequestFailure,
    RunFailure,
    RunState,
    TraceAnswer,
    TrainingSnapshot,
    UnitsAnswer,
    WritingAnswer,
)
from playground.ui.run_record import RunRecord
from playground.ui.run_words import ONE_AT_A_TIME
from playground.ui.state import Moment, UiState

if TYPE_CHECKING:
    from playground.contract.preparation import Preparation
    from playground.contract.seed_fan import SeedFan
    from playground.ui.shown_sequence import ShownSequence

POLL_INTERVAL_MS = 33

POLLS_OF_A_LOOK = 10
"""Every so many polls the runner is asked what it prepares: three times a second."""

ANSWER_INTERVAL_MS = 4
MOST_LOOKS = 50
"""An answer that is waited for is looked for every 4 ms, up to 50 times: a dragged slider must not wait for the next
poll. What takes longer than that (a replay) can wait for it."""

TraceCallback = Callable[[TraceAnswer | RequestFailure], None]
HorizonCallback = Callable[[HorizonAnswer | RequestFailure], None]
UnitsCallback = Callable[[UnitsAnswer | RequestFailure], None]
WritingCallback = Callable[[WritingAnswer | RequestFailure], None]
ForecastCallback = Callable[[ForecastAnswer | RequestFailure], None]
HeldOutCallback = Callable[[HeldOutAnswer | RequestFailure], None]
ChangedRateCallback = Callable[[ChangedRateAnswer | RequestFailure], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Travel:
    """Where in training time the user wants to go."""

    update: int
    exact: bool


@dataclass(frozen=True)
class _Place:
    """Where the window stood before another sequence was shown: that is where it goes back to."""

    timestep: int
    live: bool
    update: int


TURNS = 3
"""Frames in which every part of the window has been painted once; see `RunMonitor.has_turn`."""

NEWS_IN_EVERY_FRAME = 25.0
"""Updates a second from which on every frame brings news."""


def first_question(task: Task) -> int:
    """Where the playhead stands before anybody moves it: at the first event that asks (0-based), else at the first."""
    return next((at for at, event in enumerate(task.probe_events()) if event.asking), 0)


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
        self.travel: ReplayProgress | None = None
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
        self._wanted: ShownSequence | None = None  # what is to be shown; the moment says what is
        self._before: _Place | None = None  # where to go back to from it
        self._others = 0  # how many held-out sequences of this task were shown
        self._wants_live = False  # the next snapshot of what is wanted is the moment to be shown
        self._traced = self.snapshot  # the newest that had traces
        self._snapshots = 0
        self._make_spare: Callable[[], Runner] | None = None
        self._spares: list[Runner] = []
        self._went_back = False
        self._callbacks: dict[int, Callable[[Any], None]] = {}
        self._early: dict[int, Callable[[Any], None]] = {}
        self._early_id = 0
        self._travel_id: int | None = None
        self._travel_now: _Travel | None = None
        self._travel_next: _Travel | None = None
        self._wants_training = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_INTERVAL_MS)
        self._timer.timeout.connect(self.poll_once)
        self._rest_timer = QTimer(self)  # of zero: it comes when everything is painted
        self._rest_timer.setSingleShot(True)
        self._rest_timer.timeout.connect(self._rest)
        self.preparation: Preparation | None = None
        """What is prepared beside this run, as long as it is under way."""
        self._polls = 0
        self._prepared_run = 0
        self._looks_left = 0
        self._answer_timer = QTimer(self)
        self._answer_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._answer_timer.setInterval(ANSWER_INTERVAL_MS)
        self._answer_timer.timeout.connect(self._look_for_answers)

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
        self._runner.set_speed(self._runner_speed())
        self._run_id = self._runner.load(self.experiment)
        if self._wants_training:
            self._wants_training = False
            self.start()

    def start_polling(self) -> None:
        """Poll 30 times a second from now on."""
        self._timer.start()

    def stop_polling(self) -> None:
        """Poll no more: the window closes."""
        self._timer.stop()
        self._answer_timer.stop()
        self._rest()

    @property
    def polling(self) -> bool:
        """Whether the timer runs."""
        return self._timer.isActive()

    def stop(self, timeout: float = 5.0) -> bool:
        """Poll no more and end the runner for good; True when its thread ended in time. May be called twice."""
        self.stop_polling()
        self._callbacks.clear()
        self._early.clear()
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
        return self.state.moment.shown

    @property
    def wanted(self) -> ShownSequence | None:
        """What is to be shown, which may still be on its way; None: the probe."""
        return self._wanted

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
            self._run_id = self._runner.load(experiment)
        self._went_back = False
        if other_task:  # what is shown was said in the words of the task before
            self._before, self._others = None, 0
            self.state.set_moment(Moment(self._run_id))
            self.state.open_at(first_question(self.task))
        self._begin_anew()
        self.experiment_changed.emit()

    # -- what is shown
    def show_sequence(self, shown: ShownSequence | None) -> None:
        """Show this sequence on every page in the probe's place, from when its traces are there; None: the probe again.

        One that belongs to an update is shown at that update. Another task, a rewind and an apply bring the probe back.
        """
        if shown is self._wanted or self._runner is None or not self.begun:
            return
        moment = self.state.moment
        if self._before is None:
            self._before = _Place(self.state.timestep, moment.live, moment.update)
        self._want(shown)
        if shown is None:
            self._wants_live, update = self._before.live, self._before.update
        else:
            stands = not self.training and self.snapshot.update == shown.update
            self._wants_live = moment.live and (shown.update is None or stands)
            update = moment.update if shown.update is None else shown.update
        if self._wants_live:
            self._show_newest()
        else:
            self._depart(_Travel(update, exact=True))

    @Slot()
    def show_another(self) -> None:
        """Show the next of the sequences that no network is trained on; a sentence says so where there are none."""
        # Only here: the first paint needs neither texts nor series.
        from playground.ui.openable_sequences import held_out_sequence

        found = held_out_sequence(self.task, self._others + 1)
        if found is None:
            self.state.set_status("Of this task only the fixed sequence can be shown event by event.")
            return
        self._others += 1
        self.show_sequence(found)

    def _want(self, shown: ShownSequence | None) -> None:
        """This is to be shown: what was under way is given up."""
        self._end_travel()
        self._wanted = shown
        if shown is None and self.shown is None:  # it never came that far
            self._before = None
        if self._runner is not None:
            self._runner.show_sequence(shown.sequence if shown is not None else None)
        self.state_changed.emit()

    def _show(self, moment: Moment) -> None:
        """Show this moment of what is wanted; of another sequence than so far, where one should look at it."""
        shown, timestep = self._wanted, None
        self._wants_live = False
        if shown is None:
            timestep = self._before.timestep if self._before is not None else None
            self._before = None
        elif shown is not self.shown:
            timestep = shown.begin
            if shown.network in moment.traces:
                self.state.set_network(shown.network)
        self.state.set_moment(replace(moment, shown=shown), timestep)

    def _show_newest(self) -> None:
        """Show the newest moment of what is wanted, now or as soon as it comes."""
        newest = self._traced
        self._wants_live = not self._fits(newest)
        if self._fits(newest):
            self._show(Moment(newest.run_id, newest.update, newest.traces, live=True))

    def _fits(self, snapshot: TrainingSnapshot) -> bool:
        """Whether a snapshot has traces of what is wanted."""
        sequence = self._wanted.sequence if self._wanted is not None else None
        return bool(snapshot.traces) and snapshot.run_id == self._run_id and snapshot.sequence is sequence

    @property
    def _follows(self) -> bool:
        """Whether the newest moment is to be shown. One of another sequence is not, while an earlier one is on its
        way."""
        return self.state.moment.live and (self._wanted is self.shown or self._travel_id is None)

    # -- questions
    @overload
    def request(self, request: TraceRequest, callback: TraceCallback) -> int: ...
    @overload
    def request(self, request: HorizonRequest, callback: HorizonCallback) -> int: ...
    @overload
    def request(self, request: UnitsRequest, callback: UnitsCallback) -> int: ...
    @overload
    def request(self, request: WritingRequest, callback: WritingCallback) -> int: ...
    @overload
    def request(self, request: ForecastRequest, callback: ForecastCallback) -> int: ...
    @overload
    def request(self, request: HeldOutRequest, callback: HeldOutCallback) -> int: ...
    @overload
    def request(self, request: ChangedRateRequest, callback: ChangedRateCallback) -> int: ...
    def request(self, request: Question, callback: Callable[[Any], None]) -> int:
        """Ask for traces or right answers; `callback` gets the answer on this thread. Returns the id for `cancel`.

        Traces that are asked for without a sequence are those of the sequence that is shown.
        """
        if isinstance(request, TraceRequest) and request.sequence is None and self.shown is not None:
            request = replace(request, sequence=self.shown.sequence)
        return self._ask(request, callback)

    def _ask(self, request: Question, callback: Callable[[Any], None]) -> int:
        if self._runner is None or not self.begun:
            self._early_id -= 1
            self._early[self._early_id] = callback
            return self._early_id
        request_id = self._runner.request(request)
        self._callbacks[request_id] = callback
        if self._timer.isActive():
            self._looks_left = MOST_LOOKS
            self._answer_timer.start()
        return request_id

    @property
    def waiting(self) -> int:
        """How many requests wait for their answer."""
        return len(self._callbacks)

    def cancel(self, request_id: int) -> None:
        """Give up a request: its callback never comes."""
        self._early.pop(request_id, None)
        if self._callbacks.pop(request_id, None) is not None and self._runner is not None:
            self._runner.cancel(request_id)

    # -- training time
    def go_to(self, update: int, exact: bool = False) -> None:
        """Travel through training time: the moment at `update` becomes `state.moment` and stays.

        Without `exact` the nearest kept update at or before it. While one answer is under way only the newest wish is
        remembered, so a dragged slider never builds a queue.
        """
        wish = _Travel(update, exact)
        if self._travel_id is not None:
            if self._travel_now == wish:
                self._travel_next = None
                return
            if self._travel_now is not None and not self._travel_now.exact:
                self._travel_next = wish
                return
            self._end_travel()
        self._depart(wish)

    def back_to_now(self) -> None:
        """Show the newest moment again, and every newer one as it comes."""
        self._end_travel()
        if self._before is not None:  # from another sequence, too, the way back leads to now
            self._before = replace(self._before, live=True)
        if not self.state.moment.live or self._wanted is not self.shown:
            self._show_newest()

    @property
    def travelling(self) -> bool:
        """Whether an earlier moment is under way."""
        return self._travel_id is not None

    @property
    def travel_target(self) -> int | None:
        """The update that is wished for while it is under way; None when nothing is."""
        wish = self._travel_next or self._travel_now
        return wish.update if wish is not None else None

    def give_up_travel(self) -> None:
        """Stay where we are: the moment shown is kept, what was under way is given up."""
        self._end_travel()
        if self._wanted is not self.shown:
            self._want(self.shown)

    # -- polling
    @Slot()
    def poll_once(self) -> None:
        """Ask the runner once: the newest snapshot, then all answers. The timer calls it; tests and pictures too."""
        self._refuse_early()
        if self._runner is None or not self.begun:
            return
        self._polls += 1
        if self._polls % POLLS_OF_A_LOOK == 0 and self._prepared_run != self._run_id:
            self._look_at_preparation(self._runner)
        snapshot = self._runner.poll()
        if snapshot is not None:
            self.window_works()
            self._take(snapshot)
        self._take_answers()

    def _look_at_preparation(self, runner: Runner) -> None:
        found = runner.preparation()
        if found is not None and not found.under_way:  # until the next run begins nothing else can come
            self._prepared_run = self._run_id
            if self.preparation is not None:
                self.state.set_status(found.sentence)
            found = None
        if _per_cent(found) != _per_cent(self.preparation):
            self.preparation = found
            self.preparation_changed.emit()

    def has_turn(self, turn: int) -> bool:
        """Whether a part of the window that is slow to read paints itself for this snapshot.

        While every frame brings news, such parts take turns (0, 1, ... `TURNS` - 1): a curve that grows by a pixel,
        or a number that nobody can read 30 times a second, is painted ten times a second, and no frame pays for all.
        Always True when the run stands still, is slow, or a past moment is looked at, so nothing stays behind.
        """
        news = self.snapshot.state is RunState.TRAINING and self.state.moment.live
        fast = news and self.snapshot.updates_per_second >= NEWS_IN_EVERY_FRAME
        return not fast or self._snapshots % TURNS == turn

    @property
    def _page_has_turn(self) -> bool:
        """Whether the page that is shown goes on to this snapshot. The Train page is there to watch: it shows all.
        On the others somebody works, and a key never waits long for numbers that change too often to be read."""
        return self.state.page == "train" or self.has_turn(0)

    def window_works(self) -> None:
        """The window has something to do for its user: training stands aside until that is painted."""
        if self._runner is not None and self._timer.isActive():
            self._runner.stand_aside()
            if self.seed_fan is not None:
                self.seed_fan.stand_aside()
            self._rest_timer.start()

    @Slot()
    def _rest(self) -> None:
        self._rest_timer.stop()
        if self._runner is not None:
            self._runner.go_on()
        if self.seed_fan is not None:
            self.seed_fan.go_on()

    @Slot()
    def _look_for_answers(self) -> None:
        self._looks_left -= 1
        if not self._callbacks or self._looks_left <= 0:
            self._answer_timer.stop()
        self._take_answers()

    def _take_answers(self) -> None:
        answers = self._runner.answers() if self._runner is not None else []
        if answers:
            self.window_works()
        for answer in answers:
            self._deliver(answer)

    def _refuse_early(self) -> None:
        """Who asked before there was any network is told so, and not from within its own question."""
        early, self._early = self._early, {}
        for request_id, callback in early.items():
            callback(RequestFailure(request_id, 0, "There is no network yet to ask."))

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
            self._make_live()
            self.run_changed.emit()
        if snapshot.traces:
            self._traced = snapshot
        if self._fits(snapshot) and (self._wants_live or (self._follows and self._page_has_turn)):
            self._show(Moment(snapshot.run_id, snapshot.update, snapshot.traces, live=True))
        if (before.state, before.failure) != (snapshot.state, snapshot.failure):
            if snapshot.failure is not None:
                log.warning("Training stopped: %s", snapshot.failure.sentence)
            self.state_changed.emit()
        self.snapshot_changed.emit()

    def _deliver(self, answer: Answer) -> None:
        if answer.run_id != self._run_id or answer.request_id not in self._callbacks:
            return
        if isinstance(answer, ReplayProgress):
            if answer.request_id == self._travel_id:
                self.travel = answer
                self.state_changed.emit()
            return
        self._callbacks.pop(answer.request_id)(answer)

    # -- inside
    def _runner_speed(self) -> float | None:
        return None if self._speed == ONE_AT_A_TIME else self._speed

    def _set_wants_training(self, wanted: bool) -> None:
        if wanted != self._wants_training:
            self._wants_training = wanted
            self.state_changed.emit()

    def _begin_anew(self) -> None:
        self._forget_requests()
        self._wanted, self._wants_live = None, False
        self._traced = TrainingSnapshot.empty()
        self.record = RunRecord(self._run_id)
        self._make_live()
        self.run_changed.emit()

    def _make_live(self) -> None:
        moment = self.state.moment
        if not moment.live:
            self.state.set_moment(replace(moment, live=True))

    def _forget_requests(self) -> None:
        self._end_travel()
        for request_id in list(self._callbacks):
            self.cancel(request_id)

    def _depart(self, wish: _Travel) -> None:
        self._travel_now = wish
        sequence = self._wanted.sequence if self._wanted is not None else None
        self._travel_id = self._ask(TraceRequest(sequence, wish.update, exact=wish.exact), self._arrive)
        self.state_changed.emit()

    def _arrive(self, answer: TraceAnswer | RequestFailure) -> None:
        wish, self._travel_next = self._travel_next, None
        self._travel_id = self._travel_now = self.travel = None
        if isinstance(answer, RequestFailure):
            self.state.set_status(answer.sentence)
            if self._wanted is not self.shown:  # not at that update: then as it is now
                self._show_newest()
        else:
            self._show(Moment(answer.run_id, answer.update, answer.traces, live=False))
        if wish is not None:
            self._depart(wish)
        else:
            self.state_changed.emit()

    def _end_travel(self) -> None:
        under_way, self._travel_id = self._travel_id, None
        self._travel_now = self._travel_next = self.travel = None
        if under_way is not None:
            self.cancel(under_way)
            self.state_changed.emit()


def _per_cent(preparation: Preparation | None) -> int | None:
    return None if preparation is None else int(100.0 * preparation.fraction)


def _begins_anew(snapshot: TrainingSnapshot) -> bool:
    """Whether a snapshot was made after a rewind: it stands at update 0, or its curves begin with update 1."""
    first = [int(entry.updates[0]) for entry in snapshot.progress.values() if len(entry.updates)]
    return snapshot.update == 0 or (bool(first) and min(first) == 1)
