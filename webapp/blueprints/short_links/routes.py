"""From a short address to the profile, in the reader's language."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.redirects import resolve_short_code
from webapp.web.access import allow
from webapp.web.locale import preferred_language


@allow(Permission.BROWSE)
def startup(code: str) -> Response:
    """A startup."""
    return _found(Startup.noun, code, "directory.startup")


@allow(Permission.BROWSE)
def partner(code: str) -> Response:
    """A partner."""
    return _found(Partner.noun, code, "partners.partner")


def _found(noun: str, code: str, endpoint: str) -> Response:
    """Not for ever: which language it leads to depends on who asks."""
    slug = resolve_short_code(db.session, noun, code)
    if slug is None:
        raise NotFound(noun)
    response = redirect(url_for(endpoint, lang=preferred_language(), slug=slug), 302)
    response.vary.update(("Accept-Language", "Cookie"))
    return response
