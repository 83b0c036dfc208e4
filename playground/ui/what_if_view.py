"""What a what-if makes of the moment that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.contract.event_edits import Slot, true_timestep
from playground.contract.intervention import HoldQuantity, Intervention
from playground.tasks.task import EventSequence
from playground.trace.sequence_trace import SequenceTrace

if TYPE_CHECKING:
    from playground.ui.what_if_list import Entry


@dataclass(frozen=True, eq=False)
class WhatIfView:
    """What a what-if makes of a moment: the networks' true traces, what they would compute, and the events they read.

    `true` and `changed` are by network key, each pair made with the same weights; networks that nothing was changed
    for are in neither. `slots` say which event of the changed row was which of the true one. `interventions` are those
    of the opened network, `entries` the lines of the list that they come from.
    """

    update: int
    true: Mapping[str, SequenceTrace]
    changed: Mapping[str, SequenceTrace]
    true_sequence: EventSequence
    sequence: EventSequence
    slots: tuple[Slot, ...]
    interventions: tuple[Intervention, ...]
    entries: tuple[Entry, ...] = ()

    @property
    def edits_events(self) -> bool:
        """Whether other events come in."""
        return any(slot.event or slot.changed is None for slot in self.slots)

    def held(self, trace: SequenceTrace | None, quantity: str, unit: int, timestep: int) -> bool:
        """Whether the what-if holds this quantity of a changed trace (in its last layer), so that its formula is not
        what it comes from."""
        if trace is None or not self.is_changed(trace):
            return False
        return any(
            isinstance(each, HoldQuantity)
            and each.quantity == quantity
            and timestep in each.held_timesteps(trace.length)
            and (each.units is None or unit in each.units)
            and each.layer in (None, len(trace.layers) - 1)
            for each in self.interventions
        )

    def is_changed(self, trace: SequenceTrace) -> bool:
        """Whether this is what a network would compute, or a part of that."""
        return self.changed.get(trace.network) is (trace.whole or trace)

    def true_timestep(self, changed: int) -> int | None:
        """Which timestep of the true row this one is; None for an inserted event."""
        return true_timestep(self.slots, changed)
