"""What the views of a matchmaking day share: finding it, its overview, and a way back when something is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import DayParticipant, MatchmakingDay
from webapp.services.day_planning import most_of
from webapp.services.day_publishing import changed_since
from webapp.services.day_results import summary_of
from webapp.services.day_timetables import left_out, timetables_of
from webapp.services.matchmaking_days import CHANGING, get_day
from webapp.web.access import current_actor
from webapp.web.day_words import day_rule
from webapp.web.forms import SeenForm
from webapp.web.marks import today


def asked_day(code: str) -> MatchmakingDay:
    """The day of an address."""
    return get_day(db.session, current_actor(), code)


def overview(day: MatchmakingDay, problem: str = "") -> str:
    """A day on one page: how it stands, who comes, how many meetings each has and who has none and why."""
    return render_template(
        "matchmaking/day.html",
        event=day,
        timetables=timetables_of(day),
        most_of=lambda participant: most_of(day, participant),
        reasons=left_out(db.session, day),
        changed=len(changed_since(day)) if day.published_at else 0,
        summary=summary_of(day),
        can_change=day.state in CHANGING,
        has_come=day.on <= today(),
        form=SeenForm(formdata=None, data={"version": str(day.version)}),
        problem=problem,
    )


def sides(day: MatchmakingDay) -> tuple[list[DayParticipant], list[DayParticipant]]:
    """The startups and the partners of a day, by name."""
    ordered = [each.participant for each in timetables_of(day)]
    return [each for each in ordered if each.startup_id], [each for each in ordered if each.partner_id]


def done_or_said(
    code: str, work: Callable[[MatchmakingDay, int], Any], back: str, done: str, category: str = "success"
) -> ResponseReturnValue:
    """Do what a single button asks for; what stands in the way is said above the day as it is now."""
    day, form = asked_day(code), SeenForm()
    try:
        work(day, form.seen_version)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        return overview(asked_day(code), day_rule(error)), 409
    db.session.commit()
    if done:
        flash(done, category)
    return redirect(back, 303)


def back_to_day(code: str) -> str:
    """The page that a button stood on, of those of a day."""
    wanted = request.form.get("back", "")
    prefix = url_for("matchmaking.day", code=code)
    return wanted if wanted == prefix or wanted.startswith(f"{prefix}/") else prefix


def refused(form: SeenForm, error: Conflict | Invalid, code: str) -> MatchmakingDay:
    """Say above a form why it was refused; it then shows the day as it is now, with what was typed."""
    db.session.rollback()
    day = asked_day(code)
    if error.code == "day-changed":
        form.refuse_whole(
            gettext("Somebody else changed this day meanwhile. What you typed is below; send it again to keep it.")
        )
    else:
        form.refuse_whole(day_rule(error))
    form.show_version(day.version)
    return day
