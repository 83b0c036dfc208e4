"""Every timestep has its own column, also where many are folded."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.plots.time_axis import TimeAxis, fold_of


@given(st.integers(1, 500), st.floats(0, 300), st.floats(1, 3000))
def test_columns_fill_the_axis_and_find_themselves(length: int, left: float, width: float) -> None:
    axis = TimeAxis(length, left, left + width)
    assert axis.edges[0] == pytest.approx(left)
    assert axis.edges[-1] == pytest.approx(left + width)
    assert np.allclose(np.diff(axis.edges), width / length)
    for timestep in {0, length // 2, length - 1}:
        assert axis.timestep_at(float(axis.centres[timestep])) == timestep
    assert axis.timestep_at(left - 1) is None
    assert axis.timestep_at(left + width + 1) is None


@given(st.integers(20, 200), st.data())
def test_a_fold_squeezes_and_leaves_nothing_out(length: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, length - 10))
    last = data.draw(st.integers(first + 5, length - 2))
    axis = TimeAxis(length, 0, 1000, (first, last))
    assert (np.diff(axis.edges) > 0).all()
    assert [axis.timestep_at(float(x)) for x in axis.centres] == list(range(length))
    ordinary = axis.column_width
    assert axis.edges[last + 1] - axis.edges[first] == pytest.approx(4 * ordinary)
    segments = axis.segments()
    assert segments[0][0] == 0
    assert segments[-1][1] == length
    assert all(before[1] == after[0] for before, after in itertools.pairwise(segments))


@pytest.mark.parametrize(
    ("fillers", "fold"),
    [
        ([False, True, False], None),
        ([False] * 40, None),
        ([False, False] + [True] * 40 + [False], (4, 39)),
        ([True] * 9 + [False] * 10, (2, 6)),
        ([True] * 7 + [False] * 10, None),
    ],
)
def test_only_long_runs_of_fillers_are_folded(fillers: list[bool], fold: tuple[int, int] | None) -> None:
    assert fold_of(fillers) == fold
