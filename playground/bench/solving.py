"""Training a network until it does a task by the criterion of the task's paper, and how long that took."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.engine.evaluation import LastingPass
from playground.engine.trainer import Trainer
from playground.experiment import Experiment
from playground.tasks import TASKS

CHECK_SEED, FRESH_SEED = 512, 2000
CHECKED, FRESH = 256, 2000
"""Held-out sequences of each look on the way, and those of the final rate: never the same ones."""

LONGEST_COUNT = 100
"""Counting is asked up to this n."""

Measure = Callable[[Trainer, str, int, int], float]
"""(trainer, network, seed of the held-out sequences, how many) -> how good the network is."""


def rate(trainer: Trainer, network: str, seed: int, count: int) -> float:
    """The rate of right answers by the task's own criterion."""
    return trainer.evaluate(network, trainer.task.held_out(seed, count))


def loss(trainer: Trainer, network: str, seed: int, count: int) -> float:
    """The held-out loss of the asked timesteps."""
    return trainer.held_out_loss(network, trainer.task.held_out(seed, count))


def counted_to(trainer: Trainer, network: str, seed: int, count: int) -> float:
    """The largest n up to which every string is accepted; there is one string of each n."""
    for n in range(1, LONGEST_COUNT + 1):
        if trainer.evaluate(network, trainer.task.held_out(seed, 1, n)) < 1.0:
            return float(n - 1)
    return float(LONGEST_COUNT)


@dataclass(frozen=True)
class Criterion:
    """When a task is done: `measure` is at least, or with `below` under, `enough`. `words` say it in a table."""

    measure: Measure
    enough: float
    words: str
    below: bool = False

    def met_by(self, value: float) -> bool:
        """NaN is not enough."""
        return value < self.enough if self.below else value >= self.enough


ALL_RIGHT = Criterion(rate, 1.0, "all right")


@dataclass(frozen=True)
class Trial:
    """One task at some settings, and the networks that are tried on it with the recipe of the task.

    `networks`: those that are tried, with the recipe's settings. `expected`: those that must do it in every seed, as
    the recipe says; `within`: in less than so many seconds. `updates`: how long they may train (0: as the recipe
    says); `look`: updates between two looks. `paper`: what is reported of the task elsewhere, in words.
    """

    task: str
    settings: Mapping[str, Any]
    networks: tuple[str, ...]
    expected: tuple[str, ...] = ()
    criterion: Criterion = ALL_RIGHT
    within: float | None = None
    updates: int = 0
    look: int = 25
    paper: str = ""

    @property
    def title(self) -> str:
        """The task by its name on the command line, with the settings that are not its defaults."""
        values = [f"{name} {_words(value)}" for name, value in self.settings.items()]
        return " ".join([self.task, *values])

    @property
    def most_updates(self) -> int:
        """How long a network may train."""
        return self.updates or TASKS[self.task].recipe.updates

    def experiment(self, seed: int, network: str) -> Experiment:
        """The experiment of the recipe with these settings, from this seed; this network takes part."""
        begun = Experiment.of_task(self.task)
        return (
            dataclasses.replace(
                begun,
                task=dataclasses.replace(begun.task, **self.settings),
                training=dataclasses.replace(begun.training, seed=seed),
            )
            .with_network(dataclasses.replace(begun.network(network), enabled=True))
            .validated()
        )


def _words(value: Any) -> str:
    return " to ".join(str(end) for end in dict.fromkeys(value)) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True)
class Solution:
    """What became of one network.

    update, seconds: the first of three looks in a row at which the criterion was met, None if it never was; the
    seconds are processor time of training alone, without the looks: they do not depend on what else the machine does.
    value: what the criterion measures, on fresh sequences at the end of the training.
    """

    seed: int
    update: int | None
    seconds: float | None
    value: float
    failure: str = ""

    @property
    def solved(self) -> bool:
        """Whether the criterion was met, lastingly."""
        return self.update is not None


def solve(
    trial: Trial, network: str, seed: int, report: Callable[[int], None] = lambda update: None
) -> Solution:
    """Train until the criterion is met at three looks in a row, or as long as the trial allows."""
    trainer = Trainer(trial.experiment(seed, network), networks=(network,))
    lasting = LastingPass(threshold=1.0)
    seconds, failure = 0.0, ""
    while trainer.update < trial.most_updates and lasting.update is None:
        begun = time.thread_time()
        try:
            trainer.do_updates(trial.look - trainer.update % trial.look)
        except ArithmeticError as error:  # TrainingDiverged: its text is a sentence
            failure = str(error)
            break
        seconds += time.thread_time() - begun
        if trainer.update % trial.look == 0:
            value = trial.criterion.measure(trainer, network, CHECK_SEED, CHECKED)
            lasting.note(trainer.update, seconds, float(trial.criterion.met_by(value)))
            report(trainer.update)
    value = trial.criterion.measure(trainer, network, FRESH_SEED, FRESH)
    return Solution(seed, lasting.update, lasting.seconds, value, failure)
