"""oEmbed (https://oembed.com), and the cards and the map that it and the embed codes lead to."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.clusters import regions_page
from webapp.services.profiles import get_partner, get_startup
from webapp.web.access import allow
from webapp.web.formats import name_of
from webapp.web.framing import HEIGHT, WIDTH, embed_code, framed
from webapp.web.marks import today
from webapp.web.site import current_network, site_url
from webapp.web.structured_data import card_of, site_name

LEAST = 200
PROFILES = {"directory.startup": "sharing.startup_embed", "partners.partner": "sharing.partner_embed"}
"""Pages that can be embedded -> what is embedded of them."""


@allow(Permission.BROWSE)
def startup(slug: str) -> Response:
    """The card of a startup."""
    return framed(render_template("sharing/card.html", profile=get_startup(db.session, slug), kind="startup"))


@allow(Permission.BROWSE)
def partner(slug: str) -> Response:
    """The card of a partner."""
    return framed(render_template("sharing/card.html", profile=get_partner(db.session, slug), kind="partner"))


@allow(Permission.BROWSE)
def map_of_residents() -> Response:
    """The map of residents by region, with the figures that the page of regions shows."""
    page = regions_page(db.session, today(), "residents")
    return framed(render_template("sharing/map.html", page=page, network=current_network()))


@allow(Permission.BROWSE)
def oembed() -> ResponseReturnValue:
    """How a profile is embedded, for programs that were given its address.

    401 is for what may not be shown; here that is no different from what is not there, 404. Another format is 501.
    """
    form = request.args.get("format", "json")
    if form not in ("json", "xml"):
        return Response("not implemented: json and xml are", 501, mimetype="text/plain")
    endpoint, language, slug = _profile_of(request.args.get("url", ""))
    profile: Startup | Partner = (
        get_startup(db.session, slug) if endpoint == "directory.startup" else get_partner(db.session, slug)
    )
    width, height = (_most(name, usual) for name, usual in (("maxwidth", WIDTH), ("maxheight", HEIGHT)))
    address = site_url() + url_for(PROFILES[endpoint], lang=language, slug=slug)
    data = {
        "version": "1.0",
        "type": "rich",
        "title": name_of(profile),
        "provider_name": site_name(),
        "provider_url": f"{site_url()}/",
        "cache_age": 3600,
        "thumbnail_url": site_url() + url_for(_card(profile), lang=language, slug=slug, v=card_of(profile).digest),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": str(embed_code(address, name_of(profile), width, height)),
        "width": width,
        "height": height,
    }
    response = jsonify(data) if form == "json" else _xml(data)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _card(profile: Startup | Partner) -> str:
    return "sharing.startup_card" if isinstance(profile, Startup) else "sharing.partner_card"


def _most(name: str, usual: int) -> int:
    """The usual size, or less where the asking site has less room."""
    asked = request.args.get(name, usual, type=int)
    return max(min(asked, usual), LEAST)


def _profile_of(address: str) -> tuple[str, str, str]:
    """Endpoint, language and slug of the profile that an address of this site leads to.

    Raises:
        NotFound: ``page``: it is an address of another site, or of no profile.
    """
    parts = urlsplit(address)
    here = urlsplit(site_url())
    if parts.scheme not in ("http", "https") or parts.netloc != here.netloc:
        raise NotFound("page")
    try:
        endpoint, values = current_app.url_map.bind(here.netloc).match(parts.path)
    except (HTTPException, RequestRedirect) as error:
        raise NotFound("page") from error
    if endpoint not in PROFILES:
        raise NotFound("page")
    return endpoint, str(values["lang"]), str(values["slug"])


def _xml(data: dict[str, object]) -> Response:
    root = ET.Element("oembed")
    for name, value in data.items():
        ET.SubElement(root, name).text = str(value)
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), content_type="text/xml; charset=utf-8")
