"""The privacy notice, one's own data, and erasing oneself."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts import PASSWORD, join, make_account, make_person, signed_in
from tests.visiting import Visit
from webapp.models import Account, MembershipRole, NetworkRole, PublicationState
from webapp.services.retention import PERIODS

Maker = Callable[..., Any]

LANGUAGES = ("ar", "fr", "en")


def confirmed(**values: str) -> dict[str, str]:
    return {"confirmed": "y", "password": PASSWORD} | values


def submit(browser: FlaskClient, values: dict[str, str]) -> TestResponse:
    """Fill in and send the form, as a browser does."""
    page = browser.get("/en/account/erase").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return browser.post("/en/account/erase", data=values | {"csrf_token": token.group(1) if token else ""})


def accounts(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count(Account.id))) or 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_notice_and_terms_are_open_to_everybody_and_linked_from_every_page(visit: Visit, language: str) -> None:
    home = visit(f"/{language}/").html
    for page in ("privacy", "terms"):
        assert f'href="/{language}/{page}"' in home
        assert visit(f"/{language}/{page}").status == 200


def test_the_notice_prints_the_periods_that_are_enforced(visit: Visit) -> None:
    page = visit("/en/privacy").html
    assert page.split('id="retention"', 1)[1].count('<th scope="row">') == len(PERIODS)
    for text in ("3 years", "7 days", "90 days", "30 days", "1 year", "2 years"):
        assert f"<td>{text}</td>" in page


def test_the_notice_names_who_answers_for_it_as_the_pack_says(visit: Visit) -> None:
    page = visit("/en/privacy").html
    assert "mailto:privacy@multaqa.example" in page
    assert "CNDP" in page
    assert "This site is a demonstration" in page


def test_my_data_is_readable_and_the_file_holds_the_same(app: Flask, make_startup: Maker) -> None:
    account = make_account(person=make_person(name="Ghizlane", phone="+212 600"))
    join(account, make_startup("Tazrii"))
    browser = signed_in(app, account)
    page, file = browser.get("/en/account/data"), browser.get("/en/account/data.json")
    for text in ("Ghizlane", "+212 600", account.email, "Tazrii"):
        assert text in page.text
        assert text in file.text
    assert json.loads(file.text)["person"][0]["name"] == "Ghizlane"
    assert "attachment" in file.headers["Content-Disposition"]
    assert page.headers["Cache-Control"] == file.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["data", "data.json", "erase"])
def test_visitors_read_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/en/account/{path}")
    assert answer.status_code in (302, 303, 403)
    assert "Address confirmed" not in answer.text


@pytest.mark.parametrize("path", ["data", "data.json", "erase"])
def test_who_signed_in_long_ago_does_so_again_first(app: Flask, path: str) -> None:
    browser = signed_in(app, make_account())
    with browser.session_transaction() as session:
        session["fs_paa"] = time.time() - 3 * 3600
    answer = browser.get(f"/en/account/{path}")
    assert answer.status_code == 302
    assert "/en/account/verify" in answer.headers["Location"]


def test_erasing_oneself_ends_the_session_and_the_account(app: Flask, session: Session) -> None:
    browser = signed_in(app, make_account())
    answer = submit(browser, confirmed())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/privacy/erased")
    assert accounts(session) == 0
    assert browser.get("/en/privacy/erased").status_code == 200
    assert browser.get("/en/account/data").status_code in (302, 303, 403)
    assert submit(browser, confirmed()).status_code in (302, 303, 400, 401, 403)


@pytest.mark.parametrize("values", [{}, {"confirmed": "y"}, {"confirmed": "y", "password": "wrong"}])
def test_without_confirmation_or_password_nothing_is_erased(
    app: Flask, session: Session, values: dict[str, str]
) -> None:
    answer = submit(signed_in(app, make_account()), values)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert accounts(session) == 1


def test_an_account_without_a_password_is_asked_for_none(app: Flask, session: Session) -> None:
    browser = signed_in(app, make_account(password=None))
    assert 'type="password"' not in browser.get("/en/account/erase").text
    assert submit(browser, {"confirmed": "y"}).status_code == 303
    assert accounts(session) == 0


def test_the_last_owner_chooses_what_becomes_of_the_profile(app: Flask, session: Session, make_startup: Maker) -> None:
    account, startup = make_account(), make_startup("Tazrii")
    join(account, startup)
    browser = signed_in(app, account)
    assert "What becomes of" in browser.get("/en/account/erase").text
    answer = submit(browser, confirmed())
    assert answer.status_code == 422
    assert "Please choose." in answer.text
    assert submit(browser, confirmed(**{f"startup-{startup.id}": "withdraw"})).status_code == 303
    session.refresh(startup)
    assert startup.state == PublicationState.WITHDRAWN


def test_a_colleague_is_offered_to_take_over(app: Flask, session: Session, make_startup: Maker) -> None:
    account, startup = make_account(), make_startup()
    join(account, startup)
    successor = join(make_account(person=make_person(name="Driss")), startup, MembershipRole.EDITOR)
    browser = signed_in(app, account)
    assert "Driss" in browser.get("/en/account/erase").text
    choice = {f"startup-{startup.id}": str(successor.id)}
    assert submit(browser, confirmed(**choice)).status_code == 303
    session.refresh(successor)
    assert successor.role == MembershipRole.OWNER


def test_the_last_administrator_is_told_why_not(app: Flask, session: Session) -> None:
    answer = submit(signed_in(app, make_account(NetworkRole.ADMINISTRATOR)), confirmed())
    assert answer.status_code == 422
    assert "last administrator" in answer.text
    assert accounts(session) == 1
