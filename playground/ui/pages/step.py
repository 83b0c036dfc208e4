"""The Step page: one timestep at a time through one sequence, with the inside of one network at each of them."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.contract.runner import TraceRequest
from playground.tasks.task import EventSequence, Task
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.panels.answer_tables import without_gap
from playground.ui.panels.cell_diagram import CellDiagram
from playground.ui.panels.cell_partner import PartnerDiagram
from playground.ui.panels.compare import ComparePanel
from playground.ui.panels.event_marks import strip_marks
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.forecast_row import ForecastRow
from playground.ui.panels.formula import FormulaPanel
from playground.ui.panels.moment_sign import MomentSign
from playground.ui.panels.network_chooser import NetworkChooser
from playground.ui.panels.panel import EDGE, Panel
from playground.ui.panels.prediction import PredictionPanel
from playground.ui.panels.step_controls import StepControls
from playground.ui.panels.step_side import StepSide
from playground.ui.panels.what_if_rows import WhatIfRows
from playground.ui.plots.time_rows import TimeStack
from playground.ui.shown_sequence import ShownSequence
from playground.ui.state import UiState
from playground.ui.step_tabs import STEP_TABS
from playground.ui.what_if import WhatIf

DIAGRAM_SHARE, SIDE_SHARE = 64, 36
"""Of the width."""
LOW_STRIP = 58
"""Unscaled height of the strip in a lecture on a small projector: pictures only."""
ROOM_FOR_WORDS = 160
"""Unscaled width that the sentence of the head keeps beside heading, button and networks."""
LOWEST_STRIP = 26
"""The same above the forecast of a series."""
ROOM_FOR_SUM_AND_ANSWERS = 900
"""Unscaled height of the page from which an unfolded sum has room beside the answers."""
ROOM_FOR_ALL = 640
"""Unscaled height of the page from which the strip has the number of each timestep, and the head two lines."""
ROOM_FOR_ROWS = 740
"""Unscaled height of the page from which a what-if is shown over time, below the strip."""


class StripCard(Panel):
    """The event strip on a card: click or wheel moves the playhead."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "", parent)
        self.set_title("")
        self.setAccessibleName("The sequence")
        self.strip = EventStripRow(state, numbers=True)
        self.forecast = ForecastRow(state)
        self.forecast.hide()
        self.stack = TimeStack(state)
        self.forecast.setParent(self.stack)  # only a series shows it
        self.stack.set_rows([self.strip])
        self.body.addWidget(self.stack)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._sequence: EventSequence | None = None
        self._is_series = False
        self.restyle()

    def show_sequence(self, sequence: EventSequence) -> None:
        """Show the events of this sequence."""
        self._sequence = sequence
        self.strip.show_events(sequence.events)
        self.restyle()

    def show_forecasts(self, task: Task, sequence: EventSequence) -> None:
        """Of a series: what the networks forecast of each of these values."""
        self._is_series = task.family == "series"
        if self._is_series:
            self.forecast.show_sequence(task, sequence)
        self.stack.set_rows([self.strip, self.forecast] if self._is_series else [self.strip])

    def set_low(self, low: bool, numbers: bool) -> None:
        """Pictures only, or also names and the numbers of the timesteps."""
        self.strip.set_numbers(numbers and not self._is_series)
        self.forecast.set_low(low)
        height = LOW_STRIP if low or self._is_series else 84 if numbers else 70
        if self._is_series and self.state.lecture:
            height = LOWEST_STRIP  # the value alone: the forecast needs the room
        if height != self.strip.base_height:
            self.strip.base_height = height
            self.strip.rescale()
        margin = self.state.theme.px(16)
        edge = self.state.theme.px(3 if low else 10)
        self._layout.setContentsMargins(margin, edge, margin, edge)

    def restyle(self) -> None:
        """Take sizes and words again, and fold a long row of flowers where the strip says so."""
        if self._sequence is not None:
            self.stack.set_timeline(self._sequence.length, self.strip.fold)


