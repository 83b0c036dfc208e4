"""Echo: what came a few letters ago, from one stream that is cut as the Batches page shows it."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks.batching import CARRY, MEMORY_MODES, RESET, SHUFFLED, UNCUT, UNCUT_PARTS
from playground.tasks.memory_tasks.echo import Echo, EchoSettings, letters_of_stream
from tests.tasks.conformance import assert_conforms


@pytest.mark.parametrize("memory", MEMORY_MODES)
def test_keeps_the_contract(memory: str) -> None:
    assert_conforms(Echo(EchoSettings(memory=memory, length=1_000, timesteps=10)))


def test_the_target_is_the_letter_some_timesteps_ago() -> None:
    task = Echo(EchoSettings(echo=3, timesteps=5, length=1_000))
    stream = letters_of_stream(7, 1_000, 4)
    row_length = 999 // 4
    for update in (1, 2, 9):
        batch = task.batch(7, update, 3, 4)
        for t, row in np.ndindex(batch.targets.shape):
            place = (update - 1) * 5 + t  # in the row
            position = row * row_length + place
            assert batch.inputs[t, row] == stream[position]
            assert batch.asked[t, row] == (place >= 3)
            if place >= 3:
                assert batch.targets[t, row] == stream[position - 3]
        assert batch.carried == (update > 1)
        assert batch.loss_weights.sum() == pytest.approx(1.0)


def test_nothing_is_asked_while_nothing_can_be_known() -> None:
    task = Echo(EchoSettings(echo=8, timesteps=5, length=1_000))
    first, second = (task.batch(1, update, 8, 4) for update in (1, 2))
    assert not first.asked.any()
    assert first.loss_weights.sum() == 0.0
    assert second.asked.sum() == 2 * 4  # places 8 and 9 of each row


def test_each_way_of_keeping_memory() -> None:
    def batch(memory: str, update: int):  # type: ignore[no-untyped-def]
        return Echo(EchoSettings(echo=2, timesteps=5, length=1_000, memory=memory)).batch(1, update, 2, 4)

    carried = [batch(CARRY, update) for update in (1, 2, 3)]
    assert [each.carried for each in carried] == [False, True, True]
    assert not any(batch(RESET, update).carried for update in (1, 2, 3))
    uncut = batch(UNCUT, 6)
    assert uncut.timesteps == 5 * UNCUT_PARTS
    assert not uncut.carried
    assert not uncut.asked[:-5].any()
    np.testing.assert_array_equal(uncut.inputs[-5:], batch(CARRY, 6).inputs)
    shuffled = [batch(SHUFFLED, update).inputs for update in range(1, 50)]
    straight = [batch(CARRY, update).inputs for update in range(1, 50)]
    assert {each.tobytes() for each in shuffled} == {each.tobytes() for each in straight}
    assert any((a != b).any() for a, b in zip(shuffled, straight, strict=True))
