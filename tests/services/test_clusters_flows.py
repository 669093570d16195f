"""Entries and departures are published together, or neither."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from webapp.clusters.panel import Stays, stay_durations, stays_of
from webapp.clusters.turnover import Turnover
from webapp.services.cluster_flows import Period, curve_of, is_small, public_flows, turnovers

PERIOD = Period.before(date(2026, 11, 24))
NUMBERS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=12)


def spells_with(entered: int, left: int) -> Stays:
    """Spells of which so many began in the period, and others ended."""
    recent, old = PERIOD.until - 30, PERIOD.since - 400
    begins = [recent] * entered + [old] * left
    ends = [-1] * entered + [recent] * left
    number = len(begins)
    return stays_of(range(number), [0] * number, [0] * number, begins, ends, [-1] * number)


def found_of(numbers: list[tuple[int, int]]) -> list[Turnover]:
    return turnovers([spells_with(*pair) for pair in numbers], np.zeros(len(numbers), np.int64), PERIOD)


@given(NUMBERS, st.integers(2, 5))
def test_no_small_number_is_published_nor_a_small_sum_of_those_withheld(
    numbers: list[tuple[int, int]], threshold: int
) -> None:
    found = found_of(numbers)
    shown = public_flows(found, np.zeros(len(numbers), bool), threshold)
    rows = np.array([(each.entered, each.left) for each in found])
    assert not is_small(rows[shown], threshold).any()
    hidden = rows[~shown]
    if shown.any() and hidden.any():
        assert not is_small(hidden.sum(0), threshold).any()
        assert (hidden.sum(1) > 0).sum() > 1


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    assert public_flows(found_of([(5, 4), (0, 3)]), np.zeros(2, bool), 3).all()


def test_one_small_number_takes_the_smallest_other_place_with_it() -> None:
    shown = public_flows(found_of([(9, 9), (1, 5), (4, 3)]), np.zeros(3, bool), 3)
    assert shown.tolist() == [True, False, False]


def test_too_few_stays_have_no_curve() -> None:
    assert curve_of(stay_durations(spells_with(9, 0), PERIOD.until, 0)) is None
