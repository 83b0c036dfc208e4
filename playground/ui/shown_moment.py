"""Which moment of the run is shown, and of which sequence: the newest as it comes, or a chosen one that stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from playground.contract.runner import TraceRequest
from playground.tasks.task import Task
from playground.trace.snapshot import RequestFailure, TrainingSnapshot
from playground.ui.run_questions import RunQuestions
from playground.ui.state import Moment, UiState
from playground.ui.training_travel import Arrival, TrainingTravel, Wish

if TYPE_CHECKING:
    from playground.ui.shown_sequence import ShownSequence


@dataclass(frozen=True)
class _Place:
    """Where the window stood before another sequence was shown: that is where it goes back to."""

    timestep: int
    live: bool
    update: int


def first_question(task: Task) -> int:
    """Where the playhead stands before anybody moves it: at the first event that asks (0-based), else at the first."""
    return next((at for at, event in enumerate(task.probe_events()) if event.asking), 0)


class ShownMoment:
    """Sets `UiState.moment`; others can only keep it from going on (`live`). GUI thread.

    Another sequence than the probe may be `wanted`; the moment keeps showing what it shows until the traces of what is
    wanted are there. `look` says whether answers are to be looked for between the polls; `changed()` is called when
    what is wanted or the travel through training time has changed.
    """

    def __init__(
        self,
        state: UiState,
        questions: RunQuestions,
        look: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._state, self._questions, self._look, self._changed = state, questions, look, changed
        self.travel = TrainingTravel(self._ask, questions.cancel, self._arrive, changed)
        self.wanted: ShownSequence | None = None
        """What is to be shown; the moment says what is."""
        self._before: _Place | None = None  # where to go back to from it
        self._others = 0  # how many held-out sequences of this task were shown
        self._wants_live = False  # the next snapshot of what is wanted is the moment to be shown
        self._traced = TrainingSnapshot.empty()  # the newest that had traces

    @property
    def shown(self) -> ShownSequence | None:
        """What is shown in the probe's place; None: the probe is."""
        return self._state.moment.shown

    @property
    def follows(self) -> bool:
        """Whether the newest moment is to be shown. One of another sequence is not, while an earlier one is on its
        way."""
        return self._state.moment.live and (self.wanted is self.shown or not self.travel.under_way)

    # -- what is shown
    def show_sequence(self, shown: ShownSequence | None, stands_at: int | None) -> None:
        """Show this in the probe's place; None: the probe. `stands_at`: the update a run that does not train is at."""
        moment = self._state.moment
        if self._before is None:
            self._before = _Place(self._state.timestep, moment.live, moment.update)
        self._want(shown)
        if shown is None:
            self._wants_live, update = self._before.live, self._before.update
        else:
            self._wants_live = moment.live and shown.update in (None, stands_at)
            update = moment.update if shown.update is None else shown.update
        if self._wants_live:
            self._show_newest()
        else:
            self.travel.depart(Wish(update, exact=True))

    def show_another(self, task: Task, show: Callable[[ShownSequence], None]) -> None:
        """Show the next of the sequences that no network is trained on; a sentence says so where there are none."""
        # Only here: the first paint needs neither texts nor series.
        from playground.ui.openable_sequences import held_out_sequence

        found = held_out_sequence(task, self._others + 1)
        if found is None:
            self._state.set_status("Of this task only the fixed sequence can be shown event by event.")
            return
        self._others += 1
        show(found)

    def take(self, snapshot: TrainingSnapshot, has_turn: Callable[[], bool]) -> None:
        """There is a newer snapshot; it is shown where the newest is, if the page goes on to this one."""
        if snapshot.traces:
            self._traced = snapshot
        if self._fits(snapshot) and (self._wants_live or (self.follows and has_turn())):
            self._show(Moment(snapshot.run_id, snapshot.update, snapshot.traces, live=True))

    def back_to_now(self) -> None:
        """Show the newest moment again, and every newer one as it comes."""
        self.travel.end()
        if self._before is not None:  # from another sequence, too, the way back leads to now
            self._before = replace(self._before, live=True)
        if not self._state.moment.live or self.wanted is not self.shown:
            self._show_newest()

    def stay(self) -> None:
        """The moment shown is kept, what was under way is given up."""
        self.travel.end()
        if self.wanted is not self.shown:
            self._want(self.shown)

    # -- beginnings
    def begin_task(self, task: Task) -> None:
        """Another task: what is shown was said in the words of the one before."""
        self._before, self._others = None, 0
        self._state.set_moment(Moment(self._questions.run_id))
        self._state.open_at(first_question(task))

    def begin_anew(self) -> None:
        """Another run, or this one from its beginning: the probe as it will be."""
        self.wanted, self._wants_live = None, False
        self._traced = TrainingSnapshot.empty()

    def make_live(self) -> None:
        """What is shown is the newest from now on."""
        moment = self._state.moment
        if not moment.live:
            self._state.set_moment(replace(moment, live=True))

    # -- inside
    def _want(self, shown: ShownSequence | None) -> None:
        """This is to be shown: what was under way is given up."""
        self.travel.end()
        self.wanted = shown
        if shown is None and self.shown is None:  # it never came that far
            self._before = None
        if self._questions.runner is not None:
            self._questions.runner.show_sequence(shown.sequence if shown is not None else None)
        self._changed()

    def _show(self, moment: Moment) -> None:
        """Show this moment of what is wanted; of another sequence than so far, where one should look at it."""
        shown, timestep = self.wanted, None
        self._wants_live = False
        if shown is None:
            timestep = self._before.timestep if self._before is not None else None
            self._before = None
        elif shown is not self.shown:
            timestep = shown.begin
            if shown.network in moment.traces:
                self._state.set_network(shown.network)
        self._state.set_moment(replace(moment, shown=shown), timestep)

    def _show_newest(self) -> None:
        """Show the newest moment of what is wanted, now or as soon as it comes."""
        newest = self._traced
        self._wants_live = not self._fits(newest)
        if self._fits(newest):
            self._show(Moment(newest.run_id, newest.update, newest.traces, live=True))

    def _fits(self, snapshot: TrainingSnapshot) -> bool:
        """Whether a snapshot has traces of what is wanted."""
        sequence = self.wanted.sequence if self.wanted is not None else None
        ours = snapshot.run_id == self._questions.run_id
        return bool(snapshot.traces) and ours and snapshot.sequence is sequence

    def _ask(self, wish: Wish, callback: Callable[[Arrival], None]) -> int:
        sequence = self.wanted.sequence if self.wanted is not None else None
        request = TraceRequest(sequence, wish.update, exact=wish.exact)
        return self._questions.ask(request, callback, look=self._look())

    def _arrive(self, answer: Arrival) -> None:
        if isinstance(answer, RequestFailure):
            self._state.set_status(answer.sentence)
            if self.wanted is not self.shown:  # not at that update: then as it is now
                self._show_newest()
        else:
            self._show(Moment(answer.run_id, answer.update, answer.traces, live=False))
