from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.matching.evaluation.metrics import difference, hit, interval, mean_of, measure_all, ndcg, recall

any_ranks = st.lists(st.integers(1, 60), min_size=1, max_size=20, unique=True)
any_values = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)


def test_a_worked_example() -> None:
    found = measure_all([2, 4, 30])
    assert found["recall@10"] == pytest.approx(2 / 3)
    assert found["MRR"] == 0.5
    assert found["hit@10"] == 1
    ideal = 1 + 1 / np.log2(3) + 0.5
    assert found["nDCG@10"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)


def test_more_relevant_ones_than_places_can_still_be_perfect() -> None:
    assert recall(list(range(1, 31)), 10) == 1
    assert ndcg(list(range(1, 31)), 10) == pytest.approx(1)


@given(any_ranks)
def test_measures_lie_between_zero_and_one(ranks: list[int]) -> None:
    assert all(0 <= value <= 1 + 1e-12 for value in measure_all(ranks).values())


@given(any_ranks, st.data())
def test_moving_one_up_never_lowers_a_measure(ranks: list[int], data: st.DataObject) -> None:
    moved = data.draw(st.sampled_from(ranks))
    free = [rank for rank in range(1, moved) if rank not in ranks]
    better = [rank for rank in ranks if rank != moved] + [data.draw(st.sampled_from(free)) if free else moved]
    before, after = measure_all(ranks), measure_all(better)
    assert all(after[name] >= before[name] - 1e-12 for name in before)


@pytest.mark.parametrize("ranks", [[], [0, 1], [3, 3]])
def test_ranks_that_cannot_be_are_refused(ranks: list[int]) -> None:
    with pytest.raises(ValueError, match="distinct"):
        measure_all(ranks)


def test_a_hit_needs_only_one_in_the_first_places() -> None:
    assert hit([10, 50]) == 1
    assert hit([11, 50]) == 0


@given(st.lists(any_values, min_size=1, max_size=3))
def test_an_interval_lies_within_the_values_and_is_the_same_each_time(groups: list[np.ndarray]) -> None:
    found = interval(groups, samples=200)
    lowest, highest = min(v.min() for v in groups), max(v.max() for v in groups)
    assert lowest - 1e-9 <= found.low <= found.high <= highest + 1e-9
    assert found == interval(groups, samples=200)


def test_a_small_group_weighs_as_much_as_a_large_one_in_a_macro_average() -> None:
    assert interval([np.ones(1), np.zeros(1000)]).mean == 0.5


def test_the_interval_of_fair_coins_has_the_width_that_theory_gives() -> None:
    coins = np.tile([0.0, 1.0], 200)
    found = interval([coins])
    half_width = 1.96 * 0.5 / np.sqrt(400)
    assert found.high - found.mean == pytest.approx(half_width, rel=0.15)
    assert found.mean - found.low == pytest.approx(half_width, rel=0.15)


def test_pairing_sees_a_small_steady_gain_that_single_intervals_hide() -> None:
    base = np.linspace(0, 0.9, 40)
    gain = difference([base + 0.01], [base])
    assert gain.low > 0
    assert interval([base + 0.01]).low < interval([base]).high


def test_a_difference_needs_the_same_queries() -> None:
    with pytest.raises(ValueError, match="same queries"):
        difference([np.ones(2)], [np.ones(3)])
    with pytest.raises(ValueError, match="nothing"):
        interval([np.ones(0)])


def test_a_query_asked_in_several_languages_is_one_query() -> None:
    assert mean_of({"b": [1.0], "a": [0.0, 1.0]}).tolist() == [0.5, 1.0]
