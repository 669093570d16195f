"""Matchmaking days as rows: reading them, creating and changing them, and the one door through which they change.

Everything that changes a day, its participants or its meetings goes through ``open_day``, which lets one at a time in
and compares the version that was seen; how matches become meetings is in ``webapp.services.day_planning``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import (
    DayMeeting,
    DayParticipant,
    DayState,
    DbSession,
    Localized,
    MatchmakingDay,
    Network,
    Site,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.network import zone_of
from webapp.services.write_lock import lock_rows

MOST_SLOTS, MOST_TABLES = 24, 500
LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES = 5, 120, 20
NAME_LENGTH, PLACE_LENGTH = 120, 200
USUAL_BEGINS = ("09:30", "10:00", "10:30", "11:00", "14:00", "14:30", "15:00", "15:30")

CHANGING = (DayState.DRAFT, DayState.PUBLISHED)
"""States in which a day can still be planned."""


@dataclass(frozen=True)
class DayDraft:
    """What staff say of a day."""

    names: Localized
    site: Site
    on: date
    begins: Sequence[str]
    """The beginnings of the slots, HH:MM."""
    minutes: int = USUAL_MINUTES
    tables: int | None = None
    startup_meetings: int = 4
    partner_meetings: int = 8
    place: str = ""


def whole(statement: sa.Select[MatchmakingDay]) -> sa.Select[MatchmakingDay]:
    """Load days with all their people and meetings, in a fixed number of queries."""
    participants = selectinload(MatchmakingDay.participants)
    return statement.options(
        joinedload(MatchmakingDay.site),
        participants.selectinload(DayParticipant.startup),
        participants.selectinload(DayParticipant.partner),
        participants.selectinload(DayParticipant.person),
        selectinload(MatchmakingDay.meetings).selectinload(DayMeeting.feedback),
        selectinload(MatchmakingDay.exclusions),
    )


def get_day(session: DbSession, actor: Actor, code: str) -> MatchmakingDay:
    """A day with everything in it, for staff.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day``: there is none.
    """
    require(actor, Permission.STAFF)
    day = session.scalar(whole(sa.select(MatchmakingDay).where(MatchmakingDay.code == code)))
    if day is None:
        raise NotFound("day", code=code)
    return day


def list_days(session: DbSession, actor: Actor) -> list[tuple[MatchmakingDay, int, int]]:
    """All days, the latest first, each with the number of its participants and of its meetings.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    participants = sa.select(sa.func.count(DayParticipant.id)).where(DayParticipant.day_id == MatchmakingDay.id)
    meetings = sa.select(sa.func.count(DayMeeting.id)).where(DayMeeting.day_id == MatchmakingDay.id)
    statement = sa.select(MatchmakingDay, participants.scalar_subquery(), meetings.scalar_subquery())
    statement = statement.options(joinedload(MatchmakingDay.site))
    rows = session.execute(statement.order_by(MatchmakingDay.on.desc(), MatchmakingDay.id.desc()))
    return [(day, people or 0, planned or 0) for day, people, planned in rows]


def create_day(session: DbSession, actor: Actor, draft: DayDraft) -> MatchmakingDay:
    """Begin a day; nobody but staff sees it before it is published.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: see ``checked``.
    """
    require(actor, Permission.STAFF)
    columns = checked(draft)
    day = MatchmakingDay(code=_code(session, draft), state=DayState.DRAFT, **columns)
    session.add(day)
    session.flush()
    return day


def change_day(
    session: DbSession, actor: Actor, day: MatchmakingDay, draft: DayDraft, *, version: int | None = None
) -> MatchmakingDay:
    """Change what staff say of a day. Its address stays as it was.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state``, or ``day-slots-used``: meetings stand in slots that would vanish.
        Invalid: see ``checked``.
    """
    day = open_day(session, actor, day, version, CHANGING)
    columns = checked(draft)
    if any(meeting.slot >= len(draft.begins) for meeting in day.meetings):
        raise Conflict("day-slots-used")
    # What stands in people's calendars is another event from now on.
    if (day.on, day.begins, day.minutes, day.place) != tuple(
        columns[name] for name in ("on", "begins", "minutes", "place")
    ):
        for meeting in day.meetings:
            meeting.sequence += 1
    for name, value in columns.items():
        setattr(day, name, value)
    session.flush()
    return day


