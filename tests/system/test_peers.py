"""Everybody in the race does the same arithmetic: from the same weights, the same losses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from playground.bench.next_symbol import BATCHES, NextSymbol
from playground.bench.peers import JAX, NUMPY, OURS, REFERENCE, TORCH, WAYS, Way, ours
from playground.bench.race import those_there
from playground.bench.same_start import same_start
from playground.bench.sizes import CELLS, SIZES, TO_REACH, Size
from tests.engine.kernels import kernel_for_tests

SIZE = Size(units=7, batch=3, timesteps=9, symbols=5)
BY_NAME = {way.name: way for way in WAYS}
UPDATES = 2 * BATCHES + 3


def losses(way: Way, cell: str) -> list[float]:
    updates = way.make(same_start(cell, SIZE))
    return [updates(1) for _ in range(UPDATES)]


@pytest.fixture(autouse=True)
def the_kernel_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = kernel_for_tests()
    monkeypatch.setattr(ours.readiness, "load", lambda: kernel)


@pytest.mark.parametrize("way", WAYS[1:], ids=lambda way: way.name)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_losses_agree_with_torchs(cell: str, way: Way) -> None:
    if not way.is_there():
        pytest.skip(f"{way.needs} is not installed")
    expected = losses(BY_NAME[TORCH], cell)
    assert losses(way, cell) == pytest.approx(expected, abs=1e-5)
    assert abs(expected[0] - math.log(SIZE.symbols)) < 0.3  # nothing is known yet
    assert np.ptp(expected) > 0.01  # and it does change


@pytest.mark.parametrize("name", [OURS, JAX])
def test_losses_of_the_guides_lstm_agree_with_our_equations(name: str) -> None:
    if not BY_NAME[name].is_there():
        pytest.skip(f"{BY_NAME[name].needs} is not installed")
    expected = losses(BY_NAME[REFERENCE], "guide_lstm")
    assert losses(BY_NAME[name], "guide_lstm") == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", [OURS, NUMPY, TORCH])
def test_several_updates_at_once_are_the_same_updates(name: str) -> None:
    one_by_one = losses(BY_NAME[name], "lstm")
    together = BY_NAME[name].make(same_start("lstm", SIZE))
    assert together(UPDATES) == pytest.approx(one_by_one[-1], abs=1e-6)


def test_nothing_can_be_learned_from_the_task() -> None:
    task = NextSymbol(SIZE)
    batches = [task.batch(0, update, 0, SIZE.batch) for update in range(1, BATCHES + 2)]
    assert np.array_equal(batches[0].inputs, batches[BATCHES].inputs)
    assert not np.array_equal(batches[0].inputs, batches[1].inputs)
    assert np.array_equal(batches[0].inputs[1:], batches[0].targets[:-1])
    assert batches[0].loss_weights.sum() == pytest.approx(1.0)


def test_every_cell_and_size_has_a_number_to_reach() -> None:
    assert set(TO_REACH) == set(CELLS)
    assert all(set(numbers) == set(SIZES) for numbers in TO_REACH.values())


def test_what_is_not_installed_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Way, "is_there", lambda way: way.needs != "jax")
    there, sentences = those_there()
    assert [way.name for way in there] == [way.name for way in WAYS if way.name != JAX]
    assert len(sentences) == 1
    assert "jax is not installed" in sentences[0]
    assert "pip install" in sentences[0]
