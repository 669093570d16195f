"""Figures of regions and sectors: the released ones, with the columns that the CSV files of the pages have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from webapp.blueprints.api.answering import Answer
from webapp.blueprints.api.asking import AskedOfDay
from webapp.blueprints.api.texts import Coded, coded, coded_of
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.services.cluster_figures import Figures
from webapp.services.cluster_tables import Row, cell_row, curve_rows, place_row, relation_row
from webapp.services.clusters import region_page, regions_page, sector_page
from webapp.web.marks import today

P = TypeVar("P")

Cell = float | int | str | bool | None


class FigureRow(BaseModel):
    """Figures of a place or of a sector in it; beside these, all columns of the CSV file of the site's page.

    What is empty is withheld or not defined; `status` says of the number of residents which it is.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cell]

    status: str = Field(description="`shown` or `withheld`.")
    residents: int | None


class RegionFigures(FigureRow):
    """A region and its figures."""

    region: str


class SectorFigures(FigureRow):
    """A sector and its figures."""

    sector: str


class ClusterFigures(FigureRow):
    """A sector in a region."""

    region: str
    sector: str


class SurvivalPoint(BaseModel):
    """Which share of stays lasts longer than so many months."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cell]

    months: int


class RelatedSector(BaseModel):
    """A sector that goes with another one."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cell]

    sector: str


class Released(BaseModel):
    """What all figures of a day have in common."""

    as_of: date = Field(description="The day of the figures: the last one released on or before the day asked for.")
    threshold: int = Field(description="Smaller numbers of startups are withheld.")
    counted: int = Field(description="Startups that the figures are of.")


class Regions(Released):
    """All regions."""

    names: list[Coded]
    regions: list[RegionFigures]


class RegionClusters(Released):
    """The sectors of a region."""

    name: Coded
    region: RegionFigures
    clusters: list[ClusterFigures] = Field(description="The largest first.")
    survival: list[SurvivalPoint]


class SectorClusters(Released):
    """The regions of a sector."""

    name: Coded
    sector: SectorFigures
    clusters: list[ClusterFigures]
    survival: list[SurvivalPoint]
    related: list[RelatedSector] = Field(description="Sectors that go with it, the nearest first.")


def regions(query: AskedOfDay) -> Answer[Regions]:
    """All regions."""
    page = _found(lambda day: regions_page(db.session, day), query)
    rows = [RegionFigures(**place_row("region", row.place)) for row in page.rows]
    return Answer(Regions(names=[coded(row.region) for row in page.rows], regions=rows, **_released(page.figures)))


def region_clusters(query: AskedOfDay, code: str) -> Answer[RegionClusters]:
    """The sectors of a region."""
    page = _found(lambda day: region_page(db.session, code, day), query)
    return Answer(
        RegionClusters(
            name=coded(page.region),
            region=RegionFigures(**place_row("region", page.place)),
            clusters=[ClusterFigures(**cell_row(cell)) for cell in page.cells],
            survival=_survival(curve_rows(page.place.survival)),
            **_released(page.figures),
        )
    )


def sector_clusters(query: AskedOfDay, code: str) -> Answer[SectorClusters]:
    """The regions of a sector."""
    page = _found(lambda day: sector_page(db.session, code, day), query)
    return Answer(
        SectorClusters(
            name=coded_of("sectors", code),
            sector=SectorFigures(**place_row("sector", page.place)),
            clusters=[ClusterFigures(**cell_row(cell)) for cell in page.cells],
            survival=_survival(curve_rows(page.place.survival)),
            related=[RelatedSector(**relation_row(*each)) for each in page.related],
            **_released(page.figures),
        )
    )


def _found(find: Callable[[date], P], query: AskedOfDay) -> P:
    day = query.as_of or today()
    if day > today():
        raise NotFound("not-yet")
    return find(day)


def _released(figures: Figures) -> dict[str, Any]:
    return {"as_of": figures.as_of, "threshold": figures.threshold, "counted": figures.network.counted}


def _survival(rows: Sequence[Row]) -> list[SurvivalPoint]:
    return [SurvivalPoint(**row) for row in rows]
