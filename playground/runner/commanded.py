"""The side of a runner that is spoken to: gives ids, and passes every command on in order. Shared by both runners."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from playground.contract.preparation import Preparation
from playground.contract.runner import Question, Runner
from playground.experiment import Experiment
from playground.runner.conductor import ASK, CALM, LEAVE, PAUSE, Conductor
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.trace.snapshot import Answer, RequestFailure, RunState, TrainingSnapshot

if TYPE_CHECKING:
    from playground.tasks.task import EventSequence

Command = Callable[[Conductor], None]


class CommandedRunner(Runner):
    """Everything of a Runner but when the work is done. Called from one thread, the window's."""

    def __init__(self) -> None:
        self._mailbox = Mailbox()
        self._answers = AnswerBox()
        self._run_id = 0
        self._era = 0
        self._request_id = 0
        self._stopped = False

    @abstractmethod
    def _send(self, command: Command, urgency: int = CALM) -> None:
        """Pass a command on to where the work is done. Commands are obeyed in the order in which they were sent."""

    @abstractmethod
    def poll(self) -> TrainingSnapshot | None:
        """The newest snapshot if there is one that was not taken yet."""

    @abstractmethod
    def stop(self, timeout: float = 5.0) -> bool:
        """End for good; True when it ended in time. May be called twice."""

    @property
    def run_id(self) -> int:
        """The id of the run that was loaded last."""
        return self._run_id

    def load(self, experiment: Experiment) -> int:
        """Begin a new run of this experiment, paused at update 0; returns its id. If that fails, a snapshot says so."""
        if self._stopped:
            return self._run_id
        self._run_id += 1
        self._era += 1
        run_id, era = self._run_id, self._era
        self._answers.open(run_id)
        self._mailbox.open(era, _loading(run_id))
        self._send(
            lambda conductor: conductor.load(run_id, era, experiment, lambda: self._run_id != run_id), LEAVE
        )
        return run_id

    def start(self) -> None:
        """Train until paused. Nothing happens in a failed run."""
        self._send(Conductor.start)

    def pause(self) -> None:
        """Stop training; an update in flight is abandoned, as if it had never begun."""
        self._send(Conductor.pause, PAUSE)

    def one_update(self) -> None:
        """Exactly one update of every network, then pause."""
        self._send(Conductor.one_update)

    def rewind(self) -> None:
        """Back to update 0 of this run, paused. No snapshot from before comes any more."""
        if self._run_id == 0 or self._stopped:
            return
        self._era += 1
        era = self._era
        self._mailbox.open(era)
        self._send(lambda conductor: conductor.rewind(era), LEAVE)

    def restore(self) -> None:
        """After a failure: back to the last good moment, paused."""
        self._send(Conductor.restore)

    def set_speed(self, updates_per_second: float | None) -> None:
        """At most so many updates a second; None: as fast as possible. Raises ValueError for 0 and below."""
        if updates_per_second is not None and not updates_per_second > 0.0:
            raise ValueError(f"A speed is more than 0 updates a second, not {updates_per_second}.")
        self._send(lambda conductor: conductor.set_speed(updates_per_second))

    def show_sequence(self, sequence: EventSequence | None) -> None:
        """Trace this sequence in every snapshot from now on; None: the probe."""
        self._send(lambda conductor: conductor.show_sequence(sequence), ASK)

    def stand_aside(self, still: bool = False) -> None:
        """Nothing to do where everything happens in one thread."""

    def go_on(self) -> None:
        """Nothing to do where everything happens in one thread."""

    def preparation(self) -> Preparation | None:
        """Nothing is prepared beside it."""
        return None

    def request(self, request: Question) -> int:
        """Ask for traces or right answers; returns the id that the answer will carry."""
        self._request_id += 1
        request_id, run_id = self._request_id, self._run_id
        if run_id == 0 or self._stopped:
            sentence = "There is no network yet to ask." if run_id == 0 else "Training has ended."
            self._answers.put(RequestFailure(request_id, run_id, sentence))
        else:
            self._send(lambda conductor: conductor.ask(run_id, request_id, request), ASK)
        return request_id

    def cancel(self, request_id: int) -> None:
        """Give up a request: from now on no answer to it comes."""
        self._answers.cancel(request_id)
        self._send(lambda conductor: conductor.cancel(request_id))

    def answers(self) -> list[Answer]:
        """All answers that arrived since the last call, in order."""
        return self._answers.take()


def _loading(run_id: int) -> TrainingSnapshot:
    return TrainingSnapshot(run_id, 0, RunState.LOADING, {}, {}, np.zeros(0, np.int64), 0.0, 0)
