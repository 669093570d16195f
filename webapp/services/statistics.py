"""Figures of the home page: how many there are, and where. Each takes a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from webapp.errors import NotFound
from webapp.models import DbSession, Partner, PublicationState, Region, Residency, Site, Startup
from webapp.services.clusters import MEASURES, figures_as_of, region_rows
from webapp.services.network import list_regions


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
    """The residents of a region, as released."""

    region: Region
    residents: int | None
    """Nothing if it is withheld."""
    density: float | None
    """Residents per 100,000 inhabitants; nothing where either number is not known."""
    rank_class: int | None
    """0 without residents, else 1 to 3 by density (by number, where no density is known); nothing if withheld."""


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


def residents_by_region(session: DbSession, day: date) -> list[RegionFigures]:
    """The residents of every region, in the pack's order (two queries).

    They are those released last on or before a day, as on the pages of regions: counted anew, they would give back what
    is withheld there. Without a release, or if small numbers cannot be hidden, there are none.
    """
    try:
        figures = figures_as_of(session, day)
    except NotFound:
        return []
    if not figures.is_protected:
        return []
    has_density = any(place.per_inhabitants is not None for place in figures.regions)
    rows = region_rows(figures, list_regions(session), MEASURES["density" if has_density else "residents"])
    return [RegionFigures(row.region, row.place.residents, row.place.per_inhabitants, row.rank_class) for row in rows]
