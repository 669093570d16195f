from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import ecdf

from tests.clusters.strategies import censored_data, lives
from webapp.clusters.arrays import NONE
from webapp.clusters.lifetimes import Lifetimes, lifetimes
from webapp.clusters.survival import Survival, kaplan_meier


def curve(times: list[int], censored: set[int], entry: list[int] | None = None) -> Survival:
    """``censored`` holds the places of the lives that go on."""
    return kaplan_meier(lifetimes(times, [place not in censored for place in range(len(times))], entry))


def rows(of: Survival) -> list[tuple[float, ...]]:
    """Time, at risk, exits, survival and standard error, where somebody leaves."""
    columns = (of.time, of.at_risk, of.exits, of.survival, of.std_err)
    return [tuple(row) for row in np.column_stack(columns)[of.exits > 0].tolist()]


def test_remission_under_6_mp_is_as_in_textbooks() -> None:
    """Freireich et al. 1963; Klein & Moeschberger 2003, table 4.1; the limits are those that SAS and Stata print."""
    times = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    found = curve(times, {3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20})
    expected = [
        (6, 21, 3, 0.857, 0.076),
        (7, 17, 1, 0.807, 0.087),
        (10, 15, 1, 0.753, 0.096),
        (13, 12, 1, 0.690, 0.107),
        (16, 11, 1, 0.627, 0.114),
        (22, 7, 1, 0.538, 0.128),
        (23, 6, 1, 0.448, 0.135),
    ]
    assert np.array(rows(found)) == pytest.approx(np.array(expected), abs=6e-4)
    left = found.exits > 0
    lower = [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881]
    upper = [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801]
    assert found.lower[left] == pytest.approx(lower, abs=6e-5)
    assert found.upper[left] == pytest.approx(upper, abs=6e-5)
    assert found.median().value == 23


def test_maintained_patients_are_as_in_the_example_of_r() -> None:
    """``survfit(Surv(time, status) ~ x, data = aml)`` of the R package survival."""
    found = curve([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], {2, 5, 8, 10})
    expected = [
        (9, 11, 1, 0.909, 0.0867),
        (13, 10, 1, 0.818, 0.1163),
        (18, 8, 1, 0.716, 0.1397),
        (23, 7, 1, 0.614, 0.1526),
        (31, 5, 1, 0.491, 0.1642),
        (34, 4, 1, 0.368, 0.1627),
        (48, 2, 1, 0.184, 0.1535),
    ]
    assert np.array(rows(found)) == pytest.approx(np.array(expected), abs=6e-4)
    assert found.median().value == 31


def test_patients_not_maintained_are_as_in_the_example_of_r() -> None:
    found = curve([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], {5})
    expected = [0.8333, 0.6667, 0.5833, 0.4861, 0.3889, 0.2917, 0.1944, 0.0972, 0]
    assert [row[3] for row in rows(found)] == pytest.approx(expected, abs=6e-5)
    assert [row[4] for row in rows(found)][:8] == pytest.approx(
        [0.1076, 0.1361, 0.1423, 0.1481, 0.1470, 0.1387, 0.1219, 0.0919], abs=6e-5
    )
    assert found.median().value == 23


@given(lives(late=False))
def test_curves_and_limits_are_those_of_scipy(of: Lifetimes) -> None:
    found = kaplan_meier(of)
    expected = ecdf(censored_data(of)).sf
    assert found.survival == pytest.approx(expected.evaluate(found.time))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # SciPy says that they are not defined at 0 and 1
        limits = expected.confidence_interval(0.95, method="log-log")
    inside = (found.survival > 1e-9) & (found.survival < 1)
    assert found.lower[inside] == pytest.approx(limits.low.evaluate(found.time[inside]))
    assert found.upper[inside] == pytest.approx(limits.high.evaluate(found.time[inside]))


@given(lives(late=False, censored=False), st.integers(0, 20))
def test_without_censoring_survival_is_the_share_that_is_left(of: Lifetimes, months: int) -> None:
    found = kaplan_meier(of).at(months)
    assert found is not None
    assert found.value == pytest.approx((of.time > months).mean(), abs=1e-12)


@given(lives())
def test_late_entry_is_the_product_over_those_at_risk(of: Lifetimes) -> None:
    found = kaplan_meier(of)
    value = 1.0
    for row, time in enumerate(found.time):
        at_risk = sum(1 for begin, end in zip(of.entry, of.time, strict=True) if begin < time <= end)
        gone = sum(1 for end, cause in zip(of.time, of.cause, strict=True) if end == time and cause != NONE)
        value *= 1 - gone / at_risk
        assert (found.at_risk[row], found.exits[row]) == (at_risk, gone)
        assert found.survival[row] == pytest.approx(value, abs=1e-12)


