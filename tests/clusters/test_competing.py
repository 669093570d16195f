from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.clusters.strategies import CAUSES, lives
from webapp.clusters.arrays import NONE
from webapp.clusters.competing import aalen_johansen
from webapp.clusters.lifetimes import Lifetimes, lifetimes
from webapp.clusters.survival import kaplan_meier

BY_HAND = lifetimes([1, 2, 3, 4, 5], [0, 1, NONE, 0, NONE])
"""At risk 5, 4, 3, 2, 1. Cause 0: 1/5, then S(4-) = 3/5, of which half. Cause 1: S(2-) = 4/5, of which a quarter."""


def test_incidence_by_hand() -> None:
    found = aalen_johansen(BY_HAND, 2)
    assert found.incidence[0] == pytest.approx([0.2, 0.2, 0.2, 0.5, 0.5])
    assert found.incidence[1] == pytest.approx([0, 0.2, 0.2, 0.2, 0.2])
    assert found.survival == pytest.approx([0.8, 0.6, 0.6, 0.3, 0.3])


def test_variance_by_hand() -> None:
    """The formula of the docstring, term by term, for cause 0 at time 4.

    F is 0.5, and at the exits 0.2, 0.2 and 0.5: squares of 0.3, 0.3 and 0 times 1/20, 1/12 and 1/2; then 4/125 and
    0.36 x 1/8; then twice 0.3 x 1/25.
    """
    expected = 0.09 / 20 + 0.09 / 12 + 4 / 125 + 0.36 / 8 - 2 * 0.3 / 25
    assert aalen_johansen(BY_HAND, 2).std_err[0, 3] ** 2 == pytest.approx(expected)


@given(lives())
def test_the_incidences_and_the_survival_add_up_to_one(of: Lifetimes) -> None:
    found = aalen_johansen(of, CAUSES)
    assert found.incidence.sum(0) + found.survival == pytest.approx(np.ones(len(found.time)))
    assert found.survival == pytest.approx(kaplan_meier(of).survival)


@given(lives())
def test_with_one_cause_incidence_is_one_less_survival_and_its_variance_greenwoods(of: Lifetimes) -> None:
    alone = Lifetimes(of.time, np.minimum(of.cause, 0), of.entry)
    found, curve = aalen_johansen(alone, 1), kaplan_meier(alone)
    assert found.incidence[0] == pytest.approx(1 - curve.survival)
    inside = curve.survival > 0
    assert found.std_err[0][inside] == pytest.approx(curve.std_err[inside], abs=1e-7)


@given(lives(late=False, censored=False))
def test_without_censoring_incidence_and_error_are_those_of_a_proportion(of: Lifetimes) -> None:
    found = aalen_johansen(of, CAUSES)
    for cause in range(CAUSES):
        shares = np.array([((of.cause == cause) & (of.time <= time)).mean() for time in found.time])
        assert found.incidence[cause] == pytest.approx(shares)
        assert found.std_err[cause] == pytest.approx(np.sqrt(shares * (1 - shares) / len(of)), abs=1e-7)


@given(lives())
def test_every_figure_is_a_number_in_its_interval(of: Lifetimes) -> None:
    found = aalen_johansen(of, CAUSES)
    for figures in (found.lower, found.incidence, found.upper):
        assert ((figures >= 0) & (figures <= 1 + 1e-12)).all()
    assert (found.lower <= found.incidence + 1e-9).all()
    assert (found.incidence <= found.upper + 1e-9).all()
    assert np.isfinite(found.std_err).all()


def test_the_naive_curve_of_one_cause_is_too_high() -> None:
    found = aalen_johansen(BY_HAND, 2)
    naive = kaplan_meier(Lifetimes(BY_HAND.time, np.where(BY_HAND.cause == 0, 0, NONE), BY_HAND.entry))
    assert 1 - naive.survival[-1] == pytest.approx(0.6)
    assert found.incidence[0, -1] == pytest.approx(0.5)


def test_incidence_at_a_time() -> None:
    found = aalen_johansen(BY_HAND, 2)
    at_three, at_none, beyond = found.at(1, 3), found.at(1, 0.5), found.at(1, 6)
    assert at_three is not None
    assert (at_three.value, at_three.at_risk) == (pytest.approx(0.2), 3)
    assert at_none is not None
    assert (at_none.value, at_none.upper) == (0, pytest.approx(1 - 0.025 ** (1 / 5)))
    assert beyond is None


def test_a_cause_beyond_their_number_is_refused() -> None:
    with pytest.raises(ValueError):
        aalen_johansen(BY_HAND, 1)


def test_of_nobody_there_are_no_curves() -> None:
    assert aalen_johansen(lifetimes([], []), 2).at(0, 1) is None
