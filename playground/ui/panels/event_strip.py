"""The event strip: what comes in at every timestep, as pictures, letters or bars, with the current one on a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from playground.contract.intervention import EventEdit, InsertEvent, RemoveEvent, ReplaceEvent
from playground.tasks.task import Event
from playground.ui.drawings import drawing
from playground.ui.event_pictures import (
    letter_font,
    letter_of,
    number_words,
    paint_event,
    says_it_all,
    value_range,
)
from playground.ui.panels.event_shelf import dragged, start_drag
from playground.ui.plots.time_axis import LensAxis, TimeAxis, fold_of, lens_of
from playground.ui.plots.time_rows import TimeRow
from playground.ui.state import UiState
from playground.ui.text_sizes import text_width
from playground.ui.vocabulary import plural, word

if TYPE_CHECKING:
    from playground.ui.panels.event_marks import StripMarks

LARGEST_DRAWING = 44
LEAST_LETTER, LENS_LETTER, LENS_CARD = 9, 11, 40
"""Unscaled px: letters in narrower columns are read through a lens; their distance there, and the room of the card."""
ORDINARY_LETTER = "n"
ROOM_FOR_NUMBERS = 30
"""Unscaled px of a column that has its timestep below it."""
ROOM_FOR_NAMES = 40
"""Unscaled height of a strip that has names below its pictures."""
CARD_REACH = 3.5
"""So many columns away from it the card may cover an event."""
NEAR_AN_EDGE = 0.22
"""Of a column's width: what is dropped so near to its edge is put in between."""
OUT_OF_THE_ROW = 14
"""Unscaled px above or below the strip: an event that is pulled so far is dragged along."""


def fold_words(events: Sequence[Event]) -> str:
    """What is folded away: "25 flowers and trees"; of many kinds their number, with the first and the last."""
    kinds = sorted({event.title for event in events})
    if len(kinds) <= 3 and all(len(kind) > 1 for kind in kinds):
        return f"{len(events)} {' and '.join(plural(kind) for kind in kinds)}"
    if len(kinds) <= 4:
        return f"{len(events)} × {', '.join(kinds)}"
    return f"{len(events)} more: {events[0].title} … {events[-1].title}"


