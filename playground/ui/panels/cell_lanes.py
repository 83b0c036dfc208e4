"""The diagram of a cell with gates, in lanes: the line at the top, boxes in order of computation, the bus below."""

from __future__ import annotations

import math

from playground.contract.cell_description import INPUTS, PREVIOUS, Role, Through
from playground.ui.panels.cell_flow import FlowOp
from playground.ui.panels.cell_geometry import (
    THROUGH_TEXT,
    CellLayout,
    Journey,
    LabelSpot,
    OpSpot,
    Parts,
    PillSpot,
    Point,
    Rect,
    WireSpot,
)
from playground.ui.panels.cell_parts import CellParts
from playground.ui.vocabulary import WORDS

Ports = dict[tuple[str, int, int], float]
"""x of what meets a box from above: ("op", box, op number), ("tap", box, tap number), ("link" or "out", ...)."""


class Lanes:
    """What the lanes need at least (`least_width`, `least_height`), and the picture."""

    def __init__(self, sizes: CellParts) -> None:
        self.sizes, self.flow = sizes, sizes.flow
        self.on_line = bool(self.flow.carrier)
        px = sizes.px
        self.radius = px(15 if sizes.details.second_lines else 11)
        self.ride_radius = px(10)
        states = sizes.bus_states()
        reach = max(0.0, sizes.label_w - sizes.side_w)
        # The joint stands right of the labels of the left column, the last turn left of those of the right one.
        self.to_joint = reach + px(8) if states else px(14)
        self.gap_left = self.to_joint + px(18)
        self.gap_between = px(16)
        if self.flow.links or any(op.others for op in self.flow.ops):
            self.gap_between = px(26 if sizes.details.long_labels else 22)
        self.has_result_below = any(box.state for box in self.flow.boxes)
        self.from_turn = reach + px(14) if self.has_result_below else px(12)
        self.gap_right = self.from_turn + px(10)
        middle = sum(sizes.box_w) + self.gap_between * max(0, len(sizes.box_w) - 1)
        self.least_width = 2 * sizes.side_w + self.gap_left + middle + self.gap_right
        self.line_y = 0.0
        if self.on_line:
            self.line_y = max(sizes.label_h + sizes.card_h / 2, self.radius + sizes.title_h + px(4))
        self.rise = self._least_rise()
        tight = sizes.details.tight
        self.drop = px(22 if sizes.details.second_lines else 11 if tight else 16)
        gap = px(4 if tight else 8)
        stack = sizes.label_h + sizes.card_h + gap if self.on_line else 0.0
        stack += sizes.event_h + gap
        stack += sizes.label_h + sizes.card_h / 2 if states else -sizes.event_h / 2
        self.bus_y = max(self.line_y + self.rise + sizes.box_h + self.drop, stack)
        tail = sizes.event_h / 2 if not states else 0.0
        self.tail = max(tail, sizes.card_h / 2, sizes.small_h + px(6))
        self.least_height = self.bus_y + self.tail + px(3)

    def _least_rise(self) -> float:
        px = self.sizes.px
        if not self.on_line:
            return px(4)
        roomy = self.sizes.details.second_lines
        rise = self.radius + px(22 if roomy else 17)
        if any(op.others for op in self.flow.ops):
            rise += 2 * self.ride_radius + px(18 if roomy else 12)
        if any(tap.through != "identity" for tap in self.flow.taps):
            rise = max(rise, self.sizes.small_h + px(3) + px(28 if roomy else 18))
        return rise + px(14 if roomy else 11) * len(self._tracks())

    def _tracks(self) -> list[int]:
        """Where taps leave the line of which at least one cannot go straight down."""
        return sorted({tap.before for tap in self.flow.taps if not self._goes_straight(tap.before, tap.box)})

    def _goes_straight(self, before: int, box: int) -> bool:
        """Whether the box lies under the stretch of the line before op number `before`."""
        columns = [op.box for op in self.flow.ops]
        left = columns[before - 1] if before else -1
        right = columns[before] if before < len(columns) else len(self.flow.boxes)
        return left < box <= right if before < len(columns) else left < box

    def build(self, width: float, height: float) -> CellLayout:
        """Put everything in its place, with the room that is left spread evenly."""
        sizes, px = self.sizes, self.sizes.px
        spare = max(0.0, height - self.least_height)
        inner = min(spare, px(240))
        top = (spare - inner) / 2
        line_y, bus_y = self.line_y + top, self.bus_y + top + inner
        box_h = sizes.box_h + min(inner * 0.2, px(26))
        between = bus_y - self.drop - box_h - line_y - self.rise
        boxes_top = (
            line_y + self.rise + between * (0.3 if self.has_result_below and not self.flow.links else 0.5)
        )
        lowered = max(0.0, min(bus_y - self.drop - box_h - boxes_top, inner * 0.3, px(64)))
        rects = self._box_rects(width, boxes_top, box_h, lowered)
        parts = Parts()
        for number, rect in enumerate(rects):
            sizes.put_box(parts, number, rect)
        ports = self._ports(rects)
        joint_x = sizes.side_w + max(self.to_joint, (rects[0].x - sizes.side_w) * 0.5)
        self._put_bus(parts, rects, joint_x, line_y, bus_y, inner)
        if self.on_line:
            self._put_line(parts, rects, ports, width, line_y)
        self._put_links(parts, rects, ports)
        self._put_results(parts, rects, width, bus_y)
        return parts.finished(width, height)

    def _box_rects(self, width: float, top: float, height: float, lowered: float) -> list[Rect]:
        sizes = self.sizes
        count = len(sizes.box_w)
        free = width - self.least_width
        grow = min(free * 0.35 / max(1, count), sizes.px(48))
        free -= grow * count
        gap = free / (count + 1)
        x = sizes.side_w + self.gap_left + gap
        rects = []
        for number, natural in enumerate(sizes.box_w):
            linked = any(number in (link.source, link.target) for link in self.flow.links)
            down = lowered if self.flow.boxes[number].state and not linked else 0.0
            rects.append(Rect(x, top + down, natural + grow, height))
            x += natural + grow + self.gap_between + gap
        return rects

    def _ports(self, rects: list[Rect]) -> Ports:
        """Ways that come from the left stand left: links, then taps, then the way up to an op, then taps after it."""
        ports: Ports = {}
        for box, rect in enumerate(rects):
            meeting: list[tuple[float, tuple[str, int, int]]] = []
            mine = [number for number, op in enumerate(self.flow.ops) if op.box == box]
            meeting += [(1.0 + 0.01 * number, ("op", box, number)) for number in mine]
            for number, tap in enumerate(self.flow.taps):
                if tap.box == box:
                    after = bool(mine) and tap.before > mine[0]
                    meeting.append(((2.0 if after else 0.5) + 0.01 * number, ("tap", box, number)))
            for number, link in enumerate(self.flow.links):
                if abs(link.source - link.target) > 1:
                    meeting += [(0.1, ("link", box, number))] if link.target == box else []
                    meeting += [(3.0, ("out", box, number))] if link.source == box else []
            meeting.sort()
            for position, (_, key) in enumerate(meeting):
                ports[key] = rect.x + rect.w * (position + 1) / (len(meeting) + 1)
        return ports

    # -- the bus
    def _put_bus(
        self, parts: Parts, rects: list[Rect], joint_x: float, line_y: float, bus_y: float, inner: float
    ) -> None:
        sizes = self.sizes
        fed = [number for number, box in enumerate(self.flow.boxes) if box.from_bus]
        starts = self._put_sources(parts, joint_x, line_y, bus_y, inner)
        if not fed:
            return
        last = rects[fed[-1]]
        way = ((joint_x, bus_y), (last.cx, bus_y), (last.cx, last.bottom))
        parts.wires.append(WireSpot(way, "inputs", 2.5, True, dot=True))
        for number in fed[:-1]:
            rect = rects[number]
            parts.wires.append(WireSpot(((rect.cx, bus_y), (rect.cx, rect.bottom)), "inputs", 2.5, True))
        for number in fed:
            rect = rects[number]
            for quantity, role, start in starts:
                path = (*start, (rect.cx, bus_y), (rect.cx, rect.bottom))
                stage = self.flow.boxes[number].stage
                parts.journeys.append(Journey(path, quantity, role, 0, 0.4, stage))
        sizes.put_bus_label(parts, joint_x, bus_y, last.cx)

    def _put_sources(
        self, parts: Parts, joint_x: float, line_y: float, bus_y: float, inner: float
    ) -> list[tuple[str, Role, tuple[Point, ...]]]:
        """Event and previous short-term memory at the left, with their ways to the joint."""
        sizes, px = self.sizes, self.sizes.px
        states = sizes.bus_states()
        starts: list[tuple[str, Role, tuple[Point, ...]]] = []
        event_h = sizes.event_h + min(inner * 0.25, px(34))
        if states:
            role = sizes.role_of(states[0])
            frame = Rect(0, bus_y - sizes.card_h / 2, sizes.side_w, sizes.card_h)
            sizes.put_state(parts, states[0], frame, "before")
            way: tuple[Point, ...] = ((frame.right, bus_y), (joint_x, bus_y))
            parts.wires.append(WireSpot(way, role, 5, False))
            starts.append((states[0], role, way))
            above = line_y + sizes.card_h / 2 if self.on_line else 0.0
            middle = (above + frame.y - sizes.label_h) / 2
            card = Rect(0, middle - event_h / 2, sizes.side_w, event_h)
            path: tuple[Point, ...] = ((card.right, card.cy), (joint_x, card.cy), (joint_x, bus_y))
        else:
            bottom = min(bus_y + event_h / 2, bus_y + self.tail)
            card = Rect(0, bottom - event_h, sizes.side_w, event_h)
            path = ((card.right, bus_y), (joint_x, bus_y))
            previous = PREVIOUS + self.flow.carrier
            if self.on_line and previous in self.flow.sources:
                role = sizes.role_of(previous)
                down = ((joint_x, line_y), (joint_x, bus_y))
                parts.wires.append(WireSpot(down, role, 3, False, dot=True))
                starts.append((previous, role, ((sizes.side_w, line_y), *down)))
        if INPUTS in self.flow.sources:
            sizes.put_event(parts, card)
            parts.wires.append(WireSpot(path, "inputs", 2.5, False))
            starts.append((INPUTS, "inputs", path))
        return starts

    # -- the line
    def _put_line(self, parts: Parts, rects: list[Rect], ports: Ports, width: float, line_y: float) -> None:
        sizes = self.sizes
        role = sizes.role_of(self.flow.carrier)
        start = Rect(0, line_y - sizes.card_h / 2, sizes.side_w, sizes.card_h)
        end = Rect(width - sizes.side_w, start.y, sizes.side_w, sizes.card_h)
        sizes.put_state(parts, PREVIOUS + self.flow.carrier, start, "before")
        sizes.put_state(parts, self.flow.carrier, end, "after", reach_left=True)
        parts.wires.insert(0, WireSpot(((start.right, line_y), (end.x, line_y)), role, 6, True))
        places: list[float] = []
        for number, op in enumerate(self.flow.ops):
            free = ((places[-1] if places else start.right) + end.x) / 2
            x = ports[("op", op.box, number)] if op.box >= 0 else free
            places.append(x)
            if op.box >= 0:
                self._put_riser(parts, rects, ports, op, x, line_y)
            stage = op.stage if op.sign == "+" or op.box < 0 else self.flow.boxes[op.box].stage
            parts.ops.append(OpSpot(x, line_y, self.radius, op.sign, stage, op.target, op.stage))
            if op.sign == "+" and self.flow.carrier == "cell_state" and op.stage in WORDS:
                self._put_op_label(
                    parts, x, line_y, op.stage, start.x + sizes.label_w, end.right - sizes.label_w
                )
        bounds = [start.right, *places, end.x]
        self._put_taps(parts, rects, ports, bounds, line_y)
        stretches = len(bounds) - 1
        for number in range(stretches):
            quantity = self.flow.segment(number) or PREVIOUS + self.flow.carrier
            path = ((bounds[number], line_y), (bounds[number + 1], line_y))
            since, until = number / stretches, (number + 1) / stretches
            stage = self.flow.ops[min(number, len(self.flow.ops) - 1)].stage
            parts.journeys.append(Journey(path, quantity, role, since, until, stage))

    def _put_op_label(
        self, parts: Parts, x: float, line_y: float, stage: Role, left: float, right: float
    ) -> None:
        sizes = self.sizes
        text = sizes.stage_title(stage)
        width = sizes.metrics.width(text, sizes.title_size, True) + 2
        rect = Rect(x - width / 2, line_y - self.radius - sizes.title_h - sizes.px(2), width, sizes.title_h)
        if left + sizes.px(4) < rect.x and rect.right < right - sizes.px(4) and rect.y >= 0:
            parts.labels.append(LabelSpot(rect, text, sizes.title_size, True, stage, "centre"))

    def _put_riser(
        self, parts: Parts, rects: list[Rect], ports: Ports, op: FlowOp, x: float, line_y: float
    ) -> None:
        stage = self.flow.boxes[op.box].stage
        top, under = rects[op.box].y, line_y + self.radius
        if op.others:
            ride_y = under + (top - under) * 0.5
            parts.wires.append(WireSpot(((x, top), (x, ride_y + self.ride_radius)), stage, 3, True))
            parts.wires.append(WireSpot(((x, ride_y - self.ride_radius), (x, under)), stage, 3, True))
            for other, quantity, through in op.others:
                self._put_ride(parts, rects, ports, other, quantity, through, x, ride_y, op.stage)
            parts.ops.append(OpSpot(x, ride_y, self.ride_radius, "×", stage, op.target, op.stage))
        else:
            parts.wires.append(WireSpot(((x, top), (x, under)), stage, 3, True))
            if op.through != "identity":
                self._put_pill(parts, x, (top + under) / 2, op.through, stage, op.stage)
        parts.journeys.append(Journey(((x, top), (x, line_y)), op.operand, stage, 0.4, 0.65, op.stage))

    def _put_ride(
        self,
        parts: Parts,
        rects: list[Rect],
        ports: Ports,
        other: int,
        quantity: str,
        through: Through,
        x: float,
        ride_y: float,
        target_stage: Role,
    ) -> None:
        """A further factor comes from another box: it branches off that box's own way up, or rises from its middle."""
        stage = self.flow.boxes[other].stage
        shared = [
            ports[("op", other, number)]
            for number, op in enumerate(self.flow.ops)
            if op.box == other and op.operand == quantity
        ]
        from_x = shared[0] if shared else rects[other].cx
        points: tuple[Point, ...] = (
            (from_x, ride_y),
            (x - math.copysign(self.ride_radius, x - from_x), ride_y),
        )
        if not shared:
            points = ((from_x, rects[other].y), *points)
        parts.wires.append(WireSpot(points, stage, 2.5, True, dot=bool(shared)))
        if through != "identity":
            self._put_pill(parts, (from_x + x) / 2, ride_y, through, stage, target_stage)
        parts.journeys.append(Journey(points, quantity, stage, 0.4, 0.6, target_stage))

    def _put_pill(self, parts: Parts, x: float, y: float, through: Through, role: Role, stage: Role) -> None:
        sizes = self.sizes
        text = THROUGH_TEXT[through]
        width = sizes.metrics.width(text, sizes.small_size) + sizes.px(14)
        height = sizes.small_h + sizes.px(3)
        place = Rect(x - width / 2, y - height / 2, width, height)
        parts.pills.append(PillSpot(place, text, role, stage))

    def _put_taps(
        self, parts: Parts, rects: list[Rect], ports: Ports, bounds: list[float], line_y: float
    ) -> None:
        """Ways from the line down into boxes; those that leave at the same place share their first stretch."""
        px = self.sizes.px
        role = self.sizes.role_of(self.flow.carrier)
        tracks = self._tracks()
        for before in sorted({tap.before for tap in self.flow.taps}):
            group = [(number, tap) for number, tap in enumerate(self.flow.taps) if tap.before == before]
            direct = [ports[("tap", tap.box, n)] for n, tap in group if self._goes_straight(before, tap.box)]
            trunk = direct[0] if direct else bounds[before] + self.radius + px(14)
            for number, tap in group:
                x, top = ports[("tap", tap.box, number)], rects[tap.box].y
                if self._goes_straight(before, tap.box):
                    points: tuple[Point, ...] = ((x, line_y), (x, top))
                else:
                    track_y = line_y + self.radius + px(12) + px(14) * tracks.index(before)
                    points = ((trunk, track_y), (x, track_y), (x, top))
                    points = points if direct else ((trunk, line_y), *points)
                parts.wires.append(WireSpot(points, role, 3, True, dot=True))
                stage = self.flow.boxes[tap.box].stage
                if tap.through != "identity":
                    self._put_pill(parts, x, (points[-2][1] + top) / 2, tap.through, role, stage)
                begin = 0.0 if before == 0 else 0.6
                parts.journeys.append(Journey(points, tap.quantity, role, begin, begin + 0.2, stage))

    # -- between boxes, and out
    def _put_links(self, parts: Parts, rects: list[Rect], ports: Ports) -> None:
        sizes = self.sizes
        for number, link in enumerate(self.flow.links):
            source, target = rects[link.source], rects[link.target]
            role, stage = self.flow.boxes[link.source].stage, self.flow.boxes[link.target].stage
            if link.target - link.source == 1:
                top = max(source.y, target.y) + sizes.header_h
                y = (top + min(source.bottom, target.bottom)) / 2
                points: tuple[Point, ...] = ((source.right, y), (target.x, y))
            else:
                y = source.y - sizes.px(14)
                start, end = ports[("out", link.source, number)], ports[("link", link.target, number)]
                points = ((start, source.y), (start, y), (end, y), (end, target.y))
            parts.wires.append(WireSpot(points, role, 3, True))
            if link.through != "identity":
                (x1, y1), (x2, _) = points[len(points) // 2 - 1], points[len(points) // 2]
                self._put_pill(parts, (x1 + x2) / 2, y1, link.through, role, stage)
            parts.journeys.append(Journey(points, link.quantity, role, 0.4, 0.5, stage))

    def _put_results(self, parts: Parts, rects: list[Rect], width: float, bus_y: float) -> None:
        sizes = self.sizes
        for number, box in enumerate(self.flow.boxes):
            if not box.state:
                continue
            rect = rects[number]
            frame = Rect(width - sizes.side_w, bus_y - sizes.card_h / 2, sizes.side_w, sizes.card_h)
            sizes.put_state(parts, box.state, frame, "after", reach_left=True)
            role = sizes.role_of(box.state)
            y = rect.y + sizes.header_h + (rect.h - sizes.header_h) / 2
            points: tuple[Point, ...]
            if number == len(rects) - 1:
                turn = min(rect.right + (frame.x - rect.right) * 0.5, frame.x - self.from_turn)
                points = ((rect.right, y), (turn, y), (turn, frame.cy), (frame.x, frame.cy))
            else:
                below, start = bus_y + sizes.px(14), rect.right - sizes.px(16)
                points = ((start, rect.bottom), (start, below), (frame.x, below))
            parts.wires.append(WireSpot(points, role, 5, True))
            parts.journeys.append(Journey(points, box.state, role, 0.75, 1, box.stage))
