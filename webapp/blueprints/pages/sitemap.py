"""What the site tells search engines: robots.txt, and sitemaps of every public page in every language."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.challenge_lists import open_challenges
from webapp.services.clusters import figures_as_of
from webapp.services.profiles import count_profiles, profile_addresses
from webapp.web.access import allow
from webapp.web.locale import offered_languages
from webapp.web.marks import today
from webapp.web.site import site_url

MOST_ADDRESSES = 10_000
"""Addresses of profiles in one file; above, there is an index of several files, the first of which has all else."""
BATCH = 500

_PAGES = (
    "pages.home",
    "pages.about",
    "directory.startups",
    "partners.partners",
    "clusters.regions",
    "clusters.network",
    "applications.start",
    "challenges.challenges",
    "matchmaking_days.days",
    "open_data.data",
    "api_tokens.documentation",
)
_PROFILES = {"startup": "directory.startup", "partner": "partners.partner"}
_BEGINNING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@allow(Permission.BROWSE)
def robots() -> Response:
    """Everything may be crawled; filtered directories say for themselves that they need not be kept."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {site_url()}{url_for('pages.sitemap')}\n"
    return Response(text, mimetype="text/plain")


@allow(Permission.BROWSE)
def sitemap() -> Response:
    """All addresses, or an index of the files that hold them."""
    parts = _parts()
    if parts == 1:
        return _part(1)
    addresses = [site_url() + url_for("pages.sitemap_part", part=part) for part in range(1, parts + 1)]
    return Response(render_template("pages/sitemap_index.xml", addresses=addresses), mimetype="application/xml")


@allow(Permission.BROWSE)
def sitemap_part(part: int) -> Response:
    """One of several files of addresses."""
    if not 1 <= part <= _parts():
        raise NotFound("page")
    return _part(part)


def _profiles_a_part() -> int:
    return MOST_ADDRESSES // len(offered_languages())


def _parts() -> int:
    return max(1, -(-count_profiles(db.session) // _profiles_a_part()))


def _part(part: int) -> Response:
    lines = stream_with_context(_lines(part))
    if request.method == "HEAD":
        lines = iter(())
    return Response(lines, mimetype="application/xml")


def _lines(part: int) -> Iterator[str]:
    """The file in pieces, so that no long one is ever held in memory."""
    yield _BEGINNING
    if part == 1:
        for endpoint in _PAGES:
            yield _entry(endpoint, {}, None)
        for endpoint, code in _places():
            yield _entry(endpoint, {"code": code}, None)
        for challenge in open_challenges(db.session, today()):
            yield _entry("challenges.challenge", {"slug": challenge.slug}, None)
    first = (part - 1) * _profiles_a_part()
    for offset in range(first, first + _profiles_a_part(), BATCH):
        limit = min(BATCH, first + _profiles_a_part() - offset)
        addresses = profile_addresses(db.session, offset, limit)
        yield "".join(_entry(_PROFILES[a.noun], {"slug": a.slug}, a.updated_at.date().isoformat()) for a in addresses)
        if len(addresses) < limit:
            break
    yield "</urlset>\n"


def _places() -> Iterator[tuple[str, str]]:
    """Endpoint and code of the regions and sectors that have residents; none before figures were released."""
    try:
        figures = figures_as_of(db.session, today())
    except NotFound:
        return
    for endpoint, places in (("clusters.region", figures.regions), ("clusters.sector", figures.sectors)):
        yield from ((endpoint, place.code) for place in places if place.residents)


def _entry(endpoint: str, values: dict[str, Any], changed: str | None) -> str:
    """A page in each language, each with links to the others."""
    addresses = {
        language.code: escape(site_url() + url_for(endpoint, lang=language.code, **values))
        for language in offered_languages()
    }
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in addresses.items()
    )
    date = f"<lastmod>{changed}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{address}</loc>{date}{links}</url>\n" for address in addresses.values())
