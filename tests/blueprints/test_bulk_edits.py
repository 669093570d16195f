from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import BulkEdit, NetworkRole, TermKind

Maker = Callable[..., Any]


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


def digest_on(page: Any) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page.text)
    assert found
    return found.group(1)


def test_profiles_of_a_filtered_directory_are_changed_and_changed_back(
    session: Session, staff: FlaskClient, make_startup: Maker
) -> None:
    one, two = make_startup("Atlas", sectors=["edtech"]), make_startup("Tazrii", sectors=["agritech"])
    session.commit()
    choose = said(opened(staff, "/en/staff/bulk/startup/choose?sector=edtech&field=sectors"))
    assert "1 profile is chosen." in choose
    assert "Sector: Education" in choose or "Sector:" in choose
    path = "/en/staff/bulk/startup/preview?sector=edtech&field=sectors&action=add&value=fintech"
    page = opened(staff, path)
    assert "1 profile would change" in said(page)
    done = sent(staff, path, digest=digest_on(page))
    assert done.status_code == 303
    session.expire_all()
    assert [term.code for term in one.terms(TermKind.SECTOR)] == ["edtech", "fintech"]
    assert [term.code for term in two.terms(TermKind.SECTOR)] == ["agritech"]
    record = opened(staff, done.location)
    assert "Atlas" in said(record)
    undone = sent(staff, f"{done.location}/undo", page=done.location)
    assert undone.status_code == 303
    session.expire_all()
    assert [term.code for term in one.terms(TermKind.SECTOR)] == ["edtech"]
    assert "1 profile got back what it said before." in said(opened(staff, done.location))
    assert "Undone" in said(opened(staff, "/en/staff/bulk"))


def test_profiles_can_be_named_by_their_addresses(session: Session, staff: FlaskClient, make_partner: Maker) -> None:
    partner = make_partner(slug="fund")
    session.commit()
    only = "https://localhost/fr/partners/fund%3Fx=1%0Anobody"
    path = f"/en/staff/bulk/partner/preview?only={only}&field=verified_on&action=set"
    page = opened(staff, path)
    assert "Nobody has these addresses: nobody" in said(page)
    assert sent(staff, path, digest=digest_on(page)).status_code == 303
    session.refresh(partner)
    assert isinstance(partner.verified_on, date)


def test_what_changed_since_the_preview_is_said(session: Session, staff: FlaskClient, make_startup: Maker) -> None:
    make_startup(sectors=["edtech"])
    session.commit()
    path = "/en/staff/bulk/startup/preview?field=verified_on&action=set"
    digest = digest_on(opened(staff, path))
    make_startup(sectors=["edtech"])
    session.commit()
    answer = sent(staff, path, digest=digest)
    assert answer.status_code == 409
    assert "Meanwhile something else would be changed" in said(answer)
    assert "2 profiles would change" in said(answer)
    assert session.scalar(sa.select(BulkEdit)) is None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Please choose a field."),
        ("field=sectors", "Please choose what to do."),
        ("field=sectors&action=add", "Please choose a value."),
    ],
)
def test_what_is_missing_is_asked_for(
    session: Session, staff: FlaskClient, make_startup: Maker, query: str, text: str
) -> None:
    make_startup()
    session.commit()
    page = opened(staff, f"/en/staff/bulk/startup/preview?{query}")
    assert page.status_code == 422
    assert text in said(page)


def test_the_directory_leads_staff_there_with_its_filters(
    session: Session, staff: FlaskClient, client: FlaskClient, make_startup: Maker
) -> None:
    make_startup(sectors=["edtech"])
    session.commit()
    address = "/en/staff/bulk/startup/choose?sector=edtech"
    assert address in opened(staff, "/en/startups?sector=edtech").text
    assert "/staff/bulk" not in opened(client, "/en/startups?sector=edtech").text


def test_nothing_was_changed_yet(staff: FlaskClient) -> None:
    assert "Nothing was changed of many profiles yet." in said(opened(staff, "/en/staff/bulk"))
