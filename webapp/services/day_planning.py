"""Planning a matchmaking day: matches become meetings in slots, around what staff locked.

The sums are done in ``webapp.timetabling``, which is loaded only here and only when somebody plans (ADR 15). Only pairs
that are matched meet; staff may add any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from webapp.errors import Conflict
from webapp.models import (
    DayMeeting,
    DayParticipant,
    DbSession,
    Match,
    MatchChoice,
    MatchmakingDay,
    utc_now,
)
from webapp.permissions import Actor
from webapp.services.day_tables import assign_tables
from webapp.services.matchmaking_days import open_day

if TYPE_CHECKING:
    from webapp.timetabling import Plan, Problem

Pair = tuple[int, int]
"""Ids of a startup's and of a partner's participant."""


@dataclass(frozen=True)
class Planned:
    """What planning did."""

    meetings: int
    dropped: Sequence[tuple[DayParticipant, DayParticipant]]
    """Pairs that were chosen but found no slot in which both are free."""
    score: float
    bound: float
    """No plan with as many participants in it has a higher score."""


def scores_of(session: DbSession, day: MatchmakingDay) -> dict[Pair, float]:
    """The matched pairs among who comes, published now, without those that one side set aside (two queries)."""
    startups = {each.startup_id: each for each in day.participants if each.startup and each.startup.is_published}
    partners = {each.partner_id: each for each in day.participants if each.partner and each.partner.is_published}
    matched = sa.select(Match.startup_id, Match.partner_id, Match.score)
    matched = matched.where(Match.startup_id.in_(startups), Match.partner_id.in_(partners))
    lasting = sa.or_(MatchChoice.until.is_(None), MatchChoice.until > day.on)
    unwanted = sa.select(MatchChoice.startup_id, MatchChoice.partner_id).where(lasting)
    aside = {(one, other) for one, other in session.execute(unwanted.where(MatchChoice.startup_id.in_(startups)))}
    return {
        (startups[one].id, partners[other].id): score
        for one, other, score in session.execute(matched)
        if (one, other) not in aside
    }


def plan_day(session: DbSession, actor: Actor, day: MatchmakingDay, *, version: int | None = None) -> Planned:
    """Plan a day from its matches; locked meetings stay, all others are planned anew.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state``, or ``day-locks``: locked meetings stand in one another's way.
    """
    from webapp.timetabling import plan

    day = open_day(session, actor, day, version)
    scores = scores_of(session, day)
    sides = (
        [each for each in day.participants if each.startup_id],
        [each for each in day.participants if each.partner_id],
    )
    try:
        made = plan(_problem(day, sides, scores))
    except ValueError as error:
        raise Conflict("day-locks") from error
    wanted = {(sides[0][each.startup].id, sides[1][each.partner].id): each for each in made.meetings}
    _write(session, day, {pair: (each.slot, each.score) for pair, each in wanted.items()})
    day.planned_at = utc_now()
    session.flush()
    return _report(made, sides)


def most_of(day: MatchmakingDay, participant: DayParticipant) -> int:
    """How many meetings a participant may have."""
    usual = day.startup_meetings if participant.startup_id else day.partner_meetings
    return usual if participant.meetings is None else participant.meetings


def seat_of(participant: DayParticipant) -> tuple[str, int]:
    """Who can be in one place only: a person, or, where nobody is named, the participant."""
    return ("participant", participant.id) if participant.person_id is None else ("person", participant.person_id)


def new_meeting(
    one: DayParticipant, other: DayParticipant, slot: int, score: float, *, locked: bool = False
) -> DayMeeting:
    """A meeting that is not in the database yet."""
    uid = f"{secrets.token_hex(16)}@multaqa"
    meeting = DayMeeting(slot=slot, score=score, is_locked=locked, uid=uid, sequence=0)
    meeting.startup_participant, meeting.partner_participant = one, other
    return meeting


def _problem(
    day: MatchmakingDay, sides: tuple[list[DayParticipant], list[DayParticipant]], scores: Mapping[Pair, float]
) -> Problem:
    from webapp.timetabling import Attendee, Lock, Problem

    places = [{each.id: number for number, each in enumerate(side)} for side in sides]

    def attendee(each: DayParticipant) -> Attendee:
        return Attendee(most_of(day, each), frozenset(each.away) & set(range(len(day.begins))), each.person_id)

    return Problem(
        slots=len(day.begins),
        startups=[attendee(each) for each in sides[0]],
        partners=[attendee(each) for each in sides[1]],
        scores={(places[0][one], places[1][other]): score for (one, other), score in scores.items()},
        tables=day.tables,
        exclusions=frozenset(
            (places[0][each.startup_participant_id], places[1][each.partner_participant_id]) for each in day.exclusions
        ),
        locks=tuple(
            Lock(places[0][each.startup_participant_id], places[1][each.partner_participant_id], each.slot, each.score)
            for each in day.meetings
            if each.is_locked
        ),
    )


def _write(session: DbSession, day: MatchmakingDay, wanted: Mapping[Pair, tuple[int, float]]) -> None:
    """Bring the rows in step with a plan; a pair that meets again keeps its calendar event."""
    known = {(each.startup_participant_id, each.partner_participant_id): each for each in day.meetings}
    for pair, meeting in known.items():
        if pair not in wanted:
            day.meetings.remove(meeting)
        elif not meeting.is_locked:
            slot, meeting.score = wanted[pair]
            meeting.sequence += meeting.slot != slot
            meeting.slot = slot
    participants = {each.id: each for each in day.participants}
    for (one, other), (slot, score) in wanted.items():
        if (one, other) not in known:
            day.meetings.append(new_meeting(participants[one], participants[other], slot, score))
    session.flush()
    assign_tables(day)


def _report(made: Plan, sides: tuple[list[DayParticipant], list[DayParticipant]]) -> Planned:
    dropped = [(sides[0][one], sides[1][other]) for one, other in made.dropped]
    return Planned(len(made.meetings), dropped, made.score, made.bound)
