"""The mailroom of staff, and the mailbox of development."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person, signed_in
from webapp.app import create_app
from webapp.config import Settings
from webapp.models import MailState, NetworkRole, OutgoingMail
from webapp.services.mail import order_mail, order_mail_to
from webapp.services.mailroom import count_failed


@pytest.fixture
def failed(session: Session) -> OutgoingMail:
    mail = order_mail(session, "account-erased", make_person(name="Amina"))
    assert mail is not None
    mail.state, mail.error, mail.attempts = MailState.FAILED, "550 <b>No such mailbox</b>", 2
    session.commit()
    return mail


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return signed_in(app, make_account(NetworkRole.STAFF))


def test_staff_see_what_failed_and_why(staff: FlaskClient, failed: OutgoingMail, session: Session) -> None:
    page = staff.get("/en/staff/mail").get_data(as_text=True)
    assert "Amina" in page
    assert "550 &lt;b&gt;No such mailbox" in page
    assert count_failed(session) == 1


def test_a_second_press_of_try_again_does_no_harm(staff: FlaskClient, failed: OutgoingMail, session: Session) -> None:
    for _ in range(2):
        assert staff.post(f"/en/staff/mail/{failed.id}/retry").status_code == 303
    session.refresh(failed)
    assert (failed.state, failed.attempts) == (MailState.WAITING, 0)


def test_staff_give_a_mail_up(staff: FlaskClient, failed: OutgoingMail, session: Session) -> None:
    assert staff.post(f"/en/staff/mail/{failed.id}/give-up").status_code == 303
    session.refresh(failed)
    assert failed.state == MailState.CANCELLED
    assert "Amina" not in staff.get("/en/staff/mail").get_data(as_text=True)


def test_others_do_not_come_in(app: Flask, failed: OutgoingMail, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    member = signed_in(app, make_account())
    assert member.get("/en/staff/mail").status_code in (403, 404)
    assert member.post(f"/en/staff/mail/{failed.id}/give-up").status_code in (403, 404)
    session.refresh(failed)
    assert failed.state == MailState.FAILED


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_mailbox_shows_mails_as_their_readers_get_them(
    client: FlaskClient, session: Session, language: str
) -> None:
    account = make_account(person=make_person(email="amina@mail.example", language=language))
    mail = order_mail(session, "account-exists", account.person, {"account_id": account.id})
    assert mail is not None
    session.commit()
    assert client.get("/dev/mail").status_code == 302
    assert "amina@mail.example" in client.get("/fr/development/mail").get_data(as_text=True)
    page = client.get(f"/fr/development/mail/{mail.id}")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert f"/{language}/account/login" in page.get_data(as_text=True)
    alone = client.get(f"/fr/development/mail/{mail.id}/html")
    assert f'lang="{language}"' in alone.get_data(as_text=True)
    assert "sandbox" in alone.headers["Content-Security-Policy"]
    assert "default-src 'none'" in alone.headers["Content-Security-Policy"]


def test_a_mail_that_cannot_be_put_into_words_does_not_close_the_mailbox(client: FlaskClient, session: Session) -> None:
    order_mail_to(session, "introduction-request", "amina@mail.example", "en", {})
    session.commit()
    assert client.get("/en/development/mail").status_code == 200


def test_production_has_no_mailbox(tmp_path: Path, settings: Settings) -> None:
    production = settings.model_copy(update={"environment": "production", "secret_key": "x" * 40})
    app = create_app(production)
    assert "development.mailbox" not in app.view_functions
    assert "development_entrance.mail" not in app.view_functions
