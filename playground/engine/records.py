"""What an update reports and what a checkpoint holds, as plain records. numpy only: made here, read by the runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.kernels.rests import WANTED, Rest, no_rest
from playground.tasks.task import CurriculumState


class Interruption:
    """The question whether an update in flight is no longer wanted, as code that knows no Python can ask it, too.

    `urgency` (1,) int64 is written by whoever wants something, from any thread; it is urgent enough from `enough` on.
    """

    def __init__(
        self,
        urgency: NDArray[np.int64],
        enough: int,
        asked: Callable[[], int] | None = None,
        may_work: Callable[[], bool] | None = None,
        rest: Rest | None = None,
    ) -> None:
        """`asked`: how Python is to ask for the urgency, if not by looking; it may wait while others need Python.
        `may_work` says without waiting whether nobody does; None where nobody ever does. `rest` (3,): where kernels
        look how long to stand still; None: they never do."""
        self.urgency = urgency
        self.enough = enough
        self.may_work = may_work
        self.rest = no_rest() if rest is None else rest
        self._asked = asked

    @property
    def seen(self) -> bool:
        """Whether it is urgent enough, by looking alone: who is about to leave Python to others need not wait."""
        return int(self.urgency[0]) >= self.enough

    def give_way(self) -> None:
        """Wait here as long as somebody waits for the window: for work of Python that a frame need not wait for."""
        if self.rest[WANTED] and self._asked is not None:
            self._asked()

    def __call__(self) -> bool:
        """Whether it is urgent enough."""
        found = int(self.urgency[0]) if self._asked is None else self._asked()
        return found >= self.enough


FlatWeights = NDArray[np.float32]
"""All parameters of one network in order, (P,)."""


def never() -> bool:
    """The question that is always answered with no."""
    return False


def as_interruption(interrupted: Callable[[], bool]) -> Interruption | None:
    """What a kernel can ask; None for a question that only Python can answer."""
    return interrupted if isinstance(interrupted, Interruption) else None


def seen(interrupted: Callable[[], bool]) -> bool:
    """Whether to stop before a kernel is called: without waiting, where that can be looked up."""
    question = as_interruption(interrupted)
    if question is None or question.may_work is None:
        return interrupted()
    return question.seen


def give_way(interrupted: Callable[[], bool]) -> None:
    """See `Interruption.give_way`; nothing to do for any other question."""
    question = as_interruption(interrupted)
    if question is not None:
        question.give_way()


class TrainingDiverged(ArithmeticError):
    """A loss or gradient stopped being a number. Nothing was committed: all networks stand before `update`.

    `sentence` says what happened, `advice` what to try, both for the user.
    """

    def __init__(self, network: str, update: int, sentence: str, advice: str) -> None:
        super().__init__(f"{sentence} {advice}")
        self.network = network
        self.update = update
        self.sentence = sentence
        self.advice = advice


@dataclass(frozen=True)
class NetworkResult:
    """One network's update: its loss as trained, the loss on asked timesteps alone (nats), the rate of right answers
    on them (0..1; NaN where nothing was asked), and the curriculum level of its batch; all before the update."""

    loss: float
    asked_loss: float
    right: float
    level: int


@dataclass(frozen=True)
class UpdateResult:
    """The update that was just done, counted from 1, and every network's part in it."""

    update: int
    networks: Mapping[str, NetworkResult]


@dataclass(frozen=True, eq=False)
class NetworkCheckpoint:
    """Everything that one network's future depends on. Read-only arrays (P,).

    states (S, L, B, H): what its S states were after the last update's batch, of every layer and sequence, for a task
    whose memory goes on there; None: zeros.
    """

    weights: FlatWeights
    moments: tuple[NDArray[np.float32], ...]
    curriculum: CurriculumState
    states: NDArray[np.float32] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        states = 0 if self.states is None else self.states.nbytes
        return self.weights.nbytes + sum(moment.nbytes for moment in self.moments) + states


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A whole moment of a run, from which training goes on bit for bit as it did.

    There are no generators in it: batch u is made from (seed, u, level) alone, so the number of the update and
    the curriculum are all that chance depends on.
    """

    update: int
    networks: Mapping[str, NetworkCheckpoint]

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return sum(network.nbytes for network in self.networks.values())
