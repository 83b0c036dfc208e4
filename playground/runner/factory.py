"""Makes runs. The engine, and torch with it, is imported here when the first one is made: on the thread that trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.experiment import Experiment
    from playground.runner.training_run import TrainingRun


def make_run(experiment: Experiment, run_id: int) -> TrainingRun:
    """A new run of this experiment at update 0. Raises ExperimentError with a sentence if it is impossible."""
    from playground.engine.trainer import Trainer
    from playground.runner.training_run import TrainingRun

    return TrainingRun(Trainer(experiment, run_id))