def test_who_came_late_does_not_count_before() -> None:
    """Three at risk at 2, of whom one leaves; four at 5: 2/3 x 3/4."""
    found = curve([2, 5, 9, 9, 9], {2, 3, 4}, entry=[0, 0, 0, 3, 3])
    assert found.survival[:2] == pytest.approx([2 / 3, 1 / 2])
    assert found.at_risk[:2].tolist() == [3, 4]


@given(lives())
def test_every_figure_is_a_number_between_0_and_1(of: Lifetimes) -> None:
    found = kaplan_meier(of)
    for figures in (found.lower, found.survival, found.upper):
        assert ((figures >= 0) & (figures <= 1)).all()
    assert (found.lower <= found.survival + 1e-12).all()
    assert (found.survival <= found.upper + 1e-12).all()
    assert (np.diff(found.survival) <= 0).all()
    assert np.isfinite(found.std_err).all()


def test_before_the_first_exit_the_limit_says_how_few_there_are() -> None:
    found = curve([9, 10, 11, 12, 13], {1, 2, 3, 4}).at(5)
    assert found is not None
    assert (found.value, found.upper, found.at_risk) == (1, 1, 5)
    assert found.lower == pytest.approx(0.025 ** (1 / 5))


def test_a_curve_at_nought_is_not_sure_to_stay_there() -> None:
    together = curve([4, 4, 4], set())
    assert together.upper[-1] == pytest.approx(1 - 0.025 ** (1 / 3))
    one_by_one = curve([4, 5, 6], set())
    assert one_by_one.upper[-1] == one_by_one.upper[-2] > 0.5


def test_beyond_the_last_life_nothing_is_known() -> None:
    found = curve([9, 13], {1})
    assert found.at(13) is not None
    assert found.at(14) is None
    assert found.median().value == 9
    assert found.quantile(0.6).value is None


def test_if_all_have_left_none_is_left_later() -> None:
    found = curve([9, 13], set()).at(100)
    assert found is not None
    assert (found.value, found.at_risk) == (0, 0)


def test_who_left_on_the_very_day_has_not_survived_it() -> None:
    found = curve([18, 20], set())
    assert found.at(17.9).value == 1  # type: ignore[union-attr]
    assert found.at(18).value == 0.5  # type: ignore[union-attr]


def test_who_left_on_the_first_day_counts() -> None:
    found = curve([0, 10], {1}).at(0)
    assert found is not None
    assert found.value == 0.5


def test_a_curve_breaks_off_where_nobody_is_at_risk_and_says_whom_it_left_out() -> None:
    found = curve([2, 9, 9], {1, 2}, entry=[0, 4, 4])
    assert (found.followed_to, found.left_out) == (2, 2)
    assert found.at(1).value == 1  # type: ignore[union-attr]
    assert found.at(5) is None


def test_a_later_start_uses_those_that_one_early_exit_would_have_hidden() -> None:
    of = lifetimes([2, 6, 9], [True, True, False], [0, 4, 4])
    found = kaplan_meier(of, start=4)
    assert (found.lives, found.begins) == (2, 4)
    assert found.at(3) is None
    assert found.at(7).value == 0.5  # type: ignore[union-attr]


@given(lives(late=False), st.integers(1, 10))
def test_survival_from_an_age_on_is_the_quotient_of_two_survivals(of: Lifetimes, start: int) -> None:
    whole, later = kaplan_meier(of), kaplan_meier(of, start=start)
    assume(later.lives)
    first, last = whole.at(start), whole.at(later.followed_to)
    assert first is not None
    assert last is not None
    assert later.survival[-1] * first.value == pytest.approx(last.value)


def test_of_nobody_there_is_no_curve() -> None:
    found = kaplan_meier(lifetimes([], []))
    assert found.at(0) is None
    assert found.median().value is None


@pytest.mark.parametrize(
    ("time", "cause", "entry"), [([3], [0], [3]), ([3], [-2], [0]), ([-1], [0], [0]), ([1, 2], [0], [0, 0])]
)
def test_impossible_lives_are_refused(time: list[int], cause: list[int], entry: list[int]) -> None:
    with pytest.raises(ValueError):
        lifetimes(time, cause, entry)
