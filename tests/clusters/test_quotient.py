from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import fisher_exact, multinomial, nbinom
from scipy.stats.contingency import odds_ratio

from tests.clusters.strategies import tables
from webapp.clusters.arrays import Ints
from webapp.clusters.quotient import location_quotient, quotients, stars
from webapp.clusters.quotient_exact import exact_bounds
from webapp.clusters.shrinkage import STRONGEST, shrink

ECONGEO = np.array(
    [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]]
).T
"""The example of ``location_quotient`` in the R package EconGeo, here sectors by regions."""

FOURFOLD = arrays(np.int64, (2, 2), elements=st.integers(0, 15))


def two_by_two(count: int, in_region: int, in_sector: int, total: int) -> Ints:
    rest = total - in_region - in_sector + count
    return np.array([[count, in_sector - count], [in_region - count, rest]])


def test_the_example_of_econgeo_has_the_quotients_worked_out_by_hand() -> None:
    found, known = location_quotient(ECONGEO)
    assert known.all()
    assert found[0] == pytest.approx([5, 0, 0, 0, 0])
    assert found[1] == pytest.approx([0, 0.75, 1, 1.25, 2])
    assert found[3] == pytest.approx([0, 3.5, 1, 0.25, 0.25])


@given(arrays(np.float64, (3, 4), elements=st.floats(0, 1e6)), st.floats(0.01, 1000))
def test_the_unit_of_the_amounts_does_not_matter(amounts: np.ndarray, factor: float) -> None:
    assume((amounts[amounts > 0] > 1e-3).all())
    found, known = location_quotient(amounts)
    scaled, scaled_known = location_quotient(amounts * factor)
    assert (known == scaled_known).all()
    assert scaled == pytest.approx(found, rel=1e-9)


@given(arrays(np.int64, 4, elements=st.integers(1, 9)), arrays(np.int64, 3, elements=st.integers(1, 9)))
def test_a_proportional_table_has_quotients_of_one_and_no_specialisation(sectors: Ints, regions: Ints) -> None:
    found = quotients(np.outer(sectors, regions))
    assert found.quotient == pytest.approx(np.ones((4, 3)))
    assert found.shrunken.quotient == pytest.approx(np.ones((4, 3)))
    assert (found.lower <= 1 + 1e-12).all()
    assert (found.upper >= 1 - 1e-12).all()
    assert not found.specialised().any()


@given(tables(most=150))
def test_every_figure_is_a_number_and_lies_in_its_interval(table: Ints) -> None:
    found = quotients(table)
    for figures in (found.quotient, found.lower, found.upper, *vars(found.shrunken).values()):
        assert np.isfinite(figures).all()
    assert (found.lower <= found.quotient + 1e-9).all()
    assert (found.quotient <= found.upper + 1e-9).all()
    assert (found.known == np.logical_and.outer(table.sum(1) > 0, table.sum(0) > 0)).all()


@settings(max_examples=200)
@given(FOURFOLD)
def test_exact_limits_belong_to_the_odds_ratios_that_scipy_finds(table: Ints) -> None:
    assume((table.sum(0) > 0).all() and (table.sum(1) > 0).all())
    count, in_region, in_sector, total = (int(x) for x in (table[0, 0], *table.sum(0)[:1], table[0].sum(), table.sum()))
    expected = odds_ratio(table, kind="conditional").confidence_interval(0.95)
    for limit, wanted in zip(exact_bounds(count, in_region, in_sector, total, 0.025), expected, strict=True):
        cell = limit * in_region * in_sector / total
        others = (in_region - cell) * (in_sector - cell)
        if np.isinf(wanted):
            assert others == pytest.approx(0, abs=1e-6)
        else:
            assert cell * (total - in_region - in_sector + cell) == pytest.approx(wanted * others, rel=1e-4, abs=1e-5)


@given(FOURFOLD)
def test_the_exact_interval_is_above_one_exactly_if_fishers_test_says_so(table: Ints) -> None:
    assume((table.sum(0) > 0).all() and (table.sum(1) > 0).all())
    tail = fisher_exact(table, alternative="greater").pvalue
    assume(abs(tail - 0.025) > 1e-9)
    assert (quotients(table).lower[0, 0] > 1 + 1e-9) == (tail < 0.025)


