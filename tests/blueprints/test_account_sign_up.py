"""Signing up: what is asked, what is kept, what is mailed, and that nobody learns who has an account."""

from __future__ import annotations

import re
import threading
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.account_pages import ask, mails_to, posted, text_of, token_of
from tests.accounts import PASSWORD, make_account, make_person
from webapp.models import Account, Consent, OutgoingMail, Person, utc_now
from webapp.services.privacy import TERMS_VERSION
from webapp.web.mail import render_mail

PAGE = "/en/account/register"


def signed_up(client: FlaskClient, **changes: str) -> object:
    values = {
        "full_name": "Salma Bennani",
        "email": "Salma@Mail.example",
        "password": PASSWORD,
        "password_confirm": PASSWORD,
        "language": "fr",
        "agrees": "y",
    }
    return posted(client, PAGE, {key: value for key, value in (values | changes).items() if value})


def link_in(session: Session, mail: OutgoingMail, part: str) -> str:
    message = render_mail(session, mail)
    assert message is not None
    plain = message.get_body(("plain",)).get_content()
    found = re.search(rf"http://localhost(?::\d+)?(/\S*{part}\S*)", plain)
    assert found, plain
    return found[1]


def test_an_account_comes_with_a_person_and_the_consent_to_the_terms_of_today(
    client: FlaskClient, session: Session
) -> None:
    answer = signed_up(client)
    assert answer.status_code == 302
    account = session.scalars(select(Account)).one()
    assert (account.email, account.person.email) == ("salma@mail.example", "salma@mail.example")
    assert (account.person.name, account.person.language) == ("Salma Bennani", "fr")
    assert account.confirmed_at is None
    assert account.password.startswith("$argon2id$")
    assert session.scalars(select(Consent)).one().version == TERMS_VERSION


def test_the_address_is_confirmed_by_a_button_behind_the_link_of_the_mail(
    client: FlaskClient, session: Session
) -> None:
    signed_up(client)
    (mail,) = mails_to(session, "salma@mail.example")
    assert (mail.kind, mail.language) == ("account-confirm", "fr")
    link = link_in(session, mail, "confirm")
    assert link.startswith("/fr/account/confirm/")
    assert ask(client, link).status_code == 200
    assert session.scalars(select(Account)).one().confirmed_at is None, "opening the link must not act"
    posted(client, link, {})
    session.expire_all()
    assert session.scalars(select(Account)).one().confirmed_at is not None
    assert "is confirmed already" in text_of(ask(client, link.replace("/fr/", "/en/"), follow_redirects=True))


def test_no_token_lies_in_the_database(client: FlaskClient, session: Session) -> None:
    signed_up(client)
    (mail,) = mails_to(session, "salma@mail.example")
    account = session.scalars(select(Account)).one()
    assert mail.values == {"account_id": account.id}


def test_whoever_has_not_confirmed_cannot_sign_in(client: FlaskClient, session: Session) -> None:
    signed_up(client)
    answer = posted(client, "/en/account/login", {"email": "salma@mail.example", "password": PASSWORD})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"full_name": ""}, "Please enter your name."),
        ({"email": "salma"}, "This is not a mail address"),
        ({"agrees": ""}, "Without your agreement"),
        ({"password": "short", "password_confirm": "short"}, "at least 10 characters"),
        ({"password": "1234567890123", "password_confirm": "1234567890123"}, "Digits alone"),
        ({"password": "salma@mail.example", "password_confirm": "salma@mail.example"}, "little more than your name"),
        ({"password": "motdepasse2026!", "password_confirm": "motdepasse2026!"}, "Many people use this password"),
        ({"password_confirm": "something else entirely"}, "not the same"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient, session: Session, changes: dict[str, str], words: str
) -> None:
    answer = signed_up(client, **changes)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert changes.get("full_name", "Salma Bennani") in page
    assert session.scalar(select(func.count(Person.id))) == 0


def test_an_address_that_has_an_account_gets_the_same_answer_and_a_mail_that_says_so(
    app: Flask, session: Session
) -> None:
    make_account(person=make_person(email="known@mail.example"))
    session.commit()
    known = signed_up(app.test_client(), email="known@mail.example")
    new = signed_up(app.test_client(), email="new@mail.example")
    assert (known.status_code, known.location) == (new.status_code, new.location)
    assert session.scalar(select(func.count(Account.id))) == 2
    assert [mail.kind for mail in mails_to(session, "known@mail.example")] == ["account-exists"]
    assert [mail.kind for mail in mails_to(session, "new@mail.example")] == ["account-confirm"]


def test_signing_up_twice_before_confirming_sends_one_mail(app: Flask, session: Session) -> None:
    signed_up(app.test_client())
    signed_up(app.test_client())
    assert [mail.kind for mail in mails_to(session, "salma@mail.example")] == ["account-confirm"]


def test_a_new_confirmation_is_sent_only_where_it_is_needed_and_the_answers_are_the_same(
    app: Flask, session: Session
) -> None:
    make_account(person=make_person(email="waits@mail.example"), confirmed_at=None)
    make_account(person=make_person(email="ready@mail.example"), confirmed_at=utc_now())
    session.commit()
    pages = []
    for address in ("waits@mail.example", "ready@mail.example", "nobody@mail.example"):
        began = time.monotonic()
        answer = posted(app.test_client(), "/en/account/confirm", {"email": address})
        assert time.monotonic() - began > 0.2, "the time must not tell who is known"
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]{30,}"', "", text_of(answer)).replace(address, "…"))
    assert len(set(pages)) == 1
    assert [len(mails_to(session, f"{name}@mail.example")) for name in ("waits", "ready", "nobody")] == [1, 0, 0]


def test_the_same_address_twice_in_the_same_moment_is_one_account(app: Flask, session: Session) -> None:
    clients = [app.test_client() for _ in range(4)]
    barrier = threading.Barrier(len(clients))
    statuses: list[int] = []

    def send(client: FlaskClient) -> None:
        token = token_of(client.get(PAGE))
        barrier.wait(20)
        values = {
            "csrf_token": token,
            "full_name": "Salma Bennani",
            "email": "salma@mail.example",
            "password": PASSWORD,
            "password_confirm": PASSWORD,
            "language": "fr",
            "agrees": "y",
        }
        statuses.append(client.post(PAGE, data=values).status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [302] * len(clients)
    session.expire_all()
    assert session.scalar(select(func.count(Account.id))) == 1
    assert session.scalar(select(func.count(Person.id))) == 1
