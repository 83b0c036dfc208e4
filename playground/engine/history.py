"""The past of a run in bounded memory: weights of many updates, and a few whole checkpoints.

Weights are kept, not traces: what any sequence looked like at any kept moment is computed again from them, exactly.
The rule which updates are kept, for a run that stands at update u:

- update 0;
- the `recent` last ones, u - recent + 1 .. u;
- of those before, every multiple of a stride. The stride begins at `first_stride` and doubles whenever more than
  `spread` multiples would be kept.

So the kept updates depend on u alone, an update that was dropped never comes back, and a slider over training time
has even steps. Moments are 256 + 500 where memory allows, fewer for large networks; checkpoints (weights, moments of
the optimiser, curriculum) at most 32. numpy only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.engine.records import Checkpoint, FlatWeights

MOMENT_BYTES = 80 * 2**20
CHECKPOINT_BYTES = 16 * 2**20
"""Together 96 MB: what a run's past may take. Networks too large for even the fewest moments take more."""

MOST_RECENT = 256
MOST_SPREAD = 500
FEWEST_RECENT = 8
FEWEST_SPREAD = 8

MOST_CHECKPOINTS = 32
FEWEST_CHECKPOINTS = 4
FIRST_CHECKPOINT_STRIDE = 16


@dataclass(frozen=True)
class Thinning:
    """The rule above: which updates a run that stands at some update keeps. Pure."""

    recent: int
    spread: int
    first_stride: int = 1

    @property
    def most(self) -> int:
        """The largest number of updates that are ever kept."""
        return 1 + self.spread + self.recent

    def stride(self, at: int) -> int:
        """The distance between kept updates before the recent ones, for a run that stands at update `at`."""
        stride = self.first_stride
        while (at - self.recent) // stride > self.spread:
            stride *= 2
        return stride

    def keeps(self, update: int, at: int) -> bool:
        """Whether a run that stands at `at` keeps this update (0 <= update <= at)."""
        return update == 0 or update > at - self.recent or update % self.stride(at) == 0

    def kept(self, at: int) -> list[int]:
        """All updates that are kept, ascending."""
        old = range(0, max(at - self.recent, 0) + 1, self.stride(at))
        return [*old, *range(max(at - self.recent, 0) + 1, at + 1)]


