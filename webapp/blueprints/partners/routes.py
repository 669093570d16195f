"""The views of the partners' directory."""

from __future__ import annotations

from flask import render_template, request

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.claims import can_be_claimed
from webapp.services.matches import matches_for_partner
from webapp.services.profiles import get_partner, portfolio_slugs
from webapp.web.access import allow
from webapp.web.directories import PARTNERS
from webapp.web.locale import current_language

MATCHES = 6


@allow(Permission.BROWSE)
def partners() -> str:
    """The list of partners that answers the query string."""
    return render_template("partners/partners.html", page=PARTNERS.page(request.args))


@allow(Permission.BROWSE)
def partner(slug: str) -> str:
    """A partner's profile, with the startups that fit it."""
    profile = get_partner(db.session, slug)
    return render_template(
        "partners/partner.html",
        partner=profile,
        matches=matches_for_partner(db.session, profile, current_language().code, limit=MATCHES),
        is_claimable=can_be_claimed(db.session, profile),
        portfolio_slugs=portfolio_slugs(db.session, profile),
    )
