"""How fast one update is: our kernels, with every gate of every timestep recorded, against torch.nn, which shows none.

`python -m playground.bench.kernels [--quick] [--json] [--cell lstm] [--size S]`: predicting the next of T random
symbols at every timestep; cross-entropy, gradient clipped at 1, Adam 1e-3. Both start from the same weights
and see the same
batches. They take turns; each turn gives one ratio, and the median of these is told, which other programs disturb
least. torch is `torch.nn` as everybody uses it, on one thread: one-hot inputs made beforehand, Adam with its defaults.
The kernel does its updates in blocks of about 4 ms, as training does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import nn

from playground.engine.kernel_training import offsets_of, shape_of, workplace_of
from playground.engine.kernels.block import checked_block
from playground.engine.kernels.head import LOSS, RESULTS
from playground.engine.kernels.memory import aligned_zeros
from playground.engine.kernels.readiness import compile_and_wait, load
from playground.engine.kernels.rules import RULE_CODES
from playground.engine.kernels.update import Batches, Kernel, Recipe
from playground.experiment import NetworkSettings

LEARNING_RATE, CLIP_NORM = 1e-3, 1.0
BATCHES = 8
TORCH_MODULES: dict[str, type[nn.RNN] | type[nn.LSTM] | type[nn.GRU]] = {
    "rnn": nn.RNN,
    "lstm": nn.LSTM,
    "guide_lstm": nn.LSTM,
    "gru": nn.GRU,
}
"""What each of our cells is compared with; the guide's LSTM, which torch has not, with the standard one."""


@dataclass(frozen=True)
class Size:
    """H units, B sequences, T timesteps, V symbols."""

    units: int
    batch: int
    timesteps: int
    symbols: int


SIZES = {
    "S": Size(16, 1, 20, 10),
    "M": Size(32, 16, 50, 30),
    "L": Size(64, 32, 100, 64),
    "X": Size(128, 64, 100, 80),
}

TO_REACH = {
    "lstm": {"S": 45.0, "M": 3.2, "L": 2.1, "X": 1.9},
    "rnn": {"S": 100.0, "M": 9.0, "L": 3.5, "X": 2.1},
    "gru": {"S": 100.0, "M": 9.0, "L": 3.5, "X": 2.0},
    "guide_lstm": {"S": 40.0, "M": 2.7, "L": 1.8, "X": 1.7},
}
"""How many times torch's rate."""


@dataclass(frozen=True)
class Found:
    """Milliseconds of one update, and how many times torch's rate that is (medians); `loss` after the same updates."""

    cell: str
    size: str
    way: str
    ms: float
    ratio: float
    loss: float


