from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.matching.ranking import Best, BestOfColumns, best_of_rows, combine

K = 3
LEAST = 0.3
blocks = arrays(
    np.float64, st.tuples(st.integers(0, 8), st.integers(1, 6)), elements=st.sampled_from([-1, 0.2, 0.3, 0.5, 0.9])
)


def entries(best: Best) -> set[tuple[int, int, float, int]]:
    columns = (best.startups, best.partners, best.scores, best.ranks)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def expected(scores: list[float]) -> list[int]:
    """The places of the best, by the definition."""
    found = [place for place, score in enumerate(scores) if score >= LEAST]
    return sorted(found, key=lambda place: (-scores[place], place))[:K]


@given(blocks)
def test_each_row_lists_its_best_columns_and_equals_by_id(scores: np.ndarray) -> None:
    rows, columns = np.arange(scores.shape[0]) + 10, np.arange(scores.shape[1]) + 100
    wanted = {
        (row + 10, place + 100, scores[row, place], rank)
        for row in range(len(scores))
        for rank, place in enumerate(expected(scores[row].tolist()), start=1)
    }
    assert entries(best_of_rows(scores, rows, columns, K, LEAST, np.zeros(scores.shape[1]))) == wanted


@given(blocks, st.integers(1, 8))
def test_columns_list_their_best_rows_however_the_rows_are_cut_into_blocks(scores: np.ndarray, size: int) -> None:
    best = BestOfColumns(np.arange(scores.shape[1]), K, LEAST)
    for start in range(0, len(scores), size):
        rows = np.arange(start, min(start + size, len(scores)))
        best.add(scores[start : start + size], rows, np.zeros(len(rows)))
    wanted = {
        (place, column, scores[place, column], rank)
        for column in range(scores.shape[1])
        for rank, place in enumerate(expected(scores[:, column].tolist()), start=1)
    }
    assert entries(best.best()) == wanted


@given(blocks)
def test_prices_change_the_order_but_neither_the_scores_nor_who_may_be_listed(scores: np.ndarray) -> None:
    prices = np.linspace(0, 1, scores.shape[1])
    rows, columns = np.arange(scores.shape[0]), np.arange(scores.shape[1])
    best = best_of_rows(scores, rows, columns, K, LEAST, prices)
    by_columns = BestOfColumns(rows, K, LEAST)
    by_columns.add(scores.T, columns, prices)
    assert entries(by_columns.best()) == {
        (partner, startup, score, rank) for startup, partner, score, rank in entries(best)
    }
    for row in rows.tolist():
        mine = [
            entry
            for entry in zip(best.ranks, best.partners, best.scores, best.startups, strict=True)
            if entry[3] == row
        ]
        assert all(score == scores[row, partner] >= LEAST for _, partner, score, _ in mine)
        values = [score - prices[partner] for _, partner, score, _ in sorted(mine)]
        assert values == sorted(values, reverse=True)
        assert len(mine) == min(K, int((scores[row] >= LEAST).sum()))


def test_a_pair_on_both_lists_is_one_pair() -> None:
    def best(*rows: tuple[int, int, float, int]) -> Best:
        startups, partners, scores, ranks = zip(*rows, strict=True)
        return Best(np.array(startups), np.array(partners), np.array(scores), np.array(ranks))

    ranking = combine(best((1, 7, 0.5, 1), (1, 9, 0.4, 2)), best((1, 9, 0.4, 1), (2, 9, 0.3, 2)))
    assert list(ranking.rows()) == [(1, 7, 0.5, 1, 0), (1, 9, 0.4, 2, 1), (2, 9, 0.3, 0, 2)]


def test_nothing_makes_an_empty_ranking() -> None:
    assert len(combine(Best.joined([]), Best.joined([]))) == 0
