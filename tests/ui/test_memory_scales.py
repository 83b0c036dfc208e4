"""Value axes stand still, and labels beside lines never cover each other."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.panels.memory_scales import SHARES, SMALL_SHARES, answer_scale, spread_labels


def test_linear_axis() -> None:
    assert [SHARES.fraction(value) for value in (0.0, 0.25, 1.0, 3.0, -1.0)] == [0.0, 0.25, 1.0, 1.0, 0.0]
    assert math.isnan(SHARES.fraction(math.nan))
    assert [SHARES.beyond(value) for value in (-0.1, 0.0, 1.0, 1.1, math.nan)] == [-1, 0, 0, 1, 0]


def test_logarithmic_axis() -> None:
    assert SMALL_SHARES.fraction(1e-4) == pytest.approx(0.5)
    assert SMALL_SHARES.fraction(1.0) == 1.0
    assert SMALL_SHARES.fraction(0.0) == 0.0
    assert SMALL_SHARES.fraction(1e-30) == 0.0
    assert SMALL_SHARES.beyond(1e-30) == -1


def test_answer_axis_is_named_after_the_answers() -> None:
    assert answer_scale("wolf", "dog").ticks == ((0.0, "dog"), (0.5, "coin toss"), (1.0, "wolf"))


@given(st.lists(st.floats(-50, 250), max_size=8), st.floats(1, 30), st.floats(40, 200))
def test_labels_keep_their_order_their_distance_and_their_box(
    wanted: list[float], height: float, bottom: float
) -> None:
    placed = spread_labels(wanted, height, 0.0, bottom)
    assert len(placed) == len(wanted)
    if len(wanted) < 2:
        return
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    step = min(height, (bottom - height) / (len(wanted) - 1))
    for upper, lower in itertools.pairwise(order):
        assert placed[lower] - placed[upper] >= step - 1e-6
    if bottom >= height:
        assert min(placed) >= height / 2 - 1e-6
        assert max(placed) <= bottom - height / 2 + 1e-6


def test_labels_that_have_room_stay_where_they_want_to_be() -> None:
    assert spread_labels([20, 60, 40], 10, 0, 100) == [20, 60, 40]


def test_labels_that_want_the_same_place_share_it_evenly() -> None:
    assert spread_labels([50, 50, 50], 10, 0, 100) == pytest.approx([40, 50, 60])
    assert spread_labels([100, 100], 10, 0, 100) == pytest.approx([85, 95])
    assert spread_labels([], 10, 0, 100) == []
