"""One network trained on a text or a series without a window, and what it reaches on the part that was held out.

This is what the command line, the measurements and the tables of the documentation are made of. Calling thread only.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.engine.generation import forecast
from playground.engine.held_out import held_out_loss
from playground.engine.model import SequenceModel
from playground.engine.trainer import Trainer, never
from playground.experiment import Experiment
from playground.tasks.series.series import Errors
from playground.tasks.series.series_task import SeriesTask
from playground.tasks.text.character_task import CharacterTask

UPDATES_AT_A_TIME = 50


@dataclass(frozen=True, eq=False)
class StreamResult:
    """What became of one network. `seconds` are those of training alone, `processor` the processor time of it on the
    training thread: on a busy machine only that can be compared.

    loss: on the held-out part, nats per character or squared error (scaled). errors: of a series, in its unit; None for
    a text. model: the trained network, to write or forecast with. failure: why training ended early, if it did.
    """

    network: str
    seed: int
    update: int
    seconds: float
    loss: float
    errors: Errors | None
    model: SequenceModel
    failure: str = ""
    processor: float = 0.0

    @property
    def bits(self) -> float:
        """The loss in bits per character."""
        return self.loss / math.log(2.0)

    @property
    def perplexity(self) -> float:
        """Of how many equally likely characters one would choose to be as uncertain."""
        return math.exp(min(self.loss, 700.0))


def learn_stream(
    experiment: Experiment,
    network: str,
    updates: int,
    *,
    task: CharacterTask | SeriesTask | None = None,
    report: Callable[[int], None] = lambda update: None,
    interrupted: Callable[[], bool] = never,
    device: str = "cpu",
) -> StreamResult | None:
    """Train `network` of `experiment` for `updates` updates and measure it; None when interrupted.

    `task`: the experiment's own, if it is at hand already. Raises ExperimentError, BatchingError or ReadingError with a
    sentence when the task cannot be trained so.
    """
    at_hand: Any = task
    trainer = Trainer(experiment, networks=(network,), task=at_hand, device=device)
    learned: Any = trainer.task
    if not isinstance(learned, CharacterTask | SeriesTask):
        raise TypeError(f"{learned.name} is neither a text nor a series.")
    seconds, processor, failure = 0.0, 0.0, ""
    while trainer.update < updates:
        begun, worked = time.perf_counter(), time.thread_time()
        try:
            done = trainer.do_updates(min(UPDATES_AT_A_TIME, updates - trainer.update), interrupted)
        except ArithmeticError as error:  # TrainingDiverged: its text is a sentence
            failure = str(error)
            break
        seconds += time.perf_counter() - begun
        processor += time.thread_time() - worked
        if done is None:
            return None
        report(trainer.update)
    model = trainer.models[network]
    errors = None
    if isinstance(learned, SeriesTask):
        found = forecast(model, learned)
        assert found is not None
        errors = learned.errors(found.scaled)
    return StreamResult(
        network=network,
        seed=experiment.training.seed,
        update=trainer.update,
        seconds=seconds,
        loss=held_out_loss(model, learned.held_out_all(), learned.loss),
        errors=errors,
        model=model,
        failure=failure,
        processor=processor,
    )
