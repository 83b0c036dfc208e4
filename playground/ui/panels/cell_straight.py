"""The diagram of a cell in which everything goes straight through one box: plain RNN, network without memory."""

from __future__ import annotations

from playground.contract.cell_description import INPUTS
from playground.ui.panels.cell_geometry import CellLayout, Journey, Parts, Rect, WireSpot
from playground.ui.panels.cell_parts import CellParts


class StraightPath:
    """What it needs at least, and the picture."""

    def __init__(self, sizes: CellParts) -> None:
        self.sizes = sizes
        px = sizes.px
        self.states = sizes.bus_states()
        self.event_h = sizes.event_h + px(10)
        left = self.event_h
        if self.states:
            left = sizes.label_h + sizes.card_h + px(16) + self.event_h
        right = 2 * (sizes.label_h + sizes.card_h / 2)
        self.least_height = max(left, right, sizes.box_h + px(8)) + px(4)
        self.gap = px(44)
        reach = max(0.0, sizes.label_w - sizes.side_w)
        self.least_width = 2 * (sizes.side_w + max(self.gap, reach + px(14))) + sizes.box_w[0]

    def _middle(self, height: float) -> float:
        """Where the path is: in the middle, or higher where the event would have no room below the state."""
        if not self.states:
            return height / 2
        sizes, px = self.sizes, self.sizes.px
        below = sizes.card_h / 2 + px(16) + self.event_h + px(2)
        return max(min(height / 2, height - below), sizes.label_h + sizes.card_h / 2)

    def build(self, width: float, height: float) -> CellLayout:
        """Put everything in its place."""
        sizes, px = self.sizes, self.sizes.px
        parts = Parts()
        middle = self._middle(height)
        box_w = min(max(sizes.box_w[0], px(230)), width - 2 * sizes.side_w - 2 * self.gap)
        box_h = min(max(sizes.box_h, px(132)), 2 * min(middle, height - middle) - px(10))
        free = width - 2 * sizes.side_w - box_w
        stage = sizes.flow.boxes[0].stage
        box = sizes.put_box(parts, 0, Rect(sizes.side_w + free * 0.54, middle - box_h / 2, box_w, box_h))
        joint_x = max(sizes.side_w + free * 0.25, sizes.label_w + px(6))
        entry = (box.rect.x, middle)
        if self.states:
            state = self.states[0]
            role = sizes.role_of(state)
            frame = Rect(0, middle - sizes.card_h / 2, sizes.side_w, sizes.card_h)
            sizes.put_state(parts, state, frame, "before")
            card = Rect(0, frame.bottom + px(16), sizes.side_w, self.event_h)
            start = (frame.right, middle)
            turn = ((card.right, card.cy), (joint_x, card.cy), (joint_x, middle))
            parts.wires.append(WireSpot((start, (joint_x, middle)), role, 5, False))
            parts.wires.append(WireSpot(turn, "inputs", 2.5, False))
            parts.wires.append(WireSpot(((joint_x, middle), entry), "inputs", 3, True, dot=True))
            parts.journeys.append(Journey((start, entry), state, role, 0, 0.5, stage))
            parts.journeys.append(Journey((*turn, entry), INPUTS, "inputs", 0, 0.5, stage))
            sizes.put_bus_label(parts, joint_x, middle, entry[0])
        else:
            card = Rect(0, middle - self.event_h / 2, sizes.side_w, self.event_h)
            way = ((card.right, middle), entry)
            parts.wires.append(WireSpot(way, "inputs", 3, True))
            parts.journeys.append(Journey(way, INPUTS, "inputs", 0, 0.5, stage))
        sizes.put_event(parts, card)
        result = sizes.flow.boxes[0].state or sizes.flow.boxes[0].targets[-1]
        right = Rect(width - sizes.side_w, middle - sizes.card_h / 2, sizes.side_w, sizes.card_h)
        sizes.put_state(parts, result, right, "after", reach_left=True)
        out = ((box.rect.right, middle), (right.x, middle))
        parts.wires.append(WireSpot(out, sizes.role_of(result), 5, True))
        parts.journeys.append(Journey(out, result, sizes.role_of(result), 0.5, 1, stage))
        return parts.finished(width, height)