class StepPage(QWidget):
    """Composition, and two rules: stepping while the networks train pins the moment shown; and stepping never asks the
    network, it indexes the traces of that moment."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._monitor = state, monitor
        self.setAccessibleName("Step through one sequence")
        self._task: Task | None = None
        self._sequence: EventSequence | None = None
        self._events_shown: EventSequence | None = None
        self._shown: ShownSequence | None = None
        self._question_id: int | None = None
        self._asked_about: tuple[int, int] = (-1, -1)
        self.heading = QLabel("Step through one sequence")
        self.heading.setProperty("role", "title")
        self.sentence = FittingText(state)
        self.chooser = NetworkChooser(state)
        self.strip_card = StripCard(state)
        self.what_if_rows = WhatIfRows(state)
        self.controls = StepControls(state)
        self.controls.play_on = self._play_on
        self.moment_sign = MomentSign(state, monitor)
        self.diagram = CellDiagram(state)
        self.partner_diagram: PartnerDiagram | None = None
        self.side = StepSide(state, monitor)
        self.prediction = PredictionPanel(state)
        self._answers_soon = QTimer(self)
        self._answers_soon.setSingleShot(True)
        self._answers_soon.timeout.connect(self._fit_answers)
        self._compose()
        self.what_if = WhatIf.of(state, monitor)
        self.strip_card.strip.edit_wanted.connect(self.what_if.edit_shown)
        self.side.turned.connect(self._tab_turned)
        self.diagram.value_chosen.connect(self._value_chosen)
        self.formula.column_wanted.connect(self._fit_answers)
        state.what_if_changed.connect(self._show_world)
        state.timestep_changed.connect(self._timestep_changed)
        state.network_changed.connect(self._network_changed)
        state.sequence_changed.connect(self._sequence_changed)
        state.moment_changed.connect(self._moment_changed)
        state.appearance_changed.connect(self.restyle)
        monitor.experiment_changed.connect(self._experiment_changed)
        monitor.run_changed.connect(self._run_changed)
        monitor.state_changed.connect(self._moment_changed)
        self._experiment_changed()
        self.restyle()

    def _compose(self) -> None:
        self._head = QHBoxLayout()
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.addWidget(self.heading)
        self._words.addWidget(self.sentence)
        self._head.addLayout(self._words, 1)
        self.another = QPushButton("Another sequence")
        self.another.setProperty("kind", "flat")
        self.another.setAccessibleName("Another sequence")
        self.another.setToolTip("Shows the next of the sequences that no network is trained on. Key A.")
        self.another.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.another.clicked.connect(self._monitor.show_another)
        self._head.addWidget(self.another, 0, Qt.AlignmentFlag.AlignVCenter)
        self._chooser_place = QWidget()
        place = QHBoxLayout(self._chooser_place)
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.chooser)
        self._head.addWidget(self._chooser_place, 0, Qt.AlignmentFlag.AlignVCenter)
        self._transport = QHBoxLayout()
        self._steering = QHBoxLayout()
        self._steering.addWidget(self.controls, 1)
        self._steering.addWidget(self.moment_sign)
        self._tab_row = QHBoxLayout()
        self._tab_row.addStretch(1)
        self._transport.addLayout(self._steering, DIAGRAM_SHARE)
        self._transport.addLayout(self._tab_row, SIDE_SHARE)
        self._side = QWidget()
        self._side_box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._side)
        self._side_box.setContentsMargins(0, 0, 0, 0)
        self._side_box.addWidget(self.side, 1)
        self._side_box.addWidget(self.prediction, 0)
        self._columns = QHBoxLayout()
        self._left = QWidget()
        self._diagrams = QVBoxLayout(self._left)
        self._diagrams.setContentsMargins(0, 0, 0, 0)
        self._diagrams.addWidget(self.diagram, 1)
        self._columns.addWidget(self._left, DIAGRAM_SHARE)
        self._columns.addWidget(self._side, SIDE_SHARE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.strip_card)
        self._column.addWidget(self.what_if_rows)
        self._column.addLayout(self._transport)
        self._column.addLayout(self._columns, 1)
        for panel in (self.diagram, self.side, self.prediction):
            panel.installEventFilter(self)

    # -- what the shell asks
    def lecture_groups(self) -> list[list[QWidget]]:
        """The sequence with the cell; the sequence with the open tab and the answers."""
        return [[self.strip_card, self.diagram], [self.strip_card, self.side, self.prediction]]

    def opened_panel(self) -> QWidget | None:
        """The tab that was opened, if it is not the first one: a lecture begins there."""
        return self.side if self.side.key != STEP_TABS[0].key else None

    def previous_timestep(self) -> None:
        """One event back."""
        self.controls.go_back()

    def next_timestep(self) -> None:
        """One event on."""
        self.controls.go_on()

    def toggle_play(self) -> None:
        """Play the sequence, or stop."""
        self.controls.toggle_play()

    def jump(self, timestep: int) -> None:
        """To this timestep (0-based)."""
        self.state.set_timestep(timestep)

    # -- the tabs
    @property
    def formula(self) -> FormulaPanel:
        """The panel of the first tab."""
        panel = self.side.panel("formula")
        assert isinstance(panel, FormulaPanel)
        return panel

    def open_tab(self, key: str) -> None:
        """Open a tab of the card at the side."""
        self.side.open(key)

    # -- two diagrams
    def pin_moment(self) -> None:
        """Keep the network that is opened, as it is at this update, below; go on above."""
        self.side.open("compare")
        panel = self.side.panel("compare")
        if isinstance(panel, ComparePanel):
            panel.partner.pin()

    def _fit_partner(self) -> None:
        """The second diagram stands below the first while they are compared; in a lecture they have the page alone."""
        comparing = self.side.key == "compare"
        if comparing and self.partner_diagram is None:
            panel = self.side.panel("compare")
            assert isinstance(panel, ComparePanel)
            self.partner_diagram = PartnerDiagram(self.state, panel.partner)
            self.partner_diagram.hide()
            self._diagrams.addWidget(self.partner_diagram, 1)
            self.diagram.stage_changed.connect(self.partner_diagram.show_role)
            if self._events_shown is not None:
                self.partner_diagram.show_events(self._events_shown.events)
        if self.partner_diagram is None:
            return
        shown = comparing and not self.diagram.isHidden()
        self._diagrams.setSpacing(self.state.theme.px(8))
        self.diagram.set_beside(shown)
        self.partner_diagram.setVisible(shown)
        alone = shown and self.state.lecture
        if self.strip_card.isHidden() != alone:
            self.strip_card.setVisible(not alone)
        for part in (self.controls, self.moment_sign):
            part.setVisible(not alone)
        self._show_chooser_or_tabs()

    @property
    def up_to_date(self) -> bool:
        """Whether strip, diagram, sum and answers all show the same timestep: the last two follow a moment later."""
        return not (self.formula.waiting or self.prediction.waiting)

    # -- sub-steps
    def open_stage(self, number: int) -> None:
        """Show a sub-step of this timestep (0-based); -1: all of it."""
        self.diagram.open_stage(number)

    def turn_stage(self, direction: int) -> None:
        """The next sub-step (1) or the one before (-1), over the ends of the timestep."""
        self.diagram.turn_stage(direction)

    def _play_on(self) -> bool | None:
        """While a sub-step is open, the sequence is played gate by gate; whether there is more, None: none is open."""
        return self.diagram.play_on() if self.diagram.stage is not None else None

    # -- where a number comes from
    @Slot(str, int)
    def _value_chosen(self, quantity: str, unit: int) -> None:
        """A value in the diagram was clicked: its sum stands beside it, unfolded."""
        if self.side.key == "formula":
            self.formula.set_unfolded(True)

    def toggle_unfolded(self) -> None:
        """Unfold the sum of the number that was chosen last, or fold it."""
        self.side.open("formula")
        self.formula.toggle_unfolded()

    def follow_back(self) -> None:
        """Back to the value that was looked at before; from the first one, the sum is folded."""
        self.formula.back()

    @Slot()
    def _fit_answers(self) -> None:
        """The answers stand below the tab's panel, unless that needs the whole column."""
        if self.state.lecture and self.side.isHidden():
            return  # the group of panels that is shown has neither
        unfolded = self.side.key == "formula" and self.formula.unfolded
        low = self.state.lecture or self.height() < self.state.theme.px(ROOM_FOR_SUM_AND_ANSWERS)
        self.prediction.setVisible(self.side.tab.beside_answers and not (unfolded and low))

    def give_keys_to_tab(self) -> None:
        """The keyboard to the panel of the open tab, where it has keys of its own."""
        panel = self.side.panel(self.side.key)
        if panel.focusPolicy() == Qt.FocusPolicy.StrongFocus:
            panel.setFocus()

    @Slot(str)
    def _tab_turned(self, key: str) -> None:
        self.diagram.pins_by_click = getattr(self.side.panel(key), "pins_by_click", False)
        self._fit_answers()
        self._fit_partner()
        self.strip_card.strip.set_editable(key == "what_if" and self.what_if.editable)
        self._fit_height()

    # -- what is shown
    @Slot()
    def restyle(self) -> None:
        """Take sizes and words again."""
        theme, lecture = self.state.theme, self.state.lecture
        self._transport.setSpacing(theme.px(12))
        self._transport.setStretchFactor(self._tab_row, 0 if lecture else SIDE_SHARE)
        self._steering.setSpacing(theme.px(12))
        self._head.setSpacing(theme.px(16))
        self.heading.setVisible(not lecture)
        self.sentence.setVisible(not lecture)
        self._show_another_button()
        # In a lecture one row has both: who is opened, and the transport.
        wanted = self._transport if lecture else self._head
        if wanted.indexOf(self._chooser_place) < 0:
            (self._head if lecture else self._transport).removeWidget(self._chooser_place)
            wanted.insertWidget(0 if lecture else 2, self._chooser_place, 0, Qt.AlignmentFlag.AlignVCenter)
        (self._tab_row if lecture else self._transport).removeWidget(self.side.bar)
        (self._transport if lecture else self._tab_row).insertWidget(0, self.side.bar)
        self._show_chooser_or_tabs()
        self._fit_partner()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._side_box.setDirection(across if lecture else down)
        self._side_box.setStretch(1, 1 if lecture else 0)
        self._fit_height()
        self._fit_transport()
        self._say_which()

    def _show_another_button(self) -> None:
        """Where the probe is shown: another one has its own button, in the line that names it."""
        possible = self._monitor.shown is None and bool(self.state.moment.traces)
        beside = (self.heading, self.another, self.chooser)
        needed = sum(part.sizeHint().width() for part in beside) + self.state.theme.px(ROOM_FOR_WORDS)
        self.another.setVisible(possible and not self.state.lecture and needed <= self.width())

    def _show_chooser_or_tabs(self) -> None:
        """In a lecture one row has who is opened, or, beside their panel, the tabs: N opens the next network anyway."""
        tabs = not self.side.isHidden()
        alone = (
            self.state.lecture and self.partner_diagram is not None and not self.partner_diagram.isHidden()
        )
        self._chooser_place.setVisible(not (self.state.lecture and tabs) and not alone)
        self.chooser.setVisible(len(self.chooser.networks) > 1)  # it may have been made before it had a place
        self.side.bar.setVisible(tabs)

    def _fit_height(self) -> None:
        """One row for head and sentence and a lower strip where the page is low."""
        theme = self.state.theme
        low = self.height() < theme.px(ROOM_FOR_ALL)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        gap = theme.px(8 if low else 12)
        self._column.setSpacing(gap)
        self._columns.setSpacing(theme.px(12))
        self._side_box.setSpacing(gap)
        self._words.setDirection(across if low else down)
        self._words.setSpacing(theme.px(14) if low else 0)
        self._words.setStretch(1, 1 if low else 0)
        self.strip_card.set_low(low, numbers=not low)
        self._show_what_if_rows()
        for panel in (self.side.panel(self.side.key), self.prediction):
            panel.set_edge(EDGE if not low else 8)

    def _fit_transport(self) -> None:
        """The controls take what the chooser (in a lecture) and the sign of the moment leave."""
        gap = self._transport.spacing()
        if self.state.lecture:
            first = self._chooser_place if self.side.isHidden() else self.side.bar
            taken = first.sizeHint().width() + self.moment_sign.minimumSizeHint().width() + 3 * gap
            self.controls.fit(self.width() - taken)
            # The sign says less rather than cutting off where the playhead stands.
            left = self.width() - first.sizeHint().width() - self.controls.sizeHint().width() - 3 * gap
            self.moment_sign.setMaximumWidth(max(self.moment_sign.minimumSizeHint().width(), left))
        else:
            half = (self.width() - gap) * DIAGRAM_SHARE // (DIAGRAM_SHARE + SIDE_SHARE)
            self.moment_sign.setMaximumWidth(max(self.moment_sign.minimumSizeHint().width(), half // 3))
            self.controls.fit(half - gap - max(self.moment_sign.minimumSizeHint().width(), half // 5))

    def _say_which(self) -> None:
        trace = self.state.trace
        if trace is None:
            self.sentence.say(
                "Nothing has been read yet: press Train, or do one update, then come back.", "Press Train."
            )
            self.sentence.setToolTip("")
            return
        which = trace.description.running[self.state.vocabulary]
        self.sentence.say(f"One event at a time, forward and back. {which}", which, f"{which.split(':')[0]}.")
        self.sentence.setToolTip(trace.description.source)

    @Slot()
    def _experiment_changed(self) -> None:
        self._sequence_changed()

    @Slot()
    def _sequence_changed(self) -> None:
        """Another sequence is shown. Its traces come with the moment, right after this."""
        self._forget_question()
        self._asked_about = (-1, -1)
        self._task, self._sequence = self._monitor.task, self._monitor.sequence
        self.prediction.show_sequence(self._task, self._sequence, self._monitor.shown)
        self.prediction.show_without_gap({})
        self.side.show_sequence(self._task, self._sequence)
        self.strip_card.show_forecasts(self._task, self._sequence)
        self.what_if_rows.pairs.show_task(self._task)
        self._show_world()

    @Slot()
    def _show_world(self) -> None:
        """Show the events that come in: the true ones, or those of the what-if."""
        if self._sequence is None:
            return
        view = self.state.what_if if self.state.page == "step" else None
        changed = view is not None and self.state.shows_changed
        sequence = view.sequence if view is not None and changed else self._sequence
        if sequence is not self._events_shown:
            self._events_shown = sequence
            self.strip_card.show_sequence(sequence)
            self.diagram.show_events(sequence.events)
            if self.partner_diagram is not None:
                self.partner_diagram.show_events(sequence.events)
            self.controls.show_questions([t for t, asked in enumerate(sequence.asked) if asked])
        marks = None
        if view is not None and changed:
            trace = self.state.true_trace
            marks = strip_marks(
                view.slots,
                view.true_sequence.events,
                view.sequence.length,
                view.interventions,
                trace.description if trace is not None else None,
            )
        self.strip_card.strip.show_marks(marks)
        self._show_what_if_rows()

    def _show_what_if_rows(self) -> None:
        """Both worlds over time, below the strip where there is room; elsewhere they stand in the panel."""
        room = not self.state.lecture and self.height() >= self.state.theme.px(ROOM_FOR_ROWS)
        self.what_if_rows.setVisible(room and self.what_if_rows.pairs.wanted)

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        if not self.isVisible():
            return
        moment = self.state.moment
        stepped = moment.shown is self._shown  # or the playhead came with another sequence
        if stepped and moment.live and moment.traces and self._monitor.training:
            self.state.set_moment(dataclasses.replace(moment, live=False))
        self._ask_without_gap()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self._say_which()

    @Slot()
    def _moment_changed(self) -> None:
        self._shown = self._monitor.shown
        self._show_another_button()
        if self.isVisible():
            self._fit_transport()
            self._say_which()
            self._ask_without_gap()

    # -- what the networks knew without the gap
    def _ask_without_gap(self) -> None:
        """Once for every moment that stays: the same sequence without its fillers, to know who lost it on the way."""
        moment, sequence, timestep = self.state.moment, self._sequence, self.state.timestep
        if sequence is None or not moment.traces or (moment.live and self._monitor.training):
            return
        about = (moment.run_id, moment.update)
        if about == self._asked_about or timestep >= sequence.length or not sequence.asked[timestep]:
            return
        short = None if self._task is None else without_gap(self._task, sequence, timestep)
        if short is None:
            return
        self._forget_question()
        self._asked_about = about
        request = TraceRequest(sequence=short, update=None if moment.live else moment.update)
        self._question_id = self._monitor.request(request, self._answered)

    def _answered(self, answer: TraceAnswer | RequestFailure) -> None:
        self._question_id = None
        if isinstance(answer, TraceAnswer):
            self.prediction.show_without_gap(answer.traces)

    def _forget_question(self) -> None:
        if self._question_id is not None:
            self._monitor.cancel(self._question_id)
            self._question_id = None

    @Slot()
    def _run_changed(self) -> None:
        self._forget_question()
        self._asked_about = (-1, -1)
        self.prediction.show_without_gap({})

    # -- Qt
    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or -event.angleDelta().x()
        if turn:
            self.state.set_timestep(self.state.timestep + (-1 if turn > 0 else 1))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
        self._fit_transport()
        self._show_another_button()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say_which()
        self._ask_without_gap()

    def hideEvent(self, event: QHideEvent) -> None:
        self.controls.stop()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            if watched is self.prediction and event.type() == QEvent.Type.ShowToParent:
                self._answers_soon.start()  # a lecture that ends shows whatever it has hidden
            # A column of hidden panels would still take its share of the width.
            self._side.setVisible(not (self.side.isHidden() and self.prediction.isHidden()))
            self._fit_partner()
            # A layout without visible widgets would still take its share, too.
            self._columns.setStretch(0, 0 if self.diagram.isHidden() else DIAGRAM_SHARE)
            self._show_chooser_or_tabs()
            self._fit_transport()  # the networks take more of the row than the tabs
        return False
