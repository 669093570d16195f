"""Applying on a second network: other rules, no criteria, two languages, one evaluator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.accounts import Browser, make_account, signed_in
from tests.harbour import harbour_site
from tests.pages import opened, said, sent
from webapp.extensions import db
from webapp.models import Application, ApplicationState, NetworkRole
from webapp.services.applications import address_proof
from webapp.web.signed_links import application_token

FIRST = {
    "kind": "tenant",
    "site": "cork-quay",
    "contact_name": "Aoife",
    "email": "aoife@mail.example",
    "language": "fr",
}
PAGES = {
    "project": {"name_latin": "Swell", "pitch": "Buoys.", "description": "Buoys that count waves."},
    "activity": {"sectors": "medtech"},
    "company": {"team": "Two divers.", "why_park": "The quay."},
}


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Flask]:
    """The site of the second network."""
    with harbour_site(tmp_path) as app:
        yield app


def version_in(text: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', text)
    assert found
    return found.group(1)


def test_its_own_rules_decide_who_may_apply_and_one_evaluation_is_enough(harbour: Flask) -> None:
    visitor = Browser(harbour, harbour.response_class)
    start = said(opened(visitor, "/fr/apply"))
    assert "L’entreprise travaille avec la mer." in start
    assert opened(visitor, "/ar/apply").status_code == 404
    assert sent(visitor, "/fr/apply/new", **FIRST).status_code == 303
    application = db.session.scalars(sa.select(Application)).one()
    path = f"/fr/apply/{application_token(application.reference, address_proof(application))}"
    for step, values in PAGES.items():
        page = opened(visitor, f"{path}/{step}").text
        stage = {"maturity": _first_choice(page)} if step == "activity" else {}
        answer = sent(visitor, f"{path}/{step}", **values | stage, version=version_in(page))
        assert answer.status_code == 303, said(answer)
    assert f"{path}/submit" not in opened(visitor, path).text, "it is not by the sea"
    activity = f"{path}/activity"
    page = opened(visitor, activity).text
    by_the_sea = {"sectors": "ocean-energy", "maturity": _first_choice(page), "version": version_in(page)}
    sent(visitor, activity, **by_the_sea)
    sent(visitor, f"{path}/submit", path, version=version_in(opened(visitor, path).text))
    db.session.expire_all()
    assert application.state == ApplicationState.SUBMITTED
    assert [found["code"] for found in application.eligibility if not found["holds"]] == ["not-too-old"]

    staff = signed_in(harbour, make_account(NetworkRole.STAFF))
    desk = f"/en/staff/applications/{application.reference}"
    assert sent(staff, f"{desk}/evaluation", desk, recommends="yes", comment="Waves!").status_code == 303
    values = {"decision": "accept", "profile": "new", "version": version_in(opened(staff, desk).text)}
    assert sent(staff, f"{desk}/decision", desk, **values).status_code == 303
    db.session.expire_all()
    assert application.startup is not None
    assert application.startup.pitch == {"fr": "Buoys."}


def _first_choice(page: str) -> str:
    """The first stage that the form offers."""
    found = re.search(r'name="maturity".*?<option value="([^"]+)"', page, re.DOTALL)
    assert found
    return found.group(1)
