"""The views of own timetables."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.timetables.files import COLUMNS, timetable_rows
from webapp.blueprints.timetables.forms import FeedbackForm
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import DayFeedback, DayMeeting, DayState, MatchmakingDay, utc_now
from webapp.permissions import Permission
from webapp.services.day_calendars import timetable_calendar
from webapp.services.day_results import feedback_of, give_feedback, side_in
from webapp.services.day_timetables import Timetable, own_days, own_timetables
from webapp.services.matchmaking_days import slot_begin
from webapp.web.access import allow, current_account, current_actor
from webapp.web.day_words import calendar_words, day_rule
from webapp.web.downloads import download
from webapp.web.formats import localized
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.signed_links import calendar_token
from webapp.web.site import current_network, site_url


@allow(Permission.USE_ACCOUNT)
def timetables() -> str:
    """The days to which one comes, and the address of one's own calendar."""
    days = own_days(db.session, current_actor())
    account = current_account()
    feed = url_for("matchmaking_days.feed", token=calendar_token(account)) if account else ""
    return render_template(
        "timetables/timetables.html",
        coming=[each for each in reversed(days) if each.on >= today() and each.state != DayState.HELD],
        past=[each for each in days if each.on < today() or each.state == DayState.HELD],
        feed=site_url() + feed,
    )


@allow(Permission.USE_ACCOUNT)
def timetable(code: str) -> str:
    """When one meets whom on a day."""
    day, mine = own_timetables(db.session, current_actor(), code)
    return render_template(
        "timetables/timetable.html",
        event=day,
        timetables=mine,
        has_begun=lambda meeting: _has_begun(day, meeting),
        said=lambda own, meeting: feedback_of(meeting, own.participant.organisation.noun),
    )


@allow(Permission.USE_ACCOUNT)
def timetable_file(code: str, form: str) -> Response:
    """The same as a file."""
    day, mine = own_timetables(db.session, current_actor(), code)
    return download(f"{day.code}-timetable", COLUMNS, timetable_rows(day, mine), form)


@allow(Permission.USE_ACCOUNT)
def calendar(code: str) -> Response:
    """The same for a calendar."""
    day, mine = own_timetables(db.session, current_actor(), code)
    words = calendar_words(
        localized(day.names).text, lambda of: site_url() + url_for("timetables.timetable", code=day.code)
    )
    shown: list[Timetable] = [] if day.state == DayState.CANCELLED else mine
    response = make_response(timetable_calendar(db.session, day, shown, current_language().code, words))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{day.code}.ics"'
    return response


@allow(Permission.USE_ACCOUNT)
def feedback(code: str, meeting_id: int) -> ResponseReturnValue:
    """Say what a meeting was worth."""
    actor = current_actor()
    day, mine = own_timetables(db.session, actor, code)
    own, meeting = _own_meeting(mine, meeting_id)
    side = side_in(actor, meeting)
    said = feedback_of(meeting, side)
    form = FeedbackForm(data=_data(said) if said else None)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        values = {"wants_more": form.wants_more.data, "comment": form.comment.data or ""}
        try:
            give_feedback(db.session, actor, meeting, side, rating=int(form.rating.data), **values)
        except (Conflict, Invalid) as error:
            db.session.rollback()
            form.refuse_whole(day_rule(error))
            status = 409
        else:
            db.session.commit()
            flash(gettext("Thank you. The park reads it; the other side does not."), "success")
            return redirect(url_for("timetables.timetable", code=code), 303)
    page = render_template(
        "timetables/feedback.html", event=day, own=own, meeting=meeting, form=form, has_begun=_has_begun(day, meeting)
    )
    return page, status


def _own_meeting(mine: list[Timetable], meeting_id: int) -> tuple[Timetable, DayMeeting]:
    for own in mine:
        for meeting in own.meetings:
            if meeting.id == meeting_id:
                return own, meeting
    raise NotFound("day-meeting", id=meeting_id)


def _has_begun(day: MatchmakingDay, meeting: DayMeeting) -> bool:
    open_ = day.state in (DayState.PUBLISHED, DayState.HELD)
    return open_ and slot_begin(day, meeting.slot, current_network()) <= utc_now()


def _data(said: DayFeedback) -> dict[str, object]:
    return {"rating": str(said.rating), "wants_more": said.wants_more, "comment": said.comment}
