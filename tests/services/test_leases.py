"""Leases, reminders, occupancy and the yearly question to those who left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.errors import Conflict, Invalid
from webapp.models import NetworkRole, OneTimeLink, OutgoingMail, Pulse, ResidencyEventKind, Site, Startup
from webapp.permissions import SYSTEM, Actor
from webapp.services.actors import actor_of
from webapp.services.lease_reminders import remind_of_leases
from webapp.services.leases import Due, add_months, count_due, current_stays
from webapp.services.occupancy import expected_vacancies, occupancy
from webapp.services.pulse import answer_pulse, ask_pulse, list_answers, pulse_of_link
from webapp.services.residency import EventDraft, record_residency
from webapp.services.residents import ResidentFilter, list_residents
from webapp.services.shares import Share

Maker = Callable[..., Any]
TODAY = date(2026, 11, 27)
Record = Callable[..., None]


@pytest.fixture
def rabat(session: Session) -> Site:
    return session.scalars(sa.select(Site).where(Site.code == "rabat")).one()


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def record(session: Session, rabat: Site) -> Record:
    def one(startup: Startup, kind: str, days_ago: int, until: int | None = None) -> None:
        """Something that happened so many days ago, with a lease that ends so many days from today."""
        ends = None if until is None else TODAY + timedelta(days=until)
        draft = EventDraft(TODAY - timedelta(days=days_ago), ResidencyEventKind(kind), rabat, until=ends)
        record_residency(session, SYSTEM, startup, draft, today=TODAY)

    return one


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-300, 300))
def test_months_are_added_as_calendars_do(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_what_is_due_comes_first(session: Session, staff: Actor, make_startup: Maker, record: Record) -> None:
    late, soon, review, calm = (make_startup(name) for name in ("Late", "Soon", "Young", "Calm"))
    record(late, "entered", 800, until=-3)
    record(soon, "entered", 700, until=20)
    record(review, "entered", 560, until=400)
    record(calm, "entered", 900, until=31)
    found = list_residents(session, staff, ResidentFilter(), TODAY)
    assert [(row.startup.name_latin, row.stay.due) for row in found] == [
        ("Late", Due.OVERDUE),
        ("Young", Due.REVIEW),
        ("Soon", Due.ENDING),
        ("Calm", None),
    ] or [(row.startup.name_latin, row.stay.due) for row in found][-1] == ("Calm", None)
    assert {row.stay.due for row in list_residents(session, staff, ResidentFilter(due="any"), TODAY)} == set(Due)
    assert count_due(session, TODAY)[0] == 3
    record(review, "reviewed", 1)
    assert count_due(session, TODAY)[0] == 2


def test_residents_are_found_by_name_and_park(
    session: Session, staff: Actor, make_startup: Maker, record: Record
) -> None:
    record(make_startup("Élan Vert"), "entered", 100, until=300)
    record(make_startup("Other"), "entered", 100, until=300)
    assert len(list_residents(session, staff, ResidentFilter(text="elan", site="rabat"), TODAY)) == 1
    assert list_residents(session, staff, ResidentFilter(site="agadir"), TODAY) == []


def test_members_are_reminded_once_for_each_mark(session: Session, make_startup: Maker, record: Record) -> None:
    startup = make_startup("Soon")
    join(make_account(), startup)
    record(startup, "entered", 700, until=80)
    assert remind_of_leases(session, TODAY) == 1
    assert remind_of_leases(session, TODAY + timedelta(days=1)) == 0
    assert remind_of_leases(session, TODAY + timedelta(days=51)) == 1
    assert remind_of_leases(session, TODAY + timedelta(days=90)) == 0
    kinds = session.scalars(sa.select(OutgoingMail.kind)).all()
    assert kinds == ["lease-ending"] * 2


def test_who_was_not_told_for_weeks_gets_one_reminder_only(
    session: Session, make_startup: Maker, record: Record
) -> None:
    startup = make_startup("Soon")
    join(make_account(), startup)
    record(startup, "entered", 700, until=10)
    assert remind_of_leases(session, TODAY) == 1
    assert len(session.scalars(sa.select(OutgoingMail)).all()) == 1


def test_occupancy_counts_residents_and_the_leases_that_were_renewed(
    session: Session, staff: Actor, make_startup: Maker, record: Record
) -> None:
    stays, leaves, new = (make_startup(name) for name in ("Stays", "Leaves", "New"))
    record(stays, "entered", 800, until=-400)
    record(stays, "renewed", 405, until=40)
    record(leaves, "entered", 800, until=-300)
    record(leaves, "left", 310)
    record(new, "entered", 10)
    found = occupancy(session, staff, TODAY)
    (rabat,) = [each for each in found.sites if each.site.code == "rabat"]
    assert (rabat.residents, rabat.months[0], rabat.unknown) == (2, 2, 1)
    assert rabat.renewals == found.renewals == Share(1, 2)
    assert sum(rabat.ending) == rabat.ending[1] == 1


def test_who_leaves_long_before_the_end_says_nothing_of_renewals(
    session: Session, staff: Actor, make_startup: Maker, record: Record
) -> None:
    startup = make_startup("Early")
    record(startup, "entered", 500, until=-100)
    record(startup, "left", 300)
    assert occupancy(session, staff, TODAY).renewals == Share(0, 0)


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.floats(0, 1))
def test_vacancies_add_up_and_lie_within_their_limits(ending: list[int], renewal: float) -> None:
    found = expected_vacancies(ending, renewal)
    assert [each.ending for each in found] == [sum(ending[: n + 1]) for n in range(12)]
    assert all(0 <= each.lower <= each.upper <= each.ending for each in found)
    assert all(each.lower - 1 <= each.mean <= each.upper + 1 for each in found)


def test_if_all_renew_nothing_becomes_free_and_if_none_does_everything_does() -> None:
    assert [(each.lower, each.upper) for each in expected_vacancies([2, 3], 1.0)] == [(0, 0), (0, 0)]
    assert [(each.lower, each.upper) for each in expected_vacancies([2, 3], 0.0)] == [(2, 2), (5, 5)]


@pytest.fixture
def alumna(make_startup: Maker, record: Record) -> Startup:
    startup: Startup = make_startup("Gone")
    record(startup, "entered", 1500)
    record(startup, "left", 500)
    return startup


def test_who_left_is_asked_once_a_year_and_answers_once(session: Session, alumna: Startup, staff: Actor) -> None:
    account = make_account()
    join(account, alumna)
    assert [ask_pulse(session, TODAY) for _ in range(2)] == [1, 0]
    link = session.scalars(sa.select(OneTimeLink)).one()
    pulse = pulse_of_link(session, link)
    member = actor_of(session, account)
    with pytest.raises(Invalid, match="pulse-answer"):
        answer_pulse(session, member, pulse, "perhaps", today=TODAY)
    answer_pulse(session, member, pulse, "active", today=TODAY)
    assert alumna.confirmed_on == TODAY
    with pytest.raises(Conflict, match="pulse-answered"):
        pulse_of_link(session, link)
    assert [each.startup for each in list_answers(session, staff, TODAY.year)] == [alumna]
    pulse.asked_at = datetime(2026, 11, 27, tzinfo=UTC)
    session.flush()
    assert ask_pulse(session, add_months(TODAY, 11)) == 0
    assert ask_pulse(session, add_months(TODAY, 13)) == 1


def test_nobody_is_asked_who_has_no_member_or_has_closed(session: Session, alumna: Startup) -> None:
    assert ask_pulse(session, TODAY) == 0
    join(make_account(), alumna)
    alumna.closed_on = TODAY
    session.flush()
    assert ask_pulse(session, TODAY) == 0


def test_a_company_that_says_it_closed_is_not_closed_before_staff_say_so(session: Session, alumna: Startup) -> None:
    account = make_account()
    join(account, alumna)
    ask_pulse(session, TODAY)
    pulse = session.scalars(sa.select(Pulse)).one()
    answer_pulse(session, actor_of(session, account), pulse, "closed", today=TODAY)
    assert alumna.closed_on is None


def test_all_stays_are_read_in_a_fixed_number_of_queries(
    session: Session, make_startup: Maker, record: Record, count_queries: Callable[[], int]
) -> None:
    for number in range(3):
        record(make_startup(f"Startup {number}"), "entered", 100, until=10)
    session.commit()
    count_queries()
    current_stays(session, TODAY)
    few = count_queries()
    for number in range(9):
        record(make_startup(f"Another {number}"), "entered", 100, until=10)
    session.commit()
    count_queries()
    current_stays(session, TODAY)
    assert count_queries() == few
