"""What a run does next: the rules of load, start, pause, one update, rewind, restore, speed and requests, once.

It has no thread and no lock. Whoever owns it (ThreadRunner's thread, SyncRunner's `poll`) gives it commands, lets it
`work` in small turns, and lets it `report`; all on one thread. What it says goes into a Mailbox and an AnswerBox.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playground.contract.runner import Question, TraceRequest
from playground.engine.kernels.rests import Rest
from playground.engine.records import Interruption
from playground.experiment import Experiment
from playground.runner.failures import request_failure, run_failure
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.runner.pacer import Pacer
from playground.runner.questions import Questions
from playground.runner.training_run import TrainingRun
from playground.trace.snapshot import (
    Answer,
    ReplayProgress,
    RequestFailure,
    RunFailure,
    RunState,
    TrainingSnapshot,
)

if TYPE_CHECKING:
    from playground.tasks.task import EventSequence

MakeRun = Callable[[Experiment, int], TrainingRun]
"""Makes the run with this id; called on the thread that trains."""

CALM, ASK, PAUSE, LEAVE = range(4)
"""How urgent the commands that wait are: not; somebody waits for an answer; stop training; leave this run or its
present behind."""

BLOCK_SECONDS = 0.016
"""About how long the updates take that are done in one go: half a frame of the window, which has the interpreter to
itself meanwhile. A pause does not wait for their end."""

PROMPT_BLOCK_SECONDS = 0.008
"""The same while somebody asks questions, which do wait for it."""

PROMPT_FOR_SECONDS = 2.0
"""So long after a question another one is to be expected."""

BETWEEN_BLOCKS_SECONDS = 0.004
"""About how long Python has to do between the updates of one block and those of the next."""

MOST_BLOCK_UPDATES = 64

TRACES_REST = 5.0
"""Where another sequence than the probe is traced while networks learn, so many times as long as that took passes
before it is traced again: a text of 500 characters takes as long as ten updates."""

Urgency = Callable[[], int]


@dataclass(eq=False)
class _Job:
    """A request that is being worked on."""

    run_id: int
    request_id: int
    pieces: Iterator[Answer | None]
    prompt: bool
    """Whether somebody waits for it with a finger on a slider: it is short, and comes before the next network."""
    replays: bool = False


class Conductor:
    """The state of whatever runs, and the rules by which it changes."""

    def __init__(
        self,
        make_run: MakeRun,
        mailbox: Mailbox,
        answers: AnswerBox,
        urgency: Urgency,
        clock: Callable[[], float],
        urgency_cell: NDArray[np.int64] | None = None,
        may_work: Callable[[], bool] | None = None,
        rest: Rest | None = None,
        free_from: Callable[[float, float], float] | None = None,
    ) -> None:
        """`urgency` is asked while an update is computed; `clock` gives seconds. `urgency_cell` (1,): where the urgency
        can be looked up without asking. `may_work`: whether nobody else needs Python now. `rest` (3,): where kernels
        look how long to stand still. `free_from`: see `FrameRhythm`."""
        self._make_run = make_run
        self._mailbox = mailbox
        self._answers = answers
        self._urgency = urgency
        self._urgency_cell = np.zeros(1, np.int64) if urgency_cell is None else urgency_cell
        self._may_work = may_work
        self._rest = rest
        self._free_from = free_from
        self._clock = clock
        self._run: TrainingRun | None = None
        self._questions: Questions | None = None
        self._run_id = 0
        self._era = 0
        self._state = RunState.LOADING
        self._failure: RunFailure | None = None
        self._owed = 0  # single updates that were asked for and are not done
        self._pacer = Pacer()
        self._block_updates = 1
        self._update_seconds = 0.0  # of the last block
        self._asked_at = -PROMPT_FOR_SECONDS
        self._jobs: deque[_Job] = deque()
        self._reported: tuple[object, ...] | None = None
        self._traced_sequence: EventSequence | None = None
        self._traces_rest_until = 0.0

    # -- commands, in the order in which they were given
    def load(self, run_id: int, era: int, experiment: Experiment, superseded: Callable[[], bool]) -> None:
        """Leave the run there was and make a new one, paused at update 0; unless a newer load waits already."""
        self._run, self._questions, self._run_id, self._era = None, None, run_id, era
        self._state, self._failure, self._owed = RunState.LOADING, None, 0
        self._block_updates, self._update_seconds = 1, 0.0
        self._jobs.clear()
        if superseded():
            return
        try:
            self._run = self._make_run(experiment, run_id)
        except Exception as error:
            self.fail(error)
        else:
            self._questions = Questions(self._run, lambda: self._urgency() >= PAUSE)
            self._state = RunState.PAUSED

    def start(self) -> None:
        """Train, unless the run failed."""
        if self._state is RunState.PAUSED:
            self._state, self._owed = RunState.TRAINING, 0
            self._pacer.begin(self._clock())

    def pause(self) -> None:
        """Train no more. Single updates that were asked for before still happen."""
        if self._state is RunState.TRAINING:
            self._state = RunState.PAUSED

    def one_update(self) -> None:
        """Owe one more update, unless the run failed."""
        self.pause()
        if self._state is RunState.PAUSED:
            self._owed += 1

    def rewind(self, era: int) -> None:
        """Back to update 0 of this run, paused, without failure."""
        self._era = era
        if self._run is not None:
            self._go_back(self._run.rewind)

    def restore(self) -> None:
        """After a failure: back to the last good moment, paused."""
        if self._run is not None and self._state is RunState.FAILED:
            self._go_back(self._run.restore)
            self._mailbox.cut(self._era, self._run.update)

    def set_speed(self, updates_per_second: float | None) -> None:
        """At most so many updates a second; None: no limit."""
        self._pacer.set_speed(updates_per_second, self._clock())

    def show_sequence(self, sequence: EventSequence | None) -> None:
        """Trace this sequence from now on; None: the probe."""
        if self._run is not None:
            self._run.show(sequence)

    def ask(self, run_id: int, request_id: int, question: Question) -> None:
        """Take a request on. One about an older run is dropped."""
        if run_id != self._run_id:
            return
        self._asked_at = self._clock()
        if self._questions is None:
            sentence = (
                self._failure.sentence if self._failure is not None else "There is no network yet to ask."
            )
            self._answers.put(RequestFailure(request_id, run_id, sentence))
            return
        prompt = isinstance(question, TraceRequest)
        self._jobs.append(_Job(run_id, request_id, self._questions.answer(request_id, question), prompt))

    def cancel(self, request_id: int) -> None:
        """Work no more on a request."""
        self._jobs = deque(job for job in self._jobs if job.request_id != request_id)

    def stop(self) -> None:
        """Nothing happens from now on."""
        self._state = RunState.STOPPED
        self._jobs.clear()
        self._owed = 0

    def fail(self, error: Exception) -> None:
        """The run stops with a sentence. Questions about it are still answered."""
        self._failure = run_failure(error, self._run_id, self._run.update if self._run is not None else 0)
        self._state, self._owed = RunState.FAILED, 0

    def _go_back(self, how: Callable[[], None]) -> None:
        self._state, self._failure, self._owed = RunState.PAUSED, None, 0
        try:
            how()
        except Exception as error:
            self.fail(error)

    # -- work, in turns
    def seconds_until_work(self) -> float | None:
        """How long there is nothing to do; 0 when there is, None when only a command can change that."""
        if self._jobs or self._owed:
            return 0.0
        if self._state is RunState.TRAINING:
            return self._pacer.seconds_until_due(self._clock())
        return None

    def train_if_due(self, most: int | None = None) -> int:
        """Some updates, if one is due; returns how many were done. A pause, or anything more urgent, abandons them.

        One where single updates are owed or the speed is limited; else up to `most`, or without it as many as take
        about `BLOCK_SECONDS`: the results do not depend on it.
        """
        if not self._run or not self._is_due():
            return 0
        # A single update is to be done whatever comes after it, except where its run is left.
        enough = LEAVE if self._owed else PAUSE
        if self._owed or self._pacer.limited:
            most = 1
        begun = self._clock()
        try:
            results = self._run.some_updates(
                self._updates_of_a_block(begun) if most is None else most,
                Interruption(self._urgency_cell, enough, self._urgency, self._may_work, self._rest),
                lambda: self._urgency() >= ASK and not self._owed,
            )
        except Exception as error:
            self.fail(error)
            return 0
        now = self._clock()
        if len(results) > 0 and now > begun:
            asked = now - self._asked_at < PROMPT_FOR_SECONDS
            wanted = PROMPT_BLOCK_SECONDS if asked else BLOCK_SECONDS
            fits = int(wanted * len(results) / (now - begun))
            self._block_updates = max(1, min(fits, 2 * self._block_updates, MOST_BLOCK_UPDATES))
            self._update_seconds = (now - begun) / len(results)
        self._mailbox.add(self._era, results)
        for _ in results:
            self._pacer.note_update(now)
        if results:
            self._owed = max(0, self._owed - 1)
        return len(results)

    def _updates_of_a_block(self, now: float) -> int:
        """How many updates are done in one go: some more where they would end while the window paints a frame."""
        each = self._update_seconds
        if self._free_from is None or each == 0.0 or now - self._asked_at < PROMPT_FOR_SECONDS:
            return self._block_updates
        ends = now + each * self._block_updates
        longer = self._free_from(ends, BETWEEN_BLOCKS_SECONDS) - ends
        return min(self._block_updates + math.ceil(longer / each), MOST_BLOCK_UPDATES)

    def _is_due(self) -> bool:
        if self._owed:
            return True
        return self._state is RunState.TRAINING and self._pacer.seconds_until_due(self._clock()) == 0.0

    @property
    def owes_updates(self) -> bool:
        """Whether single updates were asked for that are not done."""
        return self._owed > 0

    @property
    def has_prompt_job(self) -> bool:
        """Whether there is a request that is short and waited for: traces, but no replay."""
        return any(job.prompt and not job.replays for job in self._jobs)

    def answer_a_piece(self) -> bool:
        """The next piece of work on requests, whether there was one: those that somebody waits for come first, and all
        of a kind in turn."""
        if not self._jobs:
            return False
        job = next((each for each in self._jobs if each.prompt and not each.replays), self._jobs[0])
        self._jobs.remove(job)
        try:
            said = next(job.pieces)
        except StopIteration:
            return True
        except Exception as error:
            self._answers.put(request_failure(error, job.run_id, job.request_id))
            return True
        if said is not None:
            self._answers.put(said)
            job.replays = isinstance(said, ReplayProgress)
        self._jobs.append(job)
        return True

    # -- saying what there is
    def report(self) -> None:
        """Put a snapshot into the mailbox, if there is something new to say.

        A new state is said at once. New updates are said when the last snapshot was taken: so traces are made as often
        as somebody looks, not as often as a network learns.
        """
        if not self._has_news():
            return
        news = self._news()
        snapshot = self._snapshot()
        if self._news() != news:  # the networks could not be shown: the run failed
            news = self._news()
        self._reported = news
        self._mailbox.put(self._era, snapshot)

    def can_report(self) -> bool:
        """Whether `report` would put a snapshot into the mailbox."""
        return self._has_news()

    def _has_news(self) -> bool:
        news = self._news()
        if self._run_id == 0 or self._state is RunState.LOADING or news == self._reported:
            return False
        if self._reported is None or news[:-1] != self._reported[:-1]:
            return True
        return self._mailbox.empty and self._window_rests()

    def _window_rests(self) -> bool:
        """Whether traces, which are Python's work, may be made now: while the window paints, kernels go on instead."""
        return self._state is not RunState.TRAINING or self._may_work is None or self._may_work()

    def _news(self) -> tuple[object, ...]:
        update = self._run.update if self._run is not None else 0
        return self._era, self._shown_state(), self._failure, self._sequence, update

    @property
    def _sequence(self) -> EventSequence | None:
        """What is traced; None: the probe."""
        return self._run.sequence if self._run is not None else None

    def _traces_may_wait(self, now: float) -> bool:
        """Whether a long sequence, which is slow to trace, was traced so shortly before that learning comes first."""
        wanted = self._sequence is not self._traced_sequence or self._state is not RunState.TRAINING
        return not wanted and self._sequence is not None and now < self._traces_rest_until

    def _shown_state(self) -> RunState:
        if self._state is RunState.PAUSED and any(job.replays for job in self._jobs):
            return RunState.REPLAYING
        return self._state

    def _snapshot(self) -> TrainingSnapshot:
        now = self._clock()
        run = self._run
        traces = {}
        if run is not None and self._state is not RunState.STOPPED:
            # Where it can be told to stand aside, it does so here: who took the last snapshot paints it now, and
            # traces that are made after that do not hold the painting up and are newer when they are taken.
            self._urgency()
            try:
                if not self._traces_may_wait(now):
                    traces = dict(run.shown_traces(self._urgency))
                    took, self._traced_sequence = self._clock() - now, run.sequence
                    self._traces_rest_until = now + TRACES_REST * took
            except Exception as error:
                self.fail(error)
        return TrainingSnapshot(
            run_id=self._run_id,
            update=run.update if run is not None else 0,
            state=self._shown_state(),
            traces=traces,
            progress={},
            kept_updates=run.kept_updates if run is not None else np.zeros(0, np.int64),
            updates_per_second=self._pacer.rate(now) if self._state is RunState.TRAINING else 0.0,
            sequences_seen=run.sequences_seen if run is not None else 0,
            path=run.path if run is not None else "",
            failure=self._failure,
            taken_at=now,
            on_reference=run.on_reference if run is not None else (),
            sequence=self._sequence,
        )
