"""Temporal order: places, classes and lengths are those of the paper's experiments 6a and 6b."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from playground.tasks.memory_tasks.temporal_order import SHORTEST, TemporalOrder, TemporalOrderSettings
from tests.tasks.conformance import assert_conforms

PAPER_PLACES = {2: [(10, 20), (50, 60)], 3: [(10, 20), (33, 43), (66, 76)]}
PAPER_CLASSES = {  # Hochreiter and Schmidhuber 1997, section 5.6
    2: {"XX": "Q", "XY": "R", "YX": "S", "YY": "U"},
    3: dict(zip(["XXX", "XXY", "XYX", "XYY", "YXX", "YXY", "YYX", "YYY"], "QRSUVABC", strict=True)),
}


@pytest.mark.parametrize("marks", [2, 3])
@pytest.mark.parametrize("length", [SHORTEST, 50, 300])
def test_keeps_the_contract(marks: int, length: int) -> None:
    assert_conforms(TemporalOrder(TemporalOrderSettings(marks=marks, length=length)))


@pytest.mark.parametrize("marks", [2, 3])
def test_sequences_are_those_of_the_paper(marks: int) -> None:
    task = TemporalOrder(TemporalOrderSettings(marks=marks, length=100))
    seen: list[Counter[int]] = [Counter() for _ in range(marks)]
    lengths = set()
    for update in range(40):
        batch = task.batch(2, update, 100, 32)
        lengths.add(batch.timesteps)
        for row, symbols in enumerate(batch.inputs.T.astype(int)):
            said = [task.symbols[symbol].name for symbol in symbols]
            assert (said[0], said[-1]) == ("E", "B")
            places = [t for t, name in enumerate(said) if name in "XY"]
            assert len(places) == marks
            for mark, place in enumerate(places):
                seen[mark][place] += 1
            order = "".join(said[place] for place in places)
            assert task.answers[batch.targets[-1, row]].name == PAPER_CLASSES[marks][order]
            assert set(said[1:-1]) <= set("abcdXY")
        assert batch.asked[-1].all()
        assert batch.loss_weights.sum() == batch.loss_weights[-1] == 1.0
    assert lengths == set(range(100, 111))
    for places, (first, last) in zip(seen, PAPER_PLACES[marks], strict=True):
        assert set(places) == set(range(first, last + 1))


@pytest.mark.parametrize(("marks", "chance"), [(2, 0.25), (3, 0.125)])
def test_all_orders_are_as_likely_and_the_end_tells_nothing(marks: int, chance: float) -> None:
    task = TemporalOrder(TemporalOrderSettings(marks=marks))
    batch = task.batch(1, 1, 50, 800)
    np.testing.assert_array_equal(np.bincount(batch.targets[-1]) / 800, np.full(2**marks, chance))
    assert task.baseline()[0] == task.chance == chance
    assert len(set(batch.inputs[-1].tolist())) == 1


def test_an_order_is_asked_only_once_there_is_one() -> None:
    task = TemporalOrder()
    told = task.sequence(["E", "X", "B", "a", "Y", "B"])
    assert told.asked.tolist() == [False] * 5 + [True]
    assert task.answers[told.targets[-1]].title == "X, Y"
    probe = task.probe()
    assert task.answers[probe.targets[-1]].title == "X, Y"
    assert probe.length == 30


def test_what_is_known_are_the_marks() -> None:
    task = TemporalOrder()
    batch = task.batch(1, 3, 50, 8)
    facts = task.facts(batch)
    for row, symbols in enumerate(batch.inputs.T.astype(int)):
        marks = [(t, symbol) for t, symbol in enumerate(symbols) if symbol < 2]
        (first, x), (second, y) = marks
        assert np.isnan(facts["latest"][:first, row]).all()
        assert (facts["latest"][first:second, row] == 1 - 2 * x).all()
        assert (facts["latest"][second:, row] == 1 - 2 * y).all()
        assert np.isnan(facts["earlier"][:second, row]).all()
        assert (facts["earlier"][second:, row] == 1 - 2 * x).all()
        assert facts["marks"][-1, row] == 2
