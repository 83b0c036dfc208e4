"""A panel that cannot be drawn: one sentence in its place, one line in the log, and everything else goes on."""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsScene,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import playground.ui
from playground.ui import paint_guard
from playground.ui.paint_guard import guard_painting

OURS = "playground.ui.panels.of_a_test"
GROUND = QColor("white")


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    guard_painting()
    monkeypatch.setattr(paint_guard, "_said", set())


def broken_panel(base: type[QWidget] = QWidget) -> Any:
    """A panel whose painting fails in a function it calls, with two painters at work and one saved state."""

    class Broken(base):  # type: ignore[misc, valid-type]
        __module__ = OURS
        fails = True

        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self.viewport() if isinstance(self, QScrollArea) else self)
            painter.save()
            painter.fillRect(self.rect(), QColor("red"))
            if self.fails:
                self.paint_more(painter)
            painter.restore()
            painter.end()

        def paint_more(self, painter: QPainter) -> None:
            pixmap = QPixmap(8, 8)
            inner = QPainter(pixmap)
            self.kept = pixmap
            raise ValueError("a value of 3 where 2 were promised.")
            inner.end()

    return Broken()


def shown(qtbot: QtBot, panel: QWidget) -> QWidget:
    qtbot.addWidget(panel)
    panel.resize(400, 120)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.repaint()
    return panel


def pixels(panel: QWidget) -> np.ndarray[Any, Any]:
    image = panel.grab().toImage()
    image = image.convertToFormat(image.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).copy()


@pytest.mark.expects_log("Broken could not be drawn")
@pytest.mark.parametrize("base", [QWidget, QScrollArea])
def test_a_panel_that_fails_says_so_and_the_rest_goes_on(
    qtbot: QtBot, base: type[QWidget], caplog: pytest.LogCaptureFixture
) -> None:
    card = QWidget()
    column = QVBoxLayout(card)
    broken = broken_panel(base)
    painted: list[bool] = []

    class Whole(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(True)

    column.addWidget(broken)
    whole = Whole()
    whole.setMinimumHeight(20)
    column.addWidget(whole)
    shown(qtbot, card)
    for _ in range(5):
        broken.repaint()
        QApplication.processEvents()
    assert painted
    assert not broken.paintingActive()
    assert not broken.kept.paintingActive()
    assert len([line for line in caplog.records if line.levelno == logging.ERROR]) == 1
    assert (
        "a value of 3 where 2 were promised" in caplog.text
    )  # with its traceback, where somebody looks for it
    seen = pixels(broken)
    red = QColor("red").rgb()
    assert not (seen == red).any()  # what was painted before it failed is covered
    assert len(np.unique(seen)) > 3  # and there are letters


@pytest.mark.expects_log("Broken could not be drawn")
def test_a_panel_that_can_be_drawn_again_is_drawn(qtbot: QtBot) -> None:
    broken = shown(qtbot, broken_panel())
    broken.fails = False  # type: ignore[attr-defined]
    assert (pixels(broken) == QColor("red").rgb()).all()


@pytest.mark.expects_log("Broken could not be drawn")
def test_a_panel_that_fails_can_be_destroyed(qtbot: QtBot) -> None:
    broken = shown(qtbot, broken_panel())
    broken.grab()
    broken.close()
    broken.deleteLater()
    QApplication.processEvents()
    gc.collect(0)


def test_the_sentence() -> None:
    sentence = paint_guard._sentence
    assert sentence(ValueError("no unit 9.")) == "This panel could not be drawn: no unit 9."
    assert sentence(KeyError()) == "This panel could not be drawn: KeyError."
    assert len(sentence(ValueError("x" * 500))) <= paint_guard.MOST_CHARACTERS + 40


@pytest.mark.expects_log("Item could not be drawn")
def test_a_part_of_a_drawing_that_fails_is_left_out(qapp: QApplication) -> None:
    class Item(QGraphicsItem):
        __module__ = OURS

        def __init__(self, left: float, fails: bool) -> None:
            super().__init__()
            self.left, self.fails = left, fails

        def boundingRect(self) -> QRectF:
            return QRectF(self.left, 0, 10, 10)

        def paint(
            self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
        ) -> None:
            if self.fails:
                raise ValueError("no such unit")
            painter.fillRect(self.boundingRect(), QColor("red"))

    scene = QGraphicsScene()
    items = [Item(0, True), Item(10, False)]
    for item in items:
        scene.addItem(item)
    pixmap = QPixmap(20, 10)
    pixmap.fill(GROUND)
    painter = QPainter(pixmap)
    scene.render(painter, QRectF(0, 0, 20, 10), QRectF(0, 0, 20, 10))
    assert painter.isActive()  # it is Qt's
    painter.end()
    image = pixmap.toImage()
    assert image.pixelColor(5, 5) == GROUND
    assert image.pixelColor(15, 5) == QColor("red")
    for item in items:
        scene.removeItem(item)


def test_every_painting_of_the_window_is_guarded() -> None:
    for module in pkgutil.walk_packages(playground.ui.__path__, "playground.ui."):
        importlib.import_module(module.name)
    found = 0
    for base, name in ((QWidget, "paintEvent"), (QGraphicsItem, "paint"), (QStyledItemDelegate, "paint")):
        for kind in paint_guard._subclasses(base):
            if kind.__module__.startswith("playground.") and name in vars(kind):
                found += 1
                assert hasattr(vars(kind)[name], paint_guard._GUARDED), kind
    assert found >= 30


def test_other_libraries_are_left_alone() -> None:
    class Theirs(QWidget):
        __module__ = "pyqtgraph.widgets"

        def paintEvent(self, event: QPaintEvent) -> None: ...

    assert not hasattr(vars(Theirs)["paintEvent"], paint_guard._GUARDED)
