"""The experiments that are measured: the defaults, and all five networks side by side."""

from __future__ import annotations

import dataclasses

from playground.experiment import Experiment
from playground.tasks.nature_show_settings import NatureShowSettings

WITH_KERNELS = ("no_memory", "rnn", "lstm", "guide_lstm", "gru")
"""The networks that the fast path trains, by their keys."""


def all_networks(flowers: tuple[int, int] | None = None) -> Experiment:
    """The default experiment with every network switched on that has kernels; `flowers` between in place of the
    default."""
    networks = tuple(
        dataclasses.replace(network, enabled=network.cell in WITH_KERNELS)
        for network in Experiment().networks
    )
    task = NatureShowSettings() if flowers is None else NatureShowSettings(flowers=flowers)
    return Experiment(task=task, networks=networks).validated()


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """The same experiment from another seed."""
    return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, seed=seed))


def with_curriculum(experiment: Experiment) -> Experiment:
    """The same experiment with the default nature show, and the curriculum switched on."""
    return dataclasses.replace(experiment, task=NatureShowSettings(curriculum=True))
