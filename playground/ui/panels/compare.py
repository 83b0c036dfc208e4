"""Compare: two networks, or one at two moments of its training, side by side at the same timestep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from playground.contract.runner import TraceRequest
from playground.tasks.task import EventSequence, Task
from playground.trace.contributions import value_at
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.cell_words import figure, title_of
from playground.ui.monitor import RunMonitor
from playground.ui.panels.compare_pad import MomentPad, pad_rows
from playground.ui.panels.compare_words import (
    answer_words,
    cell_words,
    known_answers,
    legend,
    nearness,
    right_shares,
)
from playground.ui.panels.panel import Panel
from playground.ui.segment import Segment
from playground.ui.state import UiState
from playground.ui.step_partner import StepPartner
from playground.ui.vocabulary import network_title

BESIDE = 690
"""Unscaled width from which the field stands beside the words."""

Shares = dict[int, NDArray[np.float64]]
"""By update: (T,) the probability of the right answer at every timestep."""


class ComparePanel(Panel):
    """Chooses what stands below, puts both moments in one field, and says what both answer and what a unit has in both.

    While it is seen and the networks do not train, it asks for the traces of the updates in the field, one after the
    other, so that the field tells how the answers came about.
    """

    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__(state, "Compare")
        self._monitor = monitor
        self._task: Task | None = None
        self._sequence: EventSequence | None = None
        self._shares: dict[str, Shares] = {}
        self._request_id: int | None = None
        self._stale = True
        self.partner = StepPartner(state, monitor, self)
        self._build()
        self.partner.changed.connect(self.refresh)
        state.moment_changed.connect(self.refresh)
        state.layer_changed.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.timestep_changed.connect(self._timestep_changed)
        state.units_changed.connect(self.refresh)
        state.quantity_changed.connect(self._network_changed)
        monitor.state_changed.connect(self.refresh)
        monitor.run_changed.connect(self._run_changed)
        state.sequence_changed.connect(self._run_changed)
        self.restyle()

    def _build(self) -> None:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName("Network below")
        self.chooser.setToolTip("Which network stands below, in step with the one above.")
        self.chooser.activated.connect(self._chosen)
        self.pin = self._button("Pin this moment", "Keeps what stands above, as it is now, below. Key P.")
        self.unpin = self._button("Unpin", "What stands below shows the same moment of the run again.")
        self.same_time = QCheckBox("same timestep")
        self.same_time.setAccessibleName("Same timestep")
        self.same_time.setToolTip(
            "Both go through the sequence together; without it B stays at its timestep."
        )
        self.same_time.setChecked(True)
        self.same_time.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.moves = Segment(
            self.state,
            "What is moved",
            (
                ("A", "A", "Dragging in the field moves what stands above."),
                ("B", "B", "Dragging in the field moves what stands below."),
            ),
        )
        self.moves.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.moves.show_choice("A")
        self.pad = MomentPad(self.state, self.put)
        self.legend = QLabel()
        self.legend.setProperty("role", "muted")
        self.legend.setWordWrap(True)
        self.above, self.below, self.values = QLabel(), QLabel(), QLabel()
        for label in (self.above, self.below, self.values):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._first_row, self._second_row = QHBoxLayout(), QHBoxLayout()
        self.letter = QLabel("B is")
        for part in (self.letter, self.chooser, self.pin, self.unpin):
            self._first_row.addWidget(part)
        self._first_row.addStretch(1)
        self.drag_label = QLabel("Drag moves")
        for mover in (self.drag_label, self.moves, self.same_time):
            self._second_row.addWidget(mover)
        self._second_row.addStretch(1)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words, self._field = QVBoxLayout(), QVBoxLayout()
        self._words.addLayout(self._first_row)
        for label in (self.above, self.below, self.values):
            self._words.addWidget(label)
        self._words.addLayout(self._second_row)
        self._words.addStretch(1)
        self._field.addWidget(self.pad, 1)
        self._field.addWidget(self.legend)
        self._halves.addLayout(self._words, 0)
        self._halves.addLayout(self._field, 1)
        self.body.addLayout(self._halves, 1)
        self.pin.clicked.connect(self.partner.pin)
        self.unpin.clicked.connect(self.partner.follow)
        self.same_time.toggled.connect(self._same_time)
        self.moves.chosen.connect(self._moves_chosen)

    def _button(self, text: str, help_sentence: str) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setToolTip(help_sentence)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def restyle(self) -> None:
        """Take sizes and words again."""
        for row in (self._first_row, self._second_row, self._words, self._field):
            row.setSpacing(self.state.theme.px(8))
        self._halves.setSpacing(self.state.theme.px(8))
        self._fit_width()
        self.chooser.clear()
        self.refresh()

    def show_sequence(self, task: Task, sequence: EventSequence) -> None:
        """What was read."""
        if sequence is not self._sequence:
            self._forget_shares()
        self._task, self._sequence = task, sequence
        self.refresh()

    # -- what the user does
    def put(self, which: int, timestep: int, update: int | None) -> None:
        """Put one of both (0: above, 1: below) at a timestep and an update; None: now."""
        if which == 0:
            self.state.set_timestep(timestep)
            if update is None:
                self._monitor.back_to_now()
            else:
                self._monitor.go_to(update)
            return
        if self.same_time.isChecked():
            self.state.set_timestep(timestep)
        else:
            self.partner.go_to_timestep(timestep)
        self.partner.go_to(self._monitor.snapshot.update if update is None else update)

    @Slot(int)
    def _chosen(self, position: int) -> None:
        self.partner.choose_network(str(self.chooser.itemData(position)))

    @Slot(bool)
    def _same_time(self, same: bool) -> None:
        self.partner.hold_timestep(not same)

    @Slot(str)
    def _moves_chosen(self, key: str) -> None:
        self.pad.moves = 0 if key == "A" else 1

    # -- what is shown
    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._offer_networks()
        pinned = self.partner.pinned_update is not None
        self.unpin.setVisible(pinned)
        self.pin.setVisible(not pinned)
        held = self.partner.pinned_timestep is not None
        if self.same_time.isChecked() == held:
            self.same_time.blockSignals(True)
            self.same_time.setChecked(not held)
            self.same_time.blockSignals(False)
        self._say()
        self._show_pad()
        self._ask_on()

    def _offer_networks(self) -> None:
        networks = list(self.state.moment.traces)
        offered = [str(self.chooser.itemData(n)) for n in range(self.chooser.count())]
        if offered != networks:
            self.chooser.clear()
            for key in networks:
                self.chooser.addItem(network_title(key, self.state.vocabulary), key)
        position = self.chooser.findData(self.partner.network)
        if position >= 0 and position != self.chooser.currentIndex():
            self.chooser.setCurrentIndex(position)

    def _say(self) -> None:
        timestep = min(self.state.timestep, self.state.length - 1)
        self.above.setText(self._answer("A", self.state.trace, timestep))
        if self.partner.trace is None and self.partner.waiting:
            self.below.setText("<b>B</b> is on its way …")
        else:
            self.below.setText(self._answer("B", self.partner.trace, self.partner.timestep))
        self.values.setText(self._unit_words(timestep))

    def _answer(self, letter: str, trace: SequenceTrace | None, timestep: int) -> str:
        if trace is None or self._task is None:
            return f"<b>{letter}</b> Nothing has been read yet: press Train."
        timestep = min(timestep, trace.length - 1)
        sequence = self._sequence
        asked = sequence is not None and timestep < sequence.length and bool(sequence.asked[timestep])
        said = answer_words(trace, self._task.answers, timestep, asked)
        ink = self.state.theme.network_ink(trace.network).name()
        name = network_title(trace.network, self.state.vocabulary)
        return (
            f"<b>{letter}</b> <span style='color:{ink}'><b>{name}</b></span>, "
            f"t = {timestep + 1}, update {trace.update:,}: <b>{said}</b>"
        )

    def _unit_words(self, timestep: int) -> str:
        """The chosen quantity of the chosen unit in both."""
        trace, other = self.state.trace, self.partner.trace
        if trace is None or other is None:
            return ""
        unit, name = self.state.unit, self.state.quantity
        found = []
        for one, when in ((trace, timestep), (other, self.partner.timestep)):
            known = name in one.top.quantities and unit < one.top.units
            found.append(
                figure(float(value_at(one.top, name, min(when, one.length - 1))[unit])) if known else "none"
            )
        title = title_of(trace.description, name, self.state.vocabulary)
        return f"{title}, unit {unit + 1}: A {found[0]}, B {found[1]}"

    def _show_pad(self) -> None:
        moment, partner = self.state.moment, self.partner
        now = max(self._monitor.snapshot.update, moment.update)
        rows = pad_rows(self._monitor.record.kept_updates, now)
        self._keep_shares(moment.traces, moment.update)
        places = ((self.state.timestep, moment.update), (partner.timestep, partner.update))
        shown = self._shares.get(self.state.network, {})
        opened, name = self.state.trace, network_title(self.state.network, self.state.vocabulary)
        self.pad.say = partial(cell_words, self._task, opened)
        self.legend.setText(legend(self._task, opened, name))
        self.pad.show_run(rows, shown, self.state.length, places, moment.live)

    def _keep_shares(self, traces: Mapping[str, SequenceTrace], update: int) -> None:
        """Note how right every network was at this update; nothing where another sequence was read."""
        task, sequence = self._task, self._sequence
        for key, trace in traces.items():
            if trace.loss == "squared_error":
                if task is None or sequence is None or sequence.length != trace.length:
                    continue
                shares: NDArray[np.float64] | None = nearness(trace, sequence.asked, task.baseline()[0])
            else:
                known = known_answers(task, sequence) if task is not None and sequence is not None else None
                shares = right_shares(trace, known)
            if shares is not None:
                self._shares.setdefault(key, {})[update] = shares

    # -- the field fills
    def _ask_on(self) -> None:
        """The next update whose traces are not known yet, while nothing trains and the panel is seen."""
        if self._request_id is not None or self._monitor.training or not self.isVisible():
            return
        known = self._shares.get(self.state.network, {})
        missing = [row for row in self.pad.rows if row not in known]
        trace = self.state.trace
        if not missing or trace is None:
            return
        self._request_id = self._monitor.request(TraceRequest(update=missing[-1]), self._answered)

    def _answered(self, answer: TraceAnswer | RequestFailure) -> None:
        self._request_id = None
        if isinstance(answer, RequestFailure):
            return
        self._keep_shares(answer.traces, answer.update)
        if self.isVisible():
            self._show_pad()
            if answer.update in self._shares.get(self.state.network, {}):  # else it was another sequence
                self._ask_on()

    # -- what changes
    @Slot()
    def _run_changed(self) -> None:
        self._forget_shares()
        self.refresh()

    def _forget_shares(self) -> None:
        self._shares.clear()
        if self._request_id is not None:
            self._monitor.cancel(self._request_id)
            self._request_id = None

    @Slot(str)
    def _network_changed(self, _: str) -> None:
        self.refresh()

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self.refresh()

    def _fit_width(self) -> None:
        """The field stands below the words, or beside them where there is room."""
        wide = self.width() >= self.state.theme.px(BESIDE)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(across if wide else down)
        self._halves.setStretch(0, 1 if wide else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
