"""The figures of cells, regions, sectors and the network as of a day, from stays. The worker's business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from webapp.clusters.arrays import NONE, Ints, Mask
from webapp.clusters.calendar import years_before
from webapp.clusters.diversity import diversity, krugman
from webapp.clusters.growth import growth, quadrant
from webapp.clusters.panel import Stays, joined, residents
from webapp.clusters.quotient import SPECIALISED
from webapp.clusters.turnover import occupancy, turnover
from webapp.services.cluster_days import ALL, DayTable, DayTables
from webapp.services.cluster_figures import (
    ESTABLISHMENTS,
    INHABITANTS,
    QUADRANT_YEARS,
    SPANS,
    YEARS,
    Cell,
    Change,
    Diversity,
    Estimate,
    Figures,
    Flows,
    Network,
    Place,
    Year,
)
from webapp.services.cluster_flows import (
    Period,
    curve_of,
    flows_of,
    graduations,
    is_small,
    lives_of,
    public_flows,
    reasons_of,
    turnovers,
)
from webapp.services.cluster_stays import Panel

Count = Callable[[DayTable], int | None]


@dataclass(frozen=True)
class Computation:
    """Everything that the figures of one day are made from."""

    panel: Panel
    tables: DayTables
    day: date

    @cached_property
    def days(self) -> list[int]:
        """The same day of the years of a history, oldest first, as ordinals."""
        today = self.day.toordinal()
        return [years_before(today, years) if years else today for years in range(YEARS, -1, -1)]

    @cached_property
    def now(self) -> DayTable:
        """The table of the day."""
        return self.tables.on(self.days[-1])

    @cached_property
    def spells(self) -> Stays:
        """Spells by region, of startups that the tables count: those with a sector."""
        return joined(self.panel.stays.where(self.panel.stays.sector != NONE))

    @cached_property
    def whole_spells(self) -> Stays:
        """Spells in the network, whatever the region."""
        return joined(self.panel.stays.at_one_place())

    def figures(self) -> Figures:
        """All of them."""
        return Figures(
            as_of=self.day,
            threshold=self.tables.threshold,
            is_protected=self.now.is_protected,
            specialised_from=SPECIALISED,
            network=self._network(),
            regions=self._regions(),
            sectors=self._sectors(),
            cells=[
                self._cell(sector, region)
                for sector in range(len(self.panel.sectors))
                for region in range(len(self.panel.regions))
            ],
        )

    def _history(self, count: Count) -> list[int | None]:
        return [count(self.tables.on(day)) for day in self.days]

    def _cell(self, sector: int, region: int) -> Cell:
        now, found = self.now, self.now.quotients
        history = self._history(lambda table: table.count(sector, region))
        quotient = shrunken = None
        n, known = now.count(sector, region), now.has_quotient(sector, region)
        if n is not None and known:
            at, less = (sector, region), found.shrunken
            quotient = Estimate(float(found.quotient[at]), float(found.lower[at]), float(found.upper[at]), n)
            shrunken = Estimate(float(less.quotient[at]), float(less.lower[at]), float(less.upper[at]), n)
        before = self._quotient_before(sector, region) if quotient else None
        return Cell(
            sector=self.panel.sectors[sector],
            region=self.panel.regions[region].code,
            residents=n,
            history=history,
            changes=_changes(history),
            share_of_region=now.share(sector, region, ALL, region),
            share_of_sector=now.share(sector, region, sector, ALL),
            quotient=quotient,
            quotient_before=before,
            exact=bool(known and found.exact[sector, region]),
            shrunken=shrunken,
            specialised=bool(known and now.stars.specialisation[sector, region]),
            stars=[name for name in ("size", "specialisation", "focus") if known and self._star(name)[sector, region]],
            quadrant=_quadrant(before, quotient.value) if n and quotient else None,
        )

    def _star(self, name: str) -> Mask:
        mask: Mask = getattr(self.now.stars, name)
        return mask

    def _quotient_before(self, sector: int, region: int) -> float | None:
        before = self.tables.on(self.days[-1 - QUADRANT_YEARS])
        known = before.has_quotient(sector, region)
        return float(before.quotients.quotient[sector, region]) if known else None

    def _regions(self) -> list[Place]:
        parts = [self.spells.where(self.spells.place == index) for index in range(len(self.panel.regions))]
        flows = self._flows(parts, self.panel.renewals.region, lambda table, region: table.count(ALL, region))
        places = []
        for index, (region, spells) in enumerate(zip(self.panel.regions, parts, strict=True)):
            place = self._place(region.code, spells, flows[index], self._history(self._region_count(index)))
            capacity = self._capacity(region.id)
            n = place.residents
            density = {} if n is None else {
                "per_inhabitants": INHABITANTS * n / region.population if region.population else None,
                "per_establishments": ESTABLISHMENTS * n / region.establishments if region.establishments else None,
                "capacity": capacity,
                "occupancy": occupancy(n, capacity),
            }  # fmt: skip
            column = self.now.public_column(index)
            found = _diversity(column, self.now.public_sectors(), self.panel.groups)
            places.append(_with(place, diversity=found, **density))
        return places

    def _sectors(self) -> list[Place]:
        whole = self.whole_spells
        parts = [whole.where(whole.sector == index) for index in range(len(self.panel.sectors))]
        flows = self._flows(parts, self.panel.renewals.sector, lambda table, sector: table.count(sector, ALL))
        places = []
        for index, (code, spells) in enumerate(zip(self.panel.sectors, parts, strict=True)):
            place = self._place(code, spells, flows[index], self._history(self._sector_count(index)))
            groups = list(range(len(self.panel.regions)))
            found = _diversity(self.now.public_row(index), self.now.public_regions(), groups)
            places.append(_with(place, diversity=found))
        return places

    def _region_count(self, index: int) -> Count:
        return lambda table: table.count(ALL, index)

    def _sector_count(self, index: int) -> Count:
        return lambda table: table.count(index, ALL)

    def _place(self, code: str, spells: Stays, flows: Flows | None, history: Sequence[int | None]) -> Place:
        n, total = history[-1], int(self.now.counts[ALL, ALL])
        return Place(
            code=code,
            residents=n,
            history=list(history),
            changes=_changes(history),
            share=n / total if n is not None and total else None,
            per_inhabitants=None,
            per_establishments=None,
            capacity=None,
            occupancy=None,
            diversity=None,
            flows=flows,
            survival=curve_of(lives_of(spells, self.panel, self.days[-1])) if self.now.is_protected else None,
        )

    def _flows(
        self, parts: list[Stays], renewed: Ints, count: Callable[[DayTable, int], int | None]
    ) -> list[Flows | None]:
        """Of each part, if they may be published; ``renewed`` is the part that each renewal belongs to."""
        period, today = Period.before(self.day), self.days[-1]
        recent = (self.panel.renewals.on > period.since) & (self.panel.renewals.on <= period.until)
        chosen = renewed[recent & (renewed != NONE)]
        found = turnovers(parts, np.bincount(chosen, minlength=len(parts)), period)
        tables = (self.tables.on(period.since), self.now)
        hidden = np.array([any(count(table, index) is None for table in tables) for index in range(len(parts))])
        public = public_flows(found, hidden, self.tables.threshold)
        return [
            flows_of(each, spells, lives_of(spells, self.panel, today), self.tables.threshold)
            if shown and (each.at_start or each.entered)
            else None
            for each, spells, shown in zip(found, parts, public, strict=True)
        ]

    def _capacity(self, region: int) -> int | None:
        """Places in the region's parks, if they are known of all that were open on the day."""
        sites = [
            site
            for site in self.panel.sites
            if site.region_id == region and site.status == "operating" and (site.opened or 0) <= self.day.year
        ]
        known = [site.capacity for site in sites if site.capacity]
        return sum(known) if sites and len(known) == len(sites) else None

    def _network(self) -> Network:
        spells, today, threshold = self.whole_spells, self.days[-1], self.tables.threshold
        lives = lives_of(spells, self.panel, today)
        period = Period.before(self.day)
        renewals = int(((self.panel.renewals.on > period.since) & (self.panel.renewals.on <= period.until)).sum())
        found = turnover(spells, period.since, period.until, renewals)
        shown = not is_small(np.array([found.entered, found.left]), threshold).any()
        flows = flows_of(found, spells, lives, threshold) if shown and (found.at_start or found.entered) else None
        startups = residents(spells, today)
        place = self._place("", spells, flows, [residents(spells, day) for day in self.days])
        alumni = len(np.unique(spells.startup[spells.entered <= today])) - startups
        graduation, at_best = graduations(spells, self.panel, today)
        totals = self.now.public_sectors()
        return Network(
            place=_with(place, diversity=_diversity(totals, totals, self.panel.groups)),
            startups=startups,
            counted=int(self.now.counts[ALL, ALL]),
            alumni=None if 0 < alumni < threshold else alumni,
            years=_years(spells, self.day, threshold),
            graduation=graduation,
            graduation_at_best=at_best,
            reasons=reasons_of(lives, self.panel, threshold),
        )


