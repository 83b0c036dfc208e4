"""What Qt itself has to say goes into the log, in the words of the log; what is no news is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

NO_NEWS = ("This plugin does not support propagateSizeHints()",)
LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("playground.qt")
Handler = Callable[[QtMsgType, QMessageLogContext, str], None]


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Within: Qt's messages are log lines of "playground.qt". Afterwards whoever heard them before hears them again."""
    before = qInstallMessageHandler(_log)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    if message and message not in NO_NEWS:
        log.log(LEVELS.get(kind, logging.WARNING), "%s", message)
