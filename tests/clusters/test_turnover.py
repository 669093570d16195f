from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tests.clusters.strategies import Row, any_rows, lives, stays
from webapp.clusters.arrays import NONE
from webapp.clusters.lifetimes import Lifetimes, lifetimes
from webapp.clusters.panel import joined
from webapp.clusters.turnover import occupancy, turnover
from webapp.clusters.vacancies import vacancies

START, END = date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal()


def stay(startup: int, entered: int, left: int = NONE) -> Row:
    return startup, 0, 0, entered, left, NONE if left == NONE else 0


def test_a_year_by_hand() -> None:
    """Four at the start, of whom one leaves at the very end; one comes for the last half."""
    rows = [stay(n, START - 100) for n in range(3)] + [stay(3, START - 50, END), stay(4, END - 182)]
    found = turnover(stays(*rows), START, END, renewals=3)
    assert (found.at_start, found.at_end, found.entered, found.left) == (4, 4, 1, 1)
    assert found.mean == pytest.approx(3 + 364 / 365 + 183 / 365)
    assert found.turnover.value == pytest.approx(1 / found.mean)
    assert (found.retention.count, found.retention.of) == (3, 4)
    assert found.renewal.value == 0.75


def test_who_came_and_left_within_the_period_is_neither_kept_nor_lost() -> None:
    found = turnover(stays(stay(1, START - 5), stay(2, START + 5, END - 5)), START, END)
    assert found.retention.value == 1
    assert found.left == 1


def test_an_empty_park_has_no_rates() -> None:
    found = turnover(stays(), START, END)
    assert (found.mean, found.turnover.value, found.retention.value, found.renewal.value) == (0, None, None, None)


@given(any_rows(), st.integers(1, 20), st.integers(1, 10))
def test_the_numbers_of_a_period_agree(rows: list[Row], since: int, span: int) -> None:
    spells = joined(stays(*rows))
    found = turnover(spells, since, since + span)
    assert found.at_start + found.entered - found.left == found.at_end
    assert found.mean == pytest.approx(np.mean([spells.on(since + day).sum() for day in range(1, span + 1)]))


def test_a_period_has_days() -> None:
    with pytest.raises(ValueError):
        turnover(stays(), END, END)


def test_occupancy_is_known_where_the_capacity_is() -> None:
    assert occupancy(56, 70) == pytest.approx(0.8)
    assert occupancy(80, 70) == pytest.approx(80 / 70)
    assert occupancy(5, None) is None
    with pytest.raises(ValueError):
        occupancy(-1, 10)


def test_vacancies_by_hand() -> None:
    """Ten of twenty leave at 12 months, ten stay to 36: new ones leave with chance one half, the others stay."""
    past = lifetimes([12] * 10 + [36] * 10, [True] * 10 + [False] * 10)
    found = vacancies(past, [1, 1, 1, 1, 13, 24])
    assert found is not None
    assert found.expected == pytest.approx(2)
    assert (found.lower, found.upper) == tuple(binom.ppf([0.025, 0.975], 4, 0.5))
    assert (found.residents, found.beyond) == (6, 0)


def test_beyond_what_the_curve_is_sure_of_the_mean_rate_holds() -> None:
    past = lifetimes([24] * 10 + [20] * 10, [False] * 10 + [True] * 10)
    found = vacancies(past, [24])
    assert found is not None
    assert found.expected == pytest.approx(1 - np.exp(-12 * 10 / (240 + 200)))
    assert found.beyond == 1


def test_if_nobody_ever_left_none_is_expected_to() -> None:
    found = vacancies(lifetimes([24] * 10, [False] * 10), [3, 40])
    assert found is not None
    assert (found.expected, found.lower, found.upper) == (0, 0, 0)


def test_without_any_stay_nothing_can_be_expected() -> None:
    assert vacancies(lifetimes([], []), [1]) is None


@given(lives(), st.lists(st.floats(0, 40), max_size=20), st.floats(1, 24))
def test_expectations_are_numbers_within_their_limits(of: Lifetimes, ages: list[float], months: float) -> None:
    found = vacancies(of, ages, months)
    assert found is not None
    assert 0 <= found.expected <= len(ages) + 1e-9
    assert 0 <= found.lower <= found.upper <= len(ages)
    assert found.lower - 1 <= found.expected <= found.upper + 1
    later = vacancies(of, ages, months + 6)
    assert later is not None
    assert later.expected >= found.expected - 1e-9
