"""Location quotients shrunken towards 1, so that a few startups do not make a cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import gammaincinv, gammaln

from webapp.clusters.arrays import Floats, counts_of, ratio
from webapp.clusters.intervals import CONFIDENCE, tail_of

WEAKEST, STRONGEST = 0.1, 10_000.0
"""Between these the strength of the prior is sought, in expected startups."""


@dataclass(frozen=True)
class Shrunken:
    """Shrunken quotients with their credible intervals, sectors by regions. Of nothing expected, they are the prior."""

    quotient: Floats
    lower: Floats
    upper: Floats
    strength: float
    """The prior counts as much as this many expected startups; ``STRONGEST`` if the table looks like chance alone."""


def shrink(counts: ArrayLike, confidence: float = CONFIDENCE, strength: float | None = None) -> Shrunken:
    """Empirical Bayes estimates of the location quotients of startups.

    A count is Poisson with mean E x LQ, where E = e_s e_r / e is what proportion would give, and LQ has a gamma prior
    of mean 1 and shape k. Then LQ given the count is gamma of shape count + k and mean (count + k) / (E + k). Unless
    given, k maximises the (negative binomial) likelihood of the whole table. Source: Clayton & Kaldor 1987, Biometrics
    43, with the prior's mean held at 1.

    Args:
        counts: startups, sectors by regions.
        confidence: of the credible intervals.
        strength: k, if it shall not be estimated.
    """
    table = counts_of(counts, 2)
    expected = ratio(np.outer(table.sum(1), table.sum(0)), table.sum())
    shape = _strength(table[expected > 0].astype(np.float64), expected[expected > 0]) if strength is None else strength
    tail = tail_of(confidence)
    lower, upper = (gammaincinv(table + shape, tail_) / (expected + shape) for tail_ in (tail, 1 - tail))
    return Shrunken((table + shape) / (expected + shape), lower, upper, shape)


def _strength(counts: Floats, expected: Floats) -> float:
    if not counts.size:
        return STRONGEST

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        by_count = gammaln(counts + shape) - gammaln(shape) - counts * np.log(expected + shape)
        return -float(np.sum(by_count + shape * np.log(shape / (expected + shape))))

    limits = np.log(WEAKEST), np.log(STRONGEST)
    found = minimize_scalar(loss, bounds=limits, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))
