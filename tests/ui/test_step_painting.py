"""What makes a step cheap changes no picture: parts of the strip, kept pictures, labels that lay out nothing."""

from __future__ import annotations

from math import ceil, floor
from unittest.mock import patch

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.tasks.nature_show import NatureShow
from playground.tasks.nature_show_settings import NatureShowSettings
from playground.ui.panels.cell_diagram import CellDiagram
from playground.ui.panels.cell_vector import _Ring, _ring_picture
from playground.ui.panels.event_strip import EventStripRow
from playground.ui.panels.step_calm_label import CalmLabel
from playground.ui.plots.time_rows import TimeStack
from tests.ui.test_step_page import make_page, show_cells
from tests.ui.test_time_rows import StateOfTen

TASK = NatureShow(NatureShowSettings())


def pixels(image: QImage) -> np.ndarray:
    """(height, width) of packed colours."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()].copy()


def test_the_strip_paints_again_all_that_a_step_changes(qtbot: QtBot) -> None:
    state = StateOfTen()
    stack = TimeStack(state)
    qtbot.addWidget(stack)
    strip = EventStripRow(state, numbers=True)
    strip.show_events(TASK.probe().events)
    stack.set_rows([strip])
    stack.set_timeline(10, strip.fold)
    for width in (1300, 700):
        stack.resize(width, 90)
        stack.show()
        pictures = {}
        for timestep in range(10):
            state.set_timestep(timestep)
            pictures[timestep] = pixels(strip.grab().toImage())
        for before, now in ((0, 1), (4, 5), (6, 5), (8, 9), (9, 0)):
            state.set_timestep(before)
            asked: list[QRect] = []
            with patch.object(strip, "update", lambda *box, asked=asked: asked.extend(box or [strip.rect()])):
                state.set_timestep(now)
            rows, columns = np.nonzero(pictures[before] != pictures[now])
            assert len(rows)
            for x, y in zip(columns, rows, strict=True):
                assert any(box.contains(QPoint(int(x), int(y))) for box in asked)
            whole = QImage(strip.size(), QImage.Format.Format_RGB32)
            whole.fill(Qt.GlobalColor.white)
            parts = whole.copy()
            strip.render(whole, QPoint())
            for box in asked:  # what is painted for a part alone is what all of it shows there
                strip.render(parts, box.intersected(strip.rect()).topLeft(), box.intersected(strip.rect()))
                there = box.intersected(strip.rect())
                assert np.array_equal(pixels(whole.copy(there)), pixels(parts.copy(there)))


def test_a_ring_that_is_kept_is_the_ring_that_would_be_drawn() -> None:
    ring = _Ring(12.0, 1.0, 2.6, 2.0, 1.6, "#102030", "#FFFFFF")
    for corner in (QPointF(20, 20), QPointF(20.5, 21.25)):
        drawn = QImage(60, 60, QImage.Format.Format_RGB32)
        drawn.fill(Qt.GlobalColor.yellow)
        kept = drawn.copy()
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring.paint(painter, corner)
        painter.end()
        left, top = floor(corner.x()), floor(corner.y())
        picture = _ring_picture(ring, corner.x() - left, corner.y() - top)
        painter = QPainter(kept)
        painter.drawPixmap(QPointF(left - ring.margin, top - ring.margin), picture)
        painter.end()
        one, other = (pixels(image).view(np.uint8).astype(int) for image in (drawn, kept))
        assert np.abs(one - other).max() <= 3  # rounded twice
        assert ring.margin >= ceil(ring.grown + (ring.thick + ring.halo) / 2)


class LayoutCount(QObject):
    """Counts how often a widget is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_words_that_fit_lay_out_nothing_and_look_like_a_labels(qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    row = QHBoxLayout(panel)
    calm, plain = CalmLabel("Short-term memory, unit 1"), QLabel("Short-term memory, unit 1")
    row.addWidget(calm)
    row.addStretch(1)
    row.addWidget(plain)
    panel.show()
    QApplication.processEvents()
    seen = LayoutCount()
    panel.installEventFilter(seen)
    calm.setText("Use gate, unit 1")
    QApplication.processEvents()
    assert seen.count == 0
    assert calm.text() == calm.accessibleName() == "Use gate, unit 1"
    calm.setText("Short-term memory, unit 1")
    assert np.array_equal(pixels(calm.grab().toImage()), pixels(plain.grab().toImage()))
    calm.setText("Long-term memory of the layer below, unit 12")
    QApplication.processEvents()
    assert seen.count == 1
    assert calm.width() >= calm.fontMetrics().horizontalAdvance(calm.text())
    calm.exact = True
    wide = calm.width()
    calm.setText("Use gate")
    QApplication.processEvents()
    assert calm.width() < wide


def test_a_sub_step_in_the_next_timestep_is_shown_once(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    show_cells(shell, ["lstm"])
    page.state.set_timestep(3)
    page.open_stage(3)
    with patch.object(
        CellDiagram, "_show_timestep", autospec=True, side_effect=CellDiagram._show_timestep
    ) as shown:
        page.turn_stage(1)
    assert shown.call_count == 1
    assert page.state.timestep == 4
    assert page.diagram.stage is not None
    assert page.diagram.stage.role == "forget"
    assert not page.up_to_date  # the answers of the timestep come a moment later
    qtbot.waitUntil(lambda: page.up_to_date)
