from __future__ import annotations

from itertools import product
from math import log2

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import trapezoid
from scipy.stats import binom
from scipy.stats import entropy as scipy_entropy

from tests.clusters.strategies import counts
from webapp.clusters.arrays import Ints
from webapp.clusters.diversity import diversity, entropy, hhi, krugman, varieties
from webapp.clusters.spread import gini, lorenz


def test_variety_by_hand() -> None:
    """Half in one group of two equal sectors, half in a group of one: 1 bit between, half a bit within."""
    assert varieties([1, 1, 2], [0, 0, 1]) == pytest.approx((1.0, 0.5))
    assert entropy([1, 1, 2]) == pytest.approx(1.5)


@given(counts(), st.data())
def test_related_and_unrelated_variety_add_up_to_the_entropy(numbers: Ints, data: st.DataObject) -> None:
    assume(numbers.any())
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(numbers), max_size=len(numbers)))
    found = diversity(numbers, groups)
    assert found.unrelated is not None
    assert found.related is not None
    assert found.related >= 0
    assert found.unrelated + found.related == pytest.approx(found.entropy)


@given(counts())
def test_entropy_is_that_of_scipy(numbers: Ints) -> None:
    assume(numbers.any())
    assert entropy(numbers) == pytest.approx(scipy_entropy(numbers, base=2))


@given(st.integers(1, 20), st.integers(1, 9))
def test_sectors_of_equal_size_count_as_many_as_they_are(sectors: int, each: int) -> None:
    found = diversity([each] * sectors, [0] * sectors)
    assert found.effective == pytest.approx(sectors)
    assert found.entropy == pytest.approx(log2(sectors))
    assert found.sectors == sectors


def test_the_index_by_hand() -> None:
    found = diversity([5, 3, 2, 0], [0, 0, 1, 1])
    assert found.hhi == pytest.approx(0.25 + 0.09 + 0.04)
    assert found.hhi_unbiased == pytest.approx((20 + 6 + 2) / 90)
    assert (found.startups, found.sectors) == (10, 3)


@given(counts(), st.integers(2, 9))
def test_shares_are_all_that_matters(numbers: Ints, factor: int) -> None:
    assert hhi(numbers * factor) == pytest.approx(hhi(numbers))
    assert entropy(numbers * factor) == pytest.approx(entropy(numbers))


def test_the_unbiased_index_is_right_on_average() -> None:
    shares = np.array([0.5, 0.3, 0.2])
    found = []
    for drawn in product(range(3), repeat=4):
        numbers = np.bincount(drawn, minlength=3)
        found.append(shares[list(drawn)].prod() * (diversity(numbers, [0, 0, 0]).hhi_unbiased or 0))
    assert sum(found) == pytest.approx(0.38)


def test_nothing_has_no_diversity() -> None:
    found = diversity([0, 0], [0, 1])
    assert {found.hhi, found.hhi_unbiased, found.effective, found.entropy, found.unrelated, found.related} == {None}


def test_every_sector_needs_a_group() -> None:
    with pytest.raises(ValueError):
        varieties([1, 2], [0])


def test_krugmans_index_by_hand() -> None:
    assert krugman([8, 2, 0], [50, 30, 20]).value == pytest.approx(0.3 + 0.1 + 0.2)
    assert krugman([1, 0], [0, 1]).value == pytest.approx(2)
    assert krugman([5, 3, 2], [50, 30, 20]).value == pytest.approx(0)
    assert krugman([0, 0], [3, 4]).value is None


@given(st.integers(1, 40), counts())
def test_what_chance_gives_is_the_mean_over_the_binomial(startups: int, network: Ints) -> None:
    assume(network.any())
    region = np.zeros_like(network)
    region[0] = startups
    drawn = np.arange(startups + 1)
    shares = network / network.sum()
    expected = sum((binom.pmf(drawn, startups, share) * abs(drawn / startups - share)).sum() for share in shares)
    assert krugman(region, network).by_chance == pytest.approx(expected, abs=1e-9)


def test_gini_by_hand() -> None:
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert gini([0, 0, 0, 1], unbiased=True) == pytest.approx(1)
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0]) is None
    assert gini([]) is None
    assert gini([3], unbiased=True) is None


@given(counts())
def test_gini_is_half_the_mean_difference_over_the_mean(numbers: Ints) -> None:
    assume(numbers.any())
    difference = np.abs(np.subtract.outer(numbers, numbers)).mean()
    assert gini(numbers) == pytest.approx(difference / 2 / numbers.mean())


@given(counts())
def test_gini_is_twice_the_area_above_the_curve_of_lorenz(numbers: Ints) -> None:
    assume(numbers.any())
    units, held = lorenz(numbers)
    assert gini(numbers) == pytest.approx(1 - 2 * trapezoid(held, units))
    assert (held[0], held[-1]) == (0, 1)


def test_the_curve_of_nothing_is_a_diagonal() -> None:
    units, held = lorenz([0, 0])
    assert units.tolist() == held.tolist() == [0, 1]
