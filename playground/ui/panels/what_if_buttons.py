"""The buttons of the What-if panel: what each says, and which of them a gate, a memory or the events need."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton, QWidget

from playground.ui.icons import set_icon
from playground.ui.panels.what_if_choices import Target
from playground.ui.theme import Theme

HOLDS = "segment"
"""The kind of a button that shows whether what it does is so."""


def make_button(parent: QWidget, title: str, name: str, help_sentence: str, kind: str) -> QPushButton:
    """A button of the panel, hidden until a row shows it."""
    button = QPushButton(title, parent)  # without a parent, showing it would open a window
    button.setProperty("kind", kind)
    button.setAccessibleName(name)
    button.setToolTip(help_sentence)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class WhatIfButtons:
    """All of them, as children of the panel, which connects them."""

    def __init__(self, parent: QWidget) -> None:
        def make(title: str, name: str, help_sentence: str, kind: str = HOLDS) -> QPushButton:
            return make_button(parent, title, name, help_sentence, kind)

        self.undo = make("", "Undo", "Takes the latest change of the list back. Ctrl+Z", "flat")
        self.redo = make("", "Redo", "Makes it again. Ctrl+Shift+Z", "flat")
        self.flip = make(
            "", "What is, or what would be", "Flips between what is and what would be. Key X", "flat"
        )
        self.flip.setCheckable(True)
        self.all_off = make("All off", "Switch everything off", "Switches everything off. Esc", "pending")
        self.before = make("", "What stands before", "What stands before in the list. Key Up", "flat")
        self.after = make("", "What comes next", "What comes next in the list. Key Down", "flat")
        self.one = make("", "What is changed", "What is changed with the buttons below.")
        self.learned = make("as learned", "As learned", "Takes all holds of this gate back. Delete")
        self.shut = make("shut 0", "Hold shut", "Holds the gate shut. Key 0")
        self.opened = make("open 1", "Hold open", "Holds the gate open. Key 1")
        self.at_value = make("at", "Hold at this value", "Holds the gate at the number beside it.")
        self.wipe = make("wipe 0", "Wipe", "Wipes the memory before this timestep reads it. Key 0")
        self.swap = make("swap", "Swap", "Puts the memory of another story in its place. Key S")
        self.put_in = make("put in", "Put in", "Puts this picture in before the playhead. Shift+Return")
        self.exchange = make(
            "exchange", "Exchange", "Puts this picture in the place of the one at the playhead. Return"
        )
        self.leave_out = make("leave out", "Leave out", "Leaves the event at the playhead out. Delete")
        self.span = make("", "Where it holds", "From here on, here only, or everywhere. Key H", "plain")
        self.whose = make("", "Which units", "All units, or the one that is selected. Key A", "plain")
        self.begin_shut = make(
            "", "Hold the forget gate shut", "Lets nothing be kept, anywhere, and asks. Shift+F", "plain"
        )
        self.begin_file = make(
            "Open a file ...",
            "Open what-ifs from a file",
            "Takes a list that was saved before (JSON).",
            "plain",
        )
        self.value = QDoubleSpinBox(parent)
        self.value.setDecimals(2)
        self.value.setSingleStep(0.1)
        self.value.setValue(0.5)
        self.value.setAccessibleName("The value to hold it at")
        self.value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for button in (self.one, self.shut, self.opened, self.at_value, self.wipe, self.learned):
            button.setCheckable(True)
        for offered in (*self.of_gates, *self.of_memories, *self.of_events, self.begin_shut, self.begin_file):
            offered.hide()  # until the row shows it

    # -- which are needed
    @property
    def of_gates(self) -> tuple[QWidget, ...]:
        """What a gate can be held with."""
        return (self.shut, self.opened, self.at_value, self.value, self.learned, self.span, self.whose)

    @property
    def of_memories(self) -> tuple[QWidget, ...]:
        """What a memory can be changed with."""
        return (self.wipe, self.at_value, self.value, self.swap, self.learned, self.span, self.whose)

    @property
    def of_events(self) -> tuple[QWidget, ...]:
        """What an event can be edited with."""
        return (self.exchange, self.put_in, self.leave_out)

    def needed(self, target: Target | None, *, sparing: bool, whose: bool) -> list[QWidget]:
        """The row for this target. `sparing`: only what fits on one line, and of the rest what is told nowhere else
        (`whose`: not all units are meant); everything has a key as well."""
        if target is None:
            return []
        row = {"gate": self.of_gates, "memory": self.of_memories, "events": self.of_events}[target.kind]
        if not sparing:
            return list(row)
        kept = {self.shut, self.opened, self.wipe, self.swap, self.span, *([self.whose] if whose else [])}
        return [each for each in row if each in kept]

    # -- what they say
    def name(self, target: Target | None) -> None:
        """Say what each does to this target."""
        memory = target is not None and target.kind == "memory"
        both_ways = target is not None and target.least < 0
        self.at_value.setText("set to" if memory else "at")
        self.learned.setText("as it is" if memory else "as learned")
        self.shut.setText("at 0" if both_ways else "shut 0")
        self.opened.setText("at 1" if both_ways else "open 1")
        self.span.setEnabled(not memory)
        if target is not None and (self.value.minimum(), self.value.maximum()) != (target.least, target.most):
            self.value.setRange(target.least, target.most)

    def show_value(self, now: object) -> None:
        """Tick the one that is so. `now`: what the target is held at or set to; None: it is as learned."""
        for button, holds in (
            (self.shut, now == 0.0),
            (self.opened, now == 1.0),
            (self.wipe, now == 0.0),
            (self.at_value, now not in (None, 0.0, 1.0)),
            (self.learned, now is None),
        ):
            button.setChecked(holds)

    def restyle(self, theme: Theme) -> None:
        """Take colours and sizes again."""
        pictures = {self.undo: "rewind", self.redo: "redo", self.flip: "flip"}
        pictures |= {self.before: "earlier", self.after: "later"}
        for button, picture in pictures.items():
            set_icon(button, picture, theme, "muted", 16)
            button.setFixedSize(theme.px(30 if picture not in ("earlier", "later") else 22), theme.px(26))
            button.setStyleSheet("padding: 0px; min-height: 0px;")
        self.value.setFixedWidth(theme.px(76))
