"""Trains on a thread of its own, beside the window."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from playground.contract.preparation import Preparation
from playground.engine.kernels.rests import TAKEN, WANTED, no_rest, pieces_of
from playground.own_core import keep_to_one_core
from playground.runner.commanded import Command, CommandedRunner
from playground.runner.conductor import CALM, LEAVE, Conductor, MakeRun
from playground.runner.factory import make_run as make_real_run
from playground.runner.rhythm import FrameRhythm
from playground.trace.snapshot import TrainingSnapshot

ANSWER_SECONDS = 0.008
"""Work on requests between two updates: short, so that training does not wait for it."""

ASIDE_SECONDS = 0.03
"""How long training stands aside for the window at most. Python runs one thread at a time: a window that is painted
while networks train would wait for the interpreter at every widget, and takes two or three times as long."""

PROMPT_SECONDS = 0.03
"""Work on requests that somebody waits for, before training goes on: a few traces, mostly done in a tenth of it."""


class ThreadRunner(CommandedRunner):
    """`contract.runner.Runner` on a thread. Everything torch is imported, made and called there, and nowhere else.

    The thread is not a daemon (one of those inside torch at exit aborts the process): who loads must `stop`. It
    sleeps on one condition whenever there is nothing to do, so every command wakes it at once. An update in flight is
    asked between timesteps whether it is still wanted, so a pause never waits for a whole update.
    """

    def __init__(
        self, make_run: MakeRun = make_real_run, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`make_run` makes each run on the thread; the first call may take as long as the import of torch."""
        super().__init__()
        self._clock = clock
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._sent = 0
        self._obeyed = 0
        self._urgency_cell = np.zeros(1, np.int64)
        self._thread: threading.Thread | None = None
        self._may_work = threading.Event()
        self._may_work.set()
        self._rest = no_rest()
        self._rhythm = FrameRhythm(clock)
        self._conductor = Conductor(
            make_run,
            self._mailbox,
            self._answers,
            self._urgency_now,
            clock,
            self._urgency_cell,
            self._may_work.is_set,
            self._rest,
            self._rhythm.free_from,
        )

    @property
    def _urgency(self) -> int:
        """How urgent the commands are that wait; kept where kernels can look it up."""
        return int(self._urgency_cell[0])

    @_urgency.setter
    def _urgency(self, urgency: int) -> None:
        self._urgency_cell[0] = urgency

    # -- the side that is spoken to
    def _send(self, command: Command, urgency: int = CALM) -> None:
        with self._changed:
            if self._stopped:
                return
            self._commands.append(command)
            self._sent += 1
            self._urgency = max(self._urgency, urgency)
            self._let_work()
            if self._thread is None and self._run_id > 0:
                self._thread = threading.Thread(target=self._train, name="training", daemon=False)
                self._thread.start()
            self._changed.notify_all()

    def stand_aside(self, still: bool = False) -> None:
        """The window has work to do: from the next timestep on training waits, until `go_on`, a command, or 30 ms.

        `still`: so do compiled kernels, which otherwise go on until they need Python.
        """
        self._may_work.clear()
        if not still:
            self._rhythm.begins()
        elif self._rest[WANTED] == 0:  # who never comes to rest does not stop training for good
            self._rest[TAKEN] = 0
            self._rest[WANTED] = pieces_of(ASIDE_SECONDS)

    def go_on(self) -> None:
        """The window rests: training goes on."""
        self._rhythm.ends()
        self._let_work()

    def _let_work(self) -> None:
        self._rest[WANTED] = 0
        self._may_work.set()

    def poll(self) -> TrainingSnapshot | None:
        """The newest snapshot if there is one that was not taken yet."""
        snapshot = self._mailbox.take()
        if snapshot is not None:
            with self._changed:  # the place is free: perhaps there is something newer to put there
                self._changed.notify_all()
        return snapshot

    def preparation(self) -> Preparation | None:
        """The kernels, while they are compiled beside this program for the next run."""
        readiness: Any = sys.modules.get(
            "playground.engine.kernels.readiness"
        )  # came with the engine, on its thread
        found = readiness.compiled_here() if hasattr(readiness, "compiled_here") else None
        if found is None:
            return None
        sentence = "The fast path is ready: the next run takes it." if found.ready else found.sentence
        return Preparation(sentence, found.fraction, found.compiling)

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until every command sent so far was obeyed; False after `timeout` seconds. For tests, measurements."""
        with self._changed:
            sent = self._sent
            return self._changed.wait_for(lambda: self._obeyed >= sent or not self._is_alive(), timeout)

    def wait_for_news(self, timeout: float = 5.0) -> bool:
        """Wait until there is a snapshot or an answer to take; False after `timeout` seconds. For callers without a
        timer: tests, measurements, the command line."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._mailbox.empty and self._answers.empty), timeout)

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good and wait for the thread; True when it ended in time. May be called twice."""
        with self._changed:
            self._stopped = True
            self._urgency = LEAVE
            self._let_work()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)
        return not self._is_alive()

    def _is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    # -- the thread
    def _train(self) -> None:
        keep_to_one_core()
        conductor = self._conductor
        while self._take_turn(conductor):
            pass
        conductor.stop()
        conductor.report()
        self._tell_waiters()

    def _take_turn(self, conductor: Conductor) -> bool:
        """Wait, obey, work, report, once; False when the runner was stopped."""
        with self._changed:
            while not (self._commands or self._stopped or conductor.can_report()):
                seconds = conductor.seconds_until_work()
                if seconds == 0.0:
                    break
                self._changed.wait(seconds)
            if self._stopped:
                return False
            commands, sent = list(self._commands), self._sent
            self._commands.clear()
            self._urgency = CALM
        try:
            for command in commands:
                command(conductor)
            if commands:
                with self._changed:
                    self._obeyed = sent
                    self._changed.notify_all()
                conductor.report()
            if not conductor.owes_updates:  # a question asked after "one update" is about what comes after it
                self._answer(conductor)
            conductor.train_if_due()
            conductor.report()
        except Exception as error:  # a fault in the runner itself: say so rather than die in silence
            conductor.fail(error)
        self._tell_waiters()
        return True

    def _urgency_now(self) -> int:
        """Asked at every timestep of an update in flight: the place to stand aside."""
        if not self._may_work.is_set() and not self._may_work.wait(ASIDE_SECONDS):
            self._may_work.set()  # the window takes its time: training does not wait for it any longer
        return self._urgency

    def _answer(self, conductor: Conductor) -> None:
        began = self._clock()
        while self._urgency == CALM and conductor.answer_a_piece():
            enough = PROMPT_SECONDS if conductor.has_prompt_job else ANSWER_SECONDS
            if self._clock() - began >= enough:
                break
        self._tell_waiters()

    def _tell_waiters(self) -> None:
        if not (self._mailbox.empty and self._answers.empty):
            with self._changed:
                self._changed.notify_all()
