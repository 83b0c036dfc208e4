"""The tabs of the card at the side of the Step page, in one table. A panel is imported when its tab is first opened.

A panel is a `Panel` made with `(state, monitor)`. The page asks it for, where it has them:

- `show_sequence(task, sequence)`: called when it is made, and whenever the sequence that is read changes.

Whether it is seen it learns from `showEvent` and `hideEvent`.

A line here gives the tab, its key, its command in the palette and its place on the sheet of keys.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.contract.cell_description import Words

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor
    from playground.ui.panels.panel import Panel
    from playground.ui.state import UiState


@dataclass(frozen=True)
class StepTab:
    """One tab: `shortcut` opens it, `target` is "module:Class".

    `beside_answers`: the card "What is it?" stays below the panel; without it the panel has the whole column.
    """

    key: str
    title: Words
    shortcut: str
    help: Words
    target: str
    beside_answers: bool = True

    def build(self, state: UiState, monitor: RunMonitor) -> Panel:
        """The panel, imported and made now. Raises whatever its module raises."""
        module, name = self.target.split(":")
        panel: Panel = getattr(importlib.import_module(module), name)(state, monitor)
        return panel


def _same(text: str) -> Words:
    return Words(text, text)


STEP_TABS: tuple[StepTab, ...] = (
    StepTab(
        "formula",
        _same("Formula"),
        "F",
        _same("The formula of what was chosen in the diagram, with this unit's real numbers."),
        "playground.ui.panels.formula:FormulaPanel",
    ),
    StepTab(
        "what_if",
        _same("What if"),
        "W",
        _same("Hold a gate, wipe or swap a memory, exchange an event, and see what the network would say."),
        "playground.ui.panels.what_if:WhatIfPanel",
    ),
    StepTab(
        "units",
        _same("Units"),
        "K",
        _same(
            "Several units side by side: what each had before, its gates, what it has after. A click pins one."
        ),
        "playground.ui.panels.unit_cards:UnitsPanel",
    ),
    StepTab(
        "compare",
        _same("Compare"),
        "C",
        _same("Two networks in step, or one network at two moments of its training: one above, one below."),
        "playground.ui.panels.compare:ComparePanel",
        beside_answers=False,
    ),
)
"""In the order of the tabs. What the diagram and the strip show while a tab is open is the business of its panel."""
