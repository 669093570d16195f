"""The exact interval of a location quotient: what the margins of the table leave to chance."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

from webapp.clusters.arrays import Floats, Ints


def exact_bounds(count: int, in_region: int, in_sector: int, total: int, tail: float) -> tuple[float, float]:
    """The conditional exact interval of a location quotient.

    Given the margins, the count follows Fisher's noncentral hypergeometric distribution, whose one parameter is the
    odds ratio. Its exact interval (Cornfield 1956; Agresti 2013, ch. 16) is put into quotients: each limit is the
    quotient of the table that has these margins and that odds ratio. The interval excludes 1 exactly if Fisher's test
    of one tail does.

    Args:
        count: startups in sector and region.
        in_region: startups in the region, at least 1.
        in_sector: startups in the sector, at least 1.
        total: startups in all.
        tail: probability outside of the interval at either end.
    """
    least, most = max(0, in_region + in_sector - total), min(in_region, in_sector)
    support = np.arange(least, most + 1)
    weights = _log_weights(support, in_region, in_sector, total)
    scale = total / (in_region * in_sector)
    lower, upper = least * scale, most * scale
    if count > least:
        odds = _solve(lambda theta: _log_tail(weights, support, theta, count - least) - log(tail))
        lower = _count_at(odds, in_region, in_sector, total) * scale
    if count < most:
        odds = _solve(lambda theta: log(tail) - _log_tail(weights[::-1], support[::-1], theta, most - count))
        upper = _count_at(odds, in_region, in_sector, total) * scale
    return lower, upper


def _log_weights(support: Ints, in_region: int, in_sector: int, total: int) -> Floats:
    """Logarithms of the central hypergeometric probabilities, up to a constant."""
    rest = total - in_region - in_sector + support
    terms = [support, in_region - support, in_sector - support, rest]
    return -np.sum([gammaln(term + 1.0) for term in terms], axis=0)


def _log_tail(weights: Floats, support: Ints, theta: float, begin: int) -> float:
    """Logarithm of the probability of the support from an index on, with odds ratio exp(theta)."""
    terms = weights + theta * support
    return _log_sum(terms[begin:]) - _log_sum(terms)


def _log_sum(terms: Floats) -> float:
    largest = float(terms.max())
    return largest + log(float(np.exp(terms - largest).sum()))


def _solve(distance: Callable[[float], float]) -> float:
    """The odds ratio at which an increasing distance is 0."""
    low, high = -1.0, 1.0
    while distance(low) > 0:
        low *= 2
    while distance(high) < 0:
        high *= 2
    return exp(brentq(distance, low, high, xtol=1e-10))


def _count_at(odds_ratio: float, in_region: int, in_sector: int, total: int) -> float:
    """The (fractional) count at which the table with these margins has an odds ratio.

    It solves (w - 1) x^2 - (w (A + b) + B - A - b) x + w A b = 0, by the formula in which nothing cancels.
    """
    middle = odds_ratio * (in_region + in_sector) + total - in_region - in_sector
    root = sqrt(max(middle**2 - 4 * odds_ratio * (odds_ratio - 1) * in_region * in_sector, 0.0))
    if middle < 0:
        return (middle - root) / (2 * (odds_ratio - 1))
    return 2 * odds_ratio * in_region * in_sector / (middle + root)
