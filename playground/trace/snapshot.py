"""What the training thread tells the window: frozen records, one for each kind of news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from playground.tasks.task import EventSequence
    from playground.trace.generated import Forecast, Generated
    from playground.trace.sequence_trace import SequenceTrace


class RunState(Enum):
    """What the run is doing. `LOADING`: the engine is being imported or the networks are being made."""

    LOADING = "loading"
    PAUSED = "paused"
    TRAINING = "training"
    REPLAYING = "replaying"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class RunFailure:
    """What went wrong, as a sentence, what to try, and where: the networks stand at `update`, which was sound."""

    run_id: int
    update: int
    sentence: str
    advice: str
    network: str = ""


@dataclass(frozen=True, eq=False)
class Progress:
    """The course of training of one network since the last snapshot: one entry an update, none left out.

    updates (n,) int64, loss (n,) on all timesteps as trained, asked_loss (n,) in nats on the asked timesteps only,
    right (n,) the rate of right answers on them, level (n,) the curriculum level the batch was drawn at.
    """

    updates: NDArray[np.int64]
    loss: NDArray[np.float32]
    asked_loss: NDArray[np.float32]
    right: NDArray[np.float32]
    level: NDArray[np.int32]

    @staticmethod
    def empty() -> Progress:
        """No update at all."""
        nothing = np.zeros(0, np.float32)
        return Progress(np.zeros(0, np.int64), nothing, nothing, nothing, np.zeros(0, np.int32))


@dataclass(frozen=True, eq=False)
class TrainingSnapshot:
    """The newest moment of a run: all networks at the same `update`.

    `traces`: `sequence` as every network sees it, by network key; of a long one not every snapshot has them.
    `progress`: by network key, what the curves gained since the previous snapshot that was taken. `kept_updates`: the
    updates whose weights are kept, ascending.
    `updates_per_second` is what is reached now, 0 when paused. `path`: which way of computing trains ("reference",
    "fast", or "mixed", where `on_reference` are the networks that take the reference path and the others the fast one).
    """

    run_id: int
    update: int
    state: RunState
    traces: Mapping[str, SequenceTrace]
    progress: Mapping[str, Progress]
    kept_updates: NDArray[np.int64]
    updates_per_second: float
    sequences_seen: int
    path: str = "reference"
    failure: RunFailure | None = None
    taken_at: float = 0.0
    """time.monotonic() when the snapshot was made, to measure its age."""
    on_reference: tuple[str, ...] = ()
    sequence: EventSequence | None = None
    """What was traced: the very sequence that `Runner.show_sequence` was given; None: the probe."""

    @staticmethod
    def empty() -> TrainingSnapshot:
        """Before anything is known."""
        return TrainingSnapshot(0, 0, RunState.LOADING, {}, {}, np.zeros(0, np.int64), 0.0, 0)


@dataclass(frozen=True, eq=False)
class MemoryMeasures:
    """How one network remembers, on one sequence (all arrays length T, float64).

    asked_now: P(first rival) / (P(first) + P(second)) if the question came right after timestep t.
    survives: norm of the Jacobian of the state at t with respect to the state at `since`, divided by the square
    root of the state's size; NaN before `since`. forget_product: mean over units of the product of forget factors
    from since+1 to t, NaN before `since`; None for cells without a forget gate. gradient: norm of the gradient of
    logit(first rival) - logit(second) at the last timestep with respect to the whole state at t, relative to its norm
    at the last timestep (NaN everywhere when that is zero). influence: see `engine.influence`; NaN where nothing could
    be put in an event's place. loss_gradient: see `LossGradient`. Both None where nobody asked for them.
    """

    network: str
    update: int
    since: int
    asked_now: NDArray[np.float64]
    survives: NDArray[np.float64]
    forget_product: NDArray[np.float64] | None
    gradient: NDArray[np.float64]
    influence: NDArray[np.float64] | None = None
    loss_gradient: LossGradient | None = None


@dataclass(frozen=True, eq=False)
class LossGradient:
    """The gradient of the loss on one sequence's asked answers, as learning meets it on its way back through time.

    states: by name ("hidden_state", "cell_state"), (T,) the norm of d loss / d state_t, through everything that state_t
    goes into, the answer and the other state at t, too; of all layers together. weights: the norm over all weights of
    the network together: what is compared with `clip_norm`, and shortened to it where it is longer.
    """

    loss: float
    states: Mapping[str, NDArray[np.float64]]
    weights: float
    clip_norm: float

    @property
    def shortened(self) -> bool:
        """Whether an update would shorten this gradient."""
        return self.weights > self.clip_norm


@dataclass(frozen=True, eq=False)
class UnitMeasures:
    """What the units of one layer of a network know and how fast they change, over many held-out sequences.

    quantities: the names of states and gates; facts: those of the task. correlations (Q, F, H): see
    `trace.memory.correlations`. change_times: by state (H,): see `trace.memory.autocorrelation_time`; `longest`: over
    how many timesteps they were looked for. `layer` (0-based, from below) of `depth`.
    """

    network: str
    quantities: tuple[str, ...]
    facts: tuple[str, ...]
    correlations: NDArray[np.float64]
    change_times: Mapping[str, NDArray[np.float64]]
    sequences: int
    longest: int
    layer: int = 0
    depth: int = 1


@dataclass(frozen=True, eq=False)
class UnitsAnswer:
    """The answer to a `UnitsRequest`: measures by network key, all at `update`."""

    request_id: int
    run_id: int
    update: int
    measures: Mapping[str, UnitMeasures]


@dataclass(frozen=True, eq=False)
class TraceAnswer:
    """The answer to a `TraceRequest`: traces by network key, measures where asked for, all at `update`."""

    request_id: int
    run_id: int
    update: int
    traces: Mapping[str, SequenceTrace]
    measures: Mapping[str, MemoryMeasures] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class HorizonAnswer:
    """The answer to a `HorizonRequest`: how often every network was right, all at `update`.

    distances (D,) ascending; asked (D,) how many questions were asked at each; right: by network key (D,), how many
    of them were answered rightly.
    """

    request_id: int
    run_id: int
    update: int
    distances: tuple[int, ...]
    asked: tuple[int, ...]
    right: Mapping[str, tuple[int, ...]]

    def rates(self, network: str) -> tuple[float, ...]:
        """(D,) the rates of right answers of this network, 0..1."""
        return tuple(hit / count for hit, count in zip(self.right[network], self.asked, strict=True))


@dataclass(frozen=True, eq=False)
class ChangedRateAnswer:
    """The answer to a `ChangedRateRequest`, all at `update`: of `asked` questions in `sequences` held-out sequences,
    how many each network answered rightly as it is (`right`) and with the interventions (`changed`), by its key."""

    request_id: int
    run_id: int
    update: int
    sequences: int
    asked: int
    right: Mapping[str, int]
    changed: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class WritingAnswer:
    """The answer to a `WritingRequest`: what each network wrote, by its key, all at `update`."""

    request_id: int
    run_id: int
    update: int
    texts: Mapping[str, Generated]


@dataclass(frozen=True, eq=False)
class ForecastAnswer:
    """The answer to a `ForecastRequest`: what each network forecasts, by its key, all at `update`."""

    request_id: int
    run_id: int
    update: int
    forecasts: Mapping[str, Forecast]


@dataclass(frozen=True)
class HeldOutAnswer:
    """The answer to a `HeldOutRequest`: the loss on the held-out part by network key, all at `update`."""

    request_id: int
    run_id: int
    update: int
    losses: Mapping[str, float]


@dataclass(frozen=True)
class ReplayProgress:
    """How far a replay towards an update that was not kept has come (updates, not percent)."""

    request_id: int
    run_id: int
    at_update: int
    target_update: int


@dataclass(frozen=True)
class RequestFailure:
    """Why a request could not be answered, as a sentence. The run goes on."""

    request_id: int
    run_id: int
    sentence: str


Answer = (
    TraceAnswer
    | HorizonAnswer
    | UnitsAnswer
    | WritingAnswer
    | ForecastAnswer
    | HeldOutAnswer
    | ChangedRateAnswer
    | ReplayProgress
    | RequestFailure
)
