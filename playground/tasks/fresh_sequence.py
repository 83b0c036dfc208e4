"""Another sequence of a task, that no network was trained on, with its events: to be looked at like the probe."""

from __future__ import annotations

import numpy as np

from playground.tasks.pictures import VARIANTS
from playground.tasks.task import EventSequence, PictureBatch, Task

FRESH_SEED = 90_000
"""Sequence number n is the first of those held out with this seed + n: no other question uses them."""


def fresh_sequence(task: Task, number: int) -> EventSequence | None:
    """Held-out sequence `number`, always the same one; None where the events cannot be told from what networks see.

    Pictures and numbers are those of `task.sequence`, so that their events can be exchanged one by one: numbers as they
    are written.
    """
    batch = task.held_out(FRESH_SEED + number, 1)[0]
    events = task.events()
    if isinstance(batch, PictureBatch):
        return task.sequence([events[picture].name for picture in batch.rows[:, 0] // VARIANTS])
    if not batch.inputs_are_symbols:
        names = task.event_names(batch.inputs[:, 0].astype(np.float32, copy=False))
        return None if names is None else task.sequence(names)
    if len(events) != task.input_size:
        return None
    symbols = batch.inputs[:, 0].astype(np.int64)  # (T,)
    return EventSequence(
        events=tuple(events[symbol] for symbol in symbols),
        inputs=symbols,
        targets=batch.targets[:, 0].copy(),
        asked=batch.asked[:, 0].copy(),
    )
