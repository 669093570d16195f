"""A matchmaking day as files: who comes, and who meets whom and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response

from webapp.blueprints.matchmaking.page import asked_day
from webapp.blueprints.matchmaking.routes import asked_side, rows_of
from webapp.extensions import db
from webapp.models import DayParticipant, MatchmakingDay, Partner, Startup
from webapp.permissions import Permission
from webapp.services.day_planning import most_of
from webapp.services.day_publishing import meetings_by_participant
from webapp.services.day_timetables import left_out, timetables_of
from webapp.services.matchmaking_days import slot_end
from webapp.web.access import allow
from webapp.web.downloads import download
from webapp.web.formats import name_of

PARTICIPANTS = ("noun", "slug", "name", "kind", "meetings", "most", "without_meeting", "person", "away")
MEETINGS = (
    *("day", "begins", "ends", "table", "startup", "startup_name", "partner", "partner_name"),
    *("locked", "result"),
)


@allow(Permission.STAFF)
def participants_file(code: str, form: str) -> Response:
    """Who comes to a day, startups first."""
    day = asked_day(code)
    return download(f"{day.code}-participants", PARTICIPANTS, participant_rows(day), form)


@allow(Permission.STAFF)
def grid_file(code: str, form: str) -> Response:
    """The timetable of a day: a row a meeting, in the order of the side whose rows the page shows."""
    day = asked_day(code)
    return download(f"{day.code}-timetable", MEETINGS, meeting_rows(day, rows_of(day, asked_side())), form)


def participant_rows(day: MatchmakingDay) -> Iterator[Mapping[str, Any]]:
    """A row each; why somebody has no meeting is said once the day is planned."""
    reasons = left_out(db.session, day) if day.planned_at else {}
    for each in timetables_of(day):
        participant, organisation = each.participant, each.participant.organisation
        yield {
            "noun": organisation.noun,
            "slug": organisation.slug,
            "name": name_of(organisation),
            "kind": str(organisation.kind) if isinstance(organisation, Partner) else Startup.noun,
            "meetings": len(each.meetings),
            "most": most_of(day, participant),
            "without_meeting": reasons.get(participant.id),
            "person": participant.person.name if participant.person else None,
            "away": [day.begins[slot] for slot in participant.away if slot < len(day.begins)],
        }


def meeting_rows(day: MatchmakingDay, participants: Sequence[DayParticipant]) -> Iterator[Mapping[str, Any]]:
    """The meetings of one side of a day, so that each comes once; of each participant in their order."""
    meetings = meetings_by_participant(day)
    for participant in participants:
        for each in meetings.get(participant.id, ()):
            startup, partner = each.startup_participant.organisation, each.partner_participant.organisation
            yield {
                "day": day.on.isoformat(),
                "begins": day.begins[each.slot],
                "ends": slot_end(day, each.slot),
                "table": each.table,
                "startup": startup.slug,
                "startup_name": name_of(startup),
                "partner": partner.slug,
                "partner_name": name_of(partner),
                "locked": each.is_locked,
                "result": str(each.result) if each.result else None,
            }
