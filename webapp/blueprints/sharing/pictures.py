"""Pictures that other sites show beside links. Drawn once, and kept beside the database under what they say."""

from __future__ import annotations

from flask import Response, current_app, make_response, request

from webapp.config import ROOT
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.cards import Card, draw_card
from webapp.services.profiles import get_partner, get_startup
from webapp.web.access import allow
from webapp.web.site import current_settings
from webapp.web.structured_data import card_of, site_card

FONTS = ROOT / "static" / "fonts"
SECONDS = 86_400
"""How long a picture may be kept without asking; its address changes with what it says."""


def _picture(card: Card) -> Response:
    response = make_response(_kept(card))
    response.mimetype = "image/png"
    response.cache_control.public = True
    response.cache_control.max_age = SECONDS
    response.set_etag(card.digest)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


def _kept(card: Card) -> bytes:
    """The picture from its file, or else drawn. A folder that cannot be written to only costs time."""
    file = current_settings().data_dir / "cards" / f"{card.digest}.png"
    if file.is_file():
        return file.read_bytes()
    content = draw_card(card, FONTS)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        current_app.logger.warning("a picture could not be kept: %s", error)
    return content


@allow(Permission.BROWSE)
def site_picture() -> Response:
    """Of the site as a whole."""
    return _picture(site_card())


@allow(Permission.BROWSE)
def startup_picture(slug: str) -> Response:
    """Of a startup."""
    return _picture(card_of(get_startup(db.session, slug)))


@allow(Permission.BROWSE)
def partner_picture(slug: str) -> Response:
    """Of a partner."""
    return _picture(card_of(get_partner(db.session, slug)))
