"""What the interface owes the protocol: languages, conditional requests, problems, limits, scripts of other sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import Ask
from webapp.extensions import limiter
from webapp.models import Startup, utc_now
from webapp.services import last_change
from webapp.web import programs
from webapp.web.problems import MEDIA_TYPE, TITLES

Maker = Callable[..., Any]

ERRORS = (
    ("/v1/startups/nobody", 404, "startup"),
    ("/v1/startups/No_Slug!", 404, "startup"),
    ("/v1/startups/farm%00", 404, "startup"),
    ("/v1/partners/nobody/matches", 404, "partner"),
    ("/v1/regions/XX-99/clusters", 404, "region"),
    ("/v1/sectors/alchemy/clusters", 404, "sector"),
    ("/v1/regions?as_of=1999-01-01", 404, "figures"),
    ("/v1/regions?as_of=2999-01-01", 404, "not-yet"),
    ("/v1/startups?as_of=2999-01-01", 404, "not-yet"),
    ("/v1/startups?page=99", 404, "page"),
    ("/v1/startups?cursor=made-up", 404, "cursor"),
    ("/v1/nothing", 404, "not-found"),
    ("/nothing", 404, "not-found"),
    ("/v1/suggest", 422, "parameters"),
    ("/v1/startups?sort=bribe", 422, "parameters"),
    ("/v1/me/introductions", 401, "token"),
)
"""Address, status and code."""


def test_a_text_says_in_which_language_it_is(network: Session, ask: Ask) -> None:
    assert ask("/v1/startups/farm-1?lang=ar").content["pitch"]["lang"] == "ar"
    english = ask("/v1/startups/farm-1?lang=en").content
    assert english["description"]["lang"] == "en"
    assert english["pitch"]["lang"] == "fr", "the network's first language that has it"


def test_accept_language_decides_where_nothing_is_asked_for_and_no_cookie_does(network: Session, ask: Ask) -> None:
    told = ask("/v1/startups/farm-1", Accept_Language="fr-MA, en;q=0.5", Cookie="language=en")
    assert told.content["pitch"]["lang"] == "fr"
    assert told.header("Content-Language") == "fr"
    assert "Accept-Language" in (told.header("Vary") or "")


def test_all_languages_come_when_all_are_asked_for(network: Session, ask: Ask) -> None:
    told = ask("/v1/startups/farm-1?lang=all")
    assert set(told.content["pitch"]) == {"fr", "ar"}
    assert set(told.content["sectors"][0]["name"]) == {"ar", "fr", "en"}
    assert told.header("Content-Language") is None


def test_what_did_not_change_is_not_sent_again(network: Session, ask: Ask) -> None:
    first = ask("/v1/startups?sector=agritech")
    tag = first.header("ETag") or ""
    again = ask("/v1/startups?sector=agritech", If_None_Match=tag)
    assert (again.status, again.response.data) == (304, b"")
    assert again.header("ETag") == tag
    assert ask("/v1/startups?sector=fintech", If_None_Match=tag).status == 200
    assert ask("/v1/startups?sector=agritech&lang=ar", If_None_Match=tag).status == 200


def test_a_tag_holds_for_a_compressed_answer_too(network: Session, ask: Ask) -> None:
    packed = ask("/v1/startups", Accept_Encoding="gzip")
    assert packed.header("Content-Encoding") == "gzip"
    assert ask("/v1/startups", Accept_Encoding="gzip", If_None_Match=packed.header("ETag") or "").status == 304


def test_a_profile_says_when_it_last_changed(network: Session, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_change, "utc_now", lambda: utc_now().replace(year=utc_now().year + 2))
    date = ask("/v1/startups/farm-1").header("Last-Modified") or ""
    assert ask("/v1/startups/farm-1", If_Modified_Since=date).status == 304
    startup = network.query(Startup).filter_by(slug="farm-1").one()
    startup.pitch = {"en": "Less water for more olives."}
    startup.updated_at = utc_now().replace(year=utc_now().year + 1)
    network.commit()
    assert ask("/v1/startups/farm-1", If_Modified_Since=date).status == 200


def test_every_error_is_a_problem_in_the_language_of_the_program(released: Session, ask: Ask) -> None:
    for (path, status, code), language in product(ERRORS, ("ar", "fr", "en")):
        told = ask(path, Accept_Language=language)
        assert told.response.mimetype == MEDIA_TYPE
        assert told.status == told.content["status"] == status, path
        assert told.content["code"] == code
        assert told.content["type"].endswith(f"/api/docs#{code}")
        assert told.content["instance"] == "/api" + path.partition("?")[0]
        is_english = told.content["title"] == TITLES[status]._args[0]
        assert is_english == (language == "en")


def test_a_problem_says_how_many_pages_there_are(network: Session, ask: Ask) -> None:
    assert ask("/v1/startups?page=99&per_page=5").content["pages"] == 2


def test_each_parameter_that_cannot_be_used_is_named(network: Session, ask: Ask) -> None:
    query = "page=0&per_page=x&sort=bribe&as_of=20260131&exact=yes&lang=tlh&sekctor=agritech&q=a&q=b"
    told = ask(f"/v1/startups?{query}", Accept_Language="en").content["errors"]
    words = {each["pointer"].removeprefix("#/query/"): each["detail"] for each in told}
    assert words == {
        "page": "Use a number from 1 on.",
        "per_page": "Use a whole number.",
        "sort": "Use one of these: relevance, name, newest, verified.",
        "as_of": "Write a day as 2026-01-31.",
        "exact": "Use true or false.",
        "lang": "The network does not offer this language.",
        "sekctor": "There is no such parameter.",
        "q": "Give it only once.",
    }


def test_nothing_can_be_written(ask: Ask) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        told = ask("/v1/startups", method=method)
        assert (told.status, told.content["code"]) == (405, "method")
        assert "GET" in (told.header("Allow") or "")


def test_who_does_not_take_json_is_told(network: Session, ask: Ask) -> None:
    assert ask("/v1/network", Accept="text/turtle").status == 406
    assert ask("/v1/network", Accept="text/html, */*;q=0.1").status == 200


def test_an_unexpected_error_is_a_problem_that_tells_nothing(app: Flask, ask: Ask) -> None:
    from webapp.web.errors import _unexpected

    with app.test_request_context("/api/v1/network", headers={"Accept-Language": "fr"}):
        response = _unexpected(ValueError("secret"))
    assert response.status_code == 500  # type: ignore[union-attr]
    assert b"secret" not in response.data  # type: ignore[union-attr]


def test_without_an_index_lists_are_degraded_and_what_needs_it_waits(
    make_startup: Maker, session: Session, ask: Ask
) -> None:
    make_startup("Farm")
    session.commit()
    assert ask("/v1/startups").content["is_degraded"]
    told = ask("/v1/startups?as_of=2024-06-01")
    assert (told.status, told.content["code"]) == (503, "index")
    assert told.header("Retry-After")


def test_scripts_of_other_sites_read_what_is_public_and_nothing_else(network: Session, ask: Ask) -> None:
    assert ask("/v1/startups", Origin="https://example.org").header("Access-Control-Allow-Origin") == "*"
    assert ask("/v1/nothing", Origin="https://example.org").header("Access-Control-Allow-Origin") == "*"
    asked = {"Origin": "https://example.org", "Access_Control_Request_Method": "GET"}
    before = ask("/v1/startups", method="OPTIONS", **asked)
    assert before.status == 200
    assert "GET" in (before.header("Access-Control-Allow-Methods") or "")
    assert before.header("Access-Control-Allow-Credentials") is None
    assert ask("/v1/me/introductions", **asked).header("Access-Control-Allow-Origin") is None


@pytest.fixture
def few(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three requests a minute for visitors, five with a token."""
    monkeypatch.setattr(programs, "VISITORS", "3 per minute")
    monkeypatch.setattr(programs, "TOKENS", "5 per minute")
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    yield
    limiter.enabled = False


def test_who_asks_too_often_waits_and_a_token_has_more(
    network: Session, ask: Ask, token_of: Callable[..., str], few: None
) -> None:
    left = [ask("/v1/network").header("RateLimit-Remaining") for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = ask("/v1/network")
    assert (refused.status, refused.content["code"]) == (429, "too-many-requests")
    assert 0 < int(refused.header("Retry-After") or 0) <= 60
    assert refused.header("RateLimit-Limit") == "3"
    bearer = f"Bearer {token_of()}"
    allowed = ask("/v1/network", Authorization=bearer)
    assert (allowed.status, allowed.header("RateLimit-Limit")) == (200, "5")
    assert ask("/v1/nothing", Authorization=bearer).header("RateLimit-Remaining") == "3"


def test_who_tries_tokens_is_counted_as_a_visitor(network: Session, ask: Ask, few: None) -> None:
    statuses = [ask("/v1/network", Authorization=f"Bearer mq_{number}").status for number in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