class TorchNetwork(nn.Module):
    """torch.nn's own layer and a linear head."""

    def __init__(self, cell: str, size: Size) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.recurrent = TORCH_MODULES[cell](size.symbols, size.units)
        self.head = nn.Linear(size.units, size.symbols)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(T, B, V) -> logits (T, B, V)."""
        logits: torch.Tensor = self.head(self.recurrent(inputs)[0])
        return logits


def symbols(size: Size) -> np.ndarray:
    """(BATCHES, T + 1, B) random symbols."""
    return np.random.default_rng(1).integers(size.symbols, size=(BATCHES, size.timesteps + 1, size.batch))


def torch_way(cell: str, size: Size) -> Callable[[int], float]:
    """Does so many updates with torch; returns the last loss."""
    network = TorchNetwork(cell, size)
    parameters = list(network.parameters())
    optimiser = torch.optim.Adam(parameters, lr=LEARNING_RATE)
    drawn = torch.tensor(symbols(size))
    inputs = nn.functional.one_hot(drawn[:, :-1], size.symbols).float()
    targets = drawn[:, 1:].reshape(BATCHES, -1)
    done = 0

    def updates(count: int) -> float:
        nonlocal done
        value = 0.0
        for _ in range(count):
            batch = done % BATCHES
            loss = nn.functional.cross_entropy(network(inputs[batch]).view(-1, size.symbols), targets[batch])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, CLIP_NORM)
            optimiser.step()
            value = loss.item()
            done += 1
        return value

    return updates


class KernelWay:
    """The same network in our kernel, from the same first weights."""

    def __init__(self, kernel: Kernel, cell: str, size: Size) -> None:
        self._kernel = kernel
        self._size = size
        self._done = 0
        network = TorchNetwork(cell, size)
        parameters: dict[str, torch.Tensor] = {
            f"recurrent.0.{name.removesuffix('_l0')}": parameter
            for name, parameter in network.recurrent.named_parameters()
        }
        if cell == "guide_lstm":
            torch.manual_seed(2)
            use = nn.Linear(size.units, size.units)
            parameters |= {"recurrent.0.weight_use": use.weight, "recurrent.0.bias_use": use.bias}
        parameters |= {f"head.{name}": parameter for name, parameter in network.head.named_parameters()}
        shapes = {name: tuple(parameter.shape) for name, parameter in parameters.items()}
        self._shape = shape_of(NetworkSettings(cell, units=size.units), size.batch, shapes, symbols=True)
        self._offsets = offsets_of(shapes, 1)
        self._weights = np.concatenate([each.detach().numpy().ravel() for each in parameters.values()])
        self._gradient = aligned_zeros(self._weights.shape)
        self._moments = aligned_zeros((2, self._weights.size))
        self._states = aligned_zeros((2, 1, size.batch, size.units))
        self.work = workplace_of(cell, self._shape, size.timesteps, size.symbols)
        self._drawn = symbols(size)

    def block(self, count: int) -> Batches:
        """The next `count` batches."""
        which = (self._done + np.arange(count)) % BATCHES
        drawn, size = self._drawn[which], self._size
        rows = count * size.timesteps * size.batch
        batches = Batches(
            distinct=np.zeros((0, size.symbols), np.float32),
            rows=drawn[:, :-1].reshape(-1),
            targets=drawn[:, 1:].reshape(-1),
            values=np.zeros((0, size.symbols), np.float32),
            asked=np.zeros(rows, np.uint8),
            loss_weights=np.full(rows, 1.0 / size.timesteps / size.batch, np.float32),
            lengths=np.full(count, size.timesteps),
            distinct_counts=np.full(count, size.symbols),
            carried=np.zeros(count, np.uint8),
        )
        return checked_block(batches, size.batch, size.symbols, size.symbols, symbols=True).batches

    def updates(self, batches: Batches) -> float:
        """One update for each batch, in one call; returns the last loss. Every gate stays in `work.memory.gates`."""
        count = len(batches.lengths)
        weights = np.empty((count + 1, self._weights.size), np.float32)
        weights[0] = self._weights
        results = np.zeros((count, RESULTS))
        recipe = Recipe(RULE_CODES["adam"], np.full(count, LEARNING_RATE), CLIP_NORM, self._done, 0.0)
        done = self._kernel(
            self._shape,
            recipe,
            batches,
            self._offsets,
            weights,
            self._gradient,
            self._moments,
            self._states,
            self.work,
            results,
            np.zeros(1, np.int64),
            1,
        )
        if done != count:
            raise ArithmeticError("This network diverged.")
        self._weights = weights[-1].copy()
        self._done += count
        return float(results[-1, LOSS])


def race(kernel: Kernel, cell: str, name: str, *, turns: int, seconds: float) -> Iterator[Found]:
    """Both ways of one cell in one size, taking turns of about so many seconds."""
    size = SIZES[name]
    by_torch, ours = torch_way(cell, size), KernelWay(kernel, cell, size)
    first = [by_torch(20), ours.updates(ours.block(20))]  # also warms up
    once = _seconds(lambda: by_torch(3)) / 3
    ours_once = _seconds(lambda: ours.updates(ours.block(4))) / 4
    torch_count = max(1, int(seconds / once))
    in_a_block = max(1, min(int(0.004 / ours_once), 500))
    blocks = max(1, int(seconds / (in_a_block * ours_once)))
    torch_ms, ours_ms, ratios = [], [], []
    for _ in range(turns):
        torch_ms.append(1e3 * _seconds(lambda: by_torch(torch_count)) / torch_count)
        taken = _seconds_of_blocks(ours, ours.block(in_a_block), blocks)
        ours_ms.append(1e3 * taken / (blocks * in_a_block))
        ratios.append(torch_ms[-1] / ours_ms[-1])
    torch_name = f"torch.nn.{TORCH_MODULES[cell].__name__}"
    yield Found(cell, name, torch_name, statistics.median(torch_ms), 1.0, first[0])
    yield Found(cell, name, "kernel", statistics.median(ours_ms), statistics.median(ratios), first[1])


def _seconds_of_blocks(ours: KernelWay, batches: Batches, count: int) -> float:
    return sum(_seconds(lambda: ours.updates(batches)) for _ in range(count))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> int:
    """Measures and prints. Returns the exit code: 1 when the kernel cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m playground.bench.kernels")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--cell", choices=list(TORCH_MODULES), action="append")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    compile_and_wait()
    kernel = load()
    if kernel is None:
        return 1
    turns, seconds = (5, 0.08) if args.quick else (15, 0.25)
    found: list[Found] = []
    for cell in args.cell or TORCH_MODULES:
        for size in args.size or SIZES:
            for each in race(kernel, cell, size, turns=turns, seconds=seconds):
                found.append(each)
                if not args.json:
                    to_reach = TO_REACH[cell][size] if each.way == "kernel" else 1.0
                    print(
                        f"{cell:11} {size}  {each.way:14} {each.ms:9.4f} ms   x{each.ratio:6.2f}"
                        f"   (to reach: {to_reach:g})   loss {each.loss:.6f}",
                        flush=True,
                    )
    if args.json:
        print(json.dumps([asdict(each) for each in found], indent=1))
    elif hasattr(os, "getloadavg"):
        print(f"Programs running on average over the last minute: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
