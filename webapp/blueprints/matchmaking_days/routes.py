"""The views of days that need no account."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Account, MatchmakingDay
from webapp.permissions import Permission
from webapp.services.day_calendars import person_calendar, public_calendar
from webapp.services.day_timetables import coming_days
from webapp.web.access import allow
from webapp.web.day_words import calendar_words, public_address
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.signed_links import holds_calendar, read_calendar_token
from webapp.web.site import site_url


@allow(Permission.BROWSE)
def days() -> str:
    """The matchmaking days to come."""
    return render_template(
        "matchmaking_days/days.html",
        rows=coming_days(db.session, today()),
        feed=site_url() + url_for("matchmaking_days.calendar"),
    )


@allow(Permission.BROWSE)
def calendar() -> Response:
    """The same, and the deadlines of open challenges, for a calendar."""
    words = calendar_words(gettext("Matchmaking days and challenges"), public_address)
    return _calendar(public_calendar(db.session, today(), current_language().code, words))


@allow(Permission.FOLLOW_LINK)
def feed(token: str) -> Response:
    """Somebody's own calendar, for a program that cannot sign in."""
    account_id = read_calendar_token(token)
    account = db.session.get(Account, account_id) if account_id else None
    if account is None or not account.active or not holds_calendar(token, account):
        raise NotFound("page")
    words = calendar_words(gettext("My meetings"), _own_address)
    response = _calendar(person_calendar(db.session, account.person, today(), current_language().code, words))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _own_address(of: object) -> str:
    return site_url() + url_for("timetables.timetable", code=of.code) if isinstance(of, MatchmakingDay) else ""


def _calendar(content: bytes) -> Response:
    response = make_response(content)
    response.mimetype = "text/calendar"
    return response