def test_the_variance_of_the_delta_method_is_that_of_many_drawn_tables() -> None:
    shares = np.array([0.05, 0.15, 0.1, 0.7])
    drawn = multinomial(4000, shares).rvs(20_000, random_state=np.random.default_rng(1)).reshape(-1, 2, 2)
    logs = np.log(drawn[:, 0, 0] * 4000 / drawn[:, 0].sum(1) / drawn[:, :, 0].sum(1))
    found = quotients((4000 * shares).astype(int).reshape(2, 2))
    assert not found.exact.any()
    reach = np.log(found.upper[0, 0] / found.lower[0, 0]) / 2 / 1.959964
    assert reach == pytest.approx(logs.std(), rel=0.03)


def test_five_of_twenty_five_are_no_proof_of_a_specialisation() -> None:
    found = quotients(two_by_two(5, 25, 45, 450))
    assert found.quotient[0, 0] == pytest.approx(2)
    assert found.lower[0, 0] < 1
    assert not found.specialised()[0, 0]


def test_twenty_five_of_a_hundred_are() -> None:
    found = quotients(two_by_two(25, 100, 50, 500))
    assert found.quotient[0, 0] == pytest.approx(2.5)
    assert found.specialised()[0, 0]
    assert not found.specialised(threshold=2.6)[0, 0]
    assert not found.specialised(fewest=26)[0, 0]


def test_a_region_that_is_the_whole_network_has_a_quotient_of_exactly_one() -> None:
    found = quotients([[3], [5]])
    assert found.quotient.tolist() == found.lower.tolist() == found.upper.tolist() == [[1.0], [1.0]]


def test_five_of_twenty_five_shrink_by_a_prior_of_two_to_one_and_a_half() -> None:
    found = shrink(two_by_two(5, 25, 45, 450), strength=2)
    assert found.quotient[0, 0] == pytest.approx(7 / 4.5)


@given(tables())
def test_shrinking_never_moves_a_quotient_away_from_one_or_beyond_it(table: Ints) -> None:
    found = quotients(table)
    raw, shrunken = found.quotient[found.known] - 1, found.shrunken.quotient[found.known] - 1
    assert (np.abs(shrunken) <= np.abs(raw) + 1e-12).all()
    assert (shrunken * raw >= -1e-12).all()


def test_the_strength_of_the_prior_is_the_likeliest() -> None:
    table = np.random.default_rng(3).poisson(8 * np.random.default_rng(4).gamma(2, 0.5, (12, 8)))
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()

    def likelihood(strength: float) -> float:
        return float(nbinom.logpmf(table, strength, strength / (strength + expected)).sum())

    found = shrink(table).strength
    assert 0.5 < found < 20
    assert likelihood(found) >= max(likelihood(found * 0.95), likelihood(found * 1.05))


def test_a_table_without_any_pattern_is_shrunken_all_the_way() -> None:
    found = shrink(np.full((4, 3), 10))
    assert found.strength == pytest.approx(STRONGEST, rel=1e-3)


def test_stars_are_for_size_specialisation_and_focus() -> None:
    found = stars(quotients([[40, 2, 8], [10, 30, 60], [150, 30, 100]]))
    assert found.size[0].tolist() == [True, False, False]
    assert found.focus[:, 0].tolist() == [True, False, True]
    assert found.specialisation[0, 0]
    assert found.number()[0].tolist() == [3, 0, 0]


def test_two_startups_earn_no_star() -> None:
    assert not stars(quotients([[2, 0], [0, 2]])).number().any()


def test_an_empty_table_has_no_quotients() -> None:
    found = quotients(np.zeros((3, 2)))
    assert not found.known.any()
    assert not found.quotient.any()


@pytest.mark.parametrize("table", [[[1.5]], [[-1]], [[float("nan")]], [1, 2]])
def test_what_is_no_table_of_counts_is_refused(table: object) -> None:
    with pytest.raises(ValueError):
        quotients(table)  # type: ignore[arg-type]
