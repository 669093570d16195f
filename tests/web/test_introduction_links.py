"""One click in a mail: a page that says what will happen, a button that does it once, for its person only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.introductions import Pair, make_pair
from tests.web.pages_of_mails import add_page
from webapp.extensions import db
from webapp.models import Introduction, IntroductionState, Membership, OutgoingMail, Partner, Side, Startup
from webapp.services.introductions import Move
from webapp.services.outcomes import find_outcome
from webapp.web.signed_links import link_token

State = IntroductionState


@pytest.fixture
def pair(
    app: Flask, session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]
) -> Pair:
    app.config["WTF_CSRF_ENABLED"] = False
    add_page(app)
    return make_pair(session, make_startup, make_partner)


def address(session: Session, kind: str, name: str, to: str = "zz-investor@planted.example") -> str:
    session.commit()
    mail = session.scalars(sa.select(OutgoingMail).filter_by(kind=kind, address=to)).first()
    assert mail is not None
    return f"/en/links/{link_token(mail.values['links'][name])}"


def state(introduction: Introduction) -> str:
    db.session.expire_all()
    return introduction.state


@pytest.mark.parametrize(
    ("name", "form", "expected"),
    [
        ("accept", {}, State.INTRODUCED),
        ("decline", {"decline_code": "no-time", "decline_note": "Sorry"}, State.DECLINED),
        ("decline", {"decline_code": "forged"}, State.DECLINED),
        ("not_now", {"until": "first"}, State.NOT_NOW),
    ],
)
def test_opening_a_link_does_nothing_and_its_button_answers_once(
    pair: Pair, session: Session, client: FlaskClient, name: str, form: dict[str, str], expected: State
) -> None:
    introduction = pair.at(State.SENT)
    url = address(session, "introduction-request", name)
    page = client.get(url)
    assert page.status_code == 200
    assert "Tazrii" in page.text
    assert "planted" not in page.text
    assert state(introduction) == State.SENT
    if form.get("until"):
        form = {"until": page.text.split('name="until" value="')[1][:10]}
    done = client.post(url, data=form)
    assert done.status_code == 200
    assert state(introduction) == expected
    assert introduction.decline_note == form.get("decline_note", "")
    for again in (client.get(url), client.post(url, data=form)):
        assert again.status_code == 409
    assert state(introduction) == expected


def test_a_day_must_be_chosen(pair: Pair, session: Session, client: FlaskClient) -> None:
    introduction = pair.at(State.SENT)
    url = address(session, "introduction-request", "not_now")
    assert client.post(url, data={}).status_code == 422
    assert state(introduction) == State.SENT
    assert client.get(url).status_code == 200, "the link is not used up"


def test_another_link_of_the_same_mail_comes_too_late(pair: Pair, session: Session, client: FlaskClient) -> None:
    introduction = pair.at(State.SENT)
    accept, decline = (address(session, "introduction-request", name) for name in ("accept", "decline"))
    client.post(accept)
    for answer in (client.get(decline), client.post(decline)):
        assert answer.status_code == 409
    assert state(introduction) == State.INTRODUCED


def test_who_has_left_the_organisation_cannot_answer_for_it(pair: Pair, session: Session, client: FlaskClient) -> None:
    introduction = pair.at(State.SENT)
    url = address(session, "introduction-request", "accept")
    session.execute(sa.delete(Membership).where(Membership.person_id == pair.accounts["investor"].person_id))
    session.commit()
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert state(introduction) == State.SENT


def test_what_was_withdrawn_cannot_be_accepted(pair: Pair, session: Session, client: FlaskClient) -> None:
    introduction = pair.at(State.SENT)
    url = address(session, "introduction-request", "accept")
    pair.make(introduction, "founder", Move.WITHDRAW)
    session.commit()
    assert client.post(url).status_code == 409
    assert state(introduction) == State.WITHDRAWN


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"met": "yes", "useful": "yes", "next_step": "pilot"}, (True, True, "pilot")),
        ({"met": "no", "useful": "yes", "next_step": "pilot"}, (False, None, None)),
        ({"met": "yes"}, (True, None, None)),
    ],
)
def test_what_came_of_it_is_said_with_one_click(
    pair: Pair, session: Session, client: FlaskClient, form: dict[str, str], expected: tuple[object, ...]
) -> None:
    introduction = pair.at(State.FOLLOWED_UP)
    url = address(session, "outcome-question", "answer")
    assert client.get(url).status_code == 200
    assert client.post(url, data={}).status_code == 422
    assert client.post(url, data=form).status_code == 200
    db.session.expire_all()
    outcome = find_outcome(introduction, Side.PARTNER, 14)
    assert outcome is not None
    assert (outcome.met, outcome.useful, outcome.next_step) == expected
    other = find_outcome(introduction, Side.STARTUP, 14)
    assert other is not None
    assert other.answered_at is None
