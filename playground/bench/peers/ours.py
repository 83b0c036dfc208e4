"""Our two paths, through the very functions that the Train button takes; every gate of every timestep is recorded.

The fast path does its updates in blocks, as training does. Batches are made beforehand, as for everybody.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from playground.bench.next_symbol import BATCHES
from playground.bench.peers import Updates
from playground.bench.same_start import SameStart
from playground.engine.kernel_training import KernelTraining
from playground.engine.kernels import readiness
from playground.engine.kernels.block import Block, make_block
from playground.engine.network_training import NetworkTraining, TensorBatch
from playground.engine.records import FlatWeights

BLOCK_SECONDS, MOST_BLOCK_UPDATES = 0.016, 64
"""As `runner/conductor.py` has them."""


class NotReady(RuntimeError):
    """The kernels are not compiled; the message is a sentence."""


def make(start: SameStart) -> Updates:
    """The fast path. Raises NotReady where the kernels cannot be had."""
    kernel = readiness.load()
    if kernel is None:
        raise NotReady(readiness.readiness().sentence)
    training = KernelTraining(start.network, start.training, start.as_task, kernel)
    training.load(_flat(training, start))
    blocks: dict[tuple[int, int], Block] = {}
    done = 0
    last = [0.0]

    def block(count: int) -> Block:
        first = done % BATCHES
        if (first, count) not in blocks:
            batches = [start.task.batch(1, first + 1 + u, 0, start.size.batch) for u in range(count)]
            blocks[first, count] = make_block(
                batches, start.size.batch, start.size.symbols, start.size.symbols
            )
        return blocks[first, count]

    def one_block(count: int) -> float:
        nonlocal done
        prepared = training.prepare_block(block(count), done + 1)
        if prepared is None or prepared.sound != count:
            raise ArithmeticError(f"Update {done + 1} of the {start.cell} could not be done.")
        training.commit(prepared.last)
        done += count
        last[0] = prepared.results[-1].loss
        return last[0]

    usual: list[int] = []  # how many updates fit into a block, once it is known

    def updates(count: int) -> float:
        if not usual and count >= 7:
            one_block(1)
            once = (
                min(_seconds(lambda: one_block(2)) for _ in range(3)) / 2
            )  # the least: others may have been at work
            fits = max(1, min(int(BLOCK_SECONDS / once), MOST_BLOCK_UPDATES))
            usual.append(
                1 << (fits.bit_length() - 1)
            )  # a power of two: the same few blocks come again and again
            count -= 7
        size = usual[0] if usual else 1
        loss = last[0]
        while count > 0:
            loss = one_block(min(size, count))
            count -= min(size, count)
        return loss

    return updates


def make_reference(start: SameStart) -> Updates:
    """The reference path."""
    training = NetworkTraining(start.network, start.training, start.as_task)
    training.load(_flat(training, start))
    batches = [TensorBatch.of(start.task.batch(1, u + 1, 0, start.size.batch)) for u in range(BATCHES)]
    done = 0

    def updates(count: int) -> float:
        nonlocal done
        loss = 0.0
        for _ in range(count):
            prepared = training.prepare(batches[done % BATCHES], done + 1, _nobody_asks)
            training.commit(prepared)
            loss = prepared.result.loss
            done += 1
        return loss

    return updates


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _nobody_asks() -> None:
    """Nobody wants the update to be abandoned."""


def _flat(training: NetworkTraining, start: SameStart) -> FlatWeights:
    names = [
        name.removeprefix("recurrent.0.").replace("head.", "head_")
        for name, _ in training.model.named_parameters()
    ]
    return np.concatenate([start.parameters[name].reshape(-1) for name in names])
