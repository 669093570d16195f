"""The pages of matchmaking days: staff plan one from its form to its results; participants read and answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.days import Fair, make_fair
from tests.pages import opened, said, sent
from webapp.models import DayMeeting, DayState, MatchmakingDay, NetworkRole, OutgoingMail
from webapp.permissions import SYSTEM
from webapp.services.day_participants import add_participants
from webapp.services.day_publishing import publish_day
from webapp.services.network import day_of
from webapp.web.mail import render_mail
from webapp.web.signed_links import calendar_token

Maker = Callable[..., Any]


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


@pytest.fixture
def fair(session: Session, make_startup: Maker, make_partner: Maker) -> Fair:
    made = make_fair(session, make_startup, make_partner, on=day_of(None) + timedelta(days=20))
    session.commit()
    return made


def at(fair: Fair, rest: str = "") -> str:
    return f"/en/staff/days/{fair.day.code}{rest}"


def version(session: Session, fair: Fair) -> str:
    session.expire_all()
    return str(fair.day.version)


def values(**changed: str) -> dict[str, str]:
    usual = {
        "name-en": "Spring day",
        "on": "2027-03-03",
        "site": "casablanca",
        "begins": "09:00 09:30",
        "minutes": "20",
    }
    return usual | {"startup_meetings": "2", "partner_meetings": "2"} | changed


def test_staff_create_a_day(session: Session, staff: FlaskClient) -> None:
    assert "No day has been planned yet." in said(opened(staff, "/en/staff/days"))
    answer = sent(staff, "/en/staff/days/new", **values())
    assert answer.status_code == 303
    day = session.scalars(select(MatchmakingDay)).one()
    assert (day.begins, day.state) == (["09:00", "09:30"], DayState.DRAFT)
    assert "Spring day" in said(opened(staff, answer.location))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"begins": "09:00 09:10"}, "must not begin before"),
        ({"begins": "soon"}, "times of day such as 09:30"),
        ({"name-en": ""}, "Please write a name"),
        ({"minutes": "0"}, "minutes from"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    staff: FlaskClient, changed: dict[str, str], words: str
) -> None:
    answer = sent(staff, "/en/staff/days/new", **values(place="Room 7", **changed))
    assert answer.status_code == 422
    assert words in said(answer)
    assert "Room 7" in answer.text


def test_a_form_of_an_older_day_is_kept_and_says_that_it_changed(
    session: Session, staff: FlaskClient, fair: Fair
) -> None:
    old = version(session, fair)
    sent(staff, at(fair, "/do/plan"), at(fair), version=old)
    answer = sent(staff, at(fair, "/edit"), version=old, **values(place="Room 9"))
    assert answer.status_code == 409
    assert "Somebody else changed this day meanwhile" in said(answer)
    assert "Room 9" in answer.text
    assert f'value="{version(session, fair)}"' in answer.text


def test_a_day_is_planned_published_and_sent(session: Session, app: Flask, staff: FlaskClient, fair: Fair) -> None:
    join(make_account(), fair.startups[0])
    session.commit()
    assert sent(staff, at(fair, "/do/publish"), at(fair), version=version(session, fair)).status_code == 409
    sent(staff, at(fair, "/do/plan"), at(fair), version=version(session, fair))
    page = opened(staff, at(fair))
    assert "6 meetings are planned." in said(page)
    assert said(page).count("3 of 4") == 2
    sent(staff, at(fair, "/do/publish"), at(fair), version=version(session, fair))
    assert "1 person gets a timetable by mail." in said(opened(staff, at(fair)))
    mail = session.scalars(select(OutgoingMail)).one()
    message = render_mail(session, mail)
    assert message is not None
    assert "Investors’ day" in message["Subject"]
    assert "P0" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (calendar,) = [part.get_content() for part in message.iter_attachments()]
    assert len(Calendar.from_ical(calendar).walk("VEVENT")) == 2
    sent(staff, at(fair, "/end"), version=version(session, fair))
    assert render_mail(session, mail) is None
    told = session.scalars(select(OutgoingMail).filter_by(kind="day-cancelled")).one()
    assert render_mail(session, told) is not None


def test_an_old_button_says_that_the_day_changed(session: Session, staff: FlaskClient, fair: Fair) -> None:
    old = version(session, fair)
    sent(staff, at(fair, "/do/plan"), at(fair), version=old)
    answer = sent(staff, at(fair, "/do/plan"), at(fair), version=old)
    assert answer.status_code == 409
    assert "Somebody else changed this day meanwhile" in said(answer)


def test_participants_are_added_as_a_whole_by_name_and_one_by_one(
    session: Session, staff: FlaskClient, make_startup: Maker, make_partner: Maker, fair: Fair
) -> None:
    one, other = make_startup("Alone"), make_partner("Beside")
    session.commit()
    path = at(fair, "/participants?noun=startup")
    assert "Alone" in said(opened(staff, path))
    answer = sent(
        staff, path, version=version(session, fair), names=f"Beside\nNobody of this name\nhttps://x/{one.slug}"
    )
    assert answer.status_code == 422
    assert "Nobody of this name" in answer.text
    assert "These lines fit no profile" in said(answer)
    session.expire_all()
    assert {each.organisation for each in fair.day.participants} >= {one, other}
    third = make_partner("Third")
    session.commit()
    sent(staff, at(fair, "/participants?noun=partner"), version=version(session, fair), all="1")
    session.expire_all()
    assert third in {each.organisation for each in fair.day.participants}


def test_participants_are_looked_for_first_at_the_park_of_the_day(
    session: Session, staff: FlaskClient, make_startup: Maker, fair: Fair
) -> None:
    make_startup("Elsewhere")
    session.commit()
    assert "Elsewhere" not in said(opened(staff, at(fair, "/participants")))
    assert "Elsewhere" in said(opened(staff, at(fair, "/participants?noun=startup&site=")))


def test_a_long_list_of_participants_is_cut_and_says_so(
    session: Session, staff: FlaskClient, make_startup: Maker, fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.blueprints.matchmaking.participants.MOST_SHOWN", 2)
    for name in ("Aaa", "Aab", "Aac"):
        make_startup(name)
    session.commit()
    page = said(opened(staff, at(fair, "/participants?noun=startup")))
    assert "Aab" in page
    assert "Aac" not in page
    assert "The first 2 are listed." in page


def test_boxes_stay_ticked_when_somebody_else_changed_the_day(
    session: Session, staff: FlaskClient, make_startup: Maker, fair: Fair
) -> None:
    chosen = make_startup("Alone")
    session.commit()
    old = version(session, fair)
    sent(staff, at(fair, "/do/plan"), at(fair), version=old)
    path = at(fair, "/participants?noun=startup")
    answer = sent(staff, path, version=old, organisation=chosen.slug)
    assert answer.status_code == 409
    assert f'value="{chosen.slug}" checked' in answer.text


def test_a_meeting_is_moved_locked_and_taken_away(session: Session, staff: FlaskClient, fair: Fair) -> None:
    fair.planned()
    session.commit()
    meeting = fair.day.meetings[0]
    path = at(fair, f"/meetings/{meeting.id}")
    busy = next(
        each.slot
        for each in fair.day.meetings
        if each.partner_participant_id == meeting.partner_participant_id and each is not meeting
    )
    other = str(meeting.partner_participant_id)
    answer = sent(staff, path, version=version(session, fair), slot=str(busy), other=other)
    assert answer.status_code == 409
    assert "has another meeting then" in said(answer)
    sent(staff, f"{path}/lock", path, version=version(session, fair), locked="1", back=path)
    session.expire_all()
    assert meeting.is_locked
    assert sent(staff, f"{path}/remove", path, version=version(session, fair)).status_code == 303
    assert session.get(DayMeeting, meeting.id) is None


def test_what_a_participant_can_do_is_changed_and_pairs_are_kept_apart(
    session: Session, staff: FlaskClient, fair: Fair
) -> None:
    one, other = fair.participant(fair.startups[0]), fair.participant(fair.partners[0])
    path = at(fair, f"/participants/{one.id}")
    sent(staff, path, version=version(session, fair), meetings="1", away=["0", "1"], person="")
    session.expire_all()
    assert (one.meetings, one.away) == (1, [0, 1])
    sent(staff, f"{path}/apart", path, version=version(session, fair), other=str(other.id))
    assert "Let them meet again" in said(opened(staff, path))
    exclusion = fair.day.exclusions[0].id
    sent(staff, f"{path}/together", path, version=version(session, fair), exclusion=str(exclusion))
    sent(staff, f"{path}/meet", path, version=version(session, fair), other=str(other.id), slot="2")
    session.expire_all()
    assert [(each.slot, each.is_locked) for each in fair.day.meetings] == [(2, True)]
    answer = sent(staff, f"{path}/meet", path, version=version(session, fair), other=str(other.id), slot="3")
    assert answer.status_code == 409
    assert "meet already" in said(answer)
    sent(staff, f"{path}/remove", path, version=version(session, fair))
    session.expire_all()
    assert one not in fair.day.participants


def test_the_grid_and_the_sheets_show_everybody_in_a_fixed_number_of_queries(
    session: Session, staff: FlaskClient, make_startup: Maker, fair: Fair, count_queries: Callable[[], int]
) -> None:
    fair.planned()
    add_participants(session, SYSTEM, fair.day, [make_startup()])  # without a meeting, which needs a reason
    session.commit()
    numbers = []
    for _ in range(2):
        for path in ("", "/timetable", "/timetable?side=startups", "/print", "/slots/0"):
            opened(staff, at(fair, path))
            session.expire_all()
            count_queries()
            page = opened(staff, at(fair, path))
            assert page.status_code == 200
            numbers.append(count_queries())
        fair.day.participants[0].away = [3]
        add_participants(session, SYSTEM, fair.day, [make_startup() for _ in range(5)])
        session.commit()
    # One more at most: why somebody has no meeting is asked once, however many they are.
    assert all(later <= earlier + 1 for earlier, later in zip(numbers[:5], numbers[5:], strict=True))
    assert opened(staff, at(fair, "/slots/9")).status_code == 404


def test_staff_note_on_the_day_who_came(session: Session, staff: FlaskClient, fair: Fair) -> None:
    fair.planned()
    fair.day.state, fair.day.on = DayState.PUBLISHED, day_of(None)
    session.commit()
    meeting = fair.day.meetings[0]
    path = at(fair, f"/slots/{meeting.slot}")
    sent(staff, path, **{f"result-{meeting.id}": "partner-missing"})
    session.expire_all()
    assert meeting.result == "partner-missing"
    sent(staff, at(fair, "/do/close"), at(fair), version=version(session, fair))
    page = said(opened(staff, at(fair)))
    assert "Took place" in page
    assert "The partner was missing 1" in page


def test_what_a_colleague_noted_at_another_door_stays(session: Session, staff: FlaskClient, fair: Fair) -> None:
    fair.planned()
    fair.day.state, fair.day.on = DayState.PUBLISHED, day_of(None)
    one, other = fair.day.meetings[:2]
    other.slot = one.slot
    session.commit()
    path = at(fair, f"/slots/{one.slot}")
    as_shown = {f"{name}-{each.id}": "" for name in ("was", "result") for each in (one, other)}
    sent(staff, path, **as_shown | {f"result-{one.id}": "held"})
    sent(staff, path, **as_shown | {f"result-{other.id}": "both-missing"})
    session.expire_all()
    assert (one.result, other.result) == ("held", "both-missing")


def publish(session: Session, fair: Fair) -> None:
    publish_day(session, SYSTEM, fair.planned().day, today=day_of(None))


def test_a_member_reads_their_timetable_and_takes_it_along(session: Session, app: Flask, fair: Fair) -> None:
    join(account := make_account(), fair.startups[0])
    publish(session, fair)
    browser = signed_in(app, account)
    assert "Investors’ day" in said(opened(browser, "/en/my/days"))
    path = f"/en/my/days/{fair.day.code}"
    page = opened(browser, path)
    assert page.text.count('class="time"') == 2
    assert "S1" not in said(page)
    calendar = opened(browser, f"{path}/meetings.ics")
    assert calendar.mimetype == "text/calendar"
    assert len(Calendar.from_ical(calendar.data).walk("VEVENT")) == 2


def test_a_member_says_what_a_meeting_was_worth_once_it_has_begun(session: Session, app: Flask, fair: Fair) -> None:
    join(account := make_account(), fair.startups[0])
    publish(session, fair)
    browser = signed_in(app, account)
    meeting = next(each for each in fair.day.meetings if each.startup_participant.organisation is fair.startups[0])
    path = f"/en/my/days/{fair.day.code}/meetings/{meeting.id}"
    assert "Once the meeting has begun" in said(opened(browser, path))
    fair.day.on = day_of(None) - timedelta(days=1)
    session.commit()
    assert sent(browser, path, comment="Good").status_code == 422
    assert sent(browser, path, rating="4", wants_more="y", comment="Good").status_code == 303
    session.expire_all()
    (given,) = meeting.feedback
    assert (given.side, given.rating, given.wants_more, given.comment) == ("startup", 4, True, "Good")
    assert "You said 4 of 5" in said(opened(browser, f"/en/my/days/{fair.day.code}"))
    theirs = next(each for each in fair.day.meetings if each.startup_participant.organisation is not fair.startups[0])
    assert opened(browser, f"/en/my/days/{fair.day.code}/meetings/{theirs.id}").status_code == 404


def test_everybody_reads_of_the_coming_days_and_subscribes_to_them(
    session: Session, client: FlaskClient, fair: Fair
) -> None:
    assert "No day is announced at present." in said(opened(client, "/en/days"))
    publish(session, fair)
    session.commit()
    page = opened(client, "/en/days")
    assert "3 startups · 2 partners" in said(page)
    assert "S0" not in said(page)
    feed = opened(client, "/en/days.ics")
    assert feed.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(feed.data).walk("VEVENT")
    assert str(event["url"]).endswith(f"/en/days#{fair.day.code}")


def test_the_own_calendar_needs_no_session_and_ends_with_all_sessions(
    session: Session, client: FlaskClient, fair: Fair
) -> None:
    join(account := make_account(), fair.startups[0])
    publish(session, fair)
    session.commit()
    path = f"/en/calendar/{calendar_token(account)}/meetings.ics"
    answer = opened(client, path)
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 2
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert opened(client, re.sub("/calendar/.", "/calendar/x", path)).status_code == 404
    account.fs_uniquifier = "another"
    session.commit()
    assert opened(client, path).status_code == 404
