"""The runner, as the window knows it: commands in, snapshots and answers out. No signal crosses a thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from playground.contract.generation import GenerationSettings
    from playground.contract.intervention import Intervention
    from playground.contract.preparation import Preparation
    from playground.experiment import Experiment
    from playground.tasks.task import EventSequence
    from playground.trace.sequence_trace import SequenceTrace
    from playground.trace.snapshot import (
        Answer,
        ChangedRateAnswer,
        ForecastAnswer,
        HeldOutAnswer,
        HorizonAnswer,
        TraceAnswer,
        TrainingSnapshot,
        UnitsAnswer,
        WritingAnswer,
    )

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


class AskedFor(Generic[AnswerT_co]):
    """What every question to the runner is: it is asked for one kind of answer, which its callback gets."""


@dataclass(frozen=True, eq=False)
class TraceRequest(AskedFor["TraceAnswer"]):
    """Ask for traces.

    `sequence` None: the probe. `update` None: now; otherwise the nearest kept update at or before it, or with `exact`
    that very update, replayed from a checkpoint if its weights are not kept. `networks` None: all. `measure_since`:
    also compute MemoryMeasures, survival counted from that timestep (0-based). `weights_from`: take the weights from
    these traces of this run (those of a moment that is shown), whatever has been trained since; `update` is theirs
    then. Edits of events among `interventions` are made on `sequence`.
    """

    sequence: EventSequence | None = None
    update: int | None = None
    exact: bool = False
    networks: tuple[str, ...] | None = None
    interventions: tuple[Intervention, ...] = ()
    measure_since: int | None = None
    weights_from: Mapping[str, SequenceTrace] | None = None


@dataclass(frozen=True)
class HorizonRequest(AskedFor["HorizonAnswer"]):
    """Ask how long memories last: right answers on held-out sequences at each of these distances, for every network.

    `sequences_per_distance` fresh sequences are asked at each distance (numbers of filler events before the
    question, ascending). `update` None: as the networks are now; otherwise as in `TraceRequest`, nearest kept or,
    with `exact`, that very update. Answered by a `HorizonAnswer`, a slice at a time between updates, all slices with
    the weights of one update.
    """

    distances: tuple[int, ...]
    sequences_per_distance: int
    update: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class UnitsRequest(AskedFor["UnitsAnswer"]):
    """Ask what the units of every network know, and how fast they change, over `sequences` held-out sequences.

    `layer` (0-based, from below): whose units; None, and where a network has not so many: those of its top one.
    `update` None: as the networks are now; otherwise as in `HorizonRequest`. Answered by a `UnitsAnswer`.
    """

    sequences: int = 500
    update: int | None = None
    exact: bool = False
    layer: int | None = None


@dataclass(frozen=True)
class WritingRequest(AskedFor["WritingAnswer"]):
    """Ask the networks of a character task to write: one text each, by the same settings and random numbers.

    `networks` None: all. `update` None: as they are now; otherwise as in `HorizonRequest`. Answered by a
    `WritingAnswer`, a few characters at a time between updates, all with the weights of one update.
    """

    settings: GenerationSettings
    networks: tuple[str, ...] | None = None
    update: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class ForecastRequest(AskedFor["ForecastAnswer"]):
    """Ask the networks of a series task for forecasts: of the held-out part one timestep ahead, and a free-running one.

    The free-running one begins at position `start` (0-based; None: where the held-out part begins) and goes on for
    `horizon` timesteps, 0 for none, beyond the end of the series if need be. The rest as in `WritingRequest`. Answered
    by a `ForecastAnswer`.
    """

    start: int | None = None
    horizon: int = 0
    networks: tuple[str, ...] | None = None
    update: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class HeldOutRequest(AskedFor["HeldOutAnswer"]):
    """Ask for the loss of a text or series task on its held-out part: nats per character, or squared error (scaled).

    The rest as in `WritingRequest`. Answered by a `HeldOutAnswer`.
    """

    networks: tuple[str, ...] | None = None
    update: int | None = None
    exact: bool = False


@dataclass(frozen=True, eq=False)
class ChangedRateRequest(AskedFor["ChangedRateAnswer"]):
    """Ask how often networks are right on held-out sequences, as they are and with these interventions.

    The same `sequences` are read both times, with `distance` filler events each (None: as in training), by the
    equations that trace. Interventions hold at the same timesteps of every sequence, counted from its beginning; edits
    of events are about one sequence and are passed over. `weights_from`: as in `TraceRequest`; None: as they are now.
    Answered by a `ChangedRateAnswer`, a batch at a time between updates.
    """

    interventions: tuple[Intervention, ...]
    sequences: int = 500
    distance: int | None = None
    networks: tuple[str, ...] | None = None
    weights_from: Mapping[str, SequenceTrace] | None = None


Question = (
    TraceRequest
    | HorizonRequest
    | UnitsRequest
    | WritingRequest
    | ForecastRequest
    | HeldOutRequest
    | ChangedRateRequest
)
"""Anything that a runner can be asked."""


class Runner(Protocol):
    """Trains all networks of an experiment together. All methods return at once and are called from one thread
    (the window's); what they ask for happens beside it (ThreadRunner) or inside `poll` (SyncRunner).

    Words: `pause` changes nothing, lands within 15 ms, all networks at the same update. `one_update` does exactly one
    update of every network on the same batch. `rewind` goes back to update 0 of this run, bit for bit. `load` is the
    only way to another experiment: it starts a new run with a new id.
    """

    @property
    def run_id(self) -> int:
        """The id of the run that was loaded last; counts up."""
        ...

    def load(self, experiment: Experiment) -> int:
        """Begin a new run of this experiment, paused at update 0; returns its id."""
        ...

    def start(self) -> None:
        """Train until paused. Nothing happens in a failed run."""
        ...

    def pause(self) -> None:
        """Stop after the update in flight."""
        ...

    def one_update(self) -> None:
        """Exactly one update of every network, then pause."""
        ...

    def rewind(self) -> None:
        """Back to update 0 of this run, paused. Clears a failure."""
        ...

    def restore(self) -> None:
        """After a failure: back to the last good moment, paused."""
        ...

    def set_speed(self, updates_per_second: float | None) -> None:
        """At most so many updates a second; None: as fast as possible."""
        ...

    def show_sequence(self, sequence: EventSequence | None) -> None:
        """Trace this sequence in every snapshot from now on; None: the probe. A load and a rewind fall back to it."""
        ...

    def stand_aside(self, still: bool = False) -> None:
        """The window has work to do now: what Python does for training waits until `go_on`, a command, or 30 ms.

        `still`: somebody waits for that work (a key, a click, an answer). Then compiled kernels stand still, too, after
        a few timesteps; beside the 30 frames a second that nobody asked for they go on.
        """
        ...

    def go_on(self) -> None:
        """The window rests: training goes on."""
        ...

    def poll(self) -> TrainingSnapshot | None:
        """The newest snapshot if there is one that was not taken yet. The latest wins; curves lose no update."""
        ...

    def request(self, request: Question) -> int:
        """Ask for traces or right answers; returns the id that the answer will carry. A newer request does not cancel
        an older one."""
        ...

    def cancel(self, request_id: int) -> None:
        """Give up a request (a replay, mostly); no answer will come if it was not answered yet."""
        ...

    def answers(self) -> list[Answer]:
        """All answers that arrived since the last call, in order."""
        ...

    def preparation(self) -> Preparation | None:
        """What is being prepared for faster runs beside this one, or has been; None where nothing is. Quick enough to
        be asked a few times a second."""
        ...

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good and wait for the thread; True when it ended in time. May be called twice."""
        ...
