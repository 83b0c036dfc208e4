"""How large the parts of a cell's diagram are at one degree of detail, and how cards and boxes are filled."""

from __future__ import annotations

from dataclasses import dataclass

from playground.contract.cell_description import INPUTS, PREVIOUS, CellDescription, Pointwise, Role
from playground.ui.panels.cell_flow import CellFlow, FlowBox
from playground.ui.panels.cell_geometry import (
    BoxSpot,
    LabelSpot,
    Metrics,
    Parts,
    Rect,
    RowSpot,
    VectorSpot,
    grid_shape,
)
from playground.ui.vocabulary import WORDS

SHORT_STAGES = {
    "forget": ("Forget", "Forget"),
    "learn": ("Learn", "Input"),
    "remember": ("Remember", "Update"),
    "use": ("Use", "Output"),
}
"""Titles of boxes where the long ones do not fit: in the guide's and in the textbook's words."""

SMALLEST_LECTURE_TEXT = 12.5
"""Unscaled px: 20 px on a projector."""


@dataclass(frozen=True)
class Details:
    """How much is shown. `cell`: the side of a vector's cell in unscaled px. `tight`: everything as close as it can
    be read, the event without its name: two diagrams on a projector."""

    cell: float
    narrow: bool = False
    formulas: bool = False
    helpers: bool = False
    second_lines: bool = True
    long_titles: bool = False
    long_labels: bool = True
    tight: bool = False


