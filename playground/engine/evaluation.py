"""How well a network does on sequences that it was not trained on, and when it became good enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from playground.tasks.task import Batch, FloatArray

CHECK_EVERY = 10
"""Updates between two looks at the held-out sequences, for `updates_to_95`."""

HELD_OUT_SEQUENCES = 512
"""The same ones at every look."""

LARGEST_BATCH = 256


@dataclass
class LastingPass:
    """Finds the first of three consecutive looks at which a network is right often enough.

    One good look may be luck; three in a row are not. Pure: told the numbers, it keeps the count.
    """

    threshold: float = 0.95
    needed: int = 3
    update: int | None = None
    """The update of the first look of those in a row; None until they are complete."""
    seconds: float | None = None
    _in_a_row: int = 0
    _first_update: int = 0
    _first_seconds: float = 0.0

    def note(self, update: int, seconds: float, right: float) -> bool:
        """The rate of right answers (0..1) at this look, after so many seconds. True once it is decided."""
        if self.update is not None:
            return True
        if not right >= self.threshold:  # NaN does not pass
            self._in_a_row = 0
            return False
        if self._in_a_row == 0:
            self._first_update, self._first_seconds = update, seconds
        self._in_a_row += 1
        if self._in_a_row == self.needed:
            self.update, self.seconds = self._first_update, self._first_seconds
        return self.update is not None


def merged(batches: Iterable[Batch], largest: int = LARGEST_BATCH) -> list[Batch]:
    """The same sequences in fewer batches: those of equal length side by side, at most `largest` in one.

    A network reads many sequences at once nearly as quickly as one. Where memory is carried from one batch to the next
    they stay as they are.
    """
    batches = list(batches)
    if any(batch.carried for batch in batches):
        return batches
    by_length: dict[int, list[Batch]] = defaultdict(list)
    for batch in batches:
        by_length[batch.timesteps].append(batch)
    fewer = []
    for equal in by_length.values():
        together: list[Batch] = []
        for batch in equal:
            if together and sum(each.size for each in (*together, batch)) > largest:
                fewer.append(_side_by_side(together))
                together = []
            together.append(batch)
        fewer.append(_side_by_side(together))
    return fewer


def _side_by_side(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    return Batch(
        inputs=np.concatenate([batch.inputs for batch in batches], axis=1),  # (T, B, I), or symbols (T, B)
        targets=np.concatenate([batch.targets for batch in batches], axis=1),  # (T, B), or values (T, B, K)
        asked=np.concatenate([batch.asked for batch in batches], axis=1),  # (T, B)
        loss_weights=_weights_side_by_side(batches),
        distance=batches[0].distance,
    )


def _weights_side_by_side(batches: list[Batch]) -> FloatArray:
    """(T,), or (T, B) where they are a mask: each batch's part by its share of the sequences."""
    if all(batch.loss_weights.ndim == 1 for batch in batches):
        return batches[0].loss_weights
    everyone = sum(batch.size for batch in batches)
    parts = []
    for batch in batches:
        weights = batch.loss_weights
        if weights.ndim == 1:
            weights = np.repeat(weights[:, None] / batch.size, batch.size, axis=1)
        parts.append(weights * np.float32(batch.size / everyone))
    return np.concatenate(parts, axis=1)
