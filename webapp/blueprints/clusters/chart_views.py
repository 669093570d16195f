"""The charts of regions, sectors and the network as files of their own."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, get_template_attribute, request, url_for
from flask_babel import gettext

from webapp.blueprints.clusters.chart_files import ChartFile, draw
from webapp.blueprints.clusters.charts import quadrant_chart, years_chart
from webapp.blueprints.clusters.day import asked_day, asked_measure, asked_text, found
from webapp.blueprints.clusters.formats import ratio
from webapp.blueprints.clusters.unpublished import keep_to_oneself, wants_unpublished
from webapp.blueprints.clusters.words import map_keys, measure_name, measure_text, survival_words
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.cluster_figures import Cell, Curve, Figures, Year
from webapp.services.clusters import (
    CELL_MEASURES,
    MEASURES,
    RegionRow,
    full_region_page,
    network_page,
    region_page,
    regions_page,
    sector_page,
)
from webapp.web.access import allow, current_actor
from webapp.web.formats import day, label, localized, number
from webapp.web.site import current_network, site_url

CHARTS, PARTS = "clusters/charts.html", "clusters/parts.html"


@allow(Permission.BROWSE)
def regions_chart(chart: str) -> Response:
    """The map of all regions."""
    page = found(lambda: regions_page(db.session, asked_day(), asked_measure(tuple(MEASURES))))
    return _file(_map(page.rows, page.measure, page.figures), page.figures, "", f"regions-{chart}")


@allow(Permission.BROWSE)
def region_chart(code: str, chart: str) -> Response:
    """A chart of a region; to those who may read them, of its unpublished figures."""
    if unpublished := wants_unpublished(code):
        keep_to_oneself()
        page = found(lambda: full_region_page(db.session, current_actor(), code, asked_day()))
    else:
        page = found(lambda: region_page(db.session, code, asked_day()))
    if chart == "map":
        drawn = _map(page.rows, "residents", page.figures, chosen=code)
    elif chart == "quadrants":
        drawn = _quadrants(page.cells)
    else:
        drawn = _survival(page.place.survival, chart)
    note = gettext("Unpublished figures, not to be passed on.") if unpublished else ""
    name = f"region-{code}-{chart}{'-unpublished' if unpublished else ''}"
    return _file(drawn, page.figures, label("regions", code), name, note)


@allow(Permission.BROWSE)
def sector_chart(code: str, chart: str) -> Response:
    """A chart of a sector."""
    page = found(lambda: sector_page(db.session, code, asked_day(), asked_measure(tuple(CELL_MEASURES))))
    drawn = _map(page.rows, page.measure, page.figures) if chart == "map" else _survival(page.place.survival, chart)
    return _file(drawn, page.figures, label("sectors", code), f"sector-{code}-{chart}")


@allow(Permission.BROWSE)
def network_chart(chart: str) -> Response:
    """A chart of the network."""
    page = found(lambda: network_page(db.session, asked_day()))
    whole = page.figures.network
    if chart == "years":
        drawn = _years(whole.years)
    else:
        curves = {"graduation": whole.graduation, "graduation-at-best": whole.graduation_at_best}
        drawn = _survival(curves.get(chart, whole.place.survival), chart)
    return _file(drawn, page.figures, "", f"network-{chart}")


def _svg(template: str, name: str, *values: object) -> str:
    return str(get_template_attribute(template, name)(*values))


def _map(rows: Sequence[RegionRow], measure: str, figures: Figures, chosen: str | None = None) -> ChartFile | None:
    network = current_network()
    if network is None or not network.map_viewbox or not figures.is_protected:
        return None
    svg = _svg(PARTS, "map_svg", rows, network.map_viewbox, measure, None, chosen)
    known = sorted((row for row in rows if row.value), key=lambda row: -(row.value or 0))
    told = [localized(row.region.names).text + gettext(": ") + measure_text(measure, row.value or 0) for row in known]
    where = ("figures", "map") if measure in ("density", "establishments") else ("map",)
    sources = [
        f"{localized(source['names']).text} ({source['licence']})"
        for source in network.attributions
        if set(where) & set(source["where"])
    ]
    return ChartFile(measure_name(measure), "", svg, map_keys(rows, measure), listing=told, sources=sources)


def _quadrants(cells: Sequence[Cell]) -> ChartFile | None:
    chart = quadrant_chart(cells)
    if chart is None:
        return None
    names = [
        f"{number(mark.number)}. {label('sectors', mark.cell.sector)} {_from_to(mark.cell)}" for mark in chart.marks
    ]
    notes = [
        gettext("Full dots: the interval of the weight excludes 1."),
        gettext("Beside each name: the location quotient three years ago and now."),
    ]
    title = gettext("Weight and its change in three years")
    return ChartFile(title, "", _svg(CHARTS, "quadrants_svg", chart), notes=notes, listing=names)


def _from_to(cell: Cell) -> str:
    values = {"before": ratio(cell.quotient_before or 0), "now": ratio(cell.quotient.value if cell.quotient else 0)}
    return f"({gettext('%(before)s to %(now)s', **values)})"


def _survival(curve: Curve | None, chart: str) -> ChartFile | None:
    if curve is None:
        return None
    title, what = survival_words(chart)
    notes = [what, gettext("n = %(number)s", number=number(curve.lives))]
    return ChartFile(title, "", _svg(CHARTS, "survival_svg", curve, chart, title, what), notes=notes)


def _years(years: Sequence[Year]) -> ChartFile | None:
    chart, title = years_chart(years), gettext("Residents, arrivals and departures by year")
    if chart is None:
        return None
    keys = [("key-line", gettext("Residents")), ("entered", gettext("Came")), ("left", gettext("Left"))]
    return ChartFile(title, "", _svg(CHARTS, "years_svg", chart, title), keys)


def _file(drawn: ChartFile | None, figures: Figures, place: str, name: str, note: str = "") -> Response:
    """The answer.

    Raises:
        NotFound: ``chart``: what it would show is withheld or not known.
    """
    if drawn is None:
        raise NotFound("chart")
    network = current_network()
    as_of = gettext("As of %(day)s", day=day(figures.as_of))
    title = f"{place}{gettext(': ')}{drawn.title}" if place else drawn.title
    maker = " · ".join(filter(None, (gettext("Multaqa"), localized(network.names).text if network else "")))
    whole = ChartFile(
        title,
        as_of,
        drawn.svg,
        drawn.keys,
        [*filter(None, [note]), *drawn.notes],
        drawn.listing,
        [gettext("Source: ") + maker, *drawn.sources],
        _page_address(),
    )
    response = Response(draw(whole), mimetype="image/svg+xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{figures.as_of.isoformat()}.svg"'
    return response


def _page_address() -> str:
    """The address of the page that a chart is from."""
    values = {name: value for name, value in (request.view_args or {}).items() if name not in ("chart", "lang")}
    endpoint = (request.endpoint or "").removesuffix("_chart")
    return site_url() + url_for(endpoint, **values, as_of=asked_text())
