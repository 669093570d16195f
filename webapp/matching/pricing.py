"""Prices of a fitted matcher's lists, from evenly spaced samples of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from webapp.matching.exposure import MOST_LISTS, Exposure, caps, partner_prices, sites_of, startup_prices
from webapp.matching.sides import Places

if TYPE_CHECKING:
    from webapp.matching.matcher import Matcher

MOST_PARTNERS = 300
"""The lists of so many partners at most decide on the prices of startups, each being among all startups."""


def price_lists(matcher: Matcher, least: float) -> Exposure:
    """The prices of all partners and startups."""
    startups = matcher.startups.profiles
    sampled = _sample(len(startups), MOST_LISTS)
    scores = matcher.scores([startups[place].id for place in sampled.tolist()])
    partners: dict[int, float] = {}
    for kind in sorted({partner.kind for partner in matcher.partners.profiles}):
        columns = [place for place, partner in enumerate(matcher.partners.profiles) if partner.kind == kind]
        profiles = [matcher.partners.profiles[place] for place in columns]
        most = caps(len(startups), len(columns), matcher.per_profile, [partner.capacity for partner in profiles])
        prices = partner_prices(scores[:, columns], most, matcher.per_profile, least, len(startups))
        partners |= dict(zip((partner.id for partner in profiles), prices.tolist(), strict=True))
    asked = [matcher.partners.profiles[place].id for place in _sample(len(matcher.partners.profiles), MOST_PARTNERS)]
    sites = [sites_of(startup) for startup in startups]
    lists = len(matcher.partners.profiles)
    by_startup, by_site = startup_prices(matcher.scores(partner_ids=asked).T, sites, matcher.per_profile, least, lists)
    return Exposure(
        partners, dict(zip((startup.id for startup in startups), by_startup.tolist(), strict=True)), by_site
    )


def _sample(count: int, most: int) -> Places:
    """Places of so many of ``count``, evenly spaced."""
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).astype(np.int64)
