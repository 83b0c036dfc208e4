"""What is it? What every network says at this timestep, as bars beside each other, and the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.tasks.series.series_task import SeriesTask
from playground.tasks.task import EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.ui.drawings import drawing
from playground.ui.next_character import next_character
from playground.ui.panels.answer_tables import answers_table, numbers_table
from playground.ui.panels.next_character_bars import NextCharacterBars
from playground.ui.panels.panel import Panel
from playground.ui.panels.prediction_words import (
    Bar,
    PredictionColumn,
    PredictionRow,
    PredictionTable,
    short_percent,
    spoken,
)
from playground.ui.panels.step_calm_label import CalmLabel
from playground.ui.panels.value_lines import ValueLines
from playground.ui.panels.what_if_prediction import shows_classes, what_if_table
from playground.ui.series_values import forecast_table
from playground.ui.shown_sequence import ShownSequence
from playground.ui.state import UiState
from playground.ui.task_words import is_squared
from playground.ui.text_sizes import line_height, text_width, wrapped_height
from playground.ui.vocabulary import network_title

ROW, LEAST_ROW = 28, 16
LEAST_ROWS = 1
"""So many lines have room in any window; where more networks run than fit, the rest is counted."""
HEADER = 24
LEAST_CAPTION_LINES = 2
WAS_OPACITY = 0.5
MOST_GROUNDS = 4
"""Pictures of heads and names that are kept: the truth is one of two or three answers."""
LEAST_BAR = 34
"""Unscaled px: a shorter bar says nothing, and makes room for the words."""


@dataclass(frozen=True)
class _Lines:
    """Where everything stands: the networks that there is room for, and how many there is none for; the columns of
    answers; the first row's top, the height of each, and the sentence below them."""

    rows: tuple[PredictionRow, ...]
    left_out: int
    label_width: float
    lefts: tuple[float, ...]
    width: float
    first: float
    height: float
    caption: str
    plain: bool
    """Whether every bar has its answer at the head of its column, and nothing is changed: then the tracks stay too."""

    def top(self, number: int) -> float:
        """The top of a row."""
        return self.first + number * self.height


