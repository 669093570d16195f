"""Measures of a ranking against judgements, and how far they can be trusted.

A judgement is a mapping of document ids to grades: 1 and more for what answers the query, the higher the better. Ids
that are not in it do not answer. Every measure lies between 0 and 1.

Sources: K. Järvelin and J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002 (nDCG);
E. Voorhees, The TREC-8 question answering track report, 1999 (MRR); N. Thakur and others, BEIR, 2021 (capped recall);
B. Efron and R. Tibshirani, An introduction to the bootstrap, 1993, chapter 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLES = 2000
"""How many times the bootstrap draws."""

_CHUNK = 200
"""Draws that are in memory at a time."""


class Interval(NamedTuple):
    """A mean with the bounds of its 95 % interval."""

    mean: float
    low: float
    high: float


def _meant(judgement: Mapping[int, int]) -> set[int]:
    """The documents of the highest grade: those that binary measures ask for."""
    if not judgement or min(judgement.values()) < 1:
        raise ValueError("a judgement names at least one document, and grades begin at 1")
    best = max(judgement.values())
    return {document for document, grade in judgement.items() if grade == best}


def _top(ranking: Sequence[int], k: int) -> Sequence[int]:
    if k < 1:
        raise ValueError("k is at least 1")
    if len(set(ranking)) != len(ranking):
        raise ValueError("a ranking names each document once")
    return ranking[:k]


def recall(ranking: Sequence[int], judgement: Mapping[int, int], k: int) -> float:
    """The share of the documents of the highest grade that stand among the first k, of as many as can stand there.

    The divisor is min(k, number of such documents), the capped recall of BEIR, so that 1 can always be reached.

    Raises:
        ValueError: the judgement is empty or has a grade below 1, k is below 1, or the ranking repeats a document.
    """
    meant = _meant(judgement)
    return len(meant & set(_top(ranking, k))) / min(k, len(meant))


def reciprocal_rank(ranking: Sequence[int], judgement: Mapping[int, int], k: int) -> float:
    """1 / rank of the first document of the highest grade, 0 if none stands among the first k. Raises as ``recall``."""
    meant = _meant(judgement)
    return next((1 / rank for rank, found in enumerate(_top(ranking, k), start=1) if found in meant), 0.0)


def ndcg(ranking: Sequence[int], judgement: Mapping[int, int], k: int) -> float:
    """Discounted cumulated gain of the first k, divided by that of the best possible ranking. Raises as ``recall``.

    The gain of a document is its grade (Järvelin and Kekäläinen); it is divided by log2(rank + 1), the discount in use
    since, which treats ranks 1 and 2 differently. With one grade only this is the binary nDCG.
    """
    _meant(judgement)
    gains = [judgement.get(found, 0) for found in _top(ranking, k)]
    return _cumulated(gains) / _cumulated(sorted(judgement.values(), reverse=True)[:k])


def _cumulated(gains: Sequence[int]) -> float:
    discounts = np.log2(np.arange(2, len(gains) + 2))
    return float((np.array(gains, dtype=float) / discounts).sum())


def bootstrap_mean(values: Sequence[float], *, seed: int = 1, samples: int = SAMPLES) -> Interval:
    """The mean of one value a query, with the 2.5th and 97.5th percentiles of the means of resampled queries.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("there is no mean of nothing")
    data = np.asarray(values, dtype=float)
    low, high = np.percentile(_resampled_means(data, seed, samples), (2.5, 97.5)).tolist()
    return Interval(float(data.mean()), low, high)


def _resampled_means(data: NDArray[np.float64], seed: int, samples: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    means = [
        data[random.integers(0, len(data), (min(_CHUNK, samples - start), len(data)))].mean(axis=1)
        for start in range(0, samples, _CHUNK)
    ]
    return np.concatenate(means)


def bootstrap_difference(
    ours: Sequence[float], theirs: Sequence[float], *, seed: int = 1, samples: int = SAMPLES
) -> Interval:
    """The mean of ours − theirs with its interval; the two answer the same queries in the same order.

    Raises:
        ValueError: there are no values, or not as many on both sides.
    """
    if len(ours) != len(theirs):
        raise ValueError("a paired difference needs the same queries on both sides")
    differences = [mine - other for mine, other in zip(ours, theirs, strict=True)]
    return bootstrap_mean(differences, seed=seed, samples=samples)
