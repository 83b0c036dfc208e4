"""Where everything in a cell's diagram stands: from what flows where, the number of units, and the room there is.

Plain geometry, no Qt. One rule for each kind of thing, and no drawing for any one cell: a new cell's description gives
its diagram. Where there is little room, details go first (formulas in the boxes, helper vectors, long titles, second
lines) and the vectors' cells shrink last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from playground.contract.cell_description import CellDescription
from playground.ui.panels.cell_flow import cell_flow
from playground.ui.panels.cell_geometry import CellLayout, Metrics
from playground.ui.panels.cell_lanes import Lanes
from playground.ui.panels.cell_parts import CellParts, Details
from playground.ui.panels.cell_straight import StraightPath

MARGIN = 2.0
"""Around the diagram, so that frames at its edge are drawn whole."""


def arrange(
    description: CellDescription, units: int, width: float, height: float, vocabulary: str, metrics: Metrics
) -> CellLayout:
    """The best diagram of this cell in so much room (px). What does not fit at all comes back larger than asked for."""
    flow = cell_flow(description)
    shape = StraightPath if flow.straight else Lanes
    nearest: StraightPath | Lanes | None = None
    too_large = math.inf
    for details in degrees_of_detail(units, flow.straight):
        attempt = shape(CellParts(description, flow, units, details, vocabulary, metrics))
        if attempt.least_width <= width - 2 * MARGIN and attempt.least_height <= height - 2 * MARGIN:
            return attempt.build(width - 2 * MARGIN, height - 2 * MARGIN)
        # Of those that are equally too large, the first has the largest cells.
        by = max(attempt.least_width / max(width, 1.0), attempt.least_height / max(height, 1.0))
        if by < too_large:
            nearest, too_large = attempt, by
    assert nearest is not None
    return nearest.build(
        max(width - 2 * MARGIN, nearest.least_width), max(height - 2 * MARGIN, nearest.least_height)
    )


def degrees_of_detail(units: int, straight: bool = False) -> Iterator[Details]:
    """From the richest to the barest. Cells are at most 22 px (one unit alone: 30), and smaller for many units."""
    largest = 30 if units == 1 else 26 if straight else 20
    share = 1.0 if units <= 32 else 0.6
    if straight:
        yield from _shrinking(Details(largest, narrow=True, long_titles=True), largest, 20 * share)
    richest = Details(largest, formulas=True, helpers=True, long_titles=True)
    yield from _shrinking(richest, largest, 14 * share)
    yield from _shrinking(Details(largest, helpers=True, long_titles=True), largest, 13 * share)
    yield from _shrinking(Details(largest, long_titles=True), largest, 12 * share)
    yield from _shrinking(Details(largest), largest, 12 * share)
    yield from _shrinking(Details(largest, narrow=True), largest, 12 * share)
    yield from _shrinking(Details(largest), largest, 10 * share)
    yield from _shrinking(Details(largest, second_lines=False), largest, 9 * share)
    yield from _shrinking(Details(largest, second_lines=False, narrow=True), largest, 8 * share)
    barest = Details(largest, second_lines=False, long_labels=False)
    yield from _shrinking(barest, largest, 9 * share)
    yield from _shrinking(
        Details(largest, narrow=True, second_lines=False, long_labels=False), largest, 8 * share
    )
    tight = Details(largest, second_lines=False, long_labels=False, tight=True)
    yield from _shrinking(tight, largest, 5 * share)
    yield from _shrinking(tight, 9, 4)
    # Smaller cells yet, or a diagram that is too high would be drawn smaller as a whole, its letters with it.
    yield from (replace(tight, cell=cell) for cell in (3.5, 3.0, 2.5, 2.0))


def _shrinking(details: Details, largest: float, least: float) -> Iterator[Details]:
    cell = largest
    while cell >= max(4, least):
        yield Details(**{**details.__dict__, "cell": cell})
        cell -= 1
