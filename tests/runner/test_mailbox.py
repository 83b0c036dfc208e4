from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.records import NetworkResult, UpdateResult
from playground.runner.mailbox import AnswerBox, Mailbox
from playground.trace.snapshot import ReplayProgress, RequestFailure, TrainingSnapshot


def snapshot(update: int) -> TrainingSnapshot:
    return dataclasses.replace(TrainingSnapshot.empty(), update=update)


def result(update: int) -> UpdateResult:
    found = NetworkResult(loss=update / 2, asked_loss=update / 4, right=update / 8, level=update % 3)
    return UpdateResult(update, {"rnn": found, "lstm": found})


def updates_of(taken: TrainingSnapshot) -> list[int]:
    return taken.progress["rnn"].updates.tolist() if taken.progress else []


@given(st.lists(st.sampled_from(["add", "put", "take"]), max_size=60))
def test_every_update_is_told_once_and_only_by_a_snapshot_that_has_it(actions: list[str]):
    box = Mailbox()
    box.open(1)
    done, told, newest = 0, [], None
    for action in actions:
        if action == "add":
            done += 1
            box.add(1, [result(done)])
        elif action == "put":
            newest = done
            box.put(1, snapshot(done))
        else:
            taken = box.take()
            assert (taken is None) == (newest is None)
            if taken is not None:
                assert taken.update == newest  # the latest wins
                told += updates_of(taken)
                assert told == list(range(1, taken.update + 1))
                newest = None
        assert box.empty == (newest is None)


def test_progress_says_what_the_update_said_in_the_promised_types():
    box = Mailbox()
    box.open(1)
    for update in (1, 2, 3):
        box.add(1, [result(update)])
    box.put(1, snapshot(3))
    taken = box.take()
    assert taken is not None
    assert list(taken.progress) == ["rnn", "lstm"]
    gained = taken.progress["lstm"]
    assert gained.updates.tolist() == [1, 2, 3]
    assert gained.loss.tolist() == [0.5, 1.0, 1.5]
    assert gained.asked_loss.tolist() == [0.25, 0.5, 0.75]
    assert gained.right.tolist() == [0.125, 0.25, 0.375]
    assert gained.level.tolist() == [1, 2, 0]
    kinds = [
        gained.updates.dtype,
        gained.loss.dtype,
        gained.asked_loss.dtype,
        gained.right.dtype,
        gained.level.dtype,
    ]
    assert kinds == [np.int64, np.float32, np.float32, np.float32, np.int32]
    with pytest.raises(ValueError):
        gained.loss[0] = 1.0


def test_what_is_said_about_an_older_era_is_dropped():
    box = Mailbox()
    box.open(1)
    box.add(1, [result(1)])
    box.put(1, snapshot(1))
    box.open(2)
    assert box.empty
    box.add(1, [result(2)])
    box.put(1, snapshot(2))
    assert box.take() is None
    box.add(2, [result(1)])
    box.put(2, snapshot(1))
    taken = box.take()
    assert taken is not None
    assert updates_of(taken) == [1]


def test_a_run_that_went_back_forgets_what_nobody_took():
    box = Mailbox()
    box.open(1)
    for update in range(1, 6):
        box.add(1, [result(update)])
    box.put(1, snapshot(5))
    box.cut(1, 3)
    box.put(1, snapshot(3))
    taken = box.take()
    assert taken is not None
    assert updates_of(taken) == [1, 2, 3]


def test_two_threads_lose_nothing_between_them():
    box = Mailbox()
    box.open(1)
    last = 3000

    def train() -> None:
        for update in range(1, last + 1):
            box.add(1, [result(update)])
            if box.empty:
                box.put(1, snapshot(update))
        box.put(1, snapshot(last))

    thread = threading.Thread(target=train)
    thread.start()
    told: list[int] = []
    while not told or told[-1] < last:
        taken = box.take()
        if taken is not None:
            told += updates_of(taken)
            assert told[-1] == taken.update
    thread.join()
    assert told == list(range(1, last + 1))


def test_of_a_replay_only_the_newest_progress_waits():
    box = AnswerBox()
    box.open(1)
    for at in range(5):
        box.put(ReplayProgress(7, 1, at, 9))
        box.put(ReplayProgress(8, 1, at, 9))
    assert box.take() == [ReplayProgress(7, 1, 4, 9), ReplayProgress(8, 1, 4, 9)]
    box.put(ReplayProgress(7, 1, 5, 9))
    box.put(RequestFailure(7, 1, "No."))
    assert box.take() == [RequestFailure(7, 1, "No.")]
    assert box.empty


def test_cancelled_and_superseded_answers_never_come():
    box = AnswerBox()
    box.open(1)
    box.put(RequestFailure(1, 1, "No."))
    box.cancel(1)
    box.put(RequestFailure(1, 1, "No."))
    assert box.take() == []
    box.put(RequestFailure(2, 1, "No."))
    box.open(2)
    box.put(RequestFailure(3, 1, "No."))
    box.put(RequestFailure(4, 2, "No."))
    assert box.take() == [RequestFailure(4, 2, "No.")]
