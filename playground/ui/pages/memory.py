"""The Memory page: short-term against long-term memory, RNN against LSTM, on one time axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.trace.snapshot import HorizonAnswer
from playground.trace.verdict import MemoryVerdict, Verdict, memory_verdict
from playground.ui.panels.cell_layer_bar import LayerBar
from playground.ui.panels.memory_change import ChangePanel
from playground.ui.panels.memory_facts import FactsPanel
from playground.ui.panels.memory_fan import FanPanel
from playground.ui.panels.memory_gradient import GradientPanel
from playground.ui.panels.memory_half_life import HalfLifePanel
from playground.ui.panels.memory_horizon import HorizonPanel
from playground.ui.panels.memory_inquiry import MemoryInquiries
from playground.ui.panels.memory_sections import SECTIONS
from playground.ui.panels.memory_stack import MemoryStackPanel
from playground.ui.panels.memory_verdicts import VerdictPanel
from playground.ui.panels.memory_words import (
    LATCHED_BELOW,
    PAGE_TITLE,
    latched_sentence,
    memory_words_of,
    page_sentence,
)
from playground.ui.panels.panel import Panel
from playground.ui.segment import Segment
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
        self.gradient_panel = GradientPanel(state, monitor)
        self.fan_panel = FanPanel(state, monitor)
        self.half_life_panel = HalfLifePanel(state, monitor)
        self.change_panel = ChangePanel(state)
        self.facts_panel = FactsPanel(state, monitor)
        self.section = SECTIONS[0].key
        """Which section is shown; in a lecture the groups of panels decide."""
        self.switch = Segment(
            state,
            "Section",
            [(each.key, each.title[state.vocabulary], each.teaches[state.vocabulary]) for each in SECTIONS],
        )
        self.switch.chosen.connect(self.show_section)
        self.layer_bar = LayerBar(state)
        self.shown_update = 0
        """The update that the big card is about."""
        self._shown_stack: tuple[object, ...] = ()
        self._shown_horizon: tuple[object, ...] = ()
        self._shown_gradient: tuple[object, ...] = ()
        self._shown_units: tuple[object, ...] = ()
        self._verdicts: dict[str, MemoryVerdict] = {}
        self._compose()
        state.sequence_changed.connect(self._sequence_changed)
        state.moment_changed.connect(self.refresh)
        state.network_changed.connect(self._network_changed)
        state.layer_changed.connect(self._layer_changed)
        state.appearance_changed.connect(self.restyle)
        monitor.snapshot_changed.connect(self._look)
        monitor.state_changed.connect(self._look)
        monitor.run_changed.connect(self._run_changed)
        self.restyle()

    def _compose(self) -> None:
        self._side = QWidget()
        self._side_column = QVBoxLayout(self._side)
        self._side_column.setContentsMargins(0, 0, 0, 0)
        for card, share in zip(self.cards, (6, 4), strict=True):
            self._side_column.addWidget(card, share)
        self._columns = QHBoxLayout()
        self._columns.addWidget(self.stack_panel, 1)
        self._columns.addWidget(self._side)
        self._unit_column = QVBoxLayout()
        self._unit_column.addWidget(self.half_life_panel, 5)
        self._unit_column.addWidget(self.change_panel, 5)
        self._unit_columns = QHBoxLayout()
        self._unit_columns.addLayout(self._unit_column, 4)
        self._unit_columns.addWidget(self.facts_panel, 5)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.heading)
        words.addWidget(self.sentence)
        top.addLayout(words, 1)
        top.addWidget(self.layer_bar, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        self._words, self._top = words, top
        self._layout.addLayout(top)
        self._lecture_began = False
        self.containers: dict[str, QWidget] = {}
        """By section: the widget that holds its panels."""
        for section, content in (
            ("sequence", self._columns),
            ("gradient", self.gradient_panel),
            ("horizon", self.fan_panel),
            ("units", self._unit_columns),
        ):
            container = QWidget()
            if isinstance(content, QLayout):
                content.setContentsMargins(0, 0, 0, 0)
                container.setLayout(content)
            else:
                inside = QVBoxLayout(container)
                inside.setContentsMargins(0, 0, 0, 0)
                inside.addWidget(content)
            self.containers[section] = container
            self._layout.addWidget(container, 1)
            container.installEventFilter(self)
        for card in self.cards:
            card.installEventFilter(self)
        self._show_containers()

    @property
    def cards(self) -> list[Panel]:
        """The small cards beside the big one."""
        return [self.horizon_panel, self.verdict_panel]

    # -- sections
    @Slot(str)
    def show_section(self, key: str) -> None:
        """Turn to this section. In a lecture: to its first group of panels."""
        self.section = key
        self.switch.show_choice(key)
        if self.state.lecture:
            lecture = getattr(self.window(), "lecture", None)
            if lecture is not None:
                lecture.show_group_of(self._first_panels()[key])
        else:
            self._show_containers()
        self._want_answers()
        self.refresh()

    def opened_panel(self) -> QWidget:
        """The first panel of the section that is shown: a lecture begins there."""
        return self._first_panels()[self.section]

    def _first_panels(self) -> dict[str, QWidget]:
        return {
            "sequence": self.stack_panel.long_row,
            "gradient": self.gradient_panel,
            "horizon": self.fan_panel,
            "units": self.half_life_panel,
        }

    def _show_containers(self) -> None:
        """Only the chosen section is there; in a lecture all are to begin with, and the lecture hides most of them."""
        if not (self.state.lecture and self._lecture_began):
            for key, container in self.containers.items():
                container.setVisible(self.state.lecture or key == self.section)
        self._lecture_began = self.state.lecture
        self.switch.show_choice(self.section)

    def _want_answers(self) -> None:
        self.inquiries.wanted = next(each.questions for each in SECTIONS if each.key == self.section)

    # -- what the shell asks
    def lecture_groups(self) -> list[list[QWidget]]:
        """At most three panels at a time, section by section."""
        self._show_containers()
        stack = self.stack_panel
        weighed = stack.forecast_row if self._monitor.task.family == "series" else stack.asked_row
        return [
            list(stack.state_rows),
            [stack.survives_row, weighed, stack.gradient_row],
            [stack.influence_row],
            [self.horizon_panel, self.verdict_panel],
            [self.gradient_panel],
            [self.fan_panel],
            [self.half_life_panel, self.change_panel],
            [self.facts_panel],
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
        self.fan_panel.run_changed()
        self._sequence_changed()
        self.refresh()

    @Slot()
    def _sequence_changed(self) -> None:
        """What is shown comes with the moment, right after this."""
        self.inquiries.sequence_changed()
        self.stack_panel.run_changed()
        self.gradient_panel.show_task()
        self.facts_panel.show_task()
        self._forget_shown()

    @Slot()
    def _look(self) -> None:
        if self.isVisible():
            self.inquiries.look()

    def _answered(self) -> None:
        if self.isVisible():
            self.refresh()

    def _forget_shown(self) -> None:
        self._shown_stack = self._shown_horizon = self._shown_gradient = self._shown_units = ()

    @Slot(str)
    def _network_changed(self, network: str) -> None:
        if self.isVisible():
            self._show_layer()
            self._show_half_lives()
            self._show_units()
        else:
            self._forget_shown()

    @Slot()
    def _layer_changed(self) -> None:
        if self.isVisible():
            self._show_layer()
            self._show_half_lives()
            self._show_units()
            self.inquiries.look()
        else:
            self._forget_shown()

    @Slot()
    def refresh(self) -> None:
        """Show the moment, or while training the newest answer, and ask for what is missing."""
        if not self.isVisible():
            return
        self.inquiries.look()
        self._show_layer()
        self._show_stack()
        self._show_horizon()
        self._show_gradient()
        self._show_units()

    def _show_layer(self) -> None:
        """Which layer the panels of single units are about, where the opened network has several."""
        trace = self.state.moment.traces.get(self._unit_network)
        shown = self.state.at_layer(trace)
        told = self.section == "units" or (self.section == "sequence" and not self.state.lecture)
        several = shown is not None and shown.depth > 1 and told
        if shown is not None and several:
            self.layer_bar.show_layer(len(shown.layers) - 1, shown.depth)
        else:
            self.layer_bar.hide()

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
        trace = self.stack_panel.traces.get(self._unit_network)
        self.half_life_panel.show_trace(self.state.at_layer(trace))

    @property
    def _unit_network(self) -> str:
        """Whose units are shown: the network that is opened."""
        return self.state.network

    def _show_gradient(self) -> None:
        if self.gradient_panel.isHidden() or not self.containers["gradient"].isVisibleTo(self):
            return
        inquiry = self.inquiries.measures
        answer = inquiry.answer
        stale = not self._following and not inquiry.answers_to(self.inquiries.wanted_measures)
        shown = (answer, stale, inquiry.failure, self.state.vocabulary)
        if not _same(shown, self._shown_gradient):
            self._shown_gradient = shown
            self.gradient_panel.show_measures(
                answer.measures if answer is not None else {},
                answer.update if answer is not None else self.shown_update,
                stale=stale,
                message=inquiry.failure,
            )

    def _show_units(self) -> None:
        if not self.containers["units"].isVisibleTo(self):
            return
        inquiry = self.inquiries.units
        answer, network = inquiry.answer, self._unit_network
        stale = not self._following and not inquiry.answers_to(self.inquiries.wanted_units)
        trace = self.stack_panel.traces.get(network)
        shown = (answer, stale, inquiry.failure, network, trace)
        if not _same(shown, self._shown_units):
            self._shown_units = shown
            measures = answer.measures.get(network) if answer is not None else None
            if trace is not None and measures is not None:
                trace = trace.up_to(measures.layer)
            self.change_panel.show_measures(measures, network, stale=stale, message=inquiry.failure)
            self.facts_panel.show_measures(measures, trace, message=inquiry.failure)

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
        words = memory_words_of(task, self.state.vocabulary)
        shown = (answer, inquiry.failure, stale, settled)
        if not _same(shown, self._shown_horizon):
            self._shown_horizon = shown
            self._verdicts = verdicts_of(answer, task.chance) if answer is not None else {}
            self.horizon_panel.show_answer(
                answer, chance=task.chance, words=words, stale=stale, message=inquiry.failure
            )
            self.verdict_panel.show_verdicts(
                self._verdicts,
                inquiry.failure or "Each network is asked fresh sequences: measuring …",
                stale=stale,
                settled=settled,
                words=words,
            )
        sentence = page_sentence(
            self.shown_update,
            {} if stale else self._verdicts,
            answer.update if answer is not None else 0,
            self.state.vocabulary,
            words,
            settled=settled,
        )
        if not stale:
            sentence += latched_sentence(self._latched(), self.state.vocabulary)
        if self.section != "sequence":
            line = next(each for each in SECTIONS if each.key == self.section)
            sentence = line.teaches[self.state.vocabulary]
        self.sentence.setVisible(self.section == "sequence" or not self.state.lecture)
        if sentence != self.sentence.text():
            self.sentence.setText(sentence)

    # -- appearance
    @Slot()
    def restyle(self) -> None:
        """Take sizes and words from the state again."""
        theme = self.state.theme
        gap = theme.px(12)
        self._layout.setSpacing(theme.px(8))
        self._words.setSpacing(theme.px(4))
        self._top.setSpacing(theme.px(16))
        for layout in (self._columns, self._side_column, self._unit_column, self._unit_columns):
            layout.setSpacing(gap)
        for section in SECTIONS:
            self.switch.button(section.key).setText(section.title[self.state.vocabulary])
        self.layer_bar.set_compact(self.state.lecture)
        self.layer_bar.restyle()
        self.heading.setVisible(not self.state.lecture)
        self._show_containers()
        self._arrange()
        self._want_answers()
        self._forget_shown()
        self.refresh()

    def _arrange(self) -> None:
        """The cards under each other beside the big one; in a lecture they have more of the page."""
        theme = self.state.theme
        direction = (
            QBoxLayout.Direction.LeftToRight if self.state.lecture else QBoxLayout.Direction.TopToBottom
        )
        for layout in (self._side_column, self._unit_column):
            layout.setDirection(direction)
        if self.state.lecture:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(QWIDGETSIZE_MAX)
        else:
            width = next(side for least, side in SIDE_WIDTHS if self.width() >= theme.px(least))
            self._side.setFixedWidth(theme.px(width))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            if watched in self.cards:
                shown = any(not card.isHidden() for card in self.cards)
                if self._side.isHidden() == shown:
                    self._side.setVisible(shown)
            elif self.state.lecture:
                self._follow_lecture()
        return super().eventFilter(watched, event)

    def _follow_lecture(self) -> None:
        """The lecture turned to another group: the section is that of what is shown."""
        shown = [key for key, container in self.containers.items() if not container.isHidden()]
        if len(shown) == 1 and shown[0] != self.section:
            self.section = shown[0]
            self.switch.show_choice(self.section)
            self._want_answers()
            self._forget_shown()
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._layout.update()  # the size may have changed while the rows were being laid out for the old one

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