class CellParts:
    """Sizes (px on screen) and parts of one cell at one degree of detail; the lanes and the straight path use it."""

    def __init__(
        self,
        cell: CellDescription,
        flow: CellFlow,
        units: int,
        details: Details,
        vocabulary: str,
        metrics: Metrics,
    ) -> None:
        self.cell, self.flow, self.details, self.words, self.metrics = (
            cell,
            flow,
            details,
            vocabulary,
            metrics,
        )
        self.scale = metrics.scale
        lecture = self.scale > 1.25
        self.columns, self.rows = grid_shape(units, details.narrow)
        self.side = max(2.0, round(details.cell * self.scale))
        self.gap = max(1.0, round((2 if details.cell >= 8 else 1 if details.cell >= 4 else 0.5) * self.scale))
        self.grid_w = self.columns * (self.side + self.gap) - self.gap
        self.grid_h = self.rows * (self.side + self.gap) - self.gap
        self.title_size = 13.0 if details.second_lines else 12.5
        self.small_size = SMALLEST_LECTURE_TEXT if lecture else 11.0
        self.formula_px = SMALLEST_LECTURE_TEXT if lecture else 12.0
        if flow.straight and details.second_lines:
            self.formula_px = 17.0 if details.long_titles else 14.0
        self.pad = self.px(8 if details.second_lines else 4 if details.tight else 6)
        self.title_h = metrics.height(self.title_size)
        self.small_h = metrics.height(self.small_size)
        self.card_h = self.grid_h + 2 * self.pad
        self.label_h = self.title_h + (self.small_h if details.second_lines else 0) + self.px(2)
        self.picture = self.px(44 if details.second_lines else 30)
        self.event_h = self.picture + self.px(8) + (0.0 if details.tight else self.small_h)
        self.least_row = self.px(15 if details.tight else 18)
        self.box_edge = self.px(8 if details.second_lines else 3 if details.tight else 6)
        self.side_w = max(self.grid_w + 2 * self.pad, self.px(84))
        names = [*flow.sources, *flow.results]
        labels = [metrics.width(self.label_of(name), self.title_size, True) for name in names]
        self.label_w = max(labels, default=0.0) + self.px(2)
        if details.second_lines:
            longest = "LTM, from t = 99 · ±10" if flow.carrier == "cell_state" else "STM, from t = 99"
            self.label_w = max(self.label_w, metrics.width(longest, self.small_size))
        self.header_h = metrics.height(12.5) + self.px(10 if details.second_lines else 5)
        self.row_gap = self.px(7 if details.second_lines else 3 if details.tight else 5)
        self.box_pad = self.px(8)
        self.symbol_w = self._symbol_width()
        self.box_w = [self._box_width(box) for box in flow.boxes]
        self.box_h = max((self._box_height(box) for box in flow.boxes), default=0.0)

    def px(self, size: float) -> float:
        """A length of the design on this screen."""
        return float(round(size * self.scale))

    # -- words
    def title_of(self, name: str) -> str:
        """What a quantity is called."""
        if name == INPUTS:
            return WORDS["event"][self.words]
        return self.cell.quantity(name.removeprefix(PREVIOUS)).title[self.words]

    def label_of(self, name: str) -> str:
        """What stands above a card: the title, or the symbol where there is little room."""
        if self.details.long_labels or name == INPUTS:
            return self.title_of(name)
        return self.cell.quantity(name.removeprefix(PREVIOUS)).symbol[self.words]

    def role_of(self, name: str) -> Role:
        """The role of a quantity; of a previous state that of the state."""
        return "inputs" if name == INPUTS else self.cell.quantity(name.removeprefix(PREVIOUS)).role

    def stage_title(self, stage: Role) -> str:
        """What a stage is called."""
        if not self.details.long_titles and stage in SHORT_STAGES:
            return SHORT_STAGES[stage][0 if self.words == "guide" else 1]
        return WORDS[stage][self.words] if stage in WORDS else stage

    def box_title(self, box: FlowBox) -> str:
        """The stage's name in a cell with the four gates; elsewhere that of its one gate, or of what it computes."""
        if self.flow.carrier == "cell_state" and box.stage in SHORT_STAGES:
            return self.stage_title(box.stage)
        gates = [name for name in box.shown if self.cell.quantity(name).is_gate]
        if len(gates) == 1:
            title = self.cell.quantity(gates[0]).title[self.words]
            return title if self.details.long_labels else title.split(" ")[0]
        if not box.shown:
            return self.cell.quantity(box.targets[-1]).title[self.words]
        return self.stage_title(box.stage)

    # -- boxes
    def rows_of(self, box: FlowBox) -> tuple[str, ...]:
        """The quantities that are drawn in this box."""
        hidden = () if self.details.helpers else box.hidden_helpers
        return tuple(name for name in box.shown if name not in hidden)

    def sign(self, box: FlowBox, number: int) -> str:
        """How a row is tied to the one above: multiplied with it, added to it, or made from it."""
        rows = self.rows_of(box)
        if number == 0:
            return ""
        above, here = rows[number - 1], rows[number]
        for equation in self.cell.equations:
            if not isinstance(equation, Pointwise):
                continue
            products = [tuple(factor.quantity for factor in product) for product in equation.products]
            if any(above in product and here in product for product in products):
                return "×"
            if any(above in product for product in products):
                if equation.target == here:
                    return "="
                if any(here in product for product in products):
                    return "+"
        return ""

    def formula_size(self, target: str) -> tuple[float, float]:
        """Width and height of a quantity's formula."""
        return self.metrics.formula(self.cell.equation(target).latex[self.words], self.formula_px)

    def _symbol_width(self) -> float:
        signs = any(
            self.sign(box, number) for box in self.flow.boxes for number in range(len(self.rows_of(box)))
        )
        return self.px(32 if signs else 20)

    def _box_width(self, box: FlowBox) -> float:
        rows = self.rows_of(box)
        width = self.metrics.width(self.box_title(box), 12.5, True) + self.px(4)
        if rows:
            width = max(width, self.grid_w + self.symbol_w)
        else:
            width = max(width, self.formula_size(box.targets[-1])[0] + self.px(16))
        if self.details.formulas:
            width = max([width, *(self.formula_size(name)[0] + self.px(4) for name in rows)])
        return width + 2 * self.box_pad

    def _box_height(self, box: FlowBox) -> float:
        rows = self.rows_of(box)
        body = sum(self.row_height(name) for name in rows) + self.row_gap * max(0, len(rows) - 1)
        if not rows:
            body = self.formula_size(box.targets[-1])[1] + self.px(8)
        return self.header_h + body + 2 * self.box_edge

    def row_height(self, name: str) -> float:
        """The height of one row of a box."""
        height = max(self.grid_h, self.least_row)
        if self.details.formulas:
            height += self.formula_size(name)[1] + self.px(4)
        return height

    def put_box(self, parts: Parts, number: int, rect: Rect) -> BoxSpot:
        """Fill the box with its header and rows."""
        box = self.flow.boxes[number]
        names = self.rows_of(box)
        header = Rect(rect.x, rect.y, rect.w, self.header_h)
        body = rect.h - self.header_h
        heights = [self.row_height(name) for name in names]
        free = max(0.0, body - sum(heights) - self.row_gap * max(0, len(names) - 1))
        spread = min(self.px(14), free / (len(names) + 1)) if names else 0.0
        top = header.bottom + (free - spread * max(0, len(names) - 1)) / 2
        left = rect.cx - (self.symbol_w + self.grid_w) / 2
        rows = []
        for position, (name, height) in enumerate(zip(names, heights, strict=True)):
            formula = None
            grid_top = top
            if self.details.formulas:
                w, h = self.formula_size(name)
                formula = Rect(min(left, rect.cx - w / 2), top, w, h)
                grid_top = top + h + self.px(4)
            grid_top += max(0.0, (self.least_row - self.grid_h) / 2)
            grid = Rect(left + self.symbol_w, grid_top, self.grid_w, self.grid_h)
            tall = max(self.grid_h, self.least_row)
            symbol = Rect(left, grid.cy - tall / 2, self.symbol_w, tall)
            vector = VectorSpot(name, grid, self.columns, self.side, self.gap, None, self.role_of(name))
            rows.append(
                RowSpot(name, self.sign(box, position), symbol, formula, vector, name in box.hidden_helpers)
            )
            top += height + self.row_gap + spread
        alone = None
        if not names:
            w, h = self.formula_size(box.targets[-1])
            alone = Rect(rect.cx - w / 2, header.bottom + (body - h) / 2, w, h)
        gates = [name for name in names if self.cell.quantity(name).is_gate]
        target = gates[0] if gates else box.targets[-1]
        spot = BoxSpot(
            rect,
            header,
            self.box_title(box),
            box.stage,
            target,
            box.targets,
            tuple(rows),
            alone,
            self.formula_px,
        )
        parts.boxes.append(spot)
        return spot

    # -- cards
    def put_state(self, parts: Parts, name: str, frame: Rect, timed: str, reach_left: bool = False) -> None:
        """A state's vector in `frame`, its title above; the title may reach beyond the frame, right or left."""
        role = self.role_of(name)
        grid = Rect(frame.cx - self.grid_w / 2, frame.cy - self.grid_h / 2, self.grid_w, self.grid_h)
        parts.vectors.append(VectorSpot(name, grid, self.columns, self.side, self.gap, frame, role))
        width = max(frame.w, self.label_w)
        left = frame.right - width if reach_left else frame.x
        align = "right" if reach_left and width > frame.w else "left"
        top = frame.y - self.label_h
        ink = role if role != "inputs" else "text"
        title = Rect(left, top, width, self.title_h)
        parts.labels.append(
            LabelSpot(title, self.label_of(name), self.title_size, True, ink, align, "", name)
        )
        if self.details.second_lines:
            rect = Rect(left, top + self.title_h, width, self.small_h)
            parts.labels.append(LabelSpot(rect, "", self.small_size, False, "muted", align, timed, name))

    def put_event(self, parts: Parts, card: Rect) -> None:
        """The event's picture in `card`, its name under it."""
        named = not self.details.tight
        side = min(card.w - self.px(8), card.h - (self.small_h if named else 0.0) - self.px(8))
        parts.event_card = card
        parts.event_picture = Rect(card.cx - side / 2, card.y + self.px(4), side, side)
        if not named:
            return
        rect = Rect(card.x + 2, card.bottom - self.small_h - self.px(3), card.w - 4, self.small_h)
        parts.labels.append(LabelSpot(rect, "", self.small_size, False, "text", "centre", "event", INPUTS))

    def put_bus_label(self, parts: Parts, left: float, y: float, right: float) -> None:
        """What the bus carries, under it: "[STM, E] feeds every gate"."""
        states = [name for name in self.flow.sources if name != INPUTS]
        names = [self.cell.quantity(name.removeprefix(PREVIOUS)).symbol[self.words] for name in states]
        text = "[" + ", ".join([*names, WORDS["event_symbol"][self.words]]) + "]"
        long = f"{text} feeds every gate"
        gates = sum(box.from_bus for box in self.flow.boxes) > 1
        if (
            gates
            and self.details.second_lines
            and self.metrics.width(long, self.small_size) + self.px(8) <= right - left
        ):
            text = long
        width = self.metrics.width(text, self.small_size)
        if width + self.px(10) <= right - left:
            rect = Rect(left + self.px(6), y + self.px(5), width + self.px(2), self.small_h)
            parts.labels.append(LabelSpot(rect, text, self.small_size, False, "muted"))

    def bus_states(self) -> list[str]:
        """Previous states that stand at the left of the bus: those that are not on the line."""
        return [name for name in self.flow.sources if name != INPUTS and name != PREVIOUS + self.flow.carrier]
