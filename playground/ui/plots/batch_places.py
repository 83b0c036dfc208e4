"""Where the positions of a long sequence stand while it is cut: as one ribbon, as rows, as mini-sequences.

Pure geometry, without a widget: what fits is placed, what does not is counted, so that the picture can say how much is
not shown. The cutting itself is `tasks.batching`, the same that training reads its batches from.
"""

from __future__ import annotations

from collections.abc import Sequence
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
FOLD_COLUMNS = 3
"""What a fold takes the room of: "…", and how many cells it hides."""
MOST_LEFT_OVER, MOST_TAIL = 4, 2
"""So many cells that are left over are all shown; more are folded."""
FOOTER = 18.0
"""Unscaled px below the rows, for how many rows and mini-sequences are not shown."""


@dataclass(frozen=True)
class PlacedCell:
    """One position of the sequence on the canvas. `batch` is its mini-sequence, None where it belongs to none."""

    position: int
    kind: str
    row: int
    batch: int | None
    box: QRectF


@dataclass(frozen=True)
class Fold:
    """Where `hidden` cells of a row are left out."""

    box: QRectF
    row: int
    hidden: int


@dataclass(frozen=True)
class BatchPlaces:
    """Everything that is placed for one stage.

    `first_batch` .. `first_batch + shown_batches - 1` are the mini-sequences that are shown; `hidden_rows` and
    `hidden_batches` do not fit. `folds`: where cells are left out within a row.
    """

    cells: tuple[PlacedCell, ...]
    cell: float
    """How high a cell is."""
    first_batch: int = 0
    shown_batches: int = 0
    hidden_rows: int = 0
    hidden_batches: int = 0
    folds: tuple[Fold, ...] = ()

    @property
    def by_position(self) -> dict[int, PlacedCell]:
        """The cells by their position in the sequence."""
        return {cell.position: cell for cell in self.cells}

    @property
    def hidden(self) -> int:
        """How many positions of the rows that are shown are folded away."""
        return sum(fold.hidden for fold in self.folds)


@dataclass(frozen=True)
class _Row:
    """Cells of one kind side by side: which of `count` things stand in which column, and where some are left out."""

    shown: tuple[tuple[int, int], ...]
    """(column, index) of every cell."""
    columns: int
    fold: int | None = None
    """The first column of the fold."""
    hidden: int = 0


