"""The location quotient: how much a sector weighs in a region relative to its weight in the whole network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from webapp.clusters.arrays import Floats, Ints, Mask, amounts_of, counts_of, ratio
from webapp.clusters.intervals import CONFIDENCE, normal_quantile, tail_of
from webapp.clusters.quotient_exact import exact_bounds
from webapp.clusters.shrinkage import Shrunken, shrink

EXACT_BELOW = 50
"""If one of the four numbers behind a quotient (in or out of sector, of region) is below, the interval is exact."""

SPECIALISED = 1.25
"""The least quotient that may be called a specialisation; a setting that is printed beside the claim."""

SIZE_SHARE = 0.20
"""The least share of a sector's startups that earns a region the star for size (our choice)."""

FOCUS_SHARE = 0.10
"""The least share of a region's startups that earns a sector the star for focus (our choice)."""

FEWEST = 3
"""A claim about fewer startups than these is not made."""


@dataclass(frozen=True)
class Quotients:
    """Location quotients of startups. Every array has the shape sectors by regions.

    ``known`` is False where a region or a sector is empty; quotient and interval are 0 there.
    """

    counts: Ints
    quotient: Floats
    lower: Floats
    upper: Floats
    known: Mask
    exact: Mask
    """Where the interval is the exact one, else it is that of the delta method."""
    shrunken: Shrunken

    def specialised(self, threshold: float = SPECIALISED, fewest: int = FEWEST) -> Mask:
        """Where a specialisation may be claimed: large enough, surely above 1, and of enough startups."""
        return self.known & (self.quotient >= threshold) & (self.lower > 1) & (self.counts >= fewest)


@dataclass(frozen=True)
class Stars:
    """Three distinctions of a sector in a region, each of the shape sectors by regions."""

    size: Mask
    specialisation: Mask
    focus: Mask

    def number(self) -> Ints:
        """How many of the three each cell has."""
        return self.size.astype(np.int64) + self.specialisation + self.focus


def location_quotient(amounts: ArrayLike) -> tuple[Floats, Mask]:
    """LQ(s, r) = (e_sr / e_r) / (e_s / e) of any amounts, and where it is known (1 is proportional).

    Of jobs or other sums this is all: the intervals below hold for counts of startups only, because the jobs of one
    firm do not come and go independently. Source: Florence 1939; Isard 1960, Methods of Regional Analysis.

    Args:
        amounts: sectors by regions.
    """
    table = amounts_of(amounts, 2)
    expected = np.outer(table.sum(1), table.sum(0))
    return ratio(table * table.sum(), expected), expected > 0


def quotients(counts: ArrayLike, confidence: float = CONFIDENCE) -> Quotients:
    """Location quotients of startups with their intervals, raw and shrunken towards 1.

    The delta method takes into account that the region is a part of the network. Of a startups in sector and region, A
    in the region, b in the sector and B in all, Var(ln LQ) = 1/a - 1/A - 1/b - 1/B + 2a/(Ab) for a multinomial table
    (Agresti 2013, Categorical Data Analysis, ch. 16). Two independent shares would have 1/a - 1/A + 1/b - 1/B, which is
    too much by nearly 2/b. Small numbers get the exact interval instead (``exact_bounds``).

    Args:
        counts: startups, sectors by regions.
        confidence: of the intervals, between 0 and 1.
    """
    table = counts_of(counts, 2)
    quotient, known = location_quotient(table)
    lower, upper = _delta_bounds(table, quotient, normal_quantile(confidence))
    exact = known & (_smallest_of_four(table) < EXACT_BELOW)
    total, tail = int(table.sum()), tail_of(confidence)
    for sector, region in np.argwhere(exact):
        in_region, in_sector = int(table[:, region].sum()), int(table[sector].sum())
        bounds = exact_bounds(int(table[sector, region]), in_region, in_sector, total, tail)
        lower[sector, region], upper[sector, region] = bounds
    return Quotients(table, quotient, lower, upper, known, exact, shrink(table, confidence))


def _delta_bounds(table: Ints, quotient: Floats, reach: float) -> tuple[Floats, Floats]:
    in_region, in_sector, total = table.sum(0), table.sum(1)[:, np.newaxis], table.sum()
    variance = ratio(1, table) - ratio(1, in_region) - ratio(1, in_sector) - ratio(1, total)
    variance = variance + 2 * ratio(table, in_region * in_sector)
    spread = np.exp(reach * np.sqrt(np.maximum(variance, 0)))
    return quotient / spread, quotient * np.where(quotient > 0, spread, 0)


def _smallest_of_four(table: Ints) -> Ints:
    in_region, in_sector = table.sum(0), table.sum(1)[:, np.newaxis]
    rest = table.sum() - in_region - in_sector + table
    return np.minimum.reduce([table, in_region - table, in_sector - table, rest])


def stars(
    found: Quotients,
    *,
    specialised: float = SPECIALISED,
    size_share: float = SIZE_SHARE,
    focus_share: float = FOCUS_SHARE,
    fewest: int = FEWEST,
) -> Stars:
    """The stars of the European Cluster Observatory (2007): size, specialisation and focus.

    The observatory gives size and focus to the top tenth of regions. Of a dozen regions that is one or two whatever
    their numbers are, so here both are shares: of the sector's startups in all regions, and of the region's in all
    sectors.
    """
    enough = found.counts >= fewest
    of_sector = ratio(found.counts, found.counts.sum(1)[:, np.newaxis])
    of_region = ratio(found.counts, found.counts.sum(0))
    return Stars(
        size=enough & (of_sector >= size_share),
        specialisation=found.specialised(specialised, fewest),
        focus=enough & (of_region >= focus_share),
    )
