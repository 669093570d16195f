"""Figures that are computed from the directory: how many there are, and where. Each takes a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select, union

from webapp.models import DbSession, Partner, PublicationState, Region, Residency, Site, Startup, StartupSite
from webapp.services.network import list_regions

CLASSES = 3
"""Classes of regions that have residents; regions without any are class 0."""
INHABITANTS = 100_000
"""What densities are relative to."""


@dataclass(frozen=True)
class NetworkFigures:
    """The directory in four numbers."""

    startups: int
    """Published startups."""
    residents: int
    """Those of them that sit in a park today."""
    sites: int
    """Parks that operate."""
    partners: int
    """Published partners."""


@dataclass(frozen=True)
class RegionFigures:
    """The residents of a region."""

    region: Region
    residents: int
    density: float | None
    """Residents per ``INHABITANTS``; nothing where the population is not known."""
    rank_class: int
    """0 without residents, else 1 to ``CLASSES`` by density (by number, where densities are not known)."""


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*conditions).scalar_subquery()


def network_figures(session: DbSession) -> NetworkFigures:
    """Count what is published (one query)."""
    published = Startup.state == PublicationState.PUBLISHED
    row = session.execute(
        select(
            _count(published),
            _count(published, Startup.residency == Residency.RESIDENT),
            _count(Site.status == "operating"),
            _count(Partner.state == PublicationState.PUBLISHED),
        )
    ).one()
    return NetworkFigures(*row)


def residents_by_region(session: DbSession) -> list[RegionFigures]:
    """The residents of every region, in the pack's order (two queries).

    A resident counts once in each region where it has a site, or else in that of its seat; so the sum over the regions
    may exceed the number of residents.
    """
    resident = (Startup.state == PublicationState.PUBLISHED) & (Startup.residency == Residency.RESIDENT)
    by_site = select(Startup.id.label("startup_id"), Site.region_id.label("region_id")).where(
        resident, StartupSite.startup_id == Startup.id, StartupSite.site_id == Site.id
    )
    by_seat = select(Startup.id, Startup.region_id).where(
        resident, Startup.region_id.is_not(None), ~exists().where(StartupSite.startup_id == Startup.id)
    )
    places = union(by_site, by_seat).subquery()
    rows = session.execute(select(places.c.region_id, func.count()).group_by(places.c.region_id))
    counts: dict[int, int] = dict(rows.all())
    return classify([(region, counts.get(region.id, 0)) for region in list_regions(session)])


def classify(counted: Sequence[tuple[Region, int]]) -> list[RegionFigures]:
    """Densities, and classes of nearly equal size; equal values never fall into different classes."""
    densities = [INHABITANTS * count / region.population if region.population else None for region, count in counted]
    known = all(density is not None for density in densities)
    values = [
        (density if known else float(count)) or 0.0 for (_, count), density in zip(counted, densities, strict=True)
    ]
    ranked = sorted(value for value in values if value > 0)
    figures = []
    for (region, count), density, value in zip(counted, densities, values, strict=True):
        rank_class = 1 + CLASSES * ranked.index(value) // len(ranked) if value > 0 else 0
        figures.append(RegionFigures(region, count, density, rank_class))
    return figures
