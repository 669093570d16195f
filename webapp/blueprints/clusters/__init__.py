"""Figures of regions, sectors and the network: pages, and the same as files."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.clusters import chart_views, charts, day, formats, prose, routes, words

blueprint = Blueprint("clusters", __name__, url_prefix="/<lang>", template_folder="templates")

_FILE = ".<any(csv,xlsx,jsonl,json):form>"

blueprint.add_url_rule("/regions", "regions", routes.regions)
blueprint.add_url_rule("/regions" + _FILE, "regions_file", routes.regions_file)
blueprint.add_url_rule("/regions/compare", "compare", routes.compare)
blueprint.add_url_rule("/regions/compare" + _FILE, "compare_file", routes.compare_file)
blueprint.add_url_rule("/regions/<code>", "region", routes.region)
blueprint.add_url_rule("/regions/<code>" + _FILE, "region_file", routes.region_file)
blueprint.add_url_rule("/sectors/<code>", "sector", routes.sector)
blueprint.add_url_rule("/sectors/<code>" + _FILE, "sector_file", routes.sector_file)
blueprint.add_url_rule("/network", "network", routes.network)
blueprint.add_url_rule("/network" + _FILE, "network_file", routes.network_file)

# The charts of each page as SVG.
blueprint.add_url_rule("/regions/<any(map):chart>.svg", "regions_chart", chart_views.regions_chart)
blueprint.add_url_rule(
    "/regions/<code>/<any(map,quadrants,survival):chart>.svg", "region_chart", chart_views.region_chart
)
blueprint.add_url_rule("/sectors/<code>/<any(map,survival):chart>.svg", "sector_chart", chart_views.sector_chart)
blueprint.add_url_rule(
    '/network/<any(years,survival,graduation,"graduation-at-best"):chart>.svg',
    "network_chart",
    chart_views.network_chart,
)
blueprint.register_error_handler(day.NoFigures, day.explain)

for function in (*formats.GLOBALS, *words.GLOBALS, *prose.GLOBALS, *charts.GLOBALS):
    blueprint.add_app_template_global(function)
