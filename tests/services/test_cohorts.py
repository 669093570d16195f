"""Cohorts: their days, their places, and who plans them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.applications import make_draft, make_sent, make_staff
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import ApplicationState, Cohort, Site
from webapp.permissions import VISITOR
from webapp.services.cohorts import (
    CohortValues,
    coming_cohorts,
    count_by_state,
    get_cohort,
    is_open,
    list_cohorts,
    open_cohorts,
    save_cohort,
)

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def values(**changes: Any) -> CohortValues:
    return CohortValues(**{"names": {"en": "Spring"}, "opens_on": FIRST, "closes_on": LAST, **changes})


@pytest.fixture
def site(session: Session) -> Site:
    return session.scalars(select(Site).where(Site.code == "casablanca")).one()


def test_one_can_apply_from_its_first_to_its_last_day(session: Session) -> None:
    cohort = save_cohort(session, make_staff(session), values())
    for day, is_it in ((date(2026, 10, 31), False), (FIRST, True), (LAST, True), (date(2026, 12, 1), False)):
        assert is_open(cohort, day) is is_it
        assert (list(open_cohorts(session, day)) == [cohort]) is is_it
    assert list(coming_cohorts(session, date(2026, 10, 31))) == [cohort]
    assert list(coming_cohorts(session, FIRST)) == []


def test_its_code_says_park_and_month_and_is_its_own(session: Session, site: Site) -> None:
    staff = make_staff(session)
    made = [save_cohort(session, staff, values(site=site)) for _ in range(3)]
    assert [cohort.code for cohort in made] == ["casablanca-2026-11", "casablanca-2026-11-2", "casablanca-2026-11-3"]
    assert save_cohort(session, staff, values()).code == "all-2026-11"
    assert get_cohort(session, staff, "all-2026-11").site is None
    with pytest.raises(NotFound):
        get_cohort(session, staff, "nowhere")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"names": {"en": ""}}, "name-missing"),
        ({"closes_on": date(2026, 10, 31)}, "closes-before"),
        ({"begins_on": LAST}, "begins-before"),
        ({"places": 0}, "places"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        save_cohort(session, make_staff(session), values(**changes))
    assert session.scalars(select(Cohort)).all() == []


def test_of_two_who_change_it_the_later_one_is_told(session: Session) -> None:
    staff = make_staff(session)
    cohort = save_cohort(session, staff, values())
    seen = cohort.version
    save_cohort(session, staff, values(places=5), cohort, version=seen)
    with pytest.raises(Conflict, match="cohort-changed"):
        save_cohort(session, staff, values(places=6), cohort, version=seen)
    assert cohort.places == 5


def test_applications_are_counted_by_state_and_drafts_are_not(session: Session, site: Site) -> None:
    staff = make_staff(session)
    cohort = save_cohort(session, staff, values(site=site))
    make_draft(session, cohort=cohort.code)
    make_sent(session, cohort=cohort.code)
    assert count_by_state(session, list_cohorts(session, staff)) == {cohort.id: {ApplicationState.SUBMITTED: 1}}


def test_only_staff_plan_cohorts(session: Session) -> None:
    for attempt in (lambda: save_cohort(session, VISITOR, values()), lambda: list_cohorts(session, VISITOR)):
        with pytest.raises(NotAllowed):
            attempt()
