"""The best of each list: k partners of a kind for a startup, k startups for a partner. Equals are ordered by id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.matching.scoring import Scores

Places = NDArray[np.int64]
ScoreList = NDArray[np.float64]


@dataclass(frozen=True)
class Best:
    """Entries of lists, as parallel arrays: who, with whom, with what score, at what place of the list (from 1)."""

    startups: Places
    partners: Places
    scores: ScoreList
    ranks: Places

    @classmethod
    def joined(cls, parts: list[Best]) -> Best:
        """The entries of all parts."""
        none = np.zeros(0, dtype=np.int64)
        parts = parts or [cls(none, none, none.astype(np.float64), none)]
        return cls(
            np.concatenate([part.startups for part in parts]),
            np.concatenate([part.partners for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.ranks for part in parts]),
        )


@dataclass(frozen=True)
class Ranking:
    """Pairs that are on at least one list, as parallel arrays ordered by startup, then by partner."""

    startup_ids: Places
    partner_ids: Places
    scores: ScoreList
    startup_ranks: Places
    """Place on the startup's list of the partner's kind, from 1; 0 if it is not on it."""
    partner_ranks: Places
    """Place on the partner's list, from 1; 0 if it is not on it."""

    def __len__(self) -> int:
        return len(self.startup_ids)

    def rows(self) -> Iterator[tuple[int, int, float, int, int]]:
        """The pairs one by one: ids, score and both ranks."""
        columns = (self.startup_ids, self.partner_ids, self.scores, self.startup_ranks, self.partner_ranks)
        return zip(*(column.tolist() for column in columns), strict=True)

    def lists(self) -> tuple[Best, Best]:
        """The entries of startups' lists and those of partners' lists."""
        on = (np.flatnonzero(ranks) for ranks in (self.startup_ranks, self.partner_ranks))
        mine, theirs = on
        return (
            Best(self.startup_ids[mine], self.partner_ids[mine], self.scores[mine], self.startup_ranks[mine]),
            Best(self.startup_ids[theirs], self.partner_ids[theirs], self.scores[theirs], self.partner_ranks[theirs]),
        )

    def only(self, kept: NDArray[np.bool_]) -> Ranking:
        """The same ranking with some of its pairs; ranks stay what they are."""
        return Ranking(
            self.startup_ids[kept],
            self.partner_ids[kept],
            self.scores[kept],
            self.startup_ranks[kept],
            self.partner_ranks[kept],
        )


def best_of_rows(scores: Scores, rows: Places, columns: Places, k: int, least: float, prices: ScoreList) -> Best:
    """The k best columns of each row, by score minus price, among those whose score reaches ``least``.

    Args:
        scores: rows by columns; columns in the order in which equals are listed.
        rows, columns: what the rows and columns of ``scores`` are called in the result.
        prices: of the columns.
    """
    listed = np.where(scores >= least, scores - prices, -np.inf)
    order = np.argsort(-listed, axis=1, kind="stable")[:, :k]
    row, rank = np.nonzero(np.isfinite(np.take_along_axis(listed, order, axis=1)))
    column = order[row, rank]
    return Best(rows[row], columns[column], scores[row, column], rank + 1)


class BestOfColumns:
    """The k best rows of each column, gathered block by block; blocks come in the order in which equals are listed."""

    def __init__(self, columns: Places, k: int, least: float) -> None:
        self._columns = columns
        self._k = k
        self._least = least
        self._rows = np.zeros((0, len(columns)), dtype=np.int64)
        self._scores = np.zeros((0, len(columns)), dtype=np.float64)
        self._listed = np.zeros((0, len(columns)), dtype=np.float64)

    def add(self, scores: Scores, rows: Places, prices: ScoreList) -> None:
        """Take another block of rows, with their prices, into account."""
        listed = np.where(scores >= self._least, scores - prices[:, np.newaxis], -np.inf)
        first = np.argsort(-listed, axis=0, kind="stable")[: self._k]
        joined = np.concatenate([self._listed, np.take_along_axis(listed, first, axis=0)])
        order = np.argsort(-joined, axis=0, kind="stable")[: self._k]
        self._listed = np.take_along_axis(joined, order, axis=0)
        kept = np.concatenate([self._scores, np.take_along_axis(scores, first, axis=0)])
        self._scores = np.take_along_axis(kept, order, axis=0)
        self._rows = np.take_along_axis(np.concatenate([self._rows, rows[first]]), order, axis=0)

    def best(self) -> Best:
        """The lists, so far."""
        rank, column = np.nonzero(np.isfinite(self._listed))
        return Best(self._rows[rank, column], self._columns[column], self._scores[rank, column], rank + 1)


def combine(for_startups: Best, for_partners: Best) -> Ranking:
    """All pairs of both kinds of lists, each once."""
    width = 1 + int(max(for_startups.partners.max(initial=0), for_partners.partners.max(initial=0)))
    keys = [best.startups * width + best.partners for best in (for_startups, for_partners)]
    pairs = np.union1d(*keys)
    ranks = np.zeros((2, len(pairs)), dtype=np.int64)
    scores = np.zeros(len(pairs), dtype=np.float64)
    for side, best in enumerate((for_startups, for_partners)):
        places = np.searchsorted(pairs, keys[side])
        ranks[side, places] = best.ranks
        scores[places] = best.scores
    return Ranking(pairs // width, pairs % width, scores, ranks[0], ranks[1])
