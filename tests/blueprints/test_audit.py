"""The pages of oversight: the audit trail, the quality report, the register of non-conformities, stale profiles."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.applications import make_draft, make_sent
from tests.challenges import make_contest
from tests.pages import sent
from webapp.models import AuditEntry, NetworkRole, Nonconformity, utc_now

Maker = Callable[..., Any]
WRITTEN = {
    "subject": "Claims wait too long",
    "service": "claims",
    "found_on": "2026-11-02",
    "description": "Three claims waited for two weeks.",
}


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    account = make_account(NetworkRole.STAFF)
    session.commit()
    return signed_in(app, account)


def test_what_a_member_of_staff_does_stands_on_their_desk_and_in_the_trail(
    staff: FlaskClient, session: Session, make_startup: Maker
) -> None:
    startup = make_startup("Atlas Maps", site="rabat", verified_on=(utc_now() - timedelta(days=500)).date())
    session.commit()
    assert b"Atlas Maps" in staff.get("/en/staff/stale").data
    sent(staff, f"/en/staff/stale/startup/{startup.slug}/vouch", "/en/staff/stale")
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.noun == "startup").order_by(AuditEntry.id)).all()[-1]
    assert (entry.role, "verified_on" in entry.changes) == ("staff", True)
    assert b"Atlas Maps" in staff.get("/en/staff").data
    page = staff.get(f"/en/staff/audit?noun=startup&id={startup.id}").text
    assert "Atlas Maps" in page
    assert "verified_on" in page


def test_every_record_that_the_trail_links_to_opens_for_staff(
    staff: FlaskClient, session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    challenge = make_contest(session, make_startup, make_partner).challenge
    draft, sent_in = make_draft(session, contact_name="Zineb"), make_sent(session)
    session.commit()
    pages = [staff.get(f"/en/staff/audit?noun={noun}").text for noun in ("application", "challenge", "startup")]
    links = re.findall(r'<p class="deed">.*?<a href="([^"]+)"><bdi>', "".join(pages), re.DOTALL)
    for path in (f"/en/staff/challenges/{challenge.slug}", f"/en/staff/applications/{sent_in.reference}"):
        assert path in links
    assert f"/en/staff/applications/{draft.reference}" not in links
    assert "Less water for tomatoes" in "".join(pages)
    assert "Zineb" not in "".join(pages), "a draft is told by its reference only"
    assert {path: staff.get(path).status_code for path in links if staff.get(path).status_code != 200} == {}


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_pages_of_oversight_answer_in_each_language(staff: FlaskClient, language: str) -> None:
    for path in ("", "/audit", "/quality", "/quality/nonconformities", "/quality/nonconformities/new", "/stale"):
        assert staff.get(f"/{language}/staff{path}").status_code == 200


def test_a_filter_that_makes_no_sense_narrows_nothing(staff: FlaskClient) -> None:
    assert staff.get("/en/staff/audit?noun=x&id=%00&person=-1&since=soon&until=2026-13-40&page=zzz").status_code == 200


def test_the_trail_can_be_taken_away_as_a_file(staff: FlaskClient, session: Session, make_startup: Maker) -> None:
    make_startup("=SUM(A1)", site="rabat")
    session.commit()
    rows = list(csv.DictReader(io.StringIO(staff.get("/en/staff/audit/trail.csv?noun=startup").text.lstrip("\ufeff"))))
    assert {row["record"] for row in rows} == {"startup"}
    with staff.get("/en/staff/audit/trail.xlsx?noun=startup") as answer:
        sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1
    assert len(staff.get("/en/staff/audit/trail.jsonl?noun=startup").text.splitlines()) == len(rows)
    assert staff.get("/en/staff/audit/trail.pdf").status_code == 404


def test_the_report_of_any_quarter_can_be_read_but_not_of_one_to_come(staff: FlaskClient) -> None:
    assert "Quarter 2 of 2025" in staff.get("/en/staff/quality?quarter=2025-2").text
    assert "9998" not in staff.get("/en/staff/quality?quarter=9998-1").text
    assert staff.get("/en/staff/quality/report.csv?quarter=2025-2").text.startswith("\ufeffquarter,figure")


def test_a_non_conformity_is_recorded_settled_and_closed(staff: FlaskClient, session: Session) -> None:
    assert sent(staff, "/en/staff/quality/nonconformities/new", **WRITTEN).status_code == 303
    found = session.scalars(sa.select(Nonconformity)).one()
    address = f"/en/staff/quality/nonconformities/{found.reference}"
    refused = sent(staff, address, **WRITTEN, version=str(found.version), deed="close")
    assert refused.status_code == 422
    assert "Write down the cause" in refused.text
    whole = WRITTEN | {"cause": "Nobody looked.", "action": "Somebody looks each morning."}
    session.refresh(found)
    assert sent(staff, address, **whole, version=str(found.version), deed="close").status_code == 303
    session.refresh(found)
    assert found.closed_at is not None


def test_who_comes_second_is_told_and_loses_nothing(staff: FlaskClient, session: Session) -> None:
    sent(staff, "/en/staff/quality/nonconformities/new", **WRITTEN)
    found = session.scalars(sa.select(Nonconformity)).one()
    address, seen = f"/en/staff/quality/nonconformities/{found.reference}", str(found.version)
    sent(staff, address, **WRITTEN, version=seen, cause="The first cause.")
    late = sent(staff, address, **WRITTEN, version=seen, cause="My own words.")
    assert late.status_code == 409
    assert "My own words." in late.text
    assert "changed this meanwhile" in late.text
    session.refresh(found)
    assert found.cause == "The first cause."
