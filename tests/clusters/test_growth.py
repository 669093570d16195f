from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from webapp.clusters.growth import Direction, Quadrant, growth, growths, movement, quadrant


def test_from_100_to_121_in_two_years_is_ten_percent_a_year() -> None:
    found = growth(100, 121, 2)
    assert (found.change, found.relative, found.yearly) == (21, pytest.approx(0.21), pytest.approx(0.1))


def test_from_nothing_there_is_a_change_but_no_rate() -> None:
    found = growth(0, 4, 1)
    assert (found.change, found.relative, found.yearly) == (4, None, None)


def test_down_to_nothing_is_a_loss_of_all() -> None:
    assert (growth(5, 0, 3).relative, growth(5, 0, 3).yearly) == (-1, -1)


def test_growth_over_several_spans_comes_shortest_first() -> None:
    assert [(item.years, item.change) for item in growths(10, {5: 2, 1: 9, 3: 7})] == [(1, 1), (3, 3), (5, 8)]


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 9))
def test_the_yearly_rate_leads_from_one_count_to_the_other(before: int, now: int, years: int) -> None:
    found = growth(before, now, years)
    assert found.yearly is not None
    assert before * (1 + found.yearly) ** years == pytest.approx(now)


@given(st.integers(0, 80), st.integers(0, 80))
def test_a_direction_is_clear_if_a_test_of_one_half_is(entered: int, left: int) -> None:
    expected = Direction.UNCLEAR
    if entered + left:
        limits = binomtest(entered, entered + left).proportion_ci(method="exact")
        expected = Direction.GROWING if limits.low > 0.5 else expected
        expected = Direction.SHRINKING if limits.high < 0.5 else expected
    assert movement(entered, left).direction == expected


def test_six_that_came_and_one_that_left_are_not_yet_growth() -> None:
    assert movement(6, 1).direction == Direction.UNCLEAR
    assert movement(12, 2).direction == Direction.GROWING
    assert movement(2, 12).direction == Direction.SHRINKING


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (1.1, 1.4, Quadrant.STAR),
        (1.4, 1.1, Quadrant.MATURE),
        (0.5, 0.8, Quadrant.EMERGING),
        (0.8, 0.5, Quadrant.TRANSFORMING),
        (0.8, 1.0, Quadrant.STAR),
        (1.2, 0.9, Quadrant.TRANSFORMING),
        (1.2, 1.2, None),
        (None, 1.2, None),
        (1.2, None, None),
    ],
)
def test_quadrants(before: float | None, now: float | None, expected: Quadrant | None) -> None:
    assert quadrant(before, now) == expected


def test_the_level_of_the_quadrants_is_a_setting() -> None:
    assert quadrant(1.0, 1.1, level=1.25) == Quadrant.EMERGING


def test_growth_over_no_time_is_refused() -> None:
    with pytest.raises(ValueError):
        growth(1, 2, 0)
