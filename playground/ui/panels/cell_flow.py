"""What flows where inside a cell, found from its equations alone. No Qt, no geometry.

A state that is computed from its own previous value unit by unit travels on a *line* (the long-term memory of an LSTM,
the one memory of a GRU): every product it goes through is a × on the line, everything added to it a +. All other
equations stand in *boxes*, one for each stage of the computation. Boxes are fed by the *bus* (event and previous
short-term memory), by *taps* of the line, and by each other. A cell with no line and a single box (plain RNN, network
without memory) is a straight path through that box.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import NamedTuple, TypeVar

from playground.contract.cell_description import (
    INPUTS,
    PREVIOUS,
    Affine,
    CellDescription,
    Equation,
    Factor,
    Pointwise,
    Role,
    Through,
)

T = TypeVar("T")


@dataclass(frozen=True)
class FlowBox:
    """All equations of one stage that are not on the line. `shown`: quantities to draw inside, in order of computation.

    `hidden_helpers` are those of `shown` that follow from the others unit by unit (a product of two gates): they may be
    left out where there is little room. `state` is a state computed here, shown after the timestep; "" if none.
    """

    stage: Role
    targets: tuple[str, ...]
    shown: tuple[str, ...]
    hidden_helpers: tuple[str, ...]
    state: str
    from_bus: bool


@dataclass(frozen=True)
class FlowOp:
    """A × or + on the line. `result` is what the line carries after it, `target` the equation it belongs to.

    `operand` comes from box `box` (-1: from nowhere that is drawn). `others` are further factors of the same product
    that come from elsewhere: (box, quantity, through).
    """

    sign: str
    result: str
    target: str
    stage: Role
    operand: str
    through: Through
    box: int
    others: tuple[tuple[int, str, Through], ...] = ()


@dataclass(frozen=True)
class FlowTap:
    """The line feeds a box: what it carries before op number `before` (number of ops: at its end) goes to `box`."""

    before: int
    quantity: str
    through: Through
    box: int


@dataclass(frozen=True)
class FlowLink:
    """One box feeds another with this quantity."""

    source: int
    quantity: str
    through: Through
    target: int


@dataclass(frozen=True)
class CellFlow:
    """The whole cell. `carrier` is the state on the line ("" if there is none); boxes stand in the order to draw them.

    `states` in the order of the description; `sources` what feeds the bus, previous states first, event last.
    """

    carrier: str
    ops: tuple[FlowOp, ...]
    boxes: tuple[FlowBox, ...]
    taps: tuple[FlowTap, ...]
    links: tuple[FlowLink, ...]
    sources: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def straight(self) -> bool:
        """Whether everything goes straight through a single box."""
        return not self.carrier and len(self.boxes) == 1

    def segment(self, before: int) -> str:
        """What the line carries before op number `before`."""
        return PREVIOUS + self.carrier if before == 0 else self.ops[before - 1].result


def cell_flow(description: CellDescription) -> CellFlow:
    """Find line, boxes, taps and links of a cell, and the order of boxes that crosses the fewest lines."""
    found = _Finder(description).flow()
    orders = (
        permutations(range(len(found.boxes))) if len(found.boxes) <= 6 else [tuple(range(len(found.boxes)))]
    )
    best = min(orders, key=lambda order: _cost(found, order))
    return _reordered(found, best)


class _RawOp(NamedTuple):
    """An op before anybody knows the boxes."""

    sign: str
    result: str
    target: str
    stage: Role
    factors: tuple[Factor, ...]


class _Finder:
    """Reads one description."""

    def __init__(self, description: CellDescription) -> None:
        self._cell = description
        self._on_line: set[str] = set()
        self._raw_ops: list[_RawOp] = []
        self._carrier = ""

    def flow(self) -> CellFlow:
        self._find_line()
        boxes = self._find_boxes()
        place = {target: position for position, box in enumerate(boxes) for target in box.targets}
        ops = tuple(self._op(raw, place) for raw in self._raw_ops)
        segments = [PREVIOUS + self._carrier, *(op.result for op in ops)] if self._carrier else []
        taps, links = [], []
        riding = {(op.box, name) for op in ops for _, name, _ in op.others}
        for position, box in enumerate(boxes):
            for target in box.targets:
                for name, through in _sources(self._cell.equation(target)):
                    if name in segments and not self._is_bus(name):
                        taps.append(FlowTap(segments.index(name), name, through, position))
                    elif name in place and place[name] != position and (position, name) not in riding:
                        links.append(FlowLink(place[name], name, through, position))
        sources = [PREVIOUS + state for state in self._cell.states if self._is_bus(PREVIOUS + state)]
        if any(name == INPUTS for e in self._cell.equations for name, _ in _sources(e)):
            sources.append(INPUTS)
        results = [*([self._carrier] if self._carrier else [])]
        results += [state for state in self._cell.states if state != self._carrier]
        results += [box.state for box in boxes if box.state and box.state not in results]
        return CellFlow(
            self._carrier, ops, tuple(boxes), _unique(taps), _unique(links), tuple(sources), tuple(results)
        )

    # -- the line
    def _find_line(self) -> None:
        for state in sorted(self._cell.states, key=lambda name: name != "cell_state"):
            ops, used = self._chain(state)
            if ops:
                self._carrier, self._raw_ops, self._on_line = state, ops, used
                return

    def _chain(self, state: str) -> tuple[list[_RawOp], set[str]]:
        """The ops from the previous value of `state` to its new one, and the equations they stand for; none if there
        is no such path."""
        return self._walk(state, state) or ([], set())

    def _walk(self, state: str, target: str) -> tuple[list[_RawOp], set[str]] | None:
        equation = self._cell.equation(target)
        if not isinstance(equation, Pointwise) or equation.activation != "identity":
            return None
        for number, product in enumerate(equation.products):
            for factor in product:
                before = self._before(state, factor)
                if before is None:
                    continue
                ops, used = before
                rest = tuple(other for other in product if other is not factor)
                added = [other for position, other in enumerate(equation.products) if position != number]
                more = [_RawOp("×", "", target, equation.stage, (other,)) for other in rest]
                more += [_RawOp("+", "", target, equation.stage, other) for other in added]
                if more:
                    more[-1] = more[-1]._replace(result=target)
                return [*ops, *more], used | {target}
        return None

    def _before(self, state: str, factor: Factor) -> tuple[list[_RawOp], set[str]] | None:
        """What leads from the previous value of `state` to this factor, if it does."""
        name = factor.quantity
        if factor.through != "identity":
            return None
        if name == PREVIOUS + state:
            return [], set()
        if name in self._targets() and name not in self._cell.states:
            return self._walk(state, name)
        return None

    def _targets(self) -> set[str]:
        return {equation.target for equation in self._cell.equations}

    def _op(self, raw: _RawOp, place: dict[str, int]) -> FlowOp:
        sign, result, target, stage, factors = raw
        known = [(place[factor.quantity], factor) for factor in factors if factor.quantity in place]
        if not known:
            return FlowOp(sign, result, target, stage, factors[0].quantity, factors[0].through, -1)
        order = [equation.target for equation in self._cell.equations]
        main_box, main = max(known, key=lambda entry: order.index(entry[1].quantity))
        others = tuple((box, f.quantity, f.through) for box, f in known if box != main_box)
        return FlowOp(sign, result, target, stage, main.quantity, main.through, main_box, others)

    # -- the boxes
    def _find_boxes(self) -> list[FlowBox]:
        by_stage: dict[Role, list[Equation]] = {}
        for equation in self._cell.equations:
            if equation.target not in self._on_line:
                by_stage.setdefault(equation.stage, []).append(equation)
        return [self._box(stage, equations) for stage, equations in by_stage.items()]

    def _box(self, stage: Role, equations: list[Equation]) -> FlowBox:
        targets = tuple(equation.target for equation in equations)
        ends = (*self._cell.states, "hidden_state")
        state = next((target for target in targets if target in ends), "")
        shown = tuple(target for target in targets if target != state)
        helpers = tuple(name for name in shown if not self._cell.quantity(name).is_gate)
        from_bus = any(self._is_bus(name) for equation in equations for name, _ in _sources(equation))
        return FlowBox(stage, targets, shown, helpers if len(helpers) < len(shown) else (), state, from_bus)

    def _is_bus(self, name: str) -> bool:
        """Event and previous short-term memory go to the gates by the bus; a previous long-term memory never."""
        return name == INPUTS or name == PREVIOUS + "hidden_state"


def _sources(equation: Equation) -> list[tuple[str, Through]]:
    if isinstance(equation, Affine):
        return [(term.source, "identity") for term in equation.terms]
    return [(factor.quantity, factor.through) for product in equation.products for factor in product]


def _unique(entries: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(entries))


def _cost(flow: CellFlow, order: tuple[int, ...]) -> float:
    """How untidy the diagram gets with the boxes in this order: lines that cross or run backwards."""
    column = {box: position for position, box in enumerate(order)}
    risers = {column[op.box] for op in flow.ops if op.box >= 0}
    risers |= {column[tap.box] for tap in flow.taps}
    cost = 0.0
    for link in flow.links:
        start, end = column[link.source], column[link.target]
        cost += 20 if end < start else 0
        cost += 3 + 2 * sum(start < c < end for c in risers) if abs(end - start) > 1 else 0
    for op in flow.ops:
        for box, _, _ in op.others:
            start, end = sorted((column[box], column[op.box]))
            cost += 3 * sum(start < c < end for c in risers)
            cost += 4 if column[box] > column[op.box] else 0
    columns = [column[op.box] for op in flow.ops if op.box >= 0]
    cost += 20 * sum(later <= earlier for earlier, later in pairwise(columns))
    for tap in flow.taps:
        if tap.before > 0 and flow.ops[tap.before - 1].box >= 0:
            cost += 6 if column[tap.box] <= column[flow.ops[tap.before - 1].box] else 0
    for box, entry in enumerate(flow.boxes):
        if entry.state:
            cost += 8 * (len(order) - 1 - column[box])
    cost += sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
    return cost


def _reordered(flow: CellFlow, order: tuple[int, ...]) -> CellFlow:
    column = {box: position for position, box in enumerate(order)} | {-1: -1}
    ops = tuple(
        FlowOp(
            op.sign,
            op.result,
            op.target,
            op.stage,
            op.operand,
            op.through,
            column[op.box],
            tuple((column[box], name, through) for box, name, through in op.others),
        )
        for op in flow.ops
    )
    return CellFlow(
        flow.carrier,
        ops,
        tuple(flow.boxes[box] for box in order),
        tuple(FlowTap(t.before, t.quantity, t.through, column[t.box]) for t in flow.taps),
        tuple(FlowLink(column[k.source], k.quantity, k.through, column[k.target]) for k in flow.links),
        flow.sources,
        flow.results,
    )
