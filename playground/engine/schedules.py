"""The learning rate of every update: a pure function of the number of the update, so that a replay finds the same one.

η is the learning rate of the settings, u the update counted from 1, N the length of the schedule in updates.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.experiment import NetworkSettings

COSINE_END = 0.01
"""What is left of the learning rate at the end of the cosine, and from then on."""


def constant(rate: float, update: int, length: int) -> float:
    """η."""
    return rate


def by_halves(rate: float, update: int, length: int) -> float:
    """η / 2^floor((u - 1) / N): the first N updates with η, the next N with half of it."""
    return math.ldexp(rate, -((update - 1) // length))


def cosine(rate: float, update: int, length: int) -> float:
    """From η at the first update to η / 100 after N of them, along half a cosine (Loshchilov and Hutter 2017)."""
    done = min(1.0, (update - 1) / length)
    return rate * (COSINE_END + (1.0 - COSINE_END) * 0.5 * (1.0 + math.cos(math.pi * done)))


SCHEDULES: dict[str, Callable[[float, int, int], float]] = {
    "constant": constant,
    "step": by_halves,
    "cosine": cosine,
}
"""By the name that an experiment uses: (η, u, N) -> the rate of update u."""


def learning_rate(network: NetworkSettings, update: int) -> float:
    """The learning rate of this update (from 1) of this network."""
    return SCHEDULES[network.schedule](network.learning_rate, update, network.schedule_updates)


def learning_rates(network: NetworkSettings, first: int, count: int) -> NDArray[np.float64]:
    """(count,) the learning rates of the updates from number `first` on."""
    if network.schedule == "constant":
        return np.full(count, network.learning_rate, np.float64)
    return np.array([learning_rate(network, first + u) for u in range(count)], np.float64)
