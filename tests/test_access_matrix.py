"""Every route with the permission that it asks for. A route that is not here, or not as here, fails."""

from __future__ import annotations

from flask import Flask

from webapp.permissions import VISITOR, Permission, can
from webapp.web.access import permission_of

MATRIX = {
    "static": Permission.BROWSE,
    "pages.entrance": Permission.BROWSE,
    "pages.home": Permission.BROWSE,
    "pages.about": Permission.BROWSE,
    "pages.robots": Permission.BROWSE,
    "pages.sitemap": Permission.BROWSE,
    "pages.sitemap_part": Permission.BROWSE,
    "directory.startups": Permission.BROWSE,
    "directory.startup": Permission.BROWSE,
    "partners.partners": Permission.BROWSE,
    "suggestions.suggestions": Permission.BROWSE,
    "partners.partner": Permission.BROWSE,
    "clusters.regions": Permission.BROWSE,
    "clusters.regions_file": Permission.BROWSE,
    "clusters.region": Permission.BROWSE,
    "clusters.region_file": Permission.BROWSE,
    "clusters.sector": Permission.BROWSE,
    "clusters.sector_file": Permission.BROWSE,
    "clusters.compare": Permission.BROWSE,
    "clusters.compare_file": Permission.BROWSE,
    "clusters.network": Permission.BROWSE,
    "clusters.network_file": Permission.BROWSE,
    "system.healthz": Permission.OPERATE,
    "system.readyz": Permission.OPERATE,
    "development.components": Permission.DEVELOP,
}


def test_every_route_asks_for_the_permission_written_here(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {endpoint: permission_of(app, endpoint) for endpoint in endpoints} == MATRIX


def test_visitors_may_read_and_nothing_else() -> None:
    assert can(VISITOR, Permission.BROWSE)
    assert not can(VISITOR, Permission.WRITE)


def test_every_route_only_reads(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.endpoint
