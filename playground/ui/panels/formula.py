"""The formula panel: the chosen quantity of the opened network with the numbers of the chosen unit at this timestep."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton

from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.cell_words import figure, title_of
from playground.ui.icons import icon, icon_size
from playground.ui.monitor import RunMonitor
from playground.ui.panels.formula_overview import FormulaOverview, overview_rows
from playground.ui.panels.formula_tabs import FormulaTabs
from playground.ui.panels.formula_view import FormulaView, formula_content
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.state import UiState

ROOM_FOR_BOTH = 300
"""Unscaled px of height beside the overview that the rest of the panel takes: with so much more, both are shown."""


ROOM_FOR_VALUES = 226
"""Unscaled height of the panel from which the tabs show values."""


class FormulaPanel(Panel):
    """Tabs, one formula with its numbers, and the overview of all: on its own tab, or below where there is room."""

    def __init__(self, state: UiState, monitor: RunMonitor | None = None) -> None:
        super().__init__(state, "Formula")
        self._stale = True
        self.tabs = FormulaTabs(state, self.refresh)
        self.view = FormulaView(state)
        self.overview = FormulaOverview(state)
        self.overview_title = QLabel()
        self.overview_title.setProperty("role", "muted")
        self.empty = QLabel("The formulas stand here as soon as a network has read the sequence.")
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.previous_unit = self._unit_button(
            "previous", "The unit before", "Shows the sums of the unit before."
        )
        self.next_unit = self._unit_button("next", "The next unit", "Shows the sums of the next unit.")
        self.title_row.addWidget(self.previous_unit)
        self.title_row.addWidget(self.next_unit)
        for part in (self.tabs, self.empty, self.view, self.overview_title, self.overview):
            self.body.addWidget(part)
        self.body.setStretchFactor(self.view, 1)
        self.previous_unit.clicked.connect(self.step_back_unit)
        self.next_unit.clicked.connect(self.step_on_unit)
        # Strip and diagram first, the text right after them: the eye follows the playhead, and while a key is held
        # down only the last timestep's words are written.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        state.timestep_changed.connect(self._write_soon)
        state.network_changed.connect(self._name_changed)
        state.quantity_changed.connect(self._name_changed)
        state.units_changed.connect(self.refresh)
        state.moment_changed.connect(self.refresh)
        self.restyle()

    def _unit_button(self, picture: str, name: str, help_sentence: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "flat")
        button.setProperty("picture", picture)
        button.setAccessibleName(name)
        button.setToolTip(help_sentence)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        theme = self.state.theme
        for button in (self.previous_unit, self.next_unit):
            button.setIcon(icon(str(button.property("picture")), theme, "muted", 14))
            button.setIconSize(icon_size(theme, 14))
            button.setFixedSize(theme.px(28), theme.px(24))
            button.setStyleSheet("padding: 0px;")
        self.refresh()

    # -- what is shown
    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._soon.stop()
        trace = self.state.trace
        known = trace is not None and trace.length > 0
        self.empty.setVisible(not known)
        for part in (self.previous_unit, self.next_unit):
            part.setVisible(known and trace is not None and trace.top.units > 1)
        if trace is None or not known:
            self.set_title("Formula")
            self.view.show_content(None)
            self.overview.show_rows(())
            for hidden in (self.tabs, self.view, self.overview, self.overview_title):
                hidden.hide()
            return
        self._show(
            trace, min(self.state.timestep, trace.length - 1), min(self.state.unit, trace.top.units - 1)
        )

    def _show(self, trace: SequenceTrace, timestep: int, unit: int) -> None:
        state = self.state
        count = len(trace.description.equations)
        both = self._room() >= state.theme.px(ROOM_FOR_BOTH) + self.overview.needed_height(count)
        self.tabs.show_cell(trace.description, with_all=not both)
        self.tabs.setVisible(count > 1)
        self.tabs.fit(
            self.contentsRect().width() - 2 * state.theme.px(MARGIN + 3),
            self._room() < state.theme.px(ROOM_FOR_VALUES),
        )
        names = [equation.target for equation in trace.description.equations]
        self.tabs.show_values({n: figure(float(value_at(trace.top, n, timestep)[unit])) for n in names})
        all_at_once = self.tabs.shows_all and count > 1  # of a single formula the whole sum is always shown
        name = state.quantity
        title = "All formulas" if all_at_once else title_of(trace.description, name, state.vocabulary)
        self.set_title(f"{title}, unit {unit + 1}")
        self.view.setVisible(not all_at_once)
        self.overview.setVisible(all_at_once or (both and count > 1))
        self.overview_title.setVisible(both and count > 1)
        if self.view.isVisibleTo(self):
            self.view.show_content(formula_content(trace, name, unit, timestep, state))
        if self.overview.isVisibleTo(self):
            self.overview_title.setText(f"All formulas, unit {unit + 1}")
            self.overview.show_rows(overview_rows(trace, unit, timestep, state.vocabulary))
            self.overview.update()

    def _room(self) -> int:
        return self.height()

    @Slot(str)
    def _name_changed(self, name: str) -> None:
        self.refresh()

    # -- units
    @Slot()
    def step_back_unit(self) -> None:
        """Show the unit before, round and round."""
        self._turn(-1)

    @Slot()
    def step_on_unit(self) -> None:
        """Show the next unit, round and round."""
        self._turn(1)

    def _turn(self, direction: int) -> None:
        trace = self.state.trace
        if trace is not None:
            self.state.set_units(((self.state.unit + direction) % trace.top.units,))

    # -- Qt
    @Slot(int)
    def _write_soon(self, timestep: int) -> None:
        if self.isVisible():
            self._soon.start()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()
