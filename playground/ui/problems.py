"""Problems that nobody foresaw: logged with their traceback, told in a sentence, and the program goes on."""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from types import TracebackType

log = logging.getLogger("playground.problems")

ADVICE = "The window goes on. If it looks wrong, close it and open it again; the details are in problems.log."
MOST_REMEMBERED = 100


class Problems:
    """Takes the place of `sys.excepthook` and `threading.excepthook` while it watches.

    The hooks may run on any thread; `take` is called by the window on its own. The same problem (same kind, same line)
    is logged once: a fault in painting comes thirty times a second.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, str]] = deque(maxlen=MOST_REMEMBERED)
        self._seen: set[tuple[str, str, int]] = set()
        self._hooks = (sys.excepthook, threading.excepthook)

    def watch(self) -> None:
        """Catch everything from now on."""
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._exception
        threading.excepthook = self._thread_exception

    def unwatch(self) -> None:
        """Leave it to Python again."""
        sys.excepthook, threading.excepthook = self._hooks

    def take(self) -> list[tuple[str, str]]:
        """What happened since the last call: a sentence and what to do, each."""
        found = []
        while self._waiting:
            found.append(self._waiting.popleft())
        return found

    def _exception(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        last = traceback
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        place = ("", 0) if last is None else (last.tb_frame.f_code.co_filename, last.tb_lineno)
        mark = (kind.__name__, *place)
        if mark in self._seen:
            return
        self._seen.add(mark)
        log.error("Not foreseen", exc_info=(kind, error, traceback))
        said = str(error) or "no more is known"
        self._waiting.append(
            (f"Something went wrong that was not foreseen ({kind.__name__}: {said}).", ADVICE)
        )

    def _thread_exception(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            self._exception(hook.exc_type, hook.exc_value, hook.exc_traceback)
