"""Meetings: three times to choose from, and the event for both calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.introductions import PLANTED, TODAY, Pair, make_pair, times
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import Introduction, IntroductionState, MailState, OutgoingMail, Partner, Startup
from webapp.services.introductions import Move, count_waiting_for
from webapp.services.meetings import calendar_event, choose_time, event_of, propose_times

State = IntroductionState


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner)


def propose(pair: Pair, introduction: Introduction, who: str = "founder", **changed: Any) -> None:
    values = {"times": times(), "minutes": 30, "place": "Technopark, Casablanca"} | changed
    propose_times(pair.session, pair.actor(who), introduction, **values, today=TODAY)


def choose(pair: Pair, introduction: Introduction, who: str, index: int) -> None:
    choose_time(pair.session, pair.actor(who), introduction, index, today=TODAY)


def mails(pair: Pair, kind: str) -> list[OutgoingMail]:
    statement = sa.select(OutgoingMail).filter_by(kind=kind, state=MailState.WAITING)
    return sorted(pair.session.scalars(statement), key=lambda mail: mail.address)


def test_one_side_proposes_three_times_and_the_other_chooses(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    propose(pair, introduction)
    assert [mail.address for mail in mails(pair, "meeting-proposed")] == [PLANTED["investor"][0]]
    assert count_waiting_for(pair.session, pair.actor("investor")) == 1
    assert count_waiting_for(pair.session, pair.actor("founder")) == 0
    with pytest.raises(Conflict, match="illegal-move"):
        choose(pair, introduction, "founder", 1)
    choose(pair, introduction, "investor", 1)
    assert introduction.state == State.SCHEDULED
    assert introduction.meeting is not None
    assert introduction.meeting.begins_at == times()[1]
    assert [mail.address for mail in mails(pair, "meeting-scheduled")] == [
        PLANTED["founder"][0],
        PLANTED["investor"][0],
    ]
    assert mails(pair, "meeting-proposed") == []


def test_the_other_side_may_propose_other_times(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    propose(pair, introduction)
    propose(pair, introduction, "investor", times=times(9))
    assert [mail.address for mail in mails(pair, "meeting-proposed")] == [PLANTED["founder"][0]]
    choose(pair, introduction, "founder", 0)
    assert introduction.meeting is not None
    assert introduction.meeting.begins_at == times(9)[0]


def test_other_times_call_off_what_was_agreed(pair: Pair) -> None:
    introduction = pair.at(State.SCHEDULED)
    assert introduction.meeting is not None
    uid, sequence = introduction.meeting.uid, introduction.meeting.sequence
    propose(pair, introduction, "investor", times=times(9))
    assert (introduction.state, introduction.meeting.begins_at) == (State.INTRODUCED, None)
    cancelled = mails(pair, "meeting-cancelled")
    assert len(cancelled) == 2
    event = Calendar.from_ical(event_of(introduction, "en", "CANCEL", at=cancelled[0].values)).walk("VEVENT")[0]
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (uid, sequence + 1, "CANCELLED")
    assert event["DTSTART"].dt == times()[1]
    choose(pair, introduction, "founder", 2)
    assert introduction.meeting.uid == uid
    assert introduction.meeting.sequence > sequence + 1


@pytest.mark.parametrize("ending", [Move.WITHDRAW, Move.CLOSE])
def test_an_end_calls_off_what_was_agreed(pair: Pair, ending: Move) -> None:
    introduction = pair.at(State.SCHEDULED)
    pair.make(introduction, "founder", ending)
    assert len(mails(pair, "meeting-cancelled")) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"times": times()[:2]}, "times-number"),
        ({"times": [times()[0]] * 3}, "times-same"),
        ({"times": [times()[0], times()[1], datetime.now(UTC) - timedelta(minutes=1)]}, "time-past"),
        ({"times": [time.replace(tzinfo=None) for time in times()]}, "time-without-zone"),
        ({"minutes": 5}, "minutes-out-of-range"),
        ({"place": "x" * 301}, "place-too-long"),
    ],
)
def test_times_that_cannot_be_are_refused_and_nothing_changes(pair: Pair, changed: dict[str, Any], code: str) -> None:
    introduction = pair.at(State.SCHEDULED)
    with pytest.raises(Invalid, match=code):
        propose(pair, introduction, **changed)
    assert introduction.state == State.SCHEDULED
    assert introduction.meeting is not None
    assert introduction.meeting.begins_at == times()[1]
    assert mails(pair, "meeting-cancelled") == []


def test_only_a_time_that_was_proposed_and_is_to_come_can_be_chosen(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    with pytest.raises(Conflict):
        choose(pair, introduction, "investor", 0)
    propose(pair, introduction)
    for index in (-1, 3):
        with pytest.raises(Invalid, match="no-such-time"):
            choose(pair, introduction, "investor", index)
    assert introduction.meeting is not None
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    introduction.meeting.times = [past, *introduction.meeting.times[1:]]
    pair.session.flush()
    with pytest.raises(Invalid, match="time-past"):
        choose(pair, introduction, "investor", 0)
    with pytest.raises(NotAllowed):
        choose(pair, introduction, "stranger", 1)


def test_what_came_of_a_meeting_is_said_after_it(pair: Pair) -> None:
    introduction = pair.at(State.SCHEDULED)
    for report in (Move.REPORT_MET, Move.REPORT_NO_SHOW):
        with pytest.raises(Conflict, match="meeting-to-come"):
            pair.make(introduction, "founder", report)
    pair.let_meeting_pass(introduction)
    pair.make(introduction, "founder", Move.REPORT_MET)
    assert introduction.state == State.MET


def test_the_event_names_both_sides_times_and_people(pair: Pair) -> None:
    pair.startup.name_arabic = "تازري"
    introduction = pair.at(State.SCHEDULED)
    file = calendar_event(introduction, "fr")
    calendar = Calendar.from_ical(file)
    event = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "REQUEST"
    assert event["DTSTART"].dt == times()[1]
    assert b"DTSTART:" in file, "the moment itself is in UTC"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert event["SUMMARY"] == "Tazrii – Sahel Fund"
    assert event["LOCATION"] == "Casablanca"
    assert event["ORGANIZER"] == f"mailto:{PLANTED['founder'][0]}"
    assert {str(one) for one in event["ATTENDEE"]} == {f"mailto:{PLANTED[who][0]}" for who in ("founder", "investor")}
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Africa/Casablanca"]
    arabic = Calendar.from_ical(calendar_event(introduction, "ar")).walk("VEVENT")[0]
    assert arabic["SUMMARY"] == "تازري – Sahel Fund"


def test_there_is_no_event_before_a_time_was_agreed_on(pair: Pair) -> None:
    introduction = pair.at(State.INTRODUCED)
    propose(pair, introduction)
    with pytest.raises(NotFound):
        calendar_event(introduction, "en")


def test_who_was_erased_is_not_in_the_event(pair: Pair) -> None:
    introduction = pair.at(State.SCHEDULED)
    pair.accounts["investor"].person.erased_at = datetime.now(UTC)
    assert b"zz-investor" not in calendar_event(introduction, "en")
