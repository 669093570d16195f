"""Calendar files (RFC 5545): own timetables, a private feed of all that one has agreed to, and the public feed.

No file holds a mail address or a telephone number: feeds are read by programs that keep and pass on what they read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar, Event, Timezone
from sqlalchemy.orm import joinedload

from webapp.i18n import LANGUAGES, in_language
from webapp.models import (
    Challenge,
    DayMeeting,
    DayParticipant,
    DayState,
    DbSession,
    Introduction,
    MatchmakingDay,
    Membership,
    Network,
    Partner,
    Person,
    Startup,
    utc_now,
)
from webapp.models.introduction import Meeting
from webapp.services.challenge_lists import open_challenges
from webapp.services.day_timetables import Timetable, coming_days, timetables_of
from webapp.services.matchmaking_days import slot_begin, whole
from webapp.services.network import get_network

PRODUCT = "-//Multaqa//Matchmaking days//EN"
KEPT_DAYS = 90
"""A feed holds what was no longer ago than that."""


@dataclass(frozen=True)
class Words:
    """What a calendar needs in its reader's language, put into words by whoever asks for it."""

    name: str
    table: Callable[[int], str]
    deadline: Callable[[str], str] = str
    """The deadline of a challenge with this title."""
    url: Callable[[MatchmakingDay | Challenge], str] = lambda _: ""


def timetable_calendar(
    session: DbSession, day: MatchmakingDay, timetables: Iterable[Timetable], language: str, words: Words
) -> bytes:
    """The meetings of some participants of a day."""
    network = get_network(session)
    calendar = _calendar(network, words.name, day.on)
    for timetable in timetables:
        for meeting in timetable.meetings:
            calendar.add_component(_meeting_event(day, timetable, meeting, language, words, network))
    return bytes(calendar.to_ical())


def person_calendar(session: DbSession, person: Person, today: date, language: str, words: Words) -> bytes:
    """All that a person has agreed to: their meetings of matchmaking days, and those of introductions."""
    network = get_network(session)
    since = today - timedelta(days=KEPT_DAYS)
    calendar = _calendar(network, words.name, today)
    memberships = session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).all()
    own = {
        (Startup.noun, each.startup_id) if each.startup_id else (Partner.noun, each.partner_id) for each in memberships
    }
    for day in _days_of(session, own, since):
        for timetable in timetables_of(day):
            organisation = timetable.participant.organisation
            if (organisation.noun, organisation.id) in own:
                for meeting in timetable.meetings:
                    calendar.add_component(_meeting_event(day, timetable, meeting, language, words, network))
    for agreed in _introductions_of(session, person, own, since):
        calendar.add_component(_introduction_event(agreed, language))
    return bytes(calendar.to_ical())


def public_calendar(session: DbSession, today: date, language: str, words: Words) -> bytes:
    """The published days to come and the deadlines of open challenges."""
    network = get_network(session)
    calendar = _calendar(network, words.name, today)
    for announced in coming_days(session, today):
        calendar.add_component(_day_event(announced.day, language, words, network))
    for challenge in open_challenges(session, today):
        event = _event(
            f"challenge-{challenge.id}@multaqa",
            challenge.version,
            words.deadline(_text(challenge.title, language, network)),
        )
        event.add("dtstart", challenge.deadline)
        event.add("dtend", challenge.deadline + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        _link(event, words.url(challenge))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _days_of(session: DbSession, own: set[Any], since: date) -> Sequence[MatchmakingDay]:
    ids = {noun: [row_id for of, row_id in own if of == noun] for noun in (Startup.noun, Partner.noun)}
    mine = sa.or_(DayParticipant.startup_id.in_(ids[Startup.noun]), DayParticipant.partner_id.in_(ids[Partner.noun]))
    statement = whole(sa.select(MatchmakingDay).where(MatchmakingDay.participants.any(mine)))
    shown = statement.where(MatchmakingDay.state.in_((DayState.PUBLISHED, DayState.HELD)), MatchmakingDay.on >= since)
    return session.scalars(shown.order_by(MatchmakingDay.on)).all()


def _introductions_of(session: DbSession, person: Person, own: set[Any], since: date) -> Sequence[Meeting]:
    """The agreed meetings of introductions that the person asked for or accepted, and still acts for."""
    mine = sa.or_(Introduction.requester_id == person.id, Introduction.answerer_id == person.id)
    statement = sa.select(Meeting).join(Meeting.introduction).where(mine, Meeting.begins_at.is_not(None))
    loaded = statement.options(
        joinedload(Meeting.introduction).joinedload(Introduction.startup),
        joinedload(Meeting.introduction).joinedload(Introduction.partner),
    )
    begin = datetime(since.year, since.month, since.day, tzinfo=UTC)
    rows = session.scalars(loaded.where(Meeting.begins_at >= begin).order_by(Meeting.begins_at)).all()
    sides = [
        ({(Startup.noun, row.introduction.startup_id), (Partner.noun, row.introduction.partner_id)}, row)
        for row in rows
    ]
    return [row for both, row in sides if both & own]


def _calendar(network: Network | None, name: str, around: date) -> Calendar:
    """An empty calendar that names the network's time zone. The times themselves are in UTC."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    if network is not None:
        calendar.add("x-wr-timezone", network.timezone)
        span = around - timedelta(days=365), around + timedelta(days=365)
        calendar.add_component(Timezone.from_tzid(network.timezone, first_date=span[0], last_date=span[1]))
    return calendar


def _event(uid: str, sequence: int, summary: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", utc_now())
    event.add("summary", summary)
    event.add("status", "CONFIRMED")
    return event


def _meeting_event(
    day: MatchmakingDay, timetable: Timetable, meeting: DayMeeting, language: str, words: Words, network: Network | None
) -> Event:
    script = LANGUAGES[language].script
    own, other = timetable.participant.organisation, timetable.other(meeting).organisation
    event = _event(meeting.uid, meeting.sequence, f"{own.name_for(script)} – {other.name_for(script)}")
    begins = slot_begin(day, meeting.slot, network).astimezone(UTC)
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=day.minutes))
    table = words.table(meeting.table) if meeting.table else ""
    event.add("location", _joined(table, day.place, _text(day.site.names, language, network)))
    _link(event, words.url(day))
    return event


def _introduction_event(meeting: Meeting, language: str) -> Event:
    script = LANGUAGES[language].script
    introduction = meeting.introduction
    names = introduction.startup.name_for(script), introduction.partner.name_for(script)
    event = _event(meeting.uid, meeting.sequence, " – ".join(names))
    if meeting.begins_at is not None:
        event.add("dtstart", meeting.begins_at.astimezone(UTC))
        event.add("dtend", (meeting.begins_at + timedelta(minutes=meeting.minutes)).astimezone(UTC))
    return event


def _day_event(day: MatchmakingDay, language: str, words: Words, network: Network | None) -> Event:
    event = _event(f"day-{day.code}@multaqa", day.version, _text(day.names, language, network))
    event.add("dtstart", slot_begin(day, 0, network).astimezone(UTC))
    last = slot_begin(day, len(day.begins) - 1, network) + timedelta(minutes=day.minutes)
    event.add("dtend", last.astimezone(UTC))
    event.add("location", _joined(day.place, _text(day.site.names, language, network)))
    _link(event, words.url(day))
    return event


def _link(event: Event, url: str) -> None:
    if url:
        event.add("url", url)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _text(texts: dict[str, str], language: str, network: Network | None) -> str:
    return in_language(texts, language, network.languages if network else ())[0]
