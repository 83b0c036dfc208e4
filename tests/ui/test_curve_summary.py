import numpy as np
import pytest

from playground.ui.plots.curve_summary import CurveSummary, smoothed


def naive_mean(values: np.ndarray, place: int, window: int = 25) -> float:
    """The definition, by hand."""
    half = min(window // 2, len(values) // 8)
    reach = min(half, place)
    around = values[place - reach : place + reach + 1]
    return float(np.mean(around))


@pytest.mark.parametrize("length", [1, 2, 7, 8, 40, 96, 97, 400])
def test_smoothing_is_the_mean_of_the_values_around(length: int) -> None:
    values = np.random.default_rng(1).normal(size=length)
    expected = [naive_mean(values, place) for place in range(length)]
    np.testing.assert_allclose(smoothed(values), expected, atol=1e-12)


def test_smoothing_keeps_a_straight_line_and_does_not_lag() -> None:
    line = np.linspace(0.0, 5.0, 200)
    inside = slice(0, 200 - 12)
    np.testing.assert_allclose(smoothed(line)[inside], line[inside], atol=1e-9)


def test_a_short_curve_is_not_flattened() -> None:
    falling = np.linspace(2.6, 1.8, 6)
    np.testing.assert_allclose(smoothed(falling), falling)


def test_smoothing_of_nothing_is_nothing() -> None:
    assert smoothed(np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("pieces", [[1] * 137, [137], [3, 100, 34], [64, 64, 9], [0, 5, 132]])
def test_growing_in_pieces_is_growing_at_once(pieces: list[int]) -> None:
    values = np.random.default_rng(2).normal(size=sum(pieces))
    grown, whole = CurveSummary(most_bins=16), CurveSummary(most_bins=16)
    start = 0
    for piece in pieces:
        grown.extend(values[start : start + piece])
        start += piece
    whole.extend(values)
    assert len(grown) == len(whole) == 137
    assert grown.bin_size == whole.bin_size == 16
    np.testing.assert_array_equal(grown.least(), whole.least())
    np.testing.assert_array_equal(grown.greatest(), whole.greatest())
    places = np.arange(137)
    np.testing.assert_allclose(grown.smoothed_at(places), smoothed(values), atol=1e-9)


@pytest.mark.parametrize("length", [1, 499, 500, 501, 1000, 4096, 30_000])
def test_bins_hold_the_extremes_of_their_updates(length: int) -> None:
    values = np.random.default_rng(3).normal(size=length)
    summary = CurveSummary()
    summary.extend(values)
    assert summary.bins <= 500
    size = summary.bin_size
    parts = [values[start : start + size] for start in range(0, length, size)]
    np.testing.assert_array_equal(summary.least(), [part.min() for part in parts])
    np.testing.assert_array_equal(summary.greatest(), [part.max() for part in parts])
    assert summary.value_at(length // 2) == pytest.approx(values[length // 2], abs=1e-9)


def test_what_is_settled_never_changes_again() -> None:
    values = np.random.default_rng(4).normal(size=400)
    summary = CurveSummary()
    before: dict[int, float] = {}
    for value in values:
        summary.extend(np.array([value]))
        for place, known in before.items():
            assert summary.smoothed_at(np.array([place]))[0] == pytest.approx(known, abs=1e-9)
        before = {
            place: float(summary.smoothed_at(np.array([place]))[0])
            for place in range(max(0, summary.settled - 3), summary.settled)
        }
    assert summary.settled == 400 - 12


def test_bins_cannot_be_written_to() -> None:
    summary = CurveSummary()
    summary.extend(np.ones(3))
    with pytest.raises(ValueError, match="read-only"):
        summary.least()[0] = 5.0


def test_after_clearing_another_curve_begins() -> None:
    summary = CurveSummary(most_bins=4)
    summary.extend(np.full(100, 7.0))
    summary.clear()
    summary.extend(np.array([1.0, 2.0]))
    assert len(summary) == 2
    assert summary.bin_size == 1
    np.testing.assert_allclose(summary.smoothed_at(np.arange(2)), [1.0, 2.0])


def test_where_nothing_was_asked_the_curve_stays_where_it_was() -> None:
    values = np.array([np.nan, np.nan, 3.0, np.nan, 1.0, np.nan])
    summary = CurveSummary()
    summary.extend(values[:2])
    assert len(summary) == 0  # nothing is known yet
    summary.extend(values[:5])
    summary.extend(values[5:])
    assert [summary.value_at(place) for place in range(6)] == pytest.approx([3.0, 3.0, 3.0, 3.0, 1.0, 1.0])
    assert np.isfinite(summary.smoothed_at(np.arange(6))).all()
    assert summary.least().min() == 1.0
