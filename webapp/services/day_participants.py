"""Who comes to a matchmaking day: choosing them by what they are, what each can do, and pairs to keep apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import (
    DayExclusion,
    DayParticipant,
    DbSession,
    Match,
    MatchmakingDay,
    Membership,
    MembershipRole,
    Partner,
    PartnerSite,
    Person,
    Residency,
    Startup,
    StartupSite,
)
from webapp.permissions import Actor
from webapp.services.actors import members_of
from webapp.services.matchmaking_days import MOST_SLOTS, open_day

Organisation = Startup | Partner


@dataclass(frozen=True)
class Wanted:
    """Which organisations to look for."""

    noun: str = Startup.noun
    kind: str = ""
    """Of partners."""
    site: str = ""
    """Code: residents of a site; partners that are active there."""
    matched: bool = False
    """Only those with a match among who comes already."""


def candidates(session: DbSession, day: MatchmakingDay, wanted: Wanted) -> Sequence[Organisation]:
    """The published organisations that could be added, by name."""
    statement: Any = _startups(wanted) if wanted.noun == Startup.noun else _partners(wanted)
    model: Any = Startup if wanted.noun == Startup.noun else Partner
    mine, others = _columns(model)
    here = sa.select(mine).where(DayParticipant.day_id == day.id, mine.is_not(None))
    statement = statement.where(model.id.not_in(here))
    if wanted.matched:
        there = sa.select(others).where(DayParticipant.day_id == day.id, others.is_not(None))
        matched = (Match.startup_id, Match.partner_id) if model is Startup else (Match.partner_id, Match.startup_id)
        statement = statement.where(model.id.in_(sa.select(matched[0]).where(matched[1].in_(there))))
    return list(session.scalars(statement.order_by(model.sort_name, model.id)))


def add_participants(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    organisations: Iterable[Organisation],
    *,
    version: int | None = None,
) -> int:
    """Have organisations come; gives how many did not already. Their first owner comes for them unless changed.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed`` or ``day-state``.
    """
    day = open_day(session, actor, day, version)
    known = {(each.organisation.noun, each.organisation.id) for each in day.participants}
    new = {(each.noun, each.id): each for each in organisations if (each.noun, each.id) not in known}
    people = _first_owners(session, new)
    for key in new:
        columns = {f"{key[0]}_id": key[1]}
        day.participants.append(DayParticipant(away=[], person_id=people.get(key), told="", **columns))
    session.flush()
    return len(new)


def change_participant(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    participant_id: int,
    *,
    meetings: int | None,
    away: Collection[int],
    person_id: int | None,
    version: int | None = None,
) -> None:
    """Say of a participant how many meetings it wants, when it is not there, and who comes for it.

    Meetings that stand against that stay until the day is planned anew or they are moved.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``participant``.
        Conflict: ``day-changed`` or ``day-state``.
        Invalid: ``day-meetings`` (``least``, ``most``), ``day-slot``, or ``day-person``: not one of its members.
    """
    day = open_day(session, actor, day, version)
    participant = find_participant(day, participant_id)
    if meetings is not None and not 0 <= meetings <= MOST_SLOTS:
        raise Invalid("day-meetings", least=0, most=MOST_SLOTS)
    if not set(away) <= set(range(len(day.begins))):
        raise Invalid("day-slot")
    people = [person.id for person in people_of(session, participant)]
    if person_id is not None and person_id not in people and person_id != participant.person_id:
        raise Invalid("day-person")
    participant.meetings, participant.away, participant.person_id = meetings, sorted(away), person_id
    session.flush()


def remove_participant(
    session: DbSession, actor: Actor, day: MatchmakingDay, participant_id: int, *, version: int | None = None
) -> int:
    """Have an organisation not come after all; gives how many of its meetings went with it.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``participant``.
        Conflict: ``day-changed`` or ``day-state``.
    """
    day = open_day(session, actor, day, version)
    participant = find_participant(day, participant_id)
    gone = [
        each for each in day.meetings if participant_id in (each.startup_participant_id, each.partner_participant_id)
    ]
    for meeting in gone:
        day.meetings.remove(meeting)
    for exclusion in list(day.exclusions):
        if participant_id in (exclusion.startup_participant_id, exclusion.partner_participant_id):
            day.exclusions.remove(exclusion)
    session.flush()
    day.participants.remove(participant)
    session.flush()
    return len(gone)


def exclude(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    startup_participant_id: int,
    partner_participant_id: int,
    *,
    version: int | None = None,
) -> None:
    """Keep a pair apart on this day. A meeting of theirs that is not locked goes.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``participant``.
        Conflict: ``day-changed``, ``day-state``, or ``day-locked``: their meeting is locked.
    """
    day = open_day(session, actor, day, version)
    one, other = pair_of(day, startup_participant_id, partner_participant_id)
    ids = one.id, other.id
    for meeting in list(day.meetings):
        if (meeting.startup_participant_id, meeting.partner_participant_id) == ids:
            if meeting.is_locked:
                raise Conflict("day-locked")
            day.meetings.remove(meeting)
    if ids not in {(each.startup_participant_id, each.partner_participant_id) for each in day.exclusions}:
        day.exclusions.append(DayExclusion(startup_participant_id=one.id, partner_participant_id=other.id))
    session.flush()


def allow_again(
    session: DbSession, actor: Actor, day: MatchmakingDay, exclusion_id: int, *, version: int | None = None
) -> None:
    """Let a pair meet after all; nothing happens if it was not kept apart.

    Raises:
        NotAllowed: the actor is not staff.
        Conflict: ``day-changed`` or ``day-state``.
    """
    day = open_day(session, actor, day, version)
    for exclusion in list(day.exclusions):
        if exclusion.id == exclusion_id:
            day.exclusions.remove(exclusion)
    session.flush()


def find_participant(day: MatchmakingDay, participant_id: int) -> DayParticipant:
    """A participant of a day.

    Raises:
        NotFound: ``participant``: it has none with this number.
    """
    found = next((each for each in day.participants if each.id == participant_id), None)
    if found is None:
        raise NotFound("participant", id=participant_id)
    return found


def pair_of(
    day: MatchmakingDay, startup_participant_id: int, partner_participant_id: int
) -> tuple[DayParticipant, DayParticipant]:
    """Two participants of a day, the startup first.

    Raises:
        NotFound: ``participant``: one is not there, or they are not a startup and a partner.
    """
    one, other = find_participant(day, startup_participant_id), find_participant(day, partner_participant_id)
    if one.startup_id is None or other.partner_id is None:
        raise NotFound("participant", id=startup_participant_id)
    return one, other


def people_of(session: DbSession, participant: DayParticipant) -> list[Person]:
    """Who could come for a participant: the members of its organisation."""
    return members_of(session, participant.organisation)


def _startups(wanted: Wanted) -> sa.Select[Startup]:
    statement = Startup.published()
    if wanted.site:
        resident = statement.where(Startup.residency == Residency.RESIDENT)
        return resident.where(Startup.site_links.any(StartupSite.site.has(code=wanted.site)))
    return statement


def _partners(wanted: Wanted) -> sa.Select[Partner]:
    statement = Partner.published()
    if wanted.kind:
        statement = statement.where(Partner.kind == wanted.kind)
    if wanted.site:
        statement = statement.where(Partner.site_links.any(PartnerSite.site.has(code=wanted.site)))
    return statement


def _columns(model: type[Organisation]) -> tuple[Any, Any]:
    """The column of a participant for a model, and for the other one."""
    columns: tuple[Any, Any] = DayParticipant.startup_id, DayParticipant.partner_id
    return columns if model is Startup else columns[::-1]


def _first_owners(session: DbSession, new: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Organisation -> who has owned its profile longest (one query)."""
    ids = {noun: [row_id for of, row_id in new if of == noun] for noun in (Startup.noun, Partner.noun)}
    theirs = sa.or_(Membership.startup_id.in_(ids[Startup.noun]), Membership.partner_id.in_(ids[Partner.noun]))
    owners = sa.select(Membership).where(theirs, Membership.role == MembershipRole.OWNER)
    found: dict[tuple[str, int], int] = {}
    for each in session.scalars(owners.order_by(Membership.id)):
        key = (Startup.noun, each.startup_id) if each.startup_id else (Partner.noun, each.partner_id or 0)
        found.setdefault(key, each.person_id)
    return found
