"""The curves of a run: nothing is lost, nothing that was handed out ever changes."""

from __future__ import annotations

import numpy as np
import pytest

from playground.trace.snapshot import Progress, RunState, TrainingSnapshot
from playground.ui.run_record import FIRST_CAPACITY, RunRecord
from tests.ui.fake_runner import progress


def snapshot(first: int, last: int, networks: tuple[str, ...] = ("rnn", "lstm")) -> TrainingSnapshot:
    updates = np.arange(first, last + 1, dtype=np.int64)
    return TrainingSnapshot(
        1,
        last,
        RunState.TRAINING,
        {},
        {network: progress(updates) for network in networks},
        np.arange(0, last + 1, 5),
        1.0,
        32 * last,
    )


def test_grows_by_every_update_once() -> None:
    record = RunRecord(1)
    assert not record.take(snapshot(1, 3))
    assert not record.take(snapshot(4, 4))
    assert not record.take(snapshot(5, 9))
    curve = record.curve("lstm")
    assert curve.updates.tolist() == list(range(1, 10))
    np.testing.assert_array_equal(curve.loss, (1 / np.arange(1, 10)).astype(np.float32))
    np.testing.assert_array_equal(curve.asked_loss, (2 / np.arange(1, 10)).astype(np.float32))
    np.testing.assert_array_equal(curve.right, (np.arange(1, 10) / 1000).astype(np.float32))
    assert curve.level.tolist() == [update % 7 for update in range(1, 10)]
    assert len(curve) == 9
    assert record.last_update == 9
    assert record.networks == ("rnn", "lstm")
    assert record.kept_updates.tolist() == [0, 5]


def test_grows_beyond_its_first_capacity() -> None:
    record = RunRecord(1)
    for start in range(1, 3 * FIRST_CAPACITY, 100):
        record.take(snapshot(start, start + 99))
    updates = record.curve("rnn").updates
    assert updates.tolist() == list(range(1, len(updates) + 1))
    assert len(updates) >= 3 * FIRST_CAPACITY - 1


def test_views_are_read_only_and_never_change() -> None:
    record = RunRecord(1)
    record.take(snapshot(1, 5))
    before = record.curve("lstm")
    with pytest.raises(ValueError, match="read-only"):
        before.loss[0] = 3.0
    kept = before.loss.copy()
    record.take(snapshot(3, 4))  # the run went back to update 2
    record.take(snapshot(5, 4000))
    np.testing.assert_array_equal(before.loss, kept)
    assert before.updates.tolist() == [1, 2, 3, 4, 5]


def test_going_back_cuts_the_curves() -> None:
    record = RunRecord(1)
    record.take(snapshot(1, 50))
    assert record.take(snapshot(1, 2)), "a rewind must be told"
    assert record.curve("lstm").updates.tolist() == [1, 2]
    record.take(snapshot(3, 30))
    standing_still = TrainingSnapshot(1, 12, RunState.PAUSED, {}, {}, np.zeros(0, np.int64), 0.0, 0)
    assert record.take(standing_still), "a restore without any update must be told"
    assert record.last_update == 12


def test_unknown_network_and_empty_progress() -> None:
    record = RunRecord()
    assert len(record.curve("gru")) == 0
    assert record.last_update == 0
    record.take(TrainingSnapshot(1, 0, RunState.PAUSED, {}, {"rnn": Progress.empty()}, np.array([0]), 0.0, 0))
    assert record.networks == ("rnn",)
    assert len(record.curve("rnn")) == 0
