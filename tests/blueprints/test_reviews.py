"""Changes of profiles as staff see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person, signed_in
from tests.pages import opened, said, sent
from tests.profiles import save
from webapp.models import NetworkRole, Revision, RevisionState, Startup
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.revisions import submit, take_back

Maker = Callable[..., Any]


def _submitted(session: Session, startup: Startup, **values: Any) -> tuple[Revision, Actor]:
    account = make_account(person=make_person(name="Salma Idrissi"))
    join(account, startup)
    actor = actor_of(session, account)
    save(session, actor, startup, "texts", pitch={"en": "Solar lamps for farms.", "ar": "مصابيح"})
    save(session, actor, startup, "sectors", sectors=["agritech"])
    return submit(session, actor, startup), actor


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    """The browser of somebody who works for the park."""
    return signed_in(app, make_account(NetworkRole.STAFF))


def _version(client: FlaskClient, path: str) -> str:
    return opened(client, path).text.split('name="version"')[1].split('value="')[1].split('"')[0]


def test_the_queue_is_oldest_first_and_says_how_old(session: Session, make_startup: Maker, staff: FlaskClient) -> None:
    new, _ = _submitted(session, make_startup("Newer"))
    old, _ = _submitted(session, make_startup("Older"))
    assert new.submitted_at
    old.submitted_at = new.submitted_at - timedelta(days=9)
    session.commit()
    queue = said(opened(staff, "/en/staff/reviews"))
    assert queue.index("Older") < queue.index("Newer")
    assert re.search(r"[4-7] working days", queue)  # weekends and holidays do not count


def test_one_revision_is_one_screen_with_words_and_terms(
    session: Session, make_startup: Maker, staff: FlaskClient
) -> None:
    revision, _ = _submitted(session, make_startup("Nour", pitch={"en": "Solar lamps."}, sectors=["fintech"]))
    session.commit()
    page = opened(staff, f"/en/staff/reviews/{revision.id}")
    assert "<ins>lamps for farms.</ins>" in page.text or "<ins>lamps for farms." in page.text
    assert "<del>Fintech</del>" in page.text
    assert "<ins>Agritech</ins>" in page.text
    assert 'lang="ar" dir="rtl"' in page.text


def test_staff_publish_and_the_second_decision_reads_what_happened(
    session: Session, make_startup: Maker, staff: FlaskClient
) -> None:
    startup = make_startup("Nour")
    revision, _ = _submitted(session, startup)
    session.commit()
    path = f"/en/staff/reviews/{revision.id}"
    version = _version(staff, path)
    assert sent(staff, path, decision="publish", verified="y", version=version).status_code == 422
    checked = {"verified": "y", "evidence": "https://register.example/42"}
    assert sent(staff, path, decision="publish", version=version, **checked).status_code == 303
    assert 'href="https://register.example/42"' in opened(staff, path).text
    session.expire_all()
    assert startup.pitch["en"] == "Solar lamps for farms."
    assert startup.verified_on == startup.confirmed_on is not None
    late = sent(staff, path, page="/en/my/new", decision="return", note="Not like this.", version=version)
    assert late.status_code == 409
    assert "decided or taken back meanwhile: Published" in said(late)
    assert "What you had typed" in said(late)
    assert "Not like this." in said(late)


def test_returning_needs_a_reason_which_members_read(
    app: Flask, session: Session, make_startup: Maker, staff: FlaskClient
) -> None:
    startup = make_startup("Nour")
    revision, actor = _submitted(session, startup)
    session.commit()
    path = f"/en/staff/reviews/{revision.id}"
    answer = sent(staff, path, decision="return", note=" ", version=_version(staff, path))
    assert answer.status_code == 422
    assert "Please write why" in said(answer)
    assert sent(staff, path, decision="return", note="Which farms?", version=_version(staff, path)).status_code == 303
    session.expire_all()
    assert revision.state == RevisionState.RETURNED
    assert actor.person_id == revision.author_id


def test_staff_do_not_publish_what_they_have_not_seen(
    session: Session, make_startup: Maker, staff: FlaskClient
) -> None:
    startup = make_startup("Nour")
    revision, actor = _submitted(session, startup)
    session.commit()
    path = f"/en/staff/reviews/{revision.id}"
    seen = _version(staff, path)
    take_back(session, actor, startup)
    save(session, actor, startup, "texts", pitch={"en": "Something else."})
    submit(session, actor, startup)
    session.commit()
    answer = sent(staff, path, decision="publish", version=seen)
    assert answer.status_code == 409
    assert "no longer as you saw them" in said(answer)
    assert "Something else." in said(answer)
    again = answer.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert sent(staff, path, decision="publish", version=again).status_code == 303
    session.expire_all()
    assert startup.pitch == {"en": "Something else."}


def test_members_and_visitors_do_not_come_here(app: Flask, session: Session, make_startup: Maker) -> None:
    revision, _ = _submitted(session, make_startup("Nour"))
    account = make_account()
    session.commit()
    client = signed_in(app, account)
    for path in ("/en/staff/reviews", f"/en/staff/reviews/{revision.id}"):
        assert opened(client, path).status_code == 403
        assert opened(app.test_client(), path).status_code == 303


def test_a_revision_that_is_not_there_is_not_found(staff: FlaskClient) -> None:
    assert opened(staff, "/en/staff/reviews/999999").status_code == 404
