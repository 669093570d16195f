"""What became of the meetings of a day: who was missing, as staff note it, and what each side says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import (
    DayFeedback,
    DayMeeting,
    DayState,
    DbSession,
    MatchmakingDay,
    MeetingResult,
    Side,
    utc_now,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.day_moves import find_meeting
from webapp.services.matchmaking_days import slot_begin
from webapp.services.network import get_network

RATINGS = range(1, 6)
COMMENT_LENGTH = 1000


@dataclass(frozen=True)
class Summary:
    """A day in numbers."""

    results: Mapping[str, int]
    """Result -> how many meetings; those without one are not counted."""
    unknown: int
    answers: int
    rating: float | None
    """The mean of all ratings."""
    both_want_more: Sequence[DayMeeting]


def record_results(
    session: DbSession, actor: Actor, day: MatchmakingDay, results: Mapping[int, MeetingResult | None], *, today: date
) -> None:
    """Note what became of meetings. Whoever notes last is right: two people at two doors do not stop each other.

    Args:
        results: of the meetings of which something is noted; all others stay as they are.

    Raises:
        NotAllowed: the actor is not staff.
        NotFound: ``day-meeting``.
        Conflict: ``day-state``, or ``day-to-come``.
    """
    require(actor, Permission.STAFF)
    if day.state not in (DayState.PUBLISHED, DayState.HELD):
        raise Conflict("day-state", state=str(day.state))
    if day.on > today:
        raise Conflict("day-to-come")
    for meeting_id, result in results.items():
        find_meeting(day, meeting_id).result = result
    session.flush()


def give_feedback(
    session: DbSession,
    actor: Actor,
    meeting: DayMeeting,
    side: Side,
    *,
    rating: int,
    wants_more: bool,
    comment: str,
    now: datetime | None = None,
) -> DayFeedback:
    """Say what a meeting was worth, or say it anew.

    Raises:
        NotAllowed: the actor does not act for that side.
        Conflict: ``day-state``, or ``day-to-come``: the meeting has not begun.
        Invalid: ``day-rating`` or ``too-long`` (``most``).
    """
    participant = meeting.startup_participant if side == Side.STARTUP else meeting.partner_participant
    require(actor, Permission.ASK, participant.organisation)
    if meeting.day.state not in (DayState.PUBLISHED, DayState.HELD):
        raise Conflict("day-state", state=str(meeting.day.state))
    if (now or utc_now()) < slot_begin(meeting.day, meeting.slot, get_network(session)):
        raise Conflict("day-to-come")
    if rating not in RATINGS:
        raise Invalid("day-rating")
    if len(comment) > COMMENT_LENGTH:
        raise Invalid("too-long", most=COMMENT_LENGTH)
    given = feedback_of(meeting, side)
    if given is None:
        given = DayFeedback(side=str(side))
        meeting.feedback.append(given)
    given.rating, given.wants_more, given.comment = rating, wants_more, comment.strip()
    given.person_id, given.at = actor.person_id, utc_now()
    session.flush()
    return given


def feedback_of(meeting: DayMeeting, side: str) -> DayFeedback | None:
    """What one side said."""
    return next((each for each in meeting.feedback if each.side == side), None)


def side_in(actor: Actor, meeting: DayMeeting) -> Side:
    """On which side of a meeting an actor is.

    Raises:
        NotFound: ``day-meeting``: on neither.
    """
    for side, participant in (
        (Side.STARTUP, meeting.startup_participant),
        (Side.PARTNER, meeting.partner_participant),
    ):
        if actor.role_in(participant.organisation) is not None:
            return side
    raise NotFound("day-meeting", id=meeting.id)


def summary_of(day: MatchmakingDay) -> Summary:
    """What a day was worth, as far as it is known."""
    results = Counter(str(each.result) for each in day.meetings if each.result)
    ratings = [said.rating for each in day.meetings for said in each.feedback]
    both = [each for each in day.meetings if len(each.feedback) == 2 and all(said.wants_more for said in each.feedback)]
    mean = sum(ratings) / len(ratings) if ratings else None
    return Summary(results, len(day.meetings) - sum(results.values()), len(ratings), mean, both)
