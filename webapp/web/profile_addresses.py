"""The addresses of a profile: its short one, and the way from a former one to the present."""

from __future__ import annotations

from flask import Flask, redirect, url_for
from werkzeug.wrappers import Response

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.services.redirects import resolve_slug, short_code
from webapp.web.site import site_url

PAGES = {Startup.noun: "directory.startup", Partner.noun: "partners.partner"}
_SHORT = {Startup.noun: "short_links.startup", Partner.noun: "short_links.partner"}


def to_present_address(noun: str, slug: str) -> Response:
    """For ever on to where a profile is now that was once at this slug, in the same language.

    Raises:
        NotFound: no published profile ever was.
    """
    present = resolve_slug(db.session, noun, slug)
    if present is None:
        raise NotFound(noun, slug=slug)
    return redirect(url_for(PAGES[noun], slug=present), 301)


def short_url(profile: Startup | Partner) -> str:
    """The full short address of a profile."""
    return site_url() + url_for(_SHORT[profile.noun], code=short_code(profile.id))


def init_app(app: Flask) -> None:
    """Give templates the short address."""
    app.add_template_global(short_url)
