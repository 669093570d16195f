"""The views of introductions that only read."""

from __future__ import annotations

from flask import Response, make_response, render_template

from webapp.blueprints.introductions.files import COLUMNS, own_rows
from webapp.blueprints.introductions.lists import asked_list
from webapp.blueprints.introductions.page import IntroductionPage
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.introductions import get_introduction
from webapp.services.meetings import calendar_event
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.locale import current_language
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings


@allow(Permission.READ_INTRODUCTION)
def introductions() -> str:
    """The introductions of all organisations that somebody acts for; what waits for them stands first."""
    found = asked_list(current_actor())
    cut = asked_cut(len(found.rows), current_settings().page_size)
    return render_template(
        "introductions/introductions.html",
        rows=found.rows[cut.offset : cut.offset + cut.size],
        box=found.box,
        standing=found.standing,
        standings=found.standings,
        cut=cut,
    )


@allow(Permission.READ_INTRODUCTION)
def introductions_file(form: str) -> Response:
    """All pages of the same list as a file."""
    return download("introductions", COLUMNS, own_rows(asked_list(current_actor()).rows), form)


@allow(Permission.READ_INTRODUCTION)
def introduction(reference: str) -> str:
    """One introduction, as the reader's side sees it."""
    actor = current_actor()
    return IntroductionPage(get_introduction(db.session, actor, reference), actor).render()


@allow(Permission.READ_INTRODUCTION)
def calendar(reference: str) -> Response:
    """The meeting that was agreed on, for a calendar."""
    found = get_introduction(db.session, current_actor(), reference)
    response = make_response(calendar_event(found, current_language().code))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return response
