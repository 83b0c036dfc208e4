"""Which of several layers the diagram shows: a row of small buttons."""

from __future__ import annotations

from playground.contract.cell_description import Words
from playground.ui.panels.cell_stage_bar import StageBar
from playground.ui.panels.cell_stages import CellStage
from playground.ui.state import UiState


class LayerBar(StageBar):
    """Layer 1, 2, 3 from below. A click shows that layer everywhere; key L the next one. Hidden where there is one."""

    def __init__(self, state: UiState) -> None:
        super().__init__(state, self._choose)
        self._count = 1
        self.setAccessibleName("Layer")
        self.setToolTip(
            "The layers of this network, from below: each reads what the one below it puts out at the same timestep, "
            "and the top one gives the answer. Key L shows the next one."
        )
        self.hide()

    def show_layer(self, shown: int, count: int) -> None:
        """Of `count` layers this one (0-based) is shown."""
        self._count = count
        stages = tuple(
            CellStage("inputs", Words(*[f"Layer {n + 1}"] * 2), (), "", frozenset()) for n in range(count)
        )
        self.show_stages(stages, shown)
        self.setAccessibleDescription(f"layer {shown + 1} of {count}")
        self.setVisible(count > 1)

    def _text(self, number: int) -> str:
        long = not self._compact or number == self._open
        return f"Layer {number + 1}" if long else f"{number + 1}"

    def _choose(self, number: int) -> None:
        if number >= 0:  # a click on the one that is shown changes nothing
            self.state.set_layer(number if number < self._count - 1 else None)
