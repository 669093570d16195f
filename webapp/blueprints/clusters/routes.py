"""The views of regions, sectors and the network, each with its file of the same figures."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, render_template, request

from webapp.blueprints.clusters.day import asked_day, asked_measure, asked_text, found
from webapp.blueprints.clusters.unpublished import NOT_TO_BE_PASSED_ON, keep_to_oneself, wants_unpublished
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services import cluster_tables
from webapp.services.cluster_tables import Page
from webapp.services.clusters import (
    CELL_MEASURES,
    MEASURES,
    ComparePage,
    NetworkPage,
    RegionPage,
    RegionsPage,
    SectorPage,
    compare_page,
    full_region_page,
    network_page,
    region_page,
    regions_page,
    sector_page,
)
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.links import keep_parameters
from webapp.web.site import site_url


def _regions() -> RegionsPage:
    return found(lambda: regions_page(db.session, asked_day(), asked_measure(tuple(MEASURES))))


def _region(code: str) -> RegionPage:
    return found(lambda: region_page(db.session, code, asked_day()))


def _full_region(code: str) -> RegionPage:
    return found(lambda: full_region_page(db.session, current_actor(), code, asked_day()))


def _sector(code: str) -> SectorPage:
    return found(lambda: sector_page(db.session, code, asked_day(), asked_measure(tuple(CELL_MEASURES))))


def _compare() -> ComparePage:
    return found(lambda: compare_page(db.session, _codes(), asked_day()))


def _network() -> NetworkPage:
    return found(lambda: network_page(db.session, asked_day()))


@allow(Permission.BROWSE)
def regions() -> str:
    """All regions on a map and in a table."""
    return _shown("clusters/regions.html", _regions(), tuple(MEASURES))


@allow(Permission.BROWSE)
def regions_file(form: str) -> Response:
    """The same as a file."""
    return _file(_regions(), form, "regions")


@allow(Permission.BROWSE)
def region(code: str) -> str:
    """A region and its sectors; to those who may read them, its unpublished figures."""
    if wants_unpublished(code):
        keep_to_oneself()
        return _shown("clusters/region.html", _full_region(code), unpublished=True)
    return _shown("clusters/region.html", _region(code))


@allow(Permission.BROWSE)
def region_file(code: str, form: str) -> Response:
    """The same as a file."""
    if wants_unpublished(code):
        keep_to_oneself()
        page = _full_region(code)
        return _file(page, form, f"region-{page.region.code}-unpublished", NOT_TO_BE_PASSED_ON)
    page = _region(code)
    return _file(page, form, f"region-{page.region.code}")


@allow(Permission.BROWSE)
def sector(code: str) -> str:
    """A sector and its regions."""
    return _shown("clusters/sector.html", _sector(code), tuple(CELL_MEASURES))


@allow(Permission.BROWSE)
def sector_file(code: str, form: str) -> Response:
    """The same as a file."""
    page = _sector(code)
    return _file(page, form, f"sector-{page.code}")


@allow(Permission.BROWSE)
def compare() -> str:
    """Regions side by side."""
    return _shown("clusters/compare.html", _compare())


@allow(Permission.BROWSE)
def compare_file(form: str) -> Response:
    """The same as a file."""
    return _file(_compare(), form, "compare")


@allow(Permission.BROWSE)
def network() -> str:
    """The network over time."""
    return _shown("clusters/network.html", _network())


@allow(Permission.BROWSE)
def network_file(form: str) -> Response:
    """The same as a file."""
    return _file(_network(), form, "network")


def _codes() -> list[str]:
    return [code for code in request.args.getlist("r") if code]


def _shown(template: str, page: Page, measures: tuple[str, ...] = (), *, unpublished: bool = False) -> str:
    kept = {"as_of": asked_text()}
    if measures and (measure := asked_measure(measures)) != measures[0]:
        kept["measure"] = measure
    keep_parameters({name: value for name, value in kept.items() if value} | {"r": _codes()})
    values = {"figures": page.figures, "asked": asked_text(), "measures": measures, "unpublished": unpublished}
    return render_template(template, page=page, **values)


def _file(page: Page, form: str, name: str, note: str = "") -> Response:
    tables = replace(cluster_tables.tables_of(page), note=note)
    table = request.args.get("table", "")
    day = page.figures.as_of.isoformat()
    if form != "json":
        if table in tables.tables:
            name = f"{name}-{table}"
        rows = cluster_tables.dated_rows(tables, table)
        return download(f"{name}-{day}", cluster_tables.columns_of(rows), rows, form)
    text = cluster_tables.to_json(tables, source=site_url() + request.full_path.rstrip("?"))
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.json"'
    return response
