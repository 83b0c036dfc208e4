"""The parts of a cell's diagram as plain geometry in pixels: no Qt, nothing about any one cell."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

from playground.contract.cell_description import Role, Through

Point = tuple[float, float]

THROUGH_TEXT: dict[Through, str] = {"identity": "", "tanh": "tanh", "complement": "1 −"}


class Metrics(Protocol):
    """Measures text. Sizes are unscaled px; results are pixels on screen."""

    scale: float

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """The width of a line of text."""
        ...

    def height(self, size: float) -> float:
        """The height of a line of text."""
        ...

    def formula(self, latex: str, size: float) -> tuple[float, float]:
        """Width and height of a formula."""
        ...


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The middle across."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle down."""
        return self.y + self.h / 2

    def overlaps(self, other: Rect, margin: float = 0.0) -> bool:
        """Whether the two share any area, once this one is grown by `margin`."""
        return (
            self.x - margin < other.right
            and other.x < self.right + margin
            and self.y - margin < other.bottom
            and other.y < self.bottom + margin
        )

    def contains(self, other: Rect, slack: float = 0.5) -> bool:
        """Whether `other` lies within."""
        return (
            self.x - slack <= other.x
            and self.y - slack <= other.y
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True)
class VectorSpot:
    """A quantity as a grid of cells, row by row. `frame` is the card around it, for states; None inside a box."""

    quantity: str
    rect: Rect
    columns: int
    cell: float
    gap: float
    frame: Rect | None = None
    role: Role = "inputs"


@dataclass(frozen=True)
class RowSpot:
    """One quantity inside a box: a sign that ties it to the row above (× + =), symbol, vector, and perhaps formula."""

    quantity: str
    sign: str
    symbol: Rect
    formula: Rect | None
    vector: VectorSpot
    helper: bool


@dataclass(frozen=True)
class BoxSpot:
    """A box: a click on its header chooses the equation of `target`. `formula`: its place in a box without rows."""

    rect: Rect
    header: Rect
    title: str
    role: Role
    target: str
    targets: tuple[str, ...]
    rows: tuple[RowSpot, ...]
    formula: Rect | None = None
    formula_px: float = 12.0


@dataclass(frozen=True)
class OpSpot:
    """A × or + in a circle. A click chooses the equation of `target`; `stage` is the sub-step it belongs to."""

    x: float
    y: float
    radius: float
    sign: str
    role: Role
    target: str
    stage: str = ""

    @property
    def rect(self) -> Rect:
        """The square around the circle."""
        return Rect(self.x - self.radius, self.y - self.radius, 2 * self.radius, 2 * self.radius)


@dataclass(frozen=True)
class PillSpot:
    """A small function on a wire: tanh, or 1 minus; `stage` is the sub-step it belongs to."""

    rect: Rect
    text: str
    role: Role
    stage: str = ""


@dataclass(frozen=True)
class LabelSpot:
    """A line of text. `ink`: a role, or a palette colour. `timed` says what is told here anew at every timestep: where
    the state is from ("before", "after"), or the "event". `quantity` is what it is about ("" if nothing alone)."""

    rect: Rect
    text: str
    size: float
    bold: bool
    ink: str
    align: str = "left"
    timed: str = ""
    quantity: str = ""


@dataclass(frozen=True)
class WireSpot:
    """An orthogonal line. `width` in unscaled px; `dot`: a joint is drawn at the first point."""

    points: tuple[Point, ...]
    role: Role
    width: float
    arrow: bool
    dot: bool = False


@dataclass(frozen=True)
class Journey:
    """What travels when the timestep advances: `quantity` along `points`, between two moments of 0..1.

    `stage` is the sub-step that it belongs to: while that one is shown, its way is lit.
    """

    points: tuple[Point, ...]
    quantity: str
    role: Role
    begin: float
    end: float
    stage: str = ""


@dataclass(frozen=True)
class CellLayout:
    """A whole diagram. `width` and `height` are what it really needs: more than asked for when it did not fit."""

    width: float
    height: float
    vectors: tuple[VectorSpot, ...]
    boxes: tuple[BoxSpot, ...]
    ops: tuple[OpSpot, ...]
    pills: tuple[PillSpot, ...]
    labels: tuple[LabelSpot, ...]
    wires: tuple[WireSpot, ...]
    journeys: tuple[Journey, ...]
    event_card: Rect | None
    event_picture: Rect | None

    def every_vector(self) -> tuple[VectorSpot, ...]:
        """All vectors, those inside boxes included."""
        return self.vectors + tuple(row.vector for box in self.boxes for row in box.rows)


@dataclass
class Parts:
    """A diagram while it is put together."""

    vectors: list[VectorSpot] = field(default_factory=list)
    boxes: list[BoxSpot] = field(default_factory=list)
    ops: list[OpSpot] = field(default_factory=list)
    pills: list[PillSpot] = field(default_factory=list)
    labels: list[LabelSpot] = field(default_factory=list)
    wires: list[WireSpot] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    event_card: Rect | None = None
    event_picture: Rect | None = None

    def finished(self, width: float, height: float) -> CellLayout:
        """The whole, as it is drawn."""
        return CellLayout(
            width,
            height,
            tuple(self.vectors),
            tuple(self.boxes),
            tuple(self.ops),
            tuple(self.pills),
            tuple(self.labels),
            tuple(self.wires),
            tuple(self.journeys),
            self.event_card,
            self.event_picture,
        )


def grid_shape(units: int, narrow: bool = False) -> tuple[int, int]:
    """(columns, rows) of a vector: 16 units are 2 rows of 8, 128 are 8 rows of 16; `narrow` halves the columns."""
    columns = units if units <= 8 else 8 if units <= 32 else 16
    if narrow and units > 4:
        columns = math.ceil(columns / 2)
    return columns, math.ceil(units / columns)
