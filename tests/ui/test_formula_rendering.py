"""Formulas as pictures: set once, recoloured, fitted, and never a reason to fail."""

from __future__ import annotations

import sys
import time

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from playground.ui import formula_rendering
from playground.ui.formula_rendering import draw_formula, formula_size
from playground.ui.formula_stock import FormulaStock
from tests.ui.canned import product_cells

FORGET = r"f_t = \sigma(W_f [\mathrm{STM}_{t-1}, E_t] + b_f)"


def painted(latex: str, colour: str, place: QRectF | QPointF, size: float = 18) -> QImage:
    image = QImage(400, 60, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_formula(painter, latex, size, QColor(colour), place)
    painter.end()
    return image


def ink(image: QImage) -> list[tuple[int, int]]:
    white = QColor("white").rgb()
    return [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != white]


def test_every_formula_of_every_cell_can_be_set(qtbot: QtBot) -> None:
    for cell in product_cells():
        for equation in cell.equations:
            for vocabulary in ("guide", "textbook"):
                assert formula_rendering._svg(equation.latex[vocabulary], 16, "#000000"), equation.latex[
                    vocabulary
                ]


def test_a_formula_takes_the_colour_and_the_room_it_is_given(qtbot: QtBot) -> None:
    size = formula_size(FORGET, 18)
    assert 150 < size.width() < 400
    free = painted(FORGET, "#C8502A", QPointF(0, 0))
    colours = {QColor(free.pixel(x, y)).name() for x, y in ink(free)}
    assert "#c8502a" in colours
    assert "#000000" not in colours
    narrow = QRectF(10, 5, 100, 40)
    fitted = ink(painted(FORGET, "#0072B2", narrow))
    assert fitted
    assert all(9 <= x <= 111 and 4 <= y <= 46 for x, y in fitted)


def test_the_second_time_costs_next_to_nothing(qtbot: QtBot) -> None:
    painted(FORGET, "#123456", QPointF(0, 0))
    started = time.process_time()
    for _ in range(20):
        painted(FORGET, "#123456", QPointF(0, 0))
    again = time.process_time() - started
    assert formula_rendering._svg.cache_info().hits + formula_rendering._picture.cache_info().hits > 0
    assert again < 0.5


def test_what_cannot_be_set_is_written(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert formula_size("\\bad{", 18).width() > 10
    assert ink(painted("\\bad{", "#C8502A", QPointF(0, 0)))


def test_the_library_is_imported_only_when_a_formula_is_shown() -> None:
    import subprocess

    code = "import sys, playground.ui.pages.step; sys.exit('ziamath' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_may_be_shown_next_is_set_while_the_window_rests(qtbot: QtBot) -> None:
    owner = QObject()
    stock = FormulaStock(owner)
    formulas = [r"q_t = \sigma(a_t)", r"q_t = \tanh(a_t)", r"q_t = 1 - a_t"]
    before = formula_rendering._picture.cache_info().currsize
    stock.want([r"q_t = a_t"], 21.0, QColor("black"))
    stock.want(formulas, 21.0, QColor("black"))  # in place of the other
    assert stock.waiting == 3
    qtbot.waitUntil(lambda: stock.waiting == 0, timeout=5_000)
    assert formula_rendering._picture.cache_info().currsize == before + 3
    hits = formula_rendering._picture.cache_info().hits
    painted(formulas[0], "black", QRectF(0, 0, 400, 60), 21.0)
    assert formula_rendering._picture.cache_info().hits == hits + 1
