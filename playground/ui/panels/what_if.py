"""What if: hold a gate, wipe or swap a memory, exchange an event, and see at once what the network would say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    RemoveEvent,
    ReplaceEvent,
)
from playground.tasks.task import EventSequence, Task
from playground.ui.monitor import RunMonitor
from playground.ui.panels.event_shelf import EventShelf
from playground.ui.panels.flow_row import FlowRow
from playground.ui.panels.keyed_panel import LIST_KEYS, KeyedPanel
from playground.ui.panels.panel import MARGIN
from playground.ui.panels.what_if_buttons import HOLDS, WhatIfButtons, make_button
from playground.ui.panels.what_if_choices import (
    SPANS,
    Scope,
    Span,
    Target,
    hold,
    is_about,
    set_memory,
    span_of,
    span_words,
    targets_of,
    value_at,
)
from playground.ui.panels.what_if_entries import EntryLine, EntryList
from playground.ui.panels.what_if_rates import WhatIfRates
from playground.ui.panels.what_if_rows import PairRows
from playground.ui.state import UiState
from playground.ui.style_sheet import refresh_style
from playground.ui.what_if import WhatIf
from playground.ui.what_if_commands import forgetting_networks, hold_forgetting_shut
from playground.ui.what_if_dialogs import ask_where, open_from
from playground.ui.what_if_words import entry_words

ROOM_FOR_THE_REST = 150
"""Unscaled height of title, list and margins: with so much beside them all targets are offered side by side."""
ROOM_FOR_PAIRS = 220
"""Unscaled height of the panel from which both worlds are shown over time."""
ROOM_FOR_RATES_AND_PAIRS = 380
"""Unscaled height of the panel from which that stands beside the right answers on other sequences."""
ROOM_BELOW_THE_STRIP = 860
"""Unscaled height of the window from which they stand below the strip."""
MOST_UNITS_SAID = 3
ROOM_FOR_SHELF = 110
"""Unscaled height of the shelf of pictures with its hint."""
ROOM_FOR_UNDO = 400
"""Unscaled width of the panel from which undo and redo have buttons."""
NOTHING_SHORT = "Nothing is changed. ↑ ↓ choose what, ← → where, then 0 shuts and 1 opens."
NOTHING = (
    "Nothing is changed yet. Choose what to change with ↑ ↓ and where with ← →. "
    "Then 0 holds a gate shut, 1 opens it, and ⌫ leaves it as it was learned."
)


class WhatIfPanel(KeyedPanel):
    """The panel of the tab. While it has the keyboard: Up and Down choose what to change, Left and Right move the
    playhead as everywhere, 0 to 9 hold or set (0.0 to 1.0), Return does the usual, Delete takes it back, H and A
    change where it holds. Among the events letters choose a picture, Return exchanges, Shift+Return puts in, Delete
    leaves out.
    """

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "What if ...", parent)
        self.what_if = WhatIf.of(state, monitor)
        self._targets: tuple[Target, ...] = ()
        self._chosen = 0
        self._span: Span = "onwards"
        self._scope: Scope = "all"
        self._newest = -1
        self._adding = False
        self._task: Task | None = monitor.task
        self._chips: list[QPushButton] = []
        self._make_parts()
        for part in (self.targets, self.choices, self.shelf, self.shelf_hint):
            self.body.addWidget(part)
        self.body.addWidget(self.list, 1)
        self.rates = WhatIfRates(state, monitor)
        self.rates.hide()
        self.body.addWidget(self.rates)
        self.pairs = PairRows(state, short=True)
        self.pairs.hide()
        self.body.addWidget(self.pairs)
        # Strip, diagram and answers first, the list right after them, and once for all that changed.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        state.timestep_changed.connect(self._timestep_changed)
        state.network_changed.connect(self._network_changed)
        state.units_changed.connect(self._refresh_soon)
        state.moment_changed.connect(self._moment_changed)
        state.layer_changed.connect(self._refresh_soon)
        state.what_if_changed.connect(self._refresh_soon)
        self.what_if.changed.connect(self._list_changed)
        self.restyle()

    def _make_parts(self) -> None:
        state = self.state
        self.targets = FlowRow(state, gap=4)
        self.targets.setAccessibleName("What to change")
        self.choices = FlowRow(state)
        self.shelf = EventShelf(state)
        self.shelf_hint = QLabel()
        self.shelf_hint.setProperty("role", "muted")
        self.shelf_hint.setWordWrap(True)
        self.list = EntryList(state)
        self.buttons = buttons = WhatIfButtons(self)
        for place, button in enumerate((buttons.before, buttons.one, buttons.after)):
            self.title_row.insertWidget(place, button)
        for button in (buttons.undo, buttons.redo, buttons.flip, buttons.all_off):
            self.title_row.addWidget(button)
        for button, slot in (
            (self.buttons.before, self.turn_back),
            (self.buttons.after, self.turn_on),
            (self.buttons.one, self.turn_on),
            (self.buttons.undo, self.what_if.undo),
            (self.buttons.redo, self.what_if.redo),
            (self.buttons.flip, self.flip_world),
            (self.buttons.all_off, self.switch_all),
            (self.buttons.learned, self.take_back),
            (self.buttons.shut, self.hold_shut),
            (self.buttons.opened, self.hold_open),
            (self.buttons.at_value, self.hold_at_value),
            (self.buttons.wipe, self.hold_shut),
            (self.buttons.swap, self.swap_memory),
            (self.buttons.put_in, self.insert_event),
            (self.buttons.exchange, self.replace_event),
            (self.buttons.leave_out, self.take_back),
            (self.buttons.span, self.turn_span),
            (self.buttons.whose, self.turn_units),
            (self.buttons.begin_shut, self.begin_with_shut),
            (self.buttons.begin_file, self.begin_with_file),
        ):
            button.clicked.connect(slot)
            button.clicked.connect(self._take_keys)
        self.list.switched.connect(self._switch)
        self.list.removed.connect(self._remove)
        self.shelf.used.connect(self.replace_event)
        self.shelf.dropped.connect(self._dropped)
        self.shelf.chosen.connect(self._picture_chosen)

    # -- what is shown
    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """What is read, before any edit."""
        self._task = task
        self.what_if.show_sequence(sequence)
        self.refresh()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        theme = self.state.theme
        self.buttons.restyle(theme)
        for flow in (self.targets, self.choices):
            flow.fit()
        self.shelf.restyle()
        self.list.restyle()
        self._targets = ()
        self.refresh()

    @property
    def target(self) -> Target | None:
        """What is chosen to be changed."""
        return self._targets[min(self._chosen, len(self._targets) - 1)] if self._targets else None

    @property
    def chips(self) -> list[QPushButton]:
        """The buttons of the targets, in order."""
        return self._chips

    @Slot()
    def refresh(self) -> None:
        """Show the list, and what is offered for the opened network."""
        if not self.isVisible():
            return
        self._soon.stop()
        trace = self.state.true_trace
        wanted = targets_of(
            trace.description if trace is not None else None, self.state.vocabulary, self.what_if.editable
        )
        if wanted != self._targets:
            self._show_targets(wanted)
        for chip, target in zip(self._chips, self._targets, strict=True):
            chip.setChecked(target is self.target)
        self._fit_height()
        self._show_actions()
        self._show_list()
        self._show_pairs()

    def _show_pairs(self) -> None:
        """Both worlds over time, where the page has no room for them below the strip and this panel has."""
        target = self.target
        low = self.window().height() < self.state.theme.px(ROOM_BELOW_THE_STRIP)
        room = self.height() >= self.state.theme.px(ROOM_FOR_PAIRS) and low
        events = target is not None and target.kind == "events"
        self.rates.spare_room(self.compact and not self._tight)
        self.rates.setVisible(self.rates.wanted)
        if self.rates.wanted and self.height() < self.state.theme.px(ROOM_FOR_RATES_AND_PAIRS):
            room = False  # who still knows counts for more than one unit's line
        self.pairs.setVisible(room and not events and self.pairs.wanted)
        if self._task is not None:
            self.pairs.show_task(self._task)

    def _show_targets(self, wanted: tuple[Target, ...]) -> None:
        before = self.target
        self._targets = wanted
        names = [target.name for target in wanted]
        self._chosen = names.index(before.name) if before is not None and before.name in names else 0
        for chip in self._chips:
            chip.deleteLater()
        self._chips = []
        for number, target in enumerate(wanted):
            question = f"What if the {target.title.lower()} were another?"
            chip = make_button(self, target.title, target.title, question, HOLDS)
            chip.setCheckable(True)
            chip.setProperty("number", number)
            chip.clicked.connect(self._chip_clicked)
            self._chips.append(chip)
        self.targets.show_widgets(self._chips)

    @property
    def compact(self) -> bool:
        """Whether there is room for one target at a time only: in a lecture, and on a low page."""
        theme = self.state.theme
        events = self.target is not None and self.target.kind == "events"
        width = self.width() - 2 * theme.px(MARGIN)
        needed = theme.px(ROOM_FOR_THE_REST + (ROOM_FOR_SHELF if events else 0))
        needed += self.targets.heightForWidth(width) + self.choices.heightForWidth(width)
        return self.height() < needed

    @property
    def _tight(self) -> bool:
        """In a lecture, while something is changed: what came of it needs the room of the second row of buttons, which
        all have keys."""
        target = self.target
        events = target is not None and target.kind == "events"
        return self.state.lecture and self.compact and self.rates.wanted and not events

    def _fit_height(self) -> None:
        compact = self.compact and len(self._targets) > 1
        self.targets.setVisible(not compact)
        for button in (self.buttons.before, self.buttons.one, self.buttons.after):
            button.setVisible(compact)
        target = self.target
        self.buttons.one.setText(target.title if target is not None else "")
        self.buttons.one.setChecked(True)
        self.buttons.one.setMinimumWidth(self.buttons.one.sizeHint().width() if compact else 0)
        for button in (self.buttons.undo, self.buttons.redo):
            button.setVisible(self.width() >= self.state.theme.px(ROOM_FOR_UNDO))  # or Ctrl+Z alone
        if compact:
            self.set_title("")

    def _show_actions(self) -> None:
        target = self.target
        timestep = self.what_if.changed_timestep
        memory = target is not None and target.kind == "memory"
        self.buttons.name(target)
        self.buttons.span.setText(
            f"before t = {timestep + 1}" if memory else span_words(self._span, timestep)
        )
        self.buttons.whose.setText(self._whose_words())
        self.buttons.swap.setEnabled(timestep > 0 and self.what_if.rival() is not None)
        self.buttons.learned.setEnabled(target is not None and self._is_changed(target))
        self.buttons.show_value(self._value_now(target, timestep))
        self.choices.show_widgets(
            self.buttons.needed(target, sparing=self._tight, whose=self._scope != "all")
        )
        events = target is not None and target.kind == "events"
        self.shelf.setVisible(events)
        self.shelf_hint.setVisible(events and not self.compact)
        if events and self._task is not None:
            self.shelf.show_events(self._task.events())
            self.shelf_hint.setText(
                f"Drag a picture onto the strip; or a letter chooses one ({self.shelf.event_name}), "
                f"Return exchanges timestep {timestep + 1}, Shift+Return puts it in before, Delete leaves it out."
            )

    def _value_now(self, target: Target | None, timestep: int) -> object:
        """What the chosen gate or memory is held at or set to at this timestep; None: it is as learned."""
        if target is None:
            return None
        what_if = self.what_if
        changes = what_if.fitting(self.state.network)
        return value_at(changes, target, timestep, what_if.length, self.units, self._shown_layer)

    def _is_changed(self, target: Target) -> bool:
        return any(is_about(each, target) for entry in self.what_if.entries for each in entry.interventions)

    def _show_list(self) -> None:
        trace = self.state.true_trace
        what_if = self.what_if
        events = self._task.events() if self._task is not None else ()
        lines = [
            EntryLine(
                entry.number,
                entry_words(
                    entry,
                    what_if.entries,
                    what_if.true_sequence,
                    events,
                    trace.description if trace is not None else None,
                    self.state.vocabulary,
                ),
                entry.on,
                not what_if.does_something(entry),
            )
            for entry in what_if.entries
        ]
        self.list.show_lines(lines, what_if.problem or (NOTHING_SHORT if self.compact else NOTHING))
        self.list.set_brief(self._tight)
        if not lines:
            self._offer_beginnings()
        self.buttons.undo.setEnabled(what_if.can_undo)
        self.buttons.redo.setEnabled(what_if.can_redo)
        self.buttons.all_off.setText("All off" if what_if.active else "All on")
        kind = "pending" if what_if.active else "plain"
        if self.buttons.all_off.property("kind") != kind:
            self.buttons.all_off.setProperty("kind", kind)
            refresh_style(self.buttons.all_off)
        self.buttons.all_off.setVisible(bool(what_if.entries))
        self.buttons.flip.setVisible(what_if.active)
        self.buttons.flip.setChecked(self.state.shows_changed)
        shown = "what would be" if self.state.shows_changed else "what is"
        if not self.compact:
            self.set_title("What if ...", f"{shown} is shown" if what_if.active else "")

    def _offer_beginnings(self) -> None:
        """What an empty list can begin with."""
        gates = forgetting_networks(self.state)
        trace = self.state.moment.traces.get(next(iter(gates), ""))
        if trace is not None:
            title = trace.description.quantity(gates[trace.network]).title[self.state.vocabulary]
            self.buttons.begin_shut.setText(f"Hold the {title[:1].lower()}{title[1:]} shut  ⇧F")
        file = [] if gates and self.state.lecture else [self.buttons.begin_file]  # from the palette, too
        self.list.offer([self.buttons.begin_shut, *file] if gates else file)

    @Slot()
    def begin_with_shut(self) -> None:
        """The gate that forgets held shut at every timestep."""
        hold_forgetting_shut(self.state, self.what_if)

    @Slot()
    def begin_with_file(self) -> None:
        """A list from a file; what is wrong with it is said where the list would be."""
        path = ask_where(self.window(), False, self.what_if.task_name)
        if path:
            open_from(Path(path), self.state, self.what_if, self._complain)

    def _complain(self, title: str, sentence: str) -> None:
        self.what_if.problem = f"{title}: {sentence}"
        self.state.set_status(self.what_if.problem)
        self.refresh()

    # -- choosing
    def choose(self, name: str) -> None:
        """Choose what to change by the name of a quantity, or `EVENTS`."""
        names = [target.name for target in self._targets]
        if name in names:
            self._chosen = names.index(name)
            self.refresh()

    def turn_target(self, direction: int) -> None:
        """The next thing to change, or the one before."""
        if self._targets:
            self._chosen = (self._chosen + direction) % len(self._targets)
            self._refresh_soon()

    @Slot()
    def turn_on(self) -> None:
        """The next thing to change."""
        self.turn_target(1)

    @Slot()
    def turn_back(self) -> None:
        """The thing to change before."""
        self.turn_target(-1)

    @Slot()
    def _chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self._chosen = int(chip.property("number"))
            self.refresh()
            self.setFocus()

    @Slot()
    def turn_span(self) -> None:
        """From here on, here only, everywhere."""
        self._span = SPANS[(SPANS.index(self._span) + 1) % len(SPANS)]
        self.refresh()

    @Slot()
    def turn_units(self) -> None:
        """All units; of several layers those of the one that is shown; the selected one."""
        scopes: tuple[Scope, ...] = ("all", "layer", "unit") if self._depth > 1 else ("all", "unit")
        here = scopes.index(self._scope) if self._scope in scopes else 0
        self._scope = scopes[(here + 1) % len(scopes)]
        self.refresh()

    @property
    def units(self) -> tuple[int, ...] | None:
        """Which units are meant; None: all."""
        return (self.state.units or (self.state.unit,)) if self._scope == "unit" else None

    @property
    def layer(self) -> int | None:
        """Which layer is meant (0-based); None: every layer."""
        return self._shown_layer if self._depth > 1 and self._scope != "all" else None

    @property
    def _depth(self) -> int:
        trace = self.state.true_trace
        return len(trace.layers) if trace is not None else 1

    @property
    def _shown_layer(self) -> int:
        trace = self.state.trace
        return len(trace.layers) - 1 if trace is not None else 0

    def _whose_words(self) -> str:
        if self.units is None:
            return f"layer {self.layer + 1}" if self.layer is not None else "all units"
        words = f"unit{'s' if len(self.units) > 1 else ''} " + ", ".join(str(unit + 1) for unit in self.units)
        words = words if len(self.units) <= MOST_UNITS_SAID else f"{len(self.units)} units"
        return f"{words}, layer {self.layer + 1}" if self.layer is not None else words

    # -- doing
    def apply(self, value: float) -> None:
        """Hold the chosen gate at this value, or set the chosen memory to it."""
        target, timestep = self.target, self.what_if.changed_timestep
        network = self.state.network if self._scope != "all" else ""
        if target is None or target.kind == "events":
            self._refresh_soon()  # a button that was clicked has ticked itself
            return
        value = max(target.least, min(target.most, value))
        self._adding = True  # what is chosen here stays chosen
        if target.kind == "gate":
            self.what_if.add(
                hold(target, value, self._span, timestep, self.units, self.layer), network=network
            )
        else:
            self.what_if.add(set_memory(target, value, timestep, self.units, self.layer), network=network)
        self._adding = False
        self._refresh_soon()

    @Slot()
    def hold_shut(self) -> None:
        """Shut the gate, or wipe the memory."""
        self.apply(0.0)

    @Slot()
    def hold_open(self) -> None:
        """Open the gate."""
        self.apply(1.0)

    @Slot()
    def hold_at_value(self) -> None:
        """Hold or set it at the number in the field."""
        self.apply(float(self.buttons.value.value()))

    @Slot()
    def swap_memory(self) -> None:
        """The memory of another story."""
        target = self.target
        if target is not None and target.kind == "memory" and self.buttons.swap.isEnabled():
            self.what_if.swap_memory(target.name, self.what_if.changed_timestep)

    @Slot()
    def take_back(self) -> None:
        """The gate or memory as it is learned; the event at the playhead left out."""
        target = self.target
        if target is None:
            return
        if target.kind == "events":
            self.what_if.add(RemoveEvent(self.what_if.changed_timestep))
        else:
            self.what_if.remove_where(lambda each: is_about(each, target))
            self._refresh_soon()

    @Slot()
    def replace_event(self) -> None:
        """The picture that is chosen in the place of the one at the playhead."""
        view, timestep = self.state.what_if, self.what_if.changed_timestep
        shown = view.sequence if view is not None else self.what_if.true_sequence
        if self.shelf.event_name and shown.events[timestep].name != self.shelf.event_name:
            self.what_if.add(ReplaceEvent(self.what_if.changed_timestep, self.shelf.event_name))

    @Slot()
    def insert_event(self) -> None:
        """The picture that is chosen, before the one at the playhead."""
        if self.shelf.event_name:
            self.what_if.add(InsertEvent(self.what_if.changed_timestep, self.shelf.event_name))

    @Slot()
    def switch_all(self) -> None:
        """Everything off, or on again."""
        self.what_if.switch_all(not self.what_if.active)

    @Slot()
    def flip_world(self) -> None:
        """What is, or what would be."""
        self.state.set_shows_changed(not self.state.shows_changed)
        self.refresh()

    @Slot(int, bool)
    def _switch(self, number: int, on: bool) -> None:
        self.what_if.switch(number, on)

    @Slot(int)
    def _remove(self, number: int) -> None:
        self.what_if.remove(number)

    @Slot(int)
    def _dropped(self, timestep: int) -> None:
        self.what_if.edit_shown(RemoveEvent(timestep))

    @Slot(str)
    def _picture_chosen(self, name: str) -> None:
        self.refresh()

    @Slot()
    def _take_keys(self) -> None:
        """Whoever clicked here goes on here with keys."""
        self.setFocus()

    # -- keys
    def keeps(self, event: QKeyEvent) -> bool:
        """Whether a key is the panel's while it has the keyboard."""
        plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if plain != Qt.KeyboardModifier.NoModifier:
            return False
        key = Qt.Key(event.key())
        if key in LIST_KEYS or key == Qt.Key.Key_Insert:
            return True
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shifted and Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
            return False  # a command of the window
        target = self.target
        if target is not None and target.kind == "events":
            letter = chr(key).lower() if Qt.Key.Key_A <= key <= Qt.Key.Key_Z else "-"
            return any(each.title.lower().startswith(letter) for each in self.shelf.events)
        return Qt.Key.Key_0 <= key <= Qt.Key.Key_9 or key in (Qt.Key.Key_A, Qt.Key.Key_H, Qt.Key.Key_S)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keeps(event):
            event.ignore()
            return
        key = Qt.Key(event.key())
        target = self.target
        events = target is not None and target.kind == "events"
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.turn_target(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.take_back()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Insert):
            if not events:
                self.hold_shut()
            elif key == Qt.Key.Key_Insert or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insert_event()
            else:
                self.replace_event()
        elif events:
            self.shelf.choose_by_letter(chr(key))
        elif key == Qt.Key.Key_A:
            self.turn_units()
        elif key == Qt.Key.Key_H:
            self.turn_span()
        elif key == Qt.Key.Key_S:
            self.swap_memory()
        else:
            digit = int(key) - int(Qt.Key.Key_0)
            self.apply(1.0 if digit == 1 else digit / 10)

    # -- Qt
    @Slot()
    def _list_changed(self) -> None:
        self._follow_newest()
        self._refresh_soon()

    def _follow_newest(self) -> None:
        """Something was held from elsewhere (a command, a file): the buttons are about that gate, and say where it
        holds."""
        newest = self.what_if.entries[-1] if self.what_if.entries else None
        number = newest.number if newest is not None else -1
        if newest is None or number == self._newest:
            self._newest = number
            return
        self._newest = number
        held = newest.interventions[-1]
        if not self._adding and isinstance(held, HoldQuantity):
            self._span = span_of(held)
            names = [target.name for target in self._targets]
            self._chosen = names.index(held.quantity) if held.quantity in names else self._chosen

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible():
            self._soon.start()

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self._refresh_soon()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self._refresh_soon()

    @Slot()
    def _moment_changed(self) -> None:
        trace = self.state.true_trace
        if not self._targets or trace is None:
            self._refresh_soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        if self.state.lecture:
            self.setFocus()  # Tab brought it: its keys are meant

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh_soon()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(200), self.state.theme.px(120))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what the answers leave
