"""The Memory page: short-term against long-term memory, RNN against LSTM, on one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.trace.snapshot import HorizonAnswer
from playground.trace.verdict import MemoryVerdict, Verdict, memory_verdict
from playground.ui.panels.memory_half_life import HalfLifePanel
from playground.ui.panels.memory_horizon import HorizonPanel
from playground.ui.panels.memory_inquiry import MemoryInquiries
from playground.ui.panels.memory_stack import MemoryStackPanel
from playground.ui.panels.memory_verdicts import VerdictPanel
from playground.ui.panels.memory_words import (
    LATCHED_BELOW,
    PAGE_TITLE,
    fillers_in_words,
    latched_sentence,
    page_sentence,
)
from playground.ui.panels.panel import Panel
from playground.ui.state import UiState

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

SIDE_WIDTHS = ((1700, 380), (1250, 324), (1100, 304), (0, 264))
"""How wide the cards at the side are, by the least width of the page (unscaled px)."""
QWIDGETSIZE_MAX = (1 << 24) - 1


def verdicts_of(answer: HorizonAnswer, chance: float) -> dict[str, MemoryVerdict]:
    """By network: what its right answers say."""
    return {
        key: memory_verdict(answer.distances, right, answer.asked, chance)
        for key, right in answer.right.items()
    }


def _same(first: tuple[object, ...], second: tuple[object, ...]) -> bool:
    """Whether two records of what is shown are alike: the same objects, or equal plain values."""
    return len(first) == len(second) and all(
        a is b or (isinstance(a, str | int | bool) and a == b) for a, b in zip(first, second, strict=True)
    )


class MemoryPage(QWidget):
    """Puts the big card and the small ones together, asks for what they show, and says in one sentence what it means.

    While the networks train, everything on the page comes from one answer, so that all of it is about the same
    update; otherwise it is about the moment shown. Hidden, the page asks nothing.
    """

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._monitor = state, monitor
        self.setAccessibleName(PAGE_TITLE)
        self.inquiries = MemoryInquiries(state, monitor, self._answered)
        self.heading = QLabel(PAGE_TITLE)
        self.heading.setProperty("role", "title")
        self.sentence = QLabel("")
        self.sentence.setProperty("role", "muted")
        self.sentence.setWordWrap(True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stack_panel = MemoryStackPanel(state, monitor, self.choose_since)
        self.horizon_panel = HorizonPanel(state)
        self.verdict_panel = VerdictPanel(state)
        self.half_life_panel = HalfLifePanel(state)
        self.shown_update = 0
        """The update that the big card is about."""
        self._shown_stack: tuple[object, ...] = ()
        self._shown_horizon: tuple[object, ...] = ()
        self._verdicts: dict[str, MemoryVerdict] = {}
        self._compose()
        state.moment_changed.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.appearance_changed.connect(self.restyle)
        monitor.snapshot_changed.connect(self._look)
        monitor.state_changed.connect(self._look)
        monitor.run_changed.connect(self._run_changed)
        self.restyle()

    def _compose(self) -> None:
        self._arranged_for_lecture: bool | None = None
        self._side = QWidget()
        self._side_grid = QGridLayout(self._side)
        self._side_grid.setContentsMargins(0, 0, 0, 0)
        self._columns = QHBoxLayout()
        self._columns.addWidget(self.stack_panel, 1)
        self._columns.addWidget(self._side)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.heading)
        self._layout.addWidget(self.sentence)
        self._layout.addLayout(self._columns, 1)
        for card in self.cards:
            card.installEventFilter(self)

    @property
    def cards(self) -> list[Panel]:
        """The small cards beside the big one."""
        return [self.horizon_panel, self.verdict_panel, self.half_life_panel]

    # -- what the shell asks
    def lecture_groups(self) -> list[list[QWidget]]:
        """The three states; the three measures; the three cards."""
        stack = self.stack_panel
        return [
            list(stack.state_rows),
            list(stack.measure_rows),
            list(self.cards),
        ]

    # -- questions and answers
    def choose_since(self, timestep: int) -> None:
        """Count survival from this timestep (0-based) on."""
        if timestep != self.inquiries.since:
            self.inquiries.since = timestep
            self.stack_panel.survives_row.show_since(timestep)
            self.refresh()

    @Slot()
    def _run_changed(self) -> None:
        self.inquiries.forget()
        self.inquiries.since = min(self.inquiries.since, self._monitor.task.probe().length - 1)
        self.stack_panel.run_changed()
        self._shown_stack = self._shown_horizon = ()
        self.refresh()

    @Slot()
    def _look(self) -> None:
        if self.isVisible():
            self.inquiries.look()

    def _answered(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        if self.isVisible():
            self._show_half_lives()
        else:
            self._shown_stack = ()

    @Slot()
    def refresh(self) -> None:
        """Show the moment, or while training the newest answer, and ask for what is missing."""
        if not self.isVisible():
            return
        self.inquiries.look()
        self._show_stack()
        self._show_horizon()

    def _latched(self) -> list[str]:
        """The networks that remember although nothing is left of a small change at the end."""
        answer = self.inquiries.measures.answer
        if answer is None:
            return []
        return [
            key
            for key, verdict in self._verdicts.items()
            if verdict.kind is Verdict.REMEMBERS
            and key in answer.measures
            and float(answer.measures[key].survives[-1]) < LATCHED_BELOW
        ]

    @property
    def _following(self) -> bool:
        """Whether the networks train and the newest moment is shown: then what was answered last is shown."""
        return self.state.moment.live and self._monitor.training

    def _show_stack(self) -> None:
        moment = self.state.moment
        inquiry = self.inquiries.measures
        answer = inquiry.answer
        traces, update, stale = (
            moment.traces,
            moment.update,
            not inquiry.answers_to(self.inquiries.wanted_measures),
        )
        if answer is not None and self._following and answer.traces:
            traces, update, stale = answer.traces, answer.update, False
        self.shown_update = update
        when = "live" if self._following else "now" if moment.live else "chosen from training time"
        shown = (traces, answer, when, stale, self.inquiries.since, inquiry.failure)
        if _same(shown, self._shown_stack):
            return
        self._shown_stack = shown
        self.stack_panel.show_moment(traces, update, when)
        self.stack_panel.show_measures(
            answer.measures if answer is not None else {},
            self.inquiries.since,
            stale=stale,
            message=inquiry.failure or ("measuring …" if moment.traces else ""),
        )
        self._show_half_lives()

    def _show_half_lives(self) -> None:
        self.half_life_panel.show_trace(self.stack_panel.traces.get(self.stack_panel.long_network))

    def _show_horizon(self) -> None:
        inquiry = self.inquiries.horizon
        answer = inquiry.answer
        settled = self.state.moment.live and not self._monitor.training
        stale = (
            answer is not None
            and not self._following
            and not inquiry.answers_to(self.inquiries.wanted_horizon)
        )
        task = self._monitor.task
        fillers = fillers_in_words(task.events())
        shown = (answer, inquiry.failure, stale, settled)
        if not _same(shown, self._shown_horizon):
            self._shown_horizon = shown
            self._verdicts = verdicts_of(answer, task.chance) if answer is not None else {}
            self.horizon_panel.show_answer(
                answer, chance=task.chance, fillers=fillers, stale=stale, message=inquiry.failure
            )
            self.verdict_panel.show_verdicts(
                self._verdicts,
                inquiry.failure or "Each network is asked fresh sequences: measuring …",
                stale=stale,
                settled=settled,
            )
        sentence = page_sentence(
            self.shown_update,
            {} if stale else self._verdicts,
            answer.update if answer is not None else 0,
            self.state.vocabulary,
            fillers,
            settled=settled,
        )
        if not stale:
            sentence += latched_sentence(self._latched(), self.state.vocabulary)
        if sentence != self.sentence.text():
            self.sentence.setText(sentence)

    # -- appearance
    @Slot()
    def restyle(self) -> None:
        """Take sizes and words from the state again."""
        theme = self.state.theme
        self._layout.setSpacing(theme.px(6))
        self._columns.setSpacing(theme.px(12))
        self._side_grid.setSpacing(theme.px(12))
        self.heading.setVisible(not self.state.lecture)
        self._arrange()
        self._shown_stack = self._shown_horizon = ()
        self.refresh()

    def _arrange(self) -> None:
        """The cards under each other beside the big one; in a lecture they have the page to themselves."""
        theme = self.state.theme
        lecture = self.state.lecture
        if lecture != self._arranged_for_lecture:
            self._arranged_for_lecture = lecture
            places = ((0, 0, 2), (0, 1, 1), (1, 1, 1)) if lecture else ((0, 0, 1), (1, 0, 1), (2, 0, 1))
            for card, (row, column, rows) in zip(self.cards, places, strict=True):
                self._side_grid.removeWidget(card)
                self._side_grid.addWidget(card, row, column, rows, 1)
        for row, stretch in enumerate((0, 1, 0) if lecture else (6, 0, 4)):
            self._side_grid.setRowStretch(row, stretch)
        self._side_grid.setColumnStretch(0, 5)
        self._side_grid.setColumnStretch(1, 4 if lecture else 0)
        if lecture:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(QWIDGETSIZE_MAX)
        else:
            width = next(side for least, side in SIDE_WIDTHS if self.width() >= theme.px(least))
            self._side.setFixedWidth(theme.px(width))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            shown = any(not card.isHidden() for card in self.cards)
            if self._side.isHidden() == shown:
                self._side.setVisible(shown)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._layout.update()  # the size may have changed while the rows were being laid out for the old one

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
