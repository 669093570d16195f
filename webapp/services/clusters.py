"""Reading the released figures of regions and sectors: one function a page, and page, CSV and JSON use the same.

A request computes nothing here: figures are released by the worker (``webapp.services.cluster_release``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import InstrumentedAttribute

from webapp.errors import NotFound
from webapp.models import ClusterRelease, DbSession, Region
from webapp.permissions import Actor, Permission, require
from webapp.services.cluster_figures import FORM, Cell, Figures, Place, from_json
from webapp.services.cluster_today import Relation
from webapp.services.network import list_regions

CLASSES = 3
"""Classes of values that are above nothing, on maps."""
MOST_COMPARED = 4
"""Regions side by side."""
MOST_RELATED = 6
"""Sectors that a sector's page names as near."""
MOST_PASSED_OVER = 5
"""Releases in another form that a request looks at before it says that there are no figures."""


@dataclass(frozen=True)
class RegionRow:
    """A region with its figures, or with those of one sector in it."""

    region: Region
    place: Place
    cell: Cell | None
    value: float | None
    """The figure that the map shows; nothing if it is withheld or not defined."""
    rank_class: int | None
    """0 for nothing there, else 1 to ``CLASSES``; nothing if the value is not known."""


@dataclass(frozen=True)
class RegionsPage:
    """All regions beside one another."""

    figures: Figures
    measure: str
    rows: Sequence[RegionRow]


@dataclass(frozen=True)
class RegionPage:
    """One region: its place among the others, and its sectors, the largest first."""

    figures: Figures
    region: Region
    place: Place
    cells: Sequence[Cell]
    rows: Sequence[RegionRow]


@dataclass(frozen=True)
class SectorPage:
    """One sector: its regions."""

    figures: Figures
    code: str
    place: Place
    cells: Sequence[Cell]
    measure: str
    rows: Sequence[RegionRow]
    related: Sequence[tuple[str, Relation]]
    """The sectors that go with it, the nearest first."""


@dataclass(frozen=True)
class ComparePage:
    """Up to ``MOST_COMPARED`` regions side by side, and the sectors of at least one of them."""

    figures: Figures
    regions: Sequence[Region]
    places: Sequence[Place]
    sectors: Sequence[tuple[str, Sequence[Cell]]]
    """Code of a sector, and its cell in each of the regions."""
    choice: Sequence[Region]
    """All regions that may be chosen."""


@dataclass(frozen=True)
class NetworkPage:
    """The network over time."""

    figures: Figures


Measure = Callable[[Place], float | None]

MEASURES: Mapping[str, Measure] = {
    "density": lambda place: place.per_inhabitants,
    "residents": lambda place: place.residents,
    "establishments": lambda place: place.per_establishments,
    "growth": lambda place: next((change.relative for change in place.changes if change.years == 1), None),
    "turnover": lambda place: place.flows.turnover.value if place.flows else None,
    "effective": lambda place: place.diversity.effective if place.diversity else None,
}
"""What the map of all regions can show; the first is the default."""

CELL_MEASURES: Mapping[str, Callable[[Cell], float | None]] = {
    "residents": lambda cell: cell.residents,
    "quotient": lambda cell: cell.quotient.value if cell.quotient else None,
}
"""What the map of a sector can show; the first is the default."""


def figures_as_of(session: DbSession, day: date) -> Figures:
    """The figures released last on or before a day (one query).

    Raises:
        NotFound: ``figures``: there are none (``first``: the first day that has any, or nothing).
    """
    figures = _newest(session, ClusterRelease.content, day)
    if figures is None:
        raise NotFound("figures", first=first_day(session))
    return figures


def _newest(session: DbSession, column: InstrumentedAttribute[Any], day: date) -> Figures | None:
    """The last figures of a column that can be read.

    One that cannot, of other code with our number of the form, is passed over: the worker makes it anew.
    """
    newest = sa.select(ClusterRelease.as_of, column).where(ClusterRelease.form == FORM, column.is_not(None))
    newest = newest.order_by(ClusterRelease.as_of.desc()).limit(1)
    for _ in range(MOST_PASSED_OVER):
        row = session.execute(newest.where(ClusterRelease.as_of <= day)).first()
        if row is None:
            return None
        try:
            return from_json(row[1])
        except ValidationError:
            day = row[0] - timedelta(days=1)
    return None


def first_day(session: DbSession) -> date | None:
    """The first day that has figures (one query)."""
    return session.scalar(sa.select(sa.func.min(ClusterRelease.as_of)).where(ClusterRelease.form == FORM))


