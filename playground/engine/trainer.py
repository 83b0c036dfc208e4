"""Trains all networks of an experiment together: pure, synchronous, and the same every time.

The state after update u is a function of the experiment alone: batch u is made from (seed, u, level), first weights
from (seed, cell), and no network ever depends on which others are trained beside it. It knows no caller: whoever
wants it to stop half-way passes a question to be asked, and the half update has never happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import torch

from playground.contract.intervention import Intervention
from playground.engine.evaluation import merged
from playground.engine.gradients import memory_measures
from playground.engine.model import SequenceModel
from playground.engine.network_training import NetworkTraining, PreparedUpdate, TensorBatch
from playground.engine.records import Checkpoint, FlatWeights, TrainingDiverged, UpdateResult
from playground.engine.tracing import trace
from playground.experiment import Experiment
from playground.tasks import TASKS
from playground.tasks.task import Batch, EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import MemoryMeasures

__all__ = ["Trainer", "TrainingDiverged", "never", "settle_arithmetic"]


class _Abandoned(Exception):  # not an error: somebody wanted it
    """Raised between two timesteps when the update in flight is no longer wanted."""


def never() -> bool:
    """The question that is always answered with no."""
    return False


def settle_arithmetic() -> None:
    """How this thread computes: alone (two threads are slower for networks of this size, and ruinous beside a busy
    window) and with numbers too small to be normal taken as zero (vanished gradients cost twice the time otherwise).
    """
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
    torch.set_flush_denormal(True)


class Trainer:
    """All networks of an experiment, at the same update. Everything runs on the thread that made it."""

    path = "reference"
    """Which way of computing trains: the equations of `cells/` under autograd."""

    def __init__(
        self,
        experiment: Experiment,
        run_id: int = 0,
        *,
        networks: Sequence[str] | None = None,
        task: Task | None = None,
    ) -> None:
        """The networks of `experiment`, or only those named, at update 0. `task`: in place of the experiment's own.

        Raises ExperimentError with a sentence when the experiment is impossible.
        """
        experiment.validated()
        settle_arithmetic()
        self.experiment = experiment
        self.run_id = run_id
        self.task: Task = task if task is not None else TASKS[experiment.task_name](experiment.task)
        self.update = 0
        self._training = {
            settings.cell: NetworkTraining(settings, experiment.training, self.task)
            for settings in experiment.enabled_networks
            if networks is None or settings.cell in networks
        }
        self._batches: dict[int, TensorBatch] = {}
        self._prepared: dict[str, PreparedUpdate] = {}

    def twin(self, networks: Sequence[str] | None = None) -> Trainer:
        """Another trainer of the same experiment at update 0, with weights of its own; all networks or only these."""
        names = self.networks if networks is None else networks
        return Trainer(self.experiment, self.run_id, networks=names, task=self.task)

    @property
    def networks(self) -> tuple[str, ...]:
        """The keys of the networks, in the order of the experiment."""
        return tuple(self._training)

    @property
    def models(self) -> Mapping[str, SequenceModel]:
        """The live models. What changes them breaks the run; ask a twin for one to play with."""
        return MappingProxyType({name: each.model for name, each in self._training.items()})

    def title(self, network: str) -> str:
        """What a network is called in sentences."""
        return self._training[network].title

    # -- training
    def do_update(
        self, interrupted: Callable[[], bool] = never, wanted_elsewhere: Callable[[], bool] = never
    ) -> UpdateResult | None:
        """Exactly one update of every network on the same batch, or nothing at all.

        `interrupted` is asked between networks and between timesteps; once it says True the update is abandoned:
        None, and nothing has changed. `wanted_elsewhere` is asked after each network: True leaves the update as it
        is, None, and the next call goes on there with nothing lost. Raises TrainingDiverged, and has changed
        nothing, when a loss or gradient is not a finite number.
        """
        for network in self.networks:
            if network in self._prepared:
                continue
            if not self.prepare(network, interrupted):
                return None
            if len(self._prepared) < len(self.networks) and wanted_elsewhere():
                return None
        return self.commit()

    def prepare(self, network: str, interrupted: Callable[[], bool] = never) -> bool:
        """The first half of the next update for one network; False if it was abandoned. Changes nothing.

        What is prepared stays so until `commit`: an update that was abandoned goes on where it was, with the same bits.
        """
        if network in self._prepared:
            return True

        def check() -> None:
            if interrupted():
                raise _Abandoned

        training = self._training[network]
        try:
            check()
            batch = self._batch(training.curriculum.level)
            self._prepared[network] = training.prepare(batch, self.update + 1, check)
        except _Abandoned:
            return False
        except BaseException:
            self._forget_prepared()  # the next attempt begins with nothing that this one made
            raise
        return True

    def commit(self) -> UpdateResult:
        """The second half: every network's prepared update put in place. Raises RuntimeError if one is missing."""
        missing = [network for network in self.networks if network not in self._prepared]
        if missing:
            raise RuntimeError(f"Update {self.update + 1} is not prepared for {', '.join(missing)}.")
        for network, training in self._training.items():
            training.commit(self._prepared[network])
        self.update += 1
        results = {network: prepared.result for network, prepared in self._prepared.items()}
        self._forget_prepared()
        return UpdateResult(self.update, results)

    def _batch(self, level: int) -> TensorBatch:
        """The batch of the next update at this level, made once for all networks that stand there."""
        if level not in self._batches:
            training = self.experiment.training
            batch = self.task.batch(training.seed, self.update + 1, level, training.batch_size)
            self._batches[level] = TensorBatch.of(batch)
        return self._batches[level]

    def _forget_prepared(self) -> None:
        self._batches.clear()
        self._prepared = {}

    # -- the state
    def weights(self) -> dict[str, FlatWeights]:
        """A copy of every network's weights, each as one vector (P,)."""
        return {network: training.flat_weights() for network, training in self._training.items()}

    def load_weights(self, network: str, weights: FlatWeights) -> None:
        """Give a network these weights (P,); moments and curriculum stay. For scratch trainers."""
        self._training[network].load(weights)
        self._prepared.pop(network, None)

    def checkpoint(self) -> Checkpoint:
        """The whole state, copied: from it training goes on bit for bit."""
        return Checkpoint(
            self.update,
            MappingProxyType(
                {network: training.checkpoint() for network, training in self._training.items()}
            ),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Back (or forward) to a checkpoint, bit for bit. One with more networks than this trainer has will do.

        Raises KeyError when it lacks one, ValueError when one is of another size or optimiser.
        """
        for network, training in self._training.items():
            if network not in checkpoint.networks:
                raise KeyError(f"This checkpoint has no network called {network}.")
            training.restore(checkpoint.networks[network])
        self.update = checkpoint.update
        self._forget_prepared()

    # -- looking at the networks
    def trace(
        self,
        network: str,
        sequence: EventSequence,
        interventions: Sequence[Intervention] = (),
        *,
        update: int | None = None,
    ) -> SequenceTrace:
        """What a network computes on a sequence now. `update`: the name of the moment, if it is not this trainer's."""
        return trace(
            self._training[network].model,
            sequence,
            interventions,
            network=network,
            run_id=self.run_id,
            update=self.update if update is None else update,
        )

    def measures(
        self, network: str, sequence: EventSequence, since: int, *, update: int | None = None
    ) -> MemoryMeasures:
        """How a network remembers on a sequence now; survival is counted from timestep `since` (0-based)."""
        return memory_measures(
            self._training[network].model,
            sequence,
            since=since,
            rivals=self.task.rivals,
            asking_inputs=self.task.asking_inputs(),
            network=network,
            update=self.update if update is None else update,
        )

    def evaluate(self, network: str, batches: Iterable[Batch]) -> float:
        """The rate (0..1) of right answers on all asked timesteps of these batches; NaN when nothing is asked."""
        batches = merged(batches)
        asked = sum(int(batch.asked.sum()) for batch in batches)
        return self.count_right(network, batches) / asked if asked else float("nan")

    def count_right(self, network: str, batches: Iterable[Batch]) -> int:
        """How many of the asked timesteps of these batches a network answers rightly now."""
        model = self._training[network].model
        right = 0
        with torch.no_grad():
            for batch in batches:
                tensors = TensorBatch.of(batch)
                says = model(tensors.inputs).argmax(dim=-1)  # (T, B)
                right += int((says == tensors.targets)[tensors.asked].sum())
        return right
