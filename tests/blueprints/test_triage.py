"""Staff check requests: what they see, what they decide, and that nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, signed_in
from tests.introductions import PLANTED, Pair, make_pair
from webapp.models import Introduction, IntroductionState, OutgoingMail
from webapp.services.introductions import Move

State = IntroductionState
Maker = Callable[..., Any]
HOME = "/staff/introductions"


@pytest.fixture
def pair(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> Pair:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_pair(session, make_startup, make_partner)


@pytest.fixture
def staff(app: Flask, pair: Pair) -> FlaskClient:
    return signed_in(app, pair.accounts["staff"])


def address(introduction: Introduction, path: str = "", language: str = "en") -> str:
    return f"/{language}{HOME}/{introduction.reference}{path}"


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("state", [state for state in State if state not in (State.ACCEPTED, State.DRAFT)])
def test_every_state_has_a_screen_without_contact_details(
    pair: Pair, staff: FlaskClient, session: Session, language: str, state: State
) -> None:
    introduction = pair.at(state)
    session.commit()
    answer = staff.get(address(introduction, language=language))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert not re.search(r"\b(None|undefined)\b|%\(\w+\)", text_of(page))
    for email, phone in PLANTED.values():
        assert email not in page
        assert phone not in page


def test_a_request_is_passed_on_with_one_button(pair: Pair, staff: FlaskClient, session: Session) -> None:
    introduction = pair.at(State.SUBMITTED)
    session.commit()
    assert "Tazrii" in staff.get(f"/en{HOME}").get_data(as_text=True)
    answer = staff.post(address(introduction, "/send"), data={"version": introduction.version})
    assert answer.status_code == 303
    session.expire_all()
    assert introduction.state == State.SENT
    assert "introduction-request" in set(session.scalars(select(OutgoingMail.kind)))
    assert "No request waits" in staff.get(f"/en{HOME}").get_data(as_text=True)


@pytest.mark.parametrize(("move", "state"), [("return", State.RETURNED), ("refuse", State.REFUSED)])
def test_giving_back_and_refusing_need_words_for_the_requester(
    pair: Pair, staff: FlaskClient, session: Session, move: str, state: State
) -> None:
    introduction = pair.at(State.SUBMITTED)
    session.commit()
    without = staff.post(address(introduction, f"/{move}"), data={"version": introduction.version})
    assert without.status_code == 422
    assert "Please fill this in." in without.get_data(as_text=True)
    form = {"version": introduction.version, "return_note": "Please say what you need."}
    assert staff.post(address(introduction, f"/{move}"), data=form).status_code == 303
    session.expire_all()
    assert introduction.state == state


def test_of_two_members_of_staff_the_second_is_told_and_keeps_their_words(
    pair: Pair, staff: FlaskClient, session: Session
) -> None:
    introduction = pair.at(State.SUBMITTED)
    session.commit()
    version = introduction.version
    assert staff.post(address(introduction, "/send"), data={"version": version}).status_code == 303
    answer = staff.post(address(introduction, "/refuse"), data={"version": version, "return_note": "Not for them"})
    assert answer.status_code == 409
    assert "decided it meanwhile" in answer.get_data(as_text=True)
    assert "Not for them" in answer.get_data(as_text=True)


def test_a_note_for_staff_is_read_by_nobody_else(app: Flask, pair: Pair, staff: FlaskClient, session: Session) -> None:
    introduction = pair.at(State.INTRODUCED)
    session.commit()
    form = {"staff_note": "Ask Samir first", "version": introduction.version}
    assert staff.post(address(introduction, "/note"), data=form).status_code == 303
    assert "Ask Samir first" in staff.get(address(introduction)).get_data(as_text=True)
    for who in ("founder", "investor"):
        page = signed_in(app, pair.accounts[who]).get(f"/en/introductions/{introduction.reference}")
        assert "Ask Samir first" not in page.get_data(as_text=True)


def test_staff_read_why_a_request_was_declined(pair: Pair, staff: FlaskClient, session: Session) -> None:
    introduction = pair.at(State.SENT)
    pair.make(introduction, "investor", Move.DECLINE, decline_code="no-time", decline_note="Until summer")
    session.commit()
    page = staff.get(address(introduction)).get_data(as_text=True)
    assert "We have no time at present" in page
    assert "Until summer" in page


def test_staff_propose_an_introduction_to_one_side(
    app: Flask, pair: Pair, staff: FlaskClient, session: Session
) -> None:
    session.commit()
    form = {
        "startup": f"https://site.example/en/startups/{pair.startup.slug}",
        "partner": pair.partner.slug,
        "asked_by": "startup",
        "reason": "They look for farms.",
        "message": "We water olives.",
        "language": "en",
    }
    wrong = staff.post(f"/en{HOME}/propose", data=form | {"partner": "nobody"})
    assert wrong.status_code == 422
    assert "no published profile" in wrong.get_data(as_text=True)
    assert "They look for farms." in wrong.get_data(as_text=True)
    assert staff.post(f"/en{HOME}/propose", data=form).status_code == 303
    again = staff.post(f"/en{HOME}/propose", data=form)
    assert again.status_code == 409
    (introduction,) = session.scalars(select(Introduction))
    founder = signed_in(app, pair.accounts["founder"])
    assert "They look for farms." in founder.get(f"/en/introductions/{introduction.reference}").get_data(as_text=True)


@pytest.mark.parametrize("who", ["founder", "investor", "stranger"])
def test_nobody_else_comes_here(app: Flask, pair: Pair, session: Session, who: str) -> None:
    introduction = pair.at(State.SUBMITTED)
    browser = signed_in(app, pair.accounts[who])
    assert browser.get(f"/en{HOME}").status_code == 403
    assert browser.get(address(introduction)).status_code == 403
    assert browser.post(address(introduction, "/send"), data={"version": 1}).status_code == 403


def test_the_desk_says_what_waits(pair: Pair, staff: FlaskClient, session: Session) -> None:
    pair.at(State.SUBMITTED)
    session.commit()
    for language in ("ar", "fr", "en"):
        assert staff.get(f"/{language}/staff").status_code == 200
    assert "1 waits" in staff.get("/en/staff").get_data(as_text=True)


def test_the_figures_tell_what_became_of_requests(pair: Pair, staff: FlaskClient, session: Session) -> None:
    for language in ("ar", "fr", "en"):
        assert staff.get(f"/{language}{HOME}/figures").status_code == 200
    pair.at(State.MET)
    session.commit()
    for language in ("ar", "fr", "en"):
        page = text_of(staff.get(f"/{language}{HOME}/figures").get_data(as_text=True))
        assert not re.search(r"\b(None|undefined)\b|%\(\w+\)", page)
    assert "1 of 1" in page
    file = staff.get(f"/en{HOME}/figures.csv").get_data(as_text=True)
    head, row = file.lstrip("\ufeff").strip().splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["met"] == "1"


def test_a_month_with_open_requests_is_too_early_to_judge(pair: Pair, staff: FlaskClient, session: Session) -> None:
    pair.at(State.SENT)
    session.commit()
    page = text_of(staff.get(f"/en{HOME}/figures").get_data(as_text=True))
    assert page.count("too early to say") >= 1
    assert "By month" in page


def test_all_introductions_are_filtered_by_state(pair: Pair, staff: FlaskClient, session: Session) -> None:
    pair.at(State.SENT)
    session.commit()
    for language in ("ar", "fr", "en"):
        assert "Tazrii" in staff.get(f"/{language}{HOME}/all?state=sent").get_data(as_text=True)
    page = staff.get(f"/en{HOME}/all?state=declined").get_data(as_text=True)
    assert "Tazrii" not in page
    assert "No introduction stands like this." in page
    assert '<option value="declined" selected>' in page
    assert '<option value="draft"' not in page
    assert "Tazrii" in staff.get(f"/en{HOME}/all?state=nonsense").get_data(as_text=True)


def test_a_request_shows_the_others_of_its_sender(
    pair: Pair, staff: FlaskClient, session: Session, make_partner: Maker
) -> None:
    introduction = pair.at(State.SUBMITTED)
    assert "no other request without an answer" in staff.get(address(introduction)).get_data(as_text=True)
    other, settled = (replace(pair, partner=make_partner(name)) for name in ("Atlas Fund", "Rif Fund"))
    for each in (other, settled):
        join(pair.accounts["investor"], each.partner)
    settled.at(State.DECLINED)
    waiting = other.at(State.SENT)
    session.commit()
    page = staff.get(address(introduction)).get_data(as_text=True)
    assert address(waiting) in page
    assert "Atlas Fund" in page
    assert "Rif Fund" not in page


def test_staff_propose_by_name_and_choose_between_namesakes(
    pair: Pair, staff: FlaskClient, session: Session, make_partner: Maker
) -> None:
    namesake = make_partner("Sahel Fund II")
    session.commit()
    form = {
        "startup": pair.startup.slug,
        "partner": "sahel fund",
        "asked_by": "startup",
        "reason": "They look for farms.",
        "message": "We water olives.",
        "language": "en",
    }
    asked = staff.post(f"/en{HOME}/propose", data=form)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "Which partner do you mean?" in page
    assert f'value="{namesake.slug}"' in page
    assert f'value="{pair.partner.slug}"' in page
    assert "They look for farms." in page
    assert "Which startup do you mean?" not in page
    stale = staff.post(f"/en{HOME}/propose", data=form | {"partner": "nobody", "partner_choice": namesake.slug})
    assert stale.status_code == 422
    assert "no published profile" in stale.get_data(as_text=True)
    incomplete = staff.post(f"/en{HOME}/propose", data=form | {"partner_choice": namesake.slug, "reason": ""})
    assert incomplete.status_code == 422
    assert re.search(rf'checked[^>]*value="{namesake.slug}"', incomplete.get_data(as_text=True))
    assert staff.post(f"/en{HOME}/propose", data=form | {"partner_choice": namesake.slug}).status_code == 303
    (introduction,) = session.scalars(select(Introduction))
    assert introduction.partner_id == namesake.id
