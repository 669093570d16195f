"""The views of the quality report."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import format_percent, lazy_gettext

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.nonconformities import list_nonconformities
from webapp.services.quality import COLUMNS, Quarter, late_queues, report_rows
from webapp.services.quality import report as report_of
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.marks import today
from webapp.web.site import current_network

QUEUES = {
    "applications": lazy_gettext("Applications"),
    "introductions": lazy_gettext("Introductions"),
    "reviews": lazy_gettext("Changes of profiles"),
    "claims": lazy_gettext("Claims"),
    "challenges": lazy_gettext("Challenges"),
    "renewals": lazy_gettext("Leases and reviews"),
    "imports": lazy_gettext("Imports"),
    "duplicates": lazy_gettext("Duplicates"),
    "stale": lazy_gettext("Stale profiles"),
    "mail": lazy_gettext("Mail"),
}
"""Queue of the desk -> its name."""


def asked_quarter() -> Quarter:
    """The quarter that a request asks for; the present one where it asks for none."""
    quarter = Quarter.read(request.args.get("quarter", "")) or Quarter.of(today())
    return min(quarter, Quarter.of(today()))


@allow(Permission.STAFF)
def report() -> str:
    """The figures of a quarter beside those of the quarter before."""
    quarter, actor, network = asked_quarter(), current_actor(), current_network()
    return render_template(
        "quality/report.html",
        quarter=quarter,
        present=Quarter.of(today()),
        now=report_of(db.session, actor, network, quarter),
        before=report_of(db.session, actor, network, quarter.before),
        late=late_queues(db.session, actor) if quarter == Quarter.of(today()) else [],
        nonconformities=list_nonconformities(db.session, actor, is_open=True),
        names=QUEUES,
        percent=format_percent,
        today=today(),
    )


@allow(Permission.STAFF)
def file(form: str) -> Response:
    """The report of a quarter as a file."""
    quarter = asked_quarter()
    found = report_of(db.session, current_actor(), current_network(), quarter)
    return download(f"quality-{quarter.code}", COLUMNS, report_rows(found), form)
