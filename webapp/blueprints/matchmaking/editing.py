"""The views that create and change a day as a whole: its form, planning it, publishing it, calling it off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from webapp.blueprints.matchmaking.forms import DayForm, day_form
from webapp.blueprints.matchmaking.page import asked_day, done_or_said, refused
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import DayState, MatchmakingDay
from webapp.permissions import Permission
from webapp.services.day_planning import Planned, plan_day
from webapp.services.day_publishing import cancel_day, close_day, publish_day, send_changes
from webapp.services.matchmaking_days import change_day, create_day, discard_day
from webapp.services.network import list_sites
from webapp.web.access import allow, current_actor
from webapp.web.day_words import day_rule
from webapp.web.formats import name_of, number
from webapp.web.forms import SeenForm
from webapp.web.marks import today

NAMED = 5
"""So many pairs that found no slot are named; of the others their number."""

FIELDS = {
    "day-begins": "begins",
    "day-overlap": "begins",
    "day-slots-used": "begins",
    "day-minutes": "minutes",
    "day-tables": "tables",
    "day-meetings": "startup_meetings",
}
"""Code of a broken rule -> the field that it is said at."""


@allow(Permission.STAFF)
def create() -> ResponseReturnValue:
    """Begin a day."""
    return _form_page(None)


@allow(Permission.STAFF)
def edit(code: str) -> ResponseReturnValue:
    """Change what is said of a day."""
    return _form_page(asked_day(code))


@allow(Permission.STAFF)
def end(code: str) -> ResponseReturnValue:
    """Delete a day that nobody knows of, or call off one that was published; asked first."""
    day, form = asked_day(code), SeenForm()
    status = 200
    if form.is_submitted() and form.validate():
        is_new = day.state == DayState.DRAFT
        try:
            if is_new:
                discard_day(db.session, current_actor(), day, version=form.seen_version)
            else:
                cancel_day(db.session, current_actor(), day, today=today(), version=form.seen_version)
        except Conflict as error:
            day, status = refused(form, error, code), 409
        else:
            db.session.commit()
            said = gettext("The day is deleted.") if is_new else gettext("The day is called off; everybody is told.")
            flash(said, "success")
            return redirect(url_for("matchmaking.days"), 303)
    else:
        form.show_version(day.version)
    return render_template("matchmaking/end.html", event=day, form=form), status


@allow(Permission.STAFF)
def act(code: str, action: str) -> ResponseReturnValue:
    """Plan, publish, send what changed, or close the day."""
    if action not in _ACTIONS:
        raise NotFound("page")
    back = url_for("matchmaking.day", code=code)
    return done_or_said(code, _ACTIONS[action], back, "")


def _plan(day: MatchmakingDay, version: int) -> None:
    done = plan_day(db.session, current_actor(), day, version=version)
    flash(_planned_words(done), "success")
    if done.dropped:
        flash(_dropped_words(done), "error")


def _publish(day: MatchmakingDay, version: int) -> None:
    count = publish_day(db.session, current_actor(), day, today=today(), version=version)
    flash(_mails_words(count), "success")


def _send(day: MatchmakingDay, version: int) -> None:
    count = send_changes(db.session, current_actor(), day, today=today(), version=version)
    flash(_mails_words(count), "success")


def _close(day: MatchmakingDay, version: int) -> None:
    close_day(db.session, current_actor(), day, today=today(), version=version)
    flash(gettext("The day is closed. Both sides can still say what their meetings were worth."), "success")


_ACTIONS: dict[str, Callable[[MatchmakingDay, int], Any]] = {
    "plan": _plan,
    "publish": _publish,
    "send": _send,
    "close": _close,
}


def _planned_words(done: Planned) -> str:
    return ngettext(
        "%(count)s meeting is planned.", "%(count)s meetings are planned.", done.meetings, count=number(done.meetings)
    )


def _dropped_words(done: Planned) -> str:
    pairs = [
        f"\u2068{name_of(one.organisation)}\u2069 – \u2068{name_of(other.organisation)}\u2069"
        for one, other in done.dropped[:NAMED]
    ]
    named = gettext(", ").join(pairs)
    count = len(done.dropped)
    return ngettext(
        "%(count)s meeting found no slot in which both are free: %(pairs)s.",
        "%(count)s meetings found no slot in which both are free, among them: %(pairs)s.",
        count,
        count=number(count),
        pairs=named,
    )


def _mails_words(count: int) -> str:
    if not count:
        return gettext("Nobody had to be told anything new.")
    return ngettext(
        "%(count)s person gets a timetable by mail.",
        "%(count)s people get a timetable by mail.",
        count,
        count=number(count),
    )


def _form_page(day: MatchmakingDay | None) -> ResponseReturnValue:
    sites = [site for site in list_sites(db.session) if site.status == "operating" or (day and day.site is site)]
    form = day_form(sites, day)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            saved = _saved(form, day, form.draft(sites))
        except (Invalid, Conflict) as error:
            status = 409 if isinstance(error, Conflict) else 422
            day = _say(form, error, day)
        else:
            db.session.commit()
            flash(gettext("The day is saved."), "success")
            return redirect(url_for("matchmaking.day", code=saved.code), 303)
    return render_template("matchmaking/edit.html", event=day, form=form), status


def _saved(form: DayForm, day: MatchmakingDay | None, draft: Any) -> MatchmakingDay:
    if day is None:
        return create_day(db.session, current_actor(), draft)
    return change_day(db.session, current_actor(), day, draft, version=form.seen_version)


def _say(form: DayForm, error: Invalid | Conflict, day: MatchmakingDay | None) -> MatchmakingDay | None:
    """Put a broken rule beside its field, or above the form."""
    if error.code == "day-name":
        form.refuse(form.name_fields()[0], day_rule(error))
    elif error.code in FIELDS:
        form.refuse(form[FIELDS[error.code]], day_rule(error))
    elif day is not None:
        return refused(form, error, day.code)
    db.session.rollback()
    return asked_day(day.code) if day is not None else None
