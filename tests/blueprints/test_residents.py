"""The pages of residency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.pages import sent
from webapp.models import (
    NetworkRole,
    Pulse,
    PulseAnswer,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Site,
    Startup,
    utc_now,
)
from webapp.permissions import SYSTEM
from webapp.services.residency import EventDraft, last_event, list_events, record_residency

Maker = Callable[..., Any]
TODAY = utc_now().date()


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    account = make_account(NetworkRole.STAFF)
    session.commit()
    return signed_in(app, account)


@pytest.fixture
def startup(session: Session, make_startup: Maker) -> Startup:
    """A resident whose lease ends within a month."""
    row: Startup = make_startup("Atlas Maps")
    rabat = session.scalars(sa.select(Site).where(Site.code == "rabat")).one()
    draft = EventDraft(TODAY - timedelta(days=900), ResidencyEventKind.ENTERED, rabat, until=TODAY + timedelta(days=9))
    record_residency(session, SYSTEM, row, draft, today=TODAY)
    row.slug = "atlas-maps"
    session.commit()
    return row


def written(session: Session, startup: Startup, **values: str) -> dict[str, str]:
    seen = str(last_event(list_events(session, startup)))
    return {"seen": seen, "on": TODAY.isoformat(), "site": "rabat", "from_site": "", "reason": ""} | values


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_pages_answer_in_each_language(staff: FlaskClient, startup: Startup, language: str) -> None:
    for path in (
        "",
        "?site=rabat&due=any&q=atlas",
        "/renewals",
        "/occupancy?renewal=70",
        "/pulse",
        "/startups/atlas-maps",
    ):
        assert staff.get(f"/{language}/staff/residency{path}").status_code == 200, path


def test_a_renewal_is_recorded_where_it_is_due(staff: FlaskClient, session: Session, startup: Startup) -> None:
    assert "Atlas Maps" in staff.get("/en/staff/residency/renewals").text
    until = (TODAY + timedelta(days=700)).isoformat()
    answer = sent(
        staff, "/en/staff/residency/startups/atlas-maps", **written(session, startup, kind="renewed", until=until)
    )
    assert answer.status_code == 303
    assert "/startups/atlas-maps" not in staff.get("/en/staff/residency/renewals").text
    event = session.scalars(sa.select(ResidencyEvent).order_by(ResidencyEvent.id.desc())).first()
    assert event is not None
    assert (event.kind, event.until) == ("renewed", date.fromisoformat(until))
    assert event.recorded_by is not None


def test_whoever_works_through_what_is_due_comes_back_to_the_list_which_says_what_was_recorded(
    staff: FlaskClient, session: Session, startup: Startup
) -> None:
    page = "/en/staff/residency/startups/atlas-maps?kind=renewed"
    until = (TODAY + timedelta(days=700)).isoformat()
    assert 'href="/en/staff/residency/renewals">What is due</a>' in staff.get(page).text
    answer = sent(staff, page, **written(session, startup, kind="renewed", until=until))
    assert answer.location == "/en/staff/residency/renewals"
    assert "Recorded of Atlas Maps: Lease renewed" in staff.get(answer.location).text


def test_what_makes_no_sense_is_refused_with_what_was_typed(
    staff: FlaskClient, session: Session, startup: Startup
) -> None:
    address = "/en/staff/residency/startups/atlas-maps"
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    early = sent(staff, address, **written(session, startup, kind="renewed", on=tomorrow, note="My words"))
    assert early.status_code == 422
    assert "still to come" in early.text
    assert "My words" in early.text
    assert "was not at this park" in sent(staff, address, **written(session, startup, kind="left", site="agadir")).text


def test_who_comes_second_sees_what_the_first_recorded(staff: FlaskClient, session: Session, startup: Startup) -> None:
    address = "/en/staff/residency/startups/atlas-maps"
    late = written(session, startup, kind="renewed", note="My words", until=(TODAY + timedelta(days=99)).isoformat())
    sent(staff, address, **written(session, startup, kind="extended", until=(TODAY + timedelta(days=50)).isoformat()))
    answer = sent(staff, address, **late)
    assert answer.status_code == 409
    assert "recorded something meanwhile" in answer.text
    assert "My words" in answer.text


def test_a_mistake_is_corrected_and_stays_in_the_history(
    staff: FlaskClient, session: Session, startup: Startup
) -> None:
    sent(staff, "/en/staff/residency/startups/atlas-maps", **written(session, startup, kind="left"))
    session.refresh(startup)
    assert startup.residency == Residency.ALUMNI
    left = session.scalars(sa.select(ResidencyEvent).where(ResidencyEvent.kind == "left")).one()
    address = f"/en/staff/residency/startups/atlas-maps/correct/{left.id}"
    assert sent(staff, address, **written(session, startup, kind="", on="")).status_code == 422
    answer = sent(staff, address, **written(session, startup, kind="", on="", why="Another startup left"))
    assert answer.status_code == 303
    session.refresh(startup)
    assert startup.residency == Residency.RESIDENT
    page = staff.get("/en/staff/residency/startups/atlas-maps").text
    assert "taken back" in page
    assert "Another startup left" in page
    assert staff.get(f"/en/staff/residency/startups/atlas-maps?known={TODAY - timedelta(days=1)}").status_code == 200


def test_the_list_can_be_taken_away(staff: FlaskClient, startup: Startup) -> None:
    text = staff.get("/en/staff/residency/residents.csv?site=rabat").text
    assert "atlas-maps" in text
    assert "atlas-maps" not in staff.get("/en/staff/residency/residents.csv?site=agadir").text


def test_a_company_is_noted_as_closed_once_staff_say_so(staff: FlaskClient, session: Session, startup: Startup) -> None:
    person = make_account().person
    join(make_account(), startup)
    pulse = Pulse(startup_id=startup.id, year=TODAY.year, answer=PulseAnswer.CLOSED, answered_at=utc_now())
    pulse.person_id = person.id
    session.add(pulse)
    session.commit()
    assert "ceased its activity" in staff.get("/en/staff/residency/pulse").text
    sent(staff, "/en/staff/residency/pulse/atlas-maps/closed", "/en/staff/residency/pulse")
    session.refresh(startup)
    assert startup.closed_on is not None
