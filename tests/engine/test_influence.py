"""Influence: against every replacement read by hand, one at a time."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from playground.engine import influence as module
from playground.engine.influence import influence, replacement_inputs
from playground.engine.model import SequenceModel
from playground.tasks.task import SQUARED_ERROR
from tests.engine.networks import ALL_CELLS, INPUTS, random_sequence, small_model, train
from tests.engine.tiny_task import TinyTask

EVENTS = np.random.default_rng(3).standard_normal((4, INPUTS)).astype(np.float32)


def by_hand(model: SequenceModel, inputs: np.ndarray, squared: bool = False) -> np.ndarray:
    """Finite enumeration: each changed sequence is read from its beginning."""

    def said(sequence: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            logits = model(torch.tensor(sequence).to(model.dtype)[:, None])[-1, 0]
            return (logits if squared else torch.softmax(logits, -1)).double().numpy()

    true = said(inputs)
    found = np.full(len(inputs), np.nan)
    for t in range(len(inputs)):
        moved = []
        for event in EVENTS:
            if (event == inputs[t]).all():
                continue
            changed = inputs.copy()
            changed[t] = event
            away = np.abs(said(changed) - true)
            moved.append(away.mean() if squared else 0.5 * away.sum())
        found[t] = np.mean(moved)
    return found


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ALL_CELLS)
def test_it_is_the_mean_over_all_replacements(cell: str, layers: int) -> None:
    model = small_model(cell, layers=layers)
    train(model, updates=10)
    inputs = random_sequence(6).inputs.copy()
    inputs[2] = EVENTS[1]  # one of the events itself: it is not counted as a replacement there
    np.testing.assert_allclose(influence(model, inputs, EVENTS), by_hand(model, inputs), atol=1e-12)


def test_of_numbers_it_is_the_mean_distance() -> None:
    model = small_model("lstm")
    inputs = random_sequence(5).inputs
    found = influence(model, inputs, EVENTS, SQUARED_ERROR)
    np.testing.assert_allclose(found, by_hand(model, inputs, squared=True), atol=1e-12)


def test_without_memory_only_the_last_event_counts() -> None:
    found = influence(small_model("no_memory"), random_sequence(6).inputs, EVENTS)
    assert np.all(found[:-1] == 0.0)
    assert found[-1] > 0.0


def test_one_event_and_nothing_to_put_in_its_place() -> None:
    model = small_model("rnn")
    assert influence(model, random_sequence(1).inputs, EVENTS).shape == (1,)
    assert np.isnan(influence(model, random_sequence(3).inputs, EVENTS[:0])).all()
    inputs = np.repeat(EVENTS[:1], 3, axis=0)
    assert np.isnan(influence(model, inputs, EVENTS[:1])).all()


def test_long_sequences_try_fewer_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    model = small_model("lstm")
    inputs = random_sequence(5).inputs  # 5 timesteps: two events, the first and the last
    np.testing.assert_array_equal(influence(model, inputs, EVENTS), influence(model, inputs, EVENTS[[0, 3]]))


def test_very_long_sequences_read_no_more_than_so_many_timesteps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READINGS", 30)  # T^2 R / 2 = 25 with two events in each of five places
    model = small_model("lstm")
    inputs = random_sequence(5).inputs
    np.testing.assert_array_equal(influence(model, inputs, EVENTS), influence(model, inputs, EVENTS[[0, 3]]))


def test_replacements_are_the_events_of_the_task() -> None:
    task = TinyTask()
    np.testing.assert_array_equal(replacement_inputs(task, task.probe()), np.eye(4, dtype=np.float32))


def test_a_task_without_single_events_gives_those_of_the_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    task = TinyTask()
    probe = task.probe()
    monkeypatch.setattr(task, "events", lambda: ())
    assert len(replacement_inputs(task, probe)) == 3  # one, filler, ask
