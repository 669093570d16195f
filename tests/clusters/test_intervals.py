from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2

from webapp.clusters.intervals import normal_quantile, proportion, rate


def test_95_percent_reach_as_far_as_every_textbook_says() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_proportions_have_the_intervals_of_scipy(count: int, of: int, confidence: float) -> None:
    count = min(count, of)
    found = proportion(count, of, confidence)
    expected = binomtest(count, of).proportion_ci(confidence, method="exact")
    assert found.value == count / of
    assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_of_nobody_any_proportion_is_possible() -> None:
    found = proportion(0, 0)
    assert (found.value, found.lower, found.upper) == (None, 0, 1)


@given(st.integers(0, 60), st.floats(0.1, 100))
def test_rates_have_the_limits_of_the_chi_squared_distribution(count: int, exposure: float) -> None:
    found = rate(count, exposure)
    assert found.lower == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 / exposure if count else 0)
    assert found.upper == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2 / exposure)


def test_without_exposure_there_is_no_rate() -> None:
    assert rate(0, 0).value is None
    assert rate(0, 0).upper is None


@pytest.mark.parametrize(("count", "of"), [(3, 2), (-1, 2)])
def test_impossible_proportions_are_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError):
        proportion(count, of)


def test_events_without_exposure_are_refused() -> None:
    with pytest.raises(ValueError):
        rate(1, 0)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ValueError):
        normal_quantile(confidence)