class PredictionBars(QWidget):
    """Paints a `PredictionTable`: a line for each network, a column for each answer. A click opens the network."""

    def __init__(self, state: UiState) -> None:
        super().__init__()
        self._state = state
        self._table = PredictionTable((), (), "")
        self._hovered = -1
        self._grounds: dict[tuple[object, ...], QPixmap] = {}
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("What every network says")

    @property
    def table(self) -> PredictionTable:
        """What is shown."""
        return self._table

    def show_table(self, table: PredictionTable) -> None:
        """Show this."""
        if table != self._table:
            before = self._size(LEAST_ROW)
            self._table = table
            more = self._size(LEAST_ROW) != before
            self.setAccessibleDescription(spoken(table, self._state.vocabulary))
            if more:
                self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return self._size(ROW)

    def minimumSizeHint(self) -> QSize:
        return self._size(LEAST_ROW, LEAST_ROWS)

    def _size(self, row: int, most: int = 99) -> QSize:
        theme = self._state.theme
        rows = min(max(1, len(self._table.rows)), most)
        return QSize(theme.px(240), round(theme.px(HEADER) + rows * theme.px(row) + self._caption()[1]))

    def _caption(self) -> tuple[str, float]:
        """The longest way of saying it in two lines, and its height; always room for two: nothing above must jump."""
        theme = self._state.theme
        width = max(self.width(), theme.px(200))
        most = LEAST_CAPTION_LINES * line_height(theme, 13) + 1
        text, height = "", 0.0
        for text in self._table.captions:
            height = wrapped_height(theme, text, 13, width)
            if height <= most:
                break
        return text, max(height, most) + theme.px(6)

    # -- geometry
    def shown_rows(self) -> tuple[PredictionRow, ...]:
        """The networks that there is room for: the opened one always, then the first ones."""
        theme, rows = self._state.theme, self._table.rows
        room = self.height() - theme.px(HEADER) - self._caption()[1]
        fitting = max(1, int(room // theme.px(LEAST_ROW)))
        if len(rows) <= fitting:
            return rows
        opened = [number for number, row in enumerate(rows) if row.network == self._state.network]
        others = [number for number in range(len(rows)) if number not in opened]
        chosen = sorted([*opened, *others[: max(0, fitting - len(opened) - 1)]])
        return tuple(rows[number] for number in chosen)

    def left_out(self) -> int:
        """How many networks there is no room for."""
        return len(self._table.rows) - len(self.shown_rows())

    def _label_width(self) -> float:
        theme = self._state.theme
        names = [network_title(row.network, self._state.vocabulary) for row in self._table.rows]
        longest = max((text_width(theme, name, 13, bold=True) for name in names), default=0.0)
        return min(longest + theme.px(12), self.width() * 0.34)

    def _row_height(self) -> float:
        theme = self._state.theme
        rows = max(1, len(self.shown_rows()) + (1 if self.left_out() else 0))
        share = (self.height() - theme.px(HEADER) - self._caption()[1]) / rows
        return max(float(theme.px(LEAST_ROW)), min(float(theme.px(34)), share))

    def row_at(self, y: float) -> int:
        """The number of the network at this height; -1 where there is none."""
        row = int((y - self._state.theme.px(HEADER)) // self._row_height())
        return row if y >= self._state.theme.px(HEADER) and 0 <= row < len(self.shown_rows()) else -1

    # -- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        """The bars, their numbers and the sentence; heads and names are a picture until they change."""
        if not self._table.rows:
            painter = QPainter(self)
            painter.fillRect(event.rect(), self._state.theme.colour("surface"))
            painter.end()
            return
        theme = self._state.theme
        lines = self._lines()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground(lines))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if lines.plain:
            self._paint_plain_bars(painter, lines)
        else:
            for number, row in enumerate(lines.rows):
                for left, bar in zip(lines.lefts, row.bars, strict=False):
                    box = QRectF(left, lines.top(number), lines.width, lines.height)
                    self._paint_bar(painter, row.network, bar, box)
        top = lines.top(len(lines.rows))
        painter.setFont(theme.font(13))
        painter.setPen(theme.colour("muted"))
        if lines.left_out:
            more = f"{lines.left_out} more: there is room for them in a higher window."
            painter.drawText(QRectF(0, top, self.width(), lines.height), Qt.AlignmentFlag.AlignVCenter, more)
            top += lines.height
        top += theme.px(6)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(0, top, self.width(), self.height() - top), flags, lines.caption)
        painter.end()

    def _lines(self) -> _Lines:
        """Where everything stands."""
        theme = self._state.theme
        label_width, gap, count = self._label_width(), theme.px(14), len(self._table.columns)
        width = (self.width() - label_width - gap * (count - 1)) / count
        caption, rows, left_out = self._caption()[0], self.shown_rows(), self.left_out()
        lefts = tuple(label_width + number * (width + gap) for number in range(count))
        first = float(theme.px(HEADER))
        plain = all(not bar.name and bar.was is None for row in rows for bar in row.bars)
        return _Lines(rows, left_out, label_width, lefts, width, first, self._row_height(), caption, plain)

    def _ground(self, lines: _Lines) -> QPixmap:
        """Heads and names, on the card's own ground."""
        theme, ratio = self._state.theme, self.devicePixelRatioF()
        networks = tuple(row.network for row in lines.rows)
        places = (self.size(), ratio, lines.label_width, lines.lefts, lines.height)
        chosen = (self._state.network, self._hovered, self._state.vocabulary, theme, lines.plain)
        key = (self._table.columns, networks, *places, *chosen)
        ground = self._grounds.pop(key, None)
        if ground is None:
            ground = self._drawn_ground(lines, ratio)
            while len(self._grounds) >= MOST_GROUNDS:
                del self._grounds[next(iter(self._grounds))]
        self._grounds[key] = ground  # as the newest
        return ground

    def _drawn_ground(self, lines: _Lines, ratio: float) -> QPixmap:
        theme = self._state.theme
        ground = QPixmap(ceil(self.width() * ratio), ceil(self.height() * ratio))
        ground.setDevicePixelRatio(ratio)
        ground.fill(theme.colour("surface"))
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for left, column in zip(lines.lefts, self._table.columns, strict=True):
            self._paint_column(painter, column, QRectF(left, 0, lines.width, theme.px(HEADER)))
        for number, row in enumerate(lines.rows):
            self._paint_label(
                painter, row, number, QRectF(0, lines.top(number), lines.label_width, lines.height)
            )
        if lines.plain:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            for number, row in enumerate(lines.rows):
                for place, _ in enumerate(row.bars[: len(lines.lefts)]):
                    track = self._plain_track(lines, number, place)
                    painter.drawRoundedRect(track, theme.px(3), theme.px(3))
        painter.end()
        return ground

    def _plain_track(self, lines: _Lines, number: int, place: int) -> QRectF:
        """The track of a bar without a name of its own."""
        theme = self._state.theme
        thick = min(float(theme.px(14)), lines.height - theme.px(7))
        middle = lines.top(number) + lines.height / 2
        length = lines.width - self._value_width() - theme.px(6)
        return QRectF(lines.lefts[place], middle - thick / 2, max(1.0, length), thick)

    def _value_width(self) -> float:
        theme = self._state.theme
        return text_width(theme, "> 99 %", 12.5, bold=True) + theme.px(2)

    def _paint_plain_bars(self, painter: QPainter, lines: _Lines) -> None:
        """What `_paint_bar` paints, of bars without names and what-ifs, on their tracks."""
        theme = self._state.theme
        fonts = {says: theme.font(12.5, bold=says) for says in (False, True)}
        muted, air, width = theme.colour("muted"), theme.px(6), self._value_width()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for number, row in enumerate(lines.rows):
            ink = theme.network_ink(row.network)
            for place, bar in enumerate(row.bars[: len(lines.lefts)]):
                track = self._plain_track(lines, number, place)
                painter.setPen(Qt.PenStyle.NoPen)
                self._fill(painter, row.network, bar.probability, track)
                painter.setFont(fonts[bar.says])
                painter.setPen(ink if bar.says else muted)
                box = QRectF(track.right() + air, lines.top(number), width, lines.height)
                painter.drawText(box, flags, short_percent(bar.probability))

    def _paint_column(self, painter: QPainter, column: PredictionColumn, box: QRectF) -> None:
        theme = self._state.theme
        left = box.left()
        if column.drawing:
            size = theme.px(22)
            painter.drawPixmap(
                QPointF(left, box.center().y() - size / 2),
                drawing(column.drawing, size, self.devicePixelRatioF()),
            )
            left += size + theme.px(6)
        font = theme.font(13 if column.drawing or column.truth else 12, bold=column.truth)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if column.truth else "muted"))
        metrics = QFontMetricsF(font)
        title = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, box.right() - left)
        painter.drawText(
            QRectF(left, box.top(), box.right() - left, box.height()), Qt.AlignmentFlag.AlignVCenter, title
        )
        if column.truth:
            left += metrics.horizontalAdvance(title) + theme.px(8)
            self._paint_tick(painter, QPointF(left, box.center().y()))

    def _paint_tick(self, painter: QPainter, at: QPointF) -> None:
        theme = self._state.theme
        side = theme.px(10)
        pen = QPen(theme.colour("good_ink"), 2 * theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        corner = at + QPointF(side * 0.35, side * 0.35)
        painter.drawLine(at, corner)
        painter.drawLine(corner, at + QPointF(side, -side * 0.45))

    def _paint_label(self, painter: QPainter, row: PredictionRow, number: int, box: QRectF) -> None:
        theme = self._state.theme
        opened = row.network == self._state.network
        if number == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(box.adjusted(-4, 1, -theme.px(6), -1), theme.px(6), theme.px(6))
        font = theme.font(13, bold=opened)
        painter.setFont(font)
        painter.setPen(theme.network_ink(row.network))
        name = network_title(row.network, self._state.vocabulary)
        if text_width(theme, name, 13, bold=opened) > box.width() - theme.px(6):
            name = QFontMetricsF(font).elidedText(
                name, Qt.TextElideMode.ElideRight, box.width() - theme.px(6)
            )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)

    def _paint_bar(self, painter: QPainter, network: str, bar: Bar, box: QRectF) -> None:
        theme = self._state.theme
        font = theme.font(12.5, bold=bar.says)
        value = short_percent(bar.probability)
        widest = "> 99 %" if bar.was is None else "> 99 → > 99 %"
        if bar.was is not None and box.width() < text_width(theme, widest, 12.5, bold=True) + theme.px(
            LEAST_BAR
        ):
            widest = "> 99 %"
        elif bar.was is not None:
            value = f"{short_percent(bar.was).removesuffix(' %')} → {value}"
        value_width = text_width(theme, widest, 12.5, bold=True) + theme.px(2)
        ink = theme.network_ink(network) if bar.says else theme.colour("muted")
        name_width = (
            min(text_width(theme, bar.name, 12.5, bold=True) + theme.px(8), box.width() * 0.45)
            if bar.name
            else 0.0
        )
        length = box.width() - value_width - name_width - theme.px(6)
        if bar.name and length < theme.px(LEAST_BAR):
            text = QFontMetricsF(font).elidedText(
                f"{bar.name} {value}", Qt.TextElideMode.ElideMiddle, box.width()
            )
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            return
        if bar.name:
            painter.setFont(font)
            painter.setPen(theme.colour("text" if bar.says else "muted"))
            name, room = bar.name, name_width - theme.px(4)
            if text_width(theme, name, 12.5, bold=bar.says) > room:  # measured once, not at every painting
                name = QFontMetricsF(font).elidedText(name, Qt.TextElideMode.ElideRight, room)
            place = QRectF(box.left(), box.top(), name_width, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        thick = min(float(theme.px(14)), box.height() - theme.px(7))
        track = QRectF(box.left() + name_width, box.center().y() - thick / 2, max(1.0, length), thick)
        radius = theme.px(3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(track, radius, radius)
        if bar.was is None:
            self._fill(painter, network, bar.probability, track)
        else:  # what is: thin and pale above; what would be: strong below
            middle = track.top() + 0.36 * track.height()
            painter.setOpacity(WAS_OPACITY)
            self._fill(painter, network, bar.was, QRectF(track.topLeft(), QPointF(track.right(), middle)))
            painter.setOpacity(1.0)
            below = QRectF(QPointF(track.left(), middle), track.bottomRight())
            self._fill(painter, network, bar.probability, below)
        painter.setFont(font)
        painter.setPen(ink)
        place = QRectF(track.right() + theme.px(6), box.top(), value_width, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, value)

    def _fill(self, painter: QPainter, network: str, probability: float, track: QRectF) -> None:
        share = max(0.0, min(1.0, probability)) if probability == probability else 0.0
        filled = QRectF(track)
        filled.setWidth(track.width() * share)
        painter.setBrush(self._state.theme.network(network))
        radius = min(float(self._state.theme.px(3)), track.height() / 2)
        painter.drawRoundedRect(filled, min(radius, filled.width() / 2), radius)

    # -- pointing
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
        if row != self._hovered:
            self._hovered = row
            self.update()
        words = ""
        if row >= 0:
            entry = self.shown_rows()[row]
            bars = zip(entry.bars, self._table.columns, strict=False)
            said = ", ".join(
                f"{bar.name or column.title} {100 * bar.probability:.1f} %" for bar, column in bars
            )
            words = f"{network_title(entry.network, self._state.vocabulary)}: {said}. Click to look inside."
        QToolTip.showText(event.globalPosition().toPoint() if words else QPoint(), words, self)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._state.set_network(self.shown_rows()[row].network)


class PredictionPanel(Panel):
    """The panel. `show_sequence` tells task and events of the traces; `show_without_gap` what the same networks said
    when the fillers were left out."""

    note_kind = CalmLabel

    def __init__(self, state: UiState, parent: QWidget | None = None) -> None:
        super().__init__(state, "What is it?", parent)
        self._stale = True
        self._task: Task | None = None
        self._drawings: dict[str, str] = {}
        self._sequence: EventSequence | None = None
        self._shown: ShownSequence | None = None
        self._without_gap: Mapping[str, SequenceTrace] = {}
        self.bars = PredictionBars(state)
        self.values = ValueLines(state)
        self.values.hide()
        self.characters = NextCharacterBars(state)
        self.characters.hide()
        for part in (self.bars, self.values, self.characters):
            self.body.addWidget(part, 1)
        self._soon = QTimer(self)  # after strip and diagram, see FormulaPanel
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        state.timestep_changed.connect(self._write_soon)
        for signal in (state.moment_changed, state.network_changed, state.what_if_changed):
            signal.connect(self._changed)
        self.restyle()

    def show_sequence(self, task: Task, sequence: EventSequence, shown: ShownSequence | None = None) -> None:
        """What may be answered, and what was read; `shown`: where that comes from."""
        self._task, self._sequence, self._shown = task, sequence, shown
        self._drawings = {event.name: event.drawing for event in task.events()}
        self.refresh()

    def show_without_gap(self, traces: Mapping[str, SequenceTrace]) -> None:
        """What the networks said at the question when nothing came in between; empty: not asked."""
        self._without_gap = traces
        self.refresh()

    def restyle(self) -> None:
        """Take colours, sizes and words again."""
        self.bars.updateGeometry()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the current state; when hidden, remember to do so once shown."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._soon.stop()
        traces = self.state.moment.traces
        if self._sequence is None or not traces:
            self.set_title("What is it?", "Nobody has answered yet.")
            self.bars.show_table(PredictionTable((), (), ""))
            return
        if self._task is not None and self._task.family == "text":
            self._show_next_character(self._task, self._sequence)
            return
        self.characters.hide()
        view = self.state.what_if
        if view is not None and self._task is not None and shows_classes(view, traces):
            changed = what_if_table(
                view, traces, self.state.network, self._task, self.state.vocabulary, self._drawings
            )
            self.bars.show()
            self.values.hide()
            self.set_title("What if?", f"at the question · truth: {changed.truth}")
            self.bars.show_table(changed)
            self.bars.update()
            return
        timestep = min(self.state.timestep, self.state.length - 1)
        task, vocabulary = self._task, self.state.vocabulary
        assert task is not None
        numbers = is_squared(task)
        self.bars.setVisible(not numbers)
        self.values.setVisible(numbers)
        if numbers:
            sequence = self._sequence
            if view is not None and self.state.shows_changed:
                sequence = view.sequence
                traces = {key: view.changed.get(key, trace) for key, trace in traces.items()}
                traces = {key: trace for key, trace in traces.items() if trace.length == sequence.length}
            title = "What do they say?" if view is None else "What would they say?"
            if isinstance(task, SeriesTask):
                position = int(sequence.events[timestep].name) + 1
                self.set_title(title, f"of {task.series.time_in_words(position)}, the next value")
                table = forecast_table(traces, task, sequence, timestep, vocabulary)
            else:
                self.set_title(title)
                table = numbers_table(traces, task, sequence, timestep, vocabulary)
            self.values.show_table(table)
            self.values.update()
            return
        said = answers_table(
            traces, task, self._sequence, timestep, vocabulary, self._drawings, self._without_gap
        )
        title = "What is it?" if task.judged == "everywhere" else "What do they say?"
        self.set_title(title, f"truth: {said.truth}" if said.truth else "not asked here")
        self.bars.show_table(said)
        self.bars.update()

    def _show_next_character(self, task: Task, sequence: EventSequence) -> None:
        """Of a text: what comes next, and why it was drawn."""
        view = self.state.what_if if self.state.shows_changed else None
        self.bars.hide()
        self.values.hide()
        self.characters.show()
        found = next_character(
            self.state.moment.traces,
            view.changed if view is not None else {},
            task.answers,
            view.sequence if view is not None else sequence,
            self._shown if view is None or not view.edits_events else None,
            min(self.state.timestep, self.state.length - 1),
            self.state.network,
            self.state.vocabulary,
        )
        self.set_title(*found.heading)
        self.characters.show_characters(found)

    @Slot()
    def _changed(self) -> None:
        self.refresh()

    @property
    def waiting(self) -> bool:
        """Whether another timestep is shown in a moment, right after strip and diagram."""
        return self._soon.isActive()

    @Slot(int)
    def _write_soon(self, timestep: int) -> None:
        if self.isVisible():
            self._soon.start()
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
