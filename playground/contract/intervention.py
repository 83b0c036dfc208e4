"""Interventions: what a person changes inside a network, as plain records. The engine carries them out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HoldQuantity:
    """Hold a gate or a state at `value` for these timesteps (0-based; None: all) and units (None: all) of a layer."""

    quantity: str
    value: float
    timesteps: tuple[int, ...] | None = None
    units: tuple[int, ...] | None = None
    layer: int = 0


Intervention = HoldQuantity
