"""A long sequence is cut as the guide says, and nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.tasks.batching import (
    CARRY,
    MEMORY_MODE_WORDS,
    MEMORY_MODES,
    RESET,
    SHUFFLED,
    UNCUT,
    UNCUT_PARTS,
    Batching,
    BatchingError,
    Visit,
    cut,
    joined,
    stream_batch,
    visit,
)

GUIDE = Batching(length=11, batch_size=2, sequence_length=3)


def test_the_guide_s_own_example() -> None:
    assert list(GUIDE.row(0)) == [0, 1, 2, 3, 4]
    assert list(GUIDE.row(1)) == [5, 6, 7, 8, 9]
    assert GUIDE.batches == 1
    assert GUIDE.positions(0).tolist() == [[0, 5], [1, 6], [2, 7]]
    assert list(GUIDE.mini_sequence(1, 0)) == [5, 6, 7]
    assert list(GUIDE.left_over(0)) == [3, 4]
    assert list(GUIDE.left_over(1)) == [8, 9]
    assert GUIDE.only_target == 10
    assert list(GUIDE.tail) == []


def test_the_guide_s_batch_has_targets_one_later() -> None:
    numbers = np.arange(11)
    batch = stream_batch(GUIDE, visit(GUIDE, CARRY, 0, 1), lambda at: numbers[at], lambda at: numbers[at + 1])
    assert batch.inputs.tolist() == [[0, 5], [1, 6], [2, 7]]
    assert batch.targets.tolist() == [[1, 6], [2, 7], [3, 8]]
    assert batch.asked.all()
    assert batch.loss_weights.sum() == pytest.approx(1.0)
    assert not batch.carried


@given(st.integers(1, 7), st.integers(1, 9), st.integers(0, 200))
def test_rows_and_leftovers_together_are_the_sequence(batch_size: int, timesteps: int, more: int) -> None:
    sequence = np.random.default_rng(more).integers(0, 99, batch_size * timesteps + 1 + more)
    pieces = cut(sequence, batch_size, timesteps)
    np.testing.assert_array_equal(joined(pieces), sequence)
    batching = pieces.batching
    everything = [
        position
        for row in range(batch_size)
        for part in (
            *(batching.mini_sequence(row, batch) for batch in range(batching.batches)),
            batching.left_over(row),
        )
        for position in part
    ]
    assert [*everything, batching.only_target, *batching.tail] == list(range(len(sequence)))
    assert all(len(batching.left_over(row)) < timesteps for row in range(batch_size))


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 60))
def test_a_row_s_mini_sequences_follow_each_other(batch_size: int, timesteps: int, more: int) -> None:
    batching = Batching(batch_size * timesteps + 1 + more, batch_size, timesteps)
    read = np.concatenate([batching.positions(batch) for batch in range(batching.batches)])  # (T n, B)
    assert (np.diff(read, axis=0) == 1).all()
    assert read[0].tolist() == [batching.row(row).start for row in range(batch_size)]
    assert read.max() < batching.length - 1  # every input has a target


def test_vectors_are_cut_as_numbers_are() -> None:
    sequence = np.arange(42.0).reshape(21, 2)
    pieces = cut(sequence, 4, 2)
    assert pieces.mini_sequences[0].shape == (2, 4, 2)
    np.testing.assert_array_equal(joined(pieces), sequence)


LONG = Batching(length=61, batch_size=2, sequence_length=5)  # 6 batches a pass


def test_carried_memory_begins_at_zero_where_the_sequence_begins() -> None:
    seen = [visit(LONG, CARRY, 3, update) for update in range(1, 14)]
    assert [each.trained for each in seen] == [0, 1, 2, 3, 4, 5] * 2 + [0]
    assert [each.carried for each in seen] == [False, True, True, True, True, True] * 2 + [False]
    assert [each.around for each in seen] == [0] * 6 + [1] * 6 + [2]


def test_reset_reads_the_same_and_never_carries() -> None:
    for update in range(1, 14):
        assert visit(LONG, RESET, 3, update).parts == visit(LONG, CARRY, 3, update).parts
        assert not visit(LONG, RESET, 3, update).carried


def test_without_cutting_the_mini_sequences_before_are_read_again() -> None:
    seen = [visit(LONG, UNCUT, 3, update).parts for update in range(1, 8)]
    assert UNCUT_PARTS == 4
    assert seen == [(0,), (0, 1), (0, 1, 2), (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0,)]
    numbers = np.arange(61)
    batch = stream_batch(LONG, Visit((0, 1), False, 0), lambda at: numbers[at], lambda at: numbers[at + 1])
    assert batch.inputs[:, 1].tolist() == list(range(30, 40))
    assert batch.loss_weights.tolist() == pytest.approx([0] * 5 + [0.2] * 5)
    assert batch.asked[:, 0].tolist() == [False] * 5 + [True] * 5


def test_shuffled_reads_everything_once_a_pass_in_another_order_and_carries_along() -> None:
    order = [
        [visit(LONG, SHUFFLED, 3, 6 * around + place).trained for place in range(1, 7)] for around in range(9)
    ]
    assert all(sorted(each) == list(range(6)) for each in order)
    assert len({tuple(each) for each in order}) > 4
    assert [visit(LONG, SHUFFLED, 3, update).carried for update in (1, 2, 7)] == [False, True, True]
    assert order[0] == [visit(LONG, SHUFFLED, 3, place).trained for place in range(1, 7)]
    others = [[visit(LONG, SHUFFLED, seed, place).trained for place in range(1, 7)] for seed in range(9)]
    assert len({tuple(each) for each in others}) > 4


def test_what_cannot_be_cut_is_said_in_a_sentence() -> None:
    with pytest.raises(
        BatchingError, match=r"too short: 2 rows of 6 timesteps .* need 13 positions, and it has 11"
    ):
        Batching(11, 2, 6)
    with pytest.raises(BatchingError, match="at least one row"):
        Batching(11, 0, 6)
    with pytest.raises(BatchingError, match="carry, reset, uncut, shuffled"):
        visit(LONG, "forgetful", 0, 1)
    with pytest.raises(IndexError):
        LONG.positions(6)
    with pytest.raises(IndexError):
        LONG.mini_sequence(2, 0)


def test_every_way_of_keeping_memory_is_explained() -> None:
    assert set(MEMORY_MODES) == set(MEMORY_MODE_WORDS)