def _row(count: int, room: int, least_after: int = 1) -> _Row:
    """`count` cells in at most `room` columns: all, or the first ones, a fold, and the last ones."""
    if count <= room:
        return _Row(tuple((index, index) for index in range(count)), count)
    visible = max(2, room - FOLD_COLUMNS)
    after = max(least_after, visible // 3)
    before = visible - after
    first = [(index, index) for index in range(before)]
    last = [(before + FOLD_COLUMNS + index, count - after + index) for index in range(after)]
    return _Row(tuple(first + last), visible + FOLD_COLUMNS, before, count - visible)


def places(
    batching: Batching, stage: str, batch: int, area: QRectF, scale: float = 1.0, wide: float = 1.0
) -> BatchPlaces:
    """The places for a stage; `batch` is the mini-sequence that must be among those shown. A cell is `wide` times as
    wide as it is high: numbers need more room than letters."""
    return _Placing(batching, area, scale, wide).of(stage, batch)


def _kind(batching: Batching, position: int) -> tuple[str, int, int | None]:
    """Kind, row and mini-sequence of a position."""
    if position == batching.only_target:
        return ONLY_TARGET, batching.batch_size - 1, None
    if position > batching.only_target:
        return TAIL, batching.batch_size - 1, None
    row, column = divmod(position, batching.row_length)
    piece = column // batching.sequence_length
    return (INPUT, row, piece) if piece < batching.batches else (LEFT_OVER, row, None)


class _Placing:
    """Places the positions of one cut sequence on one canvas."""

    def __init__(self, batching: Batching, area: QRectF, scale: float, wide: float) -> None:
        self.batching, self.area, self.scale, self.wide = batching, area, scale, wide
        self.cells: list[PlacedCell] = []
        self.folds: list[Fold] = []
        self.smallest = SMALLEST_CELL * scale * wide  # how wide a cell is at least
        self.high = 0.0
        self.width = 0.0

    def of(self, stage: str, batch: int) -> BatchPlaces:
        """All places for a stage."""
        if stage == RIBBON:
            return self._ribbon()
        return self._rows() if stage == ROWS else self._pieces(batch)

    # -- sizes
    def _size(self, columns: int, gaps: float, lines: float) -> None:
        """Cells so large that `columns` of them stand side by side, and as many lines below each other, if they can."""
        widest = max((self.area.width() - gaps) / max(columns, 1), 6.0 * self.scale)
        self.high = min(LARGEST_CELL * self.scale, widest / self.wide, max(lines, SMALLEST_CELL * self.scale))
        self.width = self.high * self.wide

    def _put(self, row: _Row, positions: Sequence[int], x: float, y: float, at_row: int) -> None:
        for column, index in row.shown:
            position = positions[index]
            kind, _, piece = _kind(self.batching, position)
            box = QRectF(x + column * self.width, y, self.width, self.high)
            self.cells.append(PlacedCell(position, kind, at_row, piece, box))
        if row.fold is not None:
            box = QRectF(x + row.fold * self.width, y, FOLD_COLUMNS * self.width, self.high)
            self.folds.append(Fold(box, at_row, row.hidden))

    # -- stages
    def _ribbon(self) -> BatchPlaces:
        length = self.batching.length
        row = _row(length, max(6, int(self.area.width() / self.smallest)))
        self._size(row.columns, 0.0, self.area.height())
        x = self.area.left() + (self.area.width() - self.width * row.columns) / 2
        y = self.area.top() + (self.area.height() - self.high) / 2
        self._put(row, range(length), x, y, 0)
        cells = tuple(
            PlacedCell(cell.position, *_kind(self.batching, cell.position), cell.box) for cell in self.cells
        )
        return BatchPlaces(cells, self.high, folds=tuple(self.folds))

    def _rows(self) -> BatchPlaces:
        """Every row from its beginning to its end; the last one has the position that is only a target after it."""
        batching = self.batching
        after = _row(1 + len(batching.tail), 1 + MOST_TAIL)
        room = max(6, int(self.area.width() / self.smallest) - after.columns)
        row = _row(batching.row_length, room)
        top, shown, line = self._lines(row.columns + after.columns, 0.0, 1.0)
        x = self.area.left() + max(0.0, self.area.width() - (row.columns + after.columns) * self.width) / 2
        for number in range(shown):
            self._put(row, batching.row(number), x, top + number * line, number)
        if shown == batching.batch_size:
            end = range(batching.only_target, batching.length)
            self._put(after, end, x + row.columns * self.width, top + (shown - 1) * line, shown - 1)
        return BatchPlaces(
            tuple(self.cells),
            self.high,
            0,
            batching.batches,
            hidden_rows=batching.batch_size - shown,
            folds=tuple(self.folds),
        )

    def _pieces(self, batch: int) -> BatchPlaces:
        """As many mini-sequences as fit, long ones folded so that two stand side by side, and what is left over after
        the last of them."""
        batching, gap = self.batching, GAP_OF_PIECES * self.scale
        rest = len(batching.left_over(0))
        left_over = _row(rest, MOST_LEFT_OVER)
        after = _row(1 + len(batching.tail), 1 + MOST_TAIL)
        end = left_over.columns + after.columns
        beside = min(2, batching.batches)
        room = int((self.area.width() - (beside - 1) * gap) / (beside * self.smallest))
        if room < FOLD_COLUMNS + 3:  # too narrow for two side by side
            room = max(FOLD_COLUMNS + 3, int(self.area.width() / self.smallest) - end)
        piece = _row(batching.sequence_length, room)

        def fitting(with_end: bool) -> int:
            count = 1
            while count < batching.batches:
                needed = (count + 1) * piece.columns + (end if with_end else 0)
                gaps = (count + (1 if with_end else 0)) * gap
                if needed * self.smallest + gaps > self.area.width():
                    break
                count += 1
            return count

        shown = fitting(with_end=True)
        first = batching.batches - shown
        at_end = batch >= first
        if not at_end:
            shown = min(fitting(with_end=False), batching.batches - 1)
            first = min(max(0, batch - shown // 2), batching.batches - 1 - shown)
        total = shown * piece.columns + (end if at_end else 0)
        gaps = (shown - 1 + (1 if at_end else 0)) * gap
        top, rows, line = self._lines(total, gaps, 1.0 + TARGET_SHARE, shown < batching.batches)
        left = self.area.left() + max(0.0, (self.area.width() - (total * self.width + gaps)) / 2)
        apart = piece.columns * self.width + gap
        for row in range(rows):
            y = top + row * line
            for number in range(shown):
                positions = batching.mini_sequence(row, first + number)
                self._put(piece, positions, left + number * apart, y, row)
            if at_end:
                x = left + shown * apart
                self._put(left_over, batching.left_over(row), x, y, row)
                if row == batching.batch_size - 1:
                    x += left_over.columns * self.width
                    self._put(after, range(batching.only_target, batching.length), x, y, row)
        return BatchPlaces(
            tuple(self.cells),
            self.high,
            first,
            shown,
            hidden_rows=batching.batch_size - rows,
            hidden_batches=batching.batches - shown,
            folds=tuple(self.folds),
        )

    def _lines(self, columns: int, gaps: float, high: float, hides: bool = False) -> tuple[float, int, float]:
        """The top of the first row, how many rows fit, and how far apart they are. `high`: of a row, in cells."""
        count = self.batching.batch_size
        for footer in (0.0 if not hides else FOOTER * self.scale, FOOTER * self.scale):
            height = self.area.height() - footer
            self._size(columns, gaps, height / (count * (high + APART) - APART))
            line = (high + APART) * self.high
            rows = max(1, min(count, int((height + APART * self.high) / line + 1e-9)))
            if rows == count:
                break
        used = rows * line - APART * self.high
        return self.area.top() + max(0.0, (height - used) / 2), rows, line
