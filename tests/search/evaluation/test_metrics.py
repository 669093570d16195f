from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.search.evaluation.metrics import bootstrap_difference, bootstrap_mean, ndcg, recall, reciprocal_rank

MEASURES = (recall, reciprocal_rank, ndcg)

judgements = st.dictionaries(st.integers(0, 30), st.integers(1, 3), min_size=1, max_size=15)
rankings = st.lists(st.integers(0, 30), unique=True, max_size=25)
depths = st.integers(1, 20)
scores = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_recall_is_the_share_of_the_relevant_found() -> None:
    assert recall([7, 1, 8, 2], {1: 1, 2: 1, 3: 1}, 10) == pytest.approx(2 / 3)
    assert recall([7, 1, 8, 2], {1: 1, 2: 1, 3: 1}, 2) == pytest.approx(1 / 2)


def test_recall_asks_for_no_more_than_there_are_places() -> None:
    assert recall(range(10), dict.fromkeys(range(40), 1), 10) == 1


def test_the_reciprocal_rank_is_that_of_the_first_relevant() -> None:
    assert reciprocal_rank([7, 8, 1, 2], {1: 1, 2: 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank([7, 8, 1, 2], {1: 1, 2: 1}, 2) == 0


def test_binary_measures_ask_for_the_highest_grade_only() -> None:
    assert reciprocal_rank([1, 2], {1: 1, 2: 2}, 10) == pytest.approx(1 / 2)
    assert recall([1], {1: 1, 2: 2}, 10) == 0


def test_ndcg_of_a_worked_example() -> None:
    # Grades 3, 2, 1; found at ranks 1 (grade 1), 3 (grade 3): gains 1 and 3.
    found = 1 / log2(2) + 3 / log2(4)
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg([5, 99, 6], {6: 3, 7: 2, 5: 1}, 10) == pytest.approx(found / best)


def test_binary_ndcg_of_one_relevant_document_at_rank_three_is_a_half() -> None:
    assert ndcg([8, 9, 1], {1: 1}, 10) == pytest.approx(0.5)


@given(rankings, judgements, depths)
def test_every_measure_lies_between_nothing_and_one(ranking: list[int], judgement: dict[int, int], k: int) -> None:
    for measure in MEASURES:
        assert 0 <= measure(ranking, judgement, k) <= 1 + 1e-12


@given(judgements, depths)
def test_the_best_ranking_gets_one(judgement: dict[int, int], k: int) -> None:
    ideal = sorted(judgement, key=lambda document: -judgement[document])
    for measure in MEASURES:
        assert measure(ideal, judgement, k) == pytest.approx(1)


@given(rankings, judgements, depths)
def test_what_stands_below_the_depth_counts_for_nothing(ranking: list[int], judgement: dict[int, int], k: int) -> None:
    for measure in MEASURES:
        assert measure(ranking, judgement, k) == measure(ranking[:k], judgement, k)


@given(rankings.filter(lambda ranking: len(ranking) > 1), judgements)
def test_moving_a_better_document_up_never_lowers_ndcg(ranking: list[int], judgement: dict[int, int]) -> None:
    better = sorted(ranking, key=lambda document: -judgement.get(document, 0))
    assert ndcg(better, judgement, 10) >= ndcg(ranking, judgement, 10) - 1e-12


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("ranking", "judgement", "k"), [([1], {}, 10), ([1], {1: 0}, 10), ([1], {1: 1}, 0), ([1, 1], {1: 1}, 10)]
)
def test_what_cannot_be_measured_is_refused(measure, ranking, judgement, k) -> None:
    with pytest.raises(ValueError):
        measure(ranking, judgement, k)


@given(scores)
def test_an_interval_lies_within_the_values_and_is_the_same_every_time(values: list[float]) -> None:
    found = bootstrap_mean(values, samples=400)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == bootstrap_mean(values, samples=400)


def test_an_interval_comes_near_the_textbook_one() -> None:
    values = [0.0] * 50 + [1.0] * 50
    mean, low, high = bootstrap_mean(values)
    assert mean == 0.5
    assert (low, high) == (pytest.approx(0.5 - 1.96 * 0.05, abs=0.02), pytest.approx(0.5 + 1.96 * 0.05, abs=0.02))


def test_a_paired_difference_does_not_see_how_hard_the_queries_are() -> None:
    theirs = [0.1 * number for number in range(10)] * 5
    ours = [value + 0.05 for value in theirs]
    mean, low, high = bootstrap_difference(ours, theirs)
    assert (mean, low, high) == (pytest.approx(0.05), pytest.approx(0.05), pytest.approx(0.05))


@given(scores)
def test_nothing_differs_from_itself(values: list[float]) -> None:
    assert bootstrap_difference(values, values, samples=50) == (0, 0, 0)


def test_means_of_nothing_and_unequal_sides_are_refused() -> None:
    with pytest.raises(ValueError):
        bootstrap_mean([])
    with pytest.raises(ValueError):
        bootstrap_difference([1.0], [1.0, 0.0])
