"""The card "How long does it last?" over many seeds: what to train, how far it has come, and the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from playground.contract.seed_fan import EACH, RANGE, TRAINED_AT, FanTraining
from playground.trace.horizon import horizon_points
from playground.ui.panels.flow_row import FlowRow
from playground.ui.panels.memory_controls import WhatIsThis
from playground.ui.panels.memory_fan_chart import FanChart
from playground.ui.panels.memory_fan_desk import NO_LENGTH, FanDesk
from playground.ui.panels.panel import Panel
from playground.ui.segment import Segment
from playground.ui.state import UiState
from playground.ui.vocabulary import network_title, short_network_title

if TYPE_CHECKING:
    from playground.ui.monitor import RunMonitor

SEEDS = (3, 5, 10, 20)
USUAL_SEEDS = 10
UPDATES = (200, 500, 1000, 2000)
USUAL_UPDATES = 500


class ProgressLine(QWidget):
    """A thin line that grows: how much of the work is done."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self.share = 0.0
        self.setAccessibleName("Progress of the trainings")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        """0..1."""
        if share != self.share:
            self.share = share
            self.setAccessibleDescription(f"{100 * share:.0f} %")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, self._state.theme.px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._state.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if self.share > 0:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(
                QRectF(0, 0, box.width() * self.share, box.height()), box.height() / 2, box.height() / 2
            )
        painter.end()


