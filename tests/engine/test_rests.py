"""Kernels stand still while they are told to: the same bits come out, and whoever wants something need not wait."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from playground.engine import kernel_training
from playground.engine.kernel_training import KernelTraining, PreparedBlock
from playground.engine.kernels.block import Block, make_block
from playground.engine.kernels.rests import (
    PIECE_MICROSECONDS,
    TAKEN,
    WANTED,
    Rest,
    no_rest,
    pieces_of,
    sleep_address,
)
from playground.engine.records import Interruption
from playground.experiment import NetworkSettings
from tests.engine.kernels import KEPT, both_paths, kernel_for_tests
from tests.engine.random_task import Kind, RandomTask

BATCH = 8
FOR_EVER = 10**12
PATIENCE = 20.0

pytestmark = pytest.mark.skipif(sleep_address() == 0, reason="nothing here sleeps for a kernel")


def trained() -> tuple[KernelTraining, Block]:
    """A network of two layers, and three batches of some chunks of timesteps each."""
    task = RandomTask(Kind(timesteps=70))
    fast, _ = both_paths(NetworkSettings("lstm", units=6, layers=2), task, batch_size=BATCH)
    batches = [task.batch(1, update, 0, BATCH) for update in (1, 2, 3)]
    return fast, make_block(batches, BATCH, task.input_size, len(task.answers))


def bits(found: PreparedBlock | None) -> bytes:
    assert found is not None
    assert found.sound == 3
    return found.weights.tobytes() + b"".join(moment.numpy().tobytes() for moment in found.last.moments)


def asking(rest: Rest, urgency: int = 0) -> Interruption:
    return Interruption(np.array([urgency]), 2, rest=rest)


def beside(question: Interruption, act: Callable[[], None]) -> PreparedBlock | None:
    """What comes of three updates during which somebody acts as soon as they rest."""
    fast, block = trained()
    found: list[PreparedBlock | None] = []
    thread = threading.Thread(target=lambda: found.append(fast.prepare_block(block, 1, question)))
    thread.start()
    until = time.monotonic() + PATIENCE
    while question.rest[TAKEN] < 2 and time.monotonic() < until:
        pass
    assert question.rest[TAKEN] >= 2
    assert not found
    act()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return found[0]


def test_the_same_comes_out_with_rests_and_without() -> None:
    fast, block = trained()
    expected = bits(fast.prepare_block(block, 1))
    rest = no_rest()
    rest[WANTED] = 7
    fast, block = trained()
    began = time.perf_counter()
    assert bits(fast.prepare_block(block, 1, asking(rest))) == expected
    assert rest[TAKEN] == 7
    assert time.perf_counter() - began >= 7 * PIECE_MICROSECONDS * 1e-6


def test_who_rests_goes_on_when_the_window_has_painted() -> None:
    fast, block = trained()
    expected = bits(fast.prepare_block(block, 1))
    rest = no_rest()
    rest[WANTED] = FOR_EVER

    def painted() -> None:
        rest[WANTED] = 0

    assert bits(beside(asking(rest), painted)) == expected


def test_a_pause_finds_who_rests() -> None:
    rest = no_rest()
    rest[WANTED] = FOR_EVER
    question = asking(rest)

    def pause() -> None:
        question.urgency[0] = 2

    assert beside(question, pause) is None


def test_what_is_urgent_already_is_not_rested_for() -> None:
    rest = no_rest()
    rest[WANTED] = FOR_EVER
    fast, block = trained()
    assert fast.prepare_block(block, 1, asking(rest, urgency=2)) is None
    assert rest[TAKEN] == 0


def test_nobody_rests_where_nothing_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_training, "sleep_address", lambda: 0)
    fast, block = trained()
    rest = no_rest()
    rest[WANTED] = FOR_EVER
    assert fast.prepare_block(block, 1, asking(rest)) is not None
    assert rest[TAKEN] == 0


def test_the_pieces_of_a_rest_are_no_longer_than_it() -> None:
    assert 0 < pieces_of(0.03) * PIECE_MICROSECONDS * 1e-6 <= 0.03
    assert pieces_of(0.0) == 0


def test_kernels_of_another_process_rest_too() -> None:
    """They are kept in a file, in which no address of this process may stand."""
    kernel_for_tests()
    program = """
import sys
from pathlib import Path
from playground.engine.kernels import rests, store
from playground.engine.kernels.warm_up import loaded_kernel, smallest_arguments
kernel = loaded_kernel(Path(sys.argv[1]) / store.fingerprint())  # never compiles
*arguments, rest = smallest_arguments()
assert kernel(*arguments, rest) == 1 and rest[rests.TAKEN] == 0
rest[rests.WANTED], rest[rests.SLEEP] = 5, rests.sleep_address()
assert kernel(*arguments, rest) == 1 and rest[rests.TAKEN] == 5
print("rested")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(KEPT)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "rested\n", done.stderr
