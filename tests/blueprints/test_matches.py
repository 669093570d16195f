"""One's own matches: tabs, setting aside, putting off, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from webapp.models import Match, MatchChoice, Partner, Startup

Maker = Callable[..., Any]
LANGUAGES = ("ar", "fr", "en")


@pytest.fixture
def startup(app: Flask, make_startup: Maker) -> Startup:
    app.config["WTF_CSRF_ENABLED"] = False
    startup: Startup = make_startup("Tazrii", slug="tazrii", sectors=["agritech"], site="agadir")
    return startup


@pytest.fixture
def partners(session: Session, startup: Startup, make_partner: Maker) -> list[Partner]:
    kinds = ("investor", "investor", "mentor")
    made = [make_partner(f"Partner {number}", slug=f"p{number}", kind=kind) for number, kind in enumerate(kinds)]
    for rank, partner in enumerate(made, start=1):
        explanation = [{"code": "same-sector", "weight": 0.1, "values": {"codes": ["agritech"]}}]
        match = Match(startup_id=startup.id, partner_id=partner.id, score=0.5, explanation=explanation)
        match.startup_rank, match.partner_rank = rank, 1
        session.add(match)
    session.flush()
    return made


@pytest.fixture
def founder(app: Flask, startup: Startup, partners: list[Partner]) -> FlaskClient:
    account = make_account()
    join(account, startup)
    return signed_in(app, account)


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_partner_has_a_tab(founder: FlaskClient, language: str) -> None:
    investors = page(founder, f"/{language}/my/startup/tazrii/matches")
    mentors = page(founder, f"/{language}/my/startup/tazrii/matches?kind=mentor")
    assert investors.count("data-match") == 2
    assert mentors.count("data-match") == 1
    assert page(founder, f"/{language}/my/startup/tazrii/matches?kind=corporate").count("data-match") == 0
    assert not re.search(r"\b(None|undefined)\b|%\(\w+\)", re.sub(r"<[^>]+>", " ", investors))


def test_who_is_not_for_us_goes_and_can_be_shown_again(founder: FlaskClient, session: Session) -> None:
    home = "/en/my/startup/tazrii/matches"
    assert founder.post(f"{home}/p0/set-aside", data={"reason": "stage"}).status_code == 303
    after = page(founder, home)
    assert after.count("data-match") == 1
    assert "Too early or too late" in after
    assert founder.post(f"{home}/p0/take-back").status_code == 303
    assert page(founder, home).count("data-match") == 2


def test_later_hides_a_match_for_three_months(founder: FlaskClient) -> None:
    home = "/en/my/startup/tazrii/matches"
    for _ in range(2):
        assert founder.post(f"{home}/p1/put-off").status_code == 303
    after = page(founder, home)
    assert after.count("data-match") == 1
    assert "comes back on" in after


def test_a_reason_that_there_is_not_changes_nothing(founder: FlaskClient, session: Session) -> None:
    answer = founder.post("/en/my/startup/tazrii/matches/p0/set-aside", data={"reason": "ugly"})
    assert answer.status_code == 422
    assert session.scalars(select(MatchChoice)).all() == []


def test_a_partner_narrows_its_startups_by_sector_and_region(
    app: Flask, startup: Startup, partners: list[Partner]
) -> None:
    account = make_account()
    join(account, partners[0])
    browser = signed_in(app, account)
    home = "/en/my/partner/p0/matches"
    assert page(browser, home).count("data-match") == 1
    assert page(browser, f"{home}?sector=agritech").count("data-match") == 1
    assert page(browser, f"{home}?sector=fintech").count("data-match") == 0
    assert page(browser, f"{home}?region=MA-09").count("data-match") == 1
    assert page(browser, f"{home}?region=MA-01").count("data-match") == 0


def test_the_matches_of_others_are_nobodys_business(app: Flask, founder: FlaskClient, make_startup: Maker) -> None:
    other = make_account()
    join(other, make_startup("Elsewhere"))
    stranger = signed_in(app, other)
    assert stranger.get("/en/my/startup/tazrii/matches").status_code == 404
    assert stranger.post("/en/my/startup/tazrii/matches/p0/set-aside", data={"reason": "stage"}).status_code == 404
    assert app.test_client().get("/en/my/partner/p0/matches").status_code in (303, 404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_on_matching_tells_what_counts_and_how_well_it_works(client: FlaskClient, language: str) -> None:
    text = page(client, f"/{language}/matching")
    assert "nDCG@10" in text
    assert not re.search(r"\b(None|undefined)\b|%\(\w+\)", re.sub(r"<[^>]+>", " ", text))
