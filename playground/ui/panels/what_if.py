"""What if: hold a gate, wipe or swap a memory, exchange an event, and see at once what the network would say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QWidget

from playground.contract.intervention import (
    HoldQuantity,
    InsertEvent,
    Intervention,
    RemoveEvent,
    ReplaceEvent,
    SetMemory,
)
from playground.tasks.task import EventSequence, Task
from playground.ui.icons import set_icon
from playground.ui.monitor import RunMonitor
from playground.ui.panels.event_shelf import EventShelf
from playground.ui.panels.flow_row import FlowRow
from playground.ui.panels.panel import MARGIN, RADIUS, Panel
from playground.ui.panels.what_if_choices import (
    SPANS,
    Scope,
    Span,
    Target,
    hold,
    set_memory,
    span_words,
    targets_of,
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


class WhatIfPanel(Panel):
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
        self._task: Task | None = monitor.task
        self._chips: list[QPushButton] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
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
        self.what_if.changed.connect(self._refresh_soon)
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
        self.undo = self._button("", "Undo", "Takes the latest change of the list back. Ctrl+Z", "flat")
        self.redo = self._button("", "Redo", "Makes it again. Ctrl+Shift+Z", "flat")
        self.flip = self._button(
            "", "What is, or what would be", "Flips between what is and what would be. Key X", "flat"
        )
        self.flip.setCheckable(True)
        self.all_off = self._button(
            "All off", "Switch everything off", "Switches everything off. Esc", "pending"
        )
        self.before = self._button("", "What stands before", "What stands before in the list. Key Up", "flat")
        self.after = self._button("", "What comes next", "What comes next in the list. Key Down", "flat")
        self.one = self._button("", "What is changed", "What is changed with the buttons below.", "segment")
        self.one.setCheckable(True)
        for place, button in enumerate((self.before, self.one, self.after)):
            self.title_row.insertWidget(place, button)
        for button in (self.undo, self.redo, self.flip, self.all_off):
            self.title_row.addWidget(button)
        self.learned = self._button(
            "as learned", "As learned", "Takes all holds of this gate back. Delete", "segment"
        )
        self.shut = self._button("shut 0", "Hold shut", "Holds the gate shut. Key 0", "segment")
        self.opened = self._button("open 1", "Hold open", "Holds the gate open. Key 1", "segment")
        self.at_value = self._button(
            "at", "Hold at this value", "Holds the gate at the number beside it.", "segment"
        )
        self.wipe = self._button(
            "wipe 0", "Wipe", "Wipes the memory before this timestep reads it. Key 0", "segment"
        )
        self.swap = self._button(
            "swap", "Swap", "Puts the memory of another story in its place. Key S", "segment"
        )
        self.put_in = self._button(
            "put in", "Put in", "Puts this picture in before the playhead. Shift+Return", "segment"
        )
        self.exchange = self._button(
            "exchange",
            "Exchange",
            "Puts this picture in the place of the one at the playhead. Return",
            "segment",
        )
        self.leave_out = self._button(
            "leave out", "Leave out", "Leaves the event at the playhead out. Delete", "segment"
        )
        self.span = self._button(
            "", "Where it holds", "From here on, here only, or everywhere. Key H", "plain"
        )
        self.whose = self._button("", "Which units", "All units, or the one that is selected. Key A", "plain")
        self.value = QDoubleSpinBox(self)
        self.value.setDecimals(2)
        self.value.setSingleStep(0.1)
        self.value.setValue(0.5)
        self.value.setAccessibleName("The value to hold it at")
        self.value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.begin_shut = self._button(
            "", "Hold the forget gate shut", "Lets nothing be kept, anywhere, and asks. Shift+F", "plain"
        )
        self.begin_file = self._button(
            "Open a file ...",
            "Open what-ifs from a file",
            "Takes a list that was saved before (JSON).",
            "plain",
        )
        for button in (self.shut, self.opened, self.at_value, self.wipe, self.learned):
            button.setCheckable(True)
        for offered in (
            *(self.shut, self.opened, self.at_value, self.wipe, self.learned, self.swap),
            *(self.put_in, self.exchange, self.leave_out, self.span, self.whose, self.value),
            *(self.begin_shut, self.begin_file),
        ):
            offered.hide()  # until the row shows it
        for button, slot in (
            (self.before, self.turn_back),
            (self.after, self.turn_on),
            (self.one, self.turn_on),
            (self.undo, self.what_if.undo),
            (self.redo, self.what_if.redo),
            (self.flip, self.flip_world),
            (self.all_off, self.switch_all),
            (self.learned, self.take_back),
            (self.shut, self.hold_shut),
            (self.opened, self.hold_open),
            (self.at_value, self.hold_at_value),
            (self.wipe, self.hold_shut),
            (self.swap, self.swap_memory),
            (self.put_in, self.insert_event),
            (self.exchange, self.replace_event),
            (self.leave_out, self.take_back),
            (self.span, self.turn_span),
            (self.whose, self.turn_units),
            (self.begin_shut, self.begin_with_shut),
            (self.begin_file, self.begin_with_file),
        ):
            button.clicked.connect(slot)
            button.clicked.connect(self._take_keys)
        self.list.switched.connect(self._switch)
        self.list.removed.connect(self._remove)
        self.shelf.used.connect(self.replace_event)
        self.shelf.dropped.connect(self._dropped)
        self.shelf.chosen.connect(self._picture_chosen)

    def _button(self, title: str, name: str, help_sentence: str, kind: str) -> QPushButton:
        button = QPushButton(title, self)  # without a parent, showing it would open a window
        button.setProperty("kind", kind)
        button.setAccessibleName(name)
        button.setToolTip(help_sentence)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    # -- what is shown
    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """What is read, before any edit."""
        self._task = task
        self.what_if.show_sequence(sequence)
        self.refresh()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        theme = self.state.theme
        pictures = {self.undo: "rewind", self.redo: "redo", self.flip: "flip"}
        pictures |= {self.before: "earlier", self.after: "later"}
        for button, picture in pictures.items():
            set_icon(button, picture, theme, "muted", 16)
            button.setFixedSize(theme.px(30 if picture not in ("earlier", "later") else 22), theme.px(26))
            button.setStyleSheet("padding: 0px; min-height: 0px;")
        self.value.setFixedWidth(theme.px(76))
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
            chip = self._button(
                target.title, target.title, f"What if the {target.title.lower()} were another?", "segment"
            )
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
        for button in (self.before, self.one, self.after):
            button.setVisible(compact)
        target = self.target
        self.one.setText(target.title if target is not None else "")
        self.one.setChecked(True)
        self.one.setMinimumWidth(self.one.sizeHint().width() if compact else 0)
        for button in (self.undo, self.redo):
            button.setVisible(self.width() >= self.state.theme.px(ROOM_FOR_UNDO))  # or Ctrl+Z alone
        if compact:
            self.set_title("")

    def _show_actions(self) -> None:
        target = self.target
        timestep = self.what_if.changed_timestep
        widgets: list[QWidget] = []
        if target is not None and target.kind == "gate":
            widgets = [self.shut, self.opened, self.at_value, self.value, self.learned, self.span, self.whose]
        elif target is not None and target.kind == "memory":
            widgets = [self.wipe, self.at_value, self.value, self.swap, self.learned, self.span, self.whose]
        elif target is not None:
            widgets = [self.exchange, self.put_in, self.leave_out]
        if self._tight:
            kept = (self.shut, self.opened, self.wipe, self.swap, self.span)
            widgets = [
                each for each in widgets if each in kept or (each is self.whose and self._scope != "all")
            ]
        memory = target is not None and target.kind == "memory"
        self.at_value.setText("set to" if memory else "at")
        self.learned.setText("as it is" if memory else "as learned")
        if target is not None and (self.value.minimum(), self.value.maximum()) != (target.least, target.most):
            self.value.setRange(target.least, target.most)
        self.shut.setText("at 0" if target is not None and target.least < 0 else "shut 0")
        self.opened.setText("at 1" if target is not None and target.least < 0 else "open 1")
        self.span.setText(f"before t = {timestep + 1}" if memory else span_words(self._span, timestep))
        self.span.setEnabled(not memory)
        self.whose.setText(self._whose_words())
        self.swap.setEnabled(timestep > 0 and self.what_if.rival() is not None)
        self.learned.setEnabled(target is not None and self._is_changed(target))
        now = self._value_now(target, timestep)
        for button, holds in (
            (self.shut, now == 0.0),
            (self.opened, now == 1.0),
            (self.wipe, now == 0.0),
            (self.at_value, now not in (None, 0.0, 1.0)),
            (self.learned, now is None),
        ):
            button.setChecked(holds)
        self.choices.show_widgets(widgets)
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
        found: object = None
        for each in self.what_if.fitting(self.state.network) if target is not None else ():
            if (
                not isinstance(each, HoldQuantity | SetMemory)
                or target is None
                or each.units not in (None, self.units)
                or each.layer not in (None, self._shown_layer)
            ):
                continue
            if isinstance(each, HoldQuantity) and timestep not in each.held_timesteps(self.what_if.length):
                continue
            if isinstance(each, SetMemory) and each.at != timestep:
                continue
            if self._is_about(each, target):
                found = each.value
        return found

    def _is_changed(self, target: Target) -> bool:
        return any(
            self._is_about(each, target) for entry in self.what_if.entries for each in entry.interventions
        )

    @staticmethod
    def _is_about(each: Intervention, target: Target) -> bool:
        if isinstance(each, HoldQuantity):
            return target.kind == "gate" and each.quantity == target.name
        return isinstance(each, SetMemory) and target.kind == "memory" and each.state == target.name

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
        if not lines:
            self._offer_beginnings()
        self.undo.setEnabled(what_if.can_undo)
        self.redo.setEnabled(what_if.can_redo)
        self.all_off.setText("All off" if what_if.active else "All on")
        kind = "pending" if what_if.active else "plain"
        if self.all_off.property("kind") != kind:
            self.all_off.setProperty("kind", kind)
            refresh_style(self.all_off)
        self.all_off.setVisible(bool(what_if.entries))
        self.flip.setVisible(what_if.active)
        self.flip.setChecked(self.state.shows_changed)
        shown = "what would be" if self.state.shows_changed else "what is"
        if not self.compact:
            self.set_title("What if ...", f"{shown} is shown" if what_if.active else "")

    def _offer_beginnings(self) -> None:
        """What an empty list can begin with."""
        gates = forgetting_networks(self.state)
        trace = self.state.moment.traces.get(next(iter(gates), ""))
        if trace is not None:
            title = trace.description.quantity(gates[trace.network]).title[self.state.vocabulary]
            self.begin_shut.setText(f"Hold the {title[:1].lower()}{title[1:]} shut  ⇧F")
        self.list.offer([self.begin_shut, self.begin_file] if gates else [self.begin_file])

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
        if target.kind == "gate":
            self.what_if.add(
                hold(target, value, self._span, timestep, self.units, self.layer), network=network
            )
        else:
            self.what_if.add(set_memory(target, value, timestep, self.units, self.layer), network=network)
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
        self.apply(float(self.value.value()))

    @Slot()
    def swap_memory(self) -> None:
        """The memory of another story."""
        target = self.target
        if target is not None and target.kind == "memory" and self.swap.isEnabled():
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
            self.what_if.remove_where(lambda each: self._is_about(each, target))
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
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._keeps(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _keeps(self, event: QKeyEvent) -> bool:
        """Whether a key is the panel's while it has the keyboard."""
        plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if plain != Qt.KeyboardModifier.NoModifier:
            return False
        key = Qt.Key(event.key())
        if key in _KEPT:
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
        if not self._keeps(event):
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

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh_soon()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(200), self.state.theme.px(120))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what the answers leave

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            return
        theme = self.state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 1.5 * theme.scale))
        radius = theme.px(RADIUS)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), radius, radius)
        painter.end()


_KEPT = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Insert,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backspace,
    }
)
