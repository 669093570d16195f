"""The views of the startups' directory."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Startup
from webapp.permissions import Permission
from webapp.services.claims import can_be_claimed
from webapp.services.data_sources import sources_of
from webapp.services.directory import similar_startups
from webapp.services.matches import matches_for_startup
from webapp.services.profiles import get_startup
from webapp.web.access import allow
from webapp.web.directories import STARTUPS
from webapp.web.locale import current_language
from webapp.web.profile_addresses import to_present_address
from webapp.web.public_files import directory_file
from webapp.web.site import current_search

SIMILAR = 4
MATCHES_A_KIND = 3


@allow(Permission.BROWSE)
def startups() -> str:
    """The list of startups that answers the query string."""
    return render_template("directory/startups.html", page=STARTUPS.page(request.args))


@allow(Permission.BROWSE)
def startups_file(form: str) -> Response:
    """The same list, all its pages, as a file."""
    return directory_file(STARTUPS, form)


@allow(Permission.BROWSE)
def startup(slug: str) -> ResponseReturnValue:
    """A startup's profile, with who it should meet; from a former address on to the present one."""
    try:
        profile = get_startup(db.session, slug)
    except NotFound:
        return to_present_address(Startup.noun, slug)
    return render_template(
        "directory/startup.html",
        startup=profile,
        matches=matches_for_startup(db.session, profile, current_language().code, per_kind=MATCHES_A_KIND),
        sources=sources_of(db.session, profile),
        is_claimable=can_be_claimed(db.session, profile),
        similar=similar_startups(db.session, current_search(), profile, SIMILAR),
    )
