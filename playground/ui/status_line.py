"""The line at the bottom: what the window shows, in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.tasks.task import EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import RunState
from playground.ui.monitor import RunMonitor
from playground.ui.page_table import page_help, shows_sequence
from playground.ui.run_words import path_words, preparation_words, replay_words, status_sentence
from playground.ui.state import UiState
from playground.ui.task_words import event_word
from playground.ui.text_sizes import text_width

NOTICE_MS = 8000
BAR_WIDTH = 90
TURN = 2
"""The frames it is painted in while news come quickly; see `RunMonitor.has_turn`."""
PATH_TEACHES = (
    "The fast path is code of this program that was compiled for this computer; the reference path is PyTorch. Both "
    "compute the same networks."
)
NEW_RUN_SENTENCE = "The networks of the new run are being made."
PENDING_ASIDE = "Changed settings wait: Apply starts a new run with them."
LOADING_SENTENCE = "The engine is loading: the window is ready, the networks will be in a moment."


class StatusLine(QWidget):
    """Says what is under the playhead, made from the trace shown; a notice (`state.set_status`) stays for 8 seconds.

    Painted by itself: a label would lay the window out again thirty times a second.
    """

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._monitor = monitor
        self._sentence = ""
        self._aside = ""
        self._tone = "muted"
        self._aside_gives_way = False
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Status")
        self._notice = QTimer(self)
        self._notice.setSingleShot(True)
        self._notice.setInterval(NOTICE_MS)
        self._notice.timeout.connect(self._notice_over)
        state.status_changed.connect(self._notice_came)
        state.timestep_changed.connect(self._timestep_changed)
        state.network_changed.connect(self._network_changed)
        state.page_changed.connect(self._network_changed)
        state.units_changed.connect(self.refresh)
        state.moment_changed.connect(self._news_came)
        state.layer_changed.connect(self._news_came)
        state.pending_changed.connect(self._pending_changed)
        state.appearance_changed.connect(self.restyle)
        monitor.state_changed.connect(self.refresh)
        monitor.snapshot_changed.connect(self._news_came)
        monitor.preparation_changed.connect(self.refresh)
        self.restyle()

    @property
    def sentence(self) -> str:
        """What it says now."""
        return self._sentence

    @property
    def aside(self) -> str:
        """What it says at the right: that changed settings wait, or the way of computing where that matters."""
        return self._aside

    @property
    def share(self) -> float | None:
        """How much of the bar at the right is full (0..1); None where nothing is prepared and there is no bar."""
        return self._share

    @Slot()
    def _news_came(self) -> None:
        if self._monitor.has_turn(TURN):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Find the sentence again."""
        sentence, tone = self._find()
        snapshot = self._monitor.snapshot
        aside = path_words(snapshot.path, snapshot.on_reference, self._state.vocabulary)
        if self._monitor.loading:
            aside = ""
        if self._state.pending:
            aside = PENDING_ASIDE
        preparation = self._monitor.preparation
        share = None if preparation is None else preparation.fraction
        if preparation is not None and not self._state.pending:
            aside = preparation_words(preparation)
        only_path = bool(aside) and not self._state.pending and preparation is None
        if only_path != self._aside_gives_way:
            self._aside_gives_way = only_path
            self.setToolTip(PATH_TEACHES if only_path else "")
        shown = (sentence, tone, aside, share)
        if shown != (self._sentence, self._tone, self._aside, self._share):
            self._sentence, self._tone, self._aside, self._share = shown
            self.setAccessibleDescription(sentence)
            self.update()

    def _find(self) -> tuple[str, str]:
        if self._state.status:
            return self._state.status, "text"
        failure = self._monitor.failure
        if failure is not None:
            return failure.sentence, "danger_ink"
        if self._monitor.travel is not None:
            return replay_words(self._monitor.travel), "pending_ink"
        if self._monitor.run_state is RunState.LOADING:
            return NEW_RUN_SENTENCE if self._monitor.engine_ready else LOADING_SENTENCE, "pending_ink"
        trace = self._state.trace
        if not shows_sequence(self._state.page):
            return page_help(self._state.page)[self._state.vocabulary], "muted"
        if trace is None:
            return "", "muted"
        task = self._monitor.task
        timestep = min(self._state.timestep, trace.length - 1)
        sentence = status_sentence(
            trace,
            task.answers,
            task.rivals,
            timestep,
            self._state.unit,
            self._state.vocabulary,
            event_word(task),
            _forecast(task, self._monitor.sequence, trace, timestep) if task.family == "series" else "",
        )
        return sentence, "text"

    @Slot(str)
    def _notice_came(self, sentence: str) -> None:
        if sentence:
            self._notice.start()
        self.refresh()

    @Slot()
    def _notice_over(self) -> None:
        self._state.set_status("")

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self._state.set_status("")  # the user went on: what was said has been read
        self.refresh()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        self.refresh()

    @Slot(bool)
    def _pending_changed(self, pending: bool) -> None:
        self.refresh()

    @Slot()
    def restyle(self) -> None:
        """Take sizes, colours and words from the state again."""
        self.setFixedHeight(self._state.theme.px(30))
        self.refresh()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.colour("border"))
        painter.setFont(theme.font(12))
        margin = theme.px(20)
        room = QRectF(self.contentsRect()).adjusted(margin, 1, -margin, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._share is not None:
            room.setRight(self._paint_bar(painter, room, self._share) - theme.px(10))
        metrics = painter.fontMetrics()
        beside = text_width(theme, self._aside, 12) + margin
        told = metrics.horizontalAdvance(self._sentence)
        # How it is computed is said where there is room; what is under the playhead always.
        if self._aside and not (self._aside_gives_way and told + beside > room.width()):
            painter.setPen(theme.colour("pending_ink" if self._state.pending else "muted"))
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, self._aside)
            room.setRight(room.right() - beside)
        painter.setPen(theme.colour(self._tone))
        text = self._sentence
        if told > room.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _paint_bar(self, painter: QPainter, room: QRectF, share: float) -> float:
        """A small bar at the right end of the room, full to this share; returns where it begins."""
        theme = self._state.theme
        width, height = theme.px(BAR_WIDTH), theme.px(4)
        ground = QRectF(room.right() - width, room.center().y() - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("border"))
        painter.drawRoundedRect(ground, height / 2, height / 2)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(
            QRectF(ground.left(), ground.top(), max(height, share * width), height), height / 2, height / 2
        )
        return ground.left()


def _forecast(task: Task, sequence: EventSequence, trace: SequenceTrace, timestep: int) -> str:
    """What a network forecasts of a series, in its unit; "" where what it reads is no part of the series any more."""
    from playground.ui.series_values import forecast_words  # a series is learned: then it is imported anyway

    return forecast_words(task, sequence, trace, timestep) if trace.length == sequence.length else ""
