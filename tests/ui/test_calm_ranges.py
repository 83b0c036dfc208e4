from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.plots.calm_ranges import calm_end, decades, round_values, tick_distance
from playground.ui.plots.polyline import mixed, polyline, spread


@given(st.integers(1, 2_000_000))
def test_an_axis_contains_what_was_reached_and_little_more(reached: int) -> None:
    end = calm_end(reached)
    assert end >= reached
    assert reached <= 20 or end <= 1.145 * reached + 1e-6


@given(st.integers(1, 500_000), st.integers(1, 5000))
def test_an_axis_only_grows(reached: int, more: int) -> None:
    assert calm_end(reached + more) >= calm_end(reached)


def test_an_axis_moves_seldom() -> None:
    ends = {calm_end(reached) for reached in range(1, 10_001)}
    assert len(ends) < 60


@pytest.mark.parametrize(
    ("length", "most", "distance"), [(20, 4, 5), (312, 4, 100), (312, 8, 50), (10_000, 5, 2000), (3, 10, 1)]
)
def test_ticks_are_round_and_not_too_many(length: float, most: int, distance: int) -> None:
    assert tick_distance(length, most) == distance
    assert length / distance <= most


def test_decades_include_both_ends() -> None:
    assert decades(0.001, 1.0) == pytest.approx([0.001, 0.01, 0.1, 1.0])
    assert decades(0.1, 3.0) == pytest.approx([0.1, 1.0])


@given(st.lists(st.floats(0, 100), max_size=9), st.floats(1, 15))
def test_labels_keep_their_distance_their_order_and_their_bounds(
    places: list[float], distance: float
) -> None:
    moved = spread(places, distance, 0.0, 100.0)
    apart = min(distance, 100.0 / max(len(places) - 1, 1))
    ordered = sorted(range(len(places)), key=lambda k: places[k])
    for first, second in pairwise(ordered):
        assert moved[second] - moved[first] >= apart - 1e-6
    assert all(-1e-6 <= place <= 100.0 + 1e-6 for place in moved)


@given(st.lists(st.integers(0, 10), max_size=5, unique=True))
def test_labels_with_room_stand_where_they_belong(tens: list[int]) -> None:
    places = [10.0 * ten for ten in tens]
    assert spread(places, 10.0, 0.0, 100.0) == pytest.approx(places)


def test_points_arrive_in_qt_as_they_are() -> None:
    points = polyline(np.array([1.0, 2.5, -3.0]), np.array([4.0, 0.0, 9.0]))
    assert [(point.x(), point.y()) for point in points] == [(1.0, 4.0), (2.5, 0.0), (-3.0, 9.0)]
    assert len(polyline(np.zeros(0), np.zeros(0))) == 0


def test_colours_mix() -> None:
    from PySide6.QtGui import QColor

    assert mixed(QColor("#000000"), QColor("#ffffff"), 0.25).name() == "#bfbfbf"
    assert mixed(QColor("#102030"), QColor("#ffffff"), 1.0).name() == "#102030"


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_round_values_are_few_even_and_within(low: float, width: float, most: int) -> None:
    values, decimals = round_values(low, low + width, most)
    assert 1 <= len(values) <= most
    assert low - 1e-6 * width <= values[0]
    assert values[-1] <= low + width * (1 + 1e-6) + 1e-6 * abs(low)
    gaps = [second - first for first, second in pairwise(values)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps), rel=1e-5) if gaps else True
    assert 0 <= decimals <= 5


def test_round_values_are_those_one_would_write() -> None:
    assert round_values(17_100.0, 40_300.0, 5) == ([20_000.0, 25_000.0, 30_000.0, 35_000.0, 40_000.0], 0)
    values, decimals = round_values(-1.7, 2.1, 4)
    assert values == pytest.approx([-1.0, 0.0, 1.0, 2.0])
    assert decimals == 0
    values, decimals = round_values(0.11, 0.29, 4)
    assert values == pytest.approx([0.15, 0.20, 0.25])
    assert decimals == 2
