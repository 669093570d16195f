"""The views of what the network learns from introductions."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template
from flask_babel import format_percent, lazy_gettext

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.introduction_figures import (
    COLUMNS,
    by,
    count_partners,
    figure_rows,
    figures_of,
    months_until,
    read_sent,
    spread_over_partners,
)
from webapp.web.access import allow
from webapp.web.downloads import download
from webapp.web.marks import today

MONTHS = 12

GROUPS = {
    "month": lazy_gettext("By month"),
    "site": lazy_gettext("By park"),
    "region": lazy_gettext("By region"),
    "kind": lazy_gettext("By kind of partner"),
}
"""What the figures are grouped by -> the heading."""


@allow(Permission.STAFF)
def figures() -> str:
    """The figures of all requests that were sent, and of the last months, parks, regions and kinds of partners."""
    sent = read_sent(db.session)
    recent = set(months_until(today(), MONTHS))
    groups = {
        name: by((row for row in sent if name != "month" or row.month in recent), name) if sent else {}
        for name in GROUPS
    }
    return render_template(
        "triage/figures.html",
        total=figures_of(sent),
        spread=spread_over_partners(sent, count_partners(db.session)),
        groups=groups,
        headings=GROUPS,
        percent=format_percent,
        month_of=lambda code: date.fromisoformat(f"{code}-01"),
    )


@allow(Permission.STAFF)
def figures_file(form: str) -> Response:
    """The same by month and park, as a file."""
    return download("introductions", ["month", "site", *COLUMNS], figure_rows(read_sent(db.session)), form)