def discard_day(session: DbSession, actor: Actor, day: MatchmakingDay, *, version: int | None = None) -> None:
    """Delete a day that was never published.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed`` or ``day-state``.
    """
    session.delete(open_day(session, actor, day, version, (DayState.DRAFT,)))
    session.flush()


def open_day(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    version: int | None = None,
    states: Sequence[DayState] = CHANGING,
) -> MatchmakingDay:
    """Read a day anew with nobody else at it, to change something in it; its version grows.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day``: it was deleted meanwhile.
        Conflict: ``day-changed``: it is not what the actor saw; ``day-state`` (``state``): not in such a state.
    """
    require(actor, Permission.STAFF)
    session.flush()
    lock_rows(session, MatchmakingDay, day.id)
    statement = whole(sa.select(MatchmakingDay).where(MatchmakingDay.id == day.id))
    found = session.scalar(statement.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("day", code=day.code)
    if version is not None and found.version != version:
        raise Conflict("day-changed")
    if found.state not in states:
        raise Conflict("day-state", state=str(found.state))
    flag_modified(found, "state")
    return found


def checked(draft: DayDraft) -> dict[str, object]:
    """The columns of a draft that may be kept.

    Raises:
        Invalid: ``day-name``, ``day-begins``: not 1 to ``most`` times of day; ``day-overlap``: a meeting would begin
            before the one before it ends; ``day-minutes``, ``day-tables``, ``day-meetings`` (``least``, ``most``).
    """
    names = {code: name for code, text in draft.names.items() if (name := " ".join(text.split())[:NAME_LENGTH])}
    if not names:
        raise Invalid("day-name")
    begins = _checked_begins(draft)
    _within("day-tables", draft.tables or 1, 1, MOST_TABLES)
    for meetings in (draft.startup_meetings, draft.partner_meetings):
        _within("day-meetings", meetings, 1, MOST_SLOTS)
    return {
        "names": names,
        "site_id": draft.site.id,
        "on": draft.on,
        "begins": begins,
        "minutes": draft.minutes,
        "tables": draft.tables,
        "startup_meetings": draft.startup_meetings,
        "partner_meetings": draft.partner_meetings,
        "place": " ".join(draft.place.split())[:PLACE_LENGTH],
    }


def slot_begin(day: MatchmakingDay, slot: int, network: Network | None) -> datetime:
    """The moment at which a slot begins."""
    return datetime.combine(day.on, time.fromisoformat(day.begins[slot]), ZoneInfo(zone_of(network).key))


def slot_end(day: MatchmakingDay, slot: int) -> str:
    """The time of day at which a slot ends, HH:MM."""
    begin = datetime.combine(day.on, time.fromisoformat(day.begins[slot]))
    return f"{begin + timedelta(minutes=day.minutes):%H:%M}"


def _checked_begins(draft: DayDraft) -> list[str]:
    try:
        times = sorted({time.fromisoformat(text.strip()) for text in draft.begins})
    except ValueError:
        raise Invalid("day-begins", most=MOST_SLOTS) from None
    if not 1 <= len(times) <= MOST_SLOTS:
        raise Invalid("day-begins", most=MOST_SLOTS)
    _within("day-minutes", draft.minutes, LEAST_MINUTES, MOST_MINUTES)
    minutes = [each.hour * 60 + each.minute for each in times]
    if any(later - earlier < draft.minutes for earlier, later in pairwise(minutes)):
        raise Invalid("day-overlap")
    if minutes[-1] + draft.minutes > 24 * 60:
        raise Invalid("day-overlap")
    return [f"{each:%H:%M}" for each in times]


def _within(code: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Invalid(code, least=least, most=most)


def _code(session: DbSession, draft: DayDraft) -> str:
    """A day's address: its date and site, with a number if there is one already."""
    wanted = f"{draft.on.isoformat()}-{draft.site.code}"
    taken = set(session.scalars(sa.select(MatchmakingDay.code).where(MatchmakingDay.code.startswith(wanted))))
    numbers = range(2, len(taken) + 3)
    return wanted if wanted not in taken else next(f"{wanted}-{n}" for n in numbers if f"{wanted}-{n}" not in taken)
