"""Trains inside `poll`: no thread and no clock, so the same calls give the same snapshots. For tests, pictures and
the command line."""

from __future__ import annotations

from playground.runner.commanded import Command, CommandedRunner
from playground.runner.conductor import CALM, Conductor, MakeRun
from playground.runner.factory import make_run as make_real_run
from playground.trace.snapshot import TrainingSnapshot

PIECES_PER_POLL = 64
"""Pieces of work on requests in one poll: enough for any trace, so that only replays take several."""


class SyncRunner(CommandedRunner):
    """`contract.runner.Runner` inside `poll`: each call obeys what was asked, trains and answers one block.

    There is no clock in it: the speed is `updates_per_poll` whatever `set_speed` says, and the rate is 0.
    """

    def __init__(self, make_run: MakeRun = make_real_run, *, updates_per_poll: int = 1) -> None:
        """`updates_per_poll`: how many updates one block has while the run trains."""
        super().__init__()
        self.updates_per_poll = updates_per_poll
        self._commands: list[Command] = []
        self._conductor = Conductor(make_run, self._mailbox, self._answers, lambda: CALM, lambda: 0.0)

    def _send(self, command: Command, urgency: int = CALM) -> None:
        if not self._stopped:
            self._commands.append(command)

    def set_speed(self, updates_per_second: float | None) -> None:
        """Accepted and without effect. Raises ValueError for 0 and below."""
        if updates_per_second is not None and not updates_per_second > 0.0:
            raise ValueError(f"A speed is more than 0 updates a second, not {updates_per_second}.")

    def poll(self) -> TrainingSnapshot | None:
        """Do one block, then the newest snapshot if there is one that was not taken yet."""
        if not self._stopped:
            self._do_block()
        return self._mailbox.take()

    def settle(self, timeout: float = 5.0) -> bool:
        """Obey every command sent so far, without training. Always True."""
        self._obey()
        return True

    def wait_for_news(self, timeout: float = 5.0) -> bool:
        """Nothing to wait for: whatever happens, happens in `poll`. Always True."""
        return True

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good. Always True; may be called twice."""
        if not self._stopped:
            self._stopped = True
            self._commands.clear()
            self._conductor.stop()
            self._conductor.report()
        return True

    def _obey(self) -> None:
        commands, self._commands = self._commands, []
        for command in commands:
            command(self._conductor)

    def _do_block(self) -> None:
        self._obey()
        left = self.updates_per_poll
        while left > 0 and (done := self._conductor.train_if_due(left)):
            left -= done
        for _ in range(PIECES_PER_POLL):
            if not self._conductor.answer_a_piece():
                break
        self._conductor.report()
