"""The ranges of quantities that have no bound by nature (the cell state): symmetric, round, and held for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from playground.trace.sequence_trace import SequenceTrace


ROUND_BOUNDS = tuple(float(m * 2**power) for power in range(1, 20) for m in (2, 3))
"""4, 6, 8, 12, 16, 24, ...: what a bound may be. Few, so that a run changes its colours seldom; near enough to each
other that at most a third of the colours is unused."""


class ValueRanges:
    """One bound for each run, network and quantity, so that the same colour means the same value on every page.

    A bound starts at the smallest of ROUND_BOUNDS that holds all values seen, and grows to the next one only
    when a value passes it; it never shrinks within a run. GUI thread only.
    """

    def __init__(self) -> None:
        self._run_id = -1
        self._bounds: dict[tuple[str, str], float] = {}

    def bound(self, trace: SequenceTrace, name: str, layer: int = -1) -> float:
        """The bound of this quantity (all layers of a network share it); 1 for what is squeezed to -1..1 or 0..1."""
        if trace.description.quantity(name).span != "unbounded":
            return 1.0
        if trace.run_id != self._run_id:
            self._run_id = trace.run_id
            self._bounds.clear()
        values = np.abs(trace.value(name, layer))
        if trace.depth > 1:  # the layer that is shown may change: its colours must not
            values = np.abs(np.stack([each.value(name) for each in (trace.whole or trace).layers]))
        highest = float(values.max(initial=0.0)) if np.isfinite(values).all() else 0.0
        held = self._bounds.get((trace.network, name), 0.0)
        if highest > held or not held:
            held = next((bound for bound in ROUND_BOUNDS if bound >= highest), highest)
            self._bounds[trace.network, name] = held
        return held