class FanPanel(Panel):
    """Chooses, starts, cancels, and shows. What is known lies with its `desk`."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        super().__init__(state, "How long does it last?", parent)
        self._monitor = monitor
        self.desk = FanDesk(state, monitor, self.refresh, self)
        self.question = WhatIsThis(state, "fan", self)
        self.title_row.insertWidget(1, self.question)
        self._way = EACH
        self.way = Segment(
            state,
            "How the networks are trained",
            [
                (EACH, "Trained at each length", "Every point is a network trained at exactly this length."),
                (
                    RANGE,
                    "Trained as this run",
                    "Every line is one network, asked at lengths it may never have seen.",
                ),
            ],
        )
        self.way.chosen.connect(self._way_chosen)
        self.title_row.addWidget(self.way)
        self.seeds_chooser = self._chooser("How many seeds", [(f"{count} seeds", count) for count in SEEDS])
        self.seeds_chooser.setCurrentIndex(SEEDS.index(USUAL_SEEDS))
        self.updates_chooser = self._chooser(
            "Updates of a training at most", [(f"{count:,} updates", count) for count in UPDATES]
        )
        self.updates_chooser.setCurrentIndex(UPDATES.index(USUAL_UPDATES))
        self.updates_chooser.setToolTip(
            "At most: a training ends as soon as 97 % of its last answers were right."
        )
        self.start_button = QPushButton("Train them")
        self.start_button.setProperty("kind", "primary")
        self.start_button.clicked.connect(self._start_or_cancel)
        self.back_button = QPushButton("Back to the run before")
        self.back_button.setProperty("kind", "pending")
        self.back_button.setToolTip(
            "Load the run that was open before a network of this chart was, where it stood."
        )
        self.back_button.clicked.connect(self._back)
        self.start_button.setAccessibleName("Train many seeds, or stop")
        self.start_button.setToolTip("Train all of them in the background, and stop again.")
        self.back_button.setAccessibleName("Back to the run before")
        self._networks: dict[str, QPushButton] = {}
        self._network_row = FlowRow(state)
        self._controls = QHBoxLayout()
        self._controls.addWidget(self._network_row, 1)
        for widget in (self.seeds_chooser, self.updates_chooser, self.back_button, self.start_button):
            self._controls.addWidget(widget)
        self.explanation = self._label()
        self.line = ProgressLine(state)
        self.chart = FanChart(state)
        self.chart.chosen.connect(self._open)
        self.body.addLayout(self._controls)
        self.body.addWidget(self.explanation)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self.line)
        for chooser in (self.seeds_chooser, self.updates_chooser):
            chooser.activated.connect(self.refresh)
        monitor.state_changed.connect(self.refresh)
        self._offer_networks()
        self.restyle()
        self.refresh()

    def _label(self) -> QLabel:
        label = QLabel("")
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return label

    def _chooser(self, name: str, entries: list[tuple[str, int]]) -> QComboBox:
        chooser = QComboBox()
        chooser.setAccessibleName(name)
        chooser.setToolTip(name)
        chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in entries:
            chooser.addItem(text, value)
        return chooser

    # -- which networks
    def _offer_networks(self) -> None:
        able = self.desk.networks()
        if tuple(self._networks) == able:
            return
        chosen = set(self.chosen_networks()) & set(able) or set(self.desk.first_networks())
        old, self._networks = self._networks, {}
        for key in able:
            button = QPushButton(self._chip(key))
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setChecked(key in chosen)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"Train the {button.text()}")
            button.setToolTip("Whether this network is among those that are trained.")
            button.toggled.connect(self._networks_chosen)
            self._networks[key] = button
        self._network_row.show_widgets(list(self._networks.values()))
        for button in old.values():
            button.hide()
            button.deleteLater()

    def _chip(self, key: str) -> str:
        """What a network is called on its button: shortly in a lecture, where letters are large."""
        titles = short_network_title if self.state.lecture else network_title
        return titles(key, self.state.vocabulary)

    def chosen_networks(self) -> tuple[str, ...]:
        """The networks that will be trained."""
        return tuple(key for key, button in self._networks.items() if button.isChecked())

    # -- what a person does
    @Slot(str)
    def _way_chosen(self, way: str) -> None:
        self._way = way
        self.refresh()

    @Slot()
    def _networks_chosen(self) -> None:
        self.refresh()

    @Slot()
    def _start_or_cancel(self) -> None:
        if self.desk.progress.running:
            self.desk.cancel()
        else:
            seeds, updates = self.seeds_chooser.currentData(), self.updates_chooser.currentData()
            self.desk.start(self.shown_way, self.chosen_networks(), int(seeds), int(updates))
        self.refresh()

    @Slot()
    def _back(self) -> None:
        self.desk.back()

    @Slot(object)
    def _open(self, training: FanTraining) -> None:
        found = self.desk.found.get(self.shown_way)
        if found is not None:
            self.desk.open(found.request, training)

    # -- what is shown
    @property
    def shown_way(self) -> str:
        """How the networks are trained that are shown: the chosen way, where the task allows it."""
        ways = self.desk.ways()
        return self._way if self._way in ways else ways[0]

    def run_changed(self) -> None:
        """Another run, perhaps of another task. What is known stays: it says what it is about."""
        task = self._monitor.experiment.task_name
        for way in [
            way for way, found in self.desk.found.items() if found.request.experiment.task_name != task
        ]:
            del self.desk.found[way]
        self._offer_networks()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is known now."""
        state, task = self.state, self._monitor.task
        fillers = task.filler_words[state.vocabulary]
        way, impossible, running = self.shown_way, self.desk.impossible, self.desk.progress.running
        for key in (EACH, RANGE):
            self.way.button(key).setEnabled(key in self.desk.ways())
        self.way.show_choice(way)
        kind = "plain" if running else "primary"
        if self.start_button.property("kind") != kind:  # a style sheet costs milliseconds
            self.start_button.setText("Stop" if running else "Train them")
            self.start_button.setProperty("kind", kind)
            self.start_button.style().unpolish(self.start_button)
            self.start_button.style().polish(self.start_button)
        self.start_button.setEnabled(running or (not impossible and bool(self.chosen_networks())))
        self.back_button.setVisible(self.desk.before is not None)
        words = TRAINED_AT[way][1][state.vocabulary].format(fillers=fillers, longest=task.longest_distance)
        self.explanation.setText(words)
        self.explanation.setVisible(
            impossible != NO_LENGTH and not self.state.lecture
        )  # it is said aloud there
        found = self.desk.found.get(way)
        if found is None:
            self.chart.show_points({}, self.desk.distances(way), self.chosen_networks(), task.chance, fillers)
            self.chart.set_summary("")
            self.chart.set_invitation(impossible or self._promise(way))
            self.line.hide()
            return
        request = found.request
        self.chart.set_invitation("")
        self.line.show()
        points = horizon_points(found.trainings)
        self.chart.show_points(points, request.distances, request.networks, task.chance, fillers)
        done = len(found.trainings)
        how = "Line: the middle seed. Band: all seeds, the darker one the middle half. Click a dot to open its network."
        self.chart.set_summary(f"{self._told(way, done)} {how}" if done else self._told(way, done))
        self.line.show_share(done / max(request.trainings, 1))

    @property
    def told(self) -> str:
        """How far it has come, in words; empty before anything was asked."""
        found = self.desk.found.get(self.shown_way)
        return self._told(self.shown_way, len(found.trainings)) if found is not None else ""

    def _promise(self, way: str) -> str:
        seeds = int(self.seeds_chooser.currentData())
        each = len(self.desk.distances(way)) if way == EACH else 1
        count = seeds * each * len(self.chosen_networks())
        if not count:
            return "Choose at least one network to train."
        return (
            f"Train them: {count} networks, in the background; the run here is not touched.\n"
            "Each ends early when it is right, else after the updates chosen."
        )

    def _told(self, way: str, done: int) -> str:
        found = self.desk.found[way]
        request, progress = found.request, self.desk.progress
        text = f"{done} of {request.trainings} networks trained"
        early = sum(each.reached for each in found.trainings)
        if progress.total == request.trainings:
            text += f" · {progress.seconds:.0f} s"
        if done:
            text += f" · {early} ended early because they were right, the others after {request.updates:,} updates"
        if not progress.running and done < request.trainings:
            text += " · stopped"
        same = request.experiment
        now = self._monitor.experiment
        if (same.networks, same.task_name) != (now.networks, now.task_name):
            text += " · measured with other settings than those of the run now"
        if found.failures:
            text += f" · {found.failures[0]}"
        return text + "."

    def restyle(self) -> None:
        self.question.rescale()
        self.chart.rescale()
        self.line.updateGeometry()
        for key, button in self._networks.items():
            button.setText(self._chip(key))
        self._network_row.fit()
        if self._networks:
            self.refresh()
