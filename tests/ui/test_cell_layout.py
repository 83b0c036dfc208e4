"""A diagram from nothing but a description: what stands where, for every cell, many sizes and numbers of units."""

from __future__ import annotations

import pytest

from playground.contract.cell_description import PREVIOUS, CellDescription
from playground.ui.panels.cell_flow import cell_flow
from playground.ui.panels.cell_geometry import CellLayout, Rect, grid_shape
from playground.ui.panels.cell_layout import MARGIN, arrange
from tests.ui.canned import product_cell, product_cells


class PlainMetrics:
    """Text of a typewriter: every letter 0.56 of its size wide."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale

    def width(self, text: str, size: float, bold: bool = False) -> float:
        return len(text) * size * self.scale * (0.6 if bold else 0.56)

    def height(self, size: float) -> float:
        return round(size * self.scale * 1.25)

    def formula(self, latex: str, size: float) -> tuple[float, float]:
        return len(latex) * size * self.scale * 0.3, size * self.scale * 1.6


CELLS = product_cells()
NAMES = [cell.name for cell in CELLS]
SIZES = [
    (860, 560, 1.0),
    (740, 330, 1.0),
    (560, 460, 1.0),
    (1060, 330, 1.6),
    (1100, 276, 1.6),
    (1500, 800, 1.0),
]


def arranged(
    cell: CellDescription, units: int, size: tuple[float, float, float], words: str = "guide"
) -> CellLayout:
    width, height, scale = size
    return arrange(cell, units, width, height, words, PlainMetrics(scale))


def solid(layout: CellLayout) -> list[tuple[str, Rect]]:
    """Everything that no wire may run through."""
    found = [(f"box {box.title}", box.rect) for box in layout.boxes]
    found += [(f"card {spot.quantity}", spot.frame) for spot in layout.vectors if spot.frame is not None]
    if layout.event_card is not None:
        found.append(("event", layout.event_card))
    return found


@pytest.mark.parametrize("name", ["no_memory", "rnn", "lstm", "guide_lstm", "gru", "lstm_1997"])
@pytest.mark.parametrize("units", [1, 16, 32, 64, 128])
def test_two_diagrams_on_a_projector_need_no_smaller_letters(name: str, units: int) -> None:
    layout = arranged(product_cell(name), units, (1100, 276, 1.6))
    assert layout.height <= 281  # 20 px of a letter become 19.6


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("units", [1, 2, 7, 16, 32, 64, 128])
def test_nothing_covers_anything_else(
    cell: CellDescription, size: tuple[float, float, float], units: int
) -> None:
    for words in ("guide", "textbook"):
        layout = arranged(cell, units, size, words)
        things = solid(layout)
        for number, (name, rect) in enumerate(things):
            for other_name, other in things[number + 1 :]:
                assert not rect.overlaps(other), f"{name} and {other_name} in {cell.name}"
        labels = [(label.text or label.timed, label.rect) for label in layout.labels]
        signs = [(op.sign, op.rect) for op in layout.ops] + [(pill.text, pill.rect) for pill in layout.pills]
        inside_event = layout.event_card
        for number, (text, rect) in enumerate(labels):
            for other_text, other in [*labels[number + 1 :], *signs]:
                assert not rect.overlaps(other, -1), f"{text} and {other_text} in {cell.name}"
            for name, other in things:
                if other is not inside_event:
                    assert not rect.overlaps(other, -1), f"{text} lies on {name} in {cell.name}"
        for number, (text, rect) in enumerate(signs):
            for other_text, other in signs[number + 1 :]:
                assert not rect.overlaps(other), f"{text} and {other_text} in {cell.name}"
            for name, other in things:
                assert not rect.overlaps(other), f"{text} lies on {name} in {cell.name}"


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("units", [1, 16, 128])
def test_everything_lies_within(cell: CellDescription, size: tuple[float, float, float], units: int) -> None:
    layout = arranged(cell, units, size)
    whole = Rect(-MARGIN, -MARGIN, layout.width + 2 * MARGIN, layout.height + 2 * MARGIN)
    for name, rect in solid(layout):
        assert whole.contains(rect), name
    for label in layout.labels:
        assert whole.contains(label.rect), label.text or label.timed
    for box in layout.boxes:
        for row in box.rows:
            assert box.rect.contains(row.vector.rect), row.quantity
            assert row.vector.rect.y >= box.header.bottom
    for spot in layout.vectors:
        assert spot.frame is not None
        assert spot.frame.contains(spot.rect)


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("units", [1, 16, 64])
def test_wires_are_orthogonal_and_run_through_no_box(
    cell: CellDescription, size: tuple[float, float, float], units: int
) -> None:
    layout = arranged(cell, units, size)
    for wire in layout.wires:
        for (x1, y1), (x2, y2) in zip(wire.points, wire.points[1:], strict=False):
            assert x1 == x2 or y1 == y2, wire
            stretch = Rect(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
            for name, rect in solid(layout):
                inner = Rect(rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2)
                assert not stretch.overlaps(inner), (
                    f"a wire runs through {name} in {cell.name}: {wire.points}"
                )
            for label in layout.labels:
                inner = Rect(label.rect.x + 1, label.rect.y + 2, label.rect.w - 2, label.rect.h - 4)
                assert not stretch.overlaps(inner), (
                    f"a wire runs through '{label.text or label.timed}' in {cell.name}"
                )


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
def test_every_quantity_and_state_has_its_place(cell: CellDescription) -> None:
    layout = arranged(cell, 16, (1500, 800, 1.0))
    drawn = {spot.quantity for spot in layout.every_vector()}
    clickable = {op.target for op in layout.ops} | {t for box in layout.boxes for t in box.targets}
    assert {PREVIOUS + state for state in cell.states} <= drawn
    assert set(cell.states) <= drawn
    assert {quantity.name for quantity in cell.gates} <= drawn
    assert {equation.target for equation in cell.equations} == clickable


def test_the_product_s_cells_fit_where_they_are_shown() -> None:
    """The room that the page has for the diagram at 1024x700, 1280x720 and in a lecture, at the default 16 units."""
    for cell in product_cells():
        for width, height, scale in ((520, 330, 1.0), (650, 300, 1.0), (1060, 330, 1.6)):
            layout = arranged(cell, 16, (width, height, scale))
            assert layout.width <= width, (cell.name, width)
            assert layout.height <= height, (cell.name, height)
            assert all(spot.cell >= 7 * scale for spot in layout.every_vector()), (cell.name, width)


def test_an_lstm_has_its_line_with_times_and_plus() -> None:
    lstm = product_cell("lstm")
    flow = cell_flow(lstm)
    assert flow.carrier == "cell_state"
    assert [(op.sign, op.stage) for op in flow.ops] == [("×", "forget"), ("+", "remember")]
    assert [box.stage for box in flow.boxes] == ["forget", "learn", "use"]
    assert [(tap.before, tap.through, tap.box) for tap in flow.taps] == [(2, "tanh", 2)]


def test_the_guide_s_use_gate_reads_what_was_kept() -> None:
    guide = product_cell("guide_lstm")
    assert [(tap.before, tap.quantity, tap.box) for tap in cell_flow(guide).taps] == [(1, "kept_memory", 2)]


def test_a_gru_keeps_its_one_memory_on_the_line() -> None:
    gru = product_cell("gru")
    flow = cell_flow(gru)
    assert flow.carrier == "hidden_state"
    assert [op.sign for op in flow.ops] == ["×", "+"]
    assert flow.ops[1].others == ((flow.ops[0].box, "update_gate", "complement"),)
    assert [(link.quantity, link.target - link.source) for link in flow.links] == [("reset_gate", 1)]


def test_a_plain_rnn_goes_straight_through_its_box() -> None:
    for name in ("rnn", "no_memory"):
        cell = product_cell(name)
        assert cell_flow(cell).straight
        assert len(arranged(cell, 16, SIZES[0]).boxes) == 1


def test_the_lstm_of_1997_has_no_times_and_peepholes_are_taps_of_the_line() -> None:
    assert [op.sign for op in cell_flow(product_cell("lstm_1997")).ops] == ["+"]
    peepholes = cell_flow(product_cell("peephole_lstm"))
    assert [(tap.before, tap.box) for tap in peepholes.taps] == [(0, 0), (0, 1), (2, 2), (2, 2)]


@pytest.mark.parametrize(
    ("units", "narrow", "shape"),
    [
        (1, False, (1, 1)),
        (2, False, (2, 1)),
        (16, False, (8, 2)),
        (16, True, (4, 4)),
        (17, False, (8, 3)),
        (128, False, (16, 8)),
    ],
)
def test_units_per_row(units: int, narrow: bool, shape: tuple[int, int]) -> None:
    assert grid_shape(units, narrow) == shape
