"""One network while it is trained by kernels: several updates in one call, and still all or nothing.

The kernel writes into memory of its own: new weights, a copy of the moments. What it found is put in place by the
trainer, when every network has as many updates to put in place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.kernels.block import Block
from playground.engine.kernels.head import ASKED_LOSS, LOSS, NORM, RESULTS, RIGHT
from playground.engine.kernels.layer import CELL_CODES
from playground.engine.kernels.memory import CHUNK_ROWS, Shape, Workplace, aligned_zeros, make_workplace
from playground.engine.kernels.parameters import ENDS, NOT_THERE, PARTS
from playground.engine.kernels.rests import SLEEP, sleep_address
from playground.engine.kernels.rnn import SQUEEZE_CODES
from playground.engine.kernels.rules import RULE_CODES
from playground.engine.kernels.update import ABANDONED, Kernel, Recipe
from playground.engine.network_training import NetworkTraining, PreparedUpdate
from playground.engine.records import Interruption, NetworkResult, TrainingDiverged
from playground.engine.schedules import learning_rates
from playground.experiment import NetworkSettings, TrainingSettings
from playground.tasks.task import SQUARED_ERROR, Task

ARRAYS: dict[str, frozenset[str]] = {
    "lstm": frozenset({"cell_state"}),
    "guide_lstm": frozenset({"cell_state", "kept"}),
    "gru": frozenset({"gru"}),
    "lstm_1997": frozenset({"cell_state"}),
    "peephole_lstm": frozenset({"cell_state"}),
}
"""What a cell's kernels keep for the way back beside gates and hidden states: the flags of `make_workplace`."""

NEVER_INTERRUPTED = Interruption(np.zeros(1, np.int64), 1)


@dataclass(frozen=True, eq=False)
class PreparedBlock:
    """What some updates of one network will change.

    weights (n, P): after each update. `last`: what the last of them leaves, for `commit`. `sound`: how many updates
    of the block can be kept: all, or those before the curriculum went on or the loss stopped being a number
    (`diverged` says so where it happened). Only a block that is sound to its end may be committed.
    """

    weights: NDArray[np.float32]
    results: tuple[NetworkResult, ...]
    last: PreparedUpdate
    sound: int
    diverged: TrainingDiverged | None = None


@dataclass(frozen=True, eq=False)
class BegunBlock:
    """Some updates of one network that a kernel can do now: what it takes, and the arrays among it that it writes to.

    Apart from Python before and after it: where several networks are trained, their kernels follow upon each other at
    once, and meanwhile the interpreter is the window's.
    """

    kernel: Kernel
    arguments: tuple[Any, ...]
    block: Block
    update: int
    weights: NDArray[np.float32]
    moments: NDArray[np.float32]
    results: NDArray[np.float64]
    states: NDArray[np.float32]

    def carry_out(self) -> int:
        """Do them; how many were done, or ABANDONED."""
        return self.kernel(*self.arguments)


