"""Copy memory: what comes in, what is to be said when, and the closed form of guessing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.tasks.memory_tasks.copy_memory import CopyMemory, CopyMemorySettings
from tests.tasks.conformance import assert_conforms

TASK = CopyMemory(CopyMemorySettings(symbols=10, delay=100))


@pytest.mark.parametrize(("symbols", "delay"), [(1, 1), (3, 10), (10, 100)])
def test_keeps_the_contract(symbols: int, delay: int) -> None:
    assert_conforms(CopyMemory(CopyMemorySettings(symbols=symbols, delay=delay)))


def test_a_sequence_is_that_of_the_paper() -> None:
    """N symbols, T - 1 blanks, go, N blanks; the answers T + N blanks and the N symbols."""
    batch = TASK.batch(1, 1, 100, 16)
    assert batch.timesteps == 120
    blank, go = TASK.number("blank"), TASK.number("go")
    assert (batch.inputs[:10] < 8).all()
    assert (batch.inputs[10:109] == blank).all()
    assert (batch.inputs[109] == go).all()
    assert (batch.inputs[110:] == blank).all()
    assert (batch.targets[:110] == blank).all()
    np.testing.assert_array_equal(batch.targets[110:], batch.inputs[:10])
    assert batch.asked[110:].all()
    assert not batch.asked[:110].any()
    assert set(batch.inputs[:10].reshape(-1).tolist()) == set(range(8))


def test_guessing_has_the_loss_and_rate_of_the_closed_form() -> None:
    """Blank until go has been seen, then all symbols alike: the best there is without memory of them."""
    batch = TASK.batch(1, 1, 100, 32)
    probabilities = np.full((120, 32, 9), 1 / 8)
    probabilities[:110] = 0
    probabilities[:110, :, 8] = 1
    said = np.take_along_axis(probabilities, batch.targets[..., None].astype(int), axis=-1)[..., 0]
    loss = (batch.loss_weights @ -np.log(said)).mean()
    assert loss == pytest.approx(10 * math.log(8) / 120) == pytest.approx(TASK.baseline_loss())
    assert TASK.baseline()[0] == TASK.chance == 1 / 8
    assert "0.173" in TASK.baseline()[1].textbook


def test_go_asks_for_what_was_seen_since_the_last_time() -> None:
    task = CopyMemory()
    told = task.sequence(["B", "blank", "D", "go", "blank", "blank", "blank", "A", "go", "blank"])
    names = [task.answers[target].name for target in told.targets]
    assert names == ["blank"] * 4 + ["B", "D"] + ["blank"] * 3 + ["A"]
    assert np.flatnonzero(told.asked).tolist() == [4, 5, 9]
    assert not task.sequence(["go", "blank"]).asked.any()


def test_what_is_known_is_how_much_is_left() -> None:
    task = CopyMemory(CopyMemorySettings(symbols=2, delay=2))
    facts = task.facts(task.batch(1, 1, 2, 1))  # two symbols, blank, go, blank, blank
    np.testing.assert_array_equal(facts["go"][:, 0], [-1, -1, -1, 1, 1, 1])
    np.testing.assert_array_equal(facts["left"][:, 0], [1, 2, 2, 2, 1, 0])
    assert task.at_distance(5) == CopyMemorySettings(symbols=2, delay=5)
