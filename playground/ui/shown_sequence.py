"""What is stepped through in the probe's place, and where it comes from. Light: the first paint needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.contract.cell_description import Words
    from playground.tasks.task import EventSequence
    from playground.trace.generated import Generated


@dataclass(frozen=True, eq=False)
class ShownSequence:
    """A sequence that is shown, and where it comes from.

    `title` names it. `begin`: where the playhead stands first. `update`: the update that it belongs to, None: any.
    `network`: who is to be opened with it. `written`: the record of a text that this network wrote at this update.
    `number`: of a held-out sequence, the how manieth.
    """

    sequence: EventSequence
    title: Words
    begin: int = 0
    update: int | None = None
    network: str = ""
    written: Generated | None = None
    number: int = 0

    def place_at(self, timestep: int) -> int | None:
        """Which written character (0-based) was drawn when this timestep had been read; None: none was."""
        if self.written is None:
            return None
        place = timestep - (len(self.written.read) - 1)
        return place if 0 <= place < len(self.written.written) else None
