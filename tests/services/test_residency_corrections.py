"""Corrections are new events: what holds changes, what was known stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.services.test_residency import CORRECTED, ENTERED, EXTENDED, LEFT, RENEWED, REVIEWED, TODAY, day, histories
from webapp.errors import Conflict, Invalid
from webapp.models import NetworkRole, Residency, ResidencyEvent, Site, utc_now
from webapp.permissions import SYSTEM, Actor
from webapp.services.actors import actor_of
from webapp.services.residency import (
    EventDraft,
    correct_residency,
    derive_stays,
    last_event,
    list_events,
    record_residency,
    standing_events,
)

Maker = Callable[..., Any]


@pytest.fixture
def rabat(session: Session) -> Site:
    return session.scalars(sa.select(Site).where(Site.code == "rabat")).one()


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def with_ids(events: list[ResidencyEvent]) -> list[ResidencyEvent]:
    for number, event in enumerate(events, start=1):
        event.id = number
    return events


@given(histories())
def test_taking_back_the_last_event_gives_what_was_derived_before_it(events: list[ResidencyEvent]) -> None:
    with_ids(events)
    for number in range(1, len(events) + 1):
        wrong = events[number - 1]
        taken_back = ResidencyEvent(id=99, kind=CORRECTED, on=wrong.on, site_id=wrong.site_id, voids_id=wrong.id)
        assert derive_stays([*events[:number], taken_back]) == derive_stays(events[: number - 1])


@given(histories(), st.data())
def test_taking_back_and_recording_anew_changes_nothing(events: list[ResidencyEvent], data: st.DataObject) -> None:
    with_ids(events)
    # What happens on one day keeps the order in which it was recorded, so only the last of its day can come again.
    last = [one for one, later in zip_longest(events, events[1:]) if later is None or later.on > one.on]
    if not last:
        return
    wrong = data.draw(st.sampled_from(last))
    taken_back = ResidencyEvent(id=99, kind=CORRECTED, on=wrong.on, site_id=wrong.site_id, voids_id=wrong.id)
    again = ResidencyEvent(
        id=100, kind=wrong.kind, on=wrong.on, site_id=wrong.site_id, from_site_id=wrong.from_site_id, reason_id=None
    )
    assert derive_stays([*events, taken_back, again]) == derive_stays(events)


def test_a_lease_runs_until_what_was_agreed_last(session: Session, make_startup: Maker, rabat: Site) -> None:
    startup = make_startup()
    for number, (kind, until) in enumerate(((ENTERED, 500), (RENEWED, 900), (REVIEWED, None), (EXTENDED, 950))):
        draft = EventDraft(day(number * 100), kind, rabat, until=day(until) if until else None)
        record_residency(session, SYSTEM, startup, draft, today=TODAY)
    (stay,) = derive_stays(list_events(session, startup))
    assert (stay.until, stay.left) == (day(950), None)


def test_a_correction_keeps_the_past(session: Session, make_startup: Maker, rabat: Site, staff: Actor) -> None:
    startup = make_startup()
    wrong = record_residency(session, SYSTEM, startup, EventDraft(day(0), ENTERED, rabat), today=TODAY)
    session.commit()
    then = utc_now()
    right = EventDraft(day(30), ENTERED, rabat)
    correct_residency(session, staff, startup, wrong, right, today=TODAY, note="A typing error")
    session.commit()
    assert [stay.entered for stay in derive_stays(list_events(session, startup))] == [day(30)]
    assert [stay.entered for stay in derive_stays(list_events(session, startup, then))] == [day(0)]
    assert startup.entered_on == day(30)
    assert [event.kind for event in list_events(session, startup)] == [ENTERED, CORRECTED, ENTERED]
    assert len(standing_events(list_events(session, startup))) == 1
    with pytest.raises(Conflict, match="corrected-already"):
        correct_residency(session, staff, startup, wrong, None, today=TODAY)


def test_what_was_recorded_by_mistake_goes_without_a_trace_in_the_stays(
    session: Session, make_startup: Maker, rabat: Site, staff: Actor
) -> None:
    startup = make_startup()
    record_residency(session, SYSTEM, startup, EventDraft(day(0), ENTERED, rabat), today=TODAY)
    left = record_residency(session, SYSTEM, startup, EventDraft(day(9), LEFT, rabat), today=TODAY)
    assert startup.residency == Residency.ALUMNI
    correct_residency(session, staff, startup, left, None, today=TODAY)
    assert startup.residency == Residency.RESIDENT


def test_what_others_rest_on_cannot_be_taken_back(
    session: Session, make_startup: Maker, rabat: Site, staff: Actor
) -> None:
    startup = make_startup()
    entered = record_residency(session, SYSTEM, startup, EventDraft(day(0), ENTERED, rabat), today=TODAY)
    record_residency(session, SYSTEM, startup, EventDraft(day(9), LEFT, rabat), today=TODAY)
    with pytest.raises(Invalid, match="not-there"):
        correct_residency(session, staff, startup, entered, None, today=TODAY)


def test_of_two_members_of_staff_the_second_is_told(
    session: Session, make_startup: Maker, rabat: Site, staff: Actor
) -> None:
    startup = make_startup()
    seen = last_event(list_events(session, startup))
    record_residency(session, staff, startup, EventDraft(day(0), ENTERED, rabat), today=TODAY, seen=seen)
    with pytest.raises(Conflict, match="residency-changed"):
        record_residency(session, staff, startup, EventDraft(day(5), RENEWED, rabat), today=TODAY, seen=seen)


def test_a_lease_does_not_end_before_it_begins(session: Session, make_startup: Maker, rabat: Site) -> None:
    draft = EventDraft(day(9), ENTERED, rabat, until=day(8))
    with pytest.raises(Invalid, match="until-before-on"):
        record_residency(session, SYSTEM, make_startup(), draft, today=date(2026, 1, 1) + timedelta(days=9))
