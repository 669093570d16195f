"""The quality report and the register of non-conformities."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.models import Claim, ClaimState, NetworkRole, Startup
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import actor_of
from webapp.services.network import get_network
from webapp.services.nonconformities import (
    NonconformityDraft,
    close_nonconformity,
    edit_nonconformity,
    list_nonconformities,
    open_nonconformity,
    reopen_nonconformity,
)
from webapp.services.quality import COLUMNS, Decided, Quarter, report, report_rows
from webapp.services.shares import Share, binomial_limits

TODAY = date(2026, 11, 27)
DRAFT = NonconformityDraft("Late answers", "Claims waited for two weeks.", TODAY, "claims")


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def claim(session: Session, startup: Startup, made: datetime, decided: datetime | None) -> None:
    state = ClaimState.APPROVED if decided else ClaimState.WAITING
    person = make_person()
    session.add(
        Claim(startup_id=startup.id, person=person, statement="Mine", created_at=made, decided_at=decided, state=state)
    )
    session.flush()


def test_decisions_count_in_the_quarter_in_which_they_were_made(
    session: Session, staff: Actor, make_startup: object
) -> None:
    startup = make_startup("Claimed")  # type: ignore[operator]
    monday = datetime(2026, 9, 28, 9, tzinfo=UTC)
    claim(session, startup, monday, monday + timedelta(days=1))  # third quarter, one working day
    claim(session, startup, monday, monday + timedelta(days=3))  # fourth quarter, three
    claim(session, startup, monday, monday + timedelta(days=14))  # fourth quarter, ten
    claim(session, startup, monday, None)
    found = report(session, staff, get_network(session), Quarter(2026, 4))
    (claims,) = [each for each in found.decided if each.code == "claims"]
    assert (claims.days, claims.median, claims.nine_in_ten) == ([3, 10], 6.5, 10)
    assert claims.in_time == Share(1, 2)
    rows = report_rows(found)
    assert all(set(row) <= set(COLUMNS) for row in rows)
    assert {"quarter": "2026-4", "figure": "decided", "queue": "claims", "value": 2} in rows


def test_without_decisions_there_are_no_figures(session: Session, staff: Actor) -> None:
    found = report(session, staff, get_network(session), Quarter(1999, 1))
    assert all(each.median is None and each.nine_in_ten is None for each in found.decided)
    assert (found.useful.value, found.useful.interval, found.rating) == (None, None, None)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_quarters_follow_one_another(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day < quarter.after.first
    assert quarter.before.after == quarter == Quarter.read(quarter.code)


@pytest.mark.parametrize("text", ["", "2026", "2026-5", "2026-0", "26-1", "x-1", "2026-1-1", "0000-1"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert Quarter.read(text) is None


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_holds_its_share(count: int, of: int) -> None:
    share = Share(min(count, of), of)
    lower, upper = share.interval or (1, 0)
    assert 0 <= lower <= (share.value or 0) + 1e-12
    assert (share.value or 0) - 1e-12 <= upper <= 1


def test_the_interval_is_that_of_wilson() -> None:
    lower, upper = Share(8, 10).interval or (0, 0)
    assert (round(lower, 3), round(upper, 3)) == (0.490, 0.943)


@given(st.integers(0, 60), st.floats(0, 1))
def test_limits_of_a_binomial_number_hold_its_mean(number: int, chance: float) -> None:
    lower, upper = binomial_limits(number, chance)
    assert 0 <= lower <= round(number * chance) + 1
    assert round(number * chance) - 1 <= upper <= number


def test_nine_in_ten_is_a_number_of_days_that_occurred() -> None:
    assert Decided("claims", 3, [1, 1, 1, 2, 2, 2, 3, 3, 4, 30]).nine_in_ten == 4


def test_a_non_conformity_is_closed_once_cause_and_action_are_known(session: Session, staff: Actor) -> None:
    found = open_nonconformity(session, staff, DRAFT, today=TODAY)
    for missing, draft in (("no-cause", DRAFT), ("no-action", replace(DRAFT, cause="Nobody looked."))):
        edit_nonconformity(session, staff, found, draft, version=found.version, today=TODAY)
        with pytest.raises(Invalid, match=missing):
            close_nonconformity(session, staff, found, version=found.version)
    whole = replace(DRAFT, cause="Nobody looked.", action="Somebody looks each morning.")
    edit_nonconformity(session, staff, found, whole, version=found.version, today=TODAY)
    close_nonconformity(session, staff, found, version=found.version)
    assert found.closed_by_id == staff.person_id
    assert list_nonconformities(session, staff, is_open=True) == []
    reopen_nonconformity(session, staff, found, version=found.version)
    assert list_nonconformities(session, staff, is_open=True) == [found]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(DRAFT, found_on=TODAY + timedelta(days=1)), "not-yet"),
        (replace(DRAFT, due_on=TODAY - timedelta(days=1)), "due-before-found"),
    ],
)
def test_days_have_to_make_sense(session: Session, staff: Actor, draft: NonconformityDraft, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        open_nonconformity(session, staff, draft, today=TODAY)


def test_of_two_at_a_time_the_second_is_told(session: Session, staff: Actor) -> None:
    found = open_nonconformity(session, staff, DRAFT, today=TODAY)
    seen = found.version
    edit_nonconformity(session, staff, found, replace(DRAFT, cause="First"), version=seen, today=TODAY)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        edit_nonconformity(session, staff, found, replace(DRAFT, cause="Second"), version=seen, today=TODAY)


def test_only_staff_read_and_write_it(session: Session) -> None:
    with pytest.raises(NotAllowed):
        report(session, VISITOR, None, Quarter(2026, 4))
    with pytest.raises(NotAllowed):
        open_nonconformity(session, VISITOR, DRAFT, today=TODAY)
