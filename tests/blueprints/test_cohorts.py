"""Staff plan cohorts with their browser."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import Cohort, NetworkRole

VALUES = {"name-en": "Spring", "opens_on": "2026-12-01", "closes_on": "2026-12-31", "site": "rabat", "places": "4"}


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_cohort_is_planned_and_changed(browser: FlaskClient, session: Session, language: str) -> None:
    path = f"/{language}/staff/cohorts"
    assert opened(browser, path).status_code == 200
    assert sent(browser, f"{path}/new", **VALUES).status_code == 303
    cohort = session.scalars(sa.select(Cohort)).one()
    assert (cohort.code, cohort.places, cohort.closes_on) == ("rabat-2026-12", 4, date(2026, 12, 31))
    page = opened(browser, f"{path}/{cohort.code}")
    version = re.search(r'name="version"[^>]*value="(\d+)"', page.text)[1]  # type: ignore[index]
    changed = VALUES | {"name-fr": "Printemps", "site": "", "places": "", "version": version}
    assert sent(browser, f"{path}/{cohort.code}", **changed).status_code == 303
    session.refresh(cohort)
    assert (cohort.names, cohort.site, cohort.places) == ({"en": "Spring", "fr": "Printemps"}, None, None)
    assert ("Spring" if language == "en" else "Printemps") in said(opened(browser, path))


def test_what_makes_no_sense_is_said_beside_its_field(browser: FlaskClient, session: Session) -> None:
    wrong = VALUES | {"name-en": "", "closes_on": "2026-11-30"}
    answer = sent(browser, "/en/staff/cohorts/new", **wrong)
    assert answer.status_code == 422
    assert "Please write its name" in said(answer)
    answer = sent(browser, "/en/staff/cohorts/new", **wrong | {"name-en": "Spring"})
    assert "The last day must not be before the first." in said(answer)
    assert sent(browser, "/en/staff/cohorts/new", **VALUES | {"begins_on": "2026-12-31"}).status_code == 422
    assert session.scalars(sa.select(Cohort)).all() == []


def test_of_two_who_change_it_the_later_one_keeps_what_was_typed(browser: FlaskClient, session: Session) -> None:
    sent(browser, "/en/staff/cohorts/new", **VALUES)
    path = "/en/staff/cohorts/rabat-2026-12"
    assert sent(browser, path, **VALUES, **{"name-fr": "Un", "version": "1"}).status_code == 303
    answer = sent(browser, path, **VALUES, **{"name-fr": "Deux", "version": "1"})
    assert answer.status_code == 409
    assert "Deux" in answer.text
    assert 'value="2"' in answer.text
