"""Profiles that nobody stood by for a year come to the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.errors import Conflict, NotAllowed
from webapp.models import NetworkRole, OutgoingMail, utc_now
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.stale_profiles import ask_again, count_stale, list_stale, vouch

Maker = Callable[..., Any]
TODAY = date(2026, 11, 27)
LONG_AGO = TODAY - timedelta(days=500)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def test_residents_and_partners_are_stale_after_a_year_without_a_word(
    session: Session, staff: Actor, make_startup: Maker, make_partner: Maker
) -> None:
    old = make_startup("Old", site="rabat", verified_on=LONG_AGO)
    make_startup("Confirmed", site="rabat", verified_on=LONG_AGO, confirmed_on=TODAY - timedelta(days=100))
    make_startup("Not in a park", verified_on=LONG_AGO)
    make_startup("Fresh", site="rabat", published_at=utc_now())
    fund = make_partner("Fund", confirmed_on=LONG_AGO - timedelta(days=9))
    found = list_stale(session, staff, TODAY)
    assert [row.profile for row in found] == [fund, old]
    assert count_stale(session, TODAY) == (2, found[0].since)


def test_nothing_is_stale_in_an_empty_directory(session: Session) -> None:
    assert count_stale(session, TODAY) == (0, None)


def test_its_members_are_asked_once_a_day(session: Session, staff: Actor, make_startup: Maker) -> None:
    startup = make_startup("Old", site="rabat", verified_on=LONG_AGO)
    join(make_account(), startup)
    assert ask_again(session, staff, "startup", startup.slug, today=TODAY) == 1
    assert session.scalars(sa.select(OutgoingMail.kind)).all() == ["profile-confirm"]
    with pytest.raises(Conflict, match="asked-today"):
        ask_again(session, staff, "startup", startup.slug, today=TODAY)


def test_where_nobody_can_be_asked_staff_are_told(session: Session, staff: Actor, make_startup: Maker) -> None:
    startup = make_startup("Alone", site="rabat", verified_on=LONG_AGO)
    with pytest.raises(Conflict, match="no-members"):
        ask_again(session, staff, "startup", startup.slug, today=TODAY)


def test_what_staff_checked_is_stale_no_more(session: Session, staff: Actor, make_startup: Maker) -> None:
    startup = make_startup("Old", site="rabat", verified_on=LONG_AGO)
    vouch(session, staff, "startup", startup.slug, today=TODAY)
    assert startup.verified_on == TODAY
    assert count_stale(session, TODAY) == (0, None)


def test_visitors_do_neither(session: Session, make_startup: Maker) -> None:
    startup = make_startup("Old", site="rabat", verified_on=LONG_AGO)
    for attempt in (ask_again, vouch):
        with pytest.raises(NotAllowed):
            attempt(session, VISITOR, "startup", startup.slug, today=TODAY)
