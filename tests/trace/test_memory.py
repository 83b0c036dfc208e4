"""Measures of memory against closed forms: constant factors, rotations, known half-lives."""

from __future__ import annotations

import numpy as np
import pytest

from playground.contract.cell_description import CellDescription, Quantity, Words
from playground.trace import memory
from playground.trace.in_pieces import drained
from playground.trace.memory import (
    UNIT_ORDERS,
    forget_product,
    forget_products,
    gradient_through_time,
    half_life,
    half_lives,
    survival,
)
from playground.trace.sequence_trace import LayerTrace, SequenceTrace

TIMESTEPS = 12


def repeated(jacobian: np.ndarray) -> np.ndarray:
    return np.repeat(jacobian[None], TIMESTEPS, axis=0)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.97, 1.0, 1.1])
@pytest.mark.parametrize("since", [0, 3, 11])
def test_a_constant_factor_survives_as_its_powers(factor: float, since: int) -> None:
    survives = survival(repeated(factor * np.eye(5)), since)
    assert np.isnan(survives[:since]).all()
    np.testing.assert_allclose(survives[since:], factor ** np.arange(TIMESTEPS - since), rtol=1e-12)


def test_a_rotation_survives_whole() -> None:
    """Orthogonal matrices keep every length: what the orthogonal initialisation is for."""
    orthogonal = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 6)))[0]
    np.testing.assert_allclose(survival(repeated(orthogonal), 2)[2:], 1.0, rtol=1e-12)
    np.testing.assert_allclose(
        gradient_through_time(repeated(orthogonal), np.arange(6.0)), np.ones(TIMESTEPS), rtol=1e-12
    )


def test_survival_is_the_root_mean_square_over_directions() -> None:
    """For diagonal Jacobians each unit keeps its own product; the norm is their root mean square."""
    factors = np.array([1.0, 0.9, 0.5, 0.0])
    expected = [np.sqrt(np.mean(factors ** (2 * n))) for n in range(TIMESTEPS)]
    np.testing.assert_allclose(survival(repeated(np.diag(factors)), 0), expected, rtol=1e-12)


def test_jacobians_are_multiplied_in_the_order_of_time() -> None:
    """First projected onto one direction, then turned away from it; the other way round something else remains."""
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    jacobians = np.stack([np.eye(2), np.diag([2.0, 0.0]), turn, np.diag([0.0, 3.0])])
    # diag(0, 3) @ turn @ diag(2, 0) = [[0, 0], [6, 0]]
    np.testing.assert_allclose(survival(jacobians, 0), [1.0, np.sqrt(2), np.sqrt(2), 6 / np.sqrt(2)])
    # backwards from (1, 1): (0, 3), then turn^T (0, 3) = (3, 0), then (6, 0)
    last = np.sqrt(2)
    np.testing.assert_allclose(
        gradient_through_time(jacobians, np.ones(2)), np.array([6.0, 3.0, 3.0, last]) / last
    )


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.2])
def test_the_gradient_of_a_constant_factor_is_its_powers(factor: float) -> None:
    gradient = gradient_through_time(repeated(factor * np.eye(3)), np.array([1.0, -2.0, 0.0]))
    np.testing.assert_allclose(gradient, factor ** np.arange(TIMESTEPS - 1, -1, -1), rtol=1e-12)


def test_the_products_rest_in_between_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    jacobians = np.random.default_rng(2).standard_normal((TIMESTEPS, 4, 4))
    monkeypatch.setattr(memory, "MULTIPLICATIONS", 3 * 4**3)  # three products at once
    pieces = memory.survival_in_pieces(jacobians, 2)
    assert sum(1 for _ in pieces) == 3  # before the third, the sixth and the ninth of nine products
    np.testing.assert_array_equal(drained(memory.survival_in_pieces(jacobians, 2)), survival(jacobians, 2))


def test_without_a_gradient_at_the_last_timestep_nothing_can_be_said() -> None:
    assert np.isnan(gradient_through_time(repeated(np.eye(3)), np.zeros(3))).all()


def test_gradients_far_below_float32_are_still_told_apart() -> None:
    jacobians = repeated(np.float32(1e-12) * np.eye(2, dtype=np.float32))
    np.testing.assert_allclose(gradient_through_time(jacobians, np.ones(2, np.float32))[0], 1e-132, rtol=1e-5)


def test_a_network_without_state_keeps_nothing() -> None:
    survives = survival(np.zeros((4, 0, 0)), 1)
    np.testing.assert_array_equal(survives, [np.nan, 1.0, 0.0, 0.0])


@pytest.mark.parametrize("since", [-1, TIMESTEPS])
def test_a_timestep_that_is_not_there_is_refused(since: int) -> None:
    with pytest.raises(
        ValueError, match=f"from timestep {since + 1}: the sequence has {TIMESTEPS} timesteps"
    ):
        survival(repeated(np.eye(2)), since)
    with pytest.raises(ValueError, match="cannot be counted"):
        forget_products(np.ones((TIMESTEPS, 2)), since)


