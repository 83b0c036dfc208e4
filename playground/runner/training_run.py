"""Everything that one run knows: its trainer and its past, how it goes on and how it goes back. No thread.

Lives on the thread that trains. How questions about it are answered is in `questions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from playground.engine.history import MOMENT_BYTES, CheckpointHistory, WeightHistory
from playground.engine.records import Checkpoint, UpdateResult, give_way
from playground.trace.sequence_trace import SequenceTrace

if TYPE_CHECKING:  # whoever imports this module need not wait for torch
    from playground.engine.trainer import Trainer
    from playground.tasks.task import EventSequence

Interrupted = Callable[[], bool]


class TrainingRun:
    """One run of one experiment, at some update, with its history. Nothing in it depends on clock or caller."""

    def __init__(self, trainer: Trainer, moment_bytes: int = MOMENT_BYTES) -> None:
        """`trainer` stands at update 0. `moment_bytes`: what the weights of earlier updates may take."""
        self.trainer = trainer
        first = trainer.checkpoint()
        self.checkpoints = CheckpointHistory(first)
        self.history = WeightHistory(
            {name: kept.weights.size for name, kept in first.networks.items()}, moment_bytes
        )
        self.history.record(0, trainer.weights())
        self.probe = trainer.task.probe()
        """The one fixed sequence of the task."""
        self.sequence: EventSequence | None = None
        """The sequence that is traced instead of the probe."""
        self._traces: tuple[int, Mapping[str, SequenceTrace]] | None = None

    # -- where the run stands
    @property
    def run_id(self) -> int:
        """The id of this run."""
        return self.trainer.run_id

    @property
    def update(self) -> int:
        """The update that all networks stand at."""
        return self.trainer.update

    @property
    def networks(self) -> tuple[str, ...]:
        """The keys of the networks, in the order of the experiment."""
        return self.trainer.networks

    @property
    def path(self) -> str:
        """Which way of computing trains."""
        return self.trainer.path

    @property
    def on_reference(self) -> tuple[str, ...]:
        """The networks on the reference path, where the others are on the fast one; none where all are alike."""
        return self.trainer.on_reference

    @property
    def sequences_seen(self) -> int:
        """How many sequences every network has been trained on."""
        return self.update * self.trainer.experiment.training.batch_size

    @property
    def kept_updates(self) -> NDArray[np.int64]:
        """The updates whose weights are kept, ascending. Read-only."""
        return self.history.kept_updates

    def show(self, sequence: EventSequence | None) -> None:
        """Trace this sequence from now on; None: the probe."""
        self.sequence, self._traces = sequence, None

    def shown_traces(self, between: Callable[[], object] = lambda: None) -> Mapping[str, SequenceTrace]:
        """The sequence that is shown as every network sees it now. Made once an update. `between` is called between two
        networks: the place to let somebody else have Python."""
        if self._traces is None or self._traces[0] != self.update:
            sequence = self.probe if self.sequence is None else self.sequence
            traces: dict[str, SequenceTrace] = {}
            for network in self.networks:
                if traces:
                    between()
                traces[network] = self.trainer.trace(network, sequence)
            self._traces = (self.update, traces)
        return self._traces[1]

    # -- going forward and back
    def some_updates(
        self, most: int, interrupted: Interrupted, wanted_elsewhere: Interrupted = lambda: False
    ) -> tuple[UpdateResult, ...]:
        """Up to `most` updates of every network, at least one; none if it was interrupted, or left as it is because
        somebody else is to be served between two networks. Raises as the trainer does."""
        done = self.trainer.do_updates(self._until_checkpoint(most), interrupted, wanted_elsewhere)
        if done is None:
            return ()
        give_way(interrupted)
        for index, result in enumerate(done.updates):
            weights = {network: rows[index] for network, rows in done.weights.items()}
            self.history.record(result.update, weights)
        if self.checkpoints.wants(done.update):
            self.checkpoints.record(self.trainer.checkpoint())
        return done.updates

    def _until_checkpoint(self, most: int) -> int:
        """As many updates, or fewer: a block ends where a checkpoint is due."""
        for count in range(1, most):
            if self.checkpoints.wants(self.update + count):
                return count
        return most

    def rewind(self) -> None:
        """Back to update 0 of this run and to its probe, bit for bit; the future is forgotten."""
        self.show(None)
        self._go_back(self.checkpoints.nearest(0))

    def restore(self) -> None:
        """After a failure: back to the last good moment.

        A failed update changes nothing, so that is where the run stands; unless the weights are no longer those
        that were recorded after the last update, then it is the newest checkpoint before it.
        """
        if not self._is_sound():
            self._go_back(self.checkpoints.nearest(self.update))

    def _go_back(self, checkpoint: Checkpoint) -> None:
        self.trainer.restore(checkpoint)
        self.history.forget_after(checkpoint.update)
        self.checkpoints.forget_after(checkpoint.update)
        self._traces = None

    def _is_sound(self) -> bool:
        if self.update not in self.history:
            return False
        recorded = self.history.weights(self.update)
        live = self.trainer.checkpoint().networks
        return all(
            live[network].weights.tobytes() == recorded[network].tobytes()
            and all(bool(np.isfinite(moment).all()) for moment in live[network].moments)
            for network in self.networks
        )
