"""The views of the partners' directory."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Partner
from webapp.permissions import Permission
from webapp.services.claims import can_be_claimed
from webapp.services.matches import matches_for_partner
from webapp.services.profiles import get_partner, portfolio_slugs
from webapp.web.access import allow
from webapp.web.directories import PARTNERS
from webapp.web.locale import current_language
from webapp.web.profile_addresses import to_present_address
from webapp.web.public_files import directory_file

MATCHES = 6


@allow(Permission.BROWSE)
def partners() -> str:
    """The list of partners that answers the query string."""
    return render_template("partners/partners.html", page=PARTNERS.page(request.args))


@allow(Permission.BROWSE)
def partners_file(form: str) -> Response:
    """The same list, all its pages, as a file."""
    return directory_file(PARTNERS, form)


@allow(Permission.BROWSE)
def partner(slug: str) -> ResponseReturnValue:
    """A partner's profile, with the startups that fit it; from a former address on to the present one."""
    try:
        profile = get_partner(db.session, slug)
    except NotFound:
        return to_present_address(Partner.noun, slug)
    return render_template(
        "partners/partner.html",
        partner=profile,
        matches=matches_for_partner(db.session, profile, current_language().code, limit=MATCHES),
        is_claimable=can_be_claimed(db.session, profile),
        portfolio_slugs=portfolio_slugs(db.session, profile),
    )
