"""How an event is drawn where no picture of it exists: a symbol as a big letter, a number as a bar with its value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from playground.tasks.task import Event
from playground.ui.drawings import drawing
from playground.ui.theme import Theme

LARGEST_LETTER, SMALLEST_LETTER = 26, 9
"""Unscaled px."""
SHORT = 4
"""So many characters are still a symbol; a longer title gives way to the short one."""


def letter_of(event: Event) -> str:
    """The few characters that stand for an event without a drawing."""
    return event.title if len(event.title) <= SHORT else (event.short or event.title)


def says_it_all(event: Event) -> bool:
    """Whether what is drawn says the title already, so that nothing needs to be written below it."""
    return not event.drawing and event.value is None and letter_of(event) == event.title


def is_its_letter(event: Event) -> bool:
    """Whether the letter that stands for the event is its title: a number's is, in words."""
    return not event.drawing and letter_of(event) == event.title


def value_range(events: Sequence[Event]) -> tuple[float, float]:
    """The least and the greatest number among these events and 0."""
    values = [event.value for event in events if event.value is not None]
    return min([0.0, *values]), max([0.0, *values])


def number_words(value: float) -> str:
    """A number as it is written under its bar: "0.37", "−1.2", "12"."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}".replace("-", "−")


def paint_event(
    painter: QPainter,
    theme: Theme,
    event: Event,
    box: QRectF,
    *,
    ratio: float = 1.0,
    numbers: tuple[float, float] = (0.0, 1.0),
) -> None:
    """Draw the event into `box`: its drawing as a square in the middle, its letter, or the bar of its number."""
    size = int(min(box.width(), box.height()))
    if size < 4:
        return
    if event.drawing:
        corner = QPointF(box.center().x() - size / 2, box.top() + (box.height() - size) / 2)
        painter.drawPixmap(corner, drawing(event.drawing, size, ratio))
    elif event.value is not None:
        _paint_number(painter, theme, event, event.value, box, numbers)
    else:
        text = letter_of(event)
        font = letter_font(theme, text, box)
        painter.setFont(font)
        painter.setPen(theme.colour("muted" if event.filler else "text"))
        painter.drawText(
            box.adjusted(-box.width(), 0, box.width(), 0),
            Qt.AlignmentFlag.AlignCenter,
            QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() * 1.1),
        )


def letter_font(theme: Theme, text: str, box: QRectF) -> QFont:
    """The largest font of letters in which the text fits the box."""
    size = min(float(LARGEST_LETTER), box.height() / theme.scale * 0.8)
    while size > SMALLEST_LETTER:
        if QFontMetricsF(theme.font(size, bold=True)).horizontalAdvance(text) <= box.width():
            break
        size -= 1.0
    return theme.font(max(size, SMALLEST_LETTER), bold=True)


def _paint_number(
    painter: QPainter, theme: Theme, event: Event, value: float, box: QRectF, numbers: tuple[float, float]
) -> None:
    """A bar from the zero line; a marked number has a strong bar and a dot above it."""
    low, high = numbers
    span = max(high - low, 1e-9)
    dot = theme.px(5)
    field = box.adjusted(0, dot + theme.px(3), 0, 0)
    zero = field.bottom() - (0.0 - low) / span * field.height()
    end = field.bottom() - (value - low) / span * field.height()
    width = max(2.0, min(field.width() * 0.6, float(theme.px(16))))
    colour = theme.colour("muted" if event.filler else "accent")
    bar = QRectF(box.center().x() - width / 2, min(zero, end), width, max(abs(zero - end), 1.5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.setOpacity(0.55 if event.filler else 1.0)
    painter.drawRoundedRect(bar, min(2.0, width / 3), min(2.0, width / 3))
    painter.setOpacity(1.0)
    if event.marked:
        painter.drawEllipse(QPointF(box.center().x(), box.top() + dot / 2), dot / 2, dot / 2)
    painter.setPen(QPen(theme.colour("border_strong"), 1))
    painter.drawLine(QPointF(box.center().x() - width, zero), QPointF(box.center().x() + width, zero))
