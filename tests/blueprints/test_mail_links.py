"""Links in mails: what they say when they are opened, and that only their button acts, once."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import make_person
from webapp.errors import Conflict
from webapp.models import DbSession, MailPreference, MailState, OneTimeLink, OutgoingMail, Person, utc_now
from webapp.permissions import Actor
from webapp.services import mail_kinds
from webapp.services.mail import make_link, order_mail
from webapp.services.mail_kinds import MailKind
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkField, LinkPage, LinkPurpose
from webapp.web.signed_links import link_token, read_link_token, read_unsubscribe_token, unsubscribe_token

PURPOSE = "wave"


class Waved:
    """What the links of the tests do: somebody waves."""

    def __init__(self) -> None:
        self.by: list[int | None] = []
        self.said: list[str] = []
        self.is_too_late = False

    def describe(self, session: DbSession, link: OneTimeLink) -> LinkPage:
        return LinkPage("Wave", ("You will wave.",), "Wave now", (LinkField("word", "A word"),))

    def act(self, session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
        if self.is_too_late:
            raise Conflict("too-late")
        self.by.append(actor.person_id)
        self.said.append(form.get("word", ""))
        return LinkDone("You waved", ("Well done.",), "/en/", "Go on")


@pytest.fixture
def waved() -> Iterator[Waved]:
    waved = Waved()
    LINK_PURPOSES[PURPOSE] = LinkPurpose(waved.describe, waved.act)
    yield waved
    del LINK_PURPOSES[PURPOSE]


@pytest.fixture
def person(app: Flask) -> Person:
    return make_person()


@pytest.fixture
def token(session: Session, person: Person) -> str:
    link = make_link(session, PURPOSE, 1, person=person, valid=timedelta(days=3))
    session.commit()
    return link_token(link.id)


def press(client: FlaskClient, token: str, **form: str) -> tuple[int, str]:
    """Open the page of a link as a person does and press its button."""
    answer = client.post(f"/en/links/{token}", data=form)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture(autouse=True)
def without_form_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def test_opening_a_link_says_what_it_does_and_does_nothing(client: FlaskClient, waved: Waved, token: str) -> None:
    for _ in range(3):
        page = client.get(f"/en/links/{token}")
        assert page.status_code == 200
        assert "You will wave." in page.get_data(as_text=True)
    assert waved.by == []
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_its_button_acts_for_the_person_of_the_link(
    client: FlaskClient, waved: Waved, token: str, person: Person
) -> None:
    status, page = press(client, token, word="hello")
    assert status == 200
    assert "You waved" in page
    assert waved.by == [person.id]
    assert waved.said == ["hello"]


def test_a_link_works_once(client: FlaskClient, waved: Waved, token: str) -> None:
    press(client, token)
    status, page = press(client, token)
    assert status == 409
    assert "used already" in page
    assert client.get(f"/en/links/{token}").status_code == 409
    assert len(waved.by) == 1


def test_an_expired_link_says_so(client: FlaskClient, session: Session, waved: Waved, token: str) -> None:
    (link,) = session.scalars(select(OneTimeLink))
    link.expires_at = utc_now() - timedelta(seconds=1)
    session.commit()
    status, page = press(client, token)
    assert status == 409
    assert "expired" in page
    assert waved.by == []


def test_a_link_whose_deed_fails_can_be_used_later(client: FlaskClient, waved: Waved, token: str) -> None:
    waved.is_too_late = True
    status, page = press(client, token)
    assert status == 409
    assert "no longer open" in page
    waved.is_too_late = False
    assert press(client, token)[0] == 200


def test_of_two_presses_in_the_same_second_one_acts(app: Flask, waved: Waved, token: str) -> None:
    at_once = threading.Barrier(2)
    browsers = [app.test_client(), app.test_client()]

    def press_now(browser: FlaskClient) -> int:
        at_once.wait()
        return press(browser, token)[0]

    with ThreadPoolExecutor(2) as presses:
        assert sorted(presses.map(press_now, browsers)) == [200, 409]
    assert len(waved.by) == 1


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("forged", ["", "x", "1", "MQ.x", "a" * 3000])
def test_a_forged_link_is_no_page(client: FlaskClient, waved: Waved, language: str, forged: str) -> None:
    assert client.get(f"/{language}/links/{forged}").status_code == 404
    assert waved.by == []


def test_a_link_of_another_site_does_not_work(client: FlaskClient, app: Flask, waved: Waved, token: str) -> None:
    app.config["SECRET_KEY"] = "another secret"
    assert client.get(f"/en/links/{token}").status_code == 404


def test_without_the_token_of_its_form_the_button_does_nothing(
    client: FlaskClient, app: Flask, waved: Waved, token: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert press(client, token)[0] == 400
    assert waved.by == []
    page = client.get(f"/en/links/{token}").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    assert press(client, token, csrf_token=found[1])[0] == 200


@pytest.fixture
def refusable(monkeypatch: pytest.MonkeyPatch) -> str:
    kind = "account-erased"
    monkeypatch.setitem(mail_kinds.MAIL_KINDS, kind, MailKind(can_be_refused=True))  # type: ignore[arg-type]
    return kind


def test_one_click_in_the_mail_program_ends_the_mails_of_a_kind(
    client: FlaskClient, app: Flask, session: Session, person: Person, refusable: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    waiting = order_mail(session, refusable, person)
    session.commit()
    address = f"/en/unsubscribe/{unsubscribe_token(person, refusable)}"
    assert client.get(address).status_code == 200
    assert session.scalar(select(MailPreference.id)) is None
    for _ in range(2):
        assert client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.expire_all()
    assert waiting is not None
    assert waiting.state == MailState.CANCELLED
    assert order_mail(session, refusable, person) is None
    client.post(address, data={"again": "yes"})
    assert order_mail(session, refusable, person) is not None
    assert len(session.scalars(select(OutgoingMail)).all()) == 2


def test_what_one_must_know_cannot_be_refused(client: FlaskClient, person: Person, session: Session) -> None:
    session.commit()
    answer = client.post(f"/en/unsubscribe/{unsubscribe_token(person, 'account-erased')}")
    assert answer.status_code == 422


@given(st.text(max_size=80))
def test_no_text_but_a_signed_one_is_a_token(text: str) -> None:
    app = Flask("signing")
    app.config["SECRET_KEY"] = "secret"
    with app.app_context():
        assert read_link_token(text) is None
        assert read_unsubscribe_token(text) is None
        assert read_link_token(link_token(7)) == 7
        assert read_unsubscribe_token(link_token(7)) is None
