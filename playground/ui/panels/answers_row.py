"""What the opened network says at each timestep of the sequence: pictures, letters, or a line of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from playground.tasks.task import BoolArray, Event, EventSequence, Task
from playground.ui.event_pictures import number_words, paint_event
from playground.ui.plots.time_rows import TimeRow
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.task_words import is_squared

if TYPE_CHECKING:  # the first paint needs no series
    from playground.tasks.series.series_task import SeriesTask
    from playground.trace.sequence_trace import SequenceTrace

NOT_JUDGED = 0.45
"""Opacity of what is said where it does not count."""


class AnswersRow(TimeRow):
    """What the network says at each timestep: the answer it is surest of, or the number it says.

    Only answers that count are judged: a cross where they are wrong. What is said elsewhere stands back. It lies above
    the playhead, and the current timestep has a card as in the event strip. What is said of a series is told in the
    unit of the series, not as the network sees it.
    """

    stretch = 0
    base_height = 48

    def __init__(self, state: UiState) -> None:
        self._task: Task | None = None
        self._pictures: tuple[Event, ...] = ()
        self._judged: BoolArray | None = None
        self._series: SeriesTask | None = None
        self._foretold: NDArray[np.int64] = np.zeros(0, np.int64)
        self._trace: SequenceTrace | None = None
        self._said: tuple[object, ...] = ()
        super().__init__(state)
        state.timestep_changed.connect(self._timestep_changed)

    @Slot(int)
    def _timestep_changed(self, timestep: int) -> None:
        self.update()

    def rescale(self) -> None:
        self.setFixedHeight(self.state.theme.px(self.base_height))
        self.update()

    def name_answers(
        self, task: Task, asked: BoolArray | None = None, sequence: EventSequence | None = None
    ) -> None:
        """What the answers of this task look like, and where they count: `asked` (T,), None: as in its probe.

        `sequence`: what is read; without it the numbers said of a series are told as the network sees them.
        """
        self._task = task
        self._series = cast("SeriesTask", task) if sequence is not None and task.family == "series" else None
        if self._series is not None and sequence is not None:  # at position p it says p + 1
            self._foretold = np.array([int(event.name) + 1 for event in sequence.events], np.int64)
        events = {event.name: event for event in task.events()}
        self._pictures = tuple(
            events.get(answer.name, Event(answer.name, answer.title)) for answer in task.answers
        )
        everywhere = task.judged == "everywhere"
        self._judged = None if everywhere else task.probe().asked if asked is None else asked
        self._trace, self._said = None, ()
        self.update()

    def show_answers(self, trace: SequenceTrace) -> None:
        """Show what is said in this trace. Painted again only if it reads differently."""
        self._trace = trace
        if self._said_numbers is not None:
            said: tuple[object, ...] = (np.round(trace.logits[:, 0], 2).tobytes(),)
        else:
            best = trace.probabilities.argmax(axis=1)
            sure = [percent(float(p)) for p in trace.probabilities[np.arange(len(best)), best]]
            said = (best.tobytes(), trace.targets.tobytes(), sure)
        if said != self._said:
            self._said = said
            self.update_columns()

    def clear(self) -> None:
        """Say nothing."""
        self._trace, self._said = None, ()
        self.update()

    @property
    def _said_numbers(self) -> NDArray[np.float64] | None:
        """(T,) the numbers that are said, where answers are numbers: in the unit of the series, if it is one."""
        if self._trace is None or self._task is None or not is_squared(self._task):
            return None
        if self._series is not None and self._trace.length == len(self._foretold):
            return self._series.one_ahead(self._trace.logits[:, 0], self._foretold)
        return self._trace.logits[:, 0].astype(np.float64)

    def _true_numbers(self) -> NDArray[np.float64]:
        """(T,) what would be right, on the same scale."""
        assert self._trace is not None
        if self._series is not None and self._trace.length == len(self._foretold):
            return self._series.series.values[self._foretold]
        return self._trace.targets[:, 0].astype(np.float64)

    def _in_words(self, number: float, plain: str) -> str:
        """A number as it is said: with the unit of the series; `plain` where it has none."""
        return plain if self._series is None else self._series.series.in_words(number)

    def _counts(self, timestep: int) -> bool:
        return self._judged is None or (timestep < len(self._judged) and bool(self._judged[timestep]))

    def _is_right(self, timestep: int) -> bool:
        assert self._trace is not None
        assert self._task is not None
        if is_squared(self._task):
            error = np.abs(self._trace.logits[timestep] - self._trace.targets[timestep])
            return bool(np.all(error < self._task.tolerance))
        return int(self._trace.probabilities[timestep].argmax()) == int(self._trace.targets[timestep])

    # -- painting
    def paint_row(self, painter: QPainter) -> None:
        trace = self._trace
        if trace is None or self._task is None or trace.length != self.axis.length:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        said = self._said_numbers
        if said is not None:
            self._paint_numbers(painter, said)
        elif trace.probabilities.shape[1] <= len(self._pictures):
            self._paint_answers(painter, trace)

    def _paint_answers(self, painter: QPainter, trace: SequenceTrace) -> None:
        theme = self.state.theme
        font = theme.font(10)
        metrics = QFontMetricsF(font)
        folded = self.axis.folded
        text_height = metrics.height()
        answers = trace.probabilities.argmax(axis=1)
        here = self.state.timestep
        least_card = metrics.horizontalAdvance("100 %") + 4
        some_count = self._judged is None or bool(self._judged.any())
        for timestep in sorted(range(trace.length), key=lambda t: t == here):  # the card over its neighbours
            if folded is not None and folded[0] <= timestep <= folded[1]:
                continue
            answer = answers[timestep]
            left, right = float(self.axis.edges[timestep]), float(self.axis.edges[timestep + 1])
            centre, width = (left + right) / 2, right - left
            counts = self._counts(timestep)
            wrong = counts and not self._is_right(timestep)
            share = percent(float(trace.probabilities[timestep, answer]))
            words = share.replace("over ", ">").replace("under ", "<")
            roomy = timestep == here or width >= metrics.horizontalAdvance("100 %")
            height = self.height() - (text_height if roomy else 0.0) - theme.px(6)
            size = int(min(width - 2, height, theme.px(30)))
            card = max(width - theme.px(8), least_card)
            if timestep == here:
                self._paint_card(painter, centre, card)
            painter.setOpacity(1.0 if counts or not some_count else NOT_JUDGED)
            place = QRectF(centre - size / 2, theme.px(3), size, size)
            picture = self._pictures[int(answer)]
            if not picture.drawing:
                room = max(width, card) if timestep == here else width
                place = QRectF(centre - room / 2 + 1, theme.px(3), room - 2, min(height, theme.px(26)))
            if place.width() >= 6:
                paint_event(painter, theme, picture, place, ratio=self.devicePixelRatioF())
            painter.setFont(font)
            if roomy:
                painter.setPen(theme.colour("danger_ink" if wrong else "muted"))
                box = QRectF(left, self.height() - text_height - theme.px(2), width, text_height)
                box.adjust(-card, 0, card, 0)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            painter.setOpacity(1.0)
            if wrong:
                corner = QPointF(centre + size * 0.42, theme.px(3) + size * 0.14)
                self._paint_cross(painter, corner, min(size * 0.2, 5.0))
        if folded is not None:
            self._paint_fold(painter, folded)

    def _paint_numbers(self, painter: QPainter, values: NDArray[np.float64]) -> None:
        """A line through what is said, a ring where it counts, and there the target as a bar across."""
        assert self._trace is not None
        theme = self.state.theme
        targets = self._true_numbers()
        counted = [t for t in range(len(values)) if self._counts(t)]
        among = np.concatenate([values, targets[counted]])
        if self._series is None:  # these numbers are about zero, those of a series about anything
            among = np.concatenate([[0.0], among])
        low, high = float(among.min()), float(among.max())
        top, bottom = theme.px(18), self.height() - theme.px(6)  # above all of it stands what is said here

        def place(value: float) -> float:
            return bottom - (value - low) / max(high - low, 1e-6) * (bottom - top)

        here = min(self.state.timestep, len(values) - 1)
        columns = [float(x) for x in self.axis.centres]
        font = theme.font(11, bold=True)
        text = self._in_words(float(values[here]), number_words(float(values[here])))
        self._paint_card(painter, columns[here], QFontMetricsF(font).horizontalAdvance(text) + theme.px(12))
        if self._series is None:
            painter.setPen(QPen(theme.colour("border_strong"), 1))
            painter.drawLine(QPointF(self.axis.left, place(0.0)), QPointF(self.axis.right, place(0.0)))
        network = theme.network(self._trace.network)
        painter.setPen(QPen(network, 1.6 * theme.scale))
        points = [QPointF(x, place(float(value))) for x, value in zip(columns, values, strict=True)]
        painter.drawPolyline(QPolygonF(points))
        for timestep in counted:
            centre = points[timestep]
            reach = min(self.axis.column_width / 2, theme.px(14))
            aim = place(float(targets[timestep]))
            painter.setPen(QPen(theme.colour("good_ink"), 2 * theme.scale))
            painter.drawLine(QPointF(centre.x() - reach, aim), QPointF(centre.x() + reach, aim))
            painter.setPen(QPen(network, 1.6 * theme.scale))
            painter.setBrush(theme.colour("surface"))
            ring = min(theme.px(4), max(theme.px(2), self.axis.column_width / 2.4))
            painter.drawEllipse(centre, ring, ring)
            if not self._is_right(timestep):
                share = ring / theme.px(4)  # where there are many, smaller
                corner = QPointF(centre.x() + share * theme.px(8), centre.y() - share * theme.px(6))
                self._paint_cross(painter, corner, 4.0 * share)
        painter.setFont(font)
        painter.setPen(theme.network_ink(self._trace.network))
        words = QRectF(columns[here] - theme.px(60), 2, theme.px(120), self.height() - 4)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _paint_card(self, painter: QPainter, centre: float, width: float) -> None:
        theme = self.state.theme
        width = min(width, theme.px(96))
        painter.setBrush(theme.colour("pending_soft"))
        painter.setPen(QPen(theme.colour("playhead"), 1.2 * theme.scale))
        card = QRectF(centre - width / 2, 1, width, self.height() - 2)
        painter.drawRoundedRect(card, theme.px(8), theme.px(8))

    def _paint_cross(self, painter: QPainter, centre: QPointF, reach: float) -> None:
        """Wrong: a cross in a disc, so that it is not told by colour alone."""
        theme = self.state.theme
        reach *= theme.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("danger_ink"))
        painter.drawEllipse(centre, 1.7 * reach, 1.7 * reach)
        painter.setPen(QPen(theme.colour("surface"), 1.3 * theme.scale))
        arm = 0.75 * reach
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))

    def _paint_fold(self, painter: QPainter, folded: tuple[int, int]) -> None:
        theme = self.state.theme
        first, last = folded
        judged = [timestep for timestep in range(first, last + 1) if self._counts(timestep)]
        right = sum(self._is_right(timestep) for timestep in judged)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(11))
        left = float(self.axis.edges[first])
        box = QRectF(left, 0, float(self.axis.edges[last + 1]) - left, self.height())
        words = f"{right} of {len(judged)} named right" if judged else "not asked here"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def words_at(self, timestep: int, position: QPointF) -> str:
        if self._trace is None or self._task is None or timestep >= self._trace.length:
            return ""
        if not self._counts(timestep):
            verdict = "not asked here"
        elif self._is_right(timestep):
            verdict = "right"
        else:
            verdict = f"right would be {self._target_words(timestep)}"
        head = f"timestep {timestep + 1}, it says"
        said = self._said_numbers
        if said is not None:
            number = float(said[timestep])
            return f"{head} {self._in_words(number, f'{number:.3f}')} ({verdict})"
        probabilities = self._trace.probabilities[timestep]
        order = np.argsort(probabilities)[::-1][:3]
        answers = self._task.answers
        lines = [f"{answers[k].title}: {percent(float(probabilities[k]))}" for k in order]
        return f"{head} ({verdict}):\n" + "\n".join(lines)

    def _target_words(self, timestep: int) -> str:
        assert self._trace is not None
        assert self._task is not None
        if is_squared(self._task):
            number = float(self._true_numbers()[timestep])
            return self._in_words(number, f"{number:.3f}")
        return self._task.answers[int(self._trace.targets[timestep])].title
