"""Parity: the answer is the parity of the ones so far, and no shorter memory than one bit helps."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks.memory_tasks.parity import Parity, ParitySettings
from tests.tasks.conformance import assert_conforms


@pytest.mark.parametrize("taught", ["every", "last"])
@pytest.mark.parametrize("length", [(1, 20), (40, 40)])
def test_keeps_the_contract(taught: str, length: tuple[int, int]) -> None:
    assert_conforms(Parity(ParitySettings(length=length, taught=taught)))


def test_the_answer_is_the_parity_so_far() -> None:
    task = Parity()
    lengths = set()
    for update in range(80):
        batch = task.batch(1, update, 20, 8)
        lengths.add(batch.timesteps)
        for row in range(8):
            odd = False
            for t in range(batch.timesteps):
                odd ^= bool(batch.inputs[t, row])
                assert batch.targets[t, row] == odd
        assert batch.asked[-1].all()
        assert not batch.asked[:-1].any()
    assert lengths == set(range(1, 21))


def test_the_last_bits_tell_nothing() -> None:
    """Given the last three bits, odd is as likely as even."""
    batch = Parity(ParitySettings(length=(12, 12))).batch(1, 1, 12, 8000)
    last = batch.inputs[-3:].T.astype(int) @ [4, 2, 1]
    for bits in range(8):
        assert batch.targets[-1, last == bits].mean() == pytest.approx(0.5, abs=0.06)
    assert Parity().baseline()[0] == 0.5


def test_what_is_taught_is_every_bit_or_the_last() -> None:
    every, last = (Parity(ParitySettings(length=(5, 5), taught=taught)) for taught in ("every", "last"))
    assert every.batch(1, 1, 5, 2).loss_weights.tolist() == pytest.approx([0.2] * 5)
    assert last.batch(1, 1, 5, 2).loss_weights.tolist() == [0, 0, 0, 0, 1]
    assert (every.target_at, last.target_at) == ("every", "last")


def test_the_probe_is_odd() -> None:
    probe = Parity().probe()
    assert sum(int(event.name) for event in probe.events) % 2 == probe.targets[-1] == 1
    assert Parity(ParitySettings(length=(1, 1))).probe().length == 2


def test_what_is_known_is_the_parity() -> None:
    task = Parity()
    batch = task.batch(1, 2, 20, 4)
    facts = task.facts(batch)
    np.testing.assert_array_equal(facts["parity"], 2 * batch.targets - 1)
    np.testing.assert_array_equal(facts["ones"][-1], batch.inputs.sum(axis=0))
    assert task.at_distance(9) == ParitySettings(length=(9, 9))
