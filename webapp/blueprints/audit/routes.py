"""The views of the audit trail."""

from __future__ import annotations

from flask import Response, render_template, request

from webapp.blueprints.audit.forms import parameters, read_filter
from webapp.extensions import db
from webapp.models import Person
from webapp.permissions import Permission
from webapp.services.audit import COLUMNS, count_entries, entry_rows, list_entries, nouns_in
from webapp.services.network import zone_of
from webapp.web.access import allow, current_actor
from webapp.web.audit_words import ACTIONS, ROLES, noun_name
from webapp.web.downloads import download
from webapp.web.paging import asked_cut
from webapp.web.site import current_network

PAGE = 50
"""Entries on a page."""


@allow(Permission.STAFF)
def entries() -> str:
    """The entries that a filter leaves, the latest first."""
    actor, asked, zone = current_actor(), read_filter(request.args), zone_of(current_network())
    total = count_entries(db.session, actor, asked, zone)
    cut = asked_cut(total, PAGE)
    rows = list_entries(db.session, actor, asked, zone, limit=cut.size, offset=cut.offset)
    return render_template(
        "audit/entries.html",
        rows=rows,
        total=total,
        cut=cut,
        asked=asked,
        parameters=parameters(asked),
        person=db.session.get(Person, asked.person_id) if asked.person_id else None,
        nouns=sorted(((noun, noun_name(noun)) for noun in nouns_in(db.session, actor)), key=lambda pair: pair[1]),
        actions=ACTIONS,
        roles=ROLES,
    )


@allow(Permission.STAFF)
def file(form: str) -> Response:
    """The same as a file, the earliest first."""
    rows = entry_rows(db.session(), current_actor(), read_filter(request.args), zone_of(current_network()))
    return download("audit-trail", COLUMNS, rows, form)
