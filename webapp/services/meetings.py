"""Meetings: three times from one side, one of them chosen by the other, and the event for both calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from icalendar import Calendar, Event, Timezone, vCalAddress, vText
from sqlalchemy.orm import object_session

from webapp.errors import NotFound
from webapp.i18n import LANGUAGES
from webapp.models import DbSession, Introduction, Person, Side, utc_now
from webapp.permissions import Actor
from webapp.services.introduction_moves import Move
from webapp.services.introductions import move
from webapp.services.network import get_network

Method = Literal["REQUEST", "CANCEL"]
PRODUCT = "-//Multaqa//Introductions//EN"


def propose_times(
    session: DbSession,
    actor: Actor,
    introduction: Introduction,
    times: Sequence[datetime],
    minutes: int,
    place: str,
    *,
    version: int | None = None,
    today: date,
) -> Introduction:
    """Propose three times, in place of any proposed or agreed on before; a meeting that was agreed on is called off.

    Raises:
        Invalid: ``times-number``, ``time-without-zone``, ``times-same``, ``time-past``, ``minutes-out-of-range`` or
            ``place-too-long``.
        NotAllowed, Conflict: see ``introductions.move``.
    """
    values = {"times": times, "minutes": minutes, "place": place}
    return move(session, actor, introduction, Move.PROPOSE_TIMES, version=version, today=today, **values)


def choose_time(
    session: DbSession,
    actor: Actor,
    introduction: Introduction,
    index: int,
    *,
    version: int | None = None,
    today: date,
) -> Introduction:
    """Agree on one of the times that the other side proposed, counted from 0 in the order of ``meeting.times``.

    Raises:
        Invalid: ``no-such-time`` or ``time-past``.
        NotAllowed, Conflict: see ``introductions.move``; ``illegal-move`` for the side that proposed.
    """
    return move(session, actor, introduction, Move.CHOOSE_TIME, version=version, today=today, index=index)


def calendar_event(introduction: Introduction, language: str, *, at: Mapping[str, Any] | None = None) -> bytes:
    """The meeting as an iCalendar file (RFC 5545, RFC 5546), its names in the script of a language.

    Args:
        at: an earlier version of the meeting, as the values of its mail keep it; the present one if absent.

    Raises:
        NotFound: ``meeting``: no time was agreed on.
    """
    return event_of(introduction, language, "REQUEST", at=at)


def event_of(
    introduction: Introduction, language: str, method: Method, *, at: Mapping[str, Any] | None = None
) -> bytes:
    """The event with a method: ``REQUEST`` to enter it, ``CANCEL`` to take it out again."""
    at = at or _present(introduction)
    if not at.get("begins_at"):
        raise NotFound("meeting", reference=introduction.reference)
    begins = datetime.fromisoformat(at["begins_at"]).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", at["uid"])
    event.add("sequence", at["sequence"])
    event.add("dtstamp", utc_now())
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=at["minutes"]))
    event.add("summary", _summary(introduction, language))
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if at["place"]:
        event.add("location", at["place"])
    _add_people(event, introduction)
    _add_zone(calendar, introduction, begins)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _present(introduction: Introduction) -> dict[str, Any]:
    meeting = introduction.meeting
    if meeting is None or meeting.begins_at is None:
        return {}
    return {
        "begins_at": meeting.begins_at.isoformat(),
        "minutes": meeting.minutes,
        "place": meeting.place,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
    }


def _summary(introduction: Introduction, language: str) -> str:
    script = LANGUAGES[language].script
    return f"{introduction.startup.name_for(script)} – {introduction.partner.name_for(script)}"


def _add_people(event: Event, introduction: Introduction) -> None:
    """Who meets; only those who know each other's addresses from the introduction already."""
    if introduction.introduced_at is None or introduction.meeting is None:
        return
    proposed_by_asking = Side(introduction.meeting.proposed_by) == introduction.asked_by
    both = [introduction.requester, introduction.answerer]
    organizer, attendee = both if proposed_by_asking else reversed(both)
    if organizer is not None and organizer.erased_at is None:
        event.add("organizer", _address(organizer))
    for person, status in ((organizer, "ACCEPTED"), (attendee, "NEEDS-ACTION")):
        if person is not None and person.erased_at is None:
            address = _address(person)
            address.params["ROLE"] = vText("REQ-PARTICIPANT")
            address.params["PARTSTAT"] = vText(status)
            event.add("attendee", address, encode=False)


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = vText(person.name)
    return address


def _add_zone(calendar: Calendar, introduction: Introduction, begins: datetime) -> None:
    """Name the network's time zone, with its rules around the meeting. The times themselves are in UTC."""
    session = object_session(introduction)
    network = get_network(session) if session is not None else None
    if network is None:
        return
    calendar.add("x-wr-timezone", network.timezone)
    around = begins.date() - timedelta(days=365), begins.date() + timedelta(days=365)
    calendar.add_component(Timezone.from_tzid(network.timezone, first_date=around[0], last_date=around[1]))
