"""One network trained from its first update to its last, without a window, and what it can do afterwards.

This is what the command line and the tables in the documentation are made of. Everything runs on the calling thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from playground.engine.evaluation import CHECK_EVERY, HELD_OUT_SEQUENCES, LastingPass
from playground.engine.trainer import Trainer, never
from playground.experiment import Experiment

FRESH_SEQUENCES = 2000
"""How many held-out sequences the final rates are counted on, each."""

CHECK_SEED, FRESH_SEED = 512, 2000
"""Seeds of the held-out sequences: those looked at on the way are not those of the final rates."""


@dataclass(frozen=True)
class LearningResult:
    """What became of one network.

    right, right_longest: rates (0..1) on 2,000 fresh held-out sequences, with distances as in training and at the
    longest one. right_at: the rate at each distance that was asked for. updates_to_95, seconds_to_95: the first of
    three consecutive looks (every 10 updates, 512 held-out sequences) with at least 95 %, None if there was none;
    the seconds are those of training alone, without the looks. update: where training ended; failure: why it ended
    early, if it did.
    """

    network: str
    seed: int
    right: float
    right_longest: float
    right_at: dict[int, float]
    updates_to_95: int | None
    seconds_to_95: float | None
    update: int
    seconds: float
    final_level: int
    failure: str = ""


def learn(
    experiment: Experiment,
    network: str,
    updates: int,
    *,
    longest: int,
    distances: tuple[int, ...] = (),
    report: Callable[[int], None] = lambda update: None,
    interrupted: Callable[[], bool] = never,
    device: str = "cpu",
) -> LearningResult | None:
    """Train `network` of `experiment` for `updates` updates and measure it; None when interrupted.

    `longest` and `distances`: numbers of filler events to ask at. `report(update)` is called every few updates.
    `device`: where torch computes, if not on the CPU.
    """
    trainer = Trainer(experiment, networks=(network,), device=device)
    task, seed = trainer.task, experiment.training.seed
    check = task.held_out(CHECK_SEED, HELD_OUT_SEQUENCES)
    lasting = LastingPass()
    seconds, level, failure = 0.0, 0, ""
    while trainer.update < updates:
        begun = time.perf_counter()
        try:
            most = min(CHECK_EVERY - trainer.update % CHECK_EVERY, updates - trainer.update)
            done = trainer.do_updates(most, interrupted)
        except ArithmeticError as error:  # TrainingDiverged: its text is a sentence
            failure = str(error)
            break
        seconds += time.perf_counter() - begun
        if done is None:
            return None
        level = done.updates[-1].networks[network].level
        report(trainer.update)
        if trainer.update % CHECK_EVERY == 0 and lasting.update is None:
            lasting.note(trainer.update, seconds, trainer.evaluate(network, check))
    return LearningResult(
        network=network,
        seed=seed,
        right=trainer.evaluate(network, task.held_out(FRESH_SEED, FRESH_SEQUENCES)),
        right_longest=trainer.evaluate(network, task.held_out(FRESH_SEED, FRESH_SEQUENCES, longest)),
        right_at={
            distance: trainer.evaluate(network, task.held_out(FRESH_SEED, FRESH_SEQUENCES, distance))
            for distance in distances
        },
        updates_to_95=lasting.update,
        seconds_to_95=lasting.seconds,
        update=trainer.update,
        seconds=seconds,
        final_level=level,
        failure=failure,
    )
