"""What the page knows of the seed fan: what was asked, what is known, and how one of its networks is opened."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from playground.contract.seed_fan import EACH, RANGE, FanProgress, FanRequest, FanTraining
from playground.experiment import Experiment
from playground.trace.horizon import fingerprint, horizon_distances
from playground.ui.state import UiState
from playground.ui.vocabulary import network_in_a_sentence

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

POLL_MS = 250
"""How often results are looked for: a chart of a few hundred dots is painted each time."""

PREFERRED = ("lstm", "rnn")
NO_ENGINE = "The engine is loading: in a moment the seeds can be trained."
NO_LENGTH = (
    "There is nothing in between in this task, so no length to remember over: choose a task with a gap."
)


@dataclasses.dataclass(frozen=True)
class Found:
    """One fan: what was asked, and what is known so far."""

    request: FanRequest
    trainings: tuple[FanTraining, ...] = ()

    @property
    def failures(self) -> list[str]:
        """Why some could not be trained, each reason once."""
        return list(dict.fromkeys(each.failure for each in self.trainings if each.failure))


class FanDesk(QObject):
    """Starts fans, collects what they find (one for each way of training), and opens networks. GUI thread."""

    def __init__(
        self, state: UiState, monitor: RunMonitor, changed: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._monitor, self._changed = state, monitor, changed
        self.found: dict[str, Found] = {}
        """By way of training: the newest fan."""
        self.progress = FanProgress()
        self.before: tuple[Experiment, int] | None = None
        """The run that was left when a network of the fan was opened: its experiment, and its update."""
        self._way = ""
        self._opening: FanTraining | None = None
        self._opened_in = 0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look)
        monitor.snapshot_changed.connect(self._look_whether_opened)

    # -- what can be asked
    @property
    def impossible(self) -> str:
        """Why nothing can be asked now, as a sentence; empty when it can."""
        if self._monitor.seed_fan is None:
            return NO_ENGINE
        return NO_LENGTH if self._monitor.task.longest_distance <= 0 else ""

    def ways(self) -> tuple[str, ...]:
        """The ways of training that this task allows."""
        longest = self._monitor.task.longest_distance
        return (EACH, RANGE) if self._monitor.task.at_distance(longest) is not None else (RANGE,)

    def networks(self) -> tuple[str, ...]:
        """The networks that can be trained: those of the experiment."""
        return tuple(each.cell for each in self._monitor.experiment.enabled_networks)

    def first_networks(self) -> tuple[str, ...]:
        """The two that are compared unless others are chosen."""
        able = self.networks()
        wanted = [key for key in able if key in PREFERRED] or list(able)
        return tuple(wanted[:2])

    def distances(self, way: str) -> tuple[int, ...]:
        """The distances that are asked; each can be trained, too, where that is wanted."""
        wanted = horizon_distances(self._monitor.task.longest_distance)
        able = self._can_ask if way == RANGE else self._can_train
        return tuple(each for each in wanted if able(each))

    def _can_ask(self, distance: int) -> bool:
        """Whether the task has held-out sequences at exactly this distance."""
        try:
            batches = self._monitor.task.held_out(0, 1, distance)
        except ValueError:
            return False
        return bool(batches) and batches[0].distance == distance

    def _can_train(self, distance: int) -> bool:
        settings = self._monitor.task.at_distance(distance)
        if settings is None or not self._can_ask(distance):
            return False
        return not dataclasses.replace(self._monitor.experiment, task=settings).problems()

    # -- asking
    def start(self, way: str, networks: tuple[str, ...], seeds: int, updates: int) -> None:
        """Train: from the run's own seed on, so many."""
        fan = self._monitor.seed_fan
        if fan is None or self.impossible or not networks:
            return
        experiment = self._monitor.experiment
        first = experiment.training.seed
        request = FanRequest(
            experiment=experiment,
            networks=networks,
            seeds=tuple(range(first, first + seeds)),
            distances=self.distances(way),
            trained_at=way,
            updates=updates,
        )
        self._way = way
        self.found[way] = Found(request)
        fan.start(request)
        self._timer.start()
        self.look()

    def cancel(self) -> None:
        """Train no more."""
        if self._monitor.seed_fan is not None:
            self._monitor.seed_fan.cancel()
        self.look()

    @Slot()
    def look(self) -> None:
        """Take what is known now."""
        fan = self._monitor.seed_fan
        if fan is None or self._way not in self.found:
            return
        before = self.progress
        self.progress = fan.progress
        news = fan.results()
        if news:
            found = self.found[self._way]
            self.found[self._way] = dataclasses.replace(found, trainings=(*found.trainings, *news))
        if not self.progress.running and not news:
            self._timer.stop()
        told = (before.fan_id, before.running, int(before.seconds))
        if news or told != (self.progress.fan_id, self.progress.running, int(self.progress.seconds)):
            self._monitor.window_works()
            self._changed()

    # -- opening
    def open(self, request: FanRequest, training: FanTraining) -> None:
        """Load the run with this seed, train it to the very update, and show the network on the Step page."""
        if self.before is None:
            self.before = (self._monitor.experiment, self._monitor.snapshot.update)
        self._monitor.apply(request.experiment.trained_from(training.seed, training.trained_distance))
        self._monitor.train_to(training.update)
        self._opening, self._opened_in = training, self._monitor.record.run_id
        self._state.set_network(training.network)
        self._state.set_page("step")
        self._state.set_status(
            f"{self._named(training)} is being trained again, to update {training.update:,} …"
        )
        self._changed()

    def back(self) -> None:
        """Load the run that was left, and train it to where it stood."""
        if self.before is not None:
            (experiment, update), self.before = self.before, None
            self._opening = None
            self._monitor.apply(experiment)
            self._monitor.train_to(update)
            self._state.set_status(
                f"Back: the run with seed {experiment.training.seed}, to update {update:,}."
            )
            self._changed()

    @Slot()
    def _look_whether_opened(self) -> None:
        training, snapshot = self._opening, self._monitor.snapshot
        if training is None or snapshot.run_id != self._opened_in or snapshot.update < training.update:
            return
        trace = snapshot.traces.get(training.network)
        if trace is None:
            return
        self._opening = None
        if snapshot.update > training.update:
            return
        name = self._named(training)
        if fingerprint(trace.head_weights, trace.head_bias) == training.fingerprint:
            said = f"{name}, at update {training.update:,}: the same weights bit for bit, trained again in this run."
        else:
            said = f"{name}, trained again to update {training.update:,}, on another path: alike but for rounding."
        self._state.set_status(said)

    def _named(self, training: FanTraining) -> str:
        who = network_in_a_sentence(training.network, self._state.vocabulary)
        name = f"{who[0].upper()}{who[1:]} of seed {training.seed}"
        if training.trained_distance is None:
            return name
        fillers = self._monitor.task.filler_words[self._state.vocabulary]
        length = f"{training.trained_distance} {fillers}" if training.trained_distance else "nothing"
        return f"{name}, trained with {length} in between"
