"""A panel that cannot be drawn says so in its place; the window and everything else in it go on.

An exception that leaves a `paintEvent` is dangerous, not only ugly: Python keeps the frame it came from, with it the
`QPainter` that was at work, and Qt aborts the program when it finds a painter on something it wants to paint or delete.
So every `paintEvent` of this package is guarded, and so are the `paint` of scene items and of the lines of lists, whose
painter belongs to Qt. `guard_painting` is the one place: it guards the classes there are and those that come.

What is guarded costs 0.2 µs more a painting; a failure 0.3 ms.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from PySide6.QtCore import QRect, Qt, qInstallMessageHandler
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QGraphicsItem, QStyledItemDelegate, QWidget
from shiboken6 import isValid

PACKAGE = "playground"
"""Only classes of this package are guarded, never Qt's or another library's."""

MARGIN = 8
MOST_CHARACTERS = 160

_GUARDED = "_paint_guarded"
_said: set[tuple[str, str]] = set()
"""What was logged already: a fault in painting comes thirty times a second."""

log = logging.getLogger(__name__)


def guard_painting() -> None:
    """From now on nothing raises out of a painting. May be called again; GUI thread, before a window is shown."""
    for base, name, failed in (
        (QWidget, "paintEvent", _panel_failed),
        (QGraphicsItem, "paint", _part_failed),
        (QStyledItemDelegate, "paint", _part_failed),
    ):
        if "__init_subclass__" not in vars(base):
            for kind in _subclasses(base):
                _guard(kind, name, failed)
            _guard_those_to_come(base, name, failed)


def _guard_those_to_come(base: Any, name: str, failed: Callable[..., None]) -> None:
    def init_subclass(kind: type, /, **named: Any) -> None:
        super(base, kind).__init_subclass__(**named)
        _guard(kind, name, failed)

    base.__init_subclass__ = classmethod(init_subclass)


def _subclasses(base: Any) -> Iterator[type]:
    for kind in base.__subclasses__():
        yield kind
        yield from _subclasses(kind)


def _guard(kind: type, name: str, failed: Callable[..., None]) -> None:
    """Guard what this class itself paints, if it is one of ours."""
    paint = vars(kind).get(name)
    ours = kind.__module__.partition(".")[0] == PACKAGE
    if ours and callable(paint) and not hasattr(paint, _GUARDED):
        setattr(kind, name, _guarded(paint, failed))


def _guarded(paint: Callable[..., None], failed: Callable[..., None]) -> Callable[..., None]:
    @wraps(paint)
    def paint_or_say(self: Any, *args: Any) -> None:
        try:
            paint(self, *args)
        except Exception as error:
            failed(self, error, args)

    setattr(paint_or_say, _GUARDED, True)
    return paint_or_say


def _panel_failed(panel: QWidget, error: Exception, args: tuple[Any, ...]) -> None:
    """End the painter that was at work, and write the sentence where the panel would be."""
    _log_once(panel, error)
    _end_painters(error, args)
    place = panel.viewport() if isinstance(panel, QAbstractScrollArea) else panel
    if place.paintingActive():
        return  # a painter that is not ours to end
    painter = QPainter(place)
    try:
        painter.fillRect(place.rect(), place.palette().window())
        painter.setPen(place.palette().placeholderText().color())
        box: QRect = place.rect().adjusted(MARGIN, 0, -MARGIN, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _sentence(error))
    finally:
        painter.end()


def _part_failed(part: object, error: Exception, args: tuple[Any, ...]) -> None:
    """A part of a drawing is left out; its painter is Qt's."""
    _log_once(part, error)
    _end_painters(error, args)


def _sentence(error: Exception) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    said = said if len(said) <= MOST_CHARACTERS else said[: MOST_CHARACTERS - 1] + "…"
    return f"This panel could not be drawn: {said.rstrip('.')}."


def _log_once(painted: object, error: Exception) -> None:
    key = (type(painted).__name__, "".join(traceback.format_tb(error.__traceback__)[-1:]))
    if key not in _said:
        _said.add(key)
        log.error("%s could not be drawn", type(painted).__name__, exc_info=error)


def _end_painters(error: Exception, lent: tuple[Any, ...]) -> None:
    """End every painter that the failed code made, and let go of its variables; those in `lent` belong to others."""
    own = [
        value
        for frame, _ in traceback.walk_tb(error.__traceback__)
        for value in frame.f_locals.values()
        if isinstance(value, QPainter) and not any(value is other for other in lent)
    ]
    before = qInstallMessageHandler(
        _hear_nothing
    )  # "Painter ended with 2 saved states": it could not restore them
    try:
        for painter in own:
            if isValid(painter) and painter.isActive():
                painter.end()
    finally:
        qInstallMessageHandler(before)
    traceback.clear_frames(error.__traceback__)


def _hear_nothing(*_: object) -> None:
    pass
