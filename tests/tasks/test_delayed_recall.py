"""Delayed recall: who came first is right at the end, whatever lies between."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.setting import setting_problem, setting_specs
from playground.tasks.memory_tasks.delayed_recall import CHARACTERS, DelayedRecall, DelayedRecallSettings
from playground.tasks.task import Batch
from tests.tasks.conformance import assert_conforms


def names(task: DelayedRecall, batch: Batch) -> list[list[str]]:
    """The names of the events of each sequence."""
    return [[task.symbols[symbol].name for symbol in row] for row in batch.inputs.T.astype(int)]


@pytest.mark.parametrize("symbols", [2, 5, 8])
@pytest.mark.parametrize("distractors", [(0, 0), (3, 9), (50, 50)])
def test_keeps_the_contract(symbols: int, distractors: tuple[int, int]) -> None:
    assert_conforms(DelayedRecall(DelayedRecallSettings(symbols=symbols, distractors=distractors)))


def test_a_sequence_is_somebody_then_flowers_and_trees_then_the_question() -> None:
    task = DelayedRecall(DelayedRecallSettings(distractors=(3, 9)))
    lengths = set()
    for update in range(60):
        batch = task.batch(1, update, 9, 16)
        assert not batch.carried
        lengths.add(batch.distance)
        for row, sequence in enumerate(names(task, batch)):
            assert len(sequence) == batch.distance + 2
            assert sequence[0] in CHARACTERS
            assert set(sequence[1:-1]) <= {"flower", "tree"}
            assert sequence[-1] == "who"
            assert task.answers[batch.targets[-1, row]].name == sequence[0]
        assert batch.asked[-1].all()
        assert not batch.asked[:-1].any()
        assert batch.loss_weights.tolist() == [0.0] * (batch.distance + 1) + [1.0]
    assert lengths == set(range(3, 10))


def test_who_remembers_nothing_is_right_once_in_eight() -> None:
    """The last input and the length are the same for all characters: every fixed answer has the same rate."""
    task = DelayedRecall()
    batch = task.batch(1, 1, 20, 800)
    shown = np.bincount(batch.targets[-1], minlength=8) / 800
    np.testing.assert_array_equal(shown, np.full(8, task.chance))
    assert len(set(batch.inputs[-1].tolist())) == 1
    rate, words = task.baseline()
    assert rate == 1 / 8
    assert "12 %" in words.guide


def test_both_distractors_are_as_likely() -> None:
    task = DelayedRecall(DelayedRecallSettings(distractors=(100, 100)))
    between = task.batch(1, 1, 100, 100).inputs[1:-1]
    assert (between == task.number("tree")).mean() == pytest.approx(0.5, abs=0.02)


def test_the_latest_character_counts_and_without_one_nothing_is_asked() -> None:
    task = DelayedRecall()
    told = task.sequence(["owl", "flower", "cat", "tree", "who", "flower", "who"])
    assert [task.answers[target].name for target in told.targets] == ["owl", "owl", *["cat"] * 5]
    assert np.flatnonzero(told.asked).tolist() == [4, 6]
    assert not task.sequence(["flower", "who"]).asked.any()


def test_the_probe_can_be_read_from_the_last_row() -> None:
    task = DelayedRecall(DelayedRecallSettings(distractors=(300, 300)))
    probe = task.probe()
    assert probe.length == 22
    assert task.answers[probe.targets[-1]].name == "wolf"
    assert probe.events[-1].asking


def test_what_is_known_is_who_was_shown() -> None:
    task = DelayedRecall(DelayedRecallSettings(distractors=(2, 2)))
    batch = task.batch(1, 1, 2, 8)
    facts = task.facts(batch)
    assert set(facts) == {"timestep", *CHARACTERS}
    np.testing.assert_array_equal(facts["timestep"][:, 0], [1, 2, 3, 4])
    for row, sequence in enumerate(names(task, batch)):
        for name in CHARACTERS:
            assert (facts[name][:, row] == (1 if name == sequence[0] else -1)).all()


def test_one_distance_is_exactly_that_one() -> None:
    settings = DelayedRecall().at_distance(7)
    assert settings == DelayedRecallSettings(distractors=(7, 7))
    too_long = DelayedRecall().at_distance(1000)
    spec = setting_specs(DelayedRecallSettings())["distractors"]
    assert setting_problem(spec, too_long.distractors, (0, 1)) is not None  # type: ignore[union-attr]
