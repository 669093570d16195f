"""Timetables of those for whom somebody acts, the public list of days, and who has no meeting and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.errors import NotFound
from webapp.models import DayMeeting, DayParticipant, DayState, DbSession, MatchmakingDay, Partner, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.day_planning import most_of, scores_of
from webapp.services.day_publishing import meetings_by_participant
from webapp.services.matchmaking_days import whole

SHOWN = (DayState.PUBLISHED, DayState.HELD, DayState.CANCELLED)
"""States in which participants see a day."""


@dataclass(frozen=True)
class Timetable:
    """What a participant reads."""

    participant: DayParticipant
    meetings: Sequence[DayMeeting]

    def other(self, meeting: DayMeeting) -> DayParticipant:
        """Whom it meets."""
        is_startup = meeting.startup_participant_id == self.participant.id
        return meeting.partner_participant if is_startup else meeting.startup_participant


@dataclass(frozen=True)
class Announced:
    """A day as the public reads of it."""

    day: MatchmakingDay
    startups: int
    partners: int


def own_days(session: DbSession, actor: Actor) -> list[MatchmakingDay]:
    """The published days to which an organisation comes that the actor acts for, the latest first."""
    require(actor, Permission.USE_ACCOUNT)
    statement = sa.select(MatchmakingDay).options(joinedload(MatchmakingDay.site))
    mine = statement.where(MatchmakingDay.state.in_(SHOWN), MatchmakingDay.participants.any(_mine(actor)))
    return list(session.scalars(mine.order_by(MatchmakingDay.on.desc(), MatchmakingDay.id.desc())))


def own_timetables(session: DbSession, actor: Actor, code: str) -> tuple[MatchmakingDay, list[Timetable]]:
    """A day and the timetables of the organisations that the actor acts for.

    Raises:
        NotAllowed: nobody is signed in.
        NotFound: ``day``: there is none, or none that is theirs.
    """
    require(actor, Permission.USE_ACCOUNT)
    statement = whole(sa.select(MatchmakingDay).where(MatchmakingDay.code == code, MatchmakingDay.state.in_(SHOWN)))
    day = session.scalar(statement)
    mine = [each for each in timetables_of(day) if actor.role_in(each.participant.organisation)] if day else []
    if day is None or not mine:
        raise NotFound("day", code=code)
    return day, mine


def timetables_of(day: MatchmakingDay) -> list[Timetable]:
    """The timetables of all participants, startups first, by name."""
    meetings = meetings_by_participant(day)
    order = sorted(
        day.participants, key=lambda each: (each.partner_id is not None, each.organisation.sort_name, each.id)
    )
    return [Timetable(each, meetings.get(each.id, [])) for each in order]


def coming_days(session: DbSession, today: date) -> list[Announced]:
    """The published days that are not over, the next first."""
    counts = [
        sa.select(sa.func.count(column)).where(DayParticipant.day_id == MatchmakingDay.id).scalar_subquery()
        for column in (DayParticipant.startup_id, DayParticipant.partner_id)
    ]
    statement = sa.select(MatchmakingDay, *counts).options(joinedload(MatchmakingDay.site))
    coming = statement.where(MatchmakingDay.state == DayState.PUBLISHED, MatchmakingDay.on >= today)
    rows = session.execute(coming.order_by(MatchmakingDay.on, MatchmakingDay.id))
    return [Announced(day, startups or 0, partners or 0) for day, startups, partners in rows]


def left_out(session: DbSession, day: MatchmakingDay) -> dict[int, str]:
    """Participants without a meeting -> why: ``not-planned``, ``not-published``, ``away``, ``no-wish``, ``no-match``,
    ``full`` (whoever it matches has as many as they may) or ``no-slot``."""
    meetings = meetings_by_participant(day)
    without = [each for each in day.participants if each.id not in meetings]
    if not without:
        return {}
    if day.planned_at is None:
        return {each.id: "not-planned" for each in without}
    scores = scores_of(session, day)
    apart = {(each.startup_participant_id, each.partner_participant_id) for each in day.exclusions}
    matched: dict[int, list[int]] = {}
    for one, other in scores.keys() - apart:
        matched.setdefault(one, []).append(other)
        matched.setdefault(other, []).append(one)
    return {each.id: _why(day, each, matched.get(each.id, []), meetings) for each in without}


def _why(
    day: MatchmakingDay,
    participant: DayParticipant,
    matched: Sequence[int],
    meetings: Mapping[int, Sequence[DayMeeting]],
) -> str:
    if not participant.organisation.is_published:
        return "not-published"
    if len(set(participant.away)) >= len(day.begins):
        return "away"
    if most_of(day, participant) == 0:
        return "no-wish"
    if not matched:
        return "no-match"
    others = {each.id: each for each in day.participants}
    full = all(len(meetings.get(one, ())) >= most_of(day, others[one]) for one in matched)
    return "full" if full else "no-slot"


def _mine(actor: Actor) -> sa.ColumnElement[bool]:
    ids = {noun: [row_id for of, row_id in actor.memberships if of == noun] for noun in (Startup.noun, Partner.noun)}
    return sa.or_(DayParticipant.startup_id.in_(ids[Startup.noun]), DayParticipant.partner_id.in_(ids[Partner.noun]))