def regions_page(session: DbSession, day: date, measure: str = "density") -> RegionsPage:
    """All regions by a measure (two queries).

    Raises:
        NotFound: ``figures``.
    """
    figures = figures_as_of(session, day)
    return RegionsPage(figures, measure, region_rows(figures, list_regions(session), MEASURES[measure]))


def region_page(session: DbSession, code: str, day: date) -> RegionPage:
    """A region by its code (two queries).

    Raises:
        NotFound: ``region`` or ``figures``.
    """
    regions = list_regions(session)
    region = _region(regions, code)
    figures = figures_as_of(session, day)
    place = figures.region(code)
    if place is None:
        raise NotFound("region", code=code)
    rows = region_rows(figures, regions, MEASURES["residents"])
    return RegionPage(figures, region, place, figures.cells_of(region=code), rows)


def full_region_page(session: DbSession, actor: Actor, code: str, day: date) -> RegionPage:
    """A region with all its own figures, small ones too; those of the others are the public ones (four queries).

    Not for the public: with what is published, it gives back some of what is withheld elsewhere.

    Raises:
        NotAllowed: the actor may not read that region's figures.
        NotFound: ``region`` or ``figures``.
    """
    page = region_page(session, code, day)
    require(actor, Permission.READ_REGION, page.region)
    full = _newest(session, ClusterRelease.full_content, page.figures.as_of)
    place = full.region(code) if full else None
    if full is None or place is None or full.as_of != page.figures.as_of:
        raise NotFound("figures", first=None)
    figures = replace(
        page.figures,
        is_protected=True,
        regions=[place if each.code == code else each for each in page.figures.regions],
        cells=[
            mine if mine.region == code else each for mine, each in zip(full.cells, page.figures.cells, strict=True)
        ],
    )
    rows = region_rows(figures, [row.region for row in page.rows], MEASURES["residents"])
    return RegionPage(figures, page.region, place, figures.cells_of(region=code), rows)


def sector_page(session: DbSession, code: str, day: date, measure: str = "residents") -> SectorPage:
    """A sector by its code (two queries).

    Raises:
        NotFound: ``sector`` or ``figures``.
    """
    figures = figures_as_of(session, day)
    place = figures.sector(code)
    if place is None:
        raise NotFound("sector", code=code)
    cells = {cell.region: cell for cell in figures.cells if cell.sector == code}
    rows = region_rows(figures, list_regions(session), lambda row: CELL_MEASURES[measure](cells[row.code]), cells)
    related = figures.related_to(code)[:MOST_RELATED]
    return SectorPage(figures, code, place, figures.cells_of(sector=code), measure, rows, related)


def compare_page(session: DbSession, codes: Sequence[str], day: date) -> ComparePage:
    """Regions side by side, those beyond ``MOST_COMPARED`` left out (two queries).

    Raises:
        NotFound: ``region`` or ``figures``.
    """
    figures, choice = figures_as_of(session, day), list_regions(session)
    regions = [_region(choice, code) for code in dict.fromkeys(codes)][:MOST_COMPARED]
    cells = {(cell.sector, cell.region): cell for cell in figures.cells}
    by_sector = [(place.code, [cells[place.code, region.code] for region in regions]) for place in figures.sectors]
    present = [(code, row) for code, row in by_sector if any(cell.residents != 0 for cell in row)]
    present.sort(key=lambda item: -sum(cell.residents or 0 for cell in item[1]))
    places = [place for region in regions if (place := figures.region(region.code))]
    return ComparePage(figures, regions, places, present, choice)


def network_page(session: DbSession, day: date) -> NetworkPage:
    """The network over time (one query).

    Raises:
        NotFound: ``figures``.
    """
    return NetworkPage(figures_as_of(session, day))


def region_rows(
    figures: Figures, regions: Sequence[Region], measure: Measure, cells: Mapping[str, Cell] | None = None
) -> list[RegionRow]:
    """The regions in the pack's order, with a measure and its class. Regions that joined since have no row."""
    found = [(region, place) for region in regions if (place := figures.region(region.code))]
    values = [measure(place) for _, place in found]
    return [
        RegionRow(region, place, (cells or {}).get(region.code), value, rank)
        for (region, place), value, rank in zip(found, values, classify(values), strict=True)
    ]


def classify(values: Sequence[float | None]) -> list[int | None]:
    """Classes of nearly equal size; equal values never fall into different classes.

    Values of 0 and below are class 0, what is not known has none.
    """
    ranked = sorted(value for value in values if value is not None and value > 0)
    return [
        None if value is None else 1 + CLASSES * ranked.index(value) // len(ranked) if value > 0 else 0
        for value in values
    ]


def _region(regions: Sequence[Region], code: str) -> Region:
    region = next((region for region in regions if region.code == code), None)
    if region is None:
        raise NotFound("region", code=code)
    return region
