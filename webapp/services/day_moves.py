"""What staff do to single meetings of a day: lock, move, add and take away; what is in the way is said by its code."""

from __future__ import annotations

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DayMeeting, DayParticipant, DbSession, Match, MatchmakingDay, utc_now
from webapp.permissions import Actor
from webapp.services.day_participants import pair_of
from webapp.services.day_planning import most_of, new_meeting, seat_of
from webapp.services.day_tables import assign_tables
from webapp.services.matchmaking_days import open_day


def lock_meeting(
    session: DbSession, actor: Actor, day: MatchmakingDay, meeting_id: int, *, locked: bool, version: int | None = None
) -> None:
    """Have planning leave a meeting where it is, or no longer.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day-meeting``.
        Conflict: ``day-changed`` or ``day-state``.
    """
    day = open_day(session, actor, day, version)
    find_meeting(day, meeting_id).is_locked = locked
    session.flush()


def move_meeting(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    meeting_id: int,
    *,
    slot: int,
    partner_participant_id: int | None = None,
    version: int | None = None,
) -> DayMeeting:
    """Give a meeting another slot, or its startup another partner; it is then locked.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day-meeting`` or ``participant``.
        Conflict: ``day-changed``, ``day-state``, or what ``check_room`` finds in the way.
    """
    day = open_day(session, actor, day, version)
    meeting = find_meeting(day, meeting_id)
    wanted = partner_participant_id or meeting.partner_participant_id
    one, other = pair_of(day, meeting.startup_participant_id, wanted)
    check_room(day, one, other, slot, besides=meeting)
    if wanted == meeting.partner_participant_id:
        meeting.sequence += meeting.slot != slot
        meeting.slot, meeting.is_locked = slot, True
    else:
        day.meetings.remove(meeting)
        session.flush()
        meeting = new_meeting(one, other, slot, _score(session, one, other), locked=True)
        day.meetings.append(meeting)
    return _settled(session, day, meeting)


def add_meeting(
    session: DbSession,
    actor: Actor,
    day: MatchmakingDay,
    startup_participant_id: int,
    partner_participant_id: int,
    *,
    slot: int,
    version: int | None = None,
) -> DayMeeting:
    """Have two meet whether they match or not; the meeting is locked.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``participant``.
        Conflict: ``day-changed``, ``day-state``, or what ``check_room`` finds in the way.
    """
    day = open_day(session, actor, day, version)
    one, other = pair_of(day, startup_participant_id, partner_participant_id)
    check_room(day, one, other, slot)
    meeting = new_meeting(one, other, slot, _score(session, one, other), locked=True)
    day.meetings.append(meeting)
    return _settled(session, day, meeting)


def remove_meeting(
    session: DbSession, actor: Actor, day: MatchmakingDay, meeting_id: int, *, version: int | None = None
) -> None:
    """Take a meeting off the day.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day-meeting``.
        Conflict: ``day-changed`` or ``day-state``.
    """
    day = open_day(session, actor, day, version)
    day.meetings.remove(find_meeting(day, meeting_id))
    day.planned_at = utc_now()
    session.flush()


def check_room(
    day: MatchmakingDay, one: DayParticipant, other: DayParticipant, slot: int, *, besides: DayMeeting | None = None
) -> None:
    """Stop a meeting that something stands in the way of; ``besides`` is where it comes from.

    Raises:
        Invalid: ``day-slot``: there is none such.
        Conflict: ``day-pair``: they meet already; ``day-excluded``; ``day-away``, ``day-busy`` or ``day-enough``
            (``who``: the organisation that is not there, has another meeting then, or as many as it wants);
            ``day-full``: all tables are taken.
    """
    if not 0 <= slot < len(day.begins):
        raise Invalid("day-slot")
    others = [each for each in day.meetings if each is not besides]
    ids = one.id, other.id
    if ids in {(each.startup_participant_id, each.partner_participant_id) for each in others}:
        raise Conflict("day-pair")
    if ids in {(each.startup_participant_id, each.partner_participant_id) for each in day.exclusions}:
        raise Conflict("day-excluded")
    if one.person_id is not None and one.person_id == other.person_id:
        raise Conflict("day-same-person")
    then = [each for each in others if each.slot == slot]
    busy = {seat_of(side) for each in then for side in (each.startup_participant, each.partner_participant)}
    for side in (one, other):
        if slot in side.away:
            raise Conflict("day-away", who=side.organisation)
        if seat_of(side) in busy:
            raise Conflict("day-busy", who=side.organisation)
        if sum(side.id in (each.startup_participant_id, each.partner_participant_id) for each in others) >= most_of(
            day, side
        ):
            raise Conflict("day-enough", who=side.organisation)
    if day.tables is not None and len(then) >= day.tables:
        raise Conflict("day-full")


def find_meeting(day: MatchmakingDay, meeting_id: int) -> DayMeeting:
    """A meeting of a day.

    Raises:
        NotFound: ``day-meeting``: it has none with this number.
    """
    found = next((each for each in day.meetings if each.id == meeting_id), None)
    if found is None:
        raise NotFound("day-meeting", id=meeting_id)
    return found


def _score(session: DbSession, one: DayParticipant, other: DayParticipant) -> float:
    match = session.get(Match, (one.startup_id, other.partner_id))
    return match.score if match else 0.0


def _settled(session: DbSession, day: MatchmakingDay, meeting: DayMeeting) -> DayMeeting:
    session.flush()
    assign_tables(day)
    day.planned_at = utc_now()
    session.flush()
    return meeting
