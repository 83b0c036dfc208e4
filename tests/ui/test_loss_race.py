"""The axis of the small race of losses: from zero, or near the lowest curve, the reference always inside."""

from __future__ import annotations

import numpy as np
import pytest

from playground.ui.plots.loss_race import value_range


def test_from_zero_to_above_the_reference_and_all_that_comes_later() -> None:
    assert value_range([], 2.0, True) == (0.0, pytest.approx(2.3))
    early = np.array([9.0, 1.0, 1.0, 1.0])
    late = np.array([9.0, 3.0, 1.0, 1.0])
    assert value_range([early], 2.0, True) == (0.0, pytest.approx(2.3))
    assert value_range([early, late], 2.0, True) == (0.0, pytest.approx(3.0))


def test_from_near_the_lowest_curve_where_zero_cannot_be_reached() -> None:
    low, top = value_range([np.array([3.0, 2.0]), np.array([3.0, 2.2])], 3.0, False)
    assert low == pytest.approx(2.0 - 0.15)
    assert top == pytest.approx(3.0 + 0.1 * (3.0 - low))
    assert value_range([], 3.0, False)[0] == 0.0


def test_there_is_always_a_range() -> None:
    for from_zero in (True, False):
        for curves in ([], [np.array([0.0])], [np.array([5.0, 5.0])]):
            low, top = value_range(curves, 0.0, from_zero)
            assert low < top