def moments_that_fit(bytes_each: int, budget: int = MOMENT_BYTES) -> Thinning:
    """As many moments of this size as the budget allows: a third of them recent, at most 256 + 500."""
    places = budget // max(bytes_each, 1) - 2  # update 0, and the newest before an older one goes
    recent = max(FEWEST_RECENT, min(MOST_RECENT, places // 3))
    return Thinning(recent, max(FEWEST_SPREAD, min(MOST_SPREAD, places - recent)))


def checkpoints_that_fit(bytes_each: int, budget: int = CHECKPOINT_BYTES) -> Thinning:
    """As many checkpoints of this size as the budget allows: at least 4, at most 32."""
    count = max(FEWEST_CHECKPOINTS, min(MOST_CHECKPOINTS, budget // max(bytes_each, 1)))
    return Thinning(recent=0, spread=count - 1, first_stride=FIRST_CHECKPOINT_STRIDE)


class WeightHistory:
    """The weights of all networks at the updates that a `Thinning` keeps. Training thread only.

    One row of one array a moment: a moment that is dropped leaves its row to the next, so the memory of the process
    grows to the budget and never beyond, however long the run is.
    """

    def __init__(self, sizes: Mapping[str, int], budget: int = MOMENT_BYTES) -> None:
        """`sizes`: the number of parameters of each network."""
        self._slices: dict[str, slice] = {}
        total = 0
        for network, size in sizes.items():
            self._slices[network] = slice(total, total + size)
            total += size
        self.thinning = moments_that_fit(4 * total, budget)
        # np.empty takes no memory until a row is written
        self._rows: NDArray[np.float32] = np.empty((self.thinning.most + 1, total), np.float32)
        self._free = list(range(len(self._rows)))[::-1]
        self._row_of: dict[int, int] = {}
        self._updates: list[int] = []  # ascending
        self._stride = self.thinning.first_stride
        self._kept: NDArray[np.int64] | None = None

    @property
    def nbytes(self) -> int:
        """Bytes that the history may grow to."""
        return self._rows.nbytes

    @property
    def kept_updates(self) -> NDArray[np.int64]:
        """(n,) the updates whose weights are kept, ascending. Read-only."""
        if self._kept is None:
            self._kept = np.array(self._updates, np.int64)
            self._kept.setflags(write=False)
        return self._kept

    def record(self, update: int, weights: Mapping[str, FlatWeights]) -> None:
        """Keep a copy of these weights (P,) of each network. Updates come in ascending order, each one.

        Raises ValueError otherwise.
        """
        expected = self._updates[-1] + 1 if self._updates else 0
        if update != expected:
            raise ValueError(f"The history goes on with update {expected}, not {update}.")
        row = self._free.pop()
        for network, part in self._slices.items():
            self._rows[row, part] = weights[network]
        self._row_of[update] = row
        self._updates.append(update)
        self._thin(update)
        self._kept = None

    def nearest(self, update: int) -> int:
        """The newest kept update at or before this one. Raises KeyError when there is none."""
        index = bisect_right(self._updates, update) - 1
        if index < 0:
            raise KeyError(f"No moment is kept at or before update {update}.")
        return self._updates[index]

    def weights(self, update: int) -> dict[str, FlatWeights]:
        """Copies of all networks' weights (P,) at a kept update. Raises KeyError for any other."""
        if update not in self._row_of:
            raise KeyError(f"The weights of update {update} are not kept.")
        row = self._rows[self._row_of[update]]
        return {network: row[part].copy() for network, part in self._slices.items()}

    def __contains__(self, update: int) -> bool:
        return update in self._row_of

    def forget_after(self, update: int) -> None:
        """The run went back: drop everything newer than `update`, which must be kept (KeyError)."""
        if update not in self._row_of:
            raise KeyError(f"The weights of update {update} are not kept.")
        for newer in self._updates[bisect_right(self._updates, update) :]:
            self._drop(newer)
        self._updates = [kept for kept in self._updates if kept in self._row_of]
        self._stride = self.thinning.stride(update)
        self._kept = None

    def _thin(self, at: int) -> None:
        stride = self.thinning.stride(at)
        if stride != self._stride:
            self._stride = stride
            candidates = list(self._updates)
        else:
            candidates = [at - self.thinning.recent]  # the one that has just stopped being recent
        gone = [old for old in candidates if old in self._row_of and not self.thinning.keeps(old, at)]
        for old in gone:
            self._drop(old)
        if len(gone) == 1:
            del self._updates[bisect_right(self._updates, gone[0]) - 1]
        elif gone:
            self._updates = [kept for kept in self._updates if kept in self._row_of]

    def _drop(self, update: int) -> None:
        self._free.append(self._row_of.pop(update))


class CheckpointHistory:
    """Whole checkpoints at the updates that a `Thinning` keeps. Training thread only."""

    def __init__(self, first: Checkpoint, budget: int = CHECKPOINT_BYTES) -> None:
        """`first`: the checkpoint of update 0, which always stays."""
        self.thinning = checkpoints_that_fit(first.nbytes, budget)
        self._checkpoints = {first.update: first}

    @property
    def updates(self) -> list[int]:
        """The updates that have a checkpoint, ascending."""
        return sorted(self._checkpoints)

    def wants(self, update: int) -> bool:
        """Whether a run that has just done `update` is to record its checkpoint."""
        return self.thinning.keeps(update, update)

    def record(self, checkpoint: Checkpoint) -> None:
        """Keep it, and drop those that the rule no longer keeps."""
        at = checkpoint.update
        self._checkpoints[at] = checkpoint
        self._checkpoints = {
            update: kept for update, kept in self._checkpoints.items() if self.thinning.keeps(update, at)
        }

    def nearest(self, update: int) -> Checkpoint:
        """The newest checkpoint at or before this update. Raises KeyError when there is none."""
        before = [kept for kept in self._checkpoints if kept <= update]
        if not before:
            raise KeyError(f"No checkpoint is kept at or before update {update}.")
        return self._checkpoints[max(before)]

    def forget_after(self, update: int) -> None:
        """The run went back: drop all newer checkpoints."""
        self._checkpoints = {at: kept for at, kept in self._checkpoints.items() if at <= update}
