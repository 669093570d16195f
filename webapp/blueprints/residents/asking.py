"""What the addresses of residency ask for; what they do not understand, they leave out."""

from __future__ import annotations

from flask import request

from webapp.extensions import db
from webapp.services.leases import Due
from webapp.services.network import list_sites
from webapp.services.occupancy import Occupancy
from webapp.services.residents import ResidentFilter
from webapp.web.listing_form import LONGEST_TEXT, printable
from webapp.web.marks import today

USUAL_RENEWAL = 75
"""Percent, where no lease has fallen due yet."""


def asked_filter() -> ResidentFilter:
    """Which residents."""
    sites = {site.code for site in list_sites(db.session)}
    site, due = request.args.get("site", ""), request.args.get("due", "")
    return ResidentFilter(
        printable(request.args.get("q", ""))[:LONGEST_TEXT],
        site if site in sites else "",
        due if due in (*Due, "any") else "",
    )


def observed_renewal(found: Occupancy) -> int:
    """Percent of the leases that fell due which were renewed."""
    return round(100 * found.renewals.value) if found.renewals.value is not None else USUAL_RENEWAL


def chance_of_renewal(found: Occupancy) -> int:
    """The chance to work with, in percent: the one that is asked for, or the observed one."""
    asked = request.args.get("renewal", observed_renewal(found), type=int)
    return min(max(asked, 0), 100)


def asked_year() -> int:
    """Which year's answers: this one's unless an earlier one is asked for."""
    year = request.args.get("year", today().year, type=int)
    return min(max(year, 2000), today().year)
