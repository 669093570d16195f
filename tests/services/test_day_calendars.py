"""Calendar files of matchmaking days, and what became of meetings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.accounts import join, make_person
from tests.days import ON, TODAY, Fair, make_fair
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import (
    Challenge,
    ChallengeState,
    DayState,
    Introduction,
    Meeting,
    MeetingResult,
    MembershipRole,
    Side,
)
from webapp.permissions import SYSTEM, Actor
from webapp.services.day_calendars import Words, person_calendar, public_calendar, timetable_calendar
from webapp.services.day_publishing import publish_day
from webapp.services.day_results import give_feedback, record_results, summary_of
from webapp.services.day_timetables import coming_days, own_days, own_timetables

Maker = Callable[..., Any]
WORDS = Words(name="Mine", table="Table {}".format, deadline="Deadline: {}".format)
NOON = datetime(2026, 12, 15, 12, tzinfo=UTC)


@pytest.fixture
def fair(session: Session, make_startup: Maker, make_partner: Maker) -> Fair:
    fair = make_fair(session, make_startup, make_partner).planned()
    publish_day(session, SYSTEM, fair.day, today=TODAY)
    return fair


def member(organisation: Any) -> Actor:
    return Actor("person", 1, None, {(organisation.noun, organisation.id): MembershipRole.OWNER})


def events(content: bytes) -> list[Any]:
    calendar = Calendar.from_ical(content)
    assert calendar["prodid"]
    assert calendar["version"] == "2.0"
    found = calendar.walk("VEVENT")
    assert len({str(event["uid"]) for event in found}) == len(found)
    return list(found)


def test_a_timetable_has_its_meetings_in_the_time_of_the_network(session: Session, fair: Fair) -> None:
    _, mine = own_timetables(session, member(fair.startups[0]), fair.day.code)
    found = events(timetable_calendar(session, fair.day, mine, "en", WORDS))
    assert len(found) == 2
    first = min(found, key=lambda event: event["dtstart"].dt)
    # Nine in the morning or later; Morocco is an hour ahead of UTC in winter.
    assert first["dtstart"].dt >= datetime(2026, 12, 15, 8, tzinfo=UTC)
    assert first["dtend"].dt - first["dtstart"].dt == timedelta(minutes=25)
    assert {str(event["summary"]) for event in found} == {"S0 – P0", "S0 – P1"}
    assert "Room 2" in first["location"]
    assert "Table" in first["location"]


def test_somebodys_own_calendar_has_days_and_introductions_and_nothing_of_others(session: Session, fair: Fair) -> None:
    join(person := make_person(email="secret@mail.example", phone="0600"), fair.startups[0])
    introduction = Introduction(
        reference="abc", startup=fair.startups[0], partner=fair.partners[0], asked_by=Side.STARTUP, language="en"
    )
    introduction.requester = person
    meeting = Meeting(introduction=introduction, proposed_by=Side.STARTUP, times=[], begins_at=NOON, uid="intro-uid")
    meeting.place = "https://call.example/secret"
    session.add(meeting)
    session.flush()
    content = person_calendar(session, person, TODAY, "en", WORDS)
    found = events(content)
    assert len(found) == 3
    assert "intro-uid" in {str(event["uid"]) for event in found}
    for secret in (b"mailto", b"secret", b"0600"):
        assert secret not in content


def test_days_that_are_called_off_or_long_past_are_in_no_feed(session: Session, fair: Fair) -> None:
    join(person := make_person(), fair.startups[0])
    assert events(person_calendar(session, person, ON + timedelta(days=200), "en", WORDS)) == []
    fair.day.state = DayState.CANCELLED
    assert events(person_calendar(session, person, TODAY, "en", WORDS)) == []
    assert events(public_calendar(session, TODAY, "en", WORDS)) == []


def test_the_public_feed_has_published_days_and_deadlines_of_open_challenges(
    session: Session, make_partner: Maker, fair: Fair
) -> None:
    company = make_partner("Bank", kind="corporate")
    values = {"problem": {}, "slug": "open", "state": ChallengeState.OPEN}
    session.add(Challenge(partner=company, title={"en": "Less paper"}, deadline=date(2026, 12, 20), **values))
    session.add(
        Challenge(
            partner=company, title={"en": "Over"}, deadline=TODAY - timedelta(days=1), **values | {"slug": "over"}
        )
    )
    session.add(
        Challenge(
            partner=company,
            title={"en": "Idea"},
            deadline=ON,
            **values | {"slug": "idea", "state": ChallengeState.DRAFT},
        )
    )
    session.flush()
    found = {str(event["summary"]): event for event in events(public_calendar(session, TODAY, "en", WORDS))}
    assert set(found) == {"Investors’ day", "Deadline: Less paper"}
    assert found["Deadline: Less paper"]["dtstart"].dt == date(2026, 12, 20)
    assert found["Investors’ day"]["dtend"].dt - found["Investors’ day"]["dtstart"].dt == timedelta(minutes=115)


def test_nobody_sees_a_day_to_which_they_do_not_come_or_that_is_a_draft(
    session: Session, make_startup: Maker, fair: Fair
) -> None:
    stranger, mine = member(make_startup()), member(fair.startups[0])
    with pytest.raises(NotFound):
        own_timetables(session, stranger, fair.day.code)
    assert own_days(session, stranger) == []
    assert own_days(session, mine) == [fair.day]
    assert [each.day for each in coming_days(session, TODAY)] == [fair.day]
    fair.day.state = DayState.DRAFT
    session.flush()
    assert own_days(session, mine) == []
    assert coming_days(session, TODAY) == []
    with pytest.raises(NotFound):
        own_timetables(session, mine, fair.day.code)


def test_results_and_feedback_make_a_summary(session: Session, fair: Fair) -> None:
    first, second = fair.day.meetings[:2]
    results = {first.id: MeetingResult.HELD, second.id: MeetingResult.STARTUP_MISSING}
    with pytest.raises(Conflict):
        record_results(session, SYSTEM, fair.day, results, today=TODAY)
    record_results(session, SYSTEM, fair.day, results, today=ON)
    for side, rating in ((Side.STARTUP, 5), (Side.PARTNER, 4)):
        participant = first.startup_participant if side == Side.STARTUP else first.partner_participant
        say = {"rating": rating, "wants_more": True, "comment": " Good ", "now": NOON}
        give_feedback(session, member(participant.organisation), first, side, **say)
    give_feedback(session, member(first.startup_participant.organisation), first, Side.STARTUP, **say | {"rating": 3})
    summary = summary_of(fair.day)
    assert summary.results == {"held": 1, "startup-missing": 1}
    assert (summary.unknown, summary.answers, summary.rating) == (4, 2, 3.5)
    assert summary.both_want_more == [first]


def test_feedback_is_for_ones_own_side_after_the_beginning(session: Session, fair: Fair) -> None:
    meeting = fair.day.meetings[0]
    own = member(meeting.startup_participant.organisation)
    say = {"rating": 4, "wants_more": False, "comment": ""}
    with pytest.raises(NotAllowed):
        give_feedback(session, own, meeting, Side.PARTNER, **say, now=NOON)
    with pytest.raises(Conflict):
        give_feedback(session, own, meeting, Side.STARTUP, **say, now=NOON - timedelta(days=1))
    with pytest.raises(Invalid):
        give_feedback(session, own, meeting, Side.STARTUP, **say | {"rating": 6}, now=NOON)
    with pytest.raises(Invalid):
        give_feedback(session, own, meeting, Side.STARTUP, **say | {"comment": "x" * 1001}, now=NOON)
