"""The batches of the next updates: each made once for all networks, and some before they are due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import torch

from playground.engine.batch_checks import checked_batch
from playground.engine.network_training import TensorBatch
from playground.engine.records import Interruption
from playground.experiment import TrainingSettings
from playground.tasks.task import SQUARED_ERROR, Batch, Task

if TYPE_CHECKING:  # numba comes with it
    from playground.engine.kernels.block import Block

BATCHES_AT_ONCE = 8
"""So many batches are asked of a task at once, before somebody is asked whether they are still wanted."""


class BatchStock:
    """Batches of `task` by update and level, as the task makes them, as tensors, and as blocks for kernels.

    Networks that stand at the same level of the curriculum share them. No result depends on what is in stock: batch u
    is the same whenever it is made. Everything runs on the thread that trains.
    """

    def __init__(self, task: Task, training: TrainingSettings, device: str) -> None:
        self._task, self._training, self._device = task, training, torch.device(device)
        self._batches: dict[tuple[int, int], Batch] = {}  # by update and level
        self._tensors: dict[int, TensorBatch] = {}  # of the next update, by level
        self._blocks: dict[int, Block] = {}  # from the next update on, by level

    def batch(self, update: int, level: int) -> Batch:
        """The batch of this update at this level."""
        if (update, level) not in self._batches:
            self._make(update, 1, level)
        return self._batches[update, level]

    def tensors(self, level: int, update: int) -> TensorBatch:
        """The batch of the next update, which is `update`, as tensors. Raises BatchError with a sentence."""
        if level not in self._tensors:
            batch = checked_batch(self.batch(update, level), self._task, self._training.batch_size)
            self._tensors[level] = TensorBatch.of(batch, self._device)
        return self._tensors[level]

    def block(self, level: int, first: int, count: int, interrupted: Callable[[], bool]) -> Block | None:
        """The batches of `count` updates from `first` on, the next one, as a kernel takes them; None once interrupted.

        Asked before every few batches, not before each kernel: a kernel asks by itself, and leaves the interpreter to
        others. Raises BatchError with a sentence.
        """
        from playground.engine.kernels.block import make_block

        if level not in self._blocks:
            missing = self._missing(first, count, level)
            while missing:
                if interrupted():
                    return None
                missing = self._make_some(missing, level)
            self._blocks[level] = make_block(
                [self._batches[update, level] for update in range(first, first + count)],
                self._training.batch_size,
                self._task.input_size,
                len(self._task.answers),
                squared=self._task.loss == SQUARED_ERROR,
            )
        return self._blocks[level]

    def stock_up(self, levels: Iterable[int], first: int, count: int, question: Interruption | None) -> None:
        """Make the batches of `count` updates from `first` on, as long as nobody else needs Python.

        To make them is Python's work, and stands aside while the window paints; what kernels do with them is not. So
        there is always something that they can do meanwhile.
        """
        if question is None or question.may_work is None:
            return
        for level in levels:
            missing = self._missing(first, count, level)
            while missing:
                if question.seen or not question.may_work():
                    return
                try:
                    missing = self._make_some(missing, level)
                except Exception:  # it comes again when that batch is due, and is said then
                    return

    def forget_blocks(self) -> None:
        """The next block is another one."""
        self._blocks.clear()

    def forget_until(self, update: int) -> None:
        """This update is done: batches of later ones, made for a block that ended early, stay."""
        later = {key: batch for key, batch in self._batches.items() if key[0] > update}
        self.forget()
        self._batches = later

    def forget(self) -> None:
        """Nothing is in stock."""
        self._batches.clear()
        self._tensors.clear()
        self._blocks.clear()

    def _missing(self, first: int, count: int, level: int) -> range:
        """Those of these updates whose batches at this level are not made: always the last ones."""
        there = next((u for u in range(count) if (first + u, level) not in self._batches), count)
        return range(first + there, first + count)

    def _make_some(self, missing: range, level: int) -> range:
        """Make the first few of these; returns those that are missing still."""
        some = min(BATCHES_AT_ONCE, len(missing))
        self._make(missing[0], some, level)
        return missing[some:]

    def _make(self, first: int, count: int, level: int) -> None:
        made = self._task.batches(self._training.seed, first, count, level, self._training.batch_size)
        for update, batch in enumerate(made, first):
            self._batches[update, level] = batch
