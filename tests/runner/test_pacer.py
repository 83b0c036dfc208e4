"""Oracle: arithmetic, on a clock that the test moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.runner.pacer import CATCH_UP_SECONDS, Pacer


def drive(pacer: Pacer, costs: list[float], now: float = 100.0) -> list[float]:
    """The times at which updates of these costs end when each begins as soon as it is due."""
    ends = []
    for cost in costs:
        now += pacer.seconds_until_due(now)
        assert pacer.seconds_until_due(now) == 0.0
        now += cost
        pacer.note_update(now)
        ends.append(now)
    return ends


@pytest.mark.parametrize("speed", [5.0, 50.0, 500.0])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_the_schedule_is_kept_whatever_an_update_costs(speed: float, share: float):
    pacer = Pacer()
    pacer.set_speed(speed, 100.0)
    pacer.begin(100.0)
    ends = drive(pacer, [share / speed] * 1000)
    assert ends[-1] - ends[0] == pytest.approx(999 / speed, rel=1e-6)
    assert pacer.rate(ends[-1]) == pytest.approx(speed, rel=1e-6)


def test_a_speed_that_cannot_be_reached_shows_the_one_that_is():
    pacer = Pacer()
    pacer.set_speed(500.0, 100.0)
    pacer.begin(100.0)
    ends = drive(pacer, [0.0125] * 200)
    assert pacer.rate(ends[-1]) == pytest.approx(80.0)


def test_a_short_delay_is_caught_up_and_a_long_one_is_not():
    def updates_within_a_second_after(delay: float) -> int:
        pacer = Pacer()
        pacer.set_speed(50.0, 100.0)
        pacer.begin(100.0)
        ends = drive(pacer, [0.0] * 50 + [delay] + [0.0] * 200)
        return sum(1 for end in ends if ends[50] <= end < ends[50] + 1.0)

    assert updates_within_a_second_after(CATCH_UP_SECONDS / 2) == pytest.approx(50 + 2, abs=2)
    assert updates_within_a_second_after(10.0) == pytest.approx(50 + 50 * CATCH_UP_SECONDS, abs=2)


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=50), st.floats(1.0, 1000.0))
def test_never_faster_than_asked_for_long(costs: list[float], speed: float):
    pacer = Pacer()
    pacer.set_speed(speed, 100.0)
    pacer.begin(100.0)
    ends = drive(pacer, costs)
    allowed = (ends[-1] - 100.0 + CATCH_UP_SECONDS) * speed + 1
    assert len(ends) <= allowed + 1e-6


def test_without_a_speed_everything_is_due_at_once():
    pacer = Pacer()
    pacer.begin(0.0)
    assert drive(pacer, [0.0] * 5, now=0.0) == [0.0] * 5
    assert pacer.rate(0.0) == 0.0


def test_a_new_speed_counts_from_now():
    pacer = Pacer()
    pacer.set_speed(0.001, 100.0)
    pacer.begin(100.0)
    drive(pacer, [0.0])
    assert pacer.seconds_until_due(101.0) == pytest.approx(999.0)
    pacer.set_speed(5.0, 101.0)
    assert pacer.seconds_until_due(101.0) == 0.0
    with pytest.raises(ValueError, match="more than 0"):
        pacer.set_speed(0.0, 101.0)


def test_the_rate_is_that_of_the_last_second_and_of_this_training():
    pacer = Pacer()
    pacer.begin(0.0)
    for index in range(100):
        pacer.note_update(index * 0.1)
    for index in range(100):
        pacer.note_update(10.0 + index * 0.02)
    assert pacer.rate(11.98) == pytest.approx(50.0)
    assert pacer.rate(20.0) == 0.0
    pacer.note_update(20.0)
    assert pacer.rate(20.0) == 0.0
    pacer.begin(20.0)
    assert pacer.rate(20.0) == 0.0
