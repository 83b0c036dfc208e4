"""How training went: the loss and the right answers of all networks where the task asks, one card each."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from playground.contract.cell_description import Words
from playground.tasks.task import Task
from playground.ui.monitor import RunMonitor
from playground.ui.panels.panel import MARGIN, Panel
from playground.ui.plots.calm_ranges import calm_end, decades
from playground.ui.plots.curve_summary import WINDOW, CurveSummary
from playground.ui.plots.line_plot import LinePlot, PlottedCurve, ValueScale
from playground.ui.run_record import Curve
from playground.ui.segment import Segment
from playground.ui.state import UiState
from playground.ui.task_words import (
    Reference,
    is_squared,
    loss_reference,
    loss_titles,
    loss_words,
    right_reference,
    right_titles,
)
from playground.ui.vocabulary import network_title

LOSS_TOPS = (1.0, *(3.0 * 2.0**k for k in range(30)))
"""Where the loss axis may end: 1, 3, 6, 12, ... nats."""
SQUARED_TOPS = tuple(0.25 * 2.0**k for k in range(32))
"""The same for a squared error."""
SAMPLES = 64
"""So many places of each smoothed line decide where the axis ends."""
MAY_LEAVE = 0.10
"""This share of a curve may leave the axis at the top, but nothing of its latest part."""
LATEST = 0.15
LOWEST_DECADE = 1e-4

FloatArray = NDArray[np.float64]

EMPTY = "No update yet. Press Train."


class LossRange:
    """Which part of the loss axis is shown. It moves seldom: the first fall from the start may leave it at the top,
    so that the course of the run has the whole height, but a loss that stays high, or gets high, is taken in."""

    def __init__(self, tops: tuple[float, ...] = LOSS_TOPS) -> None:
        self.tops = tops
        """Where the axis may end."""
        self.top = tops[1]
        """The end of the axis in nats, one of `tops`."""
        self.low = 0.1
        """The beginning of the logarithmic axis: a power of ten; it only falls."""

    def settle(self, samples: list[FloatArray]) -> None:
        """Move the range if it has to move. `samples`: each smoothed line at places spread evenly over the run."""
        if not samples:
            return
        fitting = next((top for top in self.tops if self._fits(top, samples)), self.tops[-1])
        # A little more room before the axis shrinks than before it grows: it does not waver between the two.
        if fitting > self.top or self._fits(0.95 * fitting, samples):
            self.top = fitting
        least = min(float(values.min()) for values in samples)
        while least < self.low and self.low > LOWEST_DECADE * 1.5:
            self.low /= 10.0

    def _fits(self, top: float, samples: list[FloatArray]) -> bool:
        return all(
            (values > top).mean() <= MAY_LEAVE and (values[-math.ceil(LATEST * len(values)) :] <= top).all()
            for values in samples
        )


class CurvePanel(Panel):
    """One card of curves. Subclasses say which entries of the record are drawn, on which scale, and in which words."""

    turn: int
    """Which frames this card is painted in while news come quickly; see `RunMonitor.has_turn`."""

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        self._monitor = monitor
        self.titles, self.short_titles = self.titles_of(monitor.task)
        super().__init__(state, self.titles[state.vocabulary], parent)
        self.controls: list[QWidget] = []
        """What stands beside the title."""
        self._summaries: dict[str, CurveSummary] = {}
        self._stop = 20.0
        self.plot = LinePlot(state, self.value_scale())
        self.plot.empty_sentences = (EMPTY, "Press Train.")
        self.plot.setAccessibleDescription(EMPTY)
        self.plot.words_at = self.words_at
        self.plot.chosen = self.look_at
        self.body.addWidget(self.plot)
        monitor.snapshot_changed.connect(self._snapshot_changed)
        monitor.run_changed.connect(self._begin_anew)
        monitor.experiment_changed.connect(self._take_task)
        monitor.state_changed.connect(self._describe)
        state.moment_changed.connect(self._mark_moment)
        self._take_task()

    # -- what subclasses say
    def titles_of(self, task: Task) -> tuple[Words, Words]:
        """The card's title, and a shorter one."""
        raise NotImplementedError

    def reference_of(self, task: Task) -> Reference | None:
        """What somebody reaches who remembers nothing."""
        raise NotImplementedError

    def values_of(self, curve: Curve) -> NDArray[np.float32]:
        """The entries of the record that are drawn."""
        raise NotImplementedError

    def value_scale(self) -> ValueScale:
        """The vertical axis now."""
        raise NotImplementedError

    def value_words(self, value: float) -> str:
        """One value in words."""
        raise NotImplementedError

    def forget(self) -> None:
        """Told when another run begins."""

    # -- the run
    @Slot()
    def _take_task(self) -> None:
        """Another task: other words, and another guesser to be better than."""
        task = self._monitor.task
        self.titles, self.short_titles = self.titles_of(task)
        reference = self.reference_of(task)
        self.plot.set_reference(
            None if reference is None else (reference.value, reference.written, reference.title)
        )
        self.explains = reference.sentence if reference is not None else task.baseline()[1]
        self.forget()
        self.restyle()

    def samples(self) -> list[FloatArray]:
        """Every smoothed line at `SAMPLES` places spread evenly over the run."""
        return [
            summary.smoothed_at(np.unique(np.linspace(0, len(summary) - 1, SAMPLES).round().astype(np.int64)))
            for summary in self._summaries.values()
            if len(summary)
        ]

    @Slot()
    def _snapshot_changed(self) -> None:
        if self._monitor.has_turn(self.turn):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Take what the record gained and paint it. Does nothing while the card is hidden."""
        if not self.isVisible():
            return
        record = self._monitor.record
        curves = []
        for network in record.networks:
            values = self.values_of(record.curve(network))
            summary = self._summaries.setdefault(network, CurveSummary())
            if len(values) < len(summary):  # the run went back while nobody looked
                self._begin_anew()
                return
            if len(values) > len(summary):
                summary.extend(values[len(summary) :])
            curves.append(PlottedCurve(network, network_title(network, self.state.vocabulary), summary))
        reached = max((len(curve.summary) for curve in curves), default=0)
        self._stop = max(self._stop, calm_end(reached))
        self.plot.set_ranges(self._stop, self.value_scale())
        self.plot.show_curves(curves)

    @Slot()
    def _begin_anew(self) -> None:
        self._summaries.clear()
        self._stop = 20.0
        self.forget()
        self.plot.show_curves([])
        self.plot.setAccessibleDescription(EMPTY)
        self.refresh()

    @Slot()
    def _mark_moment(self) -> None:
        moment = self.state.moment
        self.plot.set_marker(None if moment.live else moment.update)

    def look_at(self, update: int) -> None:
        """Somebody clicked on the plot: travel to that update, or back to now at the end of the curves."""
        if update >= self._monitor.snapshot.update:
            self._monitor.back_to_now()
        else:
            self._monitor.go_to(update)

    def words_at(self, update: int) -> str:
        """What the hover says: the update, and every network's value in words."""
        if update == 0:
            return "Update 0: nothing has been learned yet."
        lines = [f"Update {update:,} (mean of the {WINDOW} around it)"]
        for network, summary in self._summaries.items():
            if update <= len(summary):
                value = float(summary.smoothed_at(np.array([update - 1]))[0])
                lines.append(f"{network_title(network, self.state.vocabulary)}: {self.value_words(value)}")
        return "\n".join(lines)

    @Slot()
    def _describe(self) -> None:
        """The run began or stands still: now there is time to paint the last bit and to say it to screen readers."""
        self.refresh()  # the snapshot that stands still has come just now
        self.plot.catch_up()
        reached = max((len(summary) for summary in self._summaries.values()), default=0)
        self.plot.setAccessibleDescription(self.words_at(reached) if reached else EMPTY)

    def _show_title(self) -> None:
        """The title, or a shorter one where there is not enough room for it."""
        vocabulary, theme = self.state.vocabulary, self.state.theme
        beside = sum(w.sizeHint().width() + theme.px(8) for w in self.controls)
        room = self.width() - theme.px(2 * MARGIN) - beside
        title = self.titles[vocabulary]
        if QFontMetricsF(theme.font(15, bold=True)).horizontalAdvance(title) > room:
            title = self.short_titles[vocabulary]
        if title != self.title.text():
            self.title.setText(title)

    def minimumSizeHint(self) -> QSize:
        """As little as both cards can live with beside each other: the title gives way before the plot does."""
        theme = self.state.theme
        return QSize(theme.px(270), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_title()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def restyle(self) -> None:
        vocabulary = self.state.vocabulary
        self.set_title(self.titles[vocabulary])
        self._show_title()
        self.title.setMinimumHeight(self.state.theme.px(32))
        self.title.setToolTip(self.explains[vocabulary])
        self.plot.setAccessibleName(self.titles[vocabulary])
        self.plot.restyle()
        self.refresh()


class LossCurves(CurvePanel):
    """The loss of the counted answers, linear or logarithmic: cross-entropy in nats, or the squared error."""

    turn = 0

    def __init__(self, state: UiState, monitor: RunMonitor, parent: QWidget | None = None) -> None:
        self._monitor = monitor
        self._range = self._new_range()
        self._settled = 0
        """How long the curves were when the range was looked at last."""
        self._logarithmic = False
        super().__init__(state, monitor, parent)
        self.choice = Segment(
            state,
            "Scale of the loss",
            (
                ("linear", "Linear", "Equal distances are equal differences of the loss."),
                ("log", "Log", "Equal distances are equal ratios: shows how small a small loss is."),
            ),
        )
        self.choice.show_choice("linear")
        self.choice.chosen.connect(self._scale_chosen)
        self.title_row.addWidget(self.choice)
        self.controls.append(self.choice)
        self._show_title()

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis is logarithmic."""
        return self._logarithmic

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Choose the scale of the loss."""
        self.choice.show_choice("log" if logarithmic else "linear")
        self._scale_chosen("log" if logarithmic else "linear")

    @Slot(str)
    def _scale_chosen(self, choice: str) -> None:
        self._logarithmic = choice == "log"
        self.plot.set_ranges(self._stop, self.value_scale())

    def titles_of(self, task: Task) -> tuple[Words, Words]:
        return loss_titles(task)

    def reference_of(self, task: Task) -> Reference | None:
        return loss_reference(task)

    def values_of(self, curve: Curve) -> NDArray[np.float32]:
        return curve.asked_loss

    def forget(self) -> None:
        self._range = self._new_range()
        self._settled = 0

    def _new_range(self) -> LossRange:
        """A range in which somebody who remembers nothing always has a place."""
        reference = loss_reference(self._monitor.task)
        least = reference.value if reference is not None else 0.0
        tops = SQUARED_TOPS if is_squared(self._monitor.task) else LOSS_TOPS
        return LossRange(tuple(top for top in tops if top >= 1.1 * least))

    def value_scale(self) -> ValueScale:
        reached = max((len(summary) for summary in self._summaries.values()), default=0)
        if not self._settled <= reached < self._settled * (1 + 1 / SAMPLES):
            self._settled = reached
            self._range.settle(self.samples())
        top = self._range.top
        if self._logarithmic:
            low, high = self._range.low, max(top, self._range.tops[1])
            return ValueScale(low, high, tuple((v, f"{v:g}") for v in decades(low, high)), True)
        parts = 3 if top % 3 == 0 else 2
        return ValueScale(
            0.0, top, tuple((top * k / parts, f"{top * k / parts:g}") for k in range(parts + 1))
        )

    def value_words(self, value: float) -> str:
        return loss_words(self._monitor.task, value)


class RightCurves(CurvePanel):
    """The right answers of each training batch in percent."""

    turn = 1

    def titles_of(self, task: Task) -> tuple[Words, Words]:
        return right_titles(task)

    def reference_of(self, task: Task) -> Reference | None:
        return right_reference(task)

    def values_of(self, curve: Curve) -> NDArray[np.float32]:
        return curve.right

    def value_scale(self) -> ValueScale:
        return ValueScale(0.0, 1.0, ((0.0, "0"), (1.0, "100 %")))

    def value_words(self, value: float) -> str:
        return f"{100 * value:.1f} % right" if value < 0.9995 else "100 % right"
