"""The seed fan, as the window knows it: one experiment from many seeds, trained in the background, results as they
come. It knows nothing of the run that is shown, and the run nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from playground.contract.cell_description import Words

if TYPE_CHECKING:
    from playground.experiment import Experiment

EACH, RANGE = "each", "range"
"""Every distance has networks of its own, trained at that distance alone; or each network is trained once, as the
experiment says, and asked at all of them."""

TRAINED_AT: dict[str, tuple[Words, Words]] = {
    EACH: (
        Words("trained at each length", "trained at each length"),
        Words(
            "Every point is a network of its own, trained with exactly so many {fillers} in between and asked with as "
            "many: it shows what can be learned over that distance at all.",
            "Each point is a separate network, trained and tested at that distance only: what can be learned there.",
        ),
    ),
    RANGE: (
        Words("trained as this run", "trained as this run"),
        Words(
            "Each line is one network, trained as the experiment says (up to {longest} {fillers} in between) and asked "
            "at every length, longer ones than it ever saw too: it shows how far what was learned carries.",
            "Each line is one network, trained on the experiment's distances (up to {longest}) and tested at all: "
            "generalisation over length.",
        ),
    ),
}
"""By key: the title of the choice, and the sentence that explains it."""


@dataclass(frozen=True)
class FanRequest:
    """Train these networks of `experiment` from each of these seeds, and ask each of them at `distances` (ascending).

    `trained_at`: EACH or RANGE. A training ends after `updates`, or as soon as `criterion` of the answers of
    `LOOK_BACK` updates in a row were right. `questions`: held-out sequences at each distance, the same for all.
    """

    experiment: Experiment
    networks: tuple[str, ...]
    seeds: tuple[int, ...]
    distances: tuple[int, ...]
    trained_at: str = EACH
    updates: int = 500
    criterion: float = 0.97
    questions: int = 256

    @property
    def trainings(self) -> int:
        """How many networks will be trained."""
        each = len(self.distances) if self.trained_at == EACH else 1
        return len(self.networks) * len(self.seeds) * each


LOOK_BACK = 30
"""Updates whose right answers decide whether a training may end early."""


@dataclass(frozen=True)
class FanTraining:
    """What became of one network. `trained_distance` None: trained as the experiment says.

    distances (D,), asked (D,), right (D,): how many of the questions at each distance it answered rightly after
    `update` updates. `reached`: whether it ended early because it was right. `fingerprint`: see
    `trace.horizon.fingerprint`, so that the same network can be known again. `failure`: why it could not be trained,
    as a sentence; then nothing was asked.
    """

    network: str
    seed: int
    trained_distance: int | None
    update: int
    reached: bool
    distances: tuple[int, ...]
    right: tuple[int, ...]
    asked: tuple[int, ...]
    fingerprint: int = 0
    failure: str = ""


@dataclass(frozen=True)
class FanProgress:
    """How far the fan has come. `seconds`: since it was started, or how long it took."""

    fan_id: int = 0
    done: int = 0
    total: int = 0
    running: bool = False
    seconds: float = 0.0


class SeedFan(Protocol):
    """Trains in the background. All methods return at once (but `stop`) and are called from the window's thread."""

    def start(self, request: FanRequest) -> int:
        """Begin, and give up whatever was under way; returns the id of this fan."""
        ...

    def cancel(self) -> None:
        """Train no more; what is known already stays known."""
        ...

    def results(self) -> list[FanTraining]:
        """What became known of the newest fan since the last call."""
        ...

    @property
    def progress(self) -> FanProgress:
        """How far the newest fan has come."""
        ...

    def stand_aside(self, still: bool = False) -> None:
        """The window has work to do now: training waits between two blocks until `go_on`, or some 30 ms."""
        ...

    def go_on(self) -> None:
        """The window rests."""
        ...

    def stop(self, timeout: float = 5.0) -> bool:
        """End for good and wait for its threads; True when they ended in time. May be called twice."""
        ...
