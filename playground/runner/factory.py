"""Makes runs. The engine, and torch with it, is imported here when the first one is made: on the thread that trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.experiment import Experiment
    from playground.runner.training_run import TrainingRun


def make_run(experiment: Experiment, run_id: int) -> TrainingRun:
    """A new run of this experiment at update 0, on the fast path where that is ready; where it is not, it is compiled
    beside this program for the next one. Raises ExperimentError with a sentence if it is impossible."""
    from playground.engine.kernels.readiness import start_compiling
    from playground.engine.paths import path_from_environment
    from playground.engine.trainer import Trainer
    from playground.runner.training_run import TrainingRun

    if path_from_environment() is None:
        start_compiling()
    return TrainingRun(Trainer(experiment, run_id))


def make_reference_run(experiment: Experiment, run_id: int) -> TrainingRun:
    """A new run on the reference path, whatever is compiled: for pictures that are to be the same everywhere."""
    from playground.engine.trainer import REFERENCE, Trainer
    from playground.runner.training_run import TrainingRun

    return TrainingRun(Trainer(experiment, run_id, path=REFERENCE))
