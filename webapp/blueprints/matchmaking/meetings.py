"""The views of single meetings: moving, locking, adding and taking them away, and noting who came."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.matchmaking.forms import PlaceForm, place_form
from webapp.blueprints.matchmaking.page import asked_day, back_to_day, done_or_said, refused, sides
from webapp.blueprints.matchmaking.participants import participant_page
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import DayMeeting, DayState, MatchmakingDay, MeetingResult
from webapp.permissions import Permission
from webapp.services import day_moves as moves
from webapp.services.day_participants import find_participant
from webapp.services.day_results import record_results
from webapp.services.matches import strength_of
from webapp.services.matchmaking_days import CHANGING
from webapp.web.access import allow, current_actor
from webapp.web.day_words import day_rule
from webapp.web.forms import SeenForm
from webapp.web.marks import today


@allow(Permission.STAFF)
def slot(code: str, slot: int) -> ResponseReturnValue:
    """All meetings of a slot, and who was missing."""
    day = asked_day(code)
    if not 0 <= slot < len(day.begins):
        raise NotFound("page")
    here = sorted((each for each in day.meetings if each.slot == slot), key=lambda each: (each.table or 0, each.id))
    form, status = SeenForm(), 200
    if form.is_submitted() and form.validate():
        results = {each.id: _result(each) for each in here if _is_noted(each)}
        try:
            record_results(db.session, current_actor(), day, results, today=today())
        except Conflict as error:
            db.session.rollback()
            form.refuse_whole(day_rule(error))
            status = 409
        else:
            db.session.commit()
            flash(gettext("Noted."), "success")
            return redirect(url_for("matchmaking.slot", code=code, slot=slot), 303)
    open_for_results = day.on <= today() and day.state in (DayState.PUBLISHED, DayState.HELD)
    page = render_template(
        "matchmaking/slot.html", event=day, slot=slot, meetings=here, form=form, can_note=open_for_results
    )
    return page, status


@allow(Permission.STAFF)
def meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    """One meeting, and where else it could be."""
    day = asked_day(code)
    found = moves.find_meeting(day, meeting_id)
    form = place_form(day, sides(day)[1], slot=found.slot, other=found.partner_participant_id)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            moved = _moved(day, found, form)
        except (Conflict, Invalid) as error:
            day, status = refused(form, error, code), 409
            found = moves.find_meeting(day, meeting_id)
        else:
            db.session.commit()
            flash(gettext("Moved, and locked there."), "success")
            return redirect(url_for("matchmaking.meeting", code=code, meeting_id=moved.id), 303)
    page = render_template(
        "matchmaking/meeting.html",
        event=day,
        meeting=found,
        strength=strength_of(found.score) if found.score else "",
        form=form,
        can_change=day.state in CHANGING,
    )
    return page, status


@allow(Permission.STAFF)
def lock(code: str, meeting_id: int) -> ResponseReturnValue:
    """Lock a meeting, or unlock it."""
    locked = request.form.get("locked") == "1"

    def work(day: MatchmakingDay, version: int) -> None:
        moves.lock_meeting(db.session, current_actor(), day, meeting_id, locked=locked, version=version)

    said = gettext("Locked: planning anew leaves it where it is.") if locked else gettext("Unlocked.")
    return done_or_said(code, work, back_to_day(code), said)


@allow(Permission.STAFF)
def remove(code: str, meeting_id: int) -> ResponseReturnValue:
    """Take a meeting away."""

    def work(day: MatchmakingDay, version: int) -> None:
        moves.remove_meeting(db.session, current_actor(), day, meeting_id, version=version)

    return done_or_said(code, work, url_for("matchmaking.grid", code=code), gettext("The meeting is taken away."))


@allow(Permission.STAFF)
def add(code: str, participant_id: int) -> ResponseReturnValue:
    """Have two meet, whether they match or not."""
    day = asked_day(code)
    participant = find_participant(day, participant_id)
    startups, partners = sides(day)
    form = place_form(day, partners if participant.startup_id else startups)
    status = 422
    if form.validate_on_submit():
        ids = (participant.id, form.other.data) if participant.startup_id else (form.other.data, participant.id)
        try:
            moves.add_meeting(db.session, current_actor(), day, *ids, slot=form.slot.data, version=form.seen_version)
        except (Conflict, Invalid) as error:
            day, status = refused(form, error, code), 409
            participant = find_participant(day, participant_id)
        else:
            db.session.commit()
            flash(gettext("The meeting is added and locked."), "success")
            return redirect(url_for("matchmaking.participant", code=code, participant_id=participant_id), 303)
    return participant_page(day, participant, meet_form=form), status


def _moved(day: MatchmakingDay, found: DayMeeting, form: PlaceForm) -> DayMeeting:
    return moves.move_meeting(
        db.session,
        current_actor(),
        day,
        found.id,
        slot=form.slot.data,
        partner_participant_id=form.other.data,
        version=form.seen_version,
    )


def _is_noted(meeting: DayMeeting) -> bool:
    """Whether something else was chosen than the page said: a colleague at another door may have noted the others."""
    return request.form.get(f"result-{meeting.id}") != request.form.get(f"was-{meeting.id}")


def _result(meeting: DayMeeting) -> MeetingResult | None:
    given = request.form.get(f"result-{meeting.id}", "")
    return MeetingResult(given) if given in list(MeetingResult) else None
