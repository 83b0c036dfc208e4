"""Where the positions of a long sequence stand while it is cut: as one ribbon, as rows, as mini-sequences.

Pure geometry, without a widget: what fits is placed, what does not is counted, so that the picture can say how much is
not shown. The cutting itself is `tasks.batching`, the same that training reads its batches from.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from playground.tasks.batching import Batching

RIBBON, ROWS, PIECES = "ribbon", "rows", "pieces"
STAGES = (RIBBON, ROWS, PIECES)

INPUT, LEFT_OVER, ONLY_TARGET, TAIL = "input", "left over", "only target", "tail"

LARGEST_CELL, SMALLEST_CELL = 58.0, 22.0
"""Unscaled px."""
GAP_OF_PIECES = 30.0
"""Unscaled px between two mini-sequences: room for the arrow that carries the memory."""
APART = 0.4
"""How far apart two rows are, in cells."""
TARGET_SHARE = 0.72
"""How high the line of targets is, in cells."""


@dataclass(frozen=True)
class PlacedCell:
    """One position of the sequence on the canvas. `batch` is its mini-sequence, None where it belongs to none."""

    position: int
    kind: str
    row: int
    batch: int | None
    box: QRectF


@dataclass(frozen=True)
class BatchPlaces:
    """Everything that is placed for one stage.

    `hidden_rows` and `hidden_batches` do not fit; of a ribbon, `hidden` positions in the middle are left out, after
    `fold_after` cells. `first_batch` .. `first_batch + shown_batches - 1` are the mini-sequences that are shown.
    """

    cells: tuple[PlacedCell, ...]
    cell: float
    first_batch: int = 0
    shown_batches: int = 0
    hidden_rows: int = 0
    hidden: int = 0
    fold_after: int = 0
    line: float = 0.0
    """How far apart two rows are."""

    @property
    def by_position(self) -> dict[int, PlacedCell]:
        """The cells by their position in the sequence."""
        return {cell.position: cell for cell in self.cells}


def places(batching: Batching, stage: str, batch: int, area: QRectF, scale: float = 1.0) -> BatchPlaces:
    """The places for a stage; `batch` is the mini-sequence that must be among those shown."""
    if stage == RIBBON:
        return _ribbon(batching, area, scale)
    return _rows(batching, stage == PIECES, batch, area, scale)


def _kind(batching: Batching, position: int) -> tuple[str, int, int | None]:
    """Kind, row and mini-sequence of a position."""
    if position == batching.only_target:
        return ONLY_TARGET, batching.batch_size - 1, None
    if position > batching.only_target:
        return TAIL, batching.batch_size - 1, None
    row, column = divmod(position, batching.row_length)
    piece = column // batching.sequence_length
    return (INPUT, row, piece) if piece < batching.batches else (LEFT_OVER, row, None)


def _ribbon(batching: Batching, area: QRectF, scale: float) -> BatchPlaces:
    room = max(4, int(area.width() / (SMALLEST_CELL * scale)))
    length = batching.length
    if length <= room:
        positions, fold_after = list(range(length)), 0
    else:  # the beginning and the end, with a gap of two cells between them
        head = (room - 2) * 2 // 3
        positions = [*range(head), *range(length - (room - 2 - head), length)]
        fold_after = head
    slots = len(positions) + (2 if fold_after else 0)
    cell = min(LARGEST_CELL * scale, area.width() / slots)
    top = area.top() + (area.height() - cell) / 2
    left = area.left() + (area.width() - cell * slots) / 2
    placed = []
    for slot, position in enumerate(positions):
        at = slot if not fold_after or slot < fold_after else slot + 2
        kind, row, piece = _kind(batching, position)
        placed.append(PlacedCell(position, kind, row, piece, QRectF(left + at * cell, top, cell, cell)))
    return BatchPlaces(tuple(placed), cell, hidden=length - len(positions), fold_after=fold_after)


def _rows(batching: Batching, cut: bool, batch: int, area: QRectF, scale: float) -> BatchPlaces:
    gap = GAP_OF_PIECES * scale if cut else 0.0
    smallest = SMALLEST_CELL * scale
    timesteps, left_over = batching.sequence_length, len(batching.left_over(0))
    end = (
        left_over + 1 + len(batching.tail)
    )  # columns after the mini-sequences, if the last of them are shown

    def width(count: int, with_end: bool, cell: float) -> float:
        columns = count * timesteps + (end if with_end else 0)
        return columns * cell + (count - 1 + (1 if with_end else 0)) * gap

    shown = batching.batches
    while shown > 1 and width(shown, True, smallest) > area.width():
        shown -= 1
    first = min(max(0, batch - shown // 2), batching.batches - shown)
    at_end = first + shown == batching.batches
    columns = shown * timesteps + (end if at_end else 0)
    gaps = (shown - 1 + (1 if at_end else 0)) * gap
    cell = min(LARGEST_CELL * scale, max((area.width() - gaps) / columns, 6.0 * scale))

    high = 1.0 + (TARGET_SHARE if cut else 0.0)
    all_rows = area.height() / (batching.batch_size * (high + APART) - APART)  # then every row fits
    cell = min(cell, max(all_rows, smallest))
    apart = APART * cell
    line = high * cell + apart
    rows = max(1, min(batching.batch_size, int((area.height() + apart) / line)))
    used = rows * line - apart
    top = area.top() + max(0.0, (area.height() - used) / 2)
    left = area.left() + max(0.0, (area.width() - (columns * cell + gaps)) / 2)
    placed = []
    for row in range(rows):
        y = top + row * line
        for piece in range(first, first + shown):
            x = left + (piece - first) * (timesteps * cell + gap)
            for t, position in enumerate(batching.mini_sequence(row, piece)):
                placed.append(PlacedCell(position, INPUT, row, piece, QRectF(x + t * cell, y, cell, cell)))
        if at_end:
            x = left + shown * (timesteps * cell + gap)
            rest = list(batching.left_over(row))
            if row == batching.batch_size - 1:
                rest += [batching.only_target, *batching.tail]
            for t, position in enumerate(rest):
                kind = _kind(batching, position)[0]
                placed.append(PlacedCell(position, kind, row, None, QRectF(x + t * cell, y, cell, cell)))
    return BatchPlaces(tuple(placed), cell, first, shown, hidden_rows=batching.batch_size - rows, line=line)