class KernelTraining(NetworkTraining):
    """A network that is trained by kernels. Its weights are the same vector that torch's module looks at."""

    def __init__(
        self, settings: NetworkSettings, training: TrainingSettings, task: Task, kernel: Kernel
    ) -> None:
        super().__init__(settings, training, task)
        self._kernel = kernel
        self._rule = RULE_CODES[training.optimiser]
        self._shape = shape_of(
            settings,
            training.batch_size,
            self.parameters_by_name(),
            symbols=task.symbolic,
            squared=task.loss == SQUARED_ERROR,
        )
        self._offsets = offsets_of(self.parameters_by_name(), settings.layers)
        self._gradient = aligned_zeros((self.weights.numel(),))
        # the moments in use lie in one of two places; the next ones are made in the other, in memory that is there
        self._moments = [aligned_zeros((2, self.weights.numel())) for _ in range(2)]
        self._work: Workplace | None = None
        self._timesteps = self._distinct = 0

    def parameters_by_name(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the parameters by torch's names, in the order of the flat vector."""
        return {name: tuple(parameter.shape) for name, parameter in self.model.named_parameters()}

    def prepare_block(
        self, block: Block, update: int, interrupted: Interruption | None = None
    ) -> PreparedBlock | None:
        """These updates, the first of which is number `update` (from 1), without changing anything.

        None once `interrupted`, which is asked every few timesteps, says so.
        """
        begun = self.begin_block(block, update, interrupted)
        return self.finish_block(begun, begun.carry_out())

    def begin_block(self, block: Block, update: int, interrupted: Interruption | None = None) -> BegunBlock:
        """All that the kernel needs for these updates, and nothing done yet."""
        interrupted = NEVER_INTERRUPTED if interrupted is None else interrupted
        interrupted.rest[SLEEP] = sleep_address()
        size, count = self.weights.numel(), block.count
        weights = np.empty((count + 1, size), np.float32)
        weights[0] = self.weights.numpy()
        moments = self._moments[1]
        for kept, moment in zip(moments, self.moments, strict=False):
            kept[:] = moment.numpy()
        results = np.zeros((count, RESULTS))
        states = aligned_zeros((2, *self.states.shape[1:]))
        states[: len(self.states)] = self.states.numpy()
        rates = learning_rates(self.settings, update, count)
        recipe = Recipe(self._rule, rates, self.settings.clip_norm, update - 1, self.task.tolerance)
        arguments = (
            self._shape,
            recipe,
            block.batches,
            self._offsets,
            weights,
            self._gradient,
            moments,
            states,
            self._work_for(block),
            results,
            interrupted.urgency,
            interrupted.enough,
            interrupted.rest,
        )
        return BegunBlock(self._kernel, arguments, block, update, weights, moments, results, states)

    def finish_block(self, begun: BegunBlock, done: int) -> PreparedBlock | None:
        """What the kernel found: `done` is what it returned. None when it was abandoned."""
        if done == ABANDONED:
            return None
        update, weights, results = begun.update, begun.weights, begun.results
        diverged = None
        if done < begun.block.count:
            what, value = ("loss", results[done, LOSS])
            if math.isfinite(value):
                what, value = "gradient", results[done, NORM]
            diverged = self._diverged(what, value, update + done)
        found = []
        curriculum = self.curriculum
        rows, counts = results[:done].tolist(), begun.block.asked_counts[:done].tolist()
        for row, asked in zip(rows, counts, strict=True):
            result = self._result(row, asked)
            curriculum = self.task.next_level(curriculum, result.right)
            found.append(result)
            if curriculum.level != self.curriculum.level:
                break  # the batches after this one were made for the level before
        sound = len(found)
        last = PreparedUpdate(
            torch.from_numpy(weights[sound]),
            tuple(torch.from_numpy(moment) for moment in begun.moments[: self.optimiser.moment_count]),
            curriculum,
            found[-1] if found else NetworkResult(math.nan, math.nan, math.nan, self.curriculum.level),
            torch.from_numpy(
                begun.states[: self.states.shape[0]]
            ),  # after `done` updates: only a sound block is committed
        )
        return PreparedBlock(weights[1 : sound + 1], tuple(found), last, sound, diverged)

    def commit(self, prepared: PreparedUpdate) -> None:
        """Put a prepared update in place. The one that was prepared last: another one's moments are written over."""
        super().commit(prepared)
        self._moments.reverse()

    def _result(self, found: Sequence[float], asked: int) -> NetworkResult:
        asked_loss, right = (
            (found[ASKED_LOSS] / asked, found[RIGHT] / asked) if asked else (math.nan, math.nan)
        )
        return NetworkResult(found[LOSS], asked_loss, right, self.curriculum.level)

    def gradient(self) -> NDArray[np.float32]:
        """(P,) the gradient of the last update, before it was clipped; a view that the next update writes over."""
        return self._gradient

    def gates(self) -> NDArray[np.float32]:
        """(L, T, B, R) every gate of every timestep of the last batch, a view: the next update writes over it.

        T is the longest batch so far. R: the row blocks of the cell, in the order of its weights.
        """
        if self._work is None:
            raise RuntimeError("Nothing has been computed yet.")
        return self._work.memory.gates

    def _work_for(self, block: Block) -> Workplace:
        if self._work is None or block.longest > self._timesteps or block.most_distinct > self._distinct:
            self._timesteps = max(self._timesteps, block.longest)
            self._distinct = max(self._distinct, block.most_distinct)
            self._work = workplace_of(self.settings.cell, self._shape, self._timesteps, self._distinct)
        return self._work


def workplace_of(cell: str, shape: Shape, timesteps: int, distinct: int) -> Workplace:
    """The arrays that this cell's kernels work on, for batches of at most so many timesteps and distinct inputs."""
    needs = ARRAYS.get(cell, frozenset())
    return make_workplace(
        shape, timesteps, distinct, cell_state="cell_state" in needs, kept="kept" in needs, gru="gru" in needs
    )


def has_kernels(settings: NetworkSettings) -> bool:
    """Whether a network with these settings can be trained by kernels: they know no dropout between layers."""
    return settings.cell in CELL_CODES and (settings.dropout == 0.0 or settings.layers == 1)


def shape_of(
    settings: NetworkSettings,
    batch_size: int,
    parameters: dict[str, tuple[int, ...]],
    *,
    symbols: bool = False,
    squared: bool = False,
) -> Shape:
    """The sizes of a network from its settings and its parameters' shapes. `symbols`: what its inputs are; `squared`:
    its loss is the squared error."""
    rows, encoded = parameters["recurrent.0.weight_ih"]
    answers, units = parameters["head.weight"]
    has_encoder = "encoder.weight" in parameters
    return Shape(
        cell=CELL_CODES[settings.cell],
        layers=settings.layers,
        units=units,
        rows=rows,
        batch=batch_size,
        chunk=max(1, CHUNK_ROWS // batch_size),
        inputs=parameters["encoder.weight"][1] if has_encoder else encoded,
        encoded=encoded,
        has_encoder=int(has_encoder),
        answers=answers,
        has_memory=int("recurrent.0.weight_hh" in parameters),
        squeeze=SQUEEZE_CODES[settings.activation],
        symbols=int(symbols),
        squared=int(squared),
    )


def offsets_of(parameters: dict[str, tuple[int, ...]], layers: int) -> NDArray[np.int64]:
    """(L + 1, 7): where each parameter begins in the flat vector; see `kernels.parameters`.

    Raises ValueError when the model has a parameter that the kernels do not know.
    """
    offsets = np.full((layers + 1, len(PARTS)), NOT_THERE, np.int64)
    at = 0
    for name, shape in parameters.items():
        if name in ENDS:
            offsets[layers, ENDS.index(name)] = at
        else:
            _, layer, part = name.split(".")
            offsets[int(layer), PARTS.index(part)] = at
        at += math.prod(shape)
    return offsets
