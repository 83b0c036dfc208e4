"""The second diagram of a comparison: another network, or the same one at another moment of its training."""

from __future__ import annotations

from PySide6.QtCore import Slot

from playground.trace.sequence_trace import SequenceTrace
from playground.ui.panels.cell_diagram import CellDiagram
from playground.ui.state import UiState
from playground.ui.step_partner import StepPartner


class PartnerDiagram(CellDiagram):
    """Shows what a `StepPartner` says. Units and sub-step are those of the diagram above it."""

    letter = "B"

    def __init__(self, state: UiState, partner: StepPartner) -> None:
        self._partner = partner
        super().__init__(state)
        self.set_beside(True)
        partner.changed.connect(self._partner_changed)

    def trace_shown(self) -> SequenceTrace | None:
        """The partner's trace."""
        return self._partner.trace

    def timestep_shown(self) -> int:
        """The partner's timestep."""
        return self._partner.timestep

    def value_clicked(self, quantity: str, unit: int, several: bool) -> None:
        """Select the unit in both; sums are those of the opened network."""
        if several:
            self.state.toggle_unit(unit)
        else:
            self.state.set_units((unit,))

    def quantity_clicked(self, name: str) -> None:
        """Choose this quantity where the opened network has it too."""
        trace = self.state.trace
        if trace is not None and any(equation.target == name for equation in trace.description.equations):
            self.state.set_quantity(name)

    @Slot()
    def _partner_changed(self) -> None:
        self.refresh()