def test_forget_products_by_hand() -> None:
    forget_gate = np.array([[0.1, 0.1], [0.5, 1.0], [0.5, 0.8], [1.0, 0.5]], np.float32)
    expected = [[np.nan, np.nan], [1.0, 1.0], [0.5, 0.8], [0.5, 0.4]]
    np.testing.assert_allclose(forget_products(forget_gate, 1), expected, rtol=1e-6)
    np.testing.assert_allclose(forget_product(forget_gate, 1), [np.nan, 1.0, 0.65, 0.45], rtol=1e-6)


def test_products_of_long_sequences_do_not_underflow_in_float32() -> None:
    product = forget_product(np.full((200, 3), 0.1, np.float32), 0)
    np.testing.assert_allclose(product[-1], 1e-199, rtol=1e-4)


@pytest.mark.parametrize(("bias", "expected"), [(0, 1.0), (1, 2.2), (2, 5.5), (3, 14), (5, 103)])
def test_half_lives_of_the_forget_biases_in_the_recipes(bias: float, expected: float) -> None:
    factor = 1.0 / (1.0 + np.exp(-bias))
    assert half_life(factor) == pytest.approx(expected, rel=0.03)
    np.testing.assert_allclose(half_lives(np.full((7, 2), factor)), half_life(factor), rtol=1e-12)
    assert factor ** half_life(factor) == pytest.approx(0.5)


def test_half_lives_at_the_ends() -> None:
    np.testing.assert_array_equal(
        half_lives(np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.5]])), [np.inf, 0.0, 0.0]
    )
    np.testing.assert_array_equal(half_life(np.array([1.0, 0.0, 0.5])), [np.inf, 0.0, 1.0])


def test_the_half_life_of_a_changing_gate_is_that_of_its_geometric_mean() -> None:
    np.testing.assert_allclose(half_lives(np.array([[0.25], [1.0]])), 1.0)


# Orders of units

NOTHING = Words("", "")


def traced(**quantities: list[list[float]]) -> SequenceTrace:
    arrays = {name: np.array(values, np.float32) for name, values in quantities.items()}
    timesteps, units = arrays["hidden_state"].shape
    states = tuple(name for name in ("hidden_state", "cell_state") if name in arrays)
    description = CellDescription(
        "hand_made",
        NOTHING,
        states,
        tuple(Quantity(name, NOTHING, NOTHING, "use", "unbounded", NOTHING) for name in arrays),
        (),
        "",
    )
    nothing = np.zeros((timesteps, 1), np.float32)
    layer = LayerTrace(nothing, arrays, {state: np.zeros(units, np.float32) for state in states}, {})
    return SequenceTrace(
        network="hand_made",
        description=description,
        run_id=0,
        update=0,
        inputs=nothing,
        encoder_weights=None,
        encoder_bias=None,
        layers=(layer,),
        logits=nothing,
        probabilities=nothing,
        targets=np.zeros(timesteps, np.int64),
        head_weights=nothing,
        head_bias=nothing,
    )


def order(name: str, trace: SequenceTrace) -> list[int]:
    return UNIT_ORDERS[name][1](trace, -1).tolist()


def test_units_by_half_life_from_the_shortest_to_the_longest() -> None:
    state = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    for gate in ("forget_gate", "update_gate"):
        trace = traced(hidden_state=state, **{gate: [[0.9, 0.2, 1.0], [0.9, 0.3, 0.5]]})
        assert order("half_life", trace) == [1, 2, 0]
        assert order("stored", trace) == [0, 1, 2]


def test_units_of_equal_half_life_stay_as_stored() -> None:
    trace = traced(hidden_state=[[0.0] * 4], forget_gate=[[1.0, 0.5, 1.0, 0.5]])
    assert order("half_life", trace) == [1, 3, 0, 2]


def test_without_a_gate_that_keeps_units_stay_as_stored() -> None:
    assert order("half_life", traced(hidden_state=[[0.3, 0.1, 0.2]])) == [0, 1, 2]


def test_units_by_when_they_change() -> None:
    """Unit 0 changes last, 1 falls first, 2 rises first (from the zero state), 3 in between."""
    values = [[0.1, -0.9, 0.8, 0.0], [0.1, -0.8, 0.9, 0.7], [0.9, -0.8, 0.9, 0.7]]
    still = [[0.0] * 4] * 3
    assert order("change", traced(hidden_state=values)) == [1, 2, 3, 0]
    assert order("change", traced(hidden_state=still, cell_state=values)) == [1, 2, 3, 0]


def test_every_order_names_every_unit_once() -> None:
    random = np.random.default_rng(3)
    trace = traced(hidden_state=random.random((9, 7)).tolist(), forget_gate=random.random((9, 7)).tolist())
    for label, order_of in UNIT_ORDERS.values():
        assert label.guide
        assert sorted(order_of(trace, 0).tolist()) == list(range(7))
