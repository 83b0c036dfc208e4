"""The Step page: one timestep at a time through one sequence, with the inside of one network at each of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.contract.runner import TraceRequest
from playground.tasks.task import EventSequence, Task
from playground.trace.snapshot import RequestFailure, TraceAnswer
from playground.ui.monitor import RunMonitor
from playground.ui.panels.cell_diagram import CellDiagram
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.fitting_text import FittingText
from playground.ui.panels.formula import FormulaPanel
from playground.ui.panels.moment_sign import MomentSign
from playground.ui.panels.network_chooser import NetworkChooser
from playground.ui.panels.panel import Panel
from playground.ui.panels.prediction import PredictionPanel
from playground.ui.panels.prediction_words import without_fillers
from playground.ui.panels.step_controls import StepControls
from playground.ui.panels.step_side import StepSide
from playground.ui.plots.time_rows import TimeStack
from playground.ui.state import Moment, UiState

DIAGRAM_SHARE, SIDE_SHARE = 64, 36
"""Of the width."""
LOW_STRIP = 58
"""Unscaled height of the strip in a lecture on a small projector: pictures only."""
ROOM_FOR_ALL = 640
"""Unscaled height of the page from which the strip has the number of each timestep, and the head two lines."""


class StripCard(Panel):
    """The event strip on a card: click or wheel moves the playhead."""

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "", parent)
        self.set_title("")
        self.setAccessibleName("The sequence")
        self.strip = EventStripRow(state, numbers=True)
        self.stack = TimeStack(state)
        self.stack.set_rows([self.strip])
        self.body.addWidget(self.stack)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._sequence: EventSequence | None = None
        self.restyle()

    def show_sequence(self, sequence: EventSequence) -> None:
        """Show the events of this sequence."""
        self._sequence = sequence
        self.strip.show_events(sequence.events)
        self.restyle()

    def set_low(self, low: bool, numbers: bool) -> None:
        """Pictures only, or also names and the numbers of the timesteps."""
        self.strip.set_numbers(numbers)
        height = LOW_STRIP if low else 84 if numbers else 70
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
        self._question_id: int | None = None
        self._asked_about: tuple[int, int] = (-1, -1)
        self.heading = QLabel("Step through one sequence")
        self.heading.setProperty("role", "title")
        self.sentence = FittingText(state)
        self.chooser = NetworkChooser(state)
        self.strip_card = StripCard(state)
        self.controls = StepControls(state)
        self.moment_sign = MomentSign(state, monitor)
        self.diagram = CellDiagram(state)
        self.side = StepSide(state, monitor)
        self.prediction = PredictionPanel(state)
        self._compose()
        self.side.turned.connect(self._tab_turned)
        state.timestep_changed.connect(self._timestep_changed)
        state.network_changed.connect(self._network_changed)
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
        self._columns.addWidget(self.diagram, DIAGRAM_SHARE)
        self._columns.addWidget(self._side, SIDE_SHARE)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.strip_card)
        self._column.addLayout(self._transport)
        self._column.addLayout(self._columns, 1)
        for panel in (self.diagram, self.side, self.prediction):
            panel.installEventFilter(self)

    # -- what the shell asks
    def lecture_groups(self) -> list[list[QWidget]]:
        """The sequence with the cell; the sequence with the open tab and the answers."""
        return [[self.strip_card, self.diagram], [self.strip_card, self.side, self.prediction]]

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

    @Slot(str)
    def _tab_turned(self, key: str) -> None:
        self.prediction.setVisible(self.side.tab.beside_answers)

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
        # In a lecture one row has both: who is opened, and the transport.
        wanted = self._transport if lecture else self._head
        if wanted.indexOf(self._chooser_place) < 0:
            (self._head if lecture else self._transport).removeWidget(self._chooser_place)
            wanted.insertWidget(0 if lecture else 1, self._chooser_place, 0, Qt.AlignmentFlag.AlignVCenter)
        (self._tab_row if lecture else self._transport).removeWidget(self.side.bar)
        (self._transport if lecture else self._tab_row).insertWidget(0, self.side.bar)
        self._show_chooser_or_tabs()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._side_box.setDirection(across if lecture else down)
        self._side_box.setStretch(1, 1 if lecture else 0)
        self._fit_height()
        self._fit_transport()
        self._say_which()

    def _show_chooser_or_tabs(self) -> None:
        """In a lecture one row has who is opened, or, beside their panel, the tabs: N opens the next network anyway."""
        tabs = not self.side.isHidden()
        self._chooser_place.setVisible(not (self.state.lecture and tabs))
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

    def _fit_transport(self) -> None:
        """The controls take what the chooser (in a lecture) and the sign of the moment leave."""
        gap = self._transport.spacing()
        if self.state.lecture:
            first = self._chooser_place if self.side.isHidden() else self.side.bar
            taken = first.sizeHint().width() + self.moment_sign.minimumSizeHint().width() + 3 * gap
            self.controls.fit(self.width() - taken)
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
        self._task = self._monitor.task
        self._sequence = self._task.probe()
        self.strip_card.show_sequence(self._sequence)
        self.diagram.show_events(self._sequence.events)
        self.prediction.show_sequence(self._task, self._sequence)
        self.side.show_sequence(self._task, self._sequence)
        self.controls.show_questions([t for t, asked in enumerate(self._sequence.asked) if asked])

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        if not self.isVisible():
            return
        moment = self.state.moment
        if moment.live and moment.traces and self._monitor.training:
            self.state.set_moment(Moment(moment.run_id, moment.update, moment.traces, live=False))
        self._ask_without_gap()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self._say_which()

    @Slot()
    def _moment_changed(self) -> None:
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
        names = without_fillers(sequence.events, timestep)
        if self._task is None or len(names) in (timestep + 1, 0):
            return
        self._forget_question()
        self._asked_about = about
        request = TraceRequest(
            sequence=self._task.sequence(names), update=None if moment.live else moment.update
        )
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say_which()
        self._ask_without_gap()

    def hideEvent(self, event: QHideEvent) -> None:
        self.controls.stop()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            # A column of hidden panels would still take its share of the width.
            self._side.setVisible(not (self.side.isHidden() and self.prediction.isHidden()))
            self._show_chooser_or_tabs()
        return False
