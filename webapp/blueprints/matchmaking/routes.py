"""The views of matchmaking days that only read."""

from __future__ import annotations

from flask import render_template, request

from webapp.blueprints.matchmaking.page import asked_day, overview, sides
from webapp.extensions import db
from webapp.models import DayParticipant, MatchmakingDay
from webapp.permissions import Permission
from webapp.services.day_publishing import meetings_by_participant
from webapp.services.day_timetables import timetables_of
from webapp.services.matchmaking_days import list_days
from webapp.web.access import allow, current_actor
from webapp.web.links import keep_parameters

SIDES = ("partners", "startups")


@allow(Permission.STAFF)
def days() -> str:
    """All days, the latest first."""
    return render_template("matchmaking/days.html", rows=list_days(db.session, current_actor()))


@allow(Permission.STAFF)
def day(code: str) -> str:
    """One day: who comes, and how it stands."""
    return overview(asked_day(code))


@allow(Permission.STAFF)
def grid(code: str) -> str:
    """The timetable: a row a participant, a column a slot."""
    found = asked_day(code)
    side = asked_side()
    keep_parameters({"side": side} if side != SIDES[0] else {})
    at = {
        (participant, meeting.slot): meeting
        for participant, meetings in meetings_by_participant(found).items()
        for meeting in meetings
    }
    return render_template(
        "matchmaking/grid.html",
        event=found,
        side=side,
        rows=rows_of(found, side),
        at=at,
        counts=[sum(each.slot == slot for each in found.meetings) for slot in range(len(found.begins))],
    )


def asked_side() -> str:
    """The side whose rows the timetable shows."""
    return wanted if (wanted := request.args.get("side", "")) in SIDES else SIDES[0]


def rows_of(day: MatchmakingDay, side: str) -> list[DayParticipant]:
    """Who comes on a side, by name."""
    startups, partners = sides(day)
    return startups if side == "startups" else partners


@allow(Permission.STAFF)
def print_all(code: str) -> str:
    """The timetables of all participants, each on a sheet of its own."""
    found = asked_day(code)
    return render_template("matchmaking/print.html", event=found, timetables=timetables_of(found))
