"""How a task is best learned: what of the settings differs from the defaults, as measured over ten seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """What was measured to learn a task.

    `every`: settings (of `NetworkSettings`) for all networks. `networks`: by key, settings of one network on top of
    these; {} for a network that only takes part. If any are named, they take part and all others do not; if none
    are, those take part that do by default. `training`: settings of `TrainingSettings`. `updates`: how many were
    needed at most, rounded up. `measured`: how often it worked, as a sentence; empty where nobody has measured it.
    """

    every: Mapping[str, Any] = field(default_factory=dict)
    networks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    updates: int = 1000
    measured: str = ""
