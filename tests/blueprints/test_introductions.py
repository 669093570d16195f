"""Introductions in the browser of each side: asking, answering, meeting; and what others never see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, signed_in
from tests.introductions import PLANTED, Pair, make_pair, times
from webapp.models import Introduction, IntroductionState, Side
from webapp.services.introductions import Move

State = IntroductionState
Maker = Callable[..., Any]
MEMBERS = ("founder", "investor")


@pytest.fixture
def pair(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> Pair:
    app.config["WTF_CSRF_ENABLED"] = False
    return make_pair(session, make_startup, make_partner)


@pytest.fixture
def browser(app: Flask, pair: Pair) -> Callable[[str], FlaskClient]:
    """The browser of somebody, by who they are."""
    return lambda who: signed_in(app, pair.accounts[who])


Browser = Callable[[str], FlaskClient]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def at(introduction: Introduction, path: str = "", language: str = "en") -> str:
    return f"/{language}/introductions/{introduction.reference}{path}"


def new_address(pair: Pair, language: str = "en") -> str:
    return f"/{language}/introductions/new?startup={pair.startup.slug}&partner={pair.partner.slug}&asking=startup"


def test_a_founder_asks_and_the_park_has_it(pair: Pair, browser: Browser, session: Session) -> None:
    founder = browser("founder")
    assert founder.get(new_address(pair)).status_code == 200
    form = {"reason": "You look for farms.", "message": "We water olives.", "language": "en", "submit": "yes"}
    answer = founder.post(new_address(pair), data=form)
    assert answer.status_code == 303
    (introduction,) = session.scalars(select(Introduction))
    assert introduction.state == State.SUBMITTED
    page = founder.get(answer.location).get_data(as_text=True)
    assert "With the park" in page
    assert "We water olives." in page


def test_who_acts_for_one_startup_is_not_asked_on_whose_behalf(pair: Pair, browser: Browser) -> None:
    answer = browser("founder").get(f"/en/introductions/new?partner={pair.partner.slug}")
    assert answer.status_code == 302
    assert f"startup={pair.startup.slug}" in answer.location


def test_an_incomplete_request_is_kept_as_a_draft_and_told_when_it_is_sent(
    pair: Pair, browser: Browser, session: Session
) -> None:
    founder = browser("founder")
    answer = founder.post(new_address(pair), data={"reason": "Farms", "message": "", "language": "en", "keep": "yes"})
    assert answer.status_code == 303
    (introduction,) = session.scalars(select(Introduction))
    form = {
        "reason": "Farms in Souss",
        "message": "",
        "language": "en",
        "submit": "yes",
        "version": introduction.version,
    }
    answer = founder.post(at(introduction, "/text"), data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Please fill this in." in page
    assert "Farms in Souss" in page
    session.expire_all()
    assert introduction.state == State.DRAFT


def test_contact_details_in_a_request_are_refused_and_nothing_typed_is_lost(
    pair: Pair, browser: Browser, session: Session
) -> None:
    form = {"reason": "Farms", "message": "Write to me@mail.example", "language": "en", "submit": "yes"}
    answer = browser("founder").post(new_address(pair), data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "leave out mail addresses" in page
    assert "Write to me@mail.example" in page
    assert session.scalars(select(Introduction)).all() == []


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("state", [state for state in State if state != State.ACCEPTED])
@pytest.mark.parametrize("asked_by", [Side.STARTUP, Side.PARTNER])
def test_every_state_has_a_page_for_both_sides(
    pair: Pair, browser: Browser, language: str, state: State, asked_by: Side
) -> None:
    introduction = pair.at(state, asked_by=asked_by)
    for who in MEMBERS:
        answer = browser(who).get(at(introduction, language=language))
        asks = (who == "founder") == (asked_by == Side.STARTUP)
        expected = 200 if asks or introduction.sent_at else 404
        assert answer.status_code == expected, who
        page = answer.get_data(as_text=True)
        assert not re.search(r"\b(None|undefined)\b|%\(\w+\)", text_of(page)), who


def test_the_asked_side_accepts_with_one_button_and_both_see_each_other(pair: Pair, browser: Browser) -> None:
    introduction = pair.at(State.SENT)
    investor, founder = browser("investor"), browser("founder")
    before = investor.get(at(introduction)).get_data(as_text=True)
    assert "Accept and share contact details" in before
    assert PLANTED["founder"][0] not in before
    answer = investor.post(at(introduction, "/accept"), data={"version": introduction.version})
    assert answer.status_code == 303
    assert PLANTED["founder"][0] in investor.get(at(introduction)).get_data(as_text=True)
    assert PLANTED["investor"][0] in founder.get(at(introduction)).get_data(as_text=True)


def test_pressing_a_button_twice_acts_once(pair: Pair, browser: Browser, session: Session) -> None:
    introduction = pair.at(State.SENT)
    investor, version = browser("investor"), introduction.version
    assert investor.post(at(introduction, "/accept"), data={"version": version}).status_code == 303
    again = investor.post(at(introduction, "/accept"), data={"version": version})
    assert again.status_code == 303
    session.expire_all()
    assert [move.move for move in introduction.moves].count(Move.ACCEPT) == 1


def test_of_two_colleagues_who_answer_in_the_same_moment_the_second_is_told(
    app: Flask, pair: Pair, browser: Browser
) -> None:
    introduction = pair.at(State.SENT)
    version, colleague = introduction.version, make_account()
    join(colleague, pair.partner)
    assert browser("investor").post(at(introduction, "/accept"), data={"version": version}).status_code == 303
    second = signed_in(app, colleague).post(at(introduction, "/accept"), data={"version": version})
    assert second.status_code == 409
    assert "changed meanwhile" in second.get_data(as_text=True)


def test_who_declines_gives_a_reason_that_the_other_side_never_reads(pair: Pair, browser: Browser) -> None:
    introduction = pair.at(State.SENT)
    form = {"version": introduction.version, "decline_code": "not-convinced", "decline_note": "The team is too small"}
    assert browser("investor").post(at(introduction, "/decline"), data=form).status_code == 303
    page = browser("founder").get(at(introduction)).get_data(as_text=True)
    assert "thank you for your interest" in page
    for hidden in ("The team is too small", "did not convince", "not-convinced", "Declined"):
        assert hidden not in page


def test_what_was_typed_into_a_refusal_comes_back_when_somebody_was_faster(pair: Pair, browser: Browser) -> None:
    introduction = pair.at(State.SENT)
    investor, version = browser("investor"), introduction.version
    investor.post(at(introduction, "/accept"), data={"version": version})
    form = {"version": version, "decline_note": "A long and careful note"}
    answer = investor.post(at(introduction, "/decline"), data=form)
    assert answer.status_code == 409
    assert "A long and careful note" in answer.get_data(as_text=True)


def test_proposed_times_come_back_when_somebody_was_faster(pair: Pair, browser: Browser) -> None:
    introduction = pair.at(State.INTRODUCED)
    form: dict[str, Any] = {"version": introduction.version, "minutes": 45, "place": "Technopark, room 3"}
    for number, moment in enumerate(times(), start=1):
        form |= {f"day_{number}": moment.date().isoformat(), f"time_{number}": f"{moment:%H:%M}"}
    assert browser("founder").post(at(introduction, "/propose-times"), data=form).status_code == 303
    answer = browser("investor").post(at(introduction, "/propose-times"), data=form | {"place": "Our office"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Our office" in page
    kept = page[page.index("What you had written") :]
    for field in ("day_1", "time_1", "day_3", "time_3"):
        assert form[field] in kept, field


def test_not_now_needs_a_day_to_come(pair: Pair, browser: Browser, session: Session) -> None:
    introduction = pair.at(State.SENT)
    investor = browser("investor")
    for until in ("", "2001-01-01", "nonsense", "2999-01-01"):
        answer = investor.post(at(introduction, "/not-now"), data={"version": introduction.version, "until": until})
        assert answer.status_code == 422, until
    session.expire_all()
    assert introduction.state == State.SENT


def test_both_agree_on_a_time_and_take_it_to_their_calendars(pair: Pair, browser: Browser, session: Session) -> None:
    introduction = pair.at(State.INTRODUCED)
    form: dict[str, Any] = {"version": introduction.version, "minutes": 45, "place": "Technopark, room 3"}
    for number, moment in enumerate(times(), start=1):
        form |= {f"day_{number}": moment.date().isoformat(), f"time_{number}": f"{moment:%H:%M}"}
    founder, investor = browser("founder"), browser("investor")
    missing = {key: value for key, value in form.items() if key != "time_2"}
    answer = founder.post(at(introduction, "/propose-times"), data=missing)
    assert answer.status_code == 422
    assert "Technopark, room 3" in answer.get_data(as_text=True)
    assert founder.post(at(introduction, "/propose-times"), data=form).status_code == 303
    assert founder.get(at(introduction, "/calendar")).status_code == 404
    session.expire_all()
    assert investor.post(at(introduction, "/choose-time"), data={"version": introduction.version}).status_code == 422
    chosen = {"version": introduction.version, "index": "1"}
    assert investor.post(at(introduction, "/choose-time"), data=chosen).status_code == 303
    calendar = founder.get(at(introduction, "/calendar"))
    assert calendar.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in calendar.data


def test_outsiders_and_visitors_learn_nothing(pair: Pair, browser: Browser, client: FlaskClient) -> None:
    introduction = pair.at(State.INTRODUCED)
    stranger = browser("stranger")
    for path in ("", "/calendar"):
        assert stranger.get(at(introduction, path)).status_code == 404
    for path in ("/accept", "/withdraw", "/text", "/outcomes/14"):
        assert stranger.post(at(introduction, path), data={"version": 1}).status_code == 404
    assert client.get(at(introduction)).status_code == 303
    assert pair.startup.name_latin not in stranger.get("/en/introductions").get_data(as_text=True)


def test_the_list_says_what_waits_and_for_whom(pair: Pair, browser: Browser) -> None:
    pair.at(State.SENT)
    page = browser("investor").get("/en/introductions").get_data(as_text=True)
    assert "Waiting for your answer" in page
    assert 'class="waits"' in page
    assert "Waiting for an answer" in browser("founder").get("/en/introductions?box=out").get_data(as_text=True)
    assert "Nothing here yet" in browser("founder").get("/en/introductions?box=in").get_data(as_text=True)


def test_what_waits_stands_first_even_if_it_is_the_oldest_of_several_pages(
    pair: Pair, browser: Browser, session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    waiting, investor = pair.at(State.SENT), browser("investor")
    investor.get("/en/introductions")
    count_queries()
    assert investor.get("/en/introductions").status_code == 200
    with_one = count_queries()
    for number in range(8):
        done = Introduction(
            reference=f"declined{number}",
            startup=make_startup(),
            partner=pair.partner,
            asked_by=Side.STARTUP,
            language="en",
            state=State.DECLINED,
            sent_at=waiting.sent_at,
            updated_at=waiting.updated_at + timedelta(days=1),
        )
        session.add(done)
    session.commit()
    count_queries()
    first = investor.get("/en/introductions").get_data(as_text=True)
    assert count_queries() == with_one
    references = re.findall(r"/en/introductions/(\w{9,})", first)
    assert references[0] == waiting.reference
    assert len(references) == 6
    second = investor.get("/en/introductions?page=2").get_data(as_text=True)
    assert waiting.reference not in second
    assert len(re.findall(r"/en/introductions/declined", second)) == 3


@pytest.mark.parametrize("move", ["introduce", "send", "refuse", "take-up", "expire", "dance", "submit"])
def test_moves_of_others_are_no_pages_here(pair: Pair, browser: Browser, session: Session, move: str) -> None:
    introduction = pair.at(State.SENT)
    for who in MEMBERS:
        assert (
            browser(who).post(at(introduction, f"/{move}"), data={"version": introduction.version}).status_code == 404
        )
    session.expire_all()
    assert introduction.state == State.SENT


def test_the_asking_side_withdraws_until_there_was_a_meeting(pair: Pair, browser: Browser, session: Session) -> None:
    introduction = pair.at(State.SENT)
    seen = {"version": introduction.version}
    assert browser("investor").post(at(introduction, "/withdraw"), data=seen).status_code == 403
    founder = browser("founder")
    assert founder.post(at(introduction, "/withdraw"), data=seen).status_code == 303
    session.expire_all()
    assert introduction.state == State.WITHDRAWN
    assert Move.WITHDRAW in {Move(move.move) for move in introduction.moves}


def test_the_list_is_filtered_by_what_a_side_may_read(pair: Pair, browser: Browser, session: Session) -> None:
    pair.at(State.DECLINED)
    session.commit()
    founder, home = browser("founder"), "/en/introductions"
    assert "Sahel Fund" in founder.get(f"{home}?standing=not-this-time").get_data(as_text=True)
    for standing in ("declined", "withdrawn"):
        page = founder.get(f"{home}?standing={standing}").get_data(as_text=True)
        assert "Sahel Fund" not in page
        assert "No introduction stands like this." in page
    assert "Sahel Fund" in founder.get(f"{home}?standing=nonsense").get_data(as_text=True)
    assert '<option value="declined"' not in founder.get(f"{home}?standing=not-this-time").get_data(as_text=True)
    assert "Tazrii" in browser("investor").get(f"{home}?standing=declined").get_data(as_text=True)


def test_long_texts_say_how_much_room_they_have(pair: Pair, browser: Browser) -> None:
    for language in ("ar", "fr", "en"):
        page = browser("founder").get(new_address(pair, language)).get_data(as_text=True)
        assert len(re.findall(r"<textarea[^>]*data-left=\"[^\"]*\{count\}\"[^>]*maxlength", page)) == 2
        assert "js/characters" in page
