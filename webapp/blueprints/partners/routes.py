"""The views of the partners' directory."""

from __future__ import annotations

from flask import render_template, request

from webapp.blueprints.partners.forms import FACETS, NAMES, PartnersForm
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.directory import list_partners
from webapp.services.matches import matches_for_partner
from webapp.services.profiles import get_partner, portfolio_slugs
from webapp.web.access import allow
from webapp.web.directory_page import DirectoryPage
from webapp.web.links import keep_parameters
from webapp.web.locale import current_language
from webapp.web.selection import Selection
from webapp.web.site import current_search, current_settings

MATCHES = 6


@allow(Permission.BROWSE)
def partners() -> str:
    """The list of partners that answers the query string."""
    form = PartnersForm(request.args)
    selection = Selection.from_form(form, "partners.partners", NAMES)
    keep_parameters(selection.parameters())
    listing = list_partners(db.session, current_search(), selection.query(current_settings().page_size))
    page = DirectoryPage.of(listing, selection, FACETS, text_was_cut=form.q.was_cut)
    keep_parameters(page.selection.parameters())
    return render_template("partners/partners.html", page=page)


@allow(Permission.BROWSE)
def partner(slug: str) -> str:
    """A partner's profile, with the startups that fit it."""
    profile = get_partner(db.session, slug)
    return render_template(
        "partners/partner.html",
        partner=profile,
        matches=matches_for_partner(db.session, profile, current_language().code, limit=MATCHES),
        portfolio_slugs=portfolio_slugs(db.session, profile),
    )
