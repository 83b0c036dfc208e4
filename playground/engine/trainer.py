"""Trains all networks of an experiment together: pure, synchronous, and the same every time.

The state after update u is a function of the experiment alone: batch u is made from (seed, u, level), first weights
from (seed, cell), and no network ever depends on which others are trained beside it. It knows no caller: whoever
wants it to stop half-way passes a question to be asked, and the half update has never happened.

There are two ways of computing: the reference path (the equations of `cells/` under autograd) and the fast path (the
kernels of `kernels/`). Each network takes its own: the fast one where there are kernels for it, whatever the others do.
A trainer keeps the paths it began on, so that a run stays the same bit for bit; between the two lies float32 rounding.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from playground.contract.intervention import Intervention
from playground.engine.batch_checks import BatchError, checked_batch, no_number_in
from playground.engine.batch_stock import BatchStock
from playground.engine.evaluation import merged
from playground.engine.gradients import memory_measures
from playground.engine.kernels import readiness
from playground.engine.memory_estimate import batch_size_of, estimated, free_memory, too_much
from playground.engine.model import SequenceModel, States
from playground.engine.network_training import NetworkTraining, PreparedUpdate, TensorBatch
from playground.engine.paths import FAST, MIXED, REFERENCE, checked_device, path_from_environment, paths_of
from playground.engine.records import (
    Checkpoint,
    FlatWeights,
    TrainingDiverged,
    UpdateResult,
    as_interruption,
    give_way,
    never,
    seen,
)
from playground.engine.tracing import trace, traced_weights
from playground.experiment import Experiment, ExperimentError, NetworkSettings, TrainingSettings
from playground.tasks import TASKS
from playground.tasks.task import Batch, EventSequence, Task
from playground.trace.sequence_trace import SequenceTrace
from playground.trace.snapshot import MemoryMeasures

if TYPE_CHECKING:  # numba comes with them
    from playground.engine.kernel_training import KernelTraining, PreparedBlock


__all__ = [
    "FAST",
    "MIXED",
    "REFERENCE",
    "BlockResult",
    "Trainer",
    "TrainingDiverged",
    "never",
    "path_from_environment",
    "settle_arithmetic",
]


class _Abandoned(Exception):  # not an error: somebody wanted it
    """Raised between two timesteps when the update in flight is no longer wanted."""


def settle_arithmetic() -> None:
    """How this thread computes: alone (two threads are slower for networks of this size, and ruinous beside a busy
    window) and with numbers too small to be normal taken as zero (vanished gradients cost twice the time otherwise).
    """
    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
    torch.set_flush_denormal(True)


@dataclass(frozen=True, eq=False)
class BlockResult:
    """Some updates that were done together: each one's result, and every network's weights after each, (n, P)."""

    updates: tuple[UpdateResult, ...]
    weights: Mapping[str, FlatWeights]

    @property
    def update(self) -> int:
        """The last of them."""
        return self.updates[-1].update


class Trainer:
    """All networks of an experiment, at the same update. Everything runs on the thread that made it."""

    def __init__(
        self,
        experiment: Experiment,
        run_id: int = 0,
        *,
        networks: Sequence[str] | None = None,
        task: Task | None = None,
        path: str | Mapping[str, str] | None = None,
        device: str = "cpu",
    ) -> None:
        """The networks of `experiment`, or only those named, at update 0. `task`: in place of the experiment's own.

        `path`: REFERENCE, or FAST where the kernels are ready, or the path of every network by name; None: what
        PLAYGROUND_PATH says, else the fast path as soon as it is ready. On the fast path, a network that has no kernels
        takes the reference path. `device`: one of torch's; others than the CPU are used by the reference path alone.
        Raises ExperimentError with a sentence when the experiment is impossible.
        """
        experiment.validated()
        settle_arithmetic()
        self.experiment = experiment
        self.run_id = run_id
        self.task: Task = task if task is not None else TASKS[experiment.task_name](experiment.task)
        self.update = 0
        chosen = [
            settings
            for settings in experiment.enabled_networks
            if networks is None or settings.cell in networks
        ]
        self.device = checked_device(device)
        self.paths = paths_of(chosen, path, device)
        """Which way of computing trains each network."""
        if not isinstance(path, Mapping):  # a twin is of a run that could begin
            refuse_impossible(chosen, self.task, experiment.training, self.paths)
        self._training: Mapping[str, NetworkTraining] = {
            settings.cell: self._network_training(settings) for settings in chosen
        }
        self._stock = BatchStock(self.task, experiment.training, device)
        self._prepared: dict[str, PreparedUpdate] = {}

    def _network_training(self, settings: NetworkSettings) -> NetworkTraining:
        training = self.experiment.training
        if self.paths[settings.cell] == REFERENCE:
            return NetworkTraining(settings, training, self.task, torch.device(self.device))
        from playground.engine.kernel_training import KernelTraining

        kernel = readiness.load()
        if kernel is None:
            raise ExperimentError(readiness.readiness().sentence)
        return KernelTraining(settings, training, self.task, kernel)

    @property
    def path(self) -> str:
        """Which way of computing trains: REFERENCE or FAST, or MIXED where networks differ; see `paths`."""
        taken = set(self.paths.values())
        return taken.pop() if len(taken) == 1 else (MIXED if taken else REFERENCE)

    @property
    def on_reference(self) -> tuple[str, ...]:
        """The networks on the reference path where the paths are mixed; none where all are alike."""
        return tuple(name for name, path in self.paths.items() if path == REFERENCE and self.path == MIXED)

    def twin(self, networks: Sequence[str] | None = None) -> Trainer:
        """Another trainer of the same experiment at update 0, with weights of its own; all networks or only these."""
        names = self.networks if networks is None else networks
        return Trainer(
            self.experiment, self.run_id, networks=names, task=self.task, path=self.paths, device=self.device
        )

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

        `interrupted` is asked between networks and between timesteps (by kernels every few, if it is an Interruption);
        once it says True the update is abandoned:
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

    def do_updates(
        self,
        most: int,
        interrupted: Callable[[], bool] = never,
        wanted_elsewhere: Callable[[], bool] = never,
    ) -> BlockResult | None:
        """Up to `most` updates in one go, at least one; None, and nothing, if it was interrupted. As many single ones
        would leave the same bits.

        On the fast path each network does all of them in one call. They are fewer where a network's curriculum goes
        on, because the next batch depends on it, or before one that diverges. Raises as `do_update` does. With a
        network on the reference path it is always one: beside that, a call for each costs nothing.
        """
        if self.path == FAST and most > 1 and not self._prepared:
            try:
                blocks = self._prepare_blocks(most, interrupted)
            except BatchError:  # of one of these updates: those before it can be done
                self._forget_prepared()
            else:
                return None if blocks is None else self._commit_blocks(blocks)
        result = self.do_update(interrupted, wanted_elsewhere)
        if result is None:
            return None
        return BlockResult((result,), {name: weights[None] for name, weights in self.weights().items()})

    def _prepare_blocks(self, count: int, interrupted: Callable[[], bool]) -> dict[str, PreparedBlock] | None:
        """The same number of updates of every network, as many of `count` as all can keep."""
        while True:
            self._stock.forget_blocks()
            levels = {training.curriculum.level for training in self._training.values()}
            self._stock.stock_up(levels, self.update + 1, 2 * count, as_interruption(interrupted))
            begun = {}
            for network, training in self._training_on_kernels():
                give_way(interrupted)
                block = self._stock.block(training.curriculum.level, self.update + 1, count, interrupted)
                if block is None:
                    return None
                begun[network] = training.begin_block(block, self.update + 1, as_interruption(interrupted))
            done = []
            for each in begun.values():  # hardly any Python between two kernels: the window has it meanwhile
                if seen(interrupted):
                    return None
                done.append(each.carry_out())
            interrupted()  # what follows is Python's work: it stands aside while the window paints
            blocks: dict[str, PreparedBlock] = {}
            for (network, training), count_done in zip(self._training_on_kernels(), done, strict=True):
                found = training.finish_block(begun[network], count_done)
                if found is None:
                    return None
                blocks[network] = found
            network, least = min(blocks.items(), key=lambda each: each[1].sound)  # the first one of these
            if least.sound == count:
                return blocks
            if least.sound == 0 and least.diverged is not None:
                diverged = self._explained(least.diverged, self._training[network].curriculum.level)
                self._forget_prepared()
                raise diverged
            count = least.sound

    def _training_on_kernels(self) -> Iterator[tuple[str, KernelTraining]]:
        for network in self.networks:
            yield network, self._on_kernels(network)

    def _commit_blocks(self, blocks: Mapping[str, PreparedBlock]) -> BlockResult:
        for network, training in self._training.items():
            training.commit(blocks[network].last)
        first = self.update + 1
        count = len(next(iter(blocks.values())).results)
        self.update += count
        self._go_on()
        return BlockResult(
            tuple(
                UpdateResult(first + u, {network: block.results[u] for network, block in blocks.items()})
                for u in range(count)
            ),
            {network: block.weights for network, block in blocks.items()},
        )

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
            if self.paths[network] == FAST:
                self._prepared[network] = self._prepared_by_kernel(network, interrupted)
            else:
                batch = self._stock.tensors(training.curriculum.level, self.update + 1)
                self._prepared[network] = training.prepare(batch, self.update + 1, check)
        except _Abandoned:
            return False
        except TrainingDiverged as diverged:
            explained = self._explained(diverged, training.curriculum.level)
            self._forget_prepared()
            raise explained from None
        except BaseException:
            self._forget_prepared()  # the next attempt begins with nothing that this one made
            raise
        return True

    def _prepared_by_kernel(self, network: str, interrupted: Callable[[], bool]) -> PreparedUpdate:
        training = self._on_kernels(network)
        self._stock.forget_blocks()
        block = self._stock.block(training.curriculum.level, self.update + 1, 1, never)
        assert block is not None
        found = training.prepare_block(block, self.update + 1, as_interruption(interrupted))
        if found is None:
            raise _Abandoned
        if found.diverged is not None:
            raise found.diverged
        return found.last

    def _on_kernels(self, network: str) -> KernelTraining:
        from playground.engine.kernel_training import KernelTraining

        training = self._training[network]
        assert isinstance(training, KernelTraining)
        return training

    def commit(self) -> UpdateResult:
        """The second half: every network's prepared update put in place. Raises RuntimeError if one is missing."""
        missing = [network for network in self.networks if network not in self._prepared]
        if missing:
            raise RuntimeError(f"Update {self.update + 1} is not prepared for {', '.join(missing)}.")
        for network, training in self._training.items():
            training.commit(self._prepared[network])
        self.update += 1
        results = {network: prepared.result for network, prepared in self._prepared.items()}
        self._go_on()
        return UpdateResult(self.update, results)

    def _explained(self, diverged: TrainingDiverged, level: int) -> TrainingDiverged:
        """The same, or that it was no fault of the network: an input of its batch is no number."""
        where = no_number_in(self._stock.batch(diverged.update, level))
        if where is None:
            return diverged
        return TrainingDiverged(
            diverged.network,
            diverged.update,
            f"{diverged.sentence.removesuffix('.')}, because {where}.",
            f"All networks are as they were; look at what the task '{self.task.title}' shows them.",
        )

    def _forget_prepared(self) -> None:
        self._stock.forget()
        self._prepared = {}

    def _go_on(self) -> None:
        """An update is committed."""
        self._stock.forget_until(self.update)
        self._prepared = {}

    # -- the state
    def weights(self) -> dict[str, FlatWeights]:
        """A copy of every network's weights, each as one vector (P,)."""
        return {network: training.flat_weights() for network, training in self._training.items()}

    def load_weights(self, network: str, weights: FlatWeights) -> None:
        """Give a network these weights (P,); moments and curriculum stay. For scratch trainers."""
        self._training[network].load(weights)
        self._prepared.pop(network, None)

    def traced_weights(self, network: str, record: SequenceTrace) -> FlatWeights:
        """(P,) the weights that a trace of this network was made with. Raises ValueError, a sentence, if of another."""
        return traced_weights(self._training[network].model, record)

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
    def _model_here(self, network: str) -> SequenceModel:
        """A network where numpy can look at it: the live one, or a copy of one that is on another device."""
        model = self._training[network].model
        return model if self.device == "cpu" else copy.deepcopy(model).to("cpu")

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
            self._model_here(network),
            sequence,
            interventions,
            network=network,
            run_id=self.run_id,
            update=self.update if update is None else update,
            loss=self.task.loss,
        )

    def measures(
        self, network: str, sequence: EventSequence, since: int, *, update: int | None = None
    ) -> MemoryMeasures:
        """How a network remembers on a sequence now; survival is counted from timestep `since` (0-based)."""
        return memory_measures(
            self._model_here(network),
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
        """How many of the asked timesteps of these batches a network answers rightly now, by the task's criterion.

        A batch whose memory is carried goes on from where the one before it left it.
        """
        return sum(
            int(self.task.right(batch, outputs)[batch.asked].sum())
            for batch, outputs in self._outputs(network, batches)
        )

    def held_out_loss(self, network: str, batches: Iterable[Batch]) -> float:
        """The loss of a network on these batches now, as a mean over all their asked timesteps: cross-entropy in nats,
        or squared error. NaN when nothing is asked."""
        training = self._training[network]
        total, asked = 0.0, 0
        for batch, outputs in self._outputs(network, batches):
            count = int(batch.asked.sum())
            if count:
                tensors = TensorBatch.of(batch)
                total += count * training.judge(torch.from_numpy(outputs), tensors)[1].asked_loss
                asked += count
        return total / asked if asked else float("nan")

    def _outputs(self, network: str, batches: Iterable[Batch]) -> Iterator[tuple[Batch, NDArray[np.float32]]]:
        """Each batch with what the network says at every timestep of it, (T, B, K)."""
        model = self._training[network].model
        states: States | None = None
        for batch in batches:
            with torch.no_grad():
                inputs = torch.tensor(batch.inputs, device=torch.device(self.device))
                outputs, states = model.run(inputs, states if batch.carried else None)
            yield batch, outputs.numpy(force=True)


def refuse_impossible(
    networks: Sequence[NetworkSettings], task: Task, training: TrainingSettings, paths: Mapping[str, str]
) -> None:
    """Raises ExperimentError, a sentence, where the task makes no batch that fits, or where memory would not do."""
    try:
        batch = batch_size_of(task, training)
        estimate = estimated(networks, task, training, {name: path == FAST for name, path in paths.items()})
        sentence = too_much(estimate, free_memory(), batch)
        if sentence is None:
            checked_batch(
                task.batch(training.seed, 1, task.first_level().level, training.batch_size),
                task,
                training.batch_size,
            )
    except (ValueError, IndexError) as error:  # of a task: a text too short for this batch, for one
        raise ExperimentError(str(error)) from error
    if sentence is not None:
        raise ExperimentError(sentence)
