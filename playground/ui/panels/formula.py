"""The formula panel: the chosen quantity of the opened network with the numbers of the chosen unit at this timestep."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton

from playground.tasks.task import Event, EventSequence, Task
from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.unfolding import Place
from playground.ui.cell_words import figure, title_of
from playground.ui.icons import icon, icon_size
from playground.ui.monitor import RunMonitor
from playground.ui.panels.formula_overview import FormulaOverview, overview_rows
from playground.ui.panels.formula_tabs import FormulaTabs
from playground.ui.panels.formula_unfolded import UnfoldedView
from playground.ui.panels.formula_view import FormulaView, formula_content
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.panels.step_calm_label import CalmLabel
from playground.ui.state import UiState

ROOM_FOR_BOTH = 300
"""Unscaled px of height beside the overview that the rest of the panel takes: with so much more, both are shown."""


ROOM_FOR_ARROWS = 350
"""Unscaled width of the panel from which there are arrows between the units."""
ROOM_FOR_VALUES = 226
"""Unscaled height of the panel from which the tabs show values."""


class FormulaPanel(Panel):
    """Tabs, one formula with its numbers, and the overview of all: on its own tab, or below where there is room.

    Unfolded, the sum stands there line by line, and every line can be followed to the number that it comes from.
    """

    title_kind = CalmLabel
    column_wanted = Signal(bool)
    """Whether it needs the whole column: an unfolded sum has many lines."""

    def __init__(self, state: UiState, monitor: RunMonitor | None = None) -> None:
        super().__init__(state, "Formula")
        self._stale = True
        self.tabs = FormulaTabs(state, self.refresh)
        self.view = FormulaView(state, self.toggle_unfolded)
        self.unfolded_view = UnfoldedView(state, self.follow, self.back_to)
        self._unfolded = False
        self._trail: tuple[Place, ...] = ()
        self._place: Place | None = None
        self._following = False
        self._events: tuple[Event, ...] = ()
        self.unfold_button = QPushButton()
        self.unfold_button.setProperty("kind", "flat")
        self.unfold_button.setCheckable(True)
        self.unfold_button.setAccessibleName("Where this number comes from")
        self.unfold_button.setToolTip(
            "Unfolds the sum: bias, every unit of the memories, every pixel. Click a line to follow it back. Key D."
        )
        self.unfold_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unfold_button.clicked.connect(self.toggle_unfolded)
        self.title.setMinimumWidth(1)  # it must not claim more than the column has
        self.title_row.addWidget(self.unfold_button)
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
        parts = (self.tabs, self.empty, self.view, self.unfolded_view, self.overview_title, self.overview)
        for part in parts:
            self.body.addWidget(part)
        self.body.setStretchFactor(self.view, 1)
        self.body.setStretchFactor(self.unfolded_view, 3)
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
        state.layer_changed.connect(self.refresh)
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
        self.unfold_button.setText("Unfold" if not self._unfolded else "Fold")
        self.unfold_button.setFixedHeight(theme.px(26))
        self.unfold_button.setStyleSheet(f"padding: 0px {theme.px(8)}px;")
        self.refresh()

    # -- where a number comes from
    @property
    def unfolded(self) -> bool:
        """Whether the sum stands there line by line."""
        return self._unfolded

    @property
    def trail(self) -> tuple[Place, ...]:
        """The numbers that were followed to the one shown, the first one first."""
        return self._trail

    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """What the traces were made on."""
        self._events = sequence.events
        self.refresh()

    @Slot()
    def toggle_unfolded(self) -> None:
        """Unfold the sum, or fold it again."""
        self.set_unfolded(not self._unfolded)

    def set_unfolded(self, unfolded: bool) -> None:
        """Unfold the sum, or fold it."""
        if unfolded != self._unfolded:
            self._unfolded = unfolded
            self._trail = ()
            self.tabs.show_one()
            self.column_wanted.emit(unfolded)
            self.restyle()
        self.unfold_button.setChecked(self._unfolded)

    def follow(self, place: Place) -> None:
        """Go to the number that a summand is, and remember where we were."""
        if self._place is not None:
            self._trail = (*self._trail, self._place)
        self._go_to(place)

    def back_to(self, number: int) -> None:
        """Back to a number of the trail (0-based)."""
        if 0 <= number < len(self._trail):
            place, self._trail = self._trail[number], self._trail[:number]
            self._go_to(place)

    def back(self) -> bool:
        """Back to the number before; whether there was one. With no way back the sum is folded."""
        if self._trail:
            self.back_to(len(self._trail) - 1)
            return True
        self.set_unfolded(False)
        return False

    def _go_to(self, place: Place) -> None:
        self._following = True
        self._place = place
        trace = self.state.trace
        if trace is not None and trace.depth > 1:
            self.state.set_layer(None if place.layer in (-1, trace.depth - 1) else place.layer)
        self.state.set_timestep(place.timestep)
        self.state.set_quantity(place.quantity)
        if self.state.unit != place.unit:
            self.state.set_units((place.unit,))
        self._following = False
        self.refresh()

    def _show_unfolded(self, trace: SequenceTrace, place: Place) -> None:
        if place != self._place:  # somebody went elsewhere by other ways
            self._trail = ()
        self._place = place
        event = self._events[place.timestep] if place.timestep < len(self._events) else None
        if self.state.length != len(self._events):
            event = None
        self.unfolded_view.show_number(trace, place, self._trail, event)

    # -- what is shown
    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        if self._following:
            return
        self._stale = False
        self._soon.stop()
        trace = self.state.trace
        known = trace is not None and trace.length > 0
        self.empty.setVisible(not known)
        self.unfold_button.setVisible(known)
        for part in (self.previous_unit, self.next_unit):
            part.setVisible(known and trace is not None and trace.top.units > 1 and self._is_wide())
        if trace is None or not known:
            self.set_title("Formula")
            self.view.show_content(None)
            self.overview.show_rows(())
            self.unfolded_view.show_number(None, None, (), None)
            for hidden in (self.tabs, self.view, self.unfolded_view, self.overview, self.overview_title):
                hidden.hide()
            return
        self._show(
            trace, min(self.state.timestep, trace.length - 1), min(self.state.unit, trace.top.units - 1)
        )

    def _show(self, trace: SequenceTrace, timestep: int, unit: int) -> None:
        state = self.state
        count = len(trace.description.equations)
        self.view.expect(trace.description)
        both = not self._unfolded and self._room() >= state.theme.px(
            ROOM_FOR_BOTH
        ) + self.overview.needed_height(count)
        self.tabs.show_cell(trace.description, with_all=not both and not self._unfolded)
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
        view = state.what_if
        held = view is not None and not all_at_once and view.held(trace, name, unit, timestep)
        value = figure(float(value_at(trace.top, name, timestep)[unit]))
        note = f"held at {value}" if held else ""
        self.note.setToolTip("Held by the what-if, whatever its formula says." if held else "")
        if isinstance(self.title, CalmLabel):
            self.title.exact = bool(note)  # the note stands right after it
        which = f", layer {len(trace.layers)}" if trace.depth > 1 else ""
        self.set_title(f"{title}, unit {unit + 1}{which}", note)
        self.view.setVisible(not all_at_once and not self._unfolded)
        self.unfolded_view.setVisible(self._unfolded)
        if self._unfolded:
            layer = len(trace.layers) - 1 if trace.depth > 1 else -1
            self._show_unfolded(trace, Place(name, unit, timestep, layer))
        self.overview.setVisible(all_at_once or (both and count > 1))
        self.overview_title.setVisible(both and count > 1)
        if self.view.isVisibleTo(self):
            self.view.show_content(formula_content(trace, name, unit, timestep, state))
        if self.overview.isVisibleTo(self):
            self.overview_title.setText(f"All formulas, unit {unit + 1}")
            self.overview.show_rows(overview_rows(trace, unit, timestep, state.vocabulary))
            self.overview.update()

    def _is_wide(self) -> bool:
        """Whether the title leaves room for the arrows between units; a click on a value chooses one as well."""
        return self.width() >= self.state.theme.px(ROOM_FOR_ARROWS)

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
    @property
    def waiting(self) -> bool:
        """Whether another timestep is shown in a moment, right after strip and diagram."""
        return self._soon.isActive()

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
