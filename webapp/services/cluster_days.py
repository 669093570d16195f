"""The table of sectors and regions on a day, with what of it may be published. The worker's business."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from webapp.clusters.arrays import Ints, Mask
from webapp.clusters.disclosure import audit, suppress
from webapp.clusters.panel import Stays, table
from webapp.clusters.quotient import Quotients, Stars, quotients, stars
from webapp.clusters.release import two_way

ALL = -1
"""Index of the margin: all sectors, or all regions."""


@dataclass(frozen=True)
class DayTable:
    """Startups by sector and region on a day. Of both arrays the last row and the last column are the margins."""

    counts: Ints
    shown: Mask
    is_protected: bool

    def count(self, sector: int, region: int) -> int | None:
        """A count, if it may be published."""
        return int(self.counts[sector, region]) if self.shown[sector, region] else None

    def share(self, sector: int, region: int, of_sector: int, of_region: int) -> float | None:
        """A count over another one, if both may be published."""
        part, whole = self.count(sector, region), self.count(of_sector, of_region)
        return part / whole if part is not None and whole else None

    @cached_property
    def quotients(self) -> Quotients:
        """Location quotients, from the true counts: publish those for which ``has_quotient``."""
        return quotients(self.counts[:ALL, :ALL])

    @cached_property
    def stars(self) -> Stars:
        """Stars, from the true counts."""
        return stars(self.quotients)

    def has_quotient(self, sector: int, region: int) -> bool:
        """Whether a quotient is known and every count in it is public: one of them could be worked out from it."""
        public = self.shown[sector, region] and self.shown[sector, ALL] and self.shown[ALL, region]
        return bool(public and self.quotients.known[sector, region])

    def public_column(self, region: int) -> Ints | None:
        """A region's startups by sector as the public may guess them: what is withheld is spread evenly.

        Figures of the whole column are computed from this, so they tell nothing that the table does not.
        """
        return self._guessed(self.counts[:ALL, region], self.shown[:ALL, region], self.count(ALL, region))

    def public_row(self, sector: int) -> Ints | None:
        """The same of a sector's startups by region."""
        return self._guessed(self.counts[sector, :ALL], self.shown[sector, :ALL], self.count(sector, ALL))

    def public_sectors(self) -> Ints:
        """All startups by sector."""
        return self.public_total(self.counts[:ALL, ALL], self.shown[:ALL, ALL])

    def public_regions(self) -> Ints:
        """All startups by region."""
        return self.public_total(self.counts[ALL, :ALL], self.shown[ALL, :ALL])

    def public_total(self, margin: Ints, shown: Mask) -> Ints:
        """A margin as the public may guess it; the total of all is always public."""
        guessed = self._guessed(margin, shown, int(self.counts[ALL, ALL]))
        return margin if guessed is None else guessed

    def _guessed(self, counts: Ints, shown: Mask, total: int | None) -> Ints | None:
        if total is None:
            return None
        left, places = divmod(total - int(counts[shown].sum()), max(int((~shown).sum()), 1))
        guessed = np.where(shown, counts, left)
        guessed[np.flatnonzero(~shown)[:places]] += 1
        return guessed


def protected_table(counts: Ints, threshold: int) -> DayTable:
    """Decide what of a table may be published. Where nothing can hide a small count, only the total is.

    Args:
        counts: startups, sectors by regions.
        threshold: fewest startups of a public cell; 1 withholds nothing.
    """
    whole = np.vstack([counts, counts.sum(0)])
    whole = np.hstack([whole, whole.sum(1, keepdims=True)])
    if threshold < 2:
        return DayTable(whole, np.ones(whole.shape, dtype=bool), True)
    release, layout = two_way(counts)
    chosen = suppress(release, threshold)
    shown, passes = chosen.shown(layout), audit(release, chosen).passes
    if not passes:
        shown = np.zeros(whole.shape, dtype=bool)
        shown[ALL, ALL] = True
    return DayTable(whole, shown, passes)


@dataclass
class DayTables:
    """Tables of several days, each made once."""

    stays: Stays
    sectors: int
    regions: int
    threshold: int
    _made: dict[int, DayTable] = field(default_factory=dict)

    def on(self, day: int) -> DayTable:
        """The table of a day, given as an ordinal."""
        if day not in self._made:
            counts = table(self.stays, day, self.sectors, self.regions)
            self._made[day] = protected_table(counts, self.threshold)
        return self._made[day]
