"""The view of the components page."""

from __future__ import annotations

from flask import render_template

from webapp.blueprints.development.samples import sample_partner, sample_startups
from webapp.extensions import db
from webapp.models import TermKind
from webapp.permissions import Permission
from webapp.services.matches import MatchView, Reason
from webapp.services.network import list_terms
from webapp.services.statistics import residents_by_region
from webapp.web.access import allow
from webapp.web.marks import today


@allow(Permission.DEVELOP)
def components() -> str:
    """Every component, in both directions side by side."""
    sector = next(iter(list_terms(db.session, TermKind.SECTOR)), None)
    with db.session.no_autoflush:
        startups, partner = sample_startups(sector), sample_partner()
        codes = [sector.code] if sector else []
        reasons = [Reason("same-sector", {"codes": codes}), Reason("technology", {"codes": ["iot", "data"]})]
        match = MatchView(startups[0], partner, "strong", 4, reasons, Reason("stage-differs", {"codes": ["growth"]}))
        return render_template(
            "development/components.html",
            startups=startups,
            partner=partner,
            match=match,
            regions=residents_by_region(db.session, today()),
        )
