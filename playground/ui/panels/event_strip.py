"""The event strip: what comes in at every timestep, as pictures, with the current one on a card."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from playground.tasks.task import Event
from playground.ui.drawings import drawing
from playground.ui.plots.time_axis import fold_of
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState
from playground.ui.vocabulary import word

LARGEST_DRAWING = 44


class EventStripRow(TimeRow):
    """The first row of a `TimeStack`. `names` writes each event's name, `numbers` its timestep below it."""

    stretch = 0
    base_height = 70

    def __init__(self, state: UiState, *, numbers: bool = False) -> None:
        self._events: tuple[Event, ...] = ()
        self._numbers = numbers
        self.base_height = 84 if numbers else 70
        super().__init__(state)
        self.setAccessibleName("Event strip")
        self.refresh_words()

    def set_numbers(self, numbers: bool) -> None:
        """Whether each event's timestep is written below it."""
        if numbers != self._numbers:
            self._numbers = numbers
            self.base_height = 84 if numbers else 70
            self.rescale()

    def show_events(self, events: tuple[Event, ...]) -> None:
        """Show these events."""
        self._events = events
        names = ", ".join(event.title for event in events)
        self.setAccessibleDescription(f"{len(events)} events: {names}")
        self.update()

    def refresh_words(self) -> None:
        """Take the label from the vocabulary again."""
        self.set_label(word("event", self.state.vocabulary), "what comes in", "text")

    def rescale(self) -> None:
        self.refresh_words()
        self.setFixedHeight(self.state.theme.px(self.base_height))
        self.update()

    @property
    def fold(self) -> tuple[int, int] | None:
        """Which timesteps the stack should squeeze: over 16 events in lecture mode, over 32 otherwise."""
        return fold_of([event.filler for event in self._events], 16 if self.state.lecture else 32)

    def paint_row(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = self.state.theme
        width = self.axis.column_width
        name_font, number_font = theme.font(11), theme.font(10, mono=True)
        name_height = QFontMetricsF(name_font).height()
        number_height = QFontMetricsF(number_font).height() if self._numbers else 0.0
        size = self._drawing_size(width, name_height + number_height)
        for timestep, event in enumerate(self._events[: self.axis.length]):
            if self._is_folded(timestep):
                continue
            centre = float(self.axis.centres[timestep])
            here = timestep == self.state.timestep
            painter.setFont(theme.font(11, bold=here))
            lines = self._title_lines(event, width) if here else [self._fitting_title(event, width)]
            text_height = len(lines) * name_height + number_height
            if here:
                card_width = self._card_width(event, width)
                card = self._kept_inside(QRectF(centre - card_width / 2, 1, card_width, self.height() - 2))
                self._paint_card(painter, card)
                centre = card.center().x()
                self._paint_drawing(painter, event, centre, self._drawing_size(card_width, text_height))
            elif not self._covered_by_card(timestep, size):
                self._paint_drawing(painter, event, centre, size)
            painter.setPen(theme.colour("text" if here else "muted"))
            text_top = self.height() - text_height - theme.px(4)
            room = max(painter.fontMetrics().horizontalAdvance(line) for line in lines) + theme.px(2)
            if here or (room <= width + theme.px(2) and not self._covered_by_card(timestep, room)):
                for place, line in enumerate(lines):
                    box = QRectF(centre - room, text_top + place * name_height, 2 * room, name_height)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line)
            if self._numbers and (
                here or (width >= theme.px(30) and not self._covered_by_card(timestep, theme.px(34)))
            ):
                painter.setFont(number_font)
                painter.setPen(theme.colour("muted"))
                painter.drawText(
                    QRectF(
                        centre - theme.px(24),
                        self.height() - number_height - theme.px(4),
                        theme.px(48),
                        number_height,
                    ),
                    Qt.AlignmentFlag.AlignCenter,
                    f"t={timestep + 1}",
                )
        self._paint_fold(painter)

    def _is_folded(self, timestep: int) -> bool:
        folded = self.axis.folded
        return folded is not None and folded[0] <= timestep <= folded[1]

    def _drawing_size(self, width: float, text_height: float) -> int:
        theme = self.state.theme
        return int(
            min(theme.px(LARGEST_DRAWING), width - theme.px(4), self.height() - text_height - theme.px(10))
        )

    def _title_lines(self, event: Event, width: float) -> list[str]:
        """The title of the current event in one line, or in two where its column is too narrow for it."""
        metrics = QFontMetricsF(self.state.theme.font(11, bold=True))
        words = event.title.split()
        if self.state.lecture and event.short:  # two lines would take the picture's room
            fits = metrics.horizontalAdvance(event.title) + self.state.theme.px(8) <= width
            return [event.title if fits else event.short]
        if len(words) < 2 or metrics.horizontalAdvance(event.title) + self.state.theme.px(8) <= width:
            return [event.title]
        breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
        return list(min(breaks, key=lambda lines: max(metrics.horizontalAdvance(line) for line in lines)))

    def _fitting_title(self, event: Event, width: float) -> str:
        metrics = QFontMetricsF(self.state.theme.font(11))
        return event.short if event.short and metrics.horizontalAdvance(event.title) > width else event.title

    def _card_width(self, event: Event, width: float) -> float:
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(11, bold=True))
        lines = self._title_lines(event, width)
        needed = max(metrics.horizontalAdvance(line) for line in lines) + theme.px(6)
        return max(min(width, theme.px(96)), needed)

    def _kept_inside(self, rect: QRectF) -> QRectF:
        if rect.right() > self.width() - 1:
            rect.moveRight(self.width() - 1)
        return rect

    def _covered_by_card(self, timestep: int, room: float) -> bool:
        current = self.state.timestep
        if current >= len(self._events) or abs(timestep - current) > 3:
            return False
        card = self._card_width(self._events[current], self.axis.column_width)
        distance = abs(
            float(self.axis.centres[timestep] - self.axis.centres[min(current, self.axis.length - 1)])
        )
        return distance < (card + room) / 2 - self.state.theme.px(4)

    def _paint_card(self, painter: QPainter, card: QRectF) -> None:
        theme = self.state.theme
        painter.setBrush(theme.colour("pending_soft"))
        painter.setPen(QPen(theme.colour("playhead"), 1.2 * theme.scale))
        radius = theme.px(8)
        painter.drawRoundedRect(card, radius, radius)

    def _paint_drawing(self, painter: QPainter, event: Event, centre: float, size: int) -> None:
        theme = self.state.theme
        if size < 4:
            return
        if event.drawing:
            pixmap = drawing(event.drawing, size, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(centre - size / 2, theme.px(4)), pixmap)
        else:
            painter.setFont(theme.font(15, mono=True))
            painter.setPen(theme.colour("text"))
            painter.drawText(
                QRectF(centre - size, theme.px(4), 2 * size, size), Qt.AlignmentFlag.AlignCenter, event.title
            )

    def _paint_fold(self, painter: QPainter) -> None:
        folded = self.axis.folded
        if folded is None or folded[1] >= len(self._events):
            return
        theme = self.state.theme
        first, last = folded
        left, right = float(self.axis.edges[first]), float(self.axis.edges[last + 1])
        here = first <= self.state.timestep <= last
        painter.setBrush(theme.colour("pending_soft" if here else "sunken"))
        painter.setPen(QPen(theme.colour("playhead"), 1.2 * theme.scale) if here else Qt.PenStyle.NoPen)
        radius = theme.px(8)
        box = QRectF(left + theme.px(3), theme.px(4), right - left - theme.px(6), self.height() - theme.px(8))
        painter.drawRoundedRect(box, radius, radius)
        titles = sorted({event.title + "s" for event in self._events[first : last + 1]})
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(12, bold=True))
        text = f"{last - first + 1} {' and '.join(titles)}"
        if here:
            text += f"\nt = {self.state.timestep + 1}"
        painter.drawText(
            box.adjusted(2, 2, -2, -2), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text
        )

    def words_at(self, timestep: int, position: QPointF) -> str:
        if timestep >= len(self._events):
            return ""
        return f"timestep {timestep + 1}: {self._events[timestep].title}"
