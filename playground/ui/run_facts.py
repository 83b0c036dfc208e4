"""Where the run is, in the top bar: painted in one place of fixed width, so that nothing moves while numbers grow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.monitor import RunMonitor
from playground.ui.run_words import rate_words, run_facts
from playground.ui.state import UiState

LONGEST = "update 888,888 · 88,888,888 sequences · seed 1 · 8,888 a second"


TURN = 2
"""The frames it is painted in while news come quickly; see `RunMonitor.has_turn`."""


class RunFacts(QWidget):
    """ "update 312 · 9,984 sequences · seed 1 · 48 a second"; an earlier moment that is shown says so in colour."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._monitor = monitor
        self._text = ""
        self._ink = "muted"
        self._roomy = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Where the run is")
        self.setToolTip(
            "How many updates every network has done, how many sequences it has seen, the run's seed, how fast."
        )
        for signal in (monitor.state_changed, monitor.run_changed):
            signal.connect(self.refresh)
        for signal in (monitor.snapshot_changed, state.moment_changed):
            signal.connect(self._news_came)
        state.appearance_changed.connect(self.restyle)
        self.restyle()

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    @Slot()
    def _news_came(self) -> None:
        if self._monitor.has_turn(TURN):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Take the numbers from the newest snapshot."""
        snapshot = self._monitor.snapshot
        moment = self._state.moment
        past = None if moment.live else moment.update
        text = run_facts(
            snapshot, self._monitor.experiment.training.seed, past, new_run=self._monitor.engine_ready
        )
        rate = "" if past is not None else rate_words(self._monitor.speed, snapshot.updates_per_second)
        text = f"{text} · {rate}" if rate else text
        ink = "pending_ink" if past is not None or self._monitor.loading else "muted"
        if (text, ink) != (self._text, self._ink):
            self._text, self._ink = text, ink
            self.updateGeometry()
            self.setAccessibleDescription(text)
            self.update()

    @Slot()
    def restyle(self) -> None:
        """Take sizes and colours from the theme again."""
        self.updateGeometry()
        self.refresh()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._state.theme.font(12))
        return QSize(metrics.horizontalAdvance(LONGEST), metrics.height())

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self._state.theme.font(12))
        return QSize(metrics.horizontalAdvance(self._needed()), metrics.height())

    def set_roomy(self, roomy: bool) -> None:
        """Whether there is room for more than the first fact."""
        if roomy != self._roomy:
            self._roomy = roomy
            self.updateGeometry()

    def _needed(self) -> str:
        if not self._state.moment.live:
            return "showing update 88,888 · the run is at 88,888" if self._roomy else "showing update 88,888"
        return "update 88,888 · 8,888,888 sequences" if self._roomy else "update 88,888"

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour(self._ink))
        painter.drawText(
            QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._fitting()
        )
        painter.end()

    def _fitting(self) -> str:
        """As many of the facts as there is room for, whole ones, the first first."""
        metrics = QFontMetrics(self._state.theme.font(12))
        facts = self._text.split(" · ")
        while len(facts) > 1 and metrics.horizontalAdvance(" · ".join(facts)) > self.width():
            facts.pop()
        return metrics.elidedText(" · ".join(facts), Qt.TextElideMode.ElideRight, self.width())
