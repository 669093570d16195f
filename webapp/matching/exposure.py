"""Fair exposure: prices that keep a few partners from standing on all lists, and a few sites from filling them.

A list is ordered by score minus price; the score that people see is not touched. Prices are found at the fit and then
stay, so that a changed profile moves only its own lists. A price has three parts:

- everybody pays ``PENALTY`` times the logarithm of 1 + the times shown, so that among equals the less known come first;
- who stands on more lists than the cap allows pays more, round after round, until the cap holds;
- the startups of a site that is shown more than its share pay, those of one that is shown less are paid.

The first part follows the experiments on six sets of pairs; the other two are dual prices of the assignment, found by
multiplicative steps (D. Bertsekas, The auction algorithm, 1988, in its simplest form).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import StartupFeatures
from webapp.matching.scoring import Scores

Prices = NDArray[np.float64]

PENALTY = 0.2
"""In deviations of the scores of pairs that may be proposed."""

CAP = 0.13
"""The share of the lists of its kind on which a partner may stand; 15 % is promised."""

FAIR_SHARE = 1.5
"""A cap is never below so many times an even share: with seven partners in lists of ten, each stands on all of them."""

PER_PLACE = 25
"""A partner that takes so many startups at a time stands on at most as many lists for each of these places."""

ROUNDS = 40
STEP = 0.25
"""How far a round moves the price of who is shown e times too often, in deviations of the scores."""

MOST_LISTS = 1500
"""From so many lists, evenly spaced, prices are found; the others follow."""


@dataclass(frozen=True)
class Exposure:
    """Prices by id; who came after the fit pays that of its site, or none."""

    partners: dict[int, float] = field(default_factory=dict)
    startups: dict[int, float] = field(default_factory=dict)
    sites: dict[str, float] = field(default_factory=dict)

    def of_partners(self, ids: Sequence[int]) -> Prices:
        """The prices of partners."""
        return np.array([self.partners.get(one, 0.0) for one in ids], dtype=np.float64)

    def of_startups(self, startups: Sequence[StartupFeatures]) -> Prices:
        """The prices of startups."""
        return np.array(
            [self.startups[one.id] if one.id in self.startups else self._of_sites(one) for one in startups],
            dtype=np.float64,
        )

    def _of_sites(self, startup: StartupFeatures) -> float:
        prices = [self.sites.get(site, 0.0) for site in sites_of(startup)]
        return sum(prices) / len(prices)


def sites_of(startup: StartupFeatures) -> tuple[str, ...]:
    """The sites that a startup counts for; one without a name if it has none."""
    return startup.sites or ("",)


def shown(scores: Scores, prices: Prices, count: int, least: float) -> NDArray[np.int64]:
    """On how many lists each column stands; every row is a list of the best columns by score minus price."""
    count = min(count, scores.shape[1])
    listed = np.where(scores >= least, scores - prices, -np.inf)
    best = np.argpartition(-listed, count - 1, axis=1)[:, :count]
    is_listed = np.isfinite(np.take_along_axis(listed, best, axis=1))
    return np.bincount(best[is_listed], minlength=scores.shape[1])


def spread(scores: Scores) -> float:
    """The deviation of the scores of pairs that may be proposed."""
    allowed = scores[scores >= 0]
    return float(allowed.std()) if len(allowed) else 0.0


def caps(lists: int, columns: int, count: int, places: Sequence[int | None]) -> Prices:
    """On how many lists each column may stand.

    Args:
        lists: how many there are.
        columns: how many compete for them.
        count: how many a list holds.
        places: how many startups each takes at a time, where it says so.
    """
    even = lists * min(count, columns) / max(1, columns)
    most = max(CAP * lists, FAIR_SHARE * even) if columns * CAP < FAIR_SHARE * count else CAP * lists
    return np.array([most if one is None else max(even / FAIR_SHARE, min(most, PER_PLACE * one)) for one in places])


def partner_prices(scores: Scores, most: Prices, count: int, least: float, lists: int) -> Prices:
    """The prices of partners of one kind.

    Args:
        scores: a sample of startups by partners.
        most: on how many of all ``lists`` each may stand.
    """
    prices = np.zeros(scores.shape[1])
    if not scores.size:
        return prices
    unit, extra, scale = spread(scores), prices.copy(), lists / len(scores)
    for _ in range(ROUNDS):
        times = shown(scores, prices, count, least) * scale
        extra = np.maximum(0, extra + STEP * unit * np.log(np.maximum(times, 1e-9) / most).clip(-1, 1))
        prices = (prices + PENALTY * unit * np.log1p(times) + extra) / 2
    return prices


def startup_prices(
    scores: Scores, sites: Sequence[tuple[str, ...]], count: int, least: float, lists: int
) -> tuple[Prices, dict[str, float]]:
    """The prices of startups, and of their sites alone.

    Args:
        scores: a sample of partners by startups.
        sites: of each startup; who is at two counts for both.
        lists: how many partners there are.
    """
    prices = np.zeros(scores.shape[1])
    names = sorted({site for found in sites for site in found})
    if not scores.size:
        return prices, dict.fromkeys(names, 0.0)
    member = np.array([[name in found for name in names] for found in sites], dtype=np.float64)
    due, belongs = member.mean(axis=0), member / member.sum(axis=1, keepdims=True)
    unit, of_site, scale = spread(scores), np.zeros(len(names)), lists / len(scores)
    for _ in range(ROUNDS):
        times = shown(scores, prices, count, least) * scale
        share = times @ member / max(1.0, times.sum())
        of_site += STEP * unit * np.log(np.maximum(share, 1e-9) / due).clip(-1, 1)
        prices = (prices + PENALTY * unit * np.log1p(times) + belongs @ of_site) / 2
    return prices, dict(zip(names, of_site.tolist(), strict=True))
