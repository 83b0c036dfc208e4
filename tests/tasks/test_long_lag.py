"""The noise-free long lag: two sequences, and the paper's criterion that no output errs by a quarter."""

from __future__ import annotations

import numpy as np
import pytest

from playground.tasks.memory_tasks.long_lag import LongLag, LongLagSettings
from tests.tasks.conformance import assert_conforms

P = 6
TASK = LongLag(LongLagSettings(lag=P))
A = [f"a{i}" for i in range(1, P)]


@pytest.mark.parametrize("lag", [3, 10, 100])
def test_keeps_the_contract(lag: int) -> None:
    assert_conforms(LongLag(LongLagSettings(lag=lag)))


def test_there_are_two_sequences_each_as_often() -> None:
    batch = TASK.batch(1, 1, P, 10)
    name = [event.name for event in TASK.events()]
    seen = sorted("".join(name[symbol] for symbol in row) for row in batch.inputs.T.astype(int))
    assert seen == ["x" + "".join(A)] * 5 + ["y" + "".join(A)] * 5
    for row in range(10):
        first = name[int(batch.inputs[0, row])]
        assert [name[target] for target in batch.targets[:, row]] == [*A, first]
    assert batch.asked[-1].all()
    assert not batch.asked[:-1].any()


def test_the_last_timestep_weighs_as_much_as_all_others_together() -> None:
    weights = TASK.batch(1, 1, P, 4).loss_weights
    assert weights[-1] == weights[:-1].sum() == pytest.approx(0.5)
    assert len(set(weights[:-1].tolist())) == 1


@pytest.mark.parametrize(("error", "right"), [(0.24, True), (0.26, False)])
@pytest.mark.parametrize("timestep", range(P))
def test_an_error_of_a_quarter_anywhere_spoils_the_sequence(timestep: int, error: float, right: bool) -> None:
    batch = TASK.batch(1, 1, P, 1)
    probabilities = np.full((P, 1, P + 1), 1e-9)
    np.put_along_axis(probabilities, batch.targets[..., None], 1.0, axis=-1)
    probabilities[timestep] = error / P
    probabilities[timestep, 0, batch.targets[timestep, 0]] = 1 - error
    assert TASK.right(batch, np.log(probabilities).astype(np.float32))[-1, 0] == right


def test_at_another_distance_the_lag_is_that_one_and_what_is_unknown_is_not_counted() -> None:
    name = [event.name for event in TASK.events()]
    for distance, between in ((3, A[-2:]), (8, [*A[-2:], *A])):
        (batch,) = TASK.held_out(1, 4, distance)
        assert [name[symbol] for symbol in batch.inputs[1:, 0].astype(int)] == between
        assert batch.asked[-1].all()
        wrong_first = np.eye(P + 1, dtype=np.float32)[batch.targets] * 20
        wrong_first[0] = 0
        assert TASK.right(batch, wrong_first)[-1].all()
    (as_trained,) = TASK.held_out(1, 4, P)
    wrong_first = np.eye(P + 1, dtype=np.float32)[as_trained.targets] * 20
    wrong_first[0] = 0
    assert not TASK.right(as_trained, wrong_first)[-1].any()


def test_what_is_known_is_how_it_began() -> None:
    batch = TASK.batch(1, 1, P, 4)
    x = TASK.number("x")
    np.testing.assert_array_equal(TASK.facts(batch)["first"][0], np.where(batch.inputs[0] == x, 1, -1))
    assert TASK.at_distance(9) == LongLagSettings(lag=9)
