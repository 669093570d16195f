"""Tokens as their owners make and revoke them, and what programs read with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.blueprints.api.conftest import Ask
from tests.introductions import make_pair
from tests.pages import opened, said, sent
from tests.visiting import Visit
from webapp.models import ApiToken, IntroductionState, SavedSearch
from webapp.permissions import SYSTEM
from webapp.services.api_tokens import Scope
from webapp.services.erasure import erase_person
from webapp.web.marks import today

Maker = Callable[..., Any]
PAGE = "/en/my/tokens"


def test_a_token_is_made_shown_once_used_and_revoked(app: Flask, session: Session, ask: Ask) -> None:
    browser = signed_in(app, make_account())
    made = sent(browser, PAGE, name="Calendar", scopes=["saved-searches:read"], days="90")
    text = re.search(r"mq_[\w-]{43}", made.text).group()  # type: ignore[union-attr]
    assert "no-store" in made.headers["Cache-Control"]
    assert text not in opened(browser, PAGE).text
    assert "never used" in said(opened(browser, PAGE))
    assert ask("/v1/me/saved-searches", Authorization=f"Bearer {text}").status == 200
    refused = ask("/v1/me/introductions", Authorization=f"Bearer {text}")
    assert (refused.status, refused.content["code"], refused.content["scope"]) == (403, "scope", "introductions:read")
    assert "last used on" in said(opened(browser, PAGE))
    token = session.scalars(select(ApiToken)).one()
    assert "can no longer read" in said(opened(browser, f"{PAGE}/{token.id}/revoke"))
    assert sent(browser, f"{PAGE}/{token.id}/revoke").status_code == 303
    assert "Revoked on" in said(opened(browser, PAGE))
    ended = ask("/v1/me/saved-searches", Authorization=f"Bearer {text}")
    assert (ended.status, ended.header("WWW-Authenticate")) == (401, 'Bearer realm="api"')


def test_what_was_typed_stays_when_something_lacks(app: Flask, session: Session) -> None:
    browser = signed_in(app, make_account())
    answer = sent(browser, PAGE, name="Calendar of Agadir", days="365")
    assert answer.status_code == 422
    assert "Calendar of Agadir" in answer.text
    assert "Please choose at least one." in said(answer)
    assert session.scalars(select(ApiToken)).all() == []


def test_a_program_reads_introductions_as_its_owners_side_does(
    session: Session, make_startup: Maker, make_partner: Maker, ask: Ask, token_of: Callable[..., str]
) -> None:
    pair = make_pair(session, make_startup, make_partner)
    introduction = pair.at(IntroductionState.SUBMITTED)
    session.commit()

    def told(who: str) -> Any:
        return ask("/v1/me/introductions?lang=en", Authorization=f"Bearer {token_of(pair.accounts[who])}")

    mine = told("founder")
    assert mine.content["total"] == 1
    assert mine.content["items"][0]["reference"] == introduction.reference
    assert mine.content["items"][0]["standing"] == {"code": "being-checked", "lang": "en", "text": "With the park"}
    assert "private" in (mine.header("Cache-Control") or "")
    for who in ("founder", "investor"):
        for secret in (pair.accounts[who].email, introduction.message):
            assert not secret or secret not in told("founder").response.text
    assert told("investor").content["total"] == 0, "the asked side does not know before it is asked"
    assert told("staff").content["total"] == 0, "staff's powers do not come with a token"


def test_a_program_reads_saved_searches_as_they_are_saved(
    session: Session, ask: Ask, token_of: Callable[..., str]
) -> None:
    account = make_account()
    asked = {"q": "water", "sector": ["agritech", "fintech"]}
    session.add(
        SavedSearch(person_id=account.person_id, name="Water", noun="startup", parameters=asked, seen=[], told=[])
    )
    told = ask("/v1/me/saved-searches", Authorization=f"Bearer {token_of(account)}", Accept_Language="en").content
    assert told["items"][0]["parameters"] == asked
    assert told["items"][0]["url"].endswith("/en/startups?q=water&sector=agritech&sector=fintech")


def test_a_session_in_a_browser_opens_nothing_in_the_interface(app: Flask, make_startup: Maker) -> None:
    account = make_account()
    join(account, make_startup())
    browser = signed_in(app, account)
    answer = browser.get("/api/v1/me/introductions")
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "token"


@pytest.mark.parametrize("header", ["Basic bWU6bWU=", "Bearer", "Bearer  ", "Bearer mq_made-up"])
def test_what_is_no_token_is_refused_also_where_none_is_needed(app: Flask, ask: Ask, header: str) -> None:
    assert ask("/v1/network", Authorization=header).status == 401


def test_tokens_go_with_their_account(session: Session, token_of: Callable[..., str], ask: Ask) -> None:
    account = make_account()
    bearer = f"Bearer {token_of(account, list(Scope))}"
    assert ask("/v1/network", Authorization=bearer).status == 200
    erase_person(session, SYSTEM, account.person, today=today())
    session.commit()
    assert ask("/v1/network", Authorization=bearer).status == 401
    assert session.scalars(select(ApiToken)).all() == []


def test_the_page_explains_every_operation_error_and_limit_in_every_language(visit: Visit, ask: Ask) -> None:
    document = ask("/openapi.json").content
    for language in ("ar", "fr", "en"):
        page = visit(f"/{language}/api")
        assert page.status == 200
        assert len(page.headings) == 1
        assert not re.search(r"(?<!If-)None|undefined|%\(|{{", page.text)
        for path in document["paths"]:
            assert f"GET {path}" in page.text
        assert 'id="cursor"' in page.html
        assert not re.search(r"<(script|img|link)[^>]+(src|href)=\"https?://(?!localhost)", page.html)


def test_the_short_address_leads_to_the_page_in_the_readers_language(ask: Ask) -> None:
    assert ask("/docs", Accept_Language="fr").header("Location") == "/fr/api"
