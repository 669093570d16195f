"""The times of a meeting: what may be proposed and chosen, and how the row keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.errors import Invalid
from webapp.models import Introduction, Meeting, Side, utc_now

TIMES = 3
"""How many times are proposed."""
LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES = 15, 240, 45
PLACE_LENGTH = 300


@dataclass(frozen=True)
class Offer:
    """Times to choose from."""

    moments: list[datetime]
    minutes: int
    place: str


def checked_offer(times: Sequence[datetime], minutes: int, place: str) -> Offer:
    """Times that may be proposed.

    Raises:
        Invalid: ``times-number`` (``number``: how many there must be), ``time-without-zone``, ``times-same``,
            ``time-past``, ``minutes-out-of-range`` (``least``, ``most``) or ``place-too-long`` (``most``).
    """
    moments = _checked(times)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Invalid("minutes-out-of-range", least=LEAST_MINUTES, most=MOST_MINUTES)
    place = " ".join(place.split())
    if len(place) > PLACE_LENGTH:
        raise Invalid("place-too-long", most=PLACE_LENGTH)
    return Offer(moments, minutes, place)


def put_times(introduction: Introduction, side: Side, offer: Offer) -> None:
    """Propose times in place of any before; one that was agreed on is no longer."""
    meeting = introduction.meeting
    if meeting is None:
        meeting = introduction.meeting = Meeting(uid=f"{secrets.token_hex(16)}@multaqa", sequence=0)
    meeting.proposed_by = side
    meeting.times = [moment.isoformat() for moment in offer.moments]
    meeting.minutes, meeting.place, meeting.begins_at = offer.minutes, offer.place, None


def _checked(times: Sequence[datetime]) -> list[datetime]:
    if len(times) != TIMES:
        raise Invalid("times-number", number=TIMES)
    if any(time.tzinfo is None for time in times):
        raise Invalid("time-without-zone")
    moments = sorted(time.astimezone(UTC).replace(second=0, microsecond=0) for time in times)
    if len(set(moments)) < TIMES:
        raise Invalid("times-same")
    if moments[0] <= utc_now():
        raise Invalid("time-past")
    return moments


def pick_time(introduction: Introduction, index: int) -> None:
    """Agree on one of the proposed times, counted from 0.

    Raises:
        Invalid: ``no-such-time``, or ``time-past``: it went by meanwhile.
    """
    meeting = introduction.meeting
    if meeting is None or not 0 <= index < len(meeting.times):
        raise Invalid("no-such-time")
    begins = datetime.fromisoformat(meeting.times[index])
    if begins <= utc_now():
        raise Invalid("time-past")
    meeting.begins_at = begins
    meeting.sequence += 1


def is_to_come(introduction: Introduction, now: datetime) -> bool:
    """Whether a time was agreed on that has not come yet."""
    meeting = introduction.meeting
    return meeting is not None and meeting.begins_at is not None and meeting.begins_at > now


def undo(introduction: Introduction) -> None:
    """Take the agreed time back. The calendar event gets a new version."""
    meeting = introduction.meeting
    if meeting is not None:
        meeting.begins_at = None
