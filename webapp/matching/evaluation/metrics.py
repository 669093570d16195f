"""Measures of ranked lists, from the ranks of what is relevant, and their bootstrap intervals.

A query's ranks are the places (from 1) of all its relevant candidates in the full list. Every measure lies between 0
and 1. Sources: K. Järvelin and J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002
(nDCG, here with binary gain and the discount log2(rank + 1)); E. Voorhees, The TREC-8 question answering track report,
1999 (MRR); N. Thakur and others, BEIR, 2021 (recall, capped); B. Efron and R. Tibshirani, An introduction to the
bootstrap, 1993, chapter 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

K = 10
"""How many places of a list count: what a reader sees at once."""

SAMPLES = 2000
"""How many times the bootstrap draws."""

SEED = 1

Ranks = Sequence[int]
Values = NDArray[np.float64]
"""One value a query."""


class Interval(NamedTuple):
    """A mean with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float


def recall(ranks: Ranks, k: int = K) -> float:
    """The share of the relevant ones among the first k, of as many as can stand there."""
    return sum(rank <= k for rank in ranks) / min(k, len(ranks))


def ndcg(ranks: Ranks, k: int = K) -> float:
    """Discounted gain of the first k, divided by that of the best possible list."""
    gain = sum(1 / np.log2(rank + 1) for rank in ranks if rank <= k)
    return float(gain / sum(1 / np.log2(rank + 1) for rank in range(1, min(k, len(ranks)) + 1)))


def reciprocal_rank(ranks: Ranks) -> float:
    """1 / rank of the first relevant one, however far down it stands."""
    return 1 / min(ranks)


def hit(ranks: Ranks, k: int = K) -> float:
    """1 if any relevant one is among the first k, else 0."""
    return float(min(ranks) <= k)


MEASURES = {f"recall@{K}": recall, f"nDCG@{K}": ndcg, "MRR": reciprocal_rank, f"hit@{K}": hit}
"""Name -> measure of one query."""


def measure_all(ranks: Ranks) -> dict[str, float]:
    """All measures of one query.

    Raises:
        ValueError: nothing is relevant, or a rank is below 1 or occurs twice.
    """
    if not ranks or min(ranks) < 1 or len(set(ranks)) != len(ranks):
        raise ValueError("ranks are distinct, begin at 1, and there is at least one")
    return {name: of(ranks) for name, of in MEASURES.items()}


def interval(groups: Sequence[Values], *, seed: int = SEED, samples: int = SAMPLES) -> Interval:
    """The mean of the groups' means, with the 2.5th and 97.5th percentiles when queries are drawn anew in each group.

    With one group this is the mean of its values; with several, a macro average in which each group weighs the same.

    Raises:
        ValueError: there is no group, or one without values.
    """
    if not groups or not all(len(values) for values in groups):
        raise ValueError("there is no mean of nothing")
    random = np.random.default_rng(seed)
    means = np.zeros(samples)
    for values in groups:
        means += values[random.integers(0, len(values), (samples, len(values)))].mean(axis=1)
    low, high = np.percentile(means / len(groups), (2.5, 97.5)).tolist()
    return Interval(float(np.mean([values.mean() for values in groups])), low, high)


def difference(ours: Sequence[Values], theirs: Sequence[Values], *, seed: int = SEED) -> Interval:
    """Ours − theirs, paired by query, as a macro average over the groups.

    Raises:
        ValueError: the two do not answer the same number of queries in each group.
    """
    if [len(values) for values in ours] != [len(values) for values in theirs]:
        raise ValueError("a paired difference needs the same queries on both sides")
    return interval([mine - other for mine, other in zip(ours, theirs, strict=True)], seed=seed)


def mean_of(values: Mapping[str, Sequence[float]]) -> Values:
    """One value a query, in the order of their ids, where a query was asked several times: in several languages."""
    return np.array([float(np.mean(values[query])) for query in sorted(values)])
