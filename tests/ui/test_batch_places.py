"""Where the positions of a cut sequence stand: nothing overlaps, nothing is lost without being counted."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from playground.tasks.batching import Batching
from playground.ui.plots.batch_places import (
    INPUT,
    LEFT_OVER,
    ONLY_TARGET,
    PIECES,
    RIBBON,
    ROWS,
    STAGES,
    TAIL,
    places,
)

AREA = QRectF(60, 30, 1000, 300)


def test_the_guides_example_is_placed_whole() -> None:
    batching = Batching(11, 2, 3)
    for stage in STAGES:
        placed = places(batching, stage, 0, AREA)
        assert [cell.position for cell in sorted(placed.cells, key=lambda c: c.position)] == list(range(11))
        assert placed.hidden == placed.hidden_rows == 0
    by_position = places(batching, PIECES, 0, AREA).by_position
    kinds = {position: cell.kind for position, cell in by_position.items()}
    assert [p for p, kind in kinds.items() if kind == INPUT] == [0, 1, 2, 5, 6, 7]
    assert sorted(p for p, kind in kinds.items() if kind == LEFT_OVER) == [3, 4, 8, 9]
    assert [p for p, kind in kinds.items() if kind == ONLY_TARGET] == [10]
    assert by_position[0].box.left() == by_position[5].box.left()  # the rows stand under each other
    assert by_position[0].box.bottom() < by_position[5].box.top()


@settings(max_examples=60)
@given(
    length=st.integers(3, 5000),
    rows=st.integers(1, 40),
    timesteps=st.integers(1, 60),
    stage=st.sampled_from(STAGES),
    batch=st.floats(0, 1),
    width=st.floats(300, 1800),
    height=st.floats(60, 700),
)
def test_cells_never_overlap_and_the_batch_looked_at_is_shown(
    length: int, rows: int, timesteps: int, stage: str, batch: float, width: float, height: float
) -> None:
    assume(length >= rows * timesteps + 1)
    batching = Batching(length, rows, timesteps)
    looked_at = round(batch * (batching.batches - 1))
    area = QRectF(50, 20, width, height)
    placed = places(batching, stage, looked_at, area)
    assert len(placed.by_position) == len(placed.cells)
    in_line: dict[float, list[QRectF]] = {}
    for cell in placed.cells:
        in_line.setdefault(round(cell.box.top(), 3), []).append(cell.box)
        expected = (
            ONLY_TARGET
            if cell.position == batching.only_target
            else TAIL
            if cell.position in batching.tail
            else LEFT_OVER
            if cell.position in batching.left_over(cell.row)
            else INPUT
        )
        assert cell.kind == expected
        if cell.kind == INPUT:
            assert cell.batch is not None
            assert cell.position in batching.mini_sequence(cell.row, cell.batch)
    for boxes in in_line.values():
        boxes.sort(key=lambda box: box.left())
        for left, right in itertools.pairwise(boxes):
            assert left.right() <= right.left() + 1e-6
    if stage == RIBBON:
        assert len(placed.cells) + placed.hidden == length
        assert placed.hidden_rows == placed.hidden_batches == 0
    else:
        assert placed.first_batch <= looked_at < placed.first_batch + placed.shown_batches
        shown_rows = {cell.row for cell in placed.cells if cell.kind == INPUT}
        assert shown_rows == set(range(rows - placed.hidden_rows))
    if stage == ROWS:
        assert len({round(box.width(), 3) for boxes in in_line.values() for box in boxes}) == 1
