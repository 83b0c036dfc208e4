"""Beyond the sequence shown: right answers on many others, as the network is and as it would be, and what follows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.tasks.task import Task
from playground.ui.monitor import RunMonitor
from playground.ui.run_words import percent
from playground.ui.state import UiState
from playground.ui.text_sizes import line_height, text_width, wrapped_height
from playground.ui.what_if_others import OtherSequences
from playground.ui.what_if_rates import (
    RateStory,
    ToldStory,
    exact_percent,
    rate_story,
    rates_in_words,
    spoken,
    told_story,
    waiting_words,
)

BAR_LINE, THICK = 21, 15
TEXT = 13
ABOVE = 4


class WhatIfRates(QWidget):
    """Two bars with their shares, a dashed line where somebody stands who remembers nothing, and a sentence; where
    there is little room, one line and a sentence."""

    def __init__(self, state: UiState, monitor: RunMonitor) -> None:
        super().__init__()
        self.state, self._monitor = state, monitor
        self.others = OtherSequences.of(state, monitor)
        self._story: RateStory | None = None
        self._waiting = ""
        self._sparing = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Right answers on other sequences")
        self.setToolTip(
            "One answer may be right by luck. So the network is also asked about other sequences that it was not "
            "trained on, as it is and with what is changed here. The dashed line is who remembers nothing."
        )
        self.others.changed.connect(self.refresh)
        state.what_if_changed.connect(self.refresh)
        state.appearance_changed.connect(self.refresh)

    # -- what is shown
    @property
    def wanted(self) -> bool:
        """Whether there is something to ask other sequences about."""
        return bool(self.others.interventions)

    @property
    def story(self) -> RateStory | None:
        """What is shown; None while it is on its way."""
        return self._story

    def spare_room(self, sparing: bool) -> None:
        """Whether every pixel counts: then one line has both shares."""
        if sparing != self._sparing:
            self._sparing = sparing
            self.updateGeometry()
            self.update()

    @Slot()
    def refresh(self) -> None:
        """Show what is known of the opened network."""
        before = self._story
        self._story = self._told(self._monitor.task)
        self._waiting = "" if self._story is not None or not self.wanted else waiting_words(self.others.count)
        self.setAccessibleDescription(spoken(self._story) if self._story is not None else self._waiting)
        if self._story is None or before is None or self._story.sentences != before.sentences:
            self.updateGeometry()
        self.update()

    def _told(self, task: Task) -> RateStory | None:
        found, view = self.others.answers, self.state.what_if
        if found is None or view is None:
            return None
        stories: tuple[ToldStory, ...] = ()
        mine = view.changed.get(found.network)
        if found.rival is not None and found.rival_changed is not None and mine is not None:
            both = (
                told_story(view.sequence, mine, task),
                told_story(found.rival, found.rival_changed, task),
            )
            stories = tuple(each for each in both if each is not None)
        return rate_story(found.rates, found.network, task, stories)

    # -- geometry
    def _sentence(self, lines: int, width: float) -> str:
        """The longest way of saying it in so many lines."""
        theme = self.state.theme
        words = self._story.sentences if self._story is not None else (self._waiting,)
        most = lines * line_height(theme, TEXT) + 1
        fitting = [each for each in words if wrapped_height(theme, each, TEXT, width) <= most]
        return fitting[0] if fitting else words[-1]

    def _height(self, bars: bool) -> int:
        theme = self.state.theme
        line = line_height(theme, TEXT)
        if not bars:
            return round(2 * line + theme.px(ABOVE))
        return round(line + 2 * theme.px(BAR_LINE) + self._lines() * line + 2 * theme.px(ABOVE))

    def _lines(self) -> int:
        """How many lines the sentence takes: two, unless the longest way of saying it needs one."""
        if self._story is None:
            return 2
        theme = self.state.theme
        one = (
            wrapped_height(theme, self._story.sentences[0], TEXT, self.width())
            <= line_height(theme, TEXT) + 1
        )
        return 1 if one else 2

    def sizeHint(self) -> QSize:
        return QSize(self.state.theme.px(200), self._height(not self._sparing))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.state.theme.px(160), self._height(False))

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, story = self.state.theme, self._story
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        line, top = line_height(theme, TEXT), float(theme.px(ABOVE))
        if story is None:
            painter.setFont(theme.font(TEXT))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, top, self.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._waiting)
            painter.end()
            return
        # The sentence may have one line instead of two.
        bars = self.height() >= self._height(True) - (self._lines() - 1) * line
        top = self._paint_bars(painter, story, top) if bars else self._paint_line(painter, story, top)
        lines = max(1, int((self.height() - top + theme.px(ABOVE)) // line))
        sentence = self._sentence(lines, self.width())
        # The gap above it makes up for the pixels that two lines may lack.
        top = min(top, self.height() - wrapped_height(theme, sentence, TEXT, self.width()))
        painter.setFont(theme.font(TEXT))
        painter.setPen(theme.colour("text"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        box = QRectF(0, top, self.width(), self.height() - top)
        painter.drawText(box, flags, sentence)
        painter.end()

    def _paint_line(self, painter: QPainter, story: RateStory, top: float) -> float:
        """Both shares in one line; returns where the next line begins."""
        theme = self.state.theme
        line, numbers = line_height(theme, TEXT), rates_in_words(story)
        width = text_width(theme, numbers, TEXT, bold=True)
        painter.setFont(theme.font(TEXT))
        painter.setPen(theme.colour("muted"))
        room = self.width() - width - theme.px(8)
        words = (story.heading, story.heading.partition(":")[2].strip(), "Other sequences")
        shown = next((each for each in words if text_width(theme, each, TEXT) <= room), "")
        painter.drawText(QRectF(0, top, room, line), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(theme.font(TEXT, bold=True))
        painter.setPen(theme.network_ink(self.state.network))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, self.width(), line), flags, numbers)
        return top + line

    def _paint_bars(self, painter: QPainter, story: RateStory, top: float) -> float:
        """The heading and two bars; returns where the sentence begins."""
        theme = self.state.theme
        line, row, thick = line_height(theme, TEXT), theme.px(BAR_LINE), theme.px(THICK)
        painter.setFont(theme.font(TEXT, bold=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(0, top, self.width(), line), Qt.AlignmentFlag.AlignVCenter, story.heading)
        top += line
        names = ("as it is", "what if")
        left = max(text_width(theme, name, TEXT) for name in names) + theme.px(10)
        numbers = max(text_width(theme, "100.0 %", TEXT, bold=True), 1.0) + theme.px(8)
        track = QRectF(left, 0, self.width() - left - numbers, thick)
        ink = theme.network_ink(self.state.network)
        for name, share in zip(names, (story.right, story.changed), strict=True):
            strong = name == names[1]
            painter.setFont(theme.font(TEXT, bold=strong))
            painter.setPen(ink if strong else theme.colour("muted"))
            box = QRectF(0, top, self.width(), row)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, flags, exact_percent(share))
            track.moveTop(top + (row - thick) / 2)
            self._paint_bar(painter, track, share, strong)
            top += row
        if 0.0 < story.chance < 1.0:
            x = track.left() + story.chance * track.width()
            painter.setPen(QPen(theme.colour("text"), 1.4 * theme.scale, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, top - 2 * row), QPointF(x, top))
            self._paint_guesser(painter, story, track, x)
        return top + theme.px(ABOVE)

    def _paint_guesser(self, painter: QPainter, story: RateStory, track: QRectF, x: float) -> None:
        """Who the dashed line is, in the empty part of the lower bar, if there is room."""
        theme = self.state.theme
        words = f"{story.guesser} {percent(story.chance)}"
        left = max(x, track.left() + story.changed * track.width()) + theme.px(7)
        if left + text_width(theme, words, 12) > track.right():
            return
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("muted"))
        box = QRectF(left, track.top() - 2, track.right() - left, track.height() + 4)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_bar(self, painter: QPainter, track: QRectF, share: float, strong: bool) -> None:
        theme = self.state.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, theme.px(4), theme.px(4))
        if share > 0.0:
            filled = QRectF(track)
            filled.setWidth(max(track.width() * share, float(theme.px(3))))
            painter.setOpacity(1.0 if strong else 0.5)
            painter.setBrush(theme.network(self.state.network))
            painter.drawRoundedRect(filled, theme.px(4), theme.px(4))
            painter.setOpacity(1.0)

    # -- Qt
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.others.want(True)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self.others.want(False)
        super().hideEvent(event)