def _with(place: Place, **changes: object) -> Place:
    return replace(place, **changes)  # type: ignore[arg-type]


def _changes(history: Sequence[int | None]) -> list[Change]:
    """Growth over each span, where both numbers may be published."""
    now, changes = history[-1], []
    for years in SPANS:
        before = history[-1 - years]
        if now is not None and before is not None:
            found = growth(before, now, years)
            changes.append(Change(years, before, found.change, found.relative, found.yearly))
    return changes


def _quadrant(before: float | None, now: float) -> str | None:
    found = quadrant(before, now)
    return str(found) if found else None


def _diversity(counts: Ints | None, whole: Ints, groups: list[int]) -> Diversity | None:
    if counts is None or not counts.sum():
        return None
    found, other = diversity(counts, groups), krugman(counts, whole)
    return Diversity(
        startups=found.startups,
        effective=found.effective or 0.0,
        hhi=found.hhi or 0.0,
        entropy=found.entropy or 0.0,
        unrelated=found.unrelated or 0.0,
        related=found.related or 0.0,
        krugman=other.value or 0.0,
        krugman_by_chance=other.by_chance or 0.0,
    )


def _years(spells: Stays, day: date, threshold: int) -> list[Year]:
    """Each year since the first entry. Small numbers are withheld, and with them what they follow from."""
    until = day.toordinal()
    begun = spells.entered[spells.entered <= until]
    if not begun.size:
        return []
    found = []
    was_hidden = False
    for year in range(date.fromordinal(int(begun.min())).year, day.year + 1):
        since, end = date(year - 1, 12, 31).toordinal(), min(date(year, 12, 31).toordinal(), until)
        entered = int(((spells.entered > since) & (spells.entered <= end)).sum())
        left = int(((spells.left > since) & (spells.left <= end)).sum())
        there = residents(spells, end)
        hides_residents = 0 < there < threshold
        hides = hides_residents or was_hidden or is_small(np.array([entered, left]), threshold).any()
        found.append(
            Year(year, None if hides_residents else there, None if hides else entered, None if hides else left)
        )
        was_hidden = hides_residents
    return found
