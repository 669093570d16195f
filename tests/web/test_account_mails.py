"""Every mail about accounts, in every language, with links that work, and none that is no longer true."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person
from webapp.models import Account
from webapp.services.accounts import order_account_mail
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.web.mail import render_mail

CHANGES = (
    "address",
    "passkey-added",
    "passkey-removed",
    "roles",
    "second-factor-removed",
    "second-factor-reset",
    "second-factor-set",
)
KINDS: list[tuple[str, dict[str, object]]] = [
    ("account-confirm", {}),
    ("account-exists", {}),
    ("account-reset", {}),
    ("account-password-changed", {}),
    ("account-email-change", {"address_wanted": "new@mail.example"}),
    *(("account-changed", {"what": what}) for what in CHANGES),
]


def rendered(session: Session, account: Account, kind: str, **values: object) -> EmailMessage | None:
    mail = order_account_mail(session, kind, account, **values)
    assert mail is not None
    return render_mail(session, mail)


def texts_of(message: EmailMessage | None) -> tuple[str, str, str]:
    assert message is not None
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    assert all(bodies)
    return message["Subject"], *(body.get_content() for body in bodies if body)  # type: ignore[return-value]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(("kind", "values"), KINDS)
def test_a_mail_is_whole_in_every_language(
    app: Flask, session: Session, language: str, kind: str, values: dict[str, object]
) -> None:
    confirmed = {"confirmed_at": None} if kind == "account-confirm" else {}
    account = make_account(person=make_person(language=language), **confirmed)
    subject, plain, html = texts_of(rendered(session, account, kind, **values))
    assert subject
    assert f"/{language}/account" in plain
    for text in (plain, html):
        assert not [sign for sign in ("None", "{{", "%(", "undefined") if sign in text]


def test_the_mail_to_administrators_says_who_asks(session: Session) -> None:
    asks = make_account(person=make_person(name="Imane", email="imane@mail.example"))
    _subject, plain, _html = texts_of(rendered(session, make_account(), "account-second-factor-lost", lost_by=asks.id))
    assert "Imane" in plain
    assert "imane@mail.example" in plain
    assert f"/administration/accounts/{asks.id}" in plain


@pytest.mark.parametrize(("kind", "values"), KINDS)
def test_a_mail_about_an_account_that_was_closed_is_not_sent(
    session: Session, kind: str, values: dict[str, object]
) -> None:
    account = make_account()
    account.active = False
    assert rendered(session, account, kind, **values) is None


def test_what_is_confirmed_already_is_not_asked_for(session: Session) -> None:
    assert rendered(session, make_account(), "account-confirm") is None
    account = make_account(person=make_person(email="new@mail.example"))
    assert rendered(session, account, "account-email-change", address_wanted="new@mail.example") is None


def test_no_mail_about_the_account_itself_can_be_refused() -> None:
    assert not [kind for kind, treated in MAIL_KINDS.items() if kind.startswith("account-") and treated.can_be_refused]
