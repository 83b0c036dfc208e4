"""The curves of one run, as they grew: everything the loss plots and the training-time slider are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.trace.snapshot import Progress, TrainingSnapshot

FIRST_CAPACITY = 1024
FIELDS: Mapping[str, type] = {
    "updates": np.int64,
    "loss": np.float32,
    "asked_loss": np.float32,
    "right": np.float32,
    "level": np.int32,
}


@dataclass(frozen=True, eq=False)
class Curve:
    """The course of one network: read-only views, one entry an update, ascending. Fields as in `Progress`."""

    updates: NDArray[np.int64]
    loss: NDArray[np.float32]
    asked_loss: NDArray[np.float32]
    right: NDArray[np.float32]
    level: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.updates)


class _GrowingCurve:
    """Arrays that double when they are full: appending costs the same however long the run is."""

    def __init__(self) -> None:
        self._length = 0
        self._arrays: dict[str, NDArray[Any]] = {
            n: np.empty(FIRST_CAPACITY, kind) for n, kind in FIELDS.items()
        }
        self._view: Curve | None = None

    def __len__(self) -> int:
        return self._length

    def append(self, progress: Progress) -> None:
        self._view = None
        needed = self._length + len(progress.updates)
        capacity = len(self._arrays["updates"])
        if needed > capacity:
            # Views handed out keep the old arrays: nobody ever sees an array change its length.
            capacity = max(needed, 2 * capacity)
            for name, array in self._arrays.items():
                grown = np.empty(capacity, array.dtype)
                grown[: self._length] = array[: self._length]
                self._arrays[name] = grown
        for name, array in self._arrays.items():
            array[self._length : needed] = getattr(progress, name)
        self._length = needed

    def keep_until(self, update: int) -> bool:
        """Forget what came after `update`. Whether there was anything."""
        updates = self._arrays["updates"]
        if not self._length or updates[self._length - 1] <= update:
            return False
        self._length = int(np.searchsorted(updates[: self._length], update, side="right"))
        # New arrays: what comes next must not be written under the views that were handed out.
        self._arrays = {name: array.copy() for name, array in self._arrays.items()}
        self._view = None
        return True

    def view(self) -> Curve:
        if self._view is None:
            views = {name: array[: self._length] for name, array in self._arrays.items()}
            for array in views.values():
                array.setflags(write=False)
            self._view = Curve(**views)
        return self._view


class RunRecord:
    """The curves of one run by network, and the updates whose weights are kept. GUI thread only."""

    def __init__(self, run_id: int = 0) -> None:
        self.run_id = run_id
        self.kept_updates: NDArray[np.int64] = np.zeros(0, np.int64)
        """The updates that the training-time slider can bring back at once, ascending."""
        self._curves: dict[str, _GrowingCurve] = {}

    @property
    def networks(self) -> tuple[str, ...]:
        """The keys of the networks that took part, in the order of the experiment."""
        return tuple(self._curves)

    @property
    def last_update(self) -> int:
        """The last update that has an entry in the curves; 0 when there is none."""
        ends = [int(curve.view().updates[-1]) for curve in self._curves.values() if len(curve)]
        return max(ends, default=0)

    def curve(self, network: str) -> Curve:
        """The curve of a network so far; an empty one for a network that is not known."""
        growing = self._curves.get(network)
        return growing.view() if growing is not None else _GrowingCurve().view()

    def take(self, snapshot: TrainingSnapshot) -> bool:
        """Grow by what this snapshot tells. Whether the run had gone back (rewind, restore) and curves were cut."""
        cut = False
        for network in (*snapshot.traces, *snapshot.progress):
            if network not in self._curves:
                self._curves[network] = _GrowingCurve()
        for network, growing in self._curves.items():
            progress = snapshot.progress.get(network)
            fresh = progress is not None and len(progress.updates) > 0
            before = int(progress.updates[0]) - 1 if fresh and progress is not None else snapshot.update
            cut = growing.keep_until(before) or cut
            if progress is not None:
                growing.append(progress)
        self.kept_updates = snapshot.kept_updates
        return cut
