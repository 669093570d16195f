"""Own timetables of a matchmaking day as rows of a file: what their page says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webapp.models import DayState, MatchmakingDay, Partner, Startup
from webapp.services.day_results import feedback_of
from webapp.services.day_timetables import Timetable
from webapp.services.matchmaking_days import slot_end
from webapp.web.formats import name_of

COLUMNS = ("own", "own_name", "day", "begins", "ends", "other", "other_name", "kind", "table", "own_rating")


def timetable_rows(day: MatchmakingDay, timetables: Sequence[Timetable]) -> Iterator[Mapping[str, Any]]:
    """A row a meeting; none of a day that was called off, for a file cannot say beside them that they are."""
    for timetable in timetables if day.state != DayState.CANCELLED else ():
        own = timetable.participant.organisation
        for meeting in timetable.meetings:
            other = timetable.other(meeting).organisation
            said = feedback_of(meeting, own.noun)
            yield {
                "own": own.slug,
                "own_name": name_of(own),
                "day": day.on.isoformat(),
                "begins": day.begins[meeting.slot],
                "ends": slot_end(day, meeting.slot),
                "other": other.slug,
                "other_name": name_of(other),
                "kind": str(other.kind) if isinstance(other, Partner) else Startup.noun,
                "table": meeting.table,
                "own_rating": said.rating if said else None,
            }
