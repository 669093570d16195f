"""Atom feeds (RFC 4287) of the startups that joined the directory last, all, of a region or of a sector."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Response, request, url_for
from flask_babel import gettext

from webapp.extensions import db
from webapp.models import Startup, TermKind
from webapp.permissions import Permission
from webapp.services.newcomers import newcomers as newest
from webapp.web.access import allow
from webapp.web.formats import label, localized, name_of
from webapp.web.listing_form import printable
from webapp.web.locale import current_language
from webapp.web.site import site_url
from webapp.web.structured_data import profile_address, short_text, site_name

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
SECONDS = 900
EMPTY = datetime(2001, 1, 1, tzinfo=UTC)
"""When a feed without entries changed last."""

ET.register_namespace("", ATOM)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _title(region: str, sector: str) -> str:
    if region and sector:
        return gettext(
            "New startups: %(sector)s, %(region)s", sector=label("sectors", sector), region=label("regions", region)
        )
    if region or sector:
        name = label("regions", region) if region else label("sectors", sector)
        return gettext("New startups: %(name)s", name=name)
    return gettext("New startups")


def _tag(kind: str) -> str:
    """A name that stays the same wherever the site moves its pages (RFC 4151)."""
    return f"tag:{urlsplit(site_url()).hostname or 'localhost'},2026:{kind}"


@allow(Permission.BROWSE)
def newcomers() -> Response:
    """The feed; ``region=`` and ``sector=`` narrow it down."""
    region, sector = (printable(request.args.get(name, ""))[:40] for name in ("region", "sector"))
    startups = newest(db.session, region, sector)
    asked = {name: value for name, value in (("region", region), ("sector", sector)) if value}
    feed = ET.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": current_language().code})
    updated = max((row.updated_at for row in startups), default=EMPTY)
    _add(feed, "id", _tag("/".join(["newcomers", current_language().code, *asked.values()])))
    _add(feed, "title", f"{_title(region, sector)} – {site_name()}")
    _add(feed, "updated", _moment(updated))
    _add(feed, "link", rel="self", type="application/atom+xml", href=site_url() + url_for("sharing.newcomers", **asked))  # type: ignore[arg-type]
    _add(feed, "link", rel="alternate", type="text/html", href=site_url() + url_for("directory.startups", **asked))  # type: ignore[arg-type]
    _add(_add(feed, "author"), "name", site_name())
    for startup in startups:
        _entry(feed, startup)
    text = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    response.last_modified = updated
    response.cache_control.public, response.cache_control.max_age = True, SECONDS
    response.make_conditional(request)
    return response


def _entry(feed: ET.Element, startup: Startup) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", _tag(f"startup/{startup.id}"))
    _add(entry, "title", name_of(startup))
    _add(entry, "updated", _moment(startup.updated_at))
    if startup.published_at:
        _add(entry, "published", _moment(startup.published_at))
    _add(entry, "link", rel="alternate", type="text/html", href=profile_address(startup))
    pitch = localized(startup.pitch)
    _add(entry, "summary", short_text(startup)).set(f"{{{XML}}}lang", pitch.language.code)
    for term in startup.terms(TermKind.SECTOR):
        _add(entry, "category", term=term.code, label=localized(term.names).text)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