class EventStripRow(TimeRow):
    """The first row of a `TimeStack`. `numbers` writes each event's timestep below it.

    While it is editable, a picture dropped on a column takes the event's place, one dropped between two is put in
    there, and one of its own that is pulled out can be taken elsewhere; `edit_wanted` tells the edit.
    """

    edit_wanted = Signal(object)
    stretch = 0
    base_height = 70

    def __init__(self, state: UiState, *, numbers: bool = False) -> None:
        self._events: tuple[Event, ...] = ()
        self._range = (0.0, 1.0)
        self._numbers = numbers
        self._marks: StripMarks | None = None
        self._drop: EventEdit | None = None
        self._pressed: int | None = None
        self._letters = False
        self._stack_axis = TimeAxis(1, 0, 1)
        self._playhead_at = 0
        self._asked_for: QRect | None = None
        self.base_height = 84 if numbers else 70
        super().__init__(state)
        self.setObjectName("eventStrip")  # by it the window knows what its first paint must hold
        self.setAccessibleName("Event strip")
        state.timestep_changed.connect(self._look_through)
        self.refresh_words()

    def set_axis(self, axis: TimeAxis) -> None:
        """The columns of the stack; of a long text a lens around the playhead, which keeps its place."""
        self._stack_axis = axis
        self._look_through(self.state.timestep)

    @Slot(int)
    def _look_through(self, timestep: int) -> None:
        axis, theme = self._stack_axis, self.state.theme
        if self._letters and axis.folded is None and axis.column_width < theme.px(LEAST_LETTER):
            axis = lens_of(axis, timestep, float(theme.px(LENS_LETTER)), float(theme.px(LENS_CARD)))
        super().set_axis(axis)

    def playhead_moved(self) -> None:
        """Paint again what the card leaves and what it comes to; of a text seen through a lens all of it."""
        before, self._playhead_at = self._playhead_at, self.state.timestep
        if self._letters or self._marks is not None or max(before, self._playhead_at) >= len(self._events):
            self.update()
            return
        for timestep in {before, self._playhead_at}:
            self.update(self._around(timestep))

    def _around(self, timestep: int) -> QRect:
        """Where the playhead at this timestep shows: the fold, or the card and the neighbours that it covers."""
        theme, axis = self.state.theme, self.axis
        folded = axis.folded
        if folded is not None and folded[0] <= timestep <= folded[1]:
            left, right = float(axis.edges[folded[0]]), float(axis.edges[folded[1] + 1])
        else:
            centre = float(axis.centres[min(timestep, axis.length - 1)])
            card = self._card_width(self._events[timestep], axis.column_width)
            half = max(card / 2, CARD_REACH * axis.column_width) + max(axis.column_width, theme.px(60))
            left, right = centre - half, centre + half
            if right > self.width():  # the card is kept inside
                left -= card
        return QRect(int(left) - 1, 0, int(right - left) + 3, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._asked_for = event.rect()
        super().paintEvent(event)
        self._asked_for = None

    def _is_asked_for(self, timestep: int) -> bool:
        """Whether anything of this event may stand where it is painted now."""
        asked = self._asked_for
        if asked is None or timestep == self.state.timestep:
            return True
        centre, reach = (
            float(self.axis.centres[timestep]),
            max(self.axis.column_width, self.state.theme.px(60)),
        )
        return asked.left() - reach <= centre <= asked.right() + 1 + reach

    @property
    def lens(self) -> LensAxis | None:
        """What of a long text is seen; None where all of it is."""
        return self.axis if isinstance(self.axis, LensAxis) else None

    def set_numbers(self, numbers: bool) -> None:
        """Whether each event's timestep is written below it."""
        if numbers != self._numbers:
            self._numbers = numbers
            self.base_height = 84 if numbers else 70
            self.rescale()

    def show_events(self, events: tuple[Event, ...]) -> None:
        """Show these events."""
        self._events = events
        self._range = value_range(events)
        self._letters = all(says_it_all(event) and len(event.title) == 1 for event in events)
        self._look_through(self.state.timestep)
        names = ", ".join(event.title for event in events)
        self.setAccessibleDescription(f"{len(events)} events: {names}")
        self.update()

    def show_marks(self, marks: StripMarks | None) -> None:
        """Mark what a what-if changed; None: nothing is changed, or what is true is shown."""
        self._marks = marks
        self.update()

    @property
    def marks(self) -> StripMarks | None:
        """What is marked."""
        return self._marks

    def set_editable(self, editable: bool) -> None:
        """Whether events can be dropped here and pulled out."""
        self.setAcceptDrops(editable)

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
        bare = self.base_height < ROOM_FOR_NAMES or all(says_it_all(event) for event in self._events)
        below = 0.0 if bare else name_height
        first, last = self.lens.seen if self.lens is not None else (0, self.axis.length)
        alike = self._letters and width < theme.px(ROOM_FOR_NUMBERS)
        if alike:
            self._paint_letters(painter, first, min(last, len(self._events)), number_height)
        for timestep, event in enumerate(self._events[:last]):
            if self._is_folded(timestep) or timestep < first or not self._is_asked_for(timestep):
                continue
            if alike and timestep != self.state.timestep:
                continue
            centre = float(self.axis.centres[timestep])
            here = timestep == self.state.timestep
            painter.setFont(theme.font(11, bold=here))
            lines = self._title_lines(event, width) if here else self._fitting_title(event, width)
            text_height = max(len(lines) * name_height, below) + number_height
            size = self._drawing_size(event, width, below + number_height)
            if here:
                card_width = self._card_width(event, width)
                card = self._kept_inside(QRectF(centre - card_width / 2, 1, card_width, self.height() - 2))
                self._paint_card(painter, card)
                centre = card.center().x()
                self._paint_picture(
                    painter, event, centre, self._drawing_size(event, card_width, text_height)
                )
            elif not self._covered_by_card(timestep, size.width()):
                self._paint_picture(painter, event, centre, size)
            painter.setFont(theme.font(11, bold=here))
            painter.setPen(theme.colour("text" if here else "muted"))
            text_top = self.height() - text_height - theme.px(4)
            longest = max((painter.fontMetrics().horizontalAdvance(line) for line in lines), default=0)
            room = longest + theme.px(2)
            slack = theme.px(
                -1 if event.value is None else -6
            )  # words must not run into each other, nor numbers
            if here or (room <= width + slack and not self._covered_by_card(timestep, room)):
                for place, line in enumerate(lines):
                    box = QRectF(centre - room, text_top + place * name_height, 2 * room, name_height)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, line)
            if self._numbers and (
                here
                or (width >= theme.px(ROOM_FOR_NUMBERS) and not self._covered_by_card(timestep, theme.px(34)))
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
        if self.lens is not None:
            self._paint_seen(painter, self.lens)
        if self._marks is not None:
            painter.save()
            if self.lens is not None:  # what is marked there goes on, but is not seen
                left, right = float(self.axis.left), float(self.axis.right)
                painter.setClipRect(QRectF(left, 0, right - left, self.height()))
            self._marks.paint(painter, self.axis, self.height(), theme, self.devicePixelRatioF())
            painter.restore()
        self._paint_drop(painter)

    def _paint_letters(self, painter: QPainter, first: int, last: int, below: float) -> None:
        """Letters side by side, all of one size, but for the current one: there may be hundreds."""
        theme, width = self.state.theme, self.axis.column_width
        size = self._drawing_size(self._events[0], width, below)
        painter.setFont(letter_font(theme, ORDINARY_LETTER, QRectF(0, 0, size.width(), size.height())))
        inks = {False: theme.colour("text"), True: theme.colour("muted")}
        filler: bool | None = None
        for timestep in range(first, last):
            event = self._events[timestep]
            if self._is_folded(timestep) or self._covered_by_card(timestep, size.width()):
                continue
            if event.filler is not filler:
                filler = event.filler
                painter.setPen(inks[filler])
            box = QRectF(float(self.axis.centres[timestep]) - width, theme.px(4), 2 * width, size.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, event.title)

    def _paint_seen(self, painter: QPainter, lens: LensAxis) -> None:
        """A thin line for all of the text, and what of it is seen: it stands over the columns below."""
        theme = self.state.theme
        thick = float(theme.px(3))
        top = self.height() - thick
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(lens.left, top, lens.right - lens.left, thick), thick / 2, thick / 2)
        first, last = lens.seen
        left, right = (float(self._stack_axis.edges[timestep]) for timestep in (first, last))
        painter.setBrush(theme.colour("border_strong"))
        painter.drawRoundedRect(QRectF(left, top, right - left, thick), thick / 2, thick / 2)

    def _paint_drop(self, painter: QPainter) -> None:
        """Where the picture that is dragged would go."""
        if self._drop is None:
            return
        theme, edit = self.state.theme, self._drop
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 2.5 * theme.scale))
        edges = self.axis.edges
        if isinstance(edit, InsertEvent):
            x = float(edges[min(edit.at, len(edges) - 1)])
            painter.drawLine(QPointF(x, theme.px(2)), QPointF(x, self.height() - theme.px(2)))
            return
        left, right = float(edges[edit.at]), float(edges[edit.at + 1])
        box = QRectF(left + 2, 2, right - left - 4, self.height() - 4)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))

    # -- pictures that come and go
    def edit_at(self, x: float, name: str, source: int | None) -> EventEdit | None:
        """What dropping this event at `x` would do; `source`: the timestep it was pulled out of, if it was."""
        timestep = self.axis.timestep_at(x)
        if timestep is None or not name or timestep >= len(self._events):
            return None
        left, right = float(self.axis.edges[timestep]), float(self.axis.edges[timestep + 1])
        share = (x - left) / max(1.0, right - left)
        if share < NEAR_AN_EDGE:
            return InsertEvent(timestep, name)
        if share > 1 - NEAR_AN_EDGE:
            return InsertEvent(timestep + 1, name)
        return None if source == timestep else ReplaceEvent(timestep, name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged(event.mimeData())[0]:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        name, source = dragged(event.mimeData())
        drop = self.edit_at(event.position().x(), name, source)
        if drop != self._drop:
            self._drop = drop
            self.update()
        if drop is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        name, source = dragged(event.mimeData())
        drop = self.edit_at(event.position().x(), name, source)
        self._drop = None
        self.update()
        if drop is not None:
            event.acceptProposedAction()
            self.edit_wanted.emit(drop)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self.axis.timestep_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        room = self.state.theme.px(OUT_OF_THE_ROW)
        pulled = not -room <= event.position().y() <= self.height() + room
        pressed = self._pressed
        if (
            self.acceptDrops()
            and pulled
            and pressed is not None
            and pressed < len(self._events)
            and event.buttons() & Qt.MouseButton.LeftButton
        ):
            self._pressed = None
            each = self._events[pressed]
            picture = drawing(each.drawing, self.state.theme.px(40)) if each.drawing else self.grab()
            start_drag(self, each.name, picture, pressed)
            return
        super().mouseMoveEvent(event)

    def remove(self, timestep: int) -> None:
        """Ask for the event at this timestep to be left out."""
        self.edit_wanted.emit(RemoveEvent(timestep))

    def _is_folded(self, timestep: int) -> bool:
        folded = self.axis.folded
        return folded is not None and folded[0] <= timestep <= folded[1]

    def _drawing_size(self, event: Event, width: float, text_height: float) -> QSizeF:
        """Pictures are squares; a letter or a bar has the whole width of its column."""
        theme = self.state.theme
        height = min(theme.px(LARGEST_DRAWING), self.height() - text_height - theme.px(10))
        width = min(width - theme.px(4), theme.px(96))
        side = min(height, width)
        return QSizeF(int(side), int(side)) if event.drawing else QSizeF(max(width, 4.0), height)

    def _title_lines(self, event: Event, width: float) -> list[str]:
        """The title of the current event in one line, or in two where its column is too narrow for it; nothing of an
        event whose letter says it already."""
        if says_it_all(event):
            return []
        metrics = QFontMetricsF(self.state.theme.font(11, bold=True))
        words = event.title.split()
        if self.state.lecture and event.short:  # two lines would take the picture's room
            fits = metrics.horizontalAdvance(event.title) + self.state.theme.px(8) <= width
            said = not event.drawing and letter_of(event) == event.short
            return [event.title] if fits else [] if said else [event.short]
        if len(words) < 2 or metrics.horizontalAdvance(event.title) + self.state.theme.px(8) <= width:
            return [event.title]
        breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
        return list(min(breaks, key=lambda lines: max(metrics.horizontalAdvance(line) for line in lines)))

    def _fitting_title(self, event: Event, width: float) -> list[str]:
        if says_it_all(event):
            return []
        if event.value is not None:
            return [number_words(event.value)]
        metrics = QFontMetricsF(self.state.theme.font(11))
        short = event.short and metrics.horizontalAdvance(event.title) > width
        if not event.drawing and short:
            return []  # the short title is what is drawn
        return [event.short if short else event.title]

    def _card_width(self, event: Event, width: float) -> float:
        theme = self.state.theme
        metrics = QFontMetricsF(theme.font(11, bold=True))
        lines = self._title_lines(event, width)
        needed = max((metrics.horizontalAdvance(line) for line in lines), default=0) + theme.px(6)
        if not event.drawing and event.value is None and len(letter_of(event)) > 1:  # a number in words
            needed = max(needed, text_width(theme, letter_of(event), 15, bold=True) + theme.px(12))
        return max(min(width, theme.px(96)), needed, theme.px(34) if self._numbers else theme.px(22))

    def _kept_inside(self, rect: QRectF) -> QRectF:
        if rect.right() > self.width() - 1:
            rect.moveRight(self.width() - 1)
        return rect

    def _covered_by_card(self, timestep: int, room: float) -> bool:
        current = self.state.timestep
        if current >= len(self._events) or abs(timestep - current) > CARD_REACH:
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

    def _paint_picture(self, painter: QPainter, event: Event, centre: float, size: QSizeF) -> None:
        theme = self.state.theme
        box = QRectF(centre - size.width() / 2, theme.px(4), size.width(), size.height())
        paint_event(painter, theme, event, box, ratio=self.devicePixelRatioF(), numbers=self._range)

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
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(12, bold=True))
        text = fold_words(self._events[first : last + 1])
        if here:
            text += f"\nt = {self.state.timestep + 1}"
        painter.drawText(
            box.adjusted(2, 2, -2, -2), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text
        )

    def words_at(self, timestep: int, position: QPointF) -> str:
        if timestep >= len(self._events):
            return ""
        words = f"timestep {timestep + 1}: {self._events[timestep].title}"
        changed = self._marks.words_at(timestep) if self._marks is not None else ""
        return f"{words} ({changed})" if changed else words
