"""Oracle: the rule in closed form (`Thinning.kept`), itself held to its properties by hypothesis."""

from __future__ import annotations

import itertools
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.engine.history import (
    CHECKPOINT_BYTES,
    MOMENT_BYTES,
    CheckpointHistory,
    Thinning,
    WeightHistory,
    checkpoints_that_fit,
    moments_that_fit,
)
from playground.engine.records import Checkpoint, NetworkCheckpoint
from playground.tasks.task import CurriculumState

thinnings = st.builds(
    Thinning, recent=st.integers(0, 40), spread=st.integers(1, 40), first_stride=st.sampled_from([1, 2, 16])
)


@given(thinnings, st.integers(0, 100_000))
def test_what_is_kept_is_bounded_and_holds_both_ends(thinning: Thinning, at: int):
    kept = thinning.kept(at)
    assert kept == sorted(set(kept))
    assert kept[0] == 0
    assert len(kept) <= thinning.most
    recent = range(max(at - thinning.recent + 1, 0), at + 1)
    assert set(recent) <= set(kept)


@given(thinnings, st.integers(0, 3000))
def test_keeps_says_what_kept_lists(thinning: Thinning, at: int):
    assert [update for update in range(at + 1) if thinning.keeps(update, at)] == thinning.kept(at)


@given(thinnings, st.integers(0, 100_000))
def test_what_was_dropped_never_comes_back(thinning: Thinning, at: int):
    assert set(thinning.kept(at + 1)) <= {*thinning.kept(at), at + 1}


@given(thinnings, st.integers(0, 100_000))
def test_the_old_part_has_even_steps_and_is_at_least_half_full(thinning: Thinning, at: int):
    old = [update for update in thinning.kept(at) if update <= at - thinning.recent]
    stride = thinning.stride(at)
    assert all(later - earlier == stride for earlier, later in itertools.pairwise(old))
    if stride > thinning.first_stride:
        assert len(old) > thinning.spread // 2


def test_the_default_is_256_recent_and_500_before_them():
    thinning = moments_that_fit(100_000)
    assert (thinning.recent, thinning.spread, thinning.most) == (256, 500, 757)
    assert thinning.kept(756) == list(range(757))
    kept = thinning.kept(10_000)
    assert kept[:3] == [0, 32, 64]
    assert kept[-257:] == [9728, *range(9745, 10_001)][-257:]


@given(st.integers(1, 10**8))
def test_moments_and_checkpoints_stay_in_their_budget(bytes_each: int):
    moments, checkpoints = moments_that_fit(bytes_each), checkpoints_that_fit(bytes_each)
    rows = moments.most + 1
    assert rows * bytes_each <= MOMENT_BYTES or (moments.recent, moments.spread) == (8, 8)
    assert checkpoints.most <= 32
    assert checkpoints.most * bytes_each <= CHECKPOINT_BYTES or checkpoints.most == 4


@given(st.integers(10, 10**7), st.integers(1, 2), st.integers(0, 200_000))
def test_every_checkpoint_stands_at_a_kept_moment(bytes_each: int, moments_of_optimiser: int, at: int):
    checkpoints = checkpoints_that_fit((1 + moments_of_optimiser) * bytes_each)
    assert set(checkpoints.kept(at)) <= set(moments_that_fit(bytes_each).kept(at))


def weights_of(update: int) -> dict[str, np.ndarray]:
    return {"a": np.full(3, update, np.float32), "b": np.arange(5, dtype=np.float32) + update}


def small_history(rows: int) -> WeightHistory:
    return WeightHistory({"a": 3, "b": 5}, budget=rows * 8 * 4)


def assert_holds(history: WeightHistory, expected: list[int]) -> None:
    assert history.kept_updates.tolist() == expected
    for update in expected:
        assert update in history
        for network, weights in weights_of(update).items():
            assert np.array_equal(history.weights(update)[network], weights)


