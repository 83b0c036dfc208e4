"""Where a number comes from, on the page: lines that add up, followed back and forth, with the picture's pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.contract.cell_description import CellDescription
from playground.tasks.task import Event
from playground.trace.unfolding import PixelShares, Place, unfold
from playground.ui.cell_words import figure
from playground.ui.pages.step import StepPage
from playground.ui.panels.formula_pixels import (
    is_picture,
    pixel_at,
    pixel_image,
    pixel_words,
    pixels_in_words,
)
from playground.ui.panels.formula_rows import unfolded_sum
from playground.ui.panels.formula_unfolded import UnfoldedView
from playground.ui.theme import DARK, LIGHT, Theme
from tests.ui.canned import canned_trace, product_cells
from tests.ui.shell import Shell
from tests.ui.test_step_page import SIZES, make_page, show_cells, vector

ALL = product_cells()


def hundredths(text: str) -> int:
    """A printed number, as a reader adds it."""
    return round(100 * float(text.replace("−", "-")))


def unfolded_page(qtbot: QtBot, size: tuple[int, int] = (1280, 720)) -> tuple[Shell, StepPage, UnfoldedView]:
    shell, page = make_page(qtbot, size)
    shell.state.set_timestep(6)
    shell.press("D")
    QApplication.processEvents()
    return shell, page, page.formula.unfolded_view


def click_row(view: UnfoldedView, row: int) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.row_rect(row).center().toPoint())
    QApplication.processEvents()


@pytest.mark.parametrize("cell", ALL, ids=[cell.name for cell in ALL])
@pytest.mark.parametrize("vocabulary", ["guide", "textbook"])
@pytest.mark.parametrize("most", [3, 8, 40])
def test_what_stands_there_adds_up(cell: CellDescription, vocabulary: str, most: int) -> None:
    trace = canned_trace(cell, scale=2.0)
    for equation in cell.equations:
        for unit, timestep in ((0, 0), (3, 5), (15, 9)):
            found = unfold(trace, Place(equation.target, unit, timestep))
            shown = unfolded_sum(trace, found, most, "bear", vocabulary)
            amounts = [hundredths(row.amount) for row in shown.rows if row.amount]
            assert sum(amounts) == hundredths(shown.total)
            recorded = float(trace.value(equation.target)[timestep, unit])
            assert (
                shown.result.endswith(f"= {figure(recorded)}")
                or abs(hundredths(shown.result.split("= ")[-1]) / 100 - recorded) < 0.0051
            )
            for row in shown.rows:
                if row.place is not None and row.level:  # a factor: its value is the number it is followed to
                    value = float(trace.value(row.place.quantity)[row.place.timestep, row.place.unit])
                    assert figure(value) in row.pair


def test_a_click_on_a_value_unfolds_it(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot, (1280, 720))
    item = vector(page, "input_gate")
    view = page.diagram.view
    at = view.mapFromScene(item.cell_rect(4).center())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QApplication.processEvents()
    assert (shell.state.quantity, shell.state.unit) == ("input_gate", 4)
    assert page.formula.unfolded
    assert page.formula.unfolded_view.isVisible()
    assert not page.prediction.isVisible(), "a small window has not room for both"
    shell.press("Backspace")
    QApplication.processEvents()
    assert not page.formula.unfolded
    assert page.prediction.isVisible()


def test_pinning_several_units_unfolds_nothing(qtbot: QtBot) -> None:
    shell, page = make_page(qtbot)
    item = vector(page, "forget_gate")
    view = page.diagram.view
    for unit in (2, 5, 9):
        at = view.mapFromScene(item.cell_rect(unit).center())
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert shell.state.units == (2, 5, 9)
    assert not page.formula.unfolded


def test_a_large_window_shows_sum_and_answers(qtbot: QtBot) -> None:
    _, page, view = unfolded_page(qtbot, (1920, 1080))
    assert view.isVisible()
    assert page.prediction.isVisible()


def test_following_goes_one_timestep_back_and_backspace_returns(qtbot: QtBot) -> None:
    shell, page, view = unfolded_page(qtbot)
    assert view.sum is not None
    row = next(n for n, row in enumerate(view.sum.rows) if row.place is not None)
    place = view.sum.rows[row].place
    assert place is not None
    click_row(view, row)
    assert (shell.state.timestep, shell.state.quantity, shell.state.unit) == (5, "hidden_state", place.unit)
    assert page.formula.trail == (Place("forget_gate", 0, 6),)
    trace = shell.state.trace
    assert trace is not None
    assert view.sum.result.endswith(figure(float(trace.value("hidden_state")[5, place.unit])))
    click_row(view, next(n for n, row in enumerate(view.sum.rows) if row.place is not None))
    assert len(page.formula.trail) == 2
    shell.press("Backspace")
    assert (shell.state.timestep, shell.state.quantity) == (5, "hidden_state")
    shell.press("Backspace")
    assert (shell.state.timestep, shell.state.quantity, shell.state.unit) == (6, "forget_gate", 0)
    assert page.formula.trail == ()
    assert page.formula.unfolded
    shell.press("Backspace")
    assert not page.formula.unfolded


def test_a_crumb_leads_back_over_several_numbers(qtbot: QtBot) -> None:
    shell, page, view = unfolded_page(qtbot)
    for _ in range(2):
        assert view.sum is not None
        click_row(view, next(n for n, row in enumerate(view.sum.rows) if row.place is not None))
    number, words, box = view._crumb_rects()[0]
    assert number == 0
    assert words == "f of unit 1, t = 7"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert (shell.state.timestep, shell.state.quantity) == (6, "forget_gate")
    assert page.formula.trail == ()


def test_going_elsewhere_forgets_the_way(qtbot: QtBot) -> None:
    shell, page, view = unfolded_page(qtbot)
    assert view.sum is not None
    click_row(view, next(n for n, row in enumerate(view.sum.rows) if row.place is not None))
    assert page.formula.trail
    shell.press("Right")
    QApplication.processEvents()
    assert page.formula.trail == ()


def test_lines_are_chosen_with_the_keyboard(qtbot: QtBot) -> None:
    shell, page, view = unfolded_page(qtbot)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert shell.state.timestep == 6
    assert page.diagram.stage is None, "the arrows belong to the list while it has the keyboard"
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert shell.state.timestep == 5


def test_before_the_first_timestep_nothing_can_be_followed(qtbot: QtBot) -> None:
    shell, _, view = unfolded_page(qtbot)
    shell.press("Home")
    QApplication.processEvents()
    assert view.sum is not None
    assert all(row.place is None for row in view.sum.rows)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("units", [1, 16, 128])
def test_it_has_room_for_its_lines_with_any_number_of_units(
    size: tuple[int, int], units: int, qtbot: QtBot
) -> None:
    shell, page, view = unfolded_page(qtbot, size)
    show_cells(shell, ["lstm", "peephole_lstm"], units=units)
    for network in ("lstm", "peephole_lstm"):
        shell.state.set_network(network)
        for quantity in ("forget_gate", "cell_state", "hidden_state"):
            shell.state.set_quantity(quantity)
            for _ in range(3):
                QApplication.processEvents()
            assert view.sum is not None
            assert view.row_rect(len(view.sum.rows)).bottom() <= view.height() + 1
            box = view.picture_rect()
            assert box.isEmpty() or box.top() >= view.row_rect(len(view.sum.rows)).top()
            assert page.rect().contains(view.mapTo(page, view.rect().bottomRight()))


def test_pixels_stand_over_the_drawing_and_say_their_number(qtbot: QtBot) -> None:
    shell, _, view = unfolded_page(qtbot, (1440, 900))
    trace = shell.state.trace
    assert trace is not None
    assert view.pixels is None, "twelve inputs are no picture"
    generator = np.random.default_rng(2)
    pixels = generator.normal(size=(10, 256)).astype(np.float32)
    weights = generator.normal(size=(12, 256)).astype(np.float32) / 16
    bias = generator.normal(size=12).astype(np.float32)
    layer = replace(trace.top, inputs=(pixels @ weights.T + bias).astype(np.float32))
    seen = replace(trace, inputs=pixels, encoder_weights=weights, encoder_bias=bias, layers=(layer,))
    shell.state.set_moment(replace(shell.state.moment, traces={"lstm": seen}, live=False))
    QApplication.processEvents()
    assert view.pixels is not None
    event = next(
        source for source in unfold(seen, Place("forget_gate", 0, 6)).sources if source.source == "inputs"
    )
    assert view.pixels.amounts.sum() + view.pixels.encoder_bias == pytest.approx(event.total, abs=1e-5)
    box = view.picture_rect()
    assert box.width() > 60
    assert pixel_at(box, view.pixels, box.topLeft() + QPointF(1, 1)) == 0
    assert pixel_at(box, view.pixels, box.bottomRight() - QPointF(1, 1)) == 255
    assert pixel_at(box, view.pixels, box.topLeft() - QPointF(5, 0)) is None
    assert view.grab().toImage().pixelColor(box.center().toPoint()) != view.state.theme.colour("surface")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_pixel_colours_say_sign_and_size(palette: object) -> None:
    amounts = np.zeros(16)
    amounts[[0, 5, 9]] = (0.4, -0.2, 0.1)
    image = pixel_image(Theme(palette), PixelShares(amounts, 0.0))  # type: ignore[arg-type]
    alpha = image >> 24
    assert alpha.flat[0] > alpha.flat[5] > alpha.flat[9] > 0
    assert alpha.flat[1] == 0
    green, purple = image.flat[0], image.flat[5]
    assert (green >> 8 & 255) > (green >> 16 & 255), "what adds is green"
    assert (purple & 255) > (purple >> 8 & 255), "what takes away is purple"


def test_the_words_about_pixels_add_up() -> None:
    shares = PixelShares(np.array([0.5, -0.25, 0.125, 0.0]), 0.0625)
    words = pixels_in_words(shares)[1]
    assert words == "Green pixels add 0.62, purple ones −0.25; the encoder's bias 0.06."
    assert pixel_words(shares, 1) == "Row 1, column 2 of the picture adds −0.250."


def test_what_is_a_picture() -> None:
    assert is_picture(Event("bear", "bear", drawing="bear"), 256)
    assert not is_picture(Event("a", "a"), 256)
    assert not is_picture(Event("bear", "bear", drawing="bear"), 200)
    assert not is_picture(Event("bear", "bear", drawing="bear"), 9)
    assert not is_picture(None, 256)
