"""Kernels have something to do while the window needs Python: the batches of the next block are made already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.engine.kernel_training import BegunBlock, KernelTraining
from playground.engine.kernels import readiness
from playground.engine.kernels.rests import WANTED, no_rest
from playground.engine.records import Interruption, give_way
from playground.engine.trainer import FAST, Trainer
from tests.engine.kernels import kernel_for_tests
from tests.engine.test_trainer import assert_same
from tests.engine.tiny_task import TinyTask, tiny_experiment

COUNT = 8


class Window:
    """What training asks. While `works`, nobody may wait for it: that is an error of the test."""

    def __init__(self) -> None:
        self.works = False
        self.urgency = np.zeros(1, np.int64)
        self.waited = 0
        self.rest = no_rest()

    def question(self) -> Interruption:
        return Interruption(self.urgency, 2, self._asked, lambda: not self.works, self.rest)

    def _asked(self) -> int:
        self.waited += self.works
        self.rest[WANTED] = 0  # and painted
        return int(self.urgency[0])


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    monkeypatch.setattr(readiness, "load", kernel_for_tests)
    task = TinyTask()
    trainer = Trainer(tiny_experiment("lstm", "rnn"), 1, task=task, path=FAST)
    task.batches_made.clear()  # those that were only looked at
    return trainer


def made(trainer: Trainer) -> list[int]:
    """The updates whose batches were made, in that order."""
    assert isinstance(trainer.task, TinyTask)
    return [update for update, _ in trainer.task.batches_made]


def test_a_block_is_done_from_stock_while_the_window_works(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window()
    waited_before = []
    carry_out = BegunBlock.carry_out

    def noted(begun: BegunBlock) -> int:
        waited_before.append(window.waited)
        return carry_out(begun)

    monkeypatch.setattr(BegunBlock, "carry_out", noted)
    assert trainer.do_updates(COUNT, window.question()) is not None
    assert made(trainer) == list(range(1, 2 * COUNT + 1))  # this block's and the next one's, each once
    window.works = True
    assert trainer.do_updates(COUNT, window.question()) is not None
    assert made(trainer) == list(range(1, 2 * COUNT + 1))
    assert waited_before == [0] * 4  # no kernel waits for the window,
    assert window.waited == 1  # but what Python makes of their results does
    assert trainer.update == 2 * COUNT
    assert trainer.do_updates(COUNT, window.question()) is not None  # the stock is used up: now it is waited
    assert waited_before[-1] > 1
    assert made(trainer) == list(range(1, 3 * COUNT + 1))


def test_where_somebody_waits_for_the_window_no_block_is_begun(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window()
    assert trainer.do_updates(COUNT, window.question()) is not None
    waited_before = []
    begin_block = KernelTraining.begin_block

    def noted(training: KernelTraining, *arguments: Any) -> BegunBlock:
        waited_before.append(window.waited)
        return begin_block(training, *arguments)

    monkeypatch.setattr(KernelTraining, "begin_block", noted)
    window.works, window.rest[WANTED] = True, 1
    assert trainer.do_updates(COUNT, window.question()) is not None
    assert waited_before == [1, 1]  # once: then it was painted
    give_way(lambda: False)  # nobody is asked where nobody can wait


def test_the_stock_grows_with_the_blocks(trainer: Trainer) -> None:
    window = Window()
    for count in (1, 2, 5, 3):
        assert trainer.do_updates(count, window.question()) is not None
    assert made(trainer) == sorted(set(made(trainer)))
    assert trainer.update == 11


def test_what_is_urgent_ends_a_block_without_waiting(trainer: Trainer) -> None:
    window = Window()
    assert trainer.do_updates(COUNT, window.question()) is not None
    window.works, window.urgency[0] = True, 2
    assert trainer.do_updates(COUNT, window.question()) is None
    assert trainer.update == COUNT
    assert window.waited == 0


def test_no_result_depends_on_the_stock(trainer: Trainer) -> None:
    other = trainer.twin()
    window = Window()
    for block in range(6):
        window.works = block % 3 == 1
        assert trainer.do_updates(5, window.question()) is not None
    for _ in range(30):
        assert other.do_updates(1) is not None
    assert_same(trainer.checkpoint(), other.checkpoint())


def test_a_batch_that_cannot_be_made_is_said_when_it_is_due(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = trainer.task.batch

    def batch(seed: int, update: int, level: int, batch_size: int) -> object:
        if update == COUNT + 1:
            raise OSError("the disk is gone")
        return make(seed, update, level, batch_size)

    monkeypatch.setattr(trainer.task, "batch", batch)
    window = Window()
    assert trainer.do_updates(COUNT, window.question()) is not None
    assert trainer.update == COUNT
    with pytest.raises(OSError, match="disk is gone"):
        trainer.do_updates(COUNT, window.question())
    assert trainer.update == COUNT
