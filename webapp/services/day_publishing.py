"""Telling people of a matchmaking day: publishing it, sending timetables that changed, cancelling it, closing it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from webapp.errors import Conflict
from webapp.models import (
    DayMeeting,
    DayParticipant,
    DayState,
    DbSession,
    MatchmakingDay,
    Membership,
    Person,
    utc_now,
)
from webapp.permissions import Actor
from webapp.services.mail import cancel_mails, order_mail
from webapp.services.matchmaking_days import open_day

TIMETABLE, CANCELLED = "day-timetable", "day-cancelled"


def publish_day(
    session: DbSession, actor: Actor, day: MatchmakingDay, *, today: date, version: int | None = None
) -> int:
    """Show a day to its participants and send them their timetables; gives how many mails were ordered.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state``, ``day-past``, or ``day-empty``: nothing is planned yet.
    """
    day = open_day(session, actor, day, version, (DayState.DRAFT,))
    if day.on < today:
        raise Conflict("day-past")
    if not day.meetings:
        raise Conflict("day-empty")
    day.state, day.published_at = DayState.PUBLISHED, utc_now()
    return _tell(session, day)


def send_changes(
    session: DbSession, actor: Actor, day: MatchmakingDay, *, today: date, version: int | None = None
) -> int:
    """Send those their timetable whose own has changed since; gives how many mails were ordered.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state`` or ``day-past``.
    """
    day = open_day(session, actor, day, version, (DayState.PUBLISHED,))
    if day.on < today:
        raise Conflict("day-past")
    return _tell(session, day)


def cancel_day(
    session: DbSession, actor: Actor, day: MatchmakingDay, *, today: date, version: int | None = None
) -> int:
    """Call a day off; who had a timetable is told. Gives how many mails were ordered.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state`` or ``day-past``.
    """
    day = open_day(session, actor, day, version)
    if day.on < today:
        raise Conflict("day-past")
    told = [each for each in day.participants if each.told]
    day.state = DayState.CANCELLED
    for meeting in day.meetings:
        meeting.sequence += 1
    cancel_mails(session, TIMETABLE, day_id=day.id)
    return _order(session, CANCELLED, day, told)


def close_day(
    session: DbSession, actor: Actor, day: MatchmakingDay, *, today: date, version: int | None = None
) -> None:
    """Note that a day took place.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed``, ``day-state``, or ``day-to-come``.
    """
    day = open_day(session, actor, day, version, (DayState.PUBLISHED,))
    if day.on > today:
        raise Conflict("day-to-come")
    day.state = DayState.HELD
    session.flush()


def changed_since(day: MatchmakingDay) -> list[DayParticipant]:
    """The participants whose timetable is not the one that they were sent last."""
    meetings = meetings_by_participant(day)
    return [each for each in day.participants if each.told != _digest(day, meetings.get(each.id, []))]


def meetings_by_participant(day: MatchmakingDay) -> dict[int, list[DayMeeting]]:
    """Participant -> its meetings, in order; those without any are absent."""
    found: dict[int, list[DayMeeting]] = {}
    for meeting in sorted(day.meetings, key=lambda each: (each.slot, each.table or 0, each.id)):
        for participant in (meeting.startup_participant_id, meeting.partner_participant_id):
            found.setdefault(participant, []).append(meeting)
    return found


def mark_told(day: MatchmakingDay) -> None:
    """Note that everybody knows their timetable as it is now."""
    meetings = meetings_by_participant(day)
    for participant in day.participants:
        participant.told = _digest(day, meetings.get(participant.id, []))


def _tell(session: DbSession, day: MatchmakingDay) -> int:
    changed = changed_since(day)
    mark_told(day)
    session.flush()
    return _order(session, TIMETABLE, day, changed)


def _order(session: DbSession, kind: str, day: MatchmakingDay, participants: Iterable[DayParticipant]) -> int:
    """One mail to each person, whatever they come for."""
    theirs: dict[int, list[int]] = {}
    people: dict[int, Person] = {}
    for participant_id, person in _members(session, [each.id for each in participants]):
        theirs.setdefault(person.id, []).append(participant_id)
        people[person.id] = person
    ordered = 0
    for person_id, ids in theirs.items():
        ordered += order_mail(session, kind, people[person_id], {"day_id": day.id, "participants": ids}) is not None
    return ordered


def _members(session: DbSession, participants: list[int]) -> list[tuple[int, Person]]:
    """The participants with each of the members of their organisations (one query)."""
    same = sa.or_(
        Membership.startup_id == DayParticipant.startup_id, Membership.partner_id == DayParticipant.partner_id
    )
    statement = sa.select(DayParticipant.id, Person).join(Membership, same)
    statement = statement.join(Person, Person.id == Membership.person_id).where(DayParticipant.id.in_(participants))
    rows = session.execute(statement.order_by(DayParticipant.id, Membership.id))
    return [(participant_id, person) for participant_id, person in rows]


def _digest(day: MatchmakingDay, meetings: Iterable[DayMeeting]) -> str:
    """What a participant reads, as a fingerprint."""
    lines = [(each.slot, each.table, each.startup_participant_id, each.partner_participant_id) for each in meetings]
    told = [day.on.isoformat(), day.site_id, day.place, day.begins, day.minutes, lines]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
