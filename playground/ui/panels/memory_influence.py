"""The row "Influence": how much the last answer would change if another event had come in at timestep t."""

from __future__ import annotations

import math
from collections.abc import Callable

from playground.ui.panels.memory_row_base import Series
from playground.ui.panels.memory_rows import LineRow
from playground.ui.panels.memory_scales import SHARES, ValueScale
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.vocabulary import network_in_a_sentence

DISTANCES = ValueScale(1e-4, 10.0, logarithmic=True, ticks=((1e-4, "10⁻⁴"), (1e-2, "0.01"), (1.0, "1")))
"""Of tasks whose answers are numbers: how far they move, in their own unit."""


class InfluenceRow(LineRow):
    """A line for each network: 0 where the event makes no difference to the last answer."""

    definition = "influence"
    brief = "on the answer"

    def __init__(self, state: UiState, choose_since: Callable[[int], None]) -> None:
        self.numbers = False
        """Whether the answers are numbers, not classes."""
        super().__init__(state, "Influence", "of each event on the last answer", SHARES, choose_since)

    def show_numbers(self, numbers: bool) -> None:
        """Whether the task's answers are numbers: then influence is how far they move."""
        self.numbers = numbers
        self.set_value_scale(DISTANCES if numbers else SHARES)

    def sentence(self, series: Series, timestep: int) -> str:
        value = float(series.values[timestep])
        who = network_in_a_sentence(series.network, self.state.vocabulary)
        where = f"timestep {timestep + 1}:"
        if math.isnan(value):
            return f"{where} nothing else could come in here"
        if self.numbers:
            return f"{where} another event here would move the last answer of {who} by {value:.2g} on average"
        if value < 0.0005:
            return f"{where} whatever came in here, {who} would answer the same at the end"
        return (
            f"{where} another event here would change the last answer of {who} by {percent(value)} on average"
        )