@settings(max_examples=30)
@given(rows=st.integers(20, 90), last=st.integers(0, 700))
def test_the_history_holds_exactly_what_the_rule_says(rows: int, last: int):
    history = small_history(rows)
    for update in range(last + 1):
        history.record(update, weights_of(update))
        assert history.kept_updates.tolist() == history.thinning.kept(update)
    assert_holds(history, history.thinning.kept(last))
    assert history.nbytes <= rows * 8 * 4


@settings(max_examples=30)
@given(last=st.integers(1, 500), back=st.integers(0, 500))
def test_a_rewound_run_leaves_the_same_history_as_one_that_never_was(last: int, back: int):
    history = small_history(30)
    for update in range(last + 1):
        history.record(update, weights_of(update))
    history.forget_after(0)
    assert_holds(history, [0])
    for update in range(1, back + 1):
        history.record(update, weights_of(update))
    assert_holds(history, history.thinning.kept(back))


def test_going_back_to_a_kept_moment_drops_what_came_after():
    history = small_history(30)
    for update in range(200):
        history.record(update, weights_of(update))
    middle = history.kept_updates.tolist()[5]
    before = [update for update in history.kept_updates.tolist() if update <= middle]
    history.forget_after(middle)
    assert_holds(history, before)
    for update in range(middle + 1, 400):
        history.record(update, weights_of(update))
    assert history.kept_updates[-1] == 399
    assert len(history.kept_updates) <= history.thinning.most
    with pytest.raises(KeyError, match="not kept"):
        history.forget_after(1)


def test_the_nearest_moment_is_at_or_before():
    history = small_history(30)
    with pytest.raises(KeyError, match="No moment"):
        history.nearest(0)
    for update in range(300):
        history.record(update, weights_of(update))
    kept = history.kept_updates.tolist()
    for wanted in range(320):
        assert history.nearest(wanted) == max(update for update in kept if update <= wanted)
    dropped = next(update for update in range(300) if update not in kept)
    assert dropped not in history
    with pytest.raises(KeyError, match=f"update {dropped} are not kept"):
        history.weights(dropped)


def test_updates_are_recorded_one_after_the_other():
    history = small_history(30)
    with pytest.raises(ValueError, match="goes on with update 0"):
        history.record(3, weights_of(3))
    history.record(0, weights_of(0))
    with pytest.raises(ValueError, match="goes on with update 1"):
        history.record(0, weights_of(0))


def test_what_is_handed_out_is_a_copy():
    history = small_history(30)
    live = weights_of(0)
    history.record(0, live)
    live["a"][:] = 99.0
    history.weights(0)["b"][:] = 99.0
    assert_holds(history, [0])
    with pytest.raises(ValueError):
        history.kept_updates[0] = 7


def checkpoint_at(update: int) -> Checkpoint:
    array = np.full(10, update, np.float32)
    return Checkpoint(
        update, MappingProxyType({"a": NetworkCheckpoint(array, (array,), CurriculumState(update))})
    )


def test_checkpoints_follow_the_rule_and_the_first_one_stays():
    history = CheckpointHistory(checkpoint_at(0))
    assert history.thinning.most == 32
    for update in range(1, 10_001):
        if history.wants(update):
            history.record(checkpoint_at(update))
        if update % 500 == 0:
            assert history.updates == history.thinning.kept(update)
    assert history.updates[:2] == [0, 512]
    assert history.nearest(9_999).update == 9_728
    assert history.nearest(511).update == 0
    history.forget_after(600)
    assert history.updates == [0, 512]
    with pytest.raises(KeyError):
        CheckpointHistory(checkpoint_at(5)).nearest(4)


def test_few_checkpoints_of_large_networks():
    history = CheckpointHistory(checkpoint_at(0), budget=100)
    for update in range(1, 1000):
        if history.wants(update):
            history.record(checkpoint_at(update))
    assert history.updates == [0, 256, 512, 768]
